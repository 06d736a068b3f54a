"""Composed sets checked against fully rendered ones: the same people, cameras and true peaks.

A rendered set is filmed frame by frame into a file, which the product reads like a user's. Films
and the landmarks read from them are kept in a working folder, so that a run goes on where it was
interrupted and the tables can be made anew when only the measurement has changed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from calibration.bodies import Body, read_bodies
from calibration.camera import Camera
from calibration.cohort import cohort
from calibration.compose import (
    ComposedSet,
    Recording,
    acting_sides,
    compose_set,
    draw_course,
    interpolate,
    positions,
)
from calibration.conditions import Condition, Kind
from calibration.degrade import add_motion_blur
from calibration.grid import LENS_BLUR_PX, Studio
from calibration.motion import sway_deg
from calibration.noise import MEASURED, PARTS, NoiseRow, measure_left_over, split_course
from calibration.posing import TOWARDS_LEFT, PosedBody, Posture, pose_body, stand
from calibration.protocol import draw_set, range_of
from calibration.render import Actor, Image, add_sensor_noise
from calibration.score import assess_composed, true_value_deg
from calibration.series import SeriesPlan
from calibration.staging import camera_for, pose_bystander, seat
from calibration.stock import STOCK_FOLDER, Stills, read_stock
from calibration.style import Style, guard
from calibration.truth import Skeleton, compute_truth, read_skeleton
from rom.clinical.assessment import Assessment
from rom.landmarks import FloatArray, LandmarkSeries, Side
from rom.movements import MOVEMENTS
from rom.pipeline import AssessmentRequest, Damage, Poses, assess_poses, estimate_poses
from rom.pose.model import ensure_model
from rom.quality.issues import Severity
from rom.quality.sides import repair_legs
from rom.trace import LEG_JOINTS, Trace, trace_movement
from rom.video.reading import open_video

MOVEMENTS_VERIFIED = (
    "shoulder_flexion",
    "shoulder_abduction",
    "shoulder_extension",
    "elbow_flexion",
    "hip_flexion",
    "hip_abduction",
    "knee_flexion",
    "trunk_flexion_with_hips",
    "trunk_lateral_flexion",
    "cervical_flexion",
    "cervical_lateral_flexion",
    "cervical_rotation",
    "wrist_flexion",
)
"""The wrist for the noise of hand points, the others because they are asked for most."""
_ROUGH = ("elbow_flexion", "knee_flexion")
_GUARDED = ("shoulder_flexion", "shoulder_abduction", "hip_flexion")
"""Movements whose second set is filmed with all nuisances, or guarded."""
FRAME_RATES_HZ = (15.0, 20.0)
SPEED = 1.5
HESITATION_S = 0.8
SWAY_DEG = 1.0
"""Amplitude of every trait of standing: about as much as stills of one series differ."""
CRF = 23
_COMPRESSED_CRF = 34
_SHUTTER_S = 1.0 / 30.0
_STILL_DEG = 0.3
"""A turn during the exposure that is not worth three pictures."""
_TICKS_HZ = 90_000
_KNOTS = 25
_SEED = 20261122


@dataclass(frozen=True, kw_only=True)
class VerifiedSet:
    """One set to film: the series it belongs to, how it is done, and whether guarded."""

    movement: str
    member: str
    kind: Kind
    guarded: bool
    frame_rate_hz: float

    @property
    def key(self) -> str:
        return f"{self.movement}-{self.member}-{self.kind}"

    @property
    def name(self) -> str:
        return self.key + ("-guarded" if self.guarded else "")


@dataclass(frozen=True, kw_only=True)
class VerifyRow:
    """A rendered set beside the composed one; None where nothing was measured.

    `truth_deg` is the median of the wanted peaks, `reached_deg` that of the filmed ones; errors
    count from these. Fast and slow are standard deviations of the angle over time about its course
    through the stills: of what changes within half a second, and of the rest.
    """

    key: str
    side: str
    guarded: bool
    truth_deg: float
    reached_deg: float
    rendered_value_deg: float | None
    composed_value_deg: float | None
    rendered_error_deg: float | None
    composed_error_deg: float | None
    rendered_less_composed_deg: float | None
    rendered_sem_deg: float | None
    composed_sem_deg: float | None
    rendered_fast_deg: float | None
    composed_fast_deg: float | None
    rendered_slow_deg: float | None
    rendered_refusals: str
    composed_refusals: str
    rendered_warnings: str
    composed_warnings: str
    rendered_patterns: str
    composed_patterns: str


def main(out: Path, *, stock: Path = STOCK_FOLDER, work: Path | None = None) -> None:
    """Film what is missing in `work` and write `verify.csv` and `noise.csv` into `out`."""
    work = work or out / "films"
    for folder in (out, work):
        folder.mkdir(parents=True, exist_ok=True)
    stills_of = read_stock(stock, kinds=("plain", "rough"))
    studio: Studio | None = None
    rows: list[VerifyRow] = []
    noise: list[NoiseRow] = []
    for wanted in verified_sets():
        stills = stills_of.series.get(wanted.key)
        if stills is None:
            print(f"{wanted.name}: its stills are not in the stock yet", flush=True)
            continue
        recording = recording_of(wanted, stills)
        path = work / f"{wanted.name}.mp4"
        if not path.with_suffix(".npz").exists():
            studio = studio or Studio()
            _film_and_read(studio, wanted, stills, recording, path)
        row, noise_rows = compare(wanted, stills, recording, path)
        rows.append(row)
        noise += noise_rows
        print(f"{wanted.name}: {row.rendered_less_composed_deg}", flush=True)
    _write(out / "verify.csv", rows)
    _write(out / "noise.csv", noise)
    print(agreement(rows))


def verified_sets() -> Iterator[VerifiedSet]:
    """Two sets of every movement, the second by another person and sometimes harder."""
    members = [member.name for member in cohort() if member.split == "tune"]
    for turn, rate_hz in enumerate(FRAME_RATES_HZ):
        for number, movement in enumerate(MOVEMENTS_VERIFIED):
            yield VerifiedSet(
                movement=movement,
                member=members[(number + 3 * turn) % len(members)],
                kind="rough" if turn and movement in _ROUGH else "plain",
                guarded=bool(turn) and movement in _GUARDED,
                frame_rate_hz=rate_hz,
            )


def recording_of(wanted: VerifiedSet, stills: Stills) -> Recording:
    """Two brisk repetitions at 85 % of the range, so that filming stays affordable."""
    side = acting_sides(stills)[0]
    rng = np.random.default_rng([_SEED, stills.plan.seed])
    target_deg = range_of(stills, side).peak_deg(0.85)
    return replace(
        draw_set(stills, target_deg, rng, repetitions=2),
        frame_rate_hz=wanted.frame_rate_hz,
        speed=SPEED,
        pause_s=HESITATION_S if wanted.guarded else 0.0,
    )


def film_set(
    studio: Studio,
    plan: SeriesPlan,
    side: Side,
    recording: Recording,
    path: Path,
    *,
    guarded: bool = False,
) -> FloatArray:
    """Film a set of a series as H.264 in MP4; returns the true angle (T,) of every frame.

    The angle is positive in the named direction. `guarded` adds lean, a pulled-up shoulder and a
    bent arm; the hesitation comes with the recording.
    """
    rng = np.random.default_rng(recording.seed)
    time_s, wanted_deg = draw_course(recording, rng)
    body = _bodies()[plan.member.name]
    styles = _swaying(guard(plan.style) if guarded else plan.style, time_s, rng)
    acted = Acting(plan, side, body, styles[0])
    commands_deg = acted.commands_deg(wanted_deg)
    camera = camera_for(plan.scene, body)
    studio.renderer.set_room(plan.scene.room, seat(plan.scene, body))
    cast = _caster(studio, plan)
    truth_deg = np.zeros(len(time_s))
    with film_writer(path, plan.condition, recording.frame_rate_hz) as write:
        for frame, now_s in enumerate(time_s):
            command_deg = acted.refined_deg(commands_deg[frame], wanted_deg[frame], styles[frame])
            truth_deg[frame] = acted.truth_deg(command_deg, styles[frame])
            moments_deg = _exposed_deg(plan, time_s, commands_deg, frame)
            moments_deg += command_deg - commands_deg[frame]
            image = _expose(studio, camera, acted, cast, moments_deg, styles[frame], float(now_s))
            write(_as_filmed(image, plan, rng), float(now_s))
    return truth_deg


@dataclass(frozen=True)
class Acting:
    """A body that does the movement of a series, and the truth of what it does."""

    plan: SeriesPlan
    side: Side
    body: Body
    style: Style

    @cached_property
    def standing(self) -> Skeleton:
        return read_skeleton(stand(pose_body(self.body, Posture())))

    def pose(self, command_deg: float, style: Style) -> PosedBody:
        """The body where the camera sees it."""
        return self.plan.pose(self.body, self.plan.posture(command_deg, style))

    def truth_deg(self, command_deg: float, style: Style) -> float:
        """True angle in the named direction."""
        posture = self.plan.posture(command_deg, style)
        skeleton = read_skeleton(self.plan.action.posed(self.body, posture, self.plan.side))
        return compute_truth(skeleton, self.standing)[self.plan.action.truth_key(self.side.value)]

    def commands_deg(self, wanted_deg: FloatArray) -> FloatArray:
        """Commands (T,) that give these true angles in the style of the set, within its range."""
        knots_deg = np.linspace(*self.plan.action.range_deg, _KNOTS)
        truths_deg = np.array([self.truth_deg(float(knot), self.style) for knot in knots_deg])
        order = np.argsort(truths_deg)
        found: FloatArray = np.interp(wanted_deg, truths_deg[order], knots_deg[order])
        return found

    def refined_deg(self, command_deg: float, wanted_deg: float, style: Style) -> float:
        """The command once the sway of the moment is taken into account, within the range."""
        sign = 1.0
        if self.plan.to_both_sides:
            sign = TOWARDS_LEFT[self.side.value]
        missing_deg = wanted_deg - self.truth_deg(command_deg, style)
        low_deg, high_deg = self.plan.action.range_deg
        return float(np.clip(command_deg + sign * missing_deg, low_deg, high_deg))


def _swaying(style: Style, time_s: FloatArray, rng: np.random.Generator) -> list[Style]:
    """The manner of every frame: how the person stands changes slowly."""
    names = [name for name in asdict(style) if name.startswith(("habit_", "idle_"))]
    sway = {name: sway_deg(time_s, amplitude_deg=SWAY_DEG, rng=rng) for name in names}
    return [
        replace(style, **{name: getattr(style, name) + float(sway[name][frame]) for name in names})
        for frame in range(len(time_s))
    ]


def _exposed_deg(
    plan: SeriesPlan, time_s: FloatArray, commands_deg: FloatArray, frame: int
) -> FloatArray:
    """Commands of the moments that make one picture: three with motion blur, else one."""
    if "motion_blur" not in plan.condition.nuisances:
        return commands_deg[[frame]]
    moments_s = time_s[frame] + np.array([-0.5, 0.0, 0.5]) * _SHUTTER_S
    moments_deg: FloatArray = np.interp(moments_s, time_s, commands_deg)
    return moments_deg if np.ptp(moments_deg) > _STILL_DEG else commands_deg[[frame]]


_Caster = Callable[[PosedBody, float], list[tuple[Actor, PosedBody]]]


def _caster(studio: Studio, plan: SeriesPlan) -> _Caster:
    """Who is in the picture at a time, the subject first."""
    scene, other = plan.scene, plan.scene.bystander
    subject = studio.renderer.dress(_bodies()[plan.member.name], scene.look)
    extra = studio.renderer.dress(_bodies()[other.person], other.look) if other else None

    def cast(posed: PosedBody, now_s: float) -> list[tuple[Actor, PosedBody]]:
        actors = [(subject, posed)]
        if other and extra:
            actors.append((extra, pose_bystander(other, _bodies()[other.person], now_s)))
        return actors

    return cast


def _expose(
    studio: Studio,
    camera: Camera,
    acted: Acting,
    cast: _Caster,
    moments_deg: FloatArray,
    style: Style,
    now_s: float,
) -> Image:
    images = [
        studio.renderer.draw(camera, cast(acted.pose(float(moment), style), now_s))
        for moment in moments_deg
    ]
    return images[0] if len(images) == 1 else add_motion_blur(images)


def _as_filmed(image: Image, plan: SeriesPlan, rng: np.random.Generator) -> Image:
    blurred = np.asarray(cv2.GaussianBlur(image, (0, 0), LENS_BLUR_PX), np.uint8)
    return add_sensor_noise(blurred, sigma_levels=plan.scene.noise_levels, rng=rng)


@contextmanager
def film_writer(
    path: Path, condition: Condition, frame_rate_hz: float
) -> Iterator[Callable[[Image, float], None]]:
    """Write frames with their own presentation times; the file appears when it is complete."""
    width_px, height_px = condition.size_px
    crf = _COMPRESSED_CRF if "compression" in condition.nuisances else CRF
    partial = path.with_name("partial-" + path.name)
    with av.open(str(partial), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(frame_rate_hz))
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        stream.codec_context.time_base = Fraction(1, _TICKS_HZ)
        stream.options = {"crf": str(crf), "preset": "veryfast", "threads": "1"}

        def write(image: Image, now_s: float) -> None:
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(now_s * _TICKS_HZ), Fraction(1, _TICKS_HZ)
            container.mux(stream.encode(frame))

        yield write
        container.mux(stream.encode(None))
    partial.replace(path)


def _film_and_read(
    studio: Studio, wanted: VerifiedSet, stills: Stills, recording: Recording, path: Path
) -> None:
    """Film a set and keep its truth and everybody's landmarks beside it."""
    side = acting_sides(stills)[0]
    truth_deg = film_set(studio, stills.plan, side, recording, path, guarded=wanted.guarded)
    movement = MOVEMENTS[wanted.movement]
    with open_video(path) as reader:
        poses = estimate_poses(reader, ensure_model(extras=movement.extra is not None), movement)
    keep_landmarks(path, poses.people, truth_deg)


