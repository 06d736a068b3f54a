"""The camera: a board to calibrate it with, what its lens does, and landmarks without that."""
