"""What each command does: check, measure, write, print.

Imports of the pose model and of video libraries wait until a command needs them, so that help,
the list of movements and wrong usage answer at once.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rom.commands.arguments import STDOUT
from rom.errors import RomError, UsageError
from rom.landmarks import Side
from rom.measuring import measure_recordings
from rom.movements import movement_named
from rom.outputs import (
    Output,
    check_outputs,
    check_suffix,
    json_text,
    output_folder,
    text_writer,
    write_together,
)
from rom.results import (
    Result,
    comparison_result,
    directions_result,
    outcome_result,
    overlay_output,
)
from rom.samples import DEMO_MOVEMENT, DEMO_SIDE, demo_videos
from rom.terminal import print_error, progress_bar

if TYPE_CHECKING:
    from rom.clinical.agreement.switched_on import LocalErrors
    from rom.clinical.comparison import Comparison
    from rom.clinical.directions import Directions
    from rom.keeping import Keeper
    from rom.pipeline import AssessmentRequest, Outcome, Sides

RECORDS = "records"
"""What --local-error names to learn from somebody's records instead of reading a file."""

WITHOUT = "none"
"""What --local-error names to do without the figures that are switched on."""


def assess(arguments: argparse.Namespace) -> int:
    """Measure one movement in one video."""
    files = _checked_files(arguments, [arguments.video], overlay=arguments.overlay)
    side = arguments.side if arguments.side in (None, "both") else Side(arguments.side)
    with _keeper(arguments, files) as keeper:
        request = _request(arguments, arguments.video, side, keeper)
        _check_cameras([request])
        with progress_bar() as show:
            (outcome,) = measure_recordings([request], show)
            outputs = []
            if arguments.overlay is not None:
                outputs.append(overlay_output(outcome.as_filmed(), arguments.overlay, show))
            result = outcome_result(outcome, with_series=arguments.series)
            with _kept(arguments, keeper, lambda to: to.keep_outcome(outcome)):
                text = _write(arguments, result, outputs)
                print(text, end="")
    return 0


def compare(arguments: argparse.Namespace) -> int:
    """Compare before with after, or left with right."""
    sides = _videos_and_sides(arguments)
    files = _checked_files(arguments, [video for video, _ in sides.values()], overlay=None)
    with _keeper(arguments, files) as keeper:
        requests = [_request(arguments, video, side, keeper) for video, side in sides.values()]
        _check_cameras(requests)
        if keeper is not None and arguments.flare is not None:
            keeper.note_flare(arguments.movement, arguments.side, arguments.flare == "yes")
        with progress_bar() as show:
            outcomes = dict(zip(sides, measure_recordings(requests, show), strict=True))
            result, keep = _compared(arguments, outcomes, requests)
            with _kept(arguments, keeper, keep):
                text = _write(arguments, result, [])
                print(text, end="")
    return 0


@contextmanager
def _keeper(arguments: argparse.Namespace, files: Sequence[Path]) -> Iterator[Keeper | None]:
    """The records of the person that a result is for, found before anything takes time."""
    if arguments.person is None:
        yield None
        return
    from rom.keeping import keeper

    with keeper(arguments.person, arguments.day, files=files) as found:
        yield found


@contextmanager
def _kept(
    arguments: argparse.Namespace, keeper: Keeper | None, keep: Callable[[Keeper], object]
) -> Iterator[None]:
    """Keep a result, then show it; if it cannot be kept it is shown all the same."""
    if keeper is None:
        yield
        return
    failure: RomError | None = None
    try:
        keep(keeper)
    except RomError as error:
        failure = error
    yield
    if failure is not None:
        sys.stdout.flush()  # an error drops what is still pending
        raise failure
    if arguments.json != STDOUT:
        print("", keeper.kept_words, sep="\n")


