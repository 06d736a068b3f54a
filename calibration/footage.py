"""Real footage with a reference: one man seen by four synchronised cameras, triangulated.

The clip shows nobody doing one of our movements: he balances on a leg and swings both arms, so the
product refuses every recording of it whole. What it would read frame by frame can still be held
against the reference, and against a plain three-point angle in the image plane.

*Not refused* means a frame that passes every gate that can be asked of a single frame, with the
product's own limits: the landmarks are seen, in the picture and surely of one person; the body's
turn in this frame keeps the camera within the blocking limit of the movement's plane, and the
measured side towards the camera where the view is from the side; the moving segment is at least as
long in the picture as the blocking limit asks, against its own longest in the recording. Gates on
a set (repetitions, a level start, other joints at rest) have nothing to say of a single frame; what
the product answers for the whole recording stands beside it.

The reference is good to about 5° for arms and 8° for legs (another triangulation and a skeletal
model fitted to it differ by so much), so a difference below that says nothing. The clip is for
checking only; nothing may be fitted on it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np

from calibration.naive import included_deg, naive_angle_deg
from rom.checks import check_trace
from rom.kinematics.geometry import length_px
from rom.kinematics.orientation import frame_yaw_deg
from rom.landmarks import BoolArray, FloatArray, LandmarkSeries, Side
from rom.movements import Movement, movement_named
from rom.pipeline import estimate_poses
from rom.pose.model import PoseModel, ensure_model
from rom.quality.limits import limits
from rom.quality.view import check_view, far_side
from rom.quality.visibility import moving_segment_px
from rom.trace import Trace, compute_native_reading, corrected_deg, trace_movement
from rom.video.reading import open_video

MOVEMENTS = (
    "shoulder_flexion",
    "shoulder_abduction",
    "elbow_flexion",
    "hip_flexion",
    "hip_abduction",
    "knee_flexion",
)
NAIVE_SIGNED = ("hip_abduction",)
JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
YAW_STEP_DEG = 10.0
SAME_PERSON_TRUNKS = 0.35
"""Landmarks whose median distance from the reference is below this lie on the same person: the
reference's own reprojection error is 0.04 trunk lengths, the next person stands several away."""

JointsM = dict[tuple[str, Side], FloatArray]


@dataclass(frozen=True, eq=False)
class ReferenceCamera:
    """A calibrated camera; world to camera is rotation @ x + translation, in metres."""

    rotation: FloatArray
    translation_m: FloatArray
    matrix_px: FloatArray
    distortion: FloatArray
    width_px: int
    height_px: int

    def project_px(self, points_m: FloatArray) -> FloatArray:
        """(T, 2) pixels of the calibrated picture of (T, 3) points of the world."""
        turn, _ = cv2.Rodrigues(self.rotation)
        pixels, _ = cv2.projectPoints(
            np.ascontiguousarray(points_m),
            turn,
            self.translation_m,
            self.matrix_px,
            self.distortion,
        )
        projected: FloatArray = pixels[:, 0].astype(np.float64)
        return projected


def read_cameras(calibration: Path) -> dict[str, ReferenceCamera]:
    """Cameras by name from a Qualisys calibration file, millimetres and 1/64 pixels inside.

    Its camera looks along -z with y up, OpenCV's along +z with y down.
    """
    root = ElementTree.parse(calibration).getroot()
    return {camera.attrib["serial"]: _camera(camera) for camera in root.iter("camera")}


