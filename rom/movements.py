"""The catalogue of movements, each written once without a side.

Zero and sign are the same everywhere: 0 is the anatomical neutral position and positive is the
direction that the movement is named after. Names are those of the table of usual ranges.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rom.errors import UsageError
from rom.landmarks import Side


class SideKind(StrEnum):
    """What `side` means for a movement."""

    BODY = "side of the body"
    DIRECTION = "direction moved to"
    NONE = "none"


class View(StrEnum):
    """Where the camera stands, seen from the person."""

    FRONT = "front"
    SIDE = "side"
    OBLIQUE_SIDE = "side, turned 20 to 30° towards the front"
    FACE = "front, head and shoulders filling the picture"


class Extra(StrEnum):
    """What has to be found besides the 33 body landmarks."""

    NONE = "none"
    FACE = "face"
    HAND = "hand"


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One motion of one joint, as it is asked for, filmed and read.

    Attributes
    ----------
    name
        Identifier, as in the table of usual ranges.
    title
        Plain words, with `{side}` where the side belongs.
    joint, motion
        Terms of the field.
    grade
        Camera grade: A and B are compared with usual ranges, C never.
    reading
        Name of the angle in `rom.kinematics.angles`; the same reading may serve two movements.
    sign
        +1 when the reading grows in the named direction, -1 when it falls.
    landmarks
        Joint names that must be seen, without side; `both:` marks those needed on both sides.
    zeroed
        Whether the angle counts from the person's own resting position in this recording.
    min_amplitude_deg
        Smallest excursion that counts as a repetition.
    plausible_deg
        Lowest and highest value that a human joint reaches; beyond it the reading is wrong.
    not_measurable
        Why one camera cannot measure it; None when it can.
    """

    name: str
    title: str
    joint: str
    motion: str
    side_kind: SideKind
    grade: str
    view: View
    position: str
    start: str
    instruction: str
    zero: str
    reading: str = ""
    sign: int = 1
    landmarks: tuple[str, ...] = ()
    extra: Extra = Extra.NONE
    zeroed: bool = False
    min_amplitude_deg: float = 15.0
    plausible_deg: tuple[float, float] = (-30.0, 190.0)
    not_measurable: str | None = None

    @property
    def measurable(self) -> bool:
        return self.not_measurable is None

    @property
    def has_side(self) -> bool:
        return self.side_kind is not SideKind.NONE

    def title_for(self, side: Side | None) -> str:
        """Plain words with the side filled in.

        >>> movement_named("knee_flexion").title_for(Side.LEFT)
        'left knee, heel towards the buttock'
        """
        words = self.title.replace("{side}", side.value if side else "")
        return " ".join(words.split()).strip(" ,")

    def instruction_for(self, side: Side | None) -> str:
        """The instruction with the side filled in."""
        words = self.instruction.replace("{side}", side.value if side else "one")
        return " ".join(words.split())


_ARM = ("shoulder", "elbow", "both:shoulder", "both:hip")
_LEG = ("hip", "knee", "ankle")
_TRUNK = ("both:shoulder", "both:hip")
_HEAD = ("both:shoulder",)


def _movement(name: str, joint: str, motion: str, **fields: object) -> Movement:
    return Movement(name=name, joint=joint, motion=motion, **fields)  # type: ignore[arg-type]


