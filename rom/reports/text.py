"""Results as plain text for a terminal: no colour codes, so it reads the same in a file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from rom.clinical.arc import Arc, Arcs
from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison
from rom.clinical.directions import Directions
from rom.clinical.error import best_accuracy_deg, read_too_poorly
from rom.clinical.wording import degrees, directions_words
from rom.kinematics.repetitions import Repetition
from rom.landmarks import Side
from rom.movements import MOVEMENTS, Movement, SideKind
from rom.quality.issues import Issue
from rom.reports.phrases import (
    accuracy_words,
    change_error_words,
    comparison_title,
    onset_words,
    own_error_words,
    repetitions_words,
    source_words,
    title_of,
    usual_range_words,
    value_words,
)
from rom.reports.sign_phrases import (
    MEANING,
    NOTHING_SEEN,
    absent_words,
    judged_by_words,
    not_judged_words,
    pattern_source_words,
    pattern_words,
)

DEFAULT_WIDTH = 80
_LABEL_WIDTH = 14


def assessment_text(
    assessment: Assessment, *, alone: bool = True, width: int = DEFAULT_WIDTH
) -> str:
    """One recording's result, `width` columns wide, without a final line break.

    `alone` is false where the other side was judged with it.
    """
    lines = [*_wrapped(title_of(assessment), width), ""]
    if assessment.measured:
        lines += [
            *_value_lines(assessment, width),
            "",
            *_repetition_table(assessment.repetitions, width),
            *sign_lines(assessment, width, alone=alone),
        ]
    else:
        lines += _labelled("not measured", assessment.refusals[0].message, width)
    issues = [issue for issue in assessment.issues if issue not in assessment.refusals[:1]]
    if issues:
        lines += ["", *_issue_lines(issues, width)]
    return "\n".join(lines)


def comparison_text(comparison: Comparison, *, width: int = DEFAULT_WIDTH) -> str:
    """A comparison's result, `width` columns wide, without a final line break."""
    return _comparison_text(comparison, comparison.sentences, width)


def directions_text(directions: Directions, *, width: int = DEFAULT_WIDTH) -> str:
    """Left and right of the same clips, compared together; `width` as above."""
    return _comparison_text(directions.left, directions.sentences, width)


def _comparison_text(comparison: Comparison, sentences: Iterable[str], width: int) -> str:
    lines = [*_wrapped(comparison_title(comparison), width), ""]
    arcs = dict(named_arcs(comparison.arcs)) if comparison.arcs else {}
    for name, assessment in named_sets(comparison):
        words = _arc_words(arcs[name]) if name in arcs else _set_words(assessment)
        lines += _labelled(name, words, width)
        lines += _own_change_source(assessment, width)
    if comparison.change_deg is not None and comparison.limit_deg is not None:
        name = "difference" if comparison.kind == "left_right" else "change"
        sign = "+" if comparison.change_deg > 0 else ""
        limit = degrees(comparison.limit_deg, decimals=1)
        change = degrees(comparison.change_deg, decimals=1)
        lines += _labelled(name, f"{sign}{change}   ({_limit_name(comparison)} {limit})", width)
    lines.append("")
    for sentence in sentences:
        lines += _wrapped(sentence, width)
    if comparison.label_reason and comparison.kind == "before_after":
        lines += ["", *_wrapped(comparison.label_reason, width)]
    return "\n".join(lines)


def movements_table(
    movements: Iterable[Movement] = tuple(MOVEMENTS.values()), *, width: int = DEFAULT_WIDTH
) -> str:
    """The catalogue as a table, with the reason for each movement that is not measurable."""
    listed = list(movements)
    name_width = max(len(movement.name) for movement in listed)
    lines = [f"{'movement':{name_width}}  grade  side       camera"]
    sides = {SideKind.BODY: "of body", SideKind.DIRECTION: "direction", SideKind.NONE: "–"}
    for movement in listed:
        view = "no number, see below" if _why_no_number(movement) else movement.view.value
        head = f"{movement.name:{name_width}}  {movement.grade:5}  "
        head += f"{sides[movement.side_kind]:9}  "
        lines += textwrap.wrap(view, width, initial_indent=head, subsequent_indent=" " * len(head))
    lines += ["", *_grade_lines(width)]
    reasons = {movement.name: _why_no_number(movement) for movement in listed}
    if any(reasons.values()):
        lines += ["", "No number from one camera:"]
    for name, reason in reasons.items():
        if reason:
            lines += textwrap.wrap(
                f"{name}: {reason}", width, initial_indent="  ", subsequent_indent="    "
            )
    return "\n".join(lines)


def movement_explanation(movement: Movement, *, width: int = DEFAULT_WIDTH) -> str:
    """How one movement is filmed and done, where its zero is, and how well it is read."""
    points = {
        "film": f"{movement.position}, camera: {movement.view.value}",
        "start": movement.start,
        "do (left)" if movement.has_side else "do": movement.instruction_for(Side.LEFT),
        "angle": movement.zero,
        "reads": ", ".join(name.replace("both:", "both sides' ") for name in movement.landmarks),
        "side": movement.side_kind.value,
        "grade": movement.grade,
        "read to": f"±{best_accuracy_deg(movement.name):.0f}° in the recommended view",
        "no number": _why_no_number(movement),
    }
    if points["no number"]:
        del points["read to"]
    lines = [movement.name, ""]
    for label, words in points.items():
        if words:
            head = f"  {label:16}"
            lines += textwrap.wrap(words, width, initial_indent=head, subsequent_indent=18 * " ")
    return "\n".join(lines)


