"""Two recordings side by side, in step by repetition, with their angles under one cursor."""
