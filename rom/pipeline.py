"""One recording, end to end: video in, assessment out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

import rom
from rom.assess import Person, assess_movement, refused
from rom.camera.intrinsics import typical_intrinsics
from rom.camera.storage import read_camera
from rom.camera.straighten import Straightening
from rom.clinical.agreement.switched_on import LocalErrors
from rom.clinical.assessment import Assessment, Provenance
from rom.clinical.norms import Sex
from rom.clinical.sets_together import both_sides
from rom.clinical.signs.finding import find_signs, unjudged_signs
from rom.kinematics.correction import NAME as CORRECTION
from rom.landmarks import LandmarkSeries, Side
from rom.movements import Extra, Movement, SideKind, measurable_movements, movement_named
from rom.pose.estimator import PoseEstimator, mediapipe_version
from rom.pose.model import PoseModel, ensure_model
from rom.pose.tracking import PersonTracker
from rom.quality.issues import Issue
from rom.quality.light import check_light
from rom.quality.limits import blocking, warning
from rom.quality.people import check_successors
from rom.recognition import recognise_movement
from rom.subject import SubjectHint, choose_subject, is_present
from rom.trace import Trace
from rom.video.exposure import lit_level
from rom.video.reading import VideoInfo, VideoReader, open_video

Sides = Side | Literal["both"] | None
Progress = Callable[[float | None], None]

LIT_EVERY_FRAMES = 15
"""The light of a room hardly changes within half a second."""
CUT_SHORT_S = 0.5
"""A recording that ends this much before its stated duration has lost its end."""


@dataclass(frozen=True, kw_only=True)
class AssessmentRequest:
    """What to measure in which recording.

    Attributes
    ----------
    movement
        Name of a movement, or "auto".
    side
        Of the person; for lateral flexion and rotation the direction moved to; "both" reads left
        and right from one recording that alternates.
    mirrored
        Whether the recording is a mirror image, as selfie cameras make.
    camera
        Name of a calibrated camera, whose lens is taken out of the landmarks.
    camera_tilt_deg
        How far upright things lean clockwise in the recording, to be levelled.
    local_errors
        Error figures of the user's own, used where they hold for the recording.
    """

    video: Path
    movement: str
    side: Sides = None
    subject: SubjectHint | None = None
    mirrored: bool = False
    camera: str | None = None
    camera_tilt_deg: float = 0.0
    age: int | None = None
    sex: Sex | None = None
    model: Path | None = None
    local_errors: LocalErrors | None = None


@dataclass(frozen=True, kw_only=True)
class Damage:
    """What of the recording could not be decoded.

    `smeared_frames` follow a skipped one and may show a wrong picture; nothing is read from them.
    """

    skipped_frames: int
    smeared_frames: int
    missing_s: float


@dataclass(frozen=True, eq=False)
class Poses:
    """Everybody's landmarks in a recording, the person seen longest first.

    `lit_level` is the median of `rom.video.exposure.lit_level`; None where it is not known.
    """

    people: list[LandmarkSeries]
    info: VideoInfo
    frames: int
    frame_rate_hz: float | None
    damage: Damage
    lit_level: float | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of one recording: one assessment, or left and right.

    Attributes
    ----------
    traces
        What each assessment was read from, in the same order; empty where it was refused first.
    arc_deg
        Left plus right of a movement named by direction; None unless both were measured.
    landmarks
        Of the subject as every side was assessed from them (`assess_movement`); None where the
        subject was not found.
    straightening
        What the landmarks of the traces went through first; None where nothing was asked for.
    """

    request: AssessmentRequest
    assessments: tuple[Assessment, ...]
    traces: tuple[Trace, ...] = field(default=())
    arc_deg: float | None = None
    landmarks: LandmarkSeries | None = None
    straightening: Straightening | None = None

    @property
    def both_sides(self) -> bool:
        return len(self.assessments) == 2

    def as_filmed(self) -> Outcome:
        """The outcome with its landmarks where they were filmed, to draw on the recording."""
        straightening = self.straightening
        if straightening is None:
            return self
        traces = (
            replace(trace, series=straightening.filmed(trace.series)) for trace in self.traces
        )
        return replace(self, traces=tuple(traces), straightening=None)

    def to_json(self, *, series: bool = False) -> dict[str, object]:
        """The assessment, or both under `left` and `right` with `arc_deg`."""
        assessments = self.assessments
        if not series:
            assessments = tuple(replace(assessment, series=None) for assessment in assessments)
        objects = [assessment.to_json() for assessment in assessments]
        if not self.both_sides:
            return dict(objects[0])
        return {"left": objects[0], "right": objects[1], "arc_deg": self.arc_deg}


