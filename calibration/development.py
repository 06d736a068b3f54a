"""Clips for development: other people, looks, rooms and cameras than the samples.  Not shipped."""

from __future__ import annotations

from typing import Any, Literal

from calibration.looks import Look
from calibration.motion import Repetition, RepetitionSet
from calibration.posing import Side
from calibration.room import Room
from calibration.staging import Bystander, ClipPlan

KITCHEN = Room(
    wall=(0.85, 0.83, 0.78),
    floor=(0.66, 0.58, 0.48),
    rug=None,
    arrangement=("shelf", "lamp", "picture"),
    lamp_azimuth_deg=-45.0,
    lamp_strength=0.85,
    seed=31,
)
CLINIC = Room(
    wall=(0.70, 0.78, 0.74),
    floor=(0.55, 0.55, 0.53),
    rug=(0.30, 0.42, 0.38),
    arrangement=("door", "plant"),
    lamp_azimuth_deg=10.0,
    lamp_elevation_deg=65.0,
    warmth=-0.03,
    seed=32,
)
ATTIC = Room(
    wall=(0.66, 0.60, 0.55),
    floor=(0.40, 0.28, 0.20),
    rug=(0.52, 0.26, 0.22),
    sofa=(0.25, 0.30, 0.36),
    arrangement=("sofa", "lamp", "window"),
    lamp_azimuth_deg=40.0,
    lamp_strength=0.75,
    warmth=0.08,
    seed=33,
)

DEVELOPMENT_ROOMS = (KITCHEN, CLINIC, ATTIC)
DEVELOPMENT_LOOKS = {
    "ines": Look(skin="olive", hair="black", hair_cut="bob", shirt=(0.62, 0.62, 0.30)),
    "jonas": Look(
        skin="fair", hair="blond", shirt=(0.30, 0.20, 0.38), beard_frac=0.3, leg_segments=0.9
    ),
    "kofi": Look(skin="dark", hair="black", shirt=(0.55, 0.60, 0.66), beard_frac=0.5),
    "lan": Look(skin="light", hair="grey", hair_cut="bob", shirt=(0.36, 0.20, 0.22)),
    "maria": Look(
        skin="brown", hair="chestnut", hair_cut="bob", shirt=(0.20, 0.45, 0.32), sleeve_segments=1.9
    ),
    "nils": Look(skin="fair", hair="grey", hair_cut="thinning", shirt=(0.66, 0.54, 0.42)),
    "omar": Look(skin="olive", hair="brown", shirt=(0.18, 0.20, 0.28), stripe_m=0.02),
    "pia": Look(skin="fair", hair="blond", hair_cut="bob", shirt=(0.74, 0.44, 0.50)),
}
_LANDSCAPE: dict[str, Any] = {
    "width_px": 640,
    "height_px": 480,
    "distance_m": 3.3,
    "field_of_view_deg": 44.0,
}
_SEATED: dict[str, Any] = {**_LANDSCAPE, "distance_m": 2.8}
_CLOSE_HEAD: dict[str, Any] = {
    "width_px": 1280,
    "height_px": 720,
    "distance_m": 0.95,
    "field_of_view_deg": 42.0,
}
_CLOSE_UP: dict[str, Any] = {
    "width_px": 640,
    "height_px": 480,
    "distance_m": 1.3,
    "field_of_view_deg": 40.0,
}


def development_plans() -> list[ClipPlan]:
    """Development clips: one or two of every family of movements, and a passer-by in front."""
    crossing = Bystander(
        person="pia",
        look=DEVELOPMENT_LOOKS["pia"],
        place_m=(2.1, -1.0),
        walk_m_s=-1.0,
        walk_from_s=3.5,
    )
    one_way = [
        _plan("shoulder_abduction", "left", "jonas", 10.0, (168.0, 164.0, 170.0), 9.0),
        _plan("shoulder_flexion", "left", "maria", 80.0, (128.0, 131.0, 133.0), 7.0),
        _plan("shoulder_extension", "right", "nils", -88.0, (44.0, 41.0, 46.0), 8.0),
        _plan("hip_abduction", "right", "ines", -5.0, (36.0, 39.0, 34.0), 3.0),
        _plan("hip_internal_rotation", "left", "kofi", 0.0, (32.0, 30.0, 34.0), 2.0, **_LANDSCAPE),
        _plan("hip_extension", "left", "pia", 68.0, (17.0, 19.0, 15.0), 0.0),
        _plan("knee_flexion", "right", "lan", -60.0, (124.0, 121.0, 126.0), 3.0),
        _plan("knee_extension", "left", "omar", 66.0, (-6.0, -3.0, -8.0), -84.0, **_LANDSCAPE),
        _plan("elbow_flexion", "right", "omar", -94.0, (141.0, 138.0, 143.0), 8.0),
        _plan("trunk_flexion_with_hips", None, "pia", 90.0, (86.0, 90.0, 83.0), 0.0, **_LANDSCAPE),
        _plan("trunk_extension", None, "jonas", -90.0, (24.0, 21.0, 26.0), 0.0),
        _plan("cervical_flexion", None, "lan", 88.0, (44.0, 47.0, 42.0), 0.0, **_CLOSE_HEAD),
        _plan("ankle_dorsiflexion", "right", "ines", -88.0, (12.0, 15.0, 13.0), -9.0, **_SEATED),
        _plan("ankle_plantarflexion", "left", "nils", 90.0, (45.0, 42.0, 47.0), 5.0, **_SEATED),
        _plan("ankle_dorsiflexion_lunge", "left", "jonas", 90.0, (36.0, 38.0, 34.0), 5.0),
        _plan("wrist_flexion", "left", "omar", 90.0, (64.0, 61.0, 66.0), 0.0, **_CLOSE_UP),
        _plan(
            "shoulder_abduction", "right", "kofi", 0.0, (140.0, 143.0, 138.0), 9.0,
            suffix="_crossed", bystander=crossing, notes="somebody walks past in front",
            **_LANDSCAPE,
        ),
    ]  # fmt: skip
    turning = (52.0, -47.0, 55.0, -44.0, 50.0, -46.0)
    rotation = _plan("cervical_rotation", "alternating", "maria", 0.0, turning, 0.0, **_CLOSE_HEAD)
    return [*one_way, rotation]


def _plan(
    movement: str,
    side: Side | Literal["alternating"] | None,
    person: str,
    camera_yaw_deg: float,
    peaks_deg: tuple[float, ...],
    start_deg: float,
    suffix: str = "",
    **special: Any,
) -> ClipPlan:
    digest = sum(map(ord, movement + person))
    repetitions = tuple(
        Repetition(peak_deg=peak_deg, outward_s=1.2 + 0.1 * ((digest + index) % 5), return_s=1.0)
        for index, peak_deg in enumerate(peaks_deg)
    )
    return ClipPlan(
        name="_".join(filter(None, [movement, side])) + suffix,
        movement=movement,
        side=side,
        person=person,
        look=DEVELOPMENT_LOOKS[person],
        room=DEVELOPMENT_ROOMS[digest % len(DEVELOPMENT_ROOMS)],
        repetitions=RepetitionSet(repetitions=repetitions, start_deg=start_deg, rest_between_s=0.4),
        camera_yaw_deg=camera_yaw_deg,
        camera_height_m=0.95 + 0.1 * (digest % 4),
        noise_levels=2.5,
        seed=digest,
        **special,
    )
