"""The store with many people in it, beside a plain insert: `python -m benchmarks.records`.

Fills a store of its own with 10,000 people of 100 sets each, then times what a person waits for.
The sets of the crowd have no landmarks to speak of; the sets that are timed have those of a set of
ten seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from rom.clinical.assessment import Assessment, Provenance, Series, ViewSummary
from rom.clinical.comparison import compare
from rom.kinematics.repetitions import Pause, Repetition
from rom.landmarks import LANDMARK_COUNT, LandmarkSeries, Side
from rom.records import rows, schema
from rom.records.arrays import pack_arrays, pack_landmarks, pack_series
from rom.records.entities import (
    PainScore,
    Person,
    Phase,
    Session,
    SetRecord,
    new_id,
)
from rom.records.history import history_of
from rom.records.location import DATA_ENV, URL_ENV
from rom.records.owning import LOCAL_USER
from rom.records.sessions import result_of_comparison
from rom.records.store import Store, open_store

SETS_OF_A_SESSION = 4
FRAMES = 308
HISTORY_LIMIT_S, SAVE_LIMIT_S, PAGE_LIMIT_S = 0.1, 0.05, 0.05
BEGIN = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
Times = tuple[float, float]
PHASES = (Phase.PRE1, Phase.PRE2, Phase.POST, Phase.SINGLE)


def main() -> None:
    """Fill a store, time it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--sets", type=int, default=100, help="of each person; default: 100")
    parser.add_argument("--repeats", type=int, default=50)
    parser.add_argument("--dir", type=Path, help="where to make the store; default: a new folder")
    arguments = parser.parse_args()
    os.environ.pop(URL_ENV, None)
    with tempfile.TemporaryDirectory(dir=arguments.dir, prefix="rom-bench-") as folder:
        os.environ[DATA_ENV] = folder
        with open_store() as store:
            began = time.perf_counter()
            fill(store, arguments.people, arguments.sets)
            print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
            report(store, Path(folder), arguments)


def report(store: Store, folder: Path, arguments: argparse.Namespace) -> None:
    assert store.database.path is not None
    size = store.database.path.stat().st_size
    sets = arguments.people * arguments.sets
    print(f"{arguments.people:,} people, {sets:,} sets, {size / 1e9:.2f} GB")
    dice = random.Random(1)
    names = [name_of(dice.randrange(arguments.people)) for _ in range(arguments.repeats)]
    told("history of one person", time_history(store, names), HISTORY_LIMIT_S)
    told("list of all people", [timed(store.people) for _ in range(3)])
    told("page of people", time_pages(store, names), PAGE_LIMIT_S)
    saving = time_saving(store, names)
    told("saving a set, landmarks and all", saving, SAVE_LIMIT_S)
    plain = time_plain(folder / "plain.sqlite3", len(names))
    told("plain sqlite3 insert of as many bytes", plain)
    for clock, name in enumerate(("wall clock", "processor")):
        store_s, plain_s = (statistics.median(each[clock] for each in t) for t in (saving, plain))
        print(f"{f'ratio of the medians, {name}':40} {store_s / plain_s:8.2f}")
    kept = a_set(Session(id=new_id(), person_id="p", started_at=BEGIN), 0)
    assert kept.landmarks is not None and kept.assessment.series is not None
    landmarks, series = pack_landmarks(kept.landmarks), pack_series(kept.assessment.series)
    text = json.dumps(rows.set_row(kept, "p"), default=str)
    print(
        f"a set of {FRAMES} frames: landmarks {len(landmarks) / 1e3:.0f} kB"
        f" ({len(landmarks) / FRAMES / 1e3:.2f} kB a frame), series {len(series) / 1e3:.1f} kB,"
        f" the rest {len(text) / 1e3:.1f} kB"
    )


def told(what: str, times: list[Times], limit_s: float | None = None) -> None:
    """Print medians and the slowest twentieth; the limit is one of the wall clock."""
    wall_s, processor_s = ([each[clock] for each in times] for clock in (0, 1))
    slow_s = sorted(wall_s)[int(0.95 * (len(wall_s) - 1))]
    limit = "" if limit_s is None else f", limit {limit_s * 1e3:.0f}"
    print(
        f"{what:40} {statistics.median(wall_s) * 1e3:8.1f} ms (95 % within {slow_s * 1e3:.1f}"
        f"{limit}), processor {statistics.median(processor_s) * 1e3:.1f} ms",
        flush=True,
    )


