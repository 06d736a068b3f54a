"""From landmarks to a value or a refusal: wrong sides, wrong movements, thin and odd recordings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rom.clinical.agreement.learned import learn
from rom.clinical.agreement.pairs import Conditions
from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.comparison import compare
from rom.clinical.error import mdc95_deg, set_value_deg
from rom.landmarks import Landmark, LandmarkSeries, Side
from rom.movements import View, measurable_movements, movement_named
from rom.quality.limits import limits
from tests.agreement_builders import baseline_pairs, reference_pairs
from tests.figures import (
    Camera,
    Tempo,
    anchored,
    film,
    frame_times,
    min_jerk,
    pose_figure,
    set_duration_s,
    set_shape,
)
from tests.performances import (
    PEAK_DEG,
    PROVENANCE,
    START_DEG,
    assess,
    blocking_codes,
    cases,
    codes,
    filmed,
    handed_out,
    move,
    recommended_camera,
    seen_deg,
)

pytestmark = pytest.mark.usefixtures("curve_alone")

SIDED = [(name, side) for name, side in cases() if side is not None]
SQUAT = {
    f"{joint}_{side}": angle
    for side in Side
    for joint, angle in (("hip_flexion", 95.0), ("knee_flexion", 100.0))
}


def expected_deg(name: str, side: Side | None, value_deg: float) -> float:
    return seen_deg(name, side, value_deg, recommended_camera(movement_named(name), side))


def squat(yaw_deg: float) -> LandmarkSeries:
    """Both hips and knees bend while the feet stay on the floor."""
    motion = move("hip_flexion", Side.LEFT, peak_deg=0.0, extra=SQUAT, anchor="heel")
    return film(motion, Camera(yaw_deg=yaw_deg), noise_px=0.5)


@pytest.mark.parametrize(("name", "side"), SIDED)
def test_the_other_side_named_is_refused_as_such(name: str, side: Side) -> None:
    result, _ = assess(filmed(name, side), name, side.other)
    assert "other_side" in blocking_codes(result)
    assert result.value_deg is None
    message = next(issue.message for issue in result.issues if issue.code == "other_side")
    assert side.value in message


@pytest.mark.parametrize(("name", "side"), SIDED)
def test_the_other_side_is_recognised_where_the_model_sees_through_the_body(
    name: str, side: Side
) -> None:
    series = filmed(name, side)
    visible = replace(series, visibility=np.full_like(series.visibility, 0.99))
    result, _ = assess(visible, name, side.other)
    assert not result.measured
    assert codes(result) & {"other_side", "far_side"}


@pytest.mark.parametrize(("name", "side"), SIDED)
def test_a_mirror_image_is_refused_until_it_is_declared(name: str, side: Side) -> None:
    image = filmed(name, side).mirrored()
    undeclared, _ = assess(image, name, side)
    assert "other_side" in blocking_codes(undeclared)
    declared, _ = assess(image.mirrored(), name, side, mirrored=True)
    assert declared.value_deg == pytest.approx(expected_deg(name, side, PEAK_DEG[name]), abs=1.0)
    assert declared.view is not None and declared.view.mirrored


@pytest.mark.parametrize(
    "name", handed_out(*(m.name for m in measurable_movements() if not m.has_side))
)
def test_a_mirror_image_of_a_movement_without_a_side_is_the_same(name: str) -> None:
    result, _ = assess(filmed(name, None).mirrored(), name, None)
    assert result.value_deg == pytest.approx(expected_deg(name, None, PEAK_DEG[name]), abs=1.0)


NEVER_CLEAN_AS = [
    ("hip_flexion", "knee_flexion"),
    ("knee_flexion", "hip_flexion"),
    ("shoulder_flexion", "shoulder_abduction"),
    ("shoulder_abduction", "shoulder_flexion"),
    ("shoulder_flexion", "shoulder_extension"),
    ("shoulder_extension", "shoulder_flexion"),
    ("trunk_flexion_with_hips", "shoulder_flexion"),
    ("trunk_flexion_with_hips", "trunk_extension"),
    ("trunk_extension", "trunk_flexion_with_hips"),
    ("trunk_extension", "shoulder_flexion"),
    ("trunk_extension", "cervical_extension"),
    ("elbow_flexion", "shoulder_flexion"),
    ("elbow_flexion", "elbow_extension"),
    ("elbow_extension", "elbow_flexion"),
    ("wrist_flexion", "wrist_extension"),
    ("hip_flexion", "hip_extension"),
    ("hip_extension", "hip_flexion"),
    ("hip_abduction", "hip_adduction"),
    ("hip_abduction", "hip_internal_rotation"),
    ("hip_adduction", "hip_external_rotation"),
    ("knee_flexion", "knee_extension"),
    ("knee_extension", "knee_flexion"),
    ("ankle_plantarflexion", "ankle_dorsiflexion"),
    ("cervical_flexion", "cervical_extension"),
    ("cervical_rotation", "cervical_lateral_flexion"),
    ("cervical_lateral_flexion", "cervical_rotation"),
    ("trunk_lateral_flexion", "shoulder_abduction"),
]


@pytest.mark.parametrize(("done", "named"), NEVER_CLEAN_AS)
def test_another_movement_than_the_named_one_is_refused(done: str, named: str) -> None:
    for side in Side:
        series = filmed(done, side if movement_named(done).has_side else None)
        result, _ = assess(series, named, side if movement_named(named).has_side else None)
        assert not result.measured, f"{done} gave {result.value_deg} as {named}"


def test_a_trunk_that_leans_with_a_raised_arm_is_no_side_bend() -> None:
    series = filmed("shoulder_abduction", Side.RIGHT, extra={"trunk_lateral_flexion": 18.0})
    result, _ = assess(series, "trunk_lateral_flexion", Side.LEFT)
    assert not result.measured
    assert "other_movement" in {issue.code for issue in result.issues}


def test_no_movement_passes_cleanly_for_another_that_is_filmed_alike() -> None:
    """From elsewhere the view refuses it; `NEVER_CLEAN_AS` holds some of those."""
    clean, pairs = [], 0
    for done in measurable_movements():
        series = filmed(done.name, Side.LEFT if done.has_side else None)
        camera = recommended_camera(done, Side.LEFT)
        for named in measurable_movements():
            turn_deg = recommended_camera(named, Side.LEFT).yaw_deg - camera.yaw_deg
            if named is done or abs(turn_deg) > 30.0:
                continue
            pairs += 1
            result, _ = assess(series, named.name, Side.LEFT if named.has_side else None)
            if result.measured and not result.issues:
                clean.append((done.name, named.name, result.value_deg))
    assert pairs > 250
    assert clean == []


@pytest.mark.parametrize("yaw_deg", [90.0, 65.0])
@pytest.mark.parametrize("named", ["knee_flexion", "hip_flexion", "ankle_dorsiflexion_lunge"])
def test_a_squat_is_neither_knee_nor_hip_flexion(named: str, yaw_deg: float) -> None:
    result, _ = assess(squat(yaw_deg), named, Side.LEFT)
    assert not result.measured or result.issues
    if named != "ankle_dorsiflexion_lunge":
        assert "other_movement" in blocking_codes(result)


@pytest.mark.parametrize("side", list(Side))
def test_an_arm_raised_forwards_is_not_abduction_in_front_of_the_camera(side: Side) -> None:
    """Past the horizontal both look alike from the front: the upper arm only shortens."""
    for yaw_deg in (0.0, 10.0, 20.0):
        camera = Camera(yaw_deg=yaw_deg if side is Side.LEFT else -yaw_deg)
        series = filmed("shoulder_flexion", side, camera=camera)
        result, _ = assess(series, "shoulder_abduction", side)
        assert not result.measured or result.issues


@pytest.mark.parametrize(("name", "side"), cases())
def test_nothing_done_is_refused(name: str, side: Side | None) -> None:
    camera = recommended_camera(movement_named(name), side)
    still = film(move(name, side, peaks_deg=[START_DEG.get(name, 0.0)] * 3), camera, noise_px=1.0)
    result, _ = assess(still, name, side)
    assert result.repetitions == ()
    assert blocking_codes(result) == {"no_repetitions"}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 4.0), st.sampled_from([15.0, 30.0, 60.0]))
def test_noise_adds_no_repetition_and_moves_the_value_little(
    seed: int, noise_px: float, frame_rate_hz: float
) -> None:
    camera = Camera(yaw_deg=65.0, frame_rate_hz=frame_rate_hz)
    series = filmed("knee_flexion", Side.LEFT, camera=camera, noise_px=noise_px, seed=seed)
    result, _ = assess(series, "knee_flexion", Side.LEFT)
    assert len(result.repetitions) == 3
    expected = seen_deg("knee_flexion", Side.LEFT, PEAK_DEG["knee_flexion"], camera)
    assert result.value_deg == pytest.approx(expected, abs=2.5)


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(0.0, 0.15),
    st.sampled_from(["knee_flexion", "shoulder_abduction", "cervical_rotation"]),
)
def test_frames_missing_here_and_there_change_no_value(
    seed: int, missing_frac: float, name: str
) -> None:
    series = filmed(name, Side.LEFT)
    keep = np.random.default_rng(seed).random(len(series)) >= missing_frac
    result, _ = assess(series.masked(keep), name, Side.LEFT)
    assert len(result.repetitions) == 3
    left_out = {repetition.reason_not_counted for repetition in result.repetitions}
    assert left_out <= {None, "the end of the movement was not seen"}
    assert result.value_deg == pytest.approx(expected_deg(name, Side.LEFT, PEAK_DEG[name]), abs=1.0)


@pytest.mark.parametrize(("missing_frac", "severity"), [(0.35, "warning"), (0.75, "blocking")])
def test_many_missing_frames_are_warned_of_then_refused(missing_frac: float, severity: str) -> None:
    series = filmed("shoulder_abduction", Side.LEFT)
    keep = np.random.default_rng(1).random(len(series)) >= missing_frac
    result, _ = assess(series.masked(keep), "shoulder_abduction", Side.LEFT)
    assert result.measured == (severity == "warning")
    assert codes(result) & {"gaps", "no_repetitions"}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10])
@pytest.mark.parametrize("name", ["knee_flexion", "cervical_rotation", "trunk_flexion_with_hips"])
def test_hardly_any_frames_are_refused_and_not_an_error(name: str, count: int) -> None:
    side = Side.LEFT if movement_named(name).has_side else None
    whole = filmed(name, side)
    few = slice_of(whole, np.arange(len(whole)) < count)
    result, _ = assess(few, name, side)
    assert not result.measured
    assert codes(result) & {"no_person", "too_short"}


def slice_of(series: LandmarkSeries, keep: np.ndarray) -> LandmarkSeries:
    def kept(array: np.ndarray | None) -> np.ndarray | None:
        return None if array is None else array[keep]

    names = (
        "time_s",
        "xy_px",
        "world_m",
        "visibility",
        "people_count",
        "identity_sure",
        "face_px",
        "hand_px",
    )
    return replace(series, **{name: kept(getattr(series, name)) for name in names})


def test_nobody_in_the_recording_is_said_so() -> None:
    series = filmed("knee_flexion", Side.LEFT)
    result, _ = assess(series.masked(np.zeros(len(series), np.bool_)), "knee_flexion", Side.LEFT)
    assert "no_person" in blocking_codes(result)


@pytest.mark.parametrize(
    ("frame_rate_hz", "out_s", "clean"), [(15.0, 0.7, False), (30.0, 1.2, True), (60.0, 0.7, True)]
)
def test_few_frames_in_the_outward_stroke_are_noticed_whatever_the_speed(
    frame_rate_hz: float, out_s: float, clean: bool
) -> None:
    camera = Camera(frame_rate_hz=frame_rate_hz)
    series = filmed(
        "shoulder_abduction", Side.LEFT, camera=camera, tempo=Tempo(out_s=out_s, hold_s=0.4)
    )
    result, _ = assess(series, "shoulder_abduction", Side.LEFT)
    assert ("few_frames" in codes(result)) == (not clean)


@pytest.mark.parametrize("frame_rate_hz", [5.0, 12.0])
def test_a_slow_camera_is_noticed(frame_rate_hz: float) -> None:
    camera = Camera(frame_rate_hz=frame_rate_hz)
    result, _ = assess(
        filmed("shoulder_abduction", Side.LEFT, camera=camera), "shoulder_abduction", Side.LEFT
    )
    assert "frame_rate_low" in codes(result)
    assert result.measured == (frame_rate_hz > 8.0)


def test_fewer_repetitions_are_warned_of_and_widen_the_error() -> None:
    sems = []
    for count in (1, 2, 3):
        series = filmed("knee_flexion", Side.LEFT, tempo=Tempo(repetitions=count))
        result, _ = assess(series, "knee_flexion", Side.LEFT)
        assert ("few_repetitions" in codes(result)) == (count < 3)
        assert len(result.counted) == count
        assert result.sem_deg is not None
        sems.append(result.sem_deg)
    assert sems[0] > sems[1] >= sems[2] > 0.0


def test_repetitions_that_disagree_are_warned_of_and_widen_the_error() -> None:
    same, _ = assess(filmed("knee_flexion", Side.LEFT), "knee_flexion", Side.LEFT)
    scattered = filmed("knee_flexion", Side.LEFT, peaks_deg=[120.0, 95.0, 130.0])
    result, _ = assess(scattered, "knee_flexion", Side.LEFT)
    assert "repetitions_disagree" in codes(result)
    assert result.value_deg == pytest.approx(
        expected_deg("knee_flexion", Side.LEFT, 120.0), abs=1.0
    )
    assert result.sem_deg is not None and same.sem_deg is not None
    assert result.sem_deg > same.sem_deg + 1.0


@pytest.mark.parametrize(
    ("name", "peak_deg"),
    [("elbow_flexion", 175.0), ("knee_flexion", 175.0), ("hip_abduction", 95.0)],
)
def test_what_no_joint_reaches_is_refused(name: str, peak_deg: float) -> None:
    side = Side.LEFT
    camera = Camera(yaw_deg=0.0 if name == "hip_abduction" else 90.0)
    result, _ = assess(filmed(name, side, camera=camera, peak_deg=peak_deg), name, side)
    assert not result.measured
    assert codes(result) & {"implausible", "limb_out_of_plane"}


def test_hyperextension_is_a_negative_flexion_all_the_way_to_the_value() -> None:
    for name, peak_deg in (("knee_extension", 8.0), ("elbow_extension", 10.0)):
        result, trace = assess(filmed(name, Side.LEFT, peak_deg=peak_deg), name, Side.LEFT)
        read_deg = set_value_deg([repetition.peak_deg for repetition in trace.counted])
        assert read_deg == pytest.approx(expected_deg(name, Side.LEFT, peak_deg), abs=1.5)
        assert read_deg > 0.0
        assert result.value_deg == (read_deg if name in handed_out(name) else None)


@pytest.mark.parametrize("name", ["shoulder_flexion", "shoulder_abduction"])
@pytest.mark.parametrize("side", list(Side))
def test_an_arm_beyond_the_vertical_reads_on(name: str, side: Side) -> None:
    result, _ = assess(filmed(name, side, peak_deg=185.0), name, side)
    assert result.value_deg == pytest.approx(expected_deg(name, side, 185.0), abs=1.5)


def test_a_neck_turned_further_than_the_reading_is_good_for_is_a_lower_bound() -> None:
    near, _ = assess(
        filmed("cervical_rotation", Side.LEFT, peak_deg=40.0), "cervical_rotation", Side.LEFT
    )
    far, _ = assess(
        filmed("cervical_rotation", Side.LEFT, peak_deg=75.0), "cervical_rotation", Side.LEFT
    )
    assert (near.bound, far.bound) == ("exact", "at_least")
    assert compare(far, far).verdict == "not_comparable"


@pytest.mark.parametrize(
    "name", ["cervical_lateral_flexion", "cervical_rotation", "trunk_lateral_flexion"]
)
def test_a_set_that_goes_left_and_right_in_turn_is_read_for_each(name: str) -> None:
    peaks = [PEAK_DEG[name], -0.8 * PEAK_DEG[name]] * 3
    series = filmed(name, Side.LEFT, peaks_deg=peaks)
    for side, share in ((Side.LEFT, 1.0), (Side.RIGHT, 0.8)):
        result, _ = assess(series, name, side)
        assert len(result.counted) == 3
        expected = expected_deg(name, side, share * PEAK_DEG[name])
        assert result.value_deg == pytest.approx(expected, abs=1.5)
        assert not result.issues


@pytest.mark.parametrize("lean_deg", [14.0, 30.0])
def test_leaning_with_the_arm_is_warned_of_then_refused(lean_deg: float) -> None:
    series = filmed("shoulder_abduction", Side.LEFT, extra={"trunk_lateral_flexion": -lean_deg})
    result, _ = assess(series, "shoulder_abduction", Side.LEFT)
    assert "trunk_lean" in codes(result)
    assert result.measured == (lean_deg < (limits()["trunk_lean"].blocking or 0.0))


def test_shoulders_that_go_along_with_the_head_are_noticed() -> None:
    series = filmed("cervical_flexion", None, extra={"trunk_flexion": 20.0})
    result, _ = assess(series, "cervical_flexion", None)
    assert "shoulders_move" in blocking_codes(result)


@pytest.mark.parametrize(("unsure_frac", "measured"), [(0.2, True), (0.7, False)])
def test_frames_of_uncertain_identity_do_not_count(unsure_frac: float, measured: bool) -> None:
    """What somebody else does in the frames that are not sure changes nothing."""
    name, side = "shoulder_abduction", Side.LEFT
    series = filmed(name, side)
    unsure = np.random.default_rng(2).random(len(series)) < unsure_frac
    xy_px = series.xy_px.copy()
    xy_px[unsure] = filmed("shoulder_abduction", Side.RIGHT, peak_deg=90.0).xy_px[unsure]
    mixed = replace(series, xy_px=xy_px, identity_sure=~unsure)
    result, _ = assess(mixed, name, side)
    assert "identity_uncertain" in codes(result)
    assert result.measured == measured
    if measured:
        assert result.value_deg == pytest.approx(expected_deg(name, side, PEAK_DEG[name]), abs=1.5)


def test_several_people_in_view_are_mentioned() -> None:
    series = filmed("knee_flexion", Side.LEFT)
    crowd = replace(series, people_count=np.full(len(series), 2, np.int64))
    result, _ = assess(crowd, "knee_flexion", Side.LEFT)
    assert codes(result) == {"several_people"}
    assert result.measured


@pytest.mark.parametrize(("name", "side"), cases())
def test_a_set_compared_with_itself_is_no_measurable_change(name: str, side: Side | None) -> None:
    result, _ = assess(filmed(name, side), name, side)
    comparison = compare(result, result)
    assert comparison.verdict == "no_measurable_change"
    assert comparison.change_deg == 0.0


@pytest.mark.parametrize(("name", "side"), cases()[::3])
def test_swapping_before_and_after_flips_the_sign(name: str, side: Side | None) -> None:
    less = filmed(
        name,
        side,
        peak_deg=START_DEG.get(name, 0.0) + 0.7 * (PEAK_DEG[name] - START_DEG.get(name, 0.0)),
    )
    low, _ = assess(less, name, side)
    high, _ = assess(filmed(name, side), name, side)
    up, down = compare(low, high), compare(high, low)
    assert up.change_deg is not None and down.change_deg is not None
    assert up.change_deg == pytest.approx(-down.change_deg)
    assert up.change_deg > 0.0
    pairs = {"gain": "loss", "no_measurable_change": "no_measurable_change"}
    assert down.verdict == pairs[up.verdict]
    assert up.mdc95_deg == pytest.approx(down.mdc95_deg)


@pytest.mark.parametrize("view", [View.FRONT, View.SIDE])
def test_a_value_is_never_read_from_a_person_who_only_stands_there(view: View) -> None:
    yaw_deg = 0.0 if view is View.FRONT else 90.0
    still = film(pose_figure(frame_times(12.0, 30.0), {}), Camera(yaw_deg=yaw_deg), noise_px=3.0)
    for name, side in cases():
        if movement_named(name).view is view:
            result, _ = assess(still, name, side)
            assert not result.measured


def test_standing_up_afterwards_does_not_make_a_seated_set_the_opposite_movement() -> None:
    """Before and after the set the knee is straight, but the person is elsewhere."""
    tempo = Tempo()
    time_s = frame_times(set_duration_s(tempo) + 6.0, 20.0)
    seated = min_jerk((time_s - 1.5) / 1.5) - min_jerk((time_s - time_s[-1] + 3.0) / 1.5)
    way = set_shape(time_s - 3.0, tempo)
    angles = {
        f"{joint}_{s}": 90.0 * seated for s in Side for joint in ("hip_flexion", "knee_flexion")
    }
    angles["knee_flexion_left"] = 90.0 * seated - 80.0 * way
    motion = anchored(pose_figure(time_s, angles), Landmark.RIGHT_HEEL)
    camera = recommended_camera(movement_named("knee_extension"), Side.LEFT)
    result, _ = assess(film(motion, camera, noise_px=0.5), "knee_extension", Side.LEFT)
    assert "other_movement" not in codes(result)
    peaks = [r.peak_deg for r in result.counted if 4.0 < r.peak_s < time_s[-1] - 3.0]
    assert peaks == pytest.approx([expected_deg("knee_extension", Side.LEFT, -10.0)] * 3, abs=1.5)


def own_errors(
    series: LandmarkSeries, differences_deg: list[float], **changes: object
) -> LocalErrors:
    """Figures learned in the conditions of a recording, some of them changed."""
    view = assess(series, "shoulder_abduction", Side.LEFT)[0].view
    assert view is not None
    conditions = Conditions(
        yaw_deg=view.yaw_deg,
        subject_height_frac=view.subject_height_frac,
        model_sha256=PROVENANCE.model_sha256,
        correction=PROVENANCE.correction,
    )
    conditions = replace(conditions, **changes)  # type: ignore[arg-type]
    references = reference_pairs(differences_deg, conditions=conditions)
    baselines = baseline_pairs([1.0, 9.0, -8.0, 7.0, -9.0], conditions=conditions)
    return learn(references, baselines).named("clinic")


def test_own_error_figures_stand_in_place_of_the_tables_and_are_named() -> None:
    series = filmed("shoulder_abduction", Side.LEFT)
    table, _ = assess(series, "shoulder_abduction", Side.LEFT)
    errors = own_errors(series, [4.0, -3.0, 2.0] * 4)
    own, _ = assess(series, "shoulder_abduction", Side.LEFT, local_errors=errors)
    assert own.value_deg == table.value_deg
    assert own.sem_deg is not None and table.sem_deg is not None
    assert own.sem_deg == errors.personal[0].updated_sem_deg(table.sem_deg)
    assert own.accuracy_deg != table.accuracy_deg
    assert own.mdc95_deg == mdc95_deg(own.sem_deg)
    assert "12 pairs of 12 people" in (own.provenance.accuracy_source or "")
    assert "5 pairs of sets before of P07" in (own.provenance.sem_source or "")
    assert codes(own) == codes(table)
    assert table.provenance.accuracy_source is None


def test_own_error_figures_of_another_correction_are_left_out_with_a_warning() -> None:
    series = filmed("shoulder_abduction", Side.LEFT)
    table, _ = assess(series, "shoulder_abduction", Side.LEFT)
    errors = own_errors(series, [4.0, -3.0, 2.0] * 4, correction="curve/0")
    other, _ = assess(series, "shoulder_abduction", Side.LEFT, local_errors=errors)
    assert (other.sem_deg, other.accuracy_deg) == (table.sem_deg, table.accuracy_deg)
    assert other.provenance == table.provenance
    assert codes(other) - codes(table) == {"local_error_not_used"}


def test_own_error_figures_can_refuse_a_value_and_never_allow_one() -> None:
    series = filmed("shoulder_abduction", Side.LEFT)
    poor = own_errors(series, [30.0, -30.0] * 20)
    refused, _ = assess(series, "shoulder_abduction", Side.LEFT, local_errors=poor)
    assert "accuracy_too_poor" in blocking_codes(refused)
    assert refused.provenance.accuracy_source is None
