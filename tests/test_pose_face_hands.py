"""Face and hand points on real networks: in the right place, of the right side, turned along."""

from __future__ import annotations

import numpy as np
import pytest
from pose_builders import (
    empty_room,
    mean_distance_px,
    model,
    poses_of,
    standing_person,
    turned,
)

from rom.landmarks import FacePoint, Landmark
from rom.pose.estimator import PersonPose
from rom.pose.face import FaceNetwork
from rom.pose.hands import HandNetwork


def person_with_face() -> PersonPose:
    (person,) = poses_of(standing_person(), face=True, hands=True)
    return person


def roll_deg(face_px: np.ndarray) -> float:
    line = face_px[FacePoint.LEFT_EYE_OUTER] - face_px[FacePoint.RIGHT_EYE_OUTER]
    return float(np.degrees(np.arctan2(line[1], line[0])))


def test_face_points_lie_where_the_body_has_its_face() -> None:
    person = person_with_face()
    face_px = person.face_px
    assert face_px is not None and face_px.shape == (20, 3)
    size_px = np.linalg.norm(face_px[FacePoint.CHIN, :2] - face_px[FacePoint.FOREHEAD, :2])
    for point, landmark in (
        (FacePoint.NOSE_TIP, Landmark.NOSE),
        (FacePoint.LEFT_EYE_OUTER, Landmark.LEFT_EYE_OUTER),
        (FacePoint.RIGHT_EYE_OUTER, Landmark.RIGHT_EYE_OUTER),
        (FacePoint.LEFT_MOUTH, Landmark.MOUTH_LEFT),
        (FacePoint.RIGHT_MOUTH, Landmark.MOUTH_RIGHT),
    ):
        assert np.linalg.norm(face_px[point, :2] - person.xy_px[landmark]) < 0.2 * size_px


def test_each_side_of_the_face_is_the_persons_own() -> None:
    face_px = person_with_face().face_px  # faces the camera
    assert face_px is not None
    for point in FacePoint:
        if point.name.startswith("LEFT"):
            partner = FacePoint[point.name.replace("LEFT", "RIGHT")]
            assert face_px[point, 0] > face_px[partner, 0], point.name


def test_face_points_are_ordered_from_forehead_to_chin() -> None:
    face_px = person_with_face().face_px
    assert face_px is not None
    midline = [
        FacePoint.FOREHEAD,
        FacePoint.GLABELLA,
        FacePoint.NOSE_BRIDGE,
        FacePoint.NOSE_TIP,
        FacePoint.NOSE_BASE,
        FacePoint.CHIN,
    ]
    assert np.all(np.diff(face_px[midline, 1]) > 0)


def test_depth_points_away_from_the_camera() -> None:
    face_px = person_with_face().face_px
    assert face_px is not None
    temples = face_px[[FacePoint.LEFT_TEMPLE, FacePoint.RIGHT_TEMPLE], 2]
    assert face_px[FacePoint.NOSE_TIP, 2] < temples.min()


@pytest.mark.parametrize("degrees", [-45.0, -20.0, 20.0, 45.0])
def test_a_tilted_head_reads_tilted(degrees: float) -> None:
    picture = standing_person()
    upright = person_with_face()
    assert upright.face_px is not None
    head_px = upright.face_px[FacePoint.NOSE_TIP, :2]
    # Body landmarks of the upright picture: the network has to find the tilt by itself.
    tilted = FaceNetwork(model().face_path).read(turned(picture, degrees, head_px), upright.xy_px)
    assert tilted is not None
    assert roll_deg(tilted) - roll_deg(upright.face_px) == pytest.approx(degrees, abs=3.0)


def test_no_face_on_a_wall() -> None:
    person = person_with_face()
    wall = empty_room(640, 480)
    assert FaceNetwork(model().face_path).read(wall, person.xy_px) is None


def test_no_face_where_the_landmarks_are_unknown() -> None:
    nowhere = np.full((33, 2), np.nan)
    assert FaceNetwork(model().face_path).read(standing_person(), nowhere) is None
    assert np.isnan(HandNetwork(model().hand_path).read(standing_person(), nowhere)).all()


def test_hands_hang_at_their_own_wrists() -> None:
    person = person_with_face()
    assert person.hand_px is not None and person.hand_px.shape == (2, 21, 2)
    forearm_px = np.linalg.norm(
        person.xy_px[Landmark.LEFT_ELBOW] - person.xy_px[Landmark.LEFT_WRIST]
    )
    for hand, wrist in ((0, Landmark.LEFT_WRIST), (1, Landmark.RIGHT_WRIST)):
        assert np.linalg.norm(person.hand_px[hand, 0] - person.xy_px[wrist]) < 0.3 * forearm_px
        fingertips = person.hand_px[hand, [8, 12, 16, 20]]
        assert np.all(fingertips[:, 1] > person.hand_px[hand, 0, 1])  # arms hang


def test_no_hand_on_a_wall() -> None:
    person = person_with_face()
    hands = HandNetwork(model().hand_path).read(empty_room(640, 480), person.xy_px)
    assert np.isnan(hands).all()


def test_hands_turn_with_the_picture() -> None:
    picture = standing_person()
    upright = person_with_face()
    assert upright.hand_px is not None
    center_px = upright.hand_px[0, 0]
    cos, sin = np.cos(np.radians(30.0)), np.sin(np.radians(30.0))
    turn = np.array([[cos, sin], [-sin, cos]])
    xy_px = (upright.xy_px - center_px) @ turn + center_px
    hands = HandNetwork(model().hand_path).read(turned(picture, 30.0, center_px), xy_px)
    expected = (upright.hand_px[0] - center_px) @ turn + center_px
    length_px = np.linalg.norm(upright.hand_px[0, 12] - upright.hand_px[0, 0])
    assert mean_distance_px(hands[0], expected) < 0.15 * length_px