def keep_landmarks(path: Path, people: list[LandmarkSeries], truth_deg: FloatArray) -> None:
    """Keep everybody's landmarks and the true angle (T,) beside a film."""
    columns: dict[str, Any] = {"truth_deg": truth_deg, "people": len(people)}
    for number, person in enumerate(people):
        for name in (each.name for each in fields(person)):
            if getattr(person, name) is not None:
                columns[f"{number}_{name}"] = getattr(person, name)
    partial = path.with_name(f"partial-{path.stem}.npz")
    np.savez_compressed(partial, **columns)
    partial.replace(path.with_suffix(".npz"))


def read_film(path: Path) -> tuple[Poses, FloatArray]:
    """Everybody's landmarks in a film and the true angle (T,), as they were kept beside it."""
    with open_video(path) as reader:
        info = reader.info
    with np.load(path.with_suffix(".npz")) as stored:
        columns = {name: stored[name] for name in stored.files}
    people = [_person(columns, f"{number}_") for number in range(int(columns["people"]))]
    truth_deg = np.asarray(columns["truth_deg"], float)
    time_s = people[0].time_s if people else np.zeros(0)
    rate_hz = (len(time_s) - 1) / (time_s[-1] - time_s[0]) if len(time_s) > 1 else None
    damage = Damage(skipped_frames=0, smeared_frames=0, missing_s=0.0)
    return Poses(people, info, len(truth_deg), rate_hz, damage), truth_deg


