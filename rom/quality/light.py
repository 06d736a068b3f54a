"""Is there enough light?"""

from __future__ import annotations

from rom.quality.issues import Issue
from rom.quality.limits import check_limit


def check_light(lit_level: float) -> list[Issue]:
    """`lit_level` as `rom.video.exposure.lit_level` has it; NaN when not known."""
    return check_limit(
        "picture_dark",
        lit_level,
        "The picture is dark, and joints are easily misplaced in it. Switch on more light, in "
        "front of you rather than behind, and record again.",
    )
