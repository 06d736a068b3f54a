"""Results as all pages show them: one movement, a comparison, a profile; drawn into the page."""

from rom.ui.views.blocks import show_blocks, show_drawing
from rom.ui.views.comparison import show_comparison
from rom.ui.views.one import show_assessment
from rom.ui.views.profile import show_profile

__all__ = ["show_assessment", "show_blocks", "show_comparison", "show_drawing", "show_profile"]
