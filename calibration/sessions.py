"""Whole sessions through the product: two sets before, one after, and the verdict on them.

What is done, for every movement and body of a split:

- **Levels.** A level is a true range of this body, drawn in the middle of what its stills reach so
  that 15° more can still be filmed; where they cannot (small movements) the change is 8°, or none
  is simulated. Readings that the product takes for a lower bound only are left out of the range.
- **Set-ups.** `plain` is the first. `again` is the same built up once more: camera and person
  stand almost where they stood, the person stands a little differently, and the sensor's noise is
  new. Until it is rendered, `plain` with new noise takes its place. `near` (4 to 15° off, another
  height) and `off30` (30° off) are a changed camera; there the person also moves in another manner.
  Where they were filmed from the other side, their mirror image is taken.
- **Pool.** At each level and set-up some sets are composed from the stills, each with its own level
  (SD 2°), repetitions (SD 3°; both half as large in small movements), speed, timing and landmark
  noise; the frame rate stays that of the level. Each is assessed once by the product.
- **Sessions** draw their sets from the pool, never one set twice. Both sets before are of the first
  set-up; the one after is of the first or the second with equal chances.

Sessions of a body share rendered stills and some share sets, so intervals resample bodies.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from calibration.acting import ACTIONS
from calibration.cohort import Split
from calibration.compose import ComposedSet, Recording, acting_sides, compose_set, reachable_deg
from calibration.conditions import Kind
from calibration.freshness import fingerprint
from calibration.intervals import Estimate, cluster_sem, cluster_share, cluster_slope
from calibration.noise import MEASURED
from calibration.protocol import FRAME_RATES_HZ, REPETITION_SD_DEG, draw_set, range_of
from calibration.score import assess_composed
from calibration.stock import Stills, Stock
from rom.assess import GOOD_UP_TO_DEG
from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, compare
from rom.clinical.error import MDC95_PER_SEM, error_figures
from rom.landmarks import Side
from rom.movements import MOVEMENTS
from rom.terminal import progress_bar

Place = Literal["plain", "again", "near", "off30"]
Body = dict[Place, Stills]
"""The series of one body and movement, by set-up."""

LEVELS = 48
"""Levels of a movement over all bodies: 480 sessions without change."""
NULL_SESSIONS, OTHER_SESSIONS = 10, 5
"""Sessions at each level, without change and in every other scenario."""
REFILMED = 3
"""Sets at each level that are filmed a second time with the same true peaks."""
WARM_UP_DEG = 5.0
LEVEL_FRACS = (0.55, 0.85)
_LOWEST_FRAC = 0.4
_SEED = 20261122

VERDICTS = ("gain", "loss", "no_measurable_change", "unstable_baseline", "not_comparable")
ANSWERS = ("gain", "loss", "no_measurable_change")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """True change of each set from the level, and where the last is filmed."""

    pre1_deg: float = 0.0
    pre2_deg: float = 0.0
    post_deg: float = 0.0
    post_at: tuple[Place, ...] = ("plain", "again")

    @property
    def change_deg(self) -> float:
        """True change from the second set before to the set after."""
        return self.post_deg - self.pre2_deg

    @property
    def highest_deg(self) -> float:
        return max(self.pre1_deg, self.pre2_deg, self.post_deg)


SCENARIOS: dict[str, Scenario] = {
    "no_change": Scenario(),
    "gain_8": Scenario(post_deg=8.0),
    "gain_15": Scenario(post_deg=15.0),
    "loss_15": Scenario(pre1_deg=15.0, pre2_deg=15.0),
    "camera_near": Scenario(post_at=("near",)),
    "camera_off30": Scenario(post_at=("off30",)),
    "warm_up_before_pre2": Scenario(pre2_deg=WARM_UP_DEG, post_deg=WARM_UP_DEG),
    "warm_up_after_pre2": Scenario(post_deg=WARM_UP_DEG),
}
"""Warming up after the second set before is no different from a gain, so no verdict on it is right
or wrong; it shows how often warming up would be taken for a gain."""

FILMED_AGAIN = "filmed_again"
"""The same true peaks filmed twice: no session, but the instrument alone."""

POOL: dict[tuple[Place, float], int] = {
    ("plain", 0.0): 7,
    ("again", 0.0): 4,
    ("plain", WARM_UP_DEG): 3,
    ("again", WARM_UP_DEG): 2,
    ("plain", 8.0): 2,
    ("again", 8.0): 2,
    ("plain", 15.0): 4,
    ("again", 15.0): 3,
    ("near", 0.0): 3,
    ("off30", 0.0): 2,
}
"""How many sets there are of each set-up and change from the level."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """One session and what the product said.

    Attributes
    ----------
    post_at
        Set-up of the set after.
    level_deg
        True range before any change.
    true_change_deg
        Change of the true range from the second set before to the set after.
    set_change_deg
        What the sets really did: difference of the medians of their true peaks.
    change_deg, mdc95_deg
        Measured; None when not comparable. `FILMED_AGAIN` has the instrument's own MDC.
    right
        Whether the verdict is right; None where none would be.
    """

    movement: str
    member: str
    side: str
    scenario: str
    post_at: str
    level_deg: float
    true_change_deg: float
    set_change_deg: float
    change_deg: float | None
    mdc95_deg: float | None
    verdict: str
    right: bool | None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the summary: a figure of a scenario with its 95 % interval by body."""

    movement: str
    scenario: str
    figure: str
    value: float | None
    low: float | None
    high: float | None
    sessions: int
    bodies: int


