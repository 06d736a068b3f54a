"""Own drawings in one line style: movements, the place of the camera, muscles, the body, gestures.

All are SVG without scripts, in the colours of the style sheet, with a title and a description.
"""

from rom.ui.drawings.body_map import body_map
from rom.ui.drawings.map_input import body_map_input
from rom.ui.drawings.names import drawing, drawing_names

__all__ = ["body_map", "body_map_input", "drawing", "drawing_names"]