_SHOULDER = (
    _movement(
        "shoulder_flexion",
        "shoulder",
        "flexion",
        title="{side} arm, forwards and up",
        side_kind=SideKind.BODY,
        grade="A",
        view=View.SIDE,
        position="standing",
        start="Stand upright with the measured arm towards the camera, both arms hanging.",
        instruction="Raise your straight {side} arm forwards and up as far as it goes, keep it "
        "there for a moment, and lower it slowly.",
        zero="0 with the arm along the upper trunk, positive forwards and up",
        reading="shoulder_sagittal",
        landmarks=_ARM,
        min_amplitude_deg=20.0,
        plausible_deg=(-60.0, 205.0),
    ),
    _movement(
        "shoulder_extension",
        "shoulder",
        "extension",
        title="{side} arm, backwards",
        side_kind=SideKind.BODY,
        grade="A",
        view=View.SIDE,
        position="standing",
        start="Stand upright with the measured arm towards the camera, both arms hanging.",
        instruction="Move your straight {side} arm backwards as far as it goes without leaning, "
        "keep it there for a moment, and let it come back slowly.",
        zero="0 with the arm along the upper trunk, positive backwards",
        reading="shoulder_sagittal",
        sign=-1,
        landmarks=_ARM,
        min_amplitude_deg=12.0,
        plausible_deg=(-30.0, 100.0),
    ),
    _movement(
        "shoulder_abduction",
        "shoulder",
        "abduction",
        title="{side} arm, sideways and up",
        side_kind=SideKind.BODY,
        grade="A",
        view=View.FRONT,
        position="standing",
        start="Face the camera, stand upright, both arms hanging, thumb forwards.",
        instruction="Raise your straight {side} arm sideways and up as far as it goes, keep it "
        "there for a moment, and lower it slowly.",
        zero="0 with the arm along the upper trunk, positive away from the body",
        reading="shoulder_frontal",
        landmarks=_ARM,
        min_amplitude_deg=20.0,
        plausible_deg=(-30.0, 205.0),
    ),
    _movement(
        "shoulder_external_rotation",
        "shoulder",
        "external rotation",
        title="{side} arm, turning outwards",
        side_kind=SideKind.BODY,
        grade="C",
        view=View.FRONT,
        position="standing",
        start="Upper arm at the side, elbow bent to a right angle.",
        instruction="Turn your {side} forearm outwards.",
        zero="0 with the forearm pointing forwards",
        not_measurable="The forearm swings towards and away from a camera in front, so one camera "
        "sees only its foreshortening; the view from above that would show it is not possible at "
        "home.",
    ),
    _movement(
        "shoulder_internal_rotation",
        "shoulder",
        "internal rotation",
        title="{side} arm, turning inwards",
        side_kind=SideKind.BODY,
        grade="C",
        view=View.SIDE,
        position="seated",
        start="Upper arm held out sideways, elbow bent to a right angle.",
        instruction="Turn your {side} forearm downwards.",
        zero="0 with the forearm pointing forwards",
        not_measurable="The upper arm points at the camera, where its landmarks hide each other, "
        "and the shoulder blade tips instead of the arm turning without a camera seeing it.",
    ),
)

_ELBOW_AND_FOREARM = (
    _movement(
        "elbow_flexion",
        "elbow",
        "flexion",
        title="{side} elbow, bending",
        side_kind=SideKind.BODY,
        grade="A",
        view=View.SIDE,
        position="standing",
        start="Stand with the measured arm towards the camera, arm hanging, palm forwards.",
        instruction="Bend your {side} elbow as far as it goes, upper arm still, keep it there for "
        "a moment, and straighten it slowly.",
        zero="0 straight, positive bent; beyond straight is negative",
        reading="elbow_sagittal",
        landmarks=("shoulder", "elbow", "wrist"),
        min_amplitude_deg=20.0,
        plausible_deg=(-25.0, 165.0),
    ),
    _movement(
        "elbow_extension",
        "elbow",
        "extension",
        title="{side} elbow, straightening",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.SIDE,
        position="standing",
        start="Stand with the measured arm towards the camera, elbow bent, palm forwards.",
        instruction="Straighten your {side} elbow as far as it goes, keep it there for a moment, "
        "and bend it again.",
        zero="0 straight, beyond straight positive, a lack of extension negative",
        reading="elbow_sagittal",
        sign=-1,
        landmarks=("shoulder", "elbow", "wrist"),
        min_amplitude_deg=20.0,
        plausible_deg=(-165.0, 25.0),
    ),
    _movement(
        "forearm_pronation",
        "forearm",
        "pronation",
        title="{side} forearm, palm down",
        side_kind=SideKind.BODY,
        grade="C",
        view=View.FRONT,
        position="seated",
        start="Elbow at the side, bent to a right angle, thumb up.",
        instruction="Turn your {side} palm down.",
        zero="0 with the thumb up",
        not_measurable="The forearm turns about its own long axis, which points at the camera; "
        "the hand landmarks of one camera are some 15° off there.",
    ),
    _movement(
        "forearm_supination",
        "forearm",
        "supination",
        title="{side} forearm, palm up",
        side_kind=SideKind.BODY,
        grade="C",
        view=View.FRONT,
        position="seated",
        start="Elbow at the side, bent to a right angle, thumb up.",
        instruction="Turn your {side} palm up.",
        zero="0 with the thumb up",
        not_measurable="The forearm turns about its own long axis, which points at the camera; "
        "the hand landmarks of one camera are some 15° off there.",
    ),
)