def _person(columns: dict[str, Any], prefix: str) -> LandmarkSeries:
    values = {
        name.removeprefix(prefix): value
        for name, value in columns.items()
        if name.startswith(prefix)
    }
    sizes: dict[str, Any] = {name: int(values[name]) for name in ("width_px", "height_px")}
    return LandmarkSeries(**(values | sizes))


def compare(
    wanted: VerifiedSet, stills: Stills, recording: Recording, path: Path
) -> tuple[VerifyRow, list[NoiseRow]]:
    """What the product makes of the filmed and of the composed set, and the noise between them."""
    side, movement = acting_sides(stills)[0], MOVEMENTS[wanted.movement]
    poses, truth_deg = read_film(path)
    request = AssessmentRequest(
        video=path, movement=movement.name, side=side if movement.has_side else None
    )
    outcome = assess_poses(request, poses, ensure_model(extras=movement.extra is not None))
    rendered = outcome.assessments[0]
    jittered = compose_set(stills, side, recording, jitter=MEASURED)
    composed = assess_composed(jittered, movement)
    peaks_deg = true_value_deg(recording, movement)
    reached_deg = peaks_deg + _missed_deg(truth_deg, recording)
    trace = outcome.traces[0] if outcome.traces else None
    course = _course(stills, side, truth_deg, trace) if trace else None
    fast, slow = _angle_noise(trace, course)
    composed_fast, _ = _composed_noise(jittered, stills, side, recording)
    row = VerifyRow(
        key=wanted.key,
        side=side.value,
        guarded=wanted.guarded,
        truth_deg=round(peaks_deg, 2),
        reached_deg=round(reached_deg, 2),
        rendered_value_deg=_rounded(rendered.value_deg),
        composed_value_deg=_rounded(composed.value_deg),
        rendered_error_deg=_less(rendered.value_deg, reached_deg),
        composed_error_deg=_less(composed.value_deg, peaks_deg),
        rendered_less_composed_deg=_less(rendered.value_deg, composed.value_deg),
        rendered_sem_deg=_rounded(rendered.sem_deg),
        composed_sem_deg=_rounded(composed.sem_deg),
        rendered_fast_deg=_rounded(fast),
        composed_fast_deg=_rounded(composed_fast),
        rendered_slow_deg=_rounded(slow),
        rendered_refusals=_codes(rendered, Severity.BLOCKING),
        composed_refusals=_codes(composed, Severity.BLOCKING),
        rendered_warnings=_codes(rendered, Severity.WARNING),
        composed_warnings=_codes(composed, Severity.WARNING),
        rendered_patterns=_patterns(rendered),
        composed_patterns=_patterns(composed),
    )
    if trace is None or course is None:
        return row, []
    parts = [
        measure_left_over(trace.series, course.series, part, key=wanted.name) for part in PARTS
    ]
    return row, [each for each in parts if each is not None]