def movements(arguments: argparse.Namespace) -> int:
    """List the movements, or explain one."""
    from rom.reports.text import movement_explanation, movements_table

    if arguments.name is not None:
        print(movement_explanation(movement_named(arguments.name)))
        return 0
    print(movements_table())
    return 0


def _hanging(head: str, words: str) -> str:
    """Wrap words behind a head, for a terminal of 80 columns; paths are not broken."""
    return textwrap.fill(
        words,
        80,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def doctor(arguments: argparse.Namespace) -> int:
    """Check this computer; the exit status tells scripts whether all is well."""
    from rom.doctor import model_path, run_checks

    checks = run_checks()
    failed = [check.name for check in checks if not check.ok]
    if arguments.json:
        path = model_path()
        content = {
            "ok": not failed,
            "checks": [
                {"name": check.name, "ok": check.ok, "message": check.message} for check in checks
            ],
            "model_path": str(path) if path else None,
        }
        print(json_text(content), end="")
    else:
        for check in checks:
            mark = "ok    " if check.ok else "FAIL  "
            print(_hanging(mark, f"{check.name}: {check.message}"))
    if failed:
        print_error(f"Expected everything in order, found trouble with {', '.join(failed)}")
    return 1 if failed else 0


def calibrate(arguments: argparse.Namespace) -> int:
    """Carry out one step of calibrating a camera."""
    if arguments.step == "board":
        return _calibrate_board(arguments)
    if arguments.step == "camera":
        return _calibrate_camera(arguments)
    from rom.camera.storage import camera_names, checked_name, forget_camera, read_camera

    if arguments.step == "list":
        from rom.camera.wording import cameras_table

        print(cameras_table([read_camera(name) for name in camera_names()]))
    elif arguments.step == "forget":
        forget_camera(arguments.name)
        print(f"Removed camera {checked_name(arguments.name)}")
    else:
        raise AssertionError(arguments.step)
    return 0


def _calibrate_board(arguments: argparse.Namespace) -> int:
    from rom.camera.board import write_board
    from rom.camera.wording import board_steps

    check_suffix(arguments.out, "--out", ".pdf")
    check_outputs([arguments.out], inputs=(), force=arguments.force)
    output = Output(arguments.out, lambda temporary: write_board(temporary, arguments.paper))
    write_together([output], force=arguments.force)
    print(board_steps(), _written([output]), sep="\n\n")
    return 0


def _calibrate_camera(arguments: argparse.Namespace) -> int:
    from rom.camera.calibration import calibrate_camera
    from rom.camera.storage import check_new_camera, write_camera
    from rom.camera.wording import calibration_text

    check_new_camera(arguments.name, force=arguments.force)
    with progress_bar() as show:
        step = f"Reading {arguments.video.name}"
        camera, estimate = calibrate_camera(
            arguments.video,
            arguments.name,
            square_mm=arguments.square_mm,
            progress=lambda done: show(step, done),
        )
    path = write_camera(camera, force=arguments.force)
    print(calibration_text(camera, estimate), f"Wrote {path}", sep="\n\n")
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """Measure the sample pair and write what a user would get for a pair of their own."""
    folder: Path = arguments.out or Path("rom-demo")
    force = arguments.force or arguments.out is None  # the default folder is the demo's own
    page, drawings = folder / "comparison.html", [folder / "before.mp4", folder / "after.mp4"]
    with output_folder(folder):
        check_outputs([page, *drawings], inputs=(), force=force)
        result, outputs = _measure_pair(demo_videos(), page, drawings, force=force)
    print(result.text(), _written(outputs), sep="\n\n")
    return 0


def _measure_pair(
    videos: Sequence[Path], page: Path, drawings: Sequence[Path], *, force: bool
) -> tuple[Result, list[Output]]:
    from rom.clinical.comparison import compare as compare_sets

    requests = [_plain_request(video, DEMO_MOVEMENT, DEMO_SIDE) for video in videos]
    with progress_bar() as show:
        before, after = measure_recordings(requests, show)
        comparison = compare_sets(before.assessments[0], after.assessments[0])
        result = comparison_result(comparison, _names(requests))
        outputs = [
            overlay_output(before, drawings[0], show),
            overlay_output(after, drawings[1], show),
            Output(page, text_writer(result.page())),
        ]
        write_together(outputs, force=force)
    return result, outputs


def _checked_files(
    arguments: argparse.Namespace, videos: Sequence[Path], *, overlay: Path | None
) -> list[Path]:
    """Return the files to be written; all are checked, and every input opened, before anything
    takes time."""
    paths = []
    if overlay is not None:
        check_suffix(overlay, "--overlay", ".mp4")
        paths.append(overlay)
    if arguments.report is not None:
        check_suffix(arguments.report, "--report", ".html", ".htm")
        paths.append(arguments.report)
    if arguments.json not in (None, STDOUT):
        paths.append(Path(arguments.json))
    if arguments.model is not None and not arguments.model.is_file():
        raise UsageError(
            f"Expected a pose landmarker bundle (.task), but there is no file {arguments.model};"
            " correct --model, or leave it out to use the Full model."
        )
    check_outputs(paths, inputs=videos, force=arguments.force)

    from rom.video.reading import open_video

    for video in videos:
        open_video(video).close()
    return paths


def _check_cameras(requests: Sequence[AssessmentRequest]) -> None:
    """Check that the camera is known and fits every recording, before anything takes time."""
    from rom.pipeline import straightening_for
    from rom.video.reading import open_video

    for request in requests:
        if request.camera is not None:
            with open_video(request.video) as reader:
                straightening_for(request, reader.info)


def _own_errors(arguments: argparse.Namespace, keeper: Keeper | None) -> LocalErrors | None:
    """The error figures of the user's own: those named, else those that are switched on."""
    if arguments.local_error is None:
        return None if keeper is None else keeper.own_errors
    from rom.clinical.agreement.switched_on import local_errors_from_json
    from rom.commands.arguments import AUTO
    from rom.inputs import read_json

    if str(arguments.local_error) == WITHOUT:
        return None
    if str(arguments.local_error) == RECORDS:
        return _recorded_errors(arguments)
    found = local_errors_from_json(read_json(arguments.local_error))
    if arguments.movement != AUTO:
        found.check_movement(arguments.movement)
    return found


def _recorded_errors(arguments: argparse.Namespace) -> LocalErrors:
    """Own figures learned from the records of the person that is measured."""
    if arguments.person is None:
        raise UsageError(
            f"Expected --person beside --local-error {RECORDS}, got none; say whose records"
        )
    from rom.clinical.agreement.learned import learn
    from rom.keeping import records
    from rom.records.pairs import baseline_pairs, reference_pairs

    with records() as store:
        content = store.content(store.person(arguments.person).id, series=False)
    return learn(reference_pairs(content), baseline_pairs(content)).named(RECORDS)


def _request(
    arguments: argparse.Namespace,
    video: Path,
    side: Side | Literal["both"] | None,
    keeper: Keeper | None,
) -> AssessmentRequest:
    from rom.pipeline import AssessmentRequest
    from rom.subject import SubjectHint

    position = getattr(arguments, "subject", None)
    return AssessmentRequest(
        video=video,
        movement=arguments.movement,
        side=side,
        subject=SubjectHint(**position._asdict()) if position else None,
        mirrored=arguments.mirrored,
        camera=arguments.camera,
        camera_tilt_deg=arguments.camera_tilt,
        age=arguments.age if arguments.age is not None or keeper is None else keeper.age,
        sex=arguments.sex if arguments.sex is not None or keeper is None else keeper.person.sex,
        model=arguments.model,
        local_errors=_own_errors(arguments, keeper),
    )


def _plain_request(video: Path, movement: str, side: Side) -> AssessmentRequest:
    from rom.pipeline import AssessmentRequest

    return AssessmentRequest(video=video, movement=movement, side=side)


def _before_and_after(arguments: argparse.Namespace) -> list[tuple[str, Path]]:
    named = [(name, getattr(arguments, name)) for name in ("pre1", "pre2", "post")]
    return [(name, video) for name, video in named if video is not None]


def _videos_and_sides(arguments: argparse.Namespace) -> dict[str, tuple[Path, Sides]]:
    """Name every recording of a comparison; the order is the order of work."""
    if arguments.left is not None:
        return {"left": (arguments.left, Side.LEFT), "right": (arguments.right, Side.RIGHT)}
    if arguments.side == "both":
        return {name: (video, "both") for name, video in _before_and_after(arguments)}
    side = Side(arguments.side) if arguments.side else None
    sides: dict[str, tuple[Path, Sides]] = {
        name: (video, side) for name, video in _before_and_after(arguments)
    }
    if arguments.other_side is not None and side is not None:
        sides["other_side"] = (arguments.other_side, side.other)
    return sides


def _compared(
    arguments: argparse.Namespace, outcomes: dict[str, Outcome], requests: list[AssessmentRequest]
) -> tuple[Result, Callable[[Keeper], object]]:
    """What the recordings say together, and how to keep it."""
    day, names = arguments.day or date.today(), _names(requests)
    if arguments.side == "both":
        directions = _directions(arguments, outcomes, requests[0])
        return (
            directions_result(directions, names, day=day),
            lambda to: to.keep_directions(directions, outcomes),
        )
    comparison = _comparison(arguments, outcomes, requests[0])
    return (
        comparison_result(comparison, names, day=day),
        lambda to: to.keep_comparison(comparison, outcomes),
    )


def _directions(
    arguments: argparse.Namespace, outcomes: dict[str, Outcome], request: AssessmentRequest
) -> Directions:
    from rom.clinical.directions import compare_directions

    return compare_directions(
        {name: outcome.assessments for name, outcome in outcomes.items()},
        pain_before=arguments.pain_before,
        pain_after=arguments.pain_after,
        worse=None if arguments.worse is None else arguments.worse == "yes",
        age=request.age,
        sex=request.sex,
    )


def _comparison(
    arguments: argparse.Namespace, outcomes: dict[str, Outcome], request: AssessmentRequest
) -> Comparison:
    from rom.clinical.comparison import compare, compare_sides

    sets = {name: outcome.assessments[0] for name, outcome in outcomes.items()}
    if "left" in sets:
        return compare_sides(sets["left"], sets["right"], age=request.age, sex=request.sex)
    return compare(
        sets["pre1"],
        sets["post"],
        pre2=sets.get("pre2"),
        pain_before=arguments.pain_before,
        pain_after=arguments.pain_after,
        worse=None if arguments.worse is None else arguments.worse == "yes",
        other_side=sets.get("other_side"),
        age=request.age,
        sex=request.sex,
    )


def _write(arguments: argparse.Namespace, result: Result, outputs: Sequence[Output]) -> str:
    """Write all files of a command together; return what is left to print."""
    outputs = list(outputs)
    content = json_text(result.content()) if arguments.json is not None else ""
    if arguments.json not in (None, STDOUT):
        outputs.append(Output(Path(arguments.json), text_writer(content)))
    if arguments.report is not None:
        outputs.append(Output(arguments.report, text_writer(result.page())))
    write_together(outputs, force=arguments.force)
    if arguments.json == STDOUT:
        return content
    return "\n\n".join(part for part in (result.text(), _written(outputs)) if part) + "\n"


def _written(outputs: Sequence[Output]) -> str:
    return "\n".join(f"Wrote {output.path}" for output in outputs)


def _names(requests: Sequence[AssessmentRequest]) -> tuple[str, ...]:
    return tuple(request.video.name for request in requests)
