"""The reports for the therapist: numbers with their errors, notation, method, quality, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison
from rom.clinical.history_wording import day_words
from rom.clinical.pain_onset import PainOnset
from rom.clinical.sftr import SOURCE as SFTR_SOURCE
from rom.clinical.sftr import sftr_lines
from rom.clinical.sources import evidence_words
from rom.reports import phrases
from rom.reports.blocks import (
    Block,
    Bullets,
    Document,
    Fact,
    Facts,
    Figure,
    Figures,
    Heading,
    Notice,
    Paragraph,
)
from rom.reports.content import SessionContent, ShownSet, Subject, WeeksContent
from rom.reports.drawn import (
    comparison_drawing,
    curves_drawing,
    profile_drawing,
    set_drawing,
    sources_of,
)
from rom.reports.numbers import decimal, signed
from rom.reports.person import (
    comparison_caption,
    picture_blocks,
    side_sentences,
)
from rom.reports.therapist_tables import (
    method_facts,
    program_facts,
    repetitions_table,
    sets_table,
    signs_blocks,
)
from rom.reports.therapist_weeks import course_blocks

KIND = "Range of motion: report for the therapist"
SESSION_LABELS = "decision_rules.csv"
_NARROW = 300
"""Width of a drawing of which two stand side by side."""


def session_for_therapist(content: SessionContent) -> Document:
    """One session with everything that its numbers rest on."""
    assessments = [each.assessment for each in content.sets]
    comparison = content.comparison
    blocks: list[Block] = []
    if comparison is not None:
        blocks += _comparison_blocks(comparison)
    elif not any(each.measured for each in assessments):
        blocks.append(Paragraph(words=phrases.NOT_MEASURED, style="lead"))
    blocks.append(sets_table(content.sets))
    blocks += _quality_blocks(content.sets)
    blocks += _sftr_blocks(assessments, phrases.LATEST_SET)
    blocks += _drawings(content)
    blocks += picture_blocks(content.sets)
    if comparison is None and (differences := list(side_sentences(assessments))):
        blocks += [Heading(words="Left and right"), Bullets(items=differences)]
    blocks += _repetition_blocks(content.sets)
    blocks += signs_blocks(content.sets)
    blocks += _written_beside(content)
    blocks += _method_blocks(content.sets)
    ranges = [each.normal_range for each in assessments]
    if comparison is not None:
        ranges += [comparison.normal_before, comparison.normal_after]
    blocks += _ending(
        phrases.CANNOT_TELL if comparison is None else phrases.CANNOT_TELL_CHANGE,
        sources_of(assessments, ranges, others=_sftr_source(assessments)),
    )
    about = [] if content.day is None else [day_words(content.day)]
    return _document(_session_title(content), content.subject, about, blocks)


def weeks_for_therapist(content: WeeksContent) -> Document:
    """The weeks of every movement and side, each with its trend and its sessions."""
    latest = [each.latest for each in content.courses if each.latest is not None]
    blocks: list[Block] = []
    if content.adherence:
        blocks.append(Paragraph(words=" ".join(content.adherence)))
    profile = profile_drawing(latest, "profile") if len(latest) > 1 else None
    if profile is not None:
        blocks += [
            Heading(words="Latest values"),
            Figure(drawing=profile, caption=phrases.PROFILE_CAPTION),
        ]
    for number, course in enumerate(content.courses):
        blocks += course_blocks(course, f"course{number}")
    blocks += _sftr_blocks(latest, phrases.LATEST_FIRST_SET)
    blocks += _method_blocks([ShownSet(name="latest", assessment=each) for each in latest])
    blocks += _ending(
        phrases.CANNOT_TELL_WEEKS,
        sources_of(latest, [each.normal_range for each in latest], others=_sftr_source(latest)),
    )
    days = [record.day for each in content.courses for record in each.weeks.sessions]
    span = " to ".join(dict.fromkeys((day_words(min(days)), day_words(max(days)))))
    return _document("Course of weeks", content.subject, [span], blocks)


def _document(
    title: str, subject: Subject, about: Sequence[str], blocks: Sequence[Block]
) -> Document:
    facts = [*about]
    if subject.age is not None:
        facts.append(f"{subject.age} years")
    if subject.sex is not None:
        facts.append({"F": "female", "M": "male"}[subject.sex])
    return Document(
        title=title,
        kind=KIND,
        name=subject.name,
        about=facts,
        blocks=blocks,
        footer=phrases.STANDING_TEXT,
        one_page=False,
    )


def _session_title(content: SessionContent) -> str:
    if content.comparison is not None:
        return phrases.comparison_title(content.comparison)
    if len(content.sets) == 1:
        return phrases.title_of(content.sets[0].assessment)
    return "Profile of movements"


def _comparison_blocks(comparison: Comparison) -> Iterator[Block]:
    yield Paragraph(words=comparison.sentences[0], style="lead")
    sides = comparison.kind == "left_right"
    facts = []
    if comparison.change_deg is not None and comparison.limit_deg is not None:
        facts.append(
            Fact(
                term=_change_term(comparison),
                words=f"{signed(comparison.change_deg)}°",
                soft=f"{'Told' if sides else 'A change'} beyond {decimal(comparison.limit_deg)}° "
                + ("(MDC95, or 10 % of the larger side)." if sides else "(MDC95 of a change)."),
            )
        )
    if comparison.drift_deg is not None:
        facts.append(
            Fact(
                term="Drift",
                words=f"{signed(comparison.drift_deg)}°",
                soft="Second set before minus the first.",
            )
        )
    facts += _label_facts(comparison)
    yield Facts(items=facts)
    for sentence in (*comparison.refusals, *comparison.remarks):
        yield Notice(label="Note", words=sentence)
    drawing = comparison_drawing(comparison)
    if drawing is not None:
        yield Figure(drawing=drawing, caption=comparison_caption(comparison), width_frac=0.65)


def _change_term(comparison: Comparison) -> str:
    if comparison.arcs is not None:
        return "Change, left and right together"
    return "Right − left" if comparison.kind == "left_right" else "Change"


def _label_facts(comparison: Comparison) -> Iterator[Fact]:
    before, after = comparison.pain_before, comparison.pain_after
    if before is not None or after is not None:
        scores = [("–" if each is None else f"{each:g}") for each in (before, after)]
        soft = "Told by the person on the movement, 0 to 10."
        yield Fact(term="Pain", words=f"{scores[0]} before, {scores[1]} after", soft=soft)
    if comparison.kind == "left_right":
        return
    yield from _onset_facts(comparison)
    if comparison.label is not None:
        label = comparison.label
        yield Fact(
            term="Label",
            words=f"{label.id} {label.name}: {label.wording}",
            soft=f"First rule of {SESSION_LABELS} that fits: {evidence_words('heuristic')}.",
        )
    elif comparison.label_reason:
        yield Fact(term="Label", words=comparison.label_reason)
    if comparison.restricted_before != "unknown":
        words = f"before {_restricted(comparison.restricted_before)}, "
        words += f"after {_restricted(comparison.restricted_after)}"
        yield Fact(
            term="Restricted", words=words, soft="Against the usual range or the other side."
        )


def _onset_facts(comparison: Comparison) -> Iterator[Fact]:
    """The start of pain by the person's marks, before and after, with the change and its limit."""
    found = comparison.pain_onset
    if found is None:
        return
    words = ", ".join(
        f"{'not marked' if onset is None else _onset(onset)} {name}"
        for name, onset in (("before", found.before), ("after", found.after))
    )
    soft = phrases.ONSET_EXPLAINED
    if found.change_deg is not None and found.limit_deg is not None:
        change = f"{signed(found.change_deg)}°, told beyond {decimal(found.limit_deg)}°"
        soft = f"Change {change} (MDC95 of these marks). {soft}"
    yield Fact(term="Start of pain", words=words, soft=soft)


