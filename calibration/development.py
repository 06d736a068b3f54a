"""Clips for development: other people, looks, rooms and cameras than the samples."""

from __future__ import annotations

from calibration.clip import ClipPlan


def development_plans() -> list[ClipPlan]:
    """Development clips, never shipped."""
    return []
