"""How the person stands towards the camera: turned by how much, facing which way.

Signs of angles hang on this, so it is decided once for a recording from all of its frames and not
frame by frame; that is what keeps a value from flipping when a person turns a little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rom.landmarks import FloatArray, Landmark, LandmarkSeries, Side


@dataclass(frozen=True, kw_only=True)
class Orientation:
    """Standing of the body towards the camera.

    Attributes
    ----------
    yaw_deg
        0 facing the camera, +90 the left side towards the camera, -90 the right side, 180 the back.
        NaN when the person was never seen.
    forward
        +1 when "forwards" of the person points to the right of the image, -1 to the left.
    leftward
        +1 when the person's left points to the right of the image (facing the camera), else -1.
    forward_agreement, leftward_agreement
        Share of the evidence, 0.5 to 1, that agrees with the sign.
    """

    yaw_deg: float
    forward: int
    leftward: int
    forward_agreement: float
    leftward_agreement: float

    def lateral(self, side: Side) -> int:
        """+1 when away from the midline on that side points to the right of the image."""
        return self.leftward if side is Side.LEFT else -self.leftward

    @property
    def camera_side(self) -> Side:
        """The side of the person that is nearer to the camera in a view from the side."""
        return Side.LEFT if self.yaw_deg >= 0.0 else Side.RIGHT

    def off_side_view_deg(self) -> float:
        """Signed angle of the camera off a pure view from the side, positive to the front."""
        return 90.0 - abs(self.yaw_deg)

    def off_front_view_deg(self, side: Side) -> float:
        """Signed angle off a view from the front (or back), positive towards that side."""
        from_front = self.yaw_deg if abs(self.yaw_deg) <= 90.0 else 180.0 - self.yaw_deg
        wrapped = (from_front + 180.0) % 360.0 - 180.0
        return wrapped if side is Side.LEFT else -wrapped


def _body_scale_px(series: LandmarkSeries) -> FloatArray:
    trunk = series.middle_px("shoulder") - series.middle_px("hip")
    scale: FloatArray = np.hypot(trunk[:, 0], trunk[:, 1])
    return scale


def _weighted_sign(evidence: FloatArray) -> tuple[int, float]:
    """Sign of the summed evidence and the share of its weight that agrees."""
    finite = evidence[np.isfinite(evidence)]
    total = float(np.abs(finite).sum())
    if total == 0.0:
        return 1, 0.5
    balance = float(finite.sum()) / total
    return (1 if balance >= 0.0 else -1), 0.5 + 0.5 * abs(balance)


def frame_yaw_deg(series: LandmarkSeries) -> FloatArray:
    """(T,) turn of shoulders and hips about the vertical in the model's metric landmarks."""
    world = series.world_m
    across = (
        world[:, Landmark.LEFT_SHOULDER]
        - world[:, Landmark.RIGHT_SHOULDER]
        + world[:, Landmark.LEFT_HIP]
        - world[:, Landmark.RIGHT_HIP]
    )
    yaw: FloatArray = np.degrees(np.arctan2(-across[:, 2], across[:, 0]))
    return yaw


def _circular_median_deg(angles_deg: FloatArray) -> float:
    finite = np.radians(angles_deg[np.isfinite(angles_deg)])
    if len(finite) == 0:
        return float("nan")
    centre = np.arctan2(np.sin(finite).mean(), np.cos(finite).mean())
    offsets = np.angle(np.exp(1j * (finite - centre)))
    yaw = np.degrees(centre + np.median(offsets))
    return float((yaw + 180.0) % 360.0 - 180.0)


def _forward_evidence(series: LandmarkSeries) -> FloatArray:
    """Cues for "forwards is to the right": nose before ears, toes before heels, in trunks."""
    scale = _body_scale_px(series)
    ears = series.middle_px("ear")[:, 0]
    cues = [series.point_px(Landmark.NOSE)[:, 0] - ears]
    for side in Side:
        cues.append(series.side_px("foot_index", side)[:, 0] - series.side_px("heel", side)[:, 0])
    with np.errstate(invalid="ignore", divide="ignore"):
        evidence = np.stack(cues) / scale
    return np.clip(evidence, -0.5, 0.5)


def estimate_orientation(series: LandmarkSeries) -> Orientation:
    """Estimate the standing of the body from all frames of a recording."""
    yaw_deg = _circular_median_deg(frame_yaw_deg(series))
    forward, forward_agreement = _weighted_sign(_forward_evidence(series))
    with np.errstate(invalid="ignore", divide="ignore"):
        across = np.concatenate(
            [
                (series.side_px(name, Side.LEFT) - series.side_px(name, Side.RIGHT))[:, 0]
                / _body_scale_px(series)
                for name in ("shoulder", "hip")
            ]
        )
    leftward, leftward_agreement = _weighted_sign(across)
    return Orientation(
        yaw_deg=yaw_deg,
        forward=forward,
        leftward=leftward,
        forward_agreement=forward_agreement,
        leftward_agreement=leftward_agreement,
    )