def _onset(onset: PainOnset) -> str:
    half = decimal(onset.half_width_deg)
    return f"{decimal(onset.angle_deg)}° ±{half}° ({onset.repetitions} of {onset.counted})"


def _restricted(status: str) -> str:
    return "not known" if status == "unknown" else status


def _sftr_blocks(assessments: Sequence[Assessment], which: str) -> Iterator[Block]:
    lines = sftr_lines(assessments)
    if lines:
        yield Heading(words="SFTR notation")
        yield Facts(
            items=[
                Fact(
                    term=f"{each.joint.capitalize()}{f', {each.side.value}' if each.side else ''}",
                    words=each.notation,
                )
                for each in lines
            ]
        )
        yield Paragraph(words=phrases.SFTR_EXPLAINED + which, style="soft")


def _sftr_source(assessments: Sequence[Assessment]) -> list[str]:
    return [SFTR_SOURCE] if sftr_lines(assessments) else []


def _drawings(content: SessionContent) -> Iterator[Block]:
    assessments = [each.assessment for each in content.sets]
    if len(assessments) == 1:
        drawing = set_drawing(assessments[0], "set")
        if drawing is not None:
            yield Figure(drawing=drawing, caption=phrases.SET_CAPTION, width_frac=0.65)
    if content.comparison is None and len(assessments) > 1:
        profile = profile_drawing(assessments, "profile")
        if profile is not None:
            yield Figure(drawing=profile, caption=phrases.PROFILE_CAPTION, width_frac=0.65)
    yield from _curves(content.sets)


