"""The sample clips that ship with the product: who does what, where, and how far."""

from __future__ import annotations

from dataclasses import replace

from calibration.looks import Look
from calibration.motion import Repetition, RepetitionSet
from calibration.room import Room
from calibration.staging import Bystander, ClipPlan

LIVING_ROOM = Room(arrangement=("sofa", "picture", "shelf"))
STUDY = Room(
    wall=(0.72, 0.76, 0.77),
    floor=(0.47, 0.35, 0.25),
    rug=(0.62, 0.56, 0.48),
    arrangement=("window", "lamp", "plant"),
    lamp_azimuth_deg=25.0,
    warmth=-0.02,
    seed=5,
)
HALL = Room(
    wall=(0.79, 0.75, 0.68),
    floor=(0.60, 0.50, 0.38),
    rug=None,
    arrangement=("door", "picture", "lamp"),
    lamp_azimuth_deg=-15.0,
    lamp_elevation_deg=60.0,
    seed=9,
)
BEDROOM = Room(
    wall=(0.74, 0.74, 0.79),
    floor=(0.52, 0.43, 0.35),
    rug=(0.36, 0.33, 0.42),
    sofa=(0.55, 0.47, 0.40),
    arrangement=("sofa", "window", "plant"),
    lamp_azimuth_deg=35.0,
    seed=12,
)

ANNA = Look(skin="light", hair="chestnut", hair_cut="bob", shirt=(0.16, 0.42, 0.45))
BEN = Look(
    skin="fair", hair="brown", beard_frac=0.6, shirt=(0.72, 0.70, 0.64), trousers=(0.20, 0.24, 0.33)
)
CHIDI = Look(
    skin="dark", hair="black", shirt=(0.75, 0.52, 0.18), leg_segments=0.8, trousers=(0.2, 0.2, 0.22)
)
DEWI = Look(
    skin="olive",
    hair="black",
    hair_cut="bob",
    shirt=(0.78, 0.36, 0.34),
    trousers=(0.22, 0.22, 0.26),
)
ERIK = Look(
    skin="fair", hair="grey", hair_cut="thinning", shirt=(0.30, 0.42, 0.32), iris=(0.25, 0.35, 0.45)
)
FATOU = Look(
    skin="brown", hair="black", shirt=(0.80, 0.78, 0.72), stripe=(0.22, 0.30, 0.50), stripe_m=0.03,
    trousers=(0.28, 0.16, 0.20),
)  # fmt: skip
GRETA = Look(
    skin="fair", hair="grey", hair_cut="bob", shirt=(0.48, 0.34, 0.52), sleeve_segments=1.2
)
HIRO = Look(
    skin="light", hair="black", shirt=(0.25, 0.27, 0.32), trousers=(0.45, 0.40, 0.33),
    leg_segments=0.95,
)  # fmt: skip


def sample_plans() -> list[ClipPlan]:
    """All sample clips, the most needed first."""
    gain, level = _abduction_with_gain(), _abduction_without_change()
    return [gain[0], gain[2], *_single_clips(), gain[1], *level, *_disturbed_clips()]


def _set(peaks_deg: tuple[float, ...], start_deg: float, **timing_s: float) -> RepetitionSet:
    """Repetitions to these peaks; the strokes differ a little in tempo, as people's do."""
    tempo = (1.0, 0.94, 1.07, 0.97, 1.04, 1.0)
    base = Repetition(peak_deg=0.0, **timing_s)
    repetitions = tuple(
        replace(
            base,
            peak_deg=peak_deg,
            outward_s=base.outward_s * tempo[index],
            return_s=base.return_s * tempo[index],
        )
        for index, peak_deg in enumerate(peaks_deg)
    )
    return RepetitionSet(repetitions=repetitions, start_deg=start_deg)


def _abduction_with_gain() -> list[ClipPlan]:
    """Left shoulder, before twice and after with about 28 degrees more."""
    base = ClipPlan(
        name="",
        movement="shoulder_abduction",
        side="left",
        person="anna",
        look=ANNA,
        room=LIVING_ROOM,
        repetitions=_set((118.0,), 9.0),
        camera_yaw_deg=0.0,
    )
    takes = {
        "pre1": ((116.0, 118.5, 120.0), 4.0),
        "pre2": ((118.0, 121.0, 119.0), -3.0),
        "post": ((144.0, 147.5, 146.0), 2.0),
    }
    return [
        replace(
            base,
            name=f"shoulder_abduction_left_{take}",
            repetitions=_set(peaks_deg, 9.0),
            camera_yaw_deg=yaw_deg,
            seed=11 + index,
            notes=f"gain series, {take}",
        )
        for index, (take, (peaks_deg, yaw_deg)) in enumerate(takes.items())
    ]


def _abduction_without_change() -> list[ClipPlan]:
    """Right shoulder of another person; three takes that differ as ordinary sets do."""
    takes = {
        "pre1": ((131.0, 134.5, 132.0), -3.0),
        "pre2": ((133.5, 130.5, 135.0), 4.0),
        "post": ((132.5, 136.0, 133.0), 0.0),
    }
    return [
        ClipPlan(
            name=f"shoulder_abduction_right_{take}",
            movement="shoulder_abduction",
            side="right",
            person="ben",
            look=BEN,
            room=HALL,
            repetitions=_set(peaks_deg, 9.0, outward_s=1.5),
            camera_yaw_deg=yaw_deg,
            frame_rate_hz=30,
            seed=21 + index,
            notes=f"no change, {take}",
        )
        for index, (take, (peaks_deg, yaw_deg)) in enumerate(takes.items())
    ]