def _camera(element: ElementTree.Element) -> ReferenceCamera:
    def numbers(tag: str, *names: str) -> FloatArray:
        found = element.find(tag)
        if found is None:
            raise ValueError(f"expected <{tag}> for every camera of the calibration")
        return np.array([float(found.attrib[name]) for name in names])

    rows = numbers("transform", *(f"r{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3)))
    rotation = np.diag([1.0, -1.0, -1.0]) @ rows.reshape(3, 3)
    focal_u, focal_v, middle_u, middle_v = (
        numbers("intrinsic", "focalLengthU", "focalLengthV", "centerPointU", "centerPointV") / 64.0
    )
    right, bottom = numbers("fov_video", "right", "bottom")
    return ReferenceCamera(
        rotation=rotation,
        translation_m=-rotation @ numbers("transform", "x", "y", "z") / 1000.0,
        matrix_px=np.array([[focal_u, 0, middle_u], [0, focal_v, middle_v], [0, 0, 1.0]]),
        distortion=numbers(
            "intrinsic",
            "radialDistortion1",
            "radialDistortion2",
            "tangentalDistortion1",
            "tangentalDistortion2",
        ),
        width_px=int(right) + 1,
        height_px=int(bottom) + 1,
    )


def read_joints(triangulated: Path) -> JointsM:
    """(T, 3) reference joint centres in metres by joint and side."""
    data = np.load(triangulated)
    return {
        (joint, side): data[f"trc_{side.name[0]}{joint.capitalize()}"].astype(np.float64)
        for joint in JOINTS
        for side in Side
    }


def reference_deg(joints: JointsM, movement: Movement, side: Side) -> FloatArray:
    """(T,) reference angle of a movement, zero and sign as on the bench (`calibration.truth`).

    The arm's elevation and the thigh count from mid-hip to mid-shoulder, in the body's own planes;
    a hip's flexion is the component in its sagittal plane, its abduction that in the plane of
    hips and trunk. Elbow and knee are included angles, so that they are never negative.
    """
    line = {joint: joints[joint, side] for joint in JOINTS}
    if movement.joint == "elbow":
        return included_deg(line["elbow"] - line["shoulder"], line["wrist"] - line["elbow"])
    if movement.joint == "knee":
        return included_deg(line["knee"] - line["hip"], line["ankle"] - line["knee"])
    is_arm = movement.joint == "shoulder"
    across = "shoulder" if is_arm else "hip"
    limb = line["elbow"] - line["shoulder"] if is_arm else line["knee"] - line["hip"]
    leftward = joints[across, Side.LEFT] - joints[across, Side.RIGHT]
    up = middle_m(joints, "shoulder") - middle_m(joints, "hip")
    return _in_body_deg(movement, side, limb, leftward, up)


def middle_m(joints: JointsM, joint: str) -> FloatArray:
    """(T, 3) midpoint of both sides."""
    middle: FloatArray = 0.5 * (joints[joint, Side.LEFT] + joints[joint, Side.RIGHT])
    return middle


def _in_body_deg(
    movement: Movement, side: Side, limb: FloatArray, leftward: FloatArray, up: FloatArray
) -> FloatArray:
    if movement.joint == "hip" and movement.motion == "abduction":  # the pelvis is its reference
        left = _unit(leftward)
        up = _unit(up - _dot(up, left)[:, None] * left)
    else:
        up = _unit(up)
        left = _unit(leftward - _dot(leftward, up)[:, None] * up)
    outward = (1.0 if side is Side.LEFT else -1.0) * _dot(limb, left)
    forward, down = _dot(limb, np.cross(left, up)), -_dot(limb, up)
    towards = outward if movement.motion == "abduction" else forward
    if movement.joint == "hip":
        return np.degrees(np.arctan2(towards, down))
    elevation = np.degrees(np.arctan2(np.hypot(outward, forward), down))
    return signed_elevation_deg(elevation, np.degrees(np.arctan2(towards, down)))


def signed_elevation_deg(elevation_deg: FloatArray, in_plane_deg: FloatArray) -> FloatArray:
    """Elevation with the sign of the movement's plane, by the rule of `calibration.truth`.

    Up to 20° the component in the plane counts, from 40° on the elevation; past overhead it stays
    positive.
    """
    in_plane = np.where(in_plane_deg < -90.0, in_plane_deg + 360.0, in_plane_deg)
    share = np.clip((np.abs(in_plane) - 20.0) / 20.0, 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    size = (1.0 - share) * np.minimum(np.abs(in_plane), 180.0) + share * elevation_deg
    signed: FloatArray = np.copysign(size, in_plane)
    return signed


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = vector / np.linalg.norm(vector, axis=-1, keepdims=True)
    return unit


def _dot(first: FloatArray, second: FloatArray) -> FloatArray:
    dot: FloatArray = (first * second).sum(axis=-1)
    return dot


def identity_px(
    series: LandmarkSeries, camera: ReferenceCamera, joints: JointsM
) -> tuple[FloatArray, FloatArray]:
    """(T,) distance of the landmarks from the reprojected reference, in its trunk lengths.

    The median over both sides' joints, first with the landmarks' own names, then with left and
    right exchanged.
    """
    scale = np.array([series.width_px / camera.width_px, series.height_px / camera.height_px])
    seen = {key: camera.project_px(points) * scale for key, points in joints.items()}
    trunk_px = length_px(
        sum(seen["shoulder", side] - seen["hip", side] for side in Side) / len(Side)
    )

    def distance(exchanged: bool) -> FloatArray:
        apart = [
            length_px(series.side_px(joint, side.other if exchanged else side) - seen[joint, side])
            for joint in JOINTS
            for side in Side
        ]
        median: FloatArray = np.median(apart, axis=0) / trunk_px
        return median

    return distance(False), distance(True)


@dataclass(frozen=True, eq=False)
class FrameReading:
    """(T,) angles, NaN where not read, and (T,) novelty of the postures."""

    angle_deg: FloatArray
    novelty: FloatArray


def read_frames(trace: Trace) -> FrameReading:
    """What would be read in a recording of people who stand as in each frame.

    The product judges once a recording how somebody stands, and refuses one in which he turns
    about; frame by frame the standing has to be judged in the same way by reading and gates.
    """
    series, movement, side = trace.series, trace.movement, trace.side
    yaw_deg = frame_yaw_deg(series)
    turned = YAW_STEP_DEG * np.round(yaw_deg / YAW_STEP_DEG)
    angle_deg, novelty = np.full((2, len(series)), np.nan)
    for yaw in np.unique(turned[np.isfinite(turned)]):
        body = replace(
            trace.body,
            yaw_deg=float(yaw),
            forward=-1 if yaw > 0.0 else 1,
            leftward=1 if abs(yaw) <= 90.0 else -1,
        )
        rows = turned == yaw
        reading_deg = compute_native_reading(series, movement, side, body)
        corrected, unusual = corrected_deg(series, movement, side, body, reading_deg)
        angle_deg[rows], novelty[rows] = corrected[rows], unusual[rows]
    return FrameReading(np.where(trace.usable, angle_deg, np.nan), novelty)


def refusals(trace: Trace, reading: FrameReading) -> dict[str, BoolArray]:
    """(T,) frames that each of the product's gates forbids, by the gate's code."""
    series, movement, side, body = trace.series, trace.movement, trace.side, trace.body
    turned = [replace(body, yaw_deg=float(yaw)) for yaw in frame_yaw_deg(series)]
    nothing = np.zeros(len(series), np.bool_)
    off_plane = [
        any(
            issue.code == "camera_off_plane" and issue.blocking
            for issue in check_view(series, movement, side, each, moving=nothing, rest=nothing)
        )
        for each in turned
    ]
    length = moving_segment_px(series, movement, side)
    ratio = length / np.nanpercentile(length, 90)
    return {
        "not_read": ~np.isfinite(reading.angle_deg),
        "camera_off_plane": np.array(off_plane),
        "far_side": np.array([far_side(movement, side, each) for each in turned]),
        "limb_out_of_plane": ratio < float(limits()["limb_out_of_plane"].blocking or 0.0),
        "posture_unusual": reading.novelty > (limits()["posture_unusual"].blocking or np.inf),
    }


@dataclass(frozen=True, kw_only=True)
class FootageRow:
    """One movement of one side in one camera; errors are mean absolute ones in degrees.

    Attributes
    ----------
    refused_frac
        Share of frames refused; `refused_by` has the share of each gate.
    naive_all_deg, rom_all_deg
        Over all frames, refused or not.
    naive_deg, rom_deg
        Over the frames that are not refused; NaN without any. Where the plain angle has no sign
        it is held against the size of the reference, in its favour; ours always against the sign.
    other_person_frac, exchanged_frac
        Shares of frames that follow somebody else, and that name left what is right.
    recording_refused_by
        Blocking issues of the product for the whole recording, before counting repetitions.
    """

    camera: str
    movement: str
    side: str
    frames: int
    kept: int
    refused_frac: float
    refused_by: str
    naive_all_deg: float
    rom_all_deg: float
    naive_deg: float
    rom_deg: float
    other_person_frac: float
    exchanged_frac: float
    kept_exchanged_frac: float
    recording_refused_by: str


def compare(
    name: str, series: LandmarkSeries, camera: ReferenceCamera, joints: JointsM
) -> Iterator[FootageRow]:
    """Hold one camera's readings against the reference."""
    named, exchanged = identity_px(series, camera, joints)
    other_person = ~(np.minimum(named, exchanged) <= SAME_PERSON_TRUNKS)
    wrong_side = exchanged < named
    for movement in map(movement_named, MOVEMENTS):
        for side in Side:
            trace = trace_movement(series, movement, side)
            reading = read_frames(trace)
            gates = refusals(trace, reading)
            kept = ~np.any(list(gates.values()), axis=0)
            truth_deg = reference_deg(joints, movement, side)
            naive_deg = naive_angle_deg(series, movement, side, "image")
            signed = movement.name in NAIVE_SIGNED
            naive_error = np.abs(naive_deg - (truth_deg if signed else np.abs(truth_deg)))
            rom_error = np.abs(reading.angle_deg - truth_deg)
            yield FootageRow(
                camera=name,
                movement=movement.name,
                side=side.value,
                frames=len(series),
                kept=int(kept.sum()),
                refused_frac=float(1.0 - kept.mean()),
                refused_by=" ".join(f"{k}:{v.mean():.2f}" for k, v in gates.items() if v.any()),
                naive_all_deg=_mean(naive_error),
                rom_all_deg=_mean(rom_error),
                naive_deg=_mean(naive_error[kept]),
                rom_deg=_mean(rom_error[kept]),
                other_person_frac=float(other_person.mean()),
                exchanged_frac=float(wrong_side.mean()),
                kept_exchanged_frac=_mean(wrong_side[kept].astype(np.float64)),
                recording_refused_by=" ".join(i.code for i in check_trace(trace) if i.blocking),
            )


def _mean(values: FloatArray) -> float:
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if len(seen) else float("nan")


def pooled(rows: list[FootageRow], name: str) -> FootageRow:
    """Rows as one: shares and errors weighted by the frames they are of."""
    frames, kept = (np.array([getattr(row, key) for row in rows]) for key in ("frames", "kept"))

    def mean(key: str, weights: FloatArray) -> float:
        values = np.array([getattr(row, key) for row in rows])
        known = np.isfinite(values) & (weights > 0)
        return float(np.average(values[known], weights=weights[known])) if known.any() else np.nan

    of_kept = ("naive_deg", "rom_deg", "kept_exchanged_frac")
    of_all = (
        "refused_frac",
        "naive_all_deg",
        "rom_all_deg",
        "other_person_frac",
        "exchanged_frac",
    )
    means = {key: mean(key, kept) for key in of_kept} | {key: mean(key, frames) for key in of_all}
    refused = sum(bool(row.recording_refused_by) for row in rows)
    return FootageRow(
        camera="all",
        movement=name,
        side="both",
        frames=int(frames.sum()),
        kept=int(kept.sum()),
        refused_by="",
        recording_refused_by=f"{refused} of {len(rows)} recordings",
        **means,
    )


def follow(video: Path, model: PoseModel) -> LandmarkSeries:
    """Landmarks of the person that the product saw longest.

    Raises
    ------
    ValueError
        Nobody was found.
    """
    with open_video(video) as reader:
        poses = estimate_poses(reader, model, movement_named(MOVEMENTS[0]))
    if not poses.people:
        raise ValueError(f"expected a person in {video.name}, found nobody; check the file")
    return poses.people[0]


def report_footage(folder: Path, out_csv: Path) -> list[FootageRow]:
    """Measure every camera's video in `folder`, write the table, and return its rows.

    Parameters
    ----------
    folder
        With `videos/camNN.mp4`, `reference/Calib.qca.txt` and
        `reference/triangulated_joints_m.npz`.
    """
    cameras = read_cameras(folder / "reference" / "Calib.qca.txt")
    joints = read_joints(folder / "reference" / "triangulated_joints_m.npz")
    model = ensure_model()
    rows: list[FootageRow] = []
    for video in sorted((folder / "videos").glob("*.mp4")):
        rows += compare(video.stem, follow(video, model), cameras[video.stem], joints)
    rows += [pooled([row for row in rows if row.movement == name], name) for name in MOVEMENTS]
    rows.append(pooled([row for row in rows if row.camera != "all"], "all"))
    write_rows(rows, out_csv)
    return rows


def write_rows(rows: list[FootageRow], out_csv: Path) -> None:
    """One row a line; what is not known stays empty."""
    out_csv.parent.mkdir(parents=True, exist_ok=True)
    with out_csv.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(asdict(rows[0])), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in asdict(row).items()} for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.3g}"
    return value


def main(folder: Path) -> None:
    """Write `calibration/results/footage.csv` and print what it comes to."""
    rows = report_footage(folder, Path(__file__).parent / "results" / "footage.csv")
    for row in (row for row in rows if row.camera == "all"):
        print(
            f"{row.movement:20s} {row.kept:5d} of {row.frames} frames not refused, "
            f"naive {row.naive_deg:5.1f}°, rom {row.rom_deg:5.1f}°, "
            f"{row.other_person_frac:.0%} another person, {row.exchanged_frac:.0%} sides exchanged"
        )
