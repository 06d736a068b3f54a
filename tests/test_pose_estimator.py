"""The estimator on real networks: who is found, where, whose left is left, and who is followed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pose_builders import (
    FRAME_S,
    RgbImage,
    empty_room,
    in_other_clothes,
    mean_distance_px,
    model,
    poses_of,
    shifted,
    side_by_side,
    standing_person,
)

from rom.errors import ModelError
from rom.landmarks import MIRRORED_ORDER, Landmark
from rom.pose.body import BodyNetwork
from rom.pose.estimator import (
    LONGEST_GAP_S,
    SEARCH_INTERVAL_S,
    PersonPose,
    PoseEstimator,
    mediapipe_version,
)
from rom.pose.model import BUNDLE_MEMBERS, PoseModel
from rom.pose.region import Region


def test_a_standing_person_is_found_in_upright_order() -> None:
    (person,) = poses_of(standing_person())
    y_px = person.xy_px[:, 1]
    assert (
        y_px[Landmark.NOSE]
        < y_px[Landmark.LEFT_SHOULDER]
        < y_px[Landmark.LEFT_HIP]
        < y_px[Landmark.LEFT_KNEE]
        < y_px[Landmark.LEFT_ANKLE]
    )
    assert person.xy_px.shape == (33, 2) and person.world_m.shape == (33, 3)
    assert person.visibility.shape == (33,) and person.colour.shape == (24,)
    assert np.all((person.visibility >= 0) & (person.visibility <= 1))
    assert person.colour.sum() == pytest.approx(1.0, abs=1e-5)
    assert person.face_px is None and person.hand_px is None


def test_left_is_the_persons_own() -> None:
    (person,) = poses_of(standing_person())  # faces the camera
    for joint in ("SHOULDER", "HIP", "KNEE"):
        assert (
            person.xy_px[Landmark[f"LEFT_{joint}"], 0] > person.xy_px[Landmark[f"RIGHT_{joint}"], 0]
        )
        assert (
            person.world_m[Landmark[f"LEFT_{joint}"], 0]
            > person.world_m[Landmark[f"RIGHT_{joint}"], 0]
        )


def test_the_mirror_image_exchanges_left_and_right() -> None:
    picture = standing_person()
    (person,) = poses_of(picture)
    (mirrored,) = poses_of(np.ascontiguousarray(picture[:, ::-1]))
    expected = person.xy_px[MIRRORED_ORDER].copy()
    expected[:, 0] = picture.shape[1] - 1 - expected[:, 0]
    assert mean_distance_px(mirrored.xy_px, expected) < 4.0


def test_the_network_in_a_mirror_is_the_network_on_the_mirrored_picture() -> None:
    picture = standing_person()
    flipped = np.ascontiguousarray(picture[:, ::-1])
    with zipfile.ZipFile(model().path) as bundle:
        network = BodyNetwork(bundle.read(BUNDLE_MEMBERS[1]))
    (person,) = poses_of(picture)
    middle_px = person.xy_px.mean(axis=0)
    size_px = 1.4 * float(np.ptp(person.xy_px[:, 1]))
    region = Region(middle_px, size_px, 0.1, mirrored=True)
    across_px = picture.shape[1] - 1.0
    twin = Region(np.array([across_px - middle_px[0], middle_px[1]]), size_px, -0.1)
    here, there = network.read(picture, region), network.read(flipped, twin)
    expected = there.xy_px[MIRRORED_ORDER].copy()
    expected[:, 0] = across_px - expected[:, 0]
    assert np.abs(here.xy_px - expected).max() < 0.05
    np.testing.assert_allclose(
        here.world_m, there.world_m[MIRRORED_ORDER] * [-1.0, 1.0, 1.0], atol=1e-3
    )
    np.testing.assert_allclose(here.visibility, there.visibility[MIRRORED_ORDER], atol=1e-3)


def test_every_other_picture_is_read_in_a_mirror_and_keeps_its_names() -> None:
    looks = poses_over_time([standing_person()] * 6)
    plain, mirrored = looks[4], looks[5]
    assert 0.05 < mean_distance_px(plain.xy_px, mirrored.xy_px) < 4.0
    for joint in ("SHOULDER", "HIP", "KNEE"):
        left_px, right_px = (
            mirrored.xy_px[Landmark[f"{side}_{joint}"], 0] for side in ("LEFT", "RIGHT")
        )
        assert left_px > right_px


def poses_over_time(pictures: list[RgbImage]) -> list[PersonPose]:
    """The first person in each of successive pictures."""
    with PoseEstimator(model()) as estimator:
        return [
            estimator.estimate(picture, frame * FRAME_S)[0]
            for frame, picture in enumerate(pictures)
        ]


def test_world_landmarks_have_the_size_of_a_person() -> None:
    (person,) = poses_of(standing_person())
    hips_m = person.world_m[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    assert np.abs(hips_m.mean(axis=0)).max() < 0.05
    height_m = np.ptp(person.world_m[:, 1])
    assert 1.2 < height_m < 2.0


def test_an_empty_room_holds_nobody() -> None:
    assert poses_of(empty_room()) == []


@pytest.mark.parametrize("height_px, width_px", [(1, 1), (3, 500), (480, 640)])
def test_noise_of_any_size_holds_nobody(height_px: int, width_px: int) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (height_px, width_px, 3), np.uint8)
    assert poses_of(noise) == []


def test_two_people_give_two_poses_where_they_stand() -> None:
    picture = standing_person()
    (alone,) = poses_of(picture)
    people = poses_of(side_by_side(picture, in_other_clothes(picture)))
    assert len(people) == 2
    left, right = sorted(people, key=lambda person: person.xy_px[Landmark.NOSE, 0])
    assert mean_distance_px(left.xy_px, alone.xy_px) < 5.0
    assert mean_distance_px(right.xy_px - [picture.shape[1], 0], alone.xy_px) < 5.0
    assert np.abs(left.colour - right.colour).sum() > 0.3
    assert np.abs(left.colour - alone.colour).sum() < 0.1


def test_no_more_people_than_asked_for() -> None:
    picture = standing_person()
    assert len(poses_of(side_by_side(picture, picture, picture), max_people=2)) == 2


def test_a_picture_may_be_a_view_into_a_larger_one() -> None:
    # Decoders pad rows: such a view made MediaPipe's own pipeline find nobody, without a word.
    padded = np.pad(standing_person(), ((0, 0), (0, 24), (0, 0)))
    (person,) = poses_of(padded[:, :-24])
    (expected,) = poses_of(standing_person())
    assert person.xy_px == pytest.approx(expected.xy_px)


def test_a_picture_of_another_kind_is_refused() -> None:
    with PoseEstimator(model()) as estimator:
        for wrong in (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)):
            with pytest.raises(ValueError, match=r"expected \(H, W, 3\) uint8"):
                estimator.estimate(wrong, 0.0)


def test_a_moving_person_is_followed_without_lag() -> None:
    picture = standing_person()
    with PoseEstimator(model()) as estimator:
        for frame in range(8):
            moved = shifted(picture, right_px=6.0 * frame)
            (person,) = estimator.estimate(moved, frame * FRAME_S)
            (fresh,) = poses_of(moved)
            assert person.track_id == 0
            assert mean_distance_px(person.xy_px, fresh.xy_px) < 4.0


def test_a_newcomer_is_seen_within_the_search_interval() -> None:
    picture = standing_person()
    alone, together = side_by_side(picture, empty_room(640, 480)), side_by_side(picture, picture)
    counts = []
    with PoseEstimator(model()) as estimator:
        estimator.estimate(alone, 0.0)
        for frame in range(1, 9):
            counts.append(len(estimator.estimate(together, frame * FRAME_S)))
    assert counts[-1] == 2
    assert counts.index(2) + 1 <= np.ceil(SEARCH_INTERVAL_S / FRAME_S)


def test_a_person_who_leaves_is_gone_at_once_and_comes_back_as_another() -> None:
    with PoseEstimator(model()) as estimator:
        (before,) = estimator.estimate(standing_person(), 0.0)
        assert estimator.estimate(empty_room(640, 480), FRAME_S) == []
        (after,) = estimator.estimate(standing_person(), 2 * FRAME_S)
    assert before.track_id != after.track_id


def test_two_tracks_never_end_on_one_body() -> None:
    picture = standing_person()
    with PoseEstimator(model()) as estimator:
        assert len(estimator.estimate(side_by_side(picture, picture), 0.0)) == 2
        for frame in range(1, 10):
            # The second person is gone and the first stands between where both were.
            middle = shifted(
                side_by_side(picture, empty_room(640, 480)), right_px=picture.shape[1] / 2
            )
            assert len(estimator.estimate(middle, frame * FRAME_S)) == 1


@pytest.mark.parametrize("step_s", [-1.0, 0.0, LONGEST_GAP_S + 0.01])
def test_nothing_is_carried_over_a_break_in_time(step_s: float) -> None:
    moved = shifted(standing_person(), right_px=20.0)
    with PoseEstimator(model()) as estimator:
        estimator.estimate(standing_person(), 5.0)
        (person,) = estimator.estimate(moved, 5.0 + step_s)
    (fresh,) = poses_of(moved)
    assert person.xy_px == pytest.approx(fresh.xy_px)


def test_the_same_recording_gives_the_same_landmarks() -> None:
    frames = [shifted(standing_person(), right_px=3.0 * frame) for frame in range(5)]

    def run() -> np.ndarray:
        with PoseEstimator(model()) as estimator:
            return np.stack(
                [estimator.estimate(x, i * FRAME_S)[0].xy_px for i, x in enumerate(frames)]
            )

    assert np.array_equal(run(), run())


MEDIAPIPE_SCRIPT = """
import os, sys
os.putenv("https_proxy", "http://127.0.0.1:9")  # MediaPipe reports its use otherwise
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
bundle, picture, rows = sys.argv[1:]
options = vision.PoseLandmarkerOptions(base_options=BaseOptions(model_asset_path=bundle))
with vision.PoseLandmarker.create_from_options(options) as landmarker:
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.load(picture))
    result = landmarker.detect(image)
