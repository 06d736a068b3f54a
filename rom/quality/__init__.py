"""May this be measured? Landmarks in, issues out."""