_WRIST = (
    _movement(
        "wrist_flexion",
        "wrist",
        "flexion",
        title="{side} wrist, bending down",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.SIDE,
        position="seated",
        start="Measured arm towards the camera, forearm level on a table, palm down, hand over "
        "the edge, filling a third of the picture.",
        instruction="Let your {side} hand bend down as far as it goes, keep it there for a "
        "moment, and bring it level again.",
        zero="0 with the hand in line with the forearm, positive towards the palm",
        reading="wrist_sagittal",
        landmarks=("elbow", "wrist"),
        extra=Extra.HAND,
        min_amplitude_deg=15.0,
        plausible_deg=(-100.0, 110.0),
    ),
    _movement(
        "wrist_extension",
        "wrist",
        "extension",
        title="{side} wrist, bending up",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.SIDE,
        position="seated",
        start="Measured arm towards the camera, forearm level on a table, palm down, hand over "
        "the edge, filling a third of the picture.",
        instruction="Bend your {side} hand up as far as it goes, keep it there for a moment, and "
        "bring it level again.",
        zero="0 with the hand in line with the forearm, positive towards the back of the hand",
        reading="wrist_sagittal",
        sign=-1,
        landmarks=("elbow", "wrist"),
        extra=Extra.HAND,
        min_amplitude_deg=15.0,
        plausible_deg=(-110.0, 100.0),
    ),
    _movement(
        "wrist_radial_deviation",
        "wrist",
        "radial deviation",
        title="{side} wrist, towards the thumb",
        side_kind=SideKind.BODY,
        grade="C",
        view=View.FRONT,
        position="seated",
        start="Forearm level, palm flat towards the camera.",
        instruction="Tilt your {side} hand towards the thumb.",
        zero="0 with the hand in line with the forearm",
        not_measurable="Its whole range is about 20° and the error of hand landmarks about a "
        "third of that.",
    ),
    _movement(
        "wrist_ulnar_deviation",
        "wrist",
        "ulnar deviation",
        title="{side} wrist, towards the little finger",
        side_kind=SideKind.BODY,
        grade="C",
        view=View.FRONT,
        position="seated",
        start="Forearm level, palm flat towards the camera.",
        instruction="Tilt your {side} hand towards the little finger.",
        zero="0 with the hand in line with the forearm",
        not_measurable="Its whole range is about 35° and the error of hand landmarks about a "
        "third of that.",
    ),
)

