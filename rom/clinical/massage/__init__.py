"""Guided self-massage: the plan of spots, the session step by step, what is kept of it."""
