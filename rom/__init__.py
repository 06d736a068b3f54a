"""Range of motion from one ordinary camera, with its measurement error."""

__version__ = "0.1.0"