_HIP = (
    _movement(
        "hip_flexion",
        "hip",
        "flexion",
        title="{side} hip, knee up",
        side_kind=SideKind.BODY,
        grade="A",
        view=View.OBLIQUE_SIDE,
        position="standing",
        start="Stand with the measured leg towards the camera, turned 20 to 30° towards it, one "
        "hand on a support if you like.",
        instruction="Raise your {side} knee as far as it goes, trunk upright, keep it there for a "
        "moment, and lower it slowly.",
        zero="0 with the thigh in line with the trunk, positive forwards and up",
        reading="hip_sagittal",
        landmarks=(*_LEG[:2], *_TRUNK),
        min_amplitude_deg=20.0,
        plausible_deg=(-45.0, 155.0),
    ),
    _movement(
        "hip_extension",
        "hip",
        "extension",
        title="{side} leg, backwards",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.OBLIQUE_SIDE,
        position="standing",
        start="Stand with the measured leg towards the camera, turned 20 to 30° towards it, hands "
        "on a support.",
        instruction="Move your straight {side} leg backwards as far as it goes without leaning "
        "forwards, keep it there for a moment, and bring it back.",
        zero="0 with the thigh in line with the trunk, positive backwards",
        reading="hip_sagittal",
        sign=-1,
        landmarks=(*_LEG[:2], *_TRUNK),
        min_amplitude_deg=8.0,
        plausible_deg=(-40.0, 60.0),
    ),
    _movement(
        "hip_abduction",
        "hip",
        "abduction",
        title="{side} leg, sideways",
        side_kind=SideKind.BODY,
        grade="A",
        view=View.FRONT,
        position="standing",
        start="Face the camera, stand upright, a support within reach.",
        instruction="Move your straight {side} leg sideways as far as it goes without leaning, "
        "keep it there for a moment, and bring it back slowly.",
        zero="0 with the legs parallel, positive away from the other leg",
        reading="hip_frontal",
        landmarks=("hip", "knee", "both:hip"),
        min_amplitude_deg=10.0,
        plausible_deg=(-35.0, 80.0),
    ),
    _movement(
        "hip_adduction",
        "hip",
        "adduction",
        title="{side} leg, across the other",
        side_kind=SideKind.BODY,
        grade="C",
        view=View.FRONT,
        position="standing",
        start="Face the camera, stand upright, a support within reach.",
        instruction="Move your straight {side} leg in front of the other as far as it goes, keep "
        "it there for a moment, and bring it back slowly.",
        zero="0 with the legs parallel, positive across the other leg",
        reading="hip_frontal",
        sign=-1,
        landmarks=("hip", "knee", "both:hip"),
        min_amplitude_deg=10.0,
        plausible_deg=(-30.0, 55.0),
    ),
    _movement(
        "hip_internal_rotation",
        "hip",
        "internal rotation, seated",
        title="{side} hip, seated, foot outwards",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.FRONT,
        position="seated",
        start="Sit facing the camera on a high chair or table, lower legs hanging, thighs still.",
        instruction="Swing your {side} foot outwards as far as it goes without moving the thigh, "
        "keep it there for a moment, and let it come back.",
        zero="0 with the lower leg vertical, positive with the foot moving outwards",
        reading="hip_rotation",
        sign=-1,
        landmarks=("knee", "ankle", "both:hip"),
        min_amplitude_deg=10.0,
        plausible_deg=(-40.0, 75.0),
    ),
    _movement(
        "hip_external_rotation",
        "hip",
        "external rotation, seated",
        title="{side} hip, seated, foot inwards",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.FRONT,
        position="seated",
        start="Sit facing the camera on a high chair or table, lower legs hanging, thighs still.",
        instruction="Swing your {side} foot inwards as far as it goes without moving the thigh, "
        "keep it there for a moment, and let it come back.",
        zero="0 with the lower leg vertical, positive with the foot moving inwards",
        reading="hip_rotation",
        landmarks=("knee", "ankle", "both:hip"),
        min_amplitude_deg=10.0,
        plausible_deg=(-40.0, 75.0),
    ),
)

