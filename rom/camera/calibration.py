"""A recording of the board, end to end: video in, camera out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rom.camera.board import SQUARE_MM
from rom.camera.estimate import Estimate, estimate_intrinsics
from rom.camera.storage import Camera, checked_name
from rom.camera.views import Progress, choose_views, find_views
from rom.errors import InputError
from rom.video.paths import shown
from rom.video.reading import open_video

LONGEST_SIDE_PX = 1920


def calibrate_camera(
    video: Path, name: str, *, square_mm: float | None = None, progress: Progress | None = None
) -> tuple[Camera, Estimate]:
    """Calibrate a camera from a recording of the board; nothing is stored.

    Raises
    ------
    UsageError
        The name is impossible.
    InputError
        The video cannot be read, or does not show enough of the board.
    """
    name = checked_name(name)
    with open_video(video, max_side_px=LONGEST_SIDE_PX) as reader:
        info = reader.info
        views = find_views(reader, progress=progress)
    if not views:
        raise InputError(
            f"Expected the board from `rom calibrate board`, but it is not seen in {shown(video)};"
            " film the print from 0.3 to 1 m, in good light, and not as a mirror image."
        )
    estimate = estimate_intrinsics(
        choose_views(views, width_px=info.width_px),
        width_px=info.width_px,
        height_px=info.height_px,
        square_mm=square_mm or SQUARE_MM,
    )
    camera = Camera(
        name=name,
        intrinsics=estimate.intrinsics.turned(-info.rotation_deg),
        rms_px=estimate.rms_px,
        views=estimate.views,
        covered_frac=estimate.covered_frac,
        calibrated_on=date.today().isoformat(),
    )
    return camera, estimate