@dataclass(frozen=True, eq=False)
class _FilmedSet:
    recording: Recording
    assessment: Assessment

    @property
    def truth_deg(self) -> float:
        return float(np.median(self.recording.peaks_deg))


_Pool = dict[tuple[Place, float], list[_FilmedSet]]


@dataclass(frozen=True, kw_only=True)
class Level:
    """What all sets of one person at one level have in common."""

    body: Body
    side: Side
    level_deg: float
    start_deg: float
    end_deg: float
    top_deg: float
    frame_rate_hz: float

    def reaches(self, change_deg: float) -> bool:
        return self.level_deg + change_deg <= self.end_deg + 1e-6


def simulate(
    stock: Stock,
    split: Split,
    out_folder: Path,
    movements: Sequence[str] | None = None,
    *,
    levels: int = LEVELS,
    processes: int = 1,
) -> list[Session]:
    """Simulate the sessions of a split, and keep one file of them for every movement.

    A movement that `out_folder` holds already is read from there, unless the product, the stills
    or the settings have changed since.

    Raises
    ------
    ValueError
        For a movement that the stock does not hold in this split.
    """
    out_folder.mkdir(parents=True, exist_ok=True)
    sessions: list[Session] = []
    chosen = tuple(movements or stock.movements)
    with progress_bar() as show, ProcessPoolExecutor(processes) as workers:
        for number, movement in enumerate(chosen):
            bodies = bodies_of(stock, split, movement)
            if not bodies:
                raise ValueError(
                    f"expected stills of {movement} in split {split}, got none: render them first"
                )
            used = fingerprint(body[place] for body in bodies for place in sorted(body))
            path = out_folder / f"{split}-{movement}-{levels}-{used}.csv"
            if not path.exists():
                run = partial(simulate_body, levels=-(-levels // len(bodies)))
                found = workers.map(run, bodies) if processes > 1 else map(run, bodies)
                rows: list[Session] = []
                for done, body_rows in enumerate(found, start=1):
                    rows += body_rows
                    show("Sessions", (number + done / len(bodies)) / len(chosen))
                write_rows(path, Session, rows)
            sessions += read_sessions(path)
    return sessions


def bodies_of(stock: Stock, split: Split, movement: str) -> list[Body]:
    """The series of every body that has a first set-up."""
    kinds: tuple[Kind, ...] = ("plain", "again", "near", "off30")
    by_member: dict[str, Body] = {}
    for stills in stock.choose(split=split, movement=movement, kinds=kinds):
        place: Place = stills.plan.condition.kind  # type: ignore[assignment]
        by_member.setdefault(stills.plan.member.name, {})[place] = stills
    return [body for body in by_member.values() if "plain" in body]


def simulate_body(body: Body, *, levels: int) -> list[Session]:
    """All sessions of one body and movement."""
    plan = body["plain"].plan
    rng = np.random.default_rng([_SEED, plan.member.index, list(ACTIONS).index(plan.movement)])
    sides = acting_sides(body["plain"])
    sessions: list[Session] = []
    for index in range(levels):
        side = sides[(index + plan.member.index) % len(sides)]
        level = draw_level(body, side, (index + float(rng.random())) / levels, rng)
        pool = _fill_pool(level, rng)
        for name, scenario in SCENARIOS.items():
            count = NULL_SESSIONS if name == "no_change" else OTHER_SESSIONS
            for _ in range(count):
                sessions += _run(level, pool, name, scenario, rng)
        sessions += _film_again(level, pool, rng)
    return sessions


def draw_level(body: Body, side: Side, frac: float, rng: np.random.Generator) -> Level:
    """A level at a part of the usable levels, 0 the lowest and 1 the highest."""
    alike = [body[place] for place in ("plain", "again") if place in body]
    spans = [range_of(stills, side) for stills in alike]
    movement = MOVEMENTS[body["plain"].plan.movement]
    start_deg = max(span.start_deg for span in spans)
    end_deg = min(span.end_deg for span in spans)
    if movement.name in GOOD_UP_TO_DEG:
        end_deg = min(end_deg, GOOD_UP_TO_DEG[movement.name] - 2.5 * REPETITION_SD_DEG)
    low_deg, high_deg = usable_levels_deg(start_deg, end_deg, movement.min_amplitude_deg)
    level_deg = low_deg + frac * (high_deg - low_deg)
    return Level(
        body={
            place: stills
            for place, stills in body.items()
            if stills in alike
            or level_deg <= range_of(stills, _side_in(stills, body, side)).end_deg
        },
        side=side,
        level_deg=level_deg,
        start_deg=start_deg,
        end_deg=end_deg,
        top_deg=min(reachable_deg(stills, side)[1] for stills in alike),
        frame_rate_hz=float(rng.choice(FRAME_RATES_HZ)),
    )


def usable_levels_deg(
    start_deg: float, end_deg: float, min_amplitude_deg: float
) -> tuple[float, float]:
    """Lowest and highest level: 55 to 85 % of the range, less where a gain needs the room.

    A gain of 15° may push the lowest level down to 40 % of the range, but not to where repetitions
    may stay below the smallest excursion that counts; else a gain of 8° has to do.
    """
    span_deg = end_deg - start_deg
    low_deg, high_deg = (start_deg + frac * span_deg for frac in LEVEL_FRACS)
    lowest_deg = start_deg + max(_LOWEST_FRAC * span_deg, 1.5 * min_amplitude_deg)
    for gain_deg in (15.0, 8.0):
        if end_deg - gain_deg >= lowest_deg:
            high_deg = min(high_deg, end_deg - gain_deg)
            room_deg = 0.15 * span_deg
            return max(lowest_deg, min(low_deg, high_deg - room_deg)), high_deg
    return max(low_deg, min(lowest_deg, high_deg)), high_deg


def _side_in(stills: Stills, body: Body, side: Side) -> Side:
    """The side to compose, which is the other one where the series will be mirrored."""
    return side.other if _to_mirror(stills, body["plain"]) else side


def _to_mirror(stills: Stills, first: Stills) -> bool:
    """Whether only the mirror image shows what the first set-up does: one camera side or the other.

    Series to both sides hold either direction whatever the camera; they are filmed from in front.
    """
    if stills.plan.to_both_sides:
        return False
    return stills.plan.camera_side != first.plan.camera_side


def _fill_pool(level: Level, rng: np.random.Generator) -> _Pool:
    pool: _Pool = {}
    for (place, change_deg), count in POOL.items():
        if level.reaches(change_deg) and (place in level.body or place == "again"):
            pool[place, change_deg] = [
                _film(level, place, draw_recording(level, change_deg, rng)) for _ in range(count)
            ]
    return pool


def draw_recording(level: Level, change_deg: float, rng: np.random.Generator) -> Recording:
    """A set at a change from the level, within what both set-ups reach."""
    wanted_deg = level.level_deg + change_deg
    drawn = draw_set(level.body["plain"], wanted_deg, rng, start_deg=level.start_deg)
    return replace(
        drawn,
        peaks_deg=tuple(min(peak_deg, level.top_deg) for peak_deg in drawn.peaks_deg),
        frame_rate_hz=level.frame_rate_hz,
    )


def _film(level: Level, place: Place, recording: Recording) -> _FilmedSet:
    first = level.body["plain"]
    stills = level.body.get(place, first)
    side = _side_in(stills, level.body, level.side)
    recording = _within(recording, reachable_deg(stills, side))
    composed = compose_set(stills, side, recording, jitter=MEASURED)
    if _to_mirror(stills, first):
        mirrored_side = composed.side.other if composed.side else None
        composed = ComposedSet(composed.series.mirrored(), composed.truth_deg, mirrored_side)
    assessment = assess_composed(composed, MOVEMENTS[first.plan.movement])
    return _FilmedSet(recording, replace(assessment, series=None))


def _within(recording: Recording, limits_deg: tuple[float, float]) -> Recording:
    """The same set cut off where the stills of a changed camera end."""
    low_deg, high_deg = limits_deg
    return replace(
        recording,
        peaks_deg=tuple(min(peak_deg, high_deg) for peak_deg in recording.peaks_deg),
        start_deg=max(recording.start_deg, low_deg),
    )


def _run(
    level: Level, pool: _Pool, name: str, scenario: Scenario, rng: np.random.Generator
) -> Iterator[Session]:
    """One session, unless its change or its camera is out of reach."""
    post_at = str(rng.choice(scenario.post_at))
    asked = (
        ("plain", scenario.pre1_deg),
        ("plain", scenario.pre2_deg),
        (post_at, scenario.post_deg),
    )
    if not all(each in pool for each in asked):
        return
    sets: list[_FilmedSet] = []
    for place, change_deg in asked:
        left = [each for each in pool[place, change_deg] if each not in sets]  # type: ignore[index]
        sets.append(left[int(rng.integers(len(left)))])
    pre1, pre2, post = sets
    comparison = compare(pre1.assessment, post.assessment, pre2=pre2.assessment)
    yield Session(
        movement=level.body["plain"].plan.movement,
        member=level.body["plain"].plan.member.name,
        side=level.side.value,
        scenario=name,
        post_at=post_at if post_at in level.body else "plain",
        level_deg=round(level.level_deg, 1),
        true_change_deg=scenario.change_deg,
        set_change_deg=round(post.truth_deg - pre2.truth_deg, 2),
        change_deg=_rounded(comparison.change_deg),
        mdc95_deg=_rounded(comparison.mdc95_deg),
        verdict=comparison.verdict,
        right=is_right(name, comparison),
    )


def is_right(name: str, comparison: Comparison) -> bool | None:
    """Whether the product said what it should have said in a scenario; None where nothing is right.

    After a changed camera it may refuse or find no change. A set that warms up before the second
    set before may be called an unstable baseline; only a gain or loss would be wrong.
    """
    change_deg, limit_deg = comparison.change_deg, comparison.mdc95_deg
    if name.startswith("camera"):
        return change_deg is None or limit_deg is None or abs(change_deg) <= limit_deg
    if name == "warm_up_before_pre2":
        return comparison.verdict not in ("gain", "loss")
    if name == "warm_up_after_pre2":
        return None
    wanted = {"gain_8": "gain", "gain_15": "gain", "loss_15": "loss"}
    return comparison.verdict == wanted.get(name, "no_measurable_change")


def _film_again(level: Level, pool: _Pool, rng: np.random.Generator) -> Iterator[Session]:
    """The instrument alone: sets of the first set-up with their very peaks at the second."""
    plan = level.body["plain"].plan
    for first in pool["plain", 0.0][:REFILMED]:
        again = replace(first.recording, seed=int(rng.integers(1 << 31)))
        second = _film(level, "again", again)
        a, b = first.assessment, second.assessment
        measured = a.value_deg is not None and b.value_deg is not None
        change_deg = b.value_deg - a.value_deg if measured else None  # type: ignore[operator]
        limit_deg = instrument_mdc95_deg(a, b) if measured else None
        yield Session(
            movement=plan.movement,
            member=plan.member.name,
            side=level.side.value,
            scenario=FILMED_AGAIN,
            post_at="again" if "again" in level.body else "plain",
            level_deg=round(level.level_deg, 1),
            true_change_deg=0.0,
            set_change_deg=0.0,
            change_deg=_rounded(change_deg),
            mdc95_deg=_rounded(limit_deg),
            verdict="",
            right=None,
        )


def instrument_mdc95_deg(a: Assessment, b: Assessment) -> float:
    """Smallest change beyond the instrument's own error, without what people vary."""
    sds = [
        error_figures(
            each.movement, yaw_deg=each.view.yaw_deg if each.view else None
        ).instrument_sd_deg
        for each in (a, b)
    ]
    return MDC95_PER_SEM * float(np.sqrt(np.mean(np.square(sds))))


def summarise(rows: Iterable[Session]) -> list[Figure]:
    """Figures of every movement and scenario, then of all movements together."""
    rows = list(rows)
    figures: list[Figure] = []
    for movement in dict.fromkeys(row.movement for row in rows):
        figures += _summarise([row for row in rows if row.movement == movement], movement)
    return [*figures, *_summarise(rows, "all")]


def _summarise(rows: list[Session], movement: str) -> Iterator[Figure]:
    for name in SCENARIOS:
        yield from _verdict_figures([row for row in rows if row.scenario == name], movement, name)
    changes = [row for row in rows if row.scenario in ("gain_15", "loss_15")]
    yield from _right_figures(changes, movement, "any_15")
    yield from _range_figures([row for row in rows if row.scenario == FILMED_AGAIN], movement)
    yield from _slope_figures(rows, movement)


def _verdict_figures(rows: list[Session], movement: str, scenario: str) -> Iterator[Figure]:
    for verdict in VERDICTS:
        hits = [row.verdict == verdict for row in rows]
        yield from _share(rows, hits, movement, scenario, verdict)
    yield from _right_figures(rows, movement, scenario)
    yield from _range_figures(rows, movement)


def _right_figures(rows: list[Session], movement: str, scenario: str) -> Iterator[Figure]:
    """How often the verdict is right: of all sessions, and of those with an answer."""
    judged = [row for row in rows if row.right is not None]
    answered = [row for row in judged if row.verdict in ANSWERS]
    for figure, chosen in (("right", judged), ("right_if_answered", answered)):
        hits = [bool(row.right) for row in chosen]
        yield from _share(chosen, hits, movement, scenario, figure)


def _range_figures(rows: list[Session], movement: str) -> Iterator[Figure]:
    """The median MDC95; where nothing changed, how often it holds and the SEM that was seen."""
    known = [row for row in rows if row.change_deg is not None and row.mdc95_deg is not None]
    if not known:
        return
    scenario = known[0].scenario
    median_deg = float(np.median([row.mdc95_deg for row in known if row.mdc95_deg is not None]))
    yield _figure(known, movement, scenario, "mdc95_deg", Estimate(median_deg, np.nan, np.nan))
    if known[0].true_change_deg == 0.0:
        hits = [abs(row.change_deg or 0.0) <= (row.mdc95_deg or 0.0) for row in known]
        yield from _share(known, hits, movement, scenario, "within_mdc95")
        sem_deg = cluster_sem(
            [row.member for row in known], [row.change_deg or 0.0 for row in known]
        )
        yield _figure(known, movement, scenario, "sem_deg", sem_deg)


def _slope_figures(rows: list[Session], movement: str) -> Iterator[Figure]:
    """Measured against true change of the sets over no change, gains and losses."""
    names = ("no_change", "gain_8", "gain_15", "loss_15")
    known = [row for row in rows if row.scenario in names and row.change_deg is not None]
    if known:
        slope = cluster_slope(
            [row.member for row in known],
            [row.set_change_deg for row in known],
            [row.change_deg or 0.0 for row in known],
        )
        yield _figure(known, movement, "all_changes", "slope", slope)


def _share(
    rows: list[Session], hits: list[bool], movement: str, scenario: str, figure: str
) -> Iterator[Figure]:
    if not rows:
        return
    _, of = np.unique([row.member for row in rows], return_inverse=True)
    estimate = cluster_share(np.bincount(of, hits), np.bincount(of))
    yield _figure(rows, movement, scenario, figure, estimate)


def _figure(
    rows: list[Session], movement: str, scenario: str, figure: str, estimate: Estimate
) -> Figure:
    return Figure(
        movement=movement,
        scenario=scenario,
        figure=figure,
        value=_rounded(estimate.value, 4),
        low=_rounded(estimate.low, 4),
        high=_rounded(estimate.high, 4),
        sessions=len(rows),
        bodies=len({row.member for row in rows}),
    )


def _rounded(value: float | None, digits: int = 2) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), digits)


def write_rows(
    path: Path, kind: type[Session] | type[Figure], rows: Iterable[Session | Figure]
) -> None:
    """Write sessions or figures, one a row; the file appears when it is complete."""
    partial_path = path.with_name("partial-" + path.name)
    with partial_path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(kind)], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            values = asdict(row)
            writer.writerow({k: int(v) if isinstance(v, bool) else v for k, v in values.items()})
    partial_path.replace(path)


def read_sessions(path: Path) -> list[Session]:
    """Read what `write_rows` wrote of sessions."""

    def value(name: str, text: str) -> object:
        if name == "right":
            return bool(int(text)) if text else None
        if name.endswith("_deg"):
            return float(text) if text else None
        return text

    with path.open(newline="") as file:
        return [
            Session(**{name: value(name, text) for name, text in row.items()})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]


def read_figures(path: Path) -> list[Figure]:
    """Read what `write_rows` wrote of figures."""

    def value(name: str, text: str) -> object:
        if name in ("value", "low", "high"):
            return float(text) if text else None
        return int(text) if name in ("sessions", "bodies") else text

    with path.open(newline="") as file:
        return [
            Figure(**{name: value(name, text) for name, text in row.items()})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]
