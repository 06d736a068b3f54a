"""The browser's modules have no words of their own, and leave none of those given unused."""

from __future__ import annotations

import re

from rom.ui.stage.routes import MODULES
from rom.ui.stage.words import LOST, WORDS

CODE = {path.name: path.read_text(encoding="utf-8") for path in MODULES.glob("*.js")}
ALL_CODE = "\n".join(CODE.values())
HTML = "\n".join(path.read_text(encoding="utf-8") for path in MODULES.glob("*.html"))


def test_every_word_that_is_asked_for_is_there() -> None:
    asked = set(re.findall(r"words\.(\w+)", ALL_CODE))
    asked |= set(re.findall(r"notice\(\"(\w+)\"", ALL_CODE))
    trouble = re.search(r"TROUBLE = \{(.*?)\}", CODE["camera.js"], re.DOTALL)
    assert trouble is not None
    asked |= set(re.findall(r": \"(\w+)\"", trouble[1]))
    assert {"lost", "busy", "start"} <= asked <= set(WORDS)


def test_every_word_is_used() -> None:
    unused = [
        name for name in WORDS if not re.search(rf"words\.{name}\b|\"{name}\"|\b{name}:", ALL_CODE)
    ]
    assert unused == []


def test_what_the_browser_says_of_lost_clips_is_understood() -> None:
    said = set(re.findall(r"(?:lost|fail)\([\w.]+, \"(\w+)\"", ALL_CODE))
    said |= set(re.findall(r"reason: \"(\w+)\"", ALL_CODE))
    assert {"camera", "recorder", "hidden"} <= said <= set(LOST)


def test_no_words_stand_in_code_or_markup() -> None:
    assert not re.sub(r"<!--.*?-->|<[^>]*>|\s", "", HTML, flags=re.DOTALL)
    without_comments = re.sub(r"//[^\n]*", "", ALL_CODE)
    texts = re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`\n]*)`", without_comments)
    sentences = [
        text for found in texts for text in found if re.search(r"[a-z]+ [a-z]+ [a-z]", text)
    ]
    assert sentences == []
