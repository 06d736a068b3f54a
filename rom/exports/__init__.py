"""Results in the forms that other programs read, and back. Importing this package loads nothing."""