def _why_no_number(movement: Movement) -> str:
    """Why a movement gets no number; empty where it gets one."""
    if not movement.measurable:
        return movement.not_measurable or ""
    if not read_too_poorly(movement.name):
        return ""
    return (
        f"one camera reads it to ±{best_accuracy_deg(movement.name):.0f}° at best, too poorly to "
        "tell a stiff joint from a healthy one."
    )


def _limit_name(comparison: Comparison) -> str:
    return "told beyond" if comparison.kind == "left_right" else "measurement error up to"


def named_sets(comparison: Comparison) -> tuple[tuple[str, Assessment], ...]:
    """The sets of a comparison under the names that people read."""
    if comparison.kind == "left_right":
        return ("left", comparison.pre1), ("right", comparison.post)
    if comparison.pre2 is None:
        return ("before", comparison.pre1), ("after", comparison.post)
    return (
        ("before (1)", comparison.pre1),
        ("before (2)", comparison.pre2),
        ("after", comparison.post),
    )


def named_arcs(arcs: Arcs) -> tuple[tuple[str, Arc], ...]:
    """The arcs of a comparison under the names that people read."""
    if arcs.pre2 is None:
        named = [("before", arcs.pre1), ("after", arcs.post)]
    else:
        named = [("before (1)", arcs.pre1), ("before (2)", arcs.pre2), ("after", arcs.post)]
    return tuple((name, arc) for name, arc in named if arc is not None)


def _value_lines(assessment: Assessment, width: int) -> Iterator[str]:
    value = f"{value_words(assessment)}   {repetitions_words(assessment)}"
    yield from _labelled("value", value, width)
    yield from _labelled("change", change_error_words(assessment), width)
    yield from _labelled("accuracy", accuracy_words(assessment), width)
    for words in own_error_words(assessment):
        yield from _labelled("", f"Source of the {words}", width)
    normal = assessment.normal_range
    onset = onset_words(assessment)
    if onset:
        yield from _labelled("pain", onset, width)
    yield from _labelled("usual range", usual_range_words(normal), width)
    if normal is not None and normal.lower_deg is not None:
        source = source_words(normal.source, normal.evidence)
        yield from _labelled("", f"Source: {source}", width)


def _set_words(assessment: Assessment) -> str:
    if assessment.sem_deg is None:
        return "not measured"
    if assessment.bound == "at_least":
        return f"{value_words(assessment)}   {repetitions_words(assessment)}"
    interval = degrees(1.96 * assessment.sem_deg)
    return f"{value_words(assessment)} ±{interval} (95 %)   {repetitions_words(assessment)}"


def _arc_words(arc: Arc) -> str:
    value, interval = degrees(arc.value_deg), degrees(1.96 * arc.sem_deg)
    if arc.bound == "at_least":
        return f"at least {value}   {directions_words(arc)}"
    return f"{value} ±{interval} (95 %)   {directions_words(arc)}"


def _own_change_source(assessment: Assessment, width: int) -> list[str]:
    source = assessment.provenance.sem_source
    return [] if source is None else _labelled("", f"Source of its error: {source}", width)


def _repetition_table(repetitions: Iterable[Repetition], width: int) -> Iterator[str]:
    yield "  repetition   at s   start °   peak °   speed °/s   smoothness   pauses"
    reasons = []
    for number, each in enumerate(repetitions, start=1):
        name = str(number) if each.counted else f"({number})"
        if not each.counted:
            reasons.append(f"{name} not counted: {each.reason_not_counted or 'no reason given'}")
        yield (
            f"  {name:>10}{each.peak_s:>7.1f}{each.start_deg:>10.1f}{each.peak_deg:>9.1f}"
            f"{_number(each.peak_velocity_deg_s):>12}{_number(each.sparc):>13}"
            f"{len(each.pauses):>9}"
        )
    for reason in reasons:
        yield from textwrap.wrap(reason, width, initial_indent="  ", subsequent_indent="      ")


def sign_lines(assessment: Assessment, width: int, *, alone: bool) -> Iterator[str]:
    """The signs that were seen, then those that were not, then what could not be judged."""
    if not assessment.signs:
        return
    yield from ("", "  signs in the way of moving")
    if not assessment.patterns:
        yield from _point(NOTHING_SEEN, width)
    for pattern in assessment.patterns:
        yield from _point(pattern_words(pattern), width)
        yield from _below(judged_by_words(pattern), width)
        yield from _below(f"Source: {pattern_source_words(pattern)}", width)
    if assessment.patterns:
        yield from _below(MEANING, width)
    absent = absent_words(assessment)
    if absent:
        yield from _point(absent, width)
    for sentence in not_judged_words(assessment, alone=alone):
        yield from _point(f"Not judged: {sentence[:1].lower()}{sentence[1:]}", width)


def _point(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  - ", subsequent_indent="    ")


def _below(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="    ")


def _issue_lines(issues: Iterable[Issue], width: int) -> Iterator[str]:
    for issue in issues:
        figures = ""
        if issue.value is not None and issue.limit is not None:
            figures = f" ({issue.value:.3g}, limit {issue.limit:.3g} {issue.unit or ''})"
        text = f"{issue.severity.value}: {issue.message}{figures.replace(' )', ')')}"
        yield from textwrap.wrap(text, width, initial_indent="! ", subsequent_indent="  ")


def _grade_lines(width: int) -> Iterator[str]:
    yield from _wrapped(
        "Grade A: in the picture's plane. B: usable with care. C: shown as a change or left "
        "against right only, never compared with usual ranges.",
        width,
    )


def _labelled(label: str, text: str, width: int) -> list[str]:
    head = f"  {label:{_LABEL_WIDTH}}"
    return textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        replace_whitespace=False,
        drop_whitespace=True,
    )


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".replace("-", "−")
