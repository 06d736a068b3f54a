"""Reports before they become a file: what is said, to whom, and that nothing forbidden is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest
from clinical_builders import measured, refused
from forbidden_words import forbidden_in
from report_builders import (
    HESITATION,
    SLOW_CAMERA,
    compared,
    full,
    kept_session,
    kept_weeks,
    one_set,
    person,
    profile,
    session,
)

from rom.clinical.comparison import compare_sides
from rom.errors import UsageError
from rom.landmarks import Side
from rom.quality.issues import Severity
from rom.records.entities import Edit, ManualReading, PainScore, PersonContent
from rom.reports import phrases
from rom.reports.blocks import (
    BigValue,
    Bullets,
    Document,
    Facts,
    Figure,
    Heading,
    Notice,
    Paragraph,
    Pictures,
    Table,
)
from rom.reports.content import SessionContent, ShownSet
from rom.reports.kept import session_content, weeks_content
from rom.reports.person import MOST_NOTES, session_for_person, weeks_for_person
from rom.reports.therapist import session_for_therapist, weeks_for_therapist

TODAY = date(2026, 8, 20)


def weeks(sessions: int = 24) -> Any:
    return weeks_content(kept_weeks(sessions), today=TODAY)


SESSIONS: dict[str, Callable[[], SessionContent]] = {
    "before and after": session,
    "with pictures": lambda: session(pictures=True),
    "one set": lambda: one_set(full(94)),
    "a bound": lambda: one_set(
        measured(58, movement="cervical_rotation", age=45, bound="at_least")
    ),
    "without age": lambda: one_set(measured(118)),
    "refused": lambda: one_set(refused(), name=None),
    "profile": profile,
    "left and right": lambda: replace(
        profile(), comparison=compare_sides(full(116), full(135, side=Side.RIGHT))
    ),
}
DOCUMENTS: dict[str, Callable[[], Document]] = {
    **{
        f"{name}, person": lambda made=made: session_for_person(made())
        for name, made in SESSIONS.items()
    },
    **{
        f"{name}, therapist": lambda made=made: session_for_therapist(made())
        for name, made in SESSIONS.items()
    },
    "weeks, person": lambda: weeks_for_person(weeks()),
    "weeks, therapist": lambda: weeks_for_therapist(weeks()),
    "first session, person": lambda: weeks_for_person(weeks(1)),
    "first session, therapist": lambda: weeks_for_therapist(weeks(1)),
}


def words_of(value: object) -> Iterator[str]:
    """Every text of a document, drawings left out but for their alternatives."""
    if isinstance(value, Figure):
        yield value.alternative
        yield value.caption
    elif isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from words_of(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from words_of(getattr(value, field.name))


def text_of(document: Document) -> str:
    return "\n".join(words_of(document))


def blocks_of(document: Document, kind: type) -> list[Any]:
    return [block for block in document.blocks if isinstance(block, kind)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_forbidden_is_said(name: str) -> None:
    """What literature says of itself, in sources and tables of sources, is not ours to word."""
    document = DOCUMENTS[name]()
    blocks = [
        block
        for block in document.blocks
        if not isinstance(block, Bullets | Facts | Table) or document.one_page
    ]
    text = " ".join(words_of([document.title, document.kind, blocks, document.footer]))
    assert not list(forbidden_in(text))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_have_no_holes_and_headings_do_not_skip(name: str) -> None:
    document = DOCUMENTS[name]()
    assert not re.search(r"\b(nan|None|inf)\b", text_of(document))
    level = 1
    for heading in blocks_of(document, Heading):
        assert 2 <= heading.level <= level + 1
        level = heading.level
    for figure in blocks_of(document, Figure):
        assert len(figure.alternative) > 20
    identifiers = re.findall(
        r'\bid="([^"]+)"', "".join(str(f.drawing) for f in blocks_of(document, Figure))
    )
    assert len(identifiers) == len(set(identifiers))


def test_the_person_reads_the_result_first_and_no_codes() -> None:
    document = session_for_person(session())
    comparison = compared()
    lead = blocks_of(document, Paragraph)[0]
    assert (lead.style, lead.words) == ("lead", comparison.sentences[0])
    text = text_of(document)
    for sentence in (*comparison.sentences, *phrases.CANNOT_TELL_CHANGE, phrases.NEXT_TIME):
        assert sentence in text
    for code in ("SPARC", "SEM", "SHA-256", "D04", "hesitation"):
        assert code not in text
    assert "Seen before and not after: stops on the way (in 2 of 3 repetitions)." in text
    assert document.one_page


def test_the_therapist_reads_every_number_with_error_and_source() -> None:
    document = session_for_therapist(session())
    text = text_of(document)
    post = compared().post
    assert post.sem_deg and post.mdc95_deg and post.accuracy_deg
    for words in (
        f"{post.sem_deg:.1f}",
        f"{post.mdc95_deg:.1f}",
        f"±{post.accuracy_deg:.1f}",
        "F: 144-0-( )",
        "the latest set of each movement",
        "D04 S1",
        "+27.0°",
        "Stops on the way",
        "AUNG2016",
        "Found 18.2 frames/s, limit 20 frames/s.",
        "4° off the plane of the movement",
        "Shoulder abduction, active, standing",
        "before (1).mp4",
        "SHA-256",
        "Gerhardt JJ, Russe OA.",
        "Gill TK et al.",
        "6 before, 3 after",
    ):
        assert words in text, words
    repetitions = next(each for each in blocks_of(document, Table) if each.caption == "Repetitions")
    assert len(repetitions.rows) == 9
    assert not document.one_page


def test_a_message_about_three_sets_is_said_once() -> None:
    for document in (session_for_person(session()), session_for_therapist(session())):
        assert text_of(document).count(SLOW_CAMERA.message) == 1


def test_a_refused_recording_has_no_number_but_what_to_do() -> None:
    document = session_for_person(one_set(refused()))
    text = text_of(document)
    assert not blocks_of(document, BigValue) and not blocks_of(document, Figure)
    assert phrases.NOT_MEASURED in text and "Turn a little towards the camera." in text
    assert "Raise your straight left arm sideways" in text
    therapist = session_for_therapist(one_set(refused()))
    assert "not measured" in text_of(therapist) and "( )" not in text_of(therapist)


def test_many_notes_are_cut_for_the_person_and_counted() -> None:
    issues = tuple(
        replace(SLOW_CAMERA, code=f"c{number}", message=f"Note number {number}.")
        for number in range(6)
    )
    movements = ("shoulder_abduction", "shoulder_flexion", "elbow_flexion", "hip_abduction")
    sets = [
        ShownSet(name="left", assessment=replace(measured(100, movement=each), issues=issues))
        for each in movements
    ]
    document = session_for_person(SessionContent(sets=sets))
    assert len(blocks_of(document, Notice)) == MOST_NOTES
    assert phrases.more_notes_words(1) in text_of(document)
    therapist = session_for_therapist(SessionContent(sets=sets))
    assert text_of(therapist).count("Note number") == len(issues)


def test_refusals_stand_before_notes() -> None:
    refusal = refused(movement="knee_flexion")
    sets = [ShownSet(name="left", assessment=each) for each in (full(118), refusal)]
    notices = blocks_of(session_for_person(SessionContent(sets=sets)), Notice)
    assert [each.label.split(",")[0] for each in notices] == ["Not measured", "Note"]
    assert refusal.issues[0].severity is Severity.BLOCKING


def test_the_profile_names_what_is_below_and_what_differs() -> None:
    text = text_of(session_for_person(profile()))
    assert "Below the usual range for your age: left arm, sideways and up." in text
    assert "The left side moves 19° less than the right." in text
    assert "Not measured, right knee, heel towards the buttock" in text


def test_pictures_are_shown_only_where_there_are_any() -> None:
    assert not blocks_of(session_for_person(session()), Pictures)
    (pictures,) = blocks_of(session_for_person(session(pictures=True)), Pictures)
    assert [each.caption for each in pictures.pictures] == ["before (1)", "before (2)", "after"]
    for each in pictures.pictures:
        assert "Left arm, sideways and up" in each.alternative


def test_weeks_for_the_person_tell_the_label_the_trend_and_how_regularly() -> None:
    content = weeks()
    document = weeks_for_person(content)
    text = text_of(document)
    for sentence in (*content.courses[0].weeks.sentences, *content.adherence):
        assert sentence in text
    (figure,) = blocks_of(document, Figure)
    assert "24 sessions from 2 March 2026 to 12 August 2026." in figure.alternative
    assert "Crosses: not measured." in figure.caption


def test_weeks_for_the_therapist_have_a_row_for_every_session() -> None:
    document = weeks_for_therapist(weeks())
    table = next(each for each in blocks_of(document, Table) if each.caption == "Sessions")
    assert len(table.rows) == 24
    assert table.weak == [5]
    assert table.rows[0][0] == "2 Mar 2026" and table.rows[5][1] == "–"
    assert "MDC95 between days" in text_of(document)
    assert "the first set of the latest day, before the massage" in text_of(
        weeks_for_therapist(weeks())
    )


# From the records


def test_a_kept_session_says_what_was_told_on_that_day() -> None:
    sets = [full(116), full(117), full(144)]
    kept = kept_session(person(), 0, sets, (6.0, 3.0))
    content = session_content(person(), kept)
    assert content.comparison is not None
    assert content.comparison.text == kept.results[0].text
    assert [each.name for each in content.sets] == ["before (1)", "before (2)", "after"]
    assert content.subject.age == 45
    stored = replace(kept.results[0], label_id="D06", change_deg=20.0)
    told = session_content(person(), replace(kept, results=(stored,))).comparison
    assert told is not None and told.label is not None
    assert (told.label.id, told.change_deg) == ("D06", 20.0)


def test_a_set_changed_by_hand_is_compared_anew() -> None:
    kept = kept_session(person(), 0, [full(116), full(117), full(144)], (6.0, 3.0))
    at = kept.session.started_at
    edit = Edit(field="assessment.repetitions[2].counted", before=True, after=False, edited_at=at)
    edited = replace(kept.sets[2], assessment=full(130), edits=(edit,))
    content = session_content(person(), replace(kept, sets=(*kept.sets[:2], edited)))
    assert content.comparison is not None
    assert content.comparison.change_deg == pytest.approx(13.0)
    assert any("changed by hand" in note for each in content.sets for note in each.notes)


def test_what_was_written_beside_a_set_stands_in_the_report() -> None:
    kept = kept_session(person(), 0, [full(116)], (0.0, 0.0))
    reading = ManualReading(
        id="r",
        value_deg=112.0,
        instrument="goniometer",
        read_at=kept.session.started_at,
        rater="AB",
        end_feel="<firm>",
    )
    pain = PainScore(moment="during", score=4.0, time_s=2.25)
    one = replace(kept.sets[0], readings=(reading,), pain=(pain,), notes="tired")
    text = text_of(session_for_therapist(session_content(person(), replace(kept, sets=(one,)))))
    for words in (
        "goniometer 112°, AB, end-feel: <firm>",
        "pain 4 of 10 (during, from 2.2 s on)",
        "tired",
    ):
        assert words in text


def test_an_empty_session_and_unknown_weeks_are_told_in_a_line() -> None:
    empty = kept_session(person(), 0, [], (0.0, 0.0))
    with pytest.raises(UsageError, match="nothing was measured on 2026-03-02"):
        session_content(person(), empty)
    with pytest.raises(UsageError, match="none are kept"):
        weeks_content(PersonContent(person=person()), today=TODAY)
    with pytest.raises(UsageError, match="only shoulder_abduction left"):
        weeks_content(kept_weeks(2), today=TODAY, movement="knee_flexion")


def test_the_course_with_most_sessions_comes_first() -> None:
    who = person()
    visits = [
        kept_session(who, 0, [measured(100, movement="knee_flexion")], (0.0, 0.0)),
        kept_session(who, 7, [measured(118)], (0.0, 0.0)),
        kept_session(who, 14, [measured(118), measured(131, side=Side.RIGHT)], (0.0, 0.0)),
    ]
    content = weeks_content(PersonContent(person=who, sessions=tuple(visits)), today=TODAY)
    assert [(each.latest.movement, each.latest.side) for each in content.courses if each.latest][
        0
    ] == ("shoulder_abduction", Side.LEFT)
    assert len(content.courses) == 3
    assert HESITATION.code not in text_of(weeks_for_therapist(content))
