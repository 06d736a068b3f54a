"""People, sessions and sets, kept over weeks. Importing this package loads no database library."""
