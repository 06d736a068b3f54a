"""Frames with their own timestamps in, drawn and encoded frames out."""