_KNEE_AND_ANKLE = (
    _movement(
        "knee_flexion",
        "knee",
        "flexion",
        title="{side} knee, heel towards the buttock",
        side_kind=SideKind.BODY,
        grade="A",
        view=View.OBLIQUE_SIDE,
        position="standing",
        start="Stand with the measured leg towards the camera, turned 20 to 30° towards it, one "
        "hand on a support if you like.",
        instruction="Bring your {side} heel towards the buttock as far as it goes, thigh still, "
        "keep it there for a moment, and lower it slowly.",
        zero="0 straight, positive bent; beyond straight is negative",
        reading="knee_sagittal",
        landmarks=_LEG,
        min_amplitude_deg=20.0,
        plausible_deg=(-20.0, 165.0),
    ),
    _movement(
        "knee_extension",
        "knee",
        "extension",
        title="{side} knee, straightening",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.OBLIQUE_SIDE,
        position="seated",
        start="Sit with the measured leg towards the camera, turned 20 to 30° towards it, knee "
        "bent.",
        instruction="Straighten your {side} knee as far as it goes, keep it there for a moment, "
        "and bend it again.",
        zero="0 straight, beyond straight positive, a lack of extension negative",
        reading="knee_sagittal",
        sign=-1,
        landmarks=_LEG,
        min_amplitude_deg=20.0,
        plausible_deg=(-165.0, 20.0),
    ),
    _movement(
        "ankle_dorsiflexion",
        "ankle",
        "dorsiflexion",
        title="{side} foot, up",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.SIDE,
        position="seated",
        start="Sit with the measured side towards the camera, lower leg stretched out a little, "
        "foot off the floor; all of you, head included, fills the picture.",
        instruction="Pull your {side} foot up as far as it goes, keep it there for a moment, and "
        "let it down.",
        zero="0 with the foot at a right angle to the shank, positive up",
        reading="ankle_sagittal",
        landmarks=("knee", "ankle", "heel", "foot_index"),
        min_amplitude_deg=8.0,
        plausible_deg=(-75.0, 50.0),
    ),
    _movement(
        "ankle_plantarflexion",
        "ankle",
        "plantarflexion",
        title="{side} foot, down",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.SIDE,
        position="seated",
        start="Sit with the measured side towards the camera, lower leg stretched out a little, "
        "foot off the floor; all of you, head included, fills the picture.",
        instruction="Point your {side} foot down as far as it goes, keep it there for a moment, "
        "and bring it back.",
        zero="0 with the foot at a right angle to the shank, positive down",
        reading="ankle_sagittal",
        sign=-1,
        landmarks=("knee", "ankle", "heel", "foot_index"),
        min_amplitude_deg=12.0,
        plausible_deg=(-50.0, 85.0),
    ),
    _movement(
        "ankle_dorsiflexion_lunge",
        "ankle",
        "dorsiflexion in the lunge",
        title="{side} ankle, knee over the foot",
        side_kind=SideKind.BODY,
        grade="B",
        view=View.SIDE,
        position="standing",
        start="Lunge position with the measured foot in front and towards the camera, whole sole "
        "on the floor.",
        instruction="Push your {side} knee forwards over the foot as far as the heel stays on the "
        "floor, keep it there for a moment, and come back.",
        zero="0 with the lower leg vertical, positive with the knee forwards",
        reading="shank_sagittal",
        landmarks=("knee", "ankle", "heel", "foot_index"),
        min_amplitude_deg=10.0,
        plausible_deg=(-30.0, 65.0),
    ),
)

_NECK = (
    _movement(
        "cervical_flexion",
        "neck",
        "flexion",
        title="head, chin to chest",
        side_kind=SideKind.NONE,
        grade="B",
        view=View.SIDE,
        position="seated",
        start="Sit upright side-on to the camera, eyes level; head and shoulders fill the picture.",
        instruction="Bring your chin to your chest as far as it goes, keep it there for a moment, "
        "and come back.",
        zero="0 in your own resting position, positive forwards",
        reading="neck_sagittal",
        landmarks=("nose", "ear", "shoulder"),
        zeroed=True,
        min_amplitude_deg=12.0,
        plausible_deg=(-100.0, 90.0),
    ),
    _movement(
        "cervical_extension",
        "neck",
        "extension",
        title="head, looking up",
        side_kind=SideKind.NONE,
        grade="B",
        view=View.SIDE,
        position="seated",
        start="Sit upright side-on to the camera, eyes level; head and shoulders fill the picture.",
        instruction="Look up and back as far as it goes, keep it there for a moment, and come "
        "back.",
        zero="0 in your own resting position, positive backwards",
        reading="neck_sagittal",
        sign=-1,
        landmarks=("nose", "ear", "shoulder"),
        zeroed=True,
        min_amplitude_deg=12.0,
        plausible_deg=(-90.0, 110.0),
    ),
    _movement(
        "cervical_lateral_flexion",
        "neck",
        "lateral flexion",
        title="head, ear to the {side} shoulder",
        side_kind=SideKind.DIRECTION,
        grade="A",
        view=View.FACE,
        position="seated",
        start="Sit upright facing the camera at 0.8 to 1 m, eyes level.",
        instruction="Bring your {side} ear towards your {side} shoulder as far as it goes, "
        "shoulders still, keep it there for a moment, and come back.",
        zero="0 in your own resting position, positive towards the named side",
        reading="neck_frontal",
        landmarks=_HEAD,
        extra=Extra.FACE,
        zeroed=True,
        min_amplitude_deg=10.0,
        plausible_deg=(-80.0, 80.0),
    ),
    _movement(
        "cervical_rotation",
        "neck",
        "rotation",
        title="head, turning to the {side}",
        side_kind=SideKind.DIRECTION,
        grade="B",
        view=View.FACE,
        position="seated",
        start="Sit upright facing the camera at 0.8 to 1 m, eyes level.",
        instruction="Turn your head to the {side} as far as it goes, shoulders still, keep it "
        "there for a moment, and come back.",
        zero="0 in your own resting position, positive towards the named side",
        reading="neck_rotation",
        landmarks=_HEAD,
        extra=Extra.FACE,
        zeroed=True,
        min_amplitude_deg=12.0,
        plausible_deg=(-110.0, 110.0),
    ),
)