def _curves(sets: Sequence[ShownSet]) -> Iterator[Block]:
    groups = _by_movement(sets)
    if len(groups) == 1:
        drawing = curves_drawing(sets, "curves")
        if drawing is not None:
            yield Figure(drawing=drawing, caption=phrases.CURVE_CAPTION, width_frac=0.75)
        return
    figures = [
        Figure(
            drawing=drawing,
            caption=phrases.movement_words(group[0].assessment.movement),
            width_frac=1.0,
        )
        for number, group in enumerate(groups)
        if (drawing := curves_drawing(group, f"curves{number}", width=_NARROW)) is not None
    ]
    if figures:
        yield Heading(words="Angle over time")
        yield Figures(figures=figures)
        yield Paragraph(words=phrases.CURVE_CAPTION, style="soft")


def _by_movement(sets: Sequence[ShownSet]) -> list[list[ShownSet]]:
    groups: dict[str, list[ShownSet]] = {}
    for each in sets:
        groups.setdefault(each.assessment.movement, []).append(each)
    return list(groups.values())


def _repetition_blocks(sets: Sequence[ShownSet]) -> Iterator[Block]:
    table = repetitions_table(sets)
    if table is not None:
        yield Heading(words="Repetitions")
        yield table


def _written_beside(content: SessionContent) -> Iterator[Block]:
    notes = [f"{each.name}: {note}" for each in content.sets for note in each.notes]
    if notes:
        yield Heading(words="Written beside the sets")
        yield Bullets(items=notes)
    if content.remarks:
        yield Heading(words="Done otherwise than planned")
        yield Bullets(items=content.remarks)
    if content.massage:
        yield Heading(words="Self-massage")
        yield Bullets(items=content.massage)


def _quality_blocks(sets: Sequence[ShownSet]) -> Iterator[Block]:
    """What to mind, each message once with the sets that it is about."""
    about: dict[tuple[bool, str, str], list[str]] = {}
    for each in sets:
        for issue in each.assessment.issues:
            key = (issue.blocking, issue.message, phrases.issue_figures(issue))
            about.setdefault(key, []).append(each.name)
    if not about:
        yield Paragraph(words=phrases.CHECKS_PASSED, style="soft")
    for (blocking, message, figures), names in about.items():
        label = "Not measured" if blocking else "Note"
        yield Notice(label=f"{label}, {', '.join(names)}", words=message, soft=figures)


def _method_blocks(sets: Sequence[ShownSet]) -> Iterator[Block]:
    yield Heading(words="How it was measured")
    for group in _by_movement(sets):
        yield Heading(words=phrases.movement_words(group[0].assessment.movement), level=3)
        yield Facts(items=[*method_facts(group)])
    yield Heading(words="Program and model", level=3)
    yield Facts(items=[*program_facts(sets)])


def _ending(cannot_tell: Sequence[str], sources: Sequence[str]) -> Iterator[Block]:
    yield Heading(words="What this cannot tell")
    yield Bullets(items=cannot_tell)
    if sources:
        yield Heading(words="Sources")
        yield Bullets(items=sources, soft=True)
