"""The reports for the person: plain words, one page, the result first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rom.clinical.assessment import Assessment
from rom.clinical.comparison import Comparison, compare_sides
from rom.clinical.history_wording import day_words
from rom.clinical.signs.rules import sign_words
from rom.clinical.wording import degrees, movement_title, sign_change_sentences
from rom.landmarks import Side
from rom.movements import MOVEMENTS
from rom.reports import phrases
from rom.reports.blocks import (
    BigValue,
    Block,
    Bullets,
    Column,
    Document,
    Figure,
    Heading,
    Notice,
    Paragraph,
    Picture,
    Pictures,
    Table,
)
from rom.reports.content import SessionContent, ShownSet, Subject, WeeksContent
from rom.reports.drawn import (
    comparison_drawing,
    curves_drawing,
    pain_drawing,
    profile_drawing,
    set_drawing,
    trend_caption,
    trend_drawing,
)
from rom.reports.numbers import DASH

KIND = "Range of motion"
MOST_NOTES = 3
MOST_SIDES = 3


def session_for_person(content: SessionContent) -> Document:
    """One session: what was compared, one set, or the profile of several."""
    if content.comparison is not None:
        title = phrases.comparison_title(content.comparison)
        blocks = [*_comparison_blocks(content, content.comparison)]
    elif len(content.sets) == 1:
        title = phrases.title_of(content.sets[0].assessment)
        blocks = [*_set_blocks(content.sets[0])]
    else:
        title = "How far you move"
        blocks = [*_profile_blocks(content.sets)]
    if content.remarks:
        blocks.append(Paragraph(words=" ".join(content.remarks), style="soft"))
    day = () if content.day is None else (day_words(content.day),)
    return _document(title, content.subject, day, blocks)


def weeks_for_person(content: WeeksContent) -> Document:
    """The weeks of the first course: what they say together, and the trend."""
    course = content.courses[0]
    weeks = course.weeks
    first, last = weeks.sessions[0], weeks.sessions[-1]
    blocks: list[Block] = [Paragraph(words=weeks.sentences[0], style="lead")]
    drawing = trend_drawing(course, "trend")
    if drawing is not None:
        blocks.append(Figure(drawing=drawing, caption=trend_caption(course)))
    blocks += [Paragraph(words=each) for each in (*weeks.sentences[1:], *course.retained)]
    if content.adherence:
        blocks.append(Paragraph(words=" ".join(content.adherence)))
    if course.next_steps:
        blocks += [Heading(words="What may come next"), Bullets(items=course.next_steps)]
    blocks += _cannot_tell(phrases.CANNOT_TELL_WEEKS)
    title = movement_title(last.movement, last.side)
    span = dict.fromkeys((day_words(first.day), day_words(last.day)))
    title = f"{title[:1].upper()}{title[1:]}"
    return _document(title, content.subject, [" to ".join(span)], blocks)


def _document(
    title: str, subject: Subject, about: Sequence[str], blocks: Sequence[Block]
) -> Document:
    return Document(
        title=title,
        kind=KIND,
        name=subject.name,
        about=about,
        blocks=blocks,
        footer=phrases.STANDING_TEXT,
        one_page=True,
    )


def _comparison_blocks(content: SessionContent, comparison: Comparison) -> Iterator[Block]:
    sentences = comparison.sentences
    yield Paragraph(words=sentences[0], style="lead")
    drawing = comparison_drawing(comparison)
    if drawing is not None:
        yield Figure(drawing=drawing, caption=comparison_caption(comparison))
    others = [*_not_compared(content, comparison)]
    pain = pain_drawing(comparison)
    if pain is not None and not others:  # else the page is full, and a sentence says it
        yield Figure(drawing=pain, caption=phrases.PAIN_CAPTION)
    yield from picture_blocks(content.sets)
    for sentence in sentences[1:]:
        yield Paragraph(words=sentence)
    told = " ".join(sentences)
    signs = [each for each in sign_sentences(comparison) if each not in told]
    if signs:
        yield Paragraph(words=" ".join(signs))
    if comparison.label_reason and comparison.kind == "before_after":
        yield Paragraph(words=comparison.label_reason, style="soft")
    yield from _other_movements(others)
    yield from _notices([each.assessment for each in content.sets])
    yield from _cannot_tell(phrases.CANNOT_TELL_CHANGE)


def _not_compared(content: SessionContent, comparison: Comparison) -> Iterator[Assessment]:
    """What else was measured; the other direction of an arc is in its sentences already."""
    compared = [comparison.pre1, comparison.pre2, comparison.post]
    for each in (shown.assessment for shown in content.sets):
        of_arc = comparison.arcs is not None and each.movement == comparison.post.movement
        if each not in compared and not of_arc:
            yield each


def _set_blocks(shown: ShownSet) -> Iterator[Block]:
    assessment = shown.assessment
    if assessment.measured:
        yield BigValue(
            value=phrases.value_words(assessment), words=phrases.repetitions_words(assessment)
        )
        yield Paragraph(words=phrases.usual_range_words(assessment.normal_range))
    else:
        yield Paragraph(words=phrases.NOT_MEASURED, style="lead")
        yield from _notices([assessment])
        yield from _how_to_film(assessment)
        return
    yield from _notices([assessment])
    drawing = set_drawing(assessment, "set")
    if drawing is not None:
        yield Figure(drawing=drawing, caption=phrases.SET_CAPTION)
    yield from picture_blocks([shown])
    curves = curves_drawing([shown], "curves")
    if curves is not None:
        yield Figure(drawing=curves, caption=phrases.CURVE_CAPTION)
    onset = phrases.onset_words(assessment)
    if onset:
        yield Paragraph(words=f"{onset} {phrases.ONSET_EXPLAINED}")
    yield Paragraph(words=phrases.accuracy_words(assessment))
    yield Paragraph(words=phrases.change_error_words(assessment))
    yield from _signs(assessment)
    yield from _cannot_tell(phrases.CANNOT_TELL)


def comparison_caption(comparison: Comparison) -> str:
    """What the marks of the before-and-after drawing mean."""
    parts = ["Each value with its 95 % interval of repeated measurement."]
    if comparison.limit_deg is not None:
        limit = degrees(comparison.limit_deg)
        parts.append(f"Shaded: differences up to {limit}, which are not told as a difference.")
    normal = comparison.normal_before or comparison.normal_after
    if comparison.arcs is None and normal is not None and normal.lower_deg is not None:
        parts.append("Hatched: the usual range for this age; dashed: its mean.")
    return " ".join(parts)


def _how_to_film(assessment: Assessment) -> Iterator[Block]:
    """What the catalogue asks for, to do it again."""
    movement = MOVEMENTS.get(assessment.movement)
    if movement is not None:
        yield Heading(words="How to film it")
        camera = f"Camera: {movement.view.value}. Position: {movement.position}."
        words = " ".join(movement.start.split())
        yield Bullets(items=[camera, words, movement.instruction_for(assessment.side)])


def _profile_blocks(sets: Sequence[ShownSet]) -> Iterator[Block]:
    assessments = [each.assessment for each in sets]
    yield Paragraph(words=phrases.profile_headline(assessments), style="lead")
    drawing = profile_drawing(assessments, "profile")
    if drawing is not None:
        yield Figure(drawing=drawing, caption=phrases.PROFILE_CAPTION)
    yield from picture_blocks(sets)
    differences = list(side_sentences(assessments))
    if differences:
        yield Heading(words="Left and right")
        yield Bullets(items=differences[:MOST_SIDES])
    yield from _notices(assessments, name_them=True)
    yield from _cannot_tell(phrases.CANNOT_TELL)


def side_sentences(assessments: Sequence[Assessment]) -> Iterator[str]:
    """What left against right says of each movement measured on both sides, told ones first."""
    sides: dict[str, dict[Side, Assessment]] = {}
    for each in assessments:
        if each.measured and each.side is not None:
            sides.setdefault(each.movement, {}).setdefault(each.side, each)
    found = [
        compare_sides(pair[Side.LEFT], pair[Side.RIGHT])
        for pair in sides.values()
        if len(pair) == len(Side)
    ]
    found.sort(key=lambda each: each.verdict in ("no_measurable_change", "not_comparable"))
    for pair_found in found:
        words = " ".join(pair_found.sentences[:2])
        yield f"{phrases.movement_words(pair_found.pre1.movement)}: {words}"


def _other_movements(assessments: Sequence[Assessment]) -> Iterator[Block]:
    """What else was measured, short: a row per movement."""
    rows: dict[str, dict[Side | None, Assessment]] = {}
    for each in assessments:
        if each.measured:
            rows.setdefault(each.movement, {}).setdefault(each.side, each)
    if not rows:
        return
    yield Heading(words="Other movements")
    yield Table(
        caption="Other movements",
        hidden_caption=True,
        columns=[
            Column(words="Movement", align="left", width=2.4),
            Column(words="left"),
            Column(words="right"),
            Column(words="usual from"),
        ],
        rows=[_movement_row(movement, sides) for movement, sides in rows.items()],
    )


def _movement_row(movement: str, sides: Mapping[Side | None, Assessment]) -> list[str]:
    known = [each.normal_range for each in sides.values() if each.normal_range]
    usual = next((each.lower_deg for each in known if each.lower_deg is not None), None)
    values = {side: phrases.value_words(each) for side, each in sides.items()}
    middle = values.get(None, DASH)
    return [
        phrases.movement_words(movement),
        values.get(Side.LEFT, middle),
        values.get(Side.RIGHT, DASH),
        DASH if usual is None else degrees(usual),
    ]


def picture_blocks(sets: Sequence[ShownSet]) -> Iterator[Block]:
    """The still frames, where there are any."""
    pictures = [
        Picture(jpeg=each.still, alternative=still_alternative(each), caption=each.name)
        for each in sets
        if each.still is not None
    ]
    if pictures:
        yield Pictures(pictures=pictures)


def still_alternative(shown: ShownSet) -> str:
    """What a still frame shows, in words."""
    value = phrases.value_words(shown.assessment)
    title = phrases.title_of(shown.assessment)
    return f"{title}, {shown.name}: the frame at the peak with the measured angle, {value}."


def sign_sentences(comparison: Comparison) -> tuple[str, ...]:
    """Signs that went and came; none where they may not be compared."""
    changes = comparison.signs
    if changes is None:
        return ()
    return sign_change_sentences(changes, sign_words(comparison.post.movement))


def _signs(assessment: Assessment) -> Iterator[Block]:
    signs = phrases.seen_signs(assessment)
    if signs:
        yield Paragraph(words=f"Seen in the movement: {'; '.join(signs)}.")


def _notices(assessments: Sequence[Assessment], *, name_them: bool = False) -> Iterator[Block]:
    found = list(_notices_of(assessments, name_them=name_them))
    yield from found[:MOST_NOTES]
    if len(found) > MOST_NOTES:
        words = phrases.more_notes_words(len(found) - MOST_NOTES)
        yield Paragraph(words=words, style="soft")


def _notices_of(assessments: Sequence[Assessment], *, name_them: bool) -> Iterator[Notice]:
    """What to mind of each recording, refusals first; what is said twice is said once."""
    messages: dict[str, dict[str, None]] = {}
    issues = [(each, issue) for each in assessments for issue in each.issues]
    for each, issue in sorted(issues, key=lambda item: not item[1].blocking):
        label = "Not measured" if issue.blocking else "Note"
        if name_them:
            label += f", {movement_title(each.movement, each.side)}"
        messages.setdefault(label, {})[issue.message] = None
    for label, said in messages.items():
        yield Notice(label=label, words=" ".join(said))


def _cannot_tell(sentences: Sequence[str]) -> Iterator[Block]:
    yield Heading(words="What this cannot tell")
    yield Bullets(items=sentences)
    yield Paragraph(words=phrases.NEXT_TIME)