def assess_recording(request: AssessmentRequest, *, progress: Progress | None = None) -> Outcome:
    """Measure one recording.

    Raises
    ------
    UsageError
        Unknown movement, or a camera that is not calibrated.
    InputError
        The video cannot be read, or is of another shape than those of the camera.
    ModelError
        The pose model is not there or cannot be loaded.
    """
    movement = None if request.movement == "auto" else movement_named(request.movement)
    face, hands = needed_extras(movement)
    model = ensure_model(request.model, extras=face or hands)
    with open_video(request.video) as reader:
        straightening = straightening_for(request, reader.info)
        if movement is not None and not movement.measurable:
            return _refusal(request, movement, [_not_measurable(movement)], model, None)
        poses = estimate_poses(reader, model, movement, progress=progress)
    return assess_poses(request, poses, model, straightening)


def straightening_for(request: AssessmentRequest, info: VideoInfo) -> Straightening | None:
    """Return what takes the request's camera out of landmarks; None where nothing was asked for.

    It works on the picture as it is without mirroring: a board that is mirrored is not found, so
    no mirror image was ever calibrated. Without a calibration, a usual lens is assumed.

    Raises
    ------
    UsageError
        The camera is not calibrated.
    InputError
        The recording is of another shape than those of the camera.
    """
    names = []
    lens = typical_intrinsics(width_px=info.width_px, height_px=info.height_px)
    if request.camera is not None:
        camera = read_camera(request.camera)
        lens = camera.intrinsics_for(
            width_px=info.width_px, height_px=info.height_px, rotation_deg=info.rotation_deg
        )
        names.append(f"camera:{camera.name}/{camera.calibrated_on}")
    if request.camera_tilt_deg:
        names.append(f"tilt:{request.camera_tilt_deg:g}")
    if not names:
        return None
    roll_deg = -request.camera_tilt_deg if request.mirrored else request.camera_tilt_deg
    return Straightening(intrinsics=lens, roll_deg=roll_deg, name="+".join(names))


def needed_extras(movement: Movement | None) -> tuple[bool, bool]:
    """Whether face and hand points are needed; an unnamed movement may be one of the neck."""
    if movement is None:
        return True, False
    return movement.extra is Extra.FACE, movement.extra is Extra.HAND


def estimate_poses(
    reader: VideoReader,
    model: PoseModel,
    movement: Movement | None,
    *,
    progress: Progress | None = None,
) -> Poses:
    """Read all frames and follow everybody in them; None stands for any movement."""
    tracker, smeared, lit_levels = PersonTracker(), 0, []
    face, hands = needed_extras(movement)
    with PoseEstimator(model, face=face, hands=hands) as estimator:
        for number, frame in enumerate(reader):
            if number % LIT_EVERY_FRAMES == 0:
                lit_levels.append(lit_level(frame.rgb))
            smeared += frame.after_loss
            poses = [] if frame.after_loss else estimator.estimate(frame.rgb, frame.time_s)
            tracker.add(frame.time_s, poses)
            if progress is not None:
                duration_s = reader.info.duration_s
                progress(min(1.0, frame.time_s / duration_s) if duration_s else None)
    info = reader.info
    people = [
        tracker.series(track, width_px=info.width_px, height_px=info.height_px)
        for track in tracker.people()
    ]
    times_s = tracker.time_s
    rate_hz = (len(times_s) - 1) / (times_s[-1] - times_s[0]) if len(times_s) > 1 else None
    damage = Damage(
        skipped_frames=reader.corrupt_frames, smeared_frames=smeared, missing_s=reader.missing_s
    )
    lit = float(np.median(lit_levels)) if lit_levels else None
    return Poses(people, info, len(times_s), rate_hz, damage, lit)


def assess_poses(
    request: AssessmentRequest,
    poses: Poses,
    model: PoseModel,
    straightening: Straightening | None = None,
) -> Outcome:
    """Measure from landmarks: choose the subject, name the movement, assess each side. Pure.

    `straightening` is what `straightening_for` returned for the recording of the landmarks.
    """
    movement = None if request.movement == "auto" else movement_named(request.movement)
    issues = _reading_issues(poses)
    if not poses.people:
        issues.append(
            blocking(
                "no_person",
                "No person was found in the recording. Make sure that all of you is in the "
                "picture, in good light, and try again.",
            )
        )
        return _refusal(request, movement, issues, model, poses)
    people = [person.mirrored() for person in poses.people] if request.mirrored else poses.people
    candidates = list(measurable_movements()) if movement is None else [movement]
    chosen = choose_subject(
        people, candidates, _one_side(request.side), _scaled_hint(request, poses)
    )
    if isinstance(chosen, Issue):
        return _refusal(request, movement, [*issues, chosen], model, poses)
    issues += check_successors(sum(is_present(person) for person in people), chosen)
    if straightening is not None:
        chosen = straightening.straight(chosen)
    side = request.side
    if movement is None:
        guess = recognise_movement(chosen, _one_side(side))
        if isinstance(guess, Issue):
            return _refusal(request, None, [*issues, guess], model, poses)
        movement, side = guess.movement, side or guess.side
    provenance = _provenance(model, poses, straightening)
    outcome = _assess_sides(request, chosen, movement, side, tuple(issues), provenance)
    return replace(outcome, straightening=straightening)