def agreement(rows: Iterable[VerifyRow]) -> str:
    """Mean and 95 % limits of rendered less composed, guarded sets apart: there, manner differs."""
    lines = []
    rows = list(rows)
    for name, guarded in (("unguarded", False), ("guarded", True)):
        some = [row for row in rows if row.guarded is guarded]
        differences = np.array(
            [
                row.rendered_less_composed_deg
                for row in some
                if row.rendered_less_composed_deg is not None
            ]
        )
        if len(differences) < 2:
            lines.append(f"{name}: {len(differences)} of {len(some)} sets measured in both")
            continue
        mean, spread = differences.mean(), 1.96 * differences.std(ddof=1)
        lines.append(
            f"{name}: rendered less composed {mean:.2f}° "
            f"(95 % limits {mean - spread:.2f} to {mean + spread:.2f}°, "
            f"{len(differences)} of {len(some)} sets measured in both)"
        )
    return "\n".join(lines)


def _course(stills: Stills, side: Side, truth_deg: FloatArray, filmed: Trace) -> Trace:
    """The same movement read from the course through the stills at the same true angles."""
    series = interpolate(stills, positions(stills, side, truth_deg), filmed.series.time_s)
    if filmed.movement.joint in LEG_JOINTS:
        series, _ = repair_legs(series)
    return trace_movement(series, filmed.movement, filmed.side)