def _single_clips() -> list[ClipPlan]:
    return [
        ClipPlan(
            name="shoulder_flexion_right", movement="shoulder_flexion", side="right",
            person="hiro", look=HIRO, room=BEDROOM, camera_yaw_deg=-86.0, seed=31,
            repetitions=_set((148.0, 151.0, 152.5), 6.0, outward_s=1.6),
        ),
        ClipPlan(
            name="hip_flexion_right", movement="hip_flexion", side="right",
            person="chidi", look=CHIDI, room=STUDY, camera_yaw_deg=-64.0, seed=32,
            repetitions=_set((98.0, 102.0, 100.5), 0.0, outward_s=1.3),
        ),
        ClipPlan(
            name="knee_flexion_left", movement="knee_flexion", side="left",
            person="fatou", look=FATOU, room=HALL, camera_yaw_deg=66.0, seed=33,
            repetitions=_set((112.0, 109.0, 113.5), 3.0, outward_s=1.3),
        ),
        ClipPlan(
            name="trunk_lateral_flexion", movement="trunk_lateral_flexion", side="alternating",
            person="erik", look=ERIK, room=LIVING_ROOM, camera_yaw_deg=3.0, seed=34,
            repetitions=_alternating((24.0, -20.0, 25.5, -21.5, 25.0, -20.5)),
        ),
        ClipPlan(
            name="cervical_lateral_flexion", movement="cervical_lateral_flexion",
            side="alternating", person="dewi", look=DEWI, room=BEDROOM, camera_yaw_deg=2.0,
            seed=35, width_px=1280, height_px=720, distance_m=0.9, field_of_view_deg=43.0,
            sway_amplitude_deg=0.3, crf=27,
            repetitions=_alternating((38.0, -31.0, 40.0, -32.5, 39.0, -30.0)),
        ),
        ClipPlan(
            name="elbow_flexion_left", movement="elbow_flexion", side="left",
            person="greta", look=GRETA, room=STUDY, camera_yaw_deg=86.0, seed=36,
            repetitions=_set((134.0, 137.0, 136.0), 8.0, outward_s=1.2),
        ),
    ]  # fmt: skip


def _alternating(peaks_deg: tuple[float, ...]) -> RepetitionSet:
    quick = _set(peaks_deg, 0.0, outward_s=1.25, hold_s=0.5, return_s=0.9)
    return replace(quick, rest_between_s=0.3)


def _disturbed_clips() -> list[ClipPlan]:
    """Guarding, and two clips in which somebody else is in the picture."""
    return [_guarded(), _with_bystander(), _with_walker()]


def _guarded() -> ClipPlan:
    steady = Repetition(peak_deg=92.0, outward_s=2.2, hold_s=0.6, return_s=1.5)
    halting = replace(steady, pause_s=0.5, pause_frac=0.5)
    return ClipPlan(
        name="shoulder_abduction_right_guarded",
        movement="shoulder_abduction",
        side="right",
        person="greta",
        look=replace(GRETA, shirt=(0.30, 0.46, 0.60), sleeve_segments=0.6),
        room=BEDROOM,
        repetitions=RepetitionSet(
            repetitions=(
                replace(halting, peak_deg=93.0),
                replace(steady, peak_deg=96.0),
                replace(halting, peak_deg=94.5, pause_s=0.55),
            ),
            start_deg=9.0,
            rest_between_s=0.4,
        ),
        camera_yaw_deg=2.0,
        lean_deg=24.0,
        seed=41,
        notes="hesitates in repetitions 1 and 3; trunk leans away",
    )


def _with_bystander() -> ClipPlan:
    return ClipPlan(
        name="shoulder_abduction_right_bystander",
        movement="shoulder_abduction",
        side="right",
        person="chidi",
        look=replace(CHIDI, shirt=(0.24, 0.40, 0.62), leg_segments=1.85),
        room=LIVING_ROOM,
        repetitions=_set((151.0, 154.0, 152.0), 9.0),
        camera_yaw_deg=0.0,
        width_px=640,
        height_px=480,
        distance_m=3.4,
        field_of_view_deg=44.0,
        place_m=(-0.62, 0.0),
        bystander=Bystander(person="fatou", look=FATOU, place_m=(0.72, -0.45), yaw_deg=-8.0),
        seed=42,
        notes="a second person stands still, nearer to the camera",
    )


def _with_walker() -> ClipPlan:
    return ClipPlan(
        name="shoulder_abduction_left_passer_by",
        movement="shoulder_abduction",
        side="left",
        person="erik",
        look=replace(ERIK, shirt=(0.62, 0.30, 0.26)),
        room=STUDY,
        repetitions=_set((124.0, 127.0, 125.5), 9.0),
        camera_yaw_deg=0.0,
        width_px=640,
        height_px=480,
        distance_m=3.3,
        field_of_view_deg=44.0,
        bystander=Bystander(
            person="dewi", look=DEWI, place_m=(-2.35, 0.85), walk_m_s=0.9, walk_from_s=2.0
        ),
        seed=43,
        notes="a second person walks past behind",
    )
