"""Many recordings at once: taken in, named, measured in the background, given out."""