def _assess_sides(
    request: AssessmentRequest,
    series: LandmarkSeries,
    movement: Movement,
    side: Sides,
    issues: tuple[Issue, ...],
    provenance: Provenance,
) -> Outcome:
    both = side == "both" and movement.has_side
    sides = list(Side) if both else [_one_side(side) if movement.has_side else None]
    results = [
        assess_movement(
            series,
            movement,
            one_side,
            person=Person(age=request.age, sex=request.sex),
            provenance=provenance,
            mirrored=request.mirrored,
            issues=issues,
            local_errors=request.local_errors,
        )
        for one_side in sides
    ]
    assessments = tuple(_with_signs(assessment, trace) for assessment, trace in results)
    if both:
        assessments = both_sides(*assessments)
    traces = tuple(trace for _, trace in results)
    arc_deg = _arc_deg(movement, assessments)
    return Outcome(request, assessments, traces, arc_deg, landmarks=series)


def _with_signs(assessment: Assessment, trace: Trace) -> Assessment:
    """The set with its protective signs; nothing is said of one that could not be measured."""
    if assessment.measured:
        return replace(assessment, signs=find_signs(trace))
    why = "The set could not be measured."
    return replace(assessment, signs=unjudged_signs(assessment.movement, why))


def _arc_deg(movement: Movement, assessments: tuple[Assessment, ...]) -> float | None:
    if len(assessments) != 2 or movement.side_kind is not SideKind.DIRECTION:
        return None
    left, right = (assessment.value_deg for assessment in assessments)
    return None if left is None or right is None else left + right


def _one_side(side: Sides) -> Side | None:
    return side if isinstance(side, Side) else None


def _scaled_hint(request: AssessmentRequest, poses: Poses) -> SubjectHint | None:
    """The hint in analysed pixels; its own are those of the upright video as it is shown."""
    hint, info = request.subject, poses.info
    if hint is None:
        return None
    upright = (info.coded_width_px, info.coded_height_px)
    if info.rotation_deg in (90, 270):
        upright = (upright[1], upright[0])
    x_px = hint.x_px * info.width_px / upright[0]
    if request.mirrored:
        x_px = info.width_px - x_px
    return SubjectHint(x_px=x_px, y_px=hint.y_px * info.height_px / upright[1], time_s=hint.time_s)


def _reading_issues(poses: Poses) -> list[Issue]:
    damage, advice = poses.damage, "Copy the file again from the camera if you can."
    issues = []
    lost = damage.skipped_frames + damage.smeared_frames
    if lost:
        issues.append(
            warning(
                "corrupt_frames",
                f"{damage.skipped_frames} damaged frames of the video were skipped and "
                f"{damage.smeared_frames} that build on them were not used. {advice}",
                value=float(lost),
                unit="frames",
            )
        )
    if damage.missing_s > CUT_SHORT_S:
        issues.append(
            warning(
                "recording_cut",
                f"The last {damage.missing_s:.1f} s of the recording are missing. {advice}",
                value=round(damage.missing_s, 2),
                unit="s",
            )
        )
    if poses.lit_level is not None:
        issues += check_light(poses.lit_level)
    return issues


def _not_measurable(movement: Movement) -> Issue:
    return blocking(
        "not_measurable_with_one_camera",
        f"{movement.name} is not measured with one camera: {movement.not_measurable}",
    )


def _provenance(
    model: PoseModel, poses: Poses | None, straightening: Straightening | None = None
) -> Provenance:
    # Two results are comparable only where all that was corrected is the same.
    rate_hz = poses.frame_rate_hz if poses else None
    return Provenance(
        rom_version=rom.__version__,
        model=model.name,
        model_sha256=model.sha256,
        mediapipe_version=mediapipe_version(),
        correction=f"{CORRECTION}+{straightening.name}" if straightening else CORRECTION,
        frames=poses.frames if poses else 0,
        frame_rate_hz=None if rate_hz is None else round(rate_hz, 3),
    )


def _refusal(
    request: AssessmentRequest,
    movement: Movement | None,
    issues: list[Issue],
    model: PoseModel,
    poses: Poses | None,
) -> Outcome:
    provenance = _provenance(model, poses)
    sides = list(Side) if request.side == "both" else [_one_side(request.side)]
    return Outcome(
        request,
        tuple(
            refused(movement, side, issues=tuple(issues), provenance=provenance) for side in sides
        ),
    )