np.save(rows, [(p.x, p.y, p.visibility, w.x, w.y, w.z)
               for p, w in zip(result.pose_landmarks[0], result.pose_world_landmarks[0])])
"""


def test_landmarks_agree_with_mediapipes_own_pipeline(tmp_path: Path) -> None:
    picture = standing_person()
    np.save(tmp_path / "picture.npy", picture)
    # A process of its own: MediaPipe leaves threads behind and prints.
    arguments = [model().path, tmp_path / "picture.npy", tmp_path / "rows.npy"]
    subprocess.run(
        [sys.executable, "-c", MEDIAPIPE_SCRIPT, *map(str, arguments)],
        check=True,
        capture_output=True,
    )
    theirs = np.load(tmp_path / "rows.npy")
    height_px, width_px = picture.shape[:2]
    (ours,) = poses_of(picture)
    assert mean_distance_px(ours.xy_px, theirs[:, :2] * (width_px, height_px)) < 1.0
    assert np.abs(ours.visibility - theirs[:, 2]).mean() < 0.02
    assert mean_distance_px(ours.world_m, theirs[:, 3:]) < 0.01  # metres


def test_native_libraries_print_nothing() -> None:
    script = (
        "import numpy as np\n"
        "from rom.pose.estimator import PoseEstimator\n"
        "from rom.pose.model import ensure_model\n"
        "estimator = PoseEstimator(ensure_model(), face=True, hands=True)\n"
        "estimator.estimate(np.zeros((64, 64, 3), np.uint8), 0.0)\n"
        "print('done')\n"
    )
    model()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_python_messages_pass_while_native_ones_are_silenced() -> None:
    script = (
        "import os, sys\n"
        "from rom.pose.native import silenced_native_logs\n"
        "with silenced_native_logs():\n"
        "    os.write(2, b'native\\n')\n"
        "    print('python', file=sys.stderr)\n"
        "print('after', file=sys.stderr)\n"
        "os.write(2, b'native again\\n')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr == "python\nafter\nnative again\n"


def test_a_bundle_whose_networks_are_of_another_kind_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(model().path) as bundle:
        detector, landmarks = (bundle.read(name) for name in BUNDLE_MEMBERS)
    cases = {
        "swapped.task": (landmarks, detector),
        "cut.task": (detector, landmarks[:5000]),
        "text.task": (b"hello", landmarks),
    }
    for name, contents in cases.items():
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as bundle:
            for member, content in zip(BUNDLE_MEMBERS, contents, strict=True):
                bundle.writestr(member, content)
        with pytest.raises(ModelError) as caught:
            PoseEstimator(PoseModel(name=name, path=path, sha256=""))
        assert "\n" not in str(caught.value)


def test_face_and_hands_need_their_networks() -> None:
    bare = PoseModel(name="full", path=model().path, sha256=model().sha256)
    for wanted in ({"face": True}, {"hands": True}):
        with pytest.raises(ModelError, match="without --model"):
            PoseEstimator(bare, **wanted)


def test_the_runtime_is_named() -> None:
    assert mediapipe_version().startswith("0.10.21 networks, LiteRT 2.")
