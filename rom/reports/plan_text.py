"""The massage plan and the safety questions as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from rom.clinical.body import Place, regions
from rom.clinical.guidance import guidance_words
from rom.clinical.massage.plan import MassagePlan
from rom.clinical.massage.wording import dose_words, spot_title
from rom.clinical.muscles import Candidate
from rom.clinical.safety import symptoms
from rom.clinical.screening import Clearance, Group, Question
from rom.clinical.stretching import Guidance, Stretch
from rom.clinical.wording import movement_title
from rom.landmarks import Side
from rom.reports.phrases import STANDING_TEXT, source_words

DEFAULT_WIDTH = 80
_LABEL_WIDTH = 12
_NARROW = 50  # columns, below which labels stand in the line instead of in a column

ALL_CLEAR = "Nothing that you answered stands against measuring or massage."
ASK_FIRST = "Before the first movement, answer the safety questions: `rom screen`."

ASK_YOURSELF = (
    "Before the next stretch, ask yourself; `--flare` with the numbers of what you answer with yes "
    "changes this plan:"
)

STOP_RULES = (
    "at pain of 8 or more, or up by 2;",
    "at dizziness, nausea, numbness or a change of sight;",
    "let go of a spot at a sharp, electric, tingling or pulsing feeling.",
)


def plan_text(
    plan: MassagePlan,
    guidance: Guidance,
    *,
    clearance: Clearance | None = None,
    width: int = DEFAULT_WIDTH,
) -> str:
    """The muscles worth trying, what to do now and what may come next."""
    title = movement_title(plan.movement, plan.side)
    lines = [*_wrapped(f"{title[:1].upper()}{title[1:]}: muscles worth trying", width), ""]
    if clearance is None:
        lines += [*_wrapped(ASK_FIRST, width), ""]
    elif clearance.notices:
        lines += [*_notice_lines(clearance, width), ""]
    if clearance is not None and clearance.stopped is not None:
        return "\n".join([*lines, *_wrapped(STANDING_TEXT, width)])
    key = "worth_trying" if plan.candidates else "no_muscle"
    lines += _wrapped(guidance_words(key), width)
    for candidate in plan.candidates:
        lines += ["", *_candidate_lines(candidate, width)]
    if plan.candidates:
        lines += ["", *_today_lines(plan, width)]
        lines += ["", *_guidance_lines(guidance, width)]
    lines += ["", *_wrapped(STANDING_TEXT, width)]
    return "\n".join(lines)


def clearance_text(clearance: Clearance, *, width: int = DEFAULT_WIDTH) -> str:
    """What the answers to the safety questions mean."""
    if not clearance.notices:
        return "\n".join(_wrapped(ALL_CLEAR, width))
    return "\n".join(_notice_lines(clearance, width))


def questions_text(groups: Iterable[Group], *, width: int = DEFAULT_WIDTH) -> str:
    """All safety questions, with their sources."""
    lines: list[str] = []
    for group in groups:
        lines += ["", *_wrapped(group.heading, width)]
        for question in group.questions:
            lines += _hanging("  - ", f"{question.words}. {_question_source(question)}", width)
    return "\n".join(lines[1:])


def regions_text(*, width: int = DEFAULT_WIDTH) -> str:
    """The regions of the body that can be named, front and back."""
    lines = _wrapped(
        "Where does it hurt? Put left_ or right_ before a name, as in left_knee_front; "
        "without it both sides count.",
        width,
    )
    name_width = max(map(len, regions())) + 2
    for view in ("front", "back"):
        lines += ["", f"{view}:"]
        for region in regions().values():
            if region.view == view:
                lines += _hanging(f"  {region.id:{name_width}}", region.words, width)
    return "\n".join(lines)


def stop_words() -> str:
    """The stop rules in one sentence, with the words that can be typed."""
    return f"Stop {' '.join(STOP_RULES)} Words: {', '.join(symptoms())}."


def _candidate_lines(candidate: Candidate, width: int) -> Iterator[str]:
    muscle = candidate.muscle
    yield from _hanging(f"{candidate.rank}. ", _candidate_title(candidate), width)
    yield from _labelled("where", muscle.location, width)
    yield from _labelled("pain felt in", muscle.referral, width)
    yield from _labelled("why here", " ".join(candidate.reasons), width)
    if muscle.dose is not None:
        yield from _labelled("how", muscle.technique, width)
        yield from _labelled("with", f"{muscle.tool[:1].upper()}{muscle.tool[1:]}.", width)
        dose = muscle.dose
        words = f"{dose.hold_min_s:g} to {dose.hold_max_s:g} s of steady pressure, discomfort "
        words += f"{dose.strength_words} and easing, at most {muscle.max_rounds_per_day} times "
        yield from _labelled("dose", f"{words}a day.", width)
    if muscle.avoid:
        yield from _labelled("keep in mind", muscle.avoid, width)
    yield from _labelled("source", _source(muscle.source, muscle.evidence), width)


def _candidate_title(candidate: Candidate) -> str:
    both = candidate.muscle.both_at_once or len(candidate.sides) == 2
    side: Side | None = None if both else candidate.sides[0]
    return spot_title(candidate.muscle.id, side)


def _today_lines(plan: MassagePlan, width: int) -> Iterator[str]:
    if plan.spots:
        yield "Now:"
        for spot in plan.spots:
            rounds = f", {spot.rounds} rounds" if spot.rounds > 1 else ""
            words = f"{spot_title(spot.muscle, spot.side)}: {dose_words(spot)}{rounds}."
            yield from _hanging("  - ", words, width)
    else:
        yield "Now: no spot to press."
    left_out = [each for each in plan.left_out if not _professional(plan, each.muscle)]
    for each in left_out:
        words = f"Not today, {spot_title(each.muscle, each.side)}: {each.reason}"
        yield from _hanging("  - ", words, width)
    if plan.spots:
        yield from _wrapped(f"Stop {' '.join(STOP_RULES)}", width)
        yield from _wrapped(guidance_words("measure_soon"), width)


def _professional(plan: MassagePlan, muscle: str) -> bool:
    return any(each.muscle.id == muscle and not each.guided for each in plan.candidates)


def _guidance_lines(guidance: Guidance, width: int) -> Iterator[str]:
    yield from _wrapped("Stretching, strength, relaxation:", width)
    for sentence in guidance.sentences:
        yield from _hanging("  - ", sentence, width)
    for stretch in guidance.stretches:
        yield ""
        yield from _stretch_lines(stretch, width)
    if guidance.strengthening is not None:
        exercise = guidance.strengthening
        yield ""
        yield from _labelled("strength", f"{exercise.how} {exercise.dose}", width)
        yield from _labelled("source", _source(exercise.source, exercise.evidence), width)
    if guidance.flare_questions:
        yield ""
        yield from _wrapped(ASK_YOURSELF, width)
        for question in guidance.flare_questions:
            head = f"  {question.id}  "
            yield from _hanging(head, f"{question.words} If so: {question.message}", width)


def _stretch_lines(stretch: Stretch, width: int) -> Iterator[str]:
    title = f"{stretch.title}: {spot_title(stretch.muscle, stretch.side)}"
    yield from _labelled("stretch", title, width)
    yield from _labelled("how", stretch.how, width)
    yield from _labelled("dose", f"{stretch.holds} holds of {stretch.hold_s:g} s.", width)
    if stretch.avoid:
        yield from _labelled("keep in mind", stretch.avoid, width)
    yield from _labelled("source", _source(stretch.source, stretch.evidence), width)


def _notice_lines(clearance: Clearance, width: int) -> Iterator[str]:
    for notice in clearance.notices:
        yield from _hanging("! ", notice.message, width)


def _question_source(question: Question) -> str:
    return f"[{_source(question.source, question.evidence)}]"


def _source(source: str, evidence: str) -> str:
    return source_words(source, evidence)


def places_words(places: Iterable[Place]) -> str:
    """Places one after the other."""
    return ", ".join(place.words for place in places)


def _labelled(label: str, text: str, width: int) -> list[str]:
    if width < _NARROW:
        return _hanging("   ", f"{label}: {text}", width)
    return _hanging(f"   {label:{_LABEL_WIDTH}} ", text, width)


def _hanging(head: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,
    )


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)
