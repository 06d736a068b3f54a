"""What calibrating a camera says to the user."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rom.camera.estimate import Estimate
from rom.camera.intrinsics import Intrinsics
from rom.camera.storage import Camera


def board_steps() -> str:
    """What to do with the board."""
    return "\n".join(
        (
            "1. Print the page at 100 % and check its ruler: it must measure 100 mm.",
            "2. Glue it to something flat and stiff.",
            "3. Film it for 30 to 60 s with the camera, lens, zoom and resolution of your",
            "   recordings, video stabilisation off, not mirrored: near and far, in all corners",
            "   of the picture, tilted every way. Move it slowly and stop often.",
            "4. rom calibrate camera VIDEO --name NAME",
        )
    )


def calibration_text(camera: Camera, estimate: Estimate) -> str:
    """The result of a calibration; sizes are those of the upright picture."""
    lens = estimate.intrinsics
    left_out = f", {estimate.left_out} left out" if estimate.left_out else ""
    rows = {
        "field of view": _view(lens),
        "lens moves points": f"up to {lens.largest_shift_px():.0f} px, in the corners",
        "reprojection error": f"{estimate.rms_px:.2f} px",
        "focal length": f"{lens.focal_px:.0f} px ±{196 * estimate.focal_se_frac:.2f} % (95 %)",
        "picture covered": f"{estimate.covered_frac:.0%}",
        "board filmed from": f"{estimate.nearest_mm / 1000:.2f} to"
        f" {estimate.farthest_mm / 1000:.2f} m",
    }
    return "\n".join(
        (
            f"Camera {camera.name}, from {estimate.views} views of the board{left_out}",
            "",
            *(f"  {name:20}{words}" for name, words in rows.items()),
            "",
            f"Use it with --camera {camera.name}, for recordings with the same lens, zoom and shape"
            f" of\nthe picture ({_shape(lens)}).",
        )
    )


def cameras_table(cameras: Sequence[Camera]) -> str:
    """One line for each calibrated camera; what to do where there is none."""
    if not cameras:
        return "No camera is calibrated yet. `rom calibrate board` writes the board to film."
    width = max(len(camera.name) for camera in cameras)
    return "\n".join(
        f"{camera.name:{width}}  {_view(camera.intrinsics)}, error {camera.rms_px:.2f} px,"
        f" {camera.calibrated_on}"
        for camera in cameras
    )


def _view(lens: Intrinsics) -> str:
    across_deg, down_deg = lens.view_deg
    size = f"{lens.width_px}×{lens.height_px}"
    return f"{across_deg:.1f}° across, {down_deg:.1f}° down ({size})"


def _shape(lens: Intrinsics) -> str:
    """The aspect as people say it: 16:9 also for 848×480, which is nearly that."""
    for across, down in ((16, 9), (9, 16), (4, 3), (3, 4), (1, 1), (3, 2), (2, 3)):
        if lens.has_shape(width_px=across, height_px=down):
            return f"{across}:{down}"
    divisor = math.gcd(lens.width_px, lens.height_px)
    return f"{lens.width_px // divisor}:{lens.height_px // divisor}"
