"""The bench's goniometer: posed angles come back, whatever the camera side or the room does."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from calibration_builders import stick_body
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.acting import ACTIONS
from calibration.posing import SIDES, TOWARDS_LEFT, Limbs, Posture, Side, pose_body, stand
from calibration.truth import compute_truth, read_skeleton
from rom.movements import MOVEMENTS

BODY = stick_body()
STANDING = read_skeleton(stand(pose_body(BODY, Posture())))
STILL_ARM = {"shoulder_abduction_deg": 0.0}


def truth_of(posture: Posture, *, yaw_deg: float = 0.0) -> dict[str, float]:
    posed = stand(pose_body(BODY, posture)).moved(yaw_deg=yaw_deg, offset_m=np.array([1.0, 2.0, 0]))
    return compute_truth(read_skeleton(posed), STANDING)


def mirrored(posture: Posture) -> Posture:
    turned = {
        field.name: -getattr(posture, field.name)
        for field in fields(Posture)
        if field.name.endswith(("lateral_deg", "rotation_deg", "left_deg"))
    }
    return replace(posture, left=posture.right, right=posture.left, **turned)


# The truth column, how the posture asks for the angle, what else must be still, and the range.
HINGES = [
    ("shoulder_abduction", {"shoulder_abduction_deg": 1.0}, {}, (1.0, 178.0)),
    ("shoulder_flexion", {"shoulder_flexion_deg": 1.0}, STILL_ARM, (1.0, 178.0)),
    ("shoulder_extension", {"shoulder_flexion_deg": -1.0}, STILL_ARM, (1.0, 70.0)),
    ("elbow_flexion", {"elbow_flexion_deg": 1.0}, {}, (-12.0, 150.0)),
    ("elbow_extension", {"elbow_flexion_deg": -1.0}, {}, (-90.0, 12.0)),
    ("wrist_flexion", {"wrist_flexion_deg": 1.0}, {}, (-75.0, 80.0)),
    ("wrist_extension", {"wrist_flexion_deg": -1.0}, {}, (-75.0, 80.0)),
    ("knee_flexion", {"knee_flexion_deg": 1.0}, {}, (-10.0, 145.0)),
    ("knee_extension", {"knee_flexion_deg": -1.0}, {}, (-90.0, 10.0)),
    ("hip_abduction", {"hip_abduction_deg": 1.0}, {}, (-20.0, 50.0)),
    ("ankle_dorsiflexion", {"ankle_dorsiflexion_deg": 1.0}, {}, (-60.0, 30.0)),
    ("ankle_plantarflexion", {"ankle_dorsiflexion_deg": -1.0}, {}, (-30.0, 60.0)),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("movement", "asked", "still", "limits"), HINGES)
@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.0, 1.0))
def test_posed_angle_is_read_back(movement, asked, still, limits, side, share):
    angle_deg = limits[0] + share * (limits[1] - limits[0])
    joints = still | {joint: rate * angle_deg for joint, rate in asked.items()}
    truth = truth_of(Posture().with_limbs(side, **joints))
    # The twist bones of the arm lie a little off the line between its joint centres.
    tolerance_deg = 2.0 if movement.startswith(("shoulder", "elbow", "wrist")) else 0.01
    assert truth[f"{movement}_{side}_deg"] == pytest.approx(angle_deg, abs=tolerance_deg)


@pytest.mark.parametrize("side", SIDES)
def test_hip_flexion_is_thigh_against_trunk(side: Side):
    start = truth_of(Posture())[f"hip_flexion_{side}_deg"]
    for angle_deg in (-20.0, 40.0, 110.0):
        raised = Posture().with_limbs(side, hip_flexion_deg=angle_deg)
        truth = truth_of(raised)
        assert truth[f"hip_flexion_{side}_deg"] - start == pytest.approx(angle_deg, abs=0.5)
        assert truth[f"hip_extension_{side}_deg"] == -truth[f"hip_flexion_{side}_deg"]
    bowed = truth_of(Posture(trunk_flexion_deg=30.0))[f"hip_flexion_{side}_deg"]
    assert bowed - start > 15.0  # bending the trunk towards the thigh counts


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("angle_deg", [-40.0, -10.0, 25.0, 45.0])
def test_hip_rotation_is_internal_when_the_foot_goes_outwards(side: Side, angle_deg: float):
    seated = Posture().with_limbs(
        side,
        hip_flexion_deg=90.0,
        hip_abduction_deg=0.0,
        knee_flexion_deg=90.0,
        hip_internal_rotation_deg=angle_deg,
    )
    posed = stand(pose_body(BODY, seated))
    truth = compute_truth(read_skeleton(posed), STANDING)
    assert truth[f"hip_internal_rotation_{side}_deg"] == pytest.approx(angle_deg, abs=0.5)
    letter = "L" if side == "left" else "R"
    moved_m = posed.head_of(f"foot.{letter}")[0] - posed.head_of(f"lowerleg01.{letter}")[0]
    assert np.sign(TOWARDS_LEFT[side] * moved_m) == np.sign(angle_deg)


@pytest.mark.parametrize("side", SIDES)
def test_hip_rotation_of_a_hanging_leg_is_not_a_number(side: Side):
    assert np.isnan(truth_of(Posture())[f"hip_internal_rotation_{side}_deg"])
    heel_up = Posture().with_limbs(side, knee_flexion_deg=120.0)
    assert np.isnan(truth_of(heel_up)[f"hip_external_rotation_{side}_deg"])


@pytest.mark.parametrize("tilt_deg", [-8.0, 6.0])
@pytest.mark.parametrize("side", SIDES)
def test_pelvis_tilt_is_not_hip_rotation(side: Side, tilt_deg: float):
    seated = {"hip_flexion_deg": 90.0, "knee_flexion_deg": 90.0, "hip_abduction_deg": 0.0}
    level = Posture().with_limbs(side, **seated, hip_internal_rotation_deg=20.0)
    tilted = replace(level, pelvis_left_deg=tilt_deg)
    column = f"hip_internal_rotation_{side}_deg"
    assert truth_of(tilted)[column] == pytest.approx(truth_of(level)[column], abs=0.5)


@pytest.mark.parametrize("angle_deg", [-45.0, -10.0, 15.0, 40.0])
def test_neck_angles_are_the_heads_in_the_trunk(angle_deg: float):
    trunk = {"trunk_lateral_deg": 12.0, "trunk_flexion_deg": 20.0, "trunk_rotation_deg": -15.0}
    lateral = truth_of(Posture(neck_lateral_deg=angle_deg, **trunk))
    assert lateral["cervical_lateral_flexion_left_deg"] == pytest.approx(angle_deg)
    assert lateral["cervical_lateral_flexion_right_deg"] == pytest.approx(-angle_deg)
    turned = truth_of(Posture(neck_rotation_deg=angle_deg, **trunk))
    assert turned["cervical_rotation_left_deg"] == pytest.approx(angle_deg)
    nodded = truth_of(Posture(neck_flexion_deg=angle_deg, **trunk))
    assert nodded["cervical_flexion_deg"] == pytest.approx(angle_deg)
    assert nodded["cervical_extension_deg"] == pytest.approx(-angle_deg)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("lean", [{"trunk_lateral_deg": 20.0}, {"trunk_flexion_deg": -15.0}])
def test_trunk_lean_is_not_shoulder_motion(side: Side, lean: dict[str, float]):
    upright = Posture().with_limbs(side, shoulder_abduction_deg=100.0)
    column = f"shoulder_abduction_{side}_deg"
    assert truth_of(replace(upright, **lean))[column] == pytest.approx(truth_of(upright)[column])


def test_overhead_does_not_wrap():
    values = [
        truth_of(Posture().with_limbs("left", shoulder_abduction_deg=angle))[
            "shoulder_abduction_left_deg"
        ]
        for angle in np.arange(150.0, 186.0, 2.0)
    ]
    assert min(values) > 145.0
    assert np.abs(np.diff(values)).max() < 4.5


def test_trunk_bends_have_their_signs_and_start_at_zero():
    upright = truth_of(Posture())
    assert upright["trunk_flexion_with_hips_deg"] == pytest.approx(0.0, abs=1e-9)
    assert upright["trunk_lateral_flexion_left_deg"] == pytest.approx(0.0, abs=1e-9)
    bowed = truth_of(Posture(trunk_flexion_deg=20.0, pelvis_forward_deg=40.0))
    assert 45.0 < bowed["trunk_flexion_with_hips_deg"] < 60.0
    assert truth_of(Posture(trunk_flexion_deg=-20.0))["trunk_extension_deg"] > 5.0
    assert truth_of(Posture(trunk_lateral_deg=20.0))["trunk_lateral_flexion_left_deg"] > 5.0
    # A tilt of the whole person is not side-bending: the reference arm is the pelvis.
    tilted = truth_of(Posture(pelvis_left_deg=10.0))
    assert tilted["trunk_lateral_flexion_left_deg"] == pytest.approx(0.0, abs=1e-9)
    assert tilted["trunk_line_lean_left_deg"] == pytest.approx(10.0, abs=0.1)


def test_lunge_is_the_shank_against_the_vertical():
    lunge = Posture().with_limbs(
        "left", hip_flexion_deg=45.0, knee_flexion_deg=75.0, hip_abduction_deg=0.0
    )
    truth = truth_of(lunge)
    assert truth["ankle_dorsiflexion_lunge_left_deg"] == pytest.approx(30.0, abs=0.1)
    assert truth["ankle_dorsiflexion_left_deg"] == pytest.approx(30.0, abs=0.1)


postures = st.builds(
    Posture,
    left=st.builds(
        Limbs,
        shoulder_abduction_deg=st.floats(0, 170),
        shoulder_flexion_deg=st.floats(-40, 170),
        elbow_flexion_deg=st.floats(5, 140),
        wrist_flexion_deg=st.floats(-60, 60),
        hip_flexion_deg=st.floats(-20, 110),
        hip_abduction_deg=st.floats(0, 40),
        knee_flexion_deg=st.floats(2, 130),
        ankle_dorsiflexion_deg=st.none() | st.floats(-40, 20),
    ),
    trunk_lateral_deg=st.floats(-30, 30),
    trunk_flexion_deg=st.floats(-20, 40),
    neck_lateral_deg=st.floats(-35, 35),
    neck_rotation_deg=st.floats(-60, 60),
)


@settings(max_examples=40, deadline=None)
@given(posture=postures)
def test_mirror_image_swaps_the_sides(posture: Posture):
    straight, swapped = truth_of(posture), truth_of(mirrored(posture))
    for column, value in straight.items():
        other = (
            column.replace("_left_", "_@_").replace("_right_", "_left_").replace("_@_", "_right_")
        )
        assert swapped[other] == pytest.approx(value, abs=1e-6, nan_ok=True), column


@settings(max_examples=40, deadline=None)
@given(posture=postures, yaw_deg=st.floats(-180, 180))
def test_turning_and_moving_the_person_changes_nothing(posture: Posture, yaw_deg: float):
    expected = pytest.approx(truth_of(posture), abs=1e-6, nan_ok=True)
    assert truth_of(posture, yaw_deg=yaw_deg) == expected


def test_every_movement_with_a_usual_range_can_be_acted():
    graded = {name for name, movement in MOVEMENTS.items() if movement.grade in ("A", "B")}
    assert graded == set(ACTIONS)


@pytest.mark.parametrize("movement", sorted(ACTIONS))
@pytest.mark.parametrize("side", SIDES)
def test_acting_moves_the_truth_as_commanded(movement: str, side: Side):
    action = ACTIONS[movement]
    commands = np.linspace(*action.range_deg, 8)
    column = action.truth_key("left" if action.range_deg[0] == -action.range_deg[1] else side)
    truths = [truth_of(action.pose(float(command), side))[column] for command in commands]
    slopes = np.diff(truths) / np.diff(commands)
    assert slopes.min() > 0.4 and slopes.max() < 1.6, slopes
    middle_deg = float(np.mean([truths[0], truths[-1]]))
    found = action.command_for(BODY, "left" if not action.sided else side, middle_deg)
    if column == action.truth_key(side):
        reached = truth_of(action.pose(found, side))[column]
        assert reached == pytest.approx(middle_deg, abs=1.0)
