"""Landmarks of a file through the same measurement as those of a video."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rom.clinical.assessment import Assessment, Provenance
from rom.clinical.norms import Sex
from rom.errors import InputError, UsageError
from rom.exports.landmark_files import LandmarkFile, Origin, origin_from_text, read_landmarks
from rom.exports.trc_reading import PX_SUFFIX, read_trc_pair
from rom.kinematics.correction import NAME as CORRECTION
from rom.landmarks import LandmarkSeries
from rom.pipeline import AssessmentRequest, Damage, Outcome, Poses, Sides, assess_poses
from rom.pose.model import PoseModel
from rom.quality.issues import Issue, Severity, any_blocking
from rom.video.reading import VideoInfo

ORIGIN_SUFFIX = ".origin.json"
NOT_KNOWN = "not known"

NO_VISIBILITY = Issue(
    code="visibility_unknown",
    severity=Severity.WARNING,
    message="TRC files do not say how well each landmark was seen, so covered joints go unnoticed "
    "here. Import the NPZ file if you have it.",
)


def landmark_paths(path: Path) -> list[Path]:
    """The files of landmarks that a path names: itself, or those in a folder, by name."""
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.iterdir() if _is_landmark_file(each))
    archives = {each.stem for each in found if each.suffix == ".npz"}
    # The archive says more than the TRC files of the same set.
    return [each for each in found if each.suffix == ".npz" or _name(each) not in archives]


def read_landmark_file(path: Path) -> LandmarkFile:
    """Read an NPZ file, or TRC files with the origin beside them.

    Raises
    ------
    InputError
        The file cannot be read or holds something else.
    """
    if path.suffix == ".npz":
        return read_landmarks(path)
    if not path.name.endswith(PX_SUFFIX):
        raise InputError(
            f"Expected landmarks in pixels (NAME{PX_SUFFIX}) or an NPZ file, got {path}; angles"
            " are read in the image plane"
        )
    origin = _read_origin(path.with_name(_name(path) + ORIGIN_SUFFIX))
    issues = (NO_VISIBILITY, *origin.issues)
    return LandmarkFile(landmarks=read_trc_pair(path), origin=replace(origin, issues=issues))


def assess_landmarks(
    file: LandmarkFile,
    path: Path,
    *,
    movement: str | None = None,
    side: Sides = None,
    age: int | None = None,
    sex: Sex | None = None,
) -> Outcome:
    """Measure from landmarks; the movement and side are those of the origin unless named.

    Raises
    ------
    UsageError
        Neither names a movement.
    """
    origin, series = file.origin, file.landmarks
    if movement is None:
        movement, side = origin.movement, side or origin.side
    if movement is None:
        raise UsageError(
            f"Expected a movement for {path.name}, which names none; add --movement and --side"
        )
    request = AssessmentRequest(video=path, movement=movement, side=side, age=age, sex=sex)
    provenance = origin.provenance or _unknown_provenance(series)
    model = PoseModel(
        name=provenance.model, path=path, sha256=provenance.model_sha256, face_path=None
    )
    outcome = assess_poses(request, _poses(series, path, provenance), model)
    assessments = tuple(_as_filmed(each, origin, provenance) for each in outcome.assessments)
    return replace(outcome, assessments=assessments)


def _as_filmed(assessment: Assessment, origin: Origin, known: Provenance) -> Assessment:
    """The assessment with what only the recording itself could tell."""
    taken_out = (known.correction or "").partition("+")[2]
    provenance = replace(
        assessment.provenance,
        mediapipe_version=known.mediapipe_version,
        correction=f"{CORRECTION}+{taken_out}" if taken_out else CORRECTION,
    )
    view = assessment.view and replace(assessment.view, mirrored=origin.mirrored)
    issues = (*origin.issues, *assessment.issues)
    changed = replace(assessment, provenance=provenance, view=view)
    if assessment.measured and any_blocking(issues):
        return replace(
            changed,
            status="not_measured",
            value_deg=None,
            bound=None,
            sem_deg=None,
            mdc95_deg=None,
            accuracy_deg=None,
            normal_range=None,
            issues=issues,
        )
    return replace(changed, issues=issues)


def _poses(series: LandmarkSeries, path: Path, provenance: Provenance) -> Poses:
    info = VideoInfo(
        path=path,
        width_px=series.width_px,
        height_px=series.height_px,
        coded_width_px=series.width_px,
        coded_height_px=series.height_px,
        rotation_deg=0,
        codec=NOT_KNOWN,
        container=NOT_KNOWN,
        frame_rate_hz=None,
        duration_s=None,
        frame_count_estimate=len(series),
    )
    damage = Damage(skipped_frames=0, smeared_frames=0, missing_s=0.0)
    return Poses([series], info, provenance.frames, provenance.frame_rate_hz, damage)


def _unknown_provenance(series: LandmarkSeries) -> Provenance:
    span_s = float(series.time_s[-1] - series.time_s[0]) if len(series) > 1 else 0.0
    return Provenance(
        rom_version=NOT_KNOWN,
        model=NOT_KNOWN,
        model_sha256="0" * 64,
        mediapipe_version=NOT_KNOWN,
        correction=None,
        frames=len(series),
        frame_rate_hz=(len(series) - 1) / span_s if span_s else None,
    )


def _read_origin(path: Path) -> Origin:
    if not path.is_file():
        return Origin()
    try:
        return origin_from_text(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"Expected what the landmarks were read from, but {path} holds something else; remove"
            " it and name the movement with --movement"
        ) from error


def _is_landmark_file(path: Path) -> bool:
    return path.is_file() and (path.suffix == ".npz" or path.name.endswith(PX_SUFFIX))


def _name(path: Path) -> str:
    return path.name.removesuffix(PX_SUFFIX)