_TRUNK_MOVEMENTS = (
    _movement(
        "trunk_flexion_with_hips",
        "trunk and hips",
        "flexion",
        title="trunk, bending forwards",
        side_kind=SideKind.NONE,
        grade="A",
        view=View.SIDE,
        position="standing",
        start="Stand upright side-on to the camera, arms hanging.",
        instruction="Bend forwards with straight knees as far as it goes, keep it there for a "
        "moment, and come up slowly.",
        zero="0 in your upright standing position, positive forwards",
        reading="trunk_sagittal",
        landmarks=_TRUNK,
        zeroed=True,
        min_amplitude_deg=20.0,
        plausible_deg=(-60.0, 160.0),
    ),
    _movement(
        "trunk_extension",
        "trunk",
        "extension",
        title="trunk, bending backwards",
        side_kind=SideKind.NONE,
        grade="B",
        view=View.SIDE,
        position="standing",
        start="Stand upright side-on to the camera, hands on the hips.",
        instruction="Bend backwards as far as it goes with straight knees, keep it there for a "
        "moment, and come back.",
        zero="0 in your upright standing position, positive backwards",
        reading="trunk_sagittal",
        sign=-1,
        landmarks=_TRUNK,
        zeroed=True,
        min_amplitude_deg=8.0,
        plausible_deg=(-30.0, 80.0),
    ),
    _movement(
        "trunk_lateral_flexion",
        "trunk",
        "lateral flexion",
        title="trunk, bending to the {side}",
        side_kind=SideKind.DIRECTION,
        grade="A",
        view=View.FRONT,
        position="standing",
        start="Face the camera, stand upright, feet hip-wide, arms hanging.",
        instruction="Slide your {side} hand down the side of your leg as far as it goes, keep it "
        "there for a moment, and come up slowly.",
        zero="0 in your upright standing position, positive towards the named side",
        reading="trunk_frontal",
        landmarks=_TRUNK,
        zeroed=True,
        min_amplitude_deg=8.0,
        plausible_deg=(-65.0, 65.0),
    ),
    _movement(
        "trunk_rotation",
        "trunk",
        "rotation",
        title="trunk, turning to the {side}",
        side_kind=SideKind.DIRECTION,
        grade="C",
        view=View.FRONT,
        position="seated",
        start="Sit facing the camera, arms crossed on the chest.",
        instruction="Turn your trunk to the {side}.",
        zero="0 facing the camera",
        not_measurable="It turns about the vertical, so one camera in front sees it only through "
        "estimated depth, which is too weak for an angle.",
    ),
)

MOVEMENTS: dict[str, Movement] = {
    movement.name: movement
    for movement in (
        *_SHOULDER,
        *_ELBOW_AND_FOREARM,
        *_WRIST,
        *_HIP,
        *_KNEE_AND_ANKLE,
        *_NECK,
        *_TRUNK_MOVEMENTS,
    )
}


def measurable_movements() -> Iterator[Movement]:
    """The movements that one camera can measure."""
    return (movement for movement in MOVEMENTS.values() if movement.measurable)


def movement_named(name: str) -> Movement:
    """Look up a movement by name.

    Raises
    ------
    UsageError
        Unknown name; the message lists the nearest ones.

    >>> movement_named("knee_flexion").joint
    'knee'
    """
    try:
        return MOVEMENTS[name]
    except KeyError:
        near = difflib.get_close_matches(name, MOVEMENTS, n=4, cutoff=0.45)
        hint = f"did you mean {', '.join(near)}?" if near else "see `rom movements`."
        raise UsageError(f"Expected the name of a movement, got {name!r}: {hint}") from None
