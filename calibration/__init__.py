"""Where the error figures come from: rendered people whose joint angles are known exactly.

Needs the optional packages of the ``calibration`` extra; nothing in ``rom`` imports it.
"""

from __future__ import annotations

GENERATOR_VERSION = "1"
"""Raised whenever a change alters the pixels or the truth of a generated clip."""
