"""Who is in the picture, and is it surely the subject that is read?"""

from __future__ import annotations

from rom.landmarks import LandmarkSeries
from rom.quality.issues import Issue
from rom.quality.limits import blocking, check_limit, warning

SEVERAL_PEOPLE_FRAC = 0.1


def check_people(series: LandmarkSeries) -> list[Issue]:
    """Nobody, or several people."""
    if not len(series) or not series.seen.any():
        return [
            blocking(
                "no_person",
                "No person was found in the recording. Make sure that all of you is in the "
                "picture, in good light, and try again.",
            )
        ]
    several = float((series.people_count > 1).mean())
    if several > SEVERAL_PEOPLE_FRAC:
        return [
            warning(
                "several_people",
                f"More than one person is in view in {several:.0%} of the frames; the one who "
                "performs the movement was measured. Film alone if you can.",
                value=round(several, 3),
                unit="fraction",
            )
        ]
    return []


def check_successors(present: int, series: LandmarkSeries) -> list[Issue]:
    """Several people of whom hardly two are in view at once: one follows the other."""
    if present < 2 or float((series.people_count > 1).mean()) > SEVERAL_PEOPLE_FRAC:
        return []
    return [
        warning(
            "several_people",
            f"{present} people are seen one after the other; the one who performs the movement "
            "was measured. Make one recording for each person.",
            value=float(present),
            unit="people",
        )
    ]


def check_identity(series: LandmarkSeries) -> list[Issue]:
    """Frames that could show somebody else than the subject."""
    seen = series.seen
    if not seen.any():
        return []
    unsure = float((~series.identity_sure[seen]).mean())
    return check_limit(
        "identity_uncertain",
        unsure,
        f"In {unsure:.0%} of the frames it is not sure who is who, because people overlap. Film "
        "alone, or with the others well to the side.",
    )
