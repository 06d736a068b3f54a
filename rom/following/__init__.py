"""Read the poses of a recording while it is still being written."""
