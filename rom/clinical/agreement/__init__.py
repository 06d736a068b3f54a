"""Two readings of the same thing side by side: how far they agree, and what error that shows."""
