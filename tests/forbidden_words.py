"""What is never said to a user: diagnoses, promises, blame, praise, degrees of certainty.

The words are those of the product's "never" list and of its rules on claims: it says "fits",
"may", "usual range for your age", "more than our measurement error".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Pattern of what may not be said, and a sentence that says it.
FORBIDDEN = {
    r"\bdiagnos\w*": "This is your diagnosis.",
    r"\babnormal\w*": "Your range is abnormal.",
    r"\bnormal(ly)?\b": "Your shoulder moves normally again.",
    r"\bpatholog\w*|\bpathomechan\w*": "A pathological movement.",
    r"\bdeficits?\b|\bimpair(ed|ments?)\b|\bdysfunction\w*": "A grade 2 deficit.",
    r"\bpatients?\b": "The patient moves less.",
    r"\btreat(s|ed|ing|ments?|able)?\b|\btherap(y|ies|eutic)\b": "This treats your shoulder.",
    r"\bcur(e|es|ed|ing|able)\b": "A cure for stiff necks.",
    r"\bheal(s|ed|ing)?\b|\brecovered\b": "Your shoulder has healed.",
    r"\bguard(s|ed|ing)?\b": "You are guarding because of pain.",
    r"\badhesions?\b|\bknots?\b|\bbreaks? up\b": "Pressing breaks up adhesions.",
    r"\bflush(es|ed|ing)?\b|\btoxins?\b|\bwaste\b|\bcirculation\b": "It flushes waste.",
    r"\b(found|detect\w*|have|has) an? (active |latent )?trigger point": (
        "We found a trigger point."
    ),
    r"\b(because of|caused by|due to) (your |the )?(pain|fear|stiffness|weakness|muscles?)\b": (
        "Your range was caused by pain."
    ),
    r"\blengthen\w*|\blonger muscles?\b": "Stretching lengthens your muscle.",
    r"\bclinically\b|\bsignificant(ly)?\b|\bimportant (change|improvement)\b": (
        "A clinically important change."
    ),
    r"\bguarantee\w*|\bproven\b|\bmiracle\w*|\bwill (help|fix|cure|relieve|improve|work)\b": (
        "It will help you."
    ),
    r"\b(definitely|certainly|surely|undoubtedly|without doubt|for sure)\b": (
        "It is certainly this."
    ),
    r"(\d|\})\s*(%|percent|per cent)\s*(\w+\s+){0,2}(sure|certain|likely|likelihood|probab\w*|"
    r"chance|confiden\w*)": "We are 80 % sure.",
    r"\b(probability|likelihood|certainty|odds|chances?) (of|that|is)\b|\bconfidence (of|is|level|"
    r"score)\b": "The probability of scenario 2 is high.",
    r"\b(well done|great|excellent|perfect|congratulations?|bravo|awesome|amazing|fantastic|"
    r"good (job|work)|proud|brilliant|impressive)\b": "Well done, an excellent session.",
    r"\b(lazy|stupid|careless|you (failed|forgot|neglected)|your (own )?fault|should have|"
    r"shame|disappoint\w*|unfortunately|poor posture|bad posture|wrong with you)\b": (
        "You should have stretched more."
    ),
    r"\b(alarming|dangerous|serious(ly)?|severe damage|worn[ -]out|degenerat\w*)\b": (
        "Your neck is seriously worn out."
    ),
    r"\w!(\s|$)": "You did it!",
}

# Names of what a person may have: asked for before a session and named where to stay away from a
# spot, never said as a result.
CONDITIONS = {
    r"\bdiseases?\b|\bdisorders?\b|\bsyndromes?\b|\bsick(ness)?\b": "You have a disease.",
    r"\binjur(y|ies|ed)\b|\blesions?\b|\b(torn|ruptured)\b": "Your injury is visible.",
    r"\bfrozen shoulder\b|\b\w+itis\b|\barthro\w*|\bimpingement\b|\bsciatica\b|\bfibromyalgia\b|"
    r"\bcontractures?\b|\bherniat\w*|\bslipped disc\b|\bradiculopath\w*": "It is a capsulitis.",
}
ASKED = re.compile(r"redflags\.csv: (ask|question)$|trigger_points\.csv: avoid$")

ALLOWED = (
    # What is denied, in the standing text.
    "It does not diagnose, treat or monitor any disease or injury and is not a medical device.",
    # What is asked at a later visit.
    "Is anything new since last time, such as an illness, an injury or surgery?",
)


# Names that a standard prescribes: whole strings of one file, not words to users.
PRESCRIBED = {("rom/exports/fhir.py", "Patient")}


def forbidden_in(text: str, place: str = "") -> Iterator[str]:
    """The forbidden words of a text, the permitted sentences taken out."""
    if (place, text) in PRESCRIBED:
        return
    for sentence in ALLOWED:
        text = text.replace(sentence, "")
    patterns = [*FORBIDDEN] if ASKED.search(place) else [*FORBIDDEN, *CONDITIONS]
    for pattern in patterns:
        yield from (found.group(0) for found in re.finditer(pattern, text, re.IGNORECASE))