def _angle_noise(trace: Trace | None, course: Trace | None) -> tuple[float, float]:
    """Standard deviation of fast and slow difference between two traces, degrees."""
    if trace is None or course is None:
        return float("nan"), float("nan")
    left_over = (trace.angle_deg - course.angle_deg)[:, None]
    if not np.isfinite(left_over).any():
        return float("nan"), float("nan")
    slow, fast = split_course(left_over, trace.series.frame_rate_hz)
    return float(np.nanstd(fast)), float(np.nanstd(slow))


def _composed_noise(
    jittered: ComposedSet, stills: Stills, side: Side, recording: Recording
) -> tuple[float, float]:
    movement = MOVEMENTS[stills.plan.movement]
    clean = compose_set(stills, side, recording)
    return _angle_noise(
        trace_movement(jittered.series, movement, jittered.side),
        trace_movement(clean.series, movement, clean.side),
    )


def _missed_deg(truth_deg: FloatArray, recording: Recording) -> float:
    """Median of filmed less wanted true angle near the peaks: beyond its range nobody goes."""
    _, wanted_deg = draw_course(recording, np.random.default_rng(recording.seed))
    near = wanted_deg > min(recording.peaks_deg) - 2.0
    return float(np.median((truth_deg - wanted_deg)[near]))


def _codes(assessment: Assessment, severity: Severity) -> str:
    codes = [issue.code for issue in assessment.issues if issue.severity is severity]
    return " ".join(sorted(set(codes)))


def _patterns(assessment: Assessment) -> str:
    return " ".join(sorted({pattern.code for pattern in assessment.patterns}))


def _less(a_deg: float | None, b_deg: float | None) -> float | None:
    return None if a_deg is None or b_deg is None else round(a_deg - b_deg, 2)


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 2)


@lru_cache
def _bodies() -> dict[str, Body]:
    return read_bodies(tuple(member.person for member in cohort()))


def _write(path: Path, rows: list[VerifyRow] | list[NoiseRow]) -> None:
    if not rows:
        return
    partial = path.with_name("partial-" + path.name)
    with partial.open("w", newline="") as file:
        names = [each.name for each in fields(rows[0])]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    partial.replace(path)
