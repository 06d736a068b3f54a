"""The manifest of a folder of clips: what each shows, its truth and its digest."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from calibration import GENERATOR_VERSION
from calibration.performance import Performance
from calibration.posing import SIDES, Side
from calibration.staging import ClipPlan


def write_manifest(folder: Path, performances: Iterable[Performance]) -> None:
    """Write ``manifest.csv``: one row a clip and side; degrees, lists joined by ``;``.

    Clips that are not in the folder yet are left out.
    """
    rows = [
        _manifest_row(folder / f"{performance.plan.name}.mp4", performance, side)
        for performance in sorted(performances, key=lambda each: each.plan.name)
        if (folder / f"{performance.plan.name}.mp4").exists()
        for side in _sides(performance.plan)
    ]
    if not rows:
        return
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _sides(plan: ClipPlan) -> tuple[Side | None, ...]:
    if plan.side == "alternating":
        return SIDES
    return (plan.acting_side if plan.side else None,)


def _manifest_row(path: Path, performance: Performance, side: Side | None) -> dict[str, str]:
    plan = performance.plan
    peaks_deg = performance.peaks_deg(side or plan.acting_side)
    start_deg = round(performance.start_deg(side or plan.acting_side), 1) + 0.0  # never -0.0
    return {
        "file": path.name,
        "movement": plan.movement,
        "side": side or "",
        "person": plan.person,
        "camera_yaw_deg": f"{plan.camera_yaw_deg:.0f}",
        "frame_rate_hz": str(plan.frame_rate_hz),
        "width_px": str(plan.width_px),
        "height_px": str(plan.height_px),
        "n_repetitions": str(len(peaks_deg)),
        "truth_peak_deg": ";".join(f"{peak:.1f}" for peak in peaks_deg),
        "truth_median_deg": f"{np.median(peaks_deg):.1f}",
        "truth_start_deg": f"{start_deg:.1f}",
        "bystander": "yes" if plan.bystander else "no",
        "notes": plan.notes,
        "seed": str(plan.seed),
        "generator_version": GENERATOR_VERSION,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