def timed(action: Callable[..., object], *arguments: object) -> Times:
    """Seconds of the wall clock, and of the processor."""
    began = time.perf_counter(), time.process_time()
    action(*arguments)
    return time.perf_counter() - began[0], time.process_time() - began[1]


def time_history(store: Store, names: list[str]) -> list[Times]:
    """Find a person by name, read everything, judge it."""

    def look(name: str) -> None:
        content = store.content(store.person(name).id, series=False)
        found = history_of(content, today=date(2026, 11, 1))
        assert found.courses

    return [timed(look, name) for name in names]


def time_pages(store: Store, names: list[str]) -> list[Times]:
    """The first page, and what is found by a beginning or an end of a name."""
    searches = [search for name in names for search in ("", name[:-2], name[-3:])]
    return [timed(store.people_page, search) for search in searches]


def time_saving(store: Store, names: list[str]) -> list[Times]:
    """Save one set at a time, as at the end of each."""
    times_s = []
    for name in names:
        session = store.content(store.person(name).id, series=False).sessions[-1].session
        kept = a_set(session, 0)
        times_s.append(timed(store.save_set, kept))
    return times_s


def time_plain(path: Path, repeats: int) -> list[Times]:
    """Insert one row with the same bytes, waiting for the disk as the store does."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("CREATE TABLE plain (id TEXT PRIMARY KEY, whole TEXT, series BLOB, landmarks BLOB)")
    times_s = []
    for _ in range(repeats):
        kept = a_set(Session(id=new_id(), person_id="p", started_at=BEGIN), 0)
        assert kept.landmarks is not None and kept.assessment.series is not None
        text = json.dumps(rows.set_row(kept, "p"), default=str)
        row = (kept.id, text, pack_series(kept.assessment.series), pack_landmarks(kept.landmarks))
        times_s.append(timed(raw.execute, "INSERT INTO plain VALUES (?, ?, ?, ?)", row))
    raw.close()
    return times_s


def fill(store: Store, people: int, sets: int) -> None:
    """Insert people, sessions, sets, scores and results by the thousand."""
    with store.database.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("PRAGMA wal_autocheckpoint = 20000")
        for first in range(0, people, 100):
            raw.execute("BEGIN")
            for number in range(first, min(first + 100, people)):
                for table, new in a_person(number, sets).items():
                    insert_into(raw, table, new)
            raw.execute("COMMIT")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA wal_autocheckpoint = 1000")


def insert_into(raw: Any, table: str, new: list[dict[str, Any]]) -> None:
    names = list(new[0])
    marks = ", ".join("?" * len(names))
    command = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
    raw.executemany(command, ([plain(row[name]) for name in names] for row in new))


def plain(value: object) -> object:
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, date) else value


def a_person(number: int, sets: int) -> dict[str, list[dict[str, Any]]]:
    """All rows of one person."""
    person = Person(id=new_id(), pseudonym=name_of(number), birth_year=1970, created_at=BEGIN)
    found: dict[str, list[dict[str, Any]]] = {"people": [rows.person_row(person, LOCAL_USER)]}
    for table in ("sessions", "sets", "set_arrays", "pains", "results"):
        found[table] = []
    for visit in range(-(-sets // SETS_OF_A_SESSION)):
        moment = BEGIN + timedelta(days=7 * visit)
        session = Session(id=new_id(), person_id=person.id, started_at=moment)
        found["sessions"].append(rows.session_row(session))
        ids = [new_id() for _ in PHASES]
        for place in range(min(SETS_OF_A_SESSION, sets - visit * SETS_OF_A_SESSION)):
            row = dict(TEMPLATES[visit % len(TEMPLATES)][place])
            row |= rows.session_row(session) | {"id": ids[place], "session_id": session.id}
            row |= {"recorded_at": row.pop("started_at"), "recorded_us": row.pop("started_us")}
            del row["screen"]
            found["sets"].append(row)
            found["set_arrays"].append({"set_id": ids[place], "series": None, "landmarks": SMALL})
            score = {"set_id": ids[place], "position": 0, "moment": "during"}
            found["pains"].append(score | {"score": 4.0, "time_s": None})
        content = dict(RESULTS[visit % len(RESULTS)])
        told_ids = {"pre1": ids[0], "pre2": ids[1], "post": ids[2]}
        content |= {"id": new_id(), "session_id": session.id}
        whole = content["result"] | {
            "id": content["id"],
            "session_id": session.id,
            "set_ids": told_ids,
        }
        found["results"].append(content | {"result": whole})
    return found


def name_of(number: int) -> str:
    return f"person {number:05d}"


def an_assessment(value_deg: float, side: Side) -> Assessment:
    repetitions = tuple(
        Repetition(
            counted=True,
            onset_s=1.03 + 3 * number,
            peak_s=2.61 + 3 * number,
            offset_s=3.87 + 3 * number,
            start_deg=8.123456789 + number,
            peak_deg=value_deg + number - 1,
            peak_velocity_deg_s=95.123456789,
            sparc=-1.623456789,
            pauses=(Pause(1.5, 1.8),) if number == 1 else (),
            stroke_end_s=2.5 + 3 * number,
            outward_frames=45,
            outward_missing_frac=0.0,
            pauses_evaluated=True,
        )
        for number in range(3)
    )
    time_s = np.arange(FRAMES) / 29.97
    return Assessment(
        movement="shoulder_abduction",
        side=side,
        status="measured",
        value_deg=value_deg,
        bound="exact",
        sem_deg=2.987654321,
        mdc95_deg=8.276543211,
        accuracy_deg=9.876543211,
        repetitions=repetitions,
        issues=(),
        normal_range=None,
        provenance=Provenance(
            rom_version="0.1.0",
            model="full",
            model_sha256="ab" * 32,
            mediapipe_version="1.2.2",
            correction="curve-and-posture/1",
            frames=FRAMES,
            frame_rate_hz=29.97,
        ),
        series=Series(time_s=time_s, angle_deg=value_deg * np.sin(time_s) ** 2),
        view=ViewSummary(
            yaw_deg=4.0, subject_height_frac=0.7, mirrored=False, width_px=1280, height_px=720
        ),
    )


def a_set(session: Session, number: int, value_deg: float = 120.0) -> SetRecord:
    side = Side.RIGHT if number == SETS_OF_A_SESSION - 1 else Side.LEFT
    return SetRecord(
        id=new_id(),
        session_id=session.id,
        recorded_at=session.started_at,
        phase=PHASES[number],
        assessment=an_assessment(value_deg, side),
        landmarks=LANDMARKS,
        pain=(PainScore(moment="during", score=4.0),),
        recording="clip.mp4",
    )


def landmarks() -> LandmarkSeries:
    """A walk of small steps with noise in the last digits, as measured ones have."""
    dice = np.random.default_rng(1)

    def walk(*shape: int) -> Any:
        return np.cumsum(dice.normal(0.0, 1.0, (FRAMES, *shape)), axis=0)

    return LandmarkSeries(
        time_s=np.arange(FRAMES) / 29.97,
        xy_px=400.0 + walk(LANDMARK_COUNT, 2),
        world_m=0.01 * walk(LANDMARK_COUNT, 3),
        visibility=1.0 - 0.01 * dice.random((FRAMES, LANDMARK_COUNT)),
        width_px=1280,
        height_px=720,
    )


def templates() -> Iterator[tuple[list[dict[str, Any]], dict[str, Any]]]:
    """Rows of sessions with values of their own, to be copied for everybody."""
    dice = random.Random(2)
    for _ in range(25):
        session = Session(id=new_id(), person_id="p", started_at=BEGIN)
        before, after = dice.uniform(100.0, 130.0), dice.uniform(115.0, 150.0)
        values_deg = (before, before + dice.uniform(-3.0, 3.0), after, dice.uniform(110.0, 150.0))
        sets = [
            replace(a_set(session, number, value_deg), landmarks=None)
            for number, value_deg in enumerate(values_deg)
        ]
        pre1, pre2, post, other = (each.assessment for each in sets)
        comparison = compare(
            pre1, post, pre2=pre2, other_side=other, pain_before=5.0, pain_after=3.0, age=50
        )
        result = result_of_comparison(comparison, session.id, {})
        yield [rows.set_row(each, "p") for each in sets], rows.result_row(result, 0)


LANDMARKS = landmarks()
SMALL = pack_arrays({"time_s": np.zeros(1)})
TEMPLATES, RESULTS = zip(*templates(), strict=True)
assert set(schema.metadata.tables) >= {"people", "sets"}

if __name__ == "__main__":
    main()
