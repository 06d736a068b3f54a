"""The command line: one module for each group of commands, with what it asks and prints."""
