"""What is marked, chosen and shown by hand while a scene waits for its answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rom.landmarks import LandmarkSeries
from rom.ui.check.hands import Hands
from rom.ui.check.words import DONE
from rom.ui.stage.scenes import Scene


@dataclass(frozen=True)
class Answer:
    """An option that was taken, as by a click; `value` is a rating, 0 to 10."""

    option: str
    value: float | None = None


class Answering:
    """The answer to one scene while it is given; not locked, called behind the conductor's lock."""

    def __init__(self) -> None:
        self._hands = Hands()
        self._marked: str | None = None
        self._chosen: tuple[str, ...] = ()
        self._value: int | None = None

    @property
    def chosen(self) -> tuple[str, ...]:
        """The options chosen of several, in the order in which they were chosen."""
        return self._chosen

    def begin(self) -> None:
        """Another scene asks; what is held up now belongs to the one before."""
        self._marked, self._chosen, self._value = None, (), None
        self._hands.spend()

    def toggle(self, option: str) -> None:
        """Choose one of several options, or no longer."""
        self._marked = option
        if option in self._chosen:
            self._chosen = tuple(each for each in self._chosen if each != option)
        else:
            self._chosen = (*self._chosen, option)

    def shown(self, scene: Scene) -> Scene:
        """The scene with what is marked, chosen and shown by hand."""
        if scene.kind == "rate":
            return replace(scene, value=self._value)
        ids = [option.id for option in scene.options]
        marked = self._marked if self._marked in ids else next(iter(ids), None)
        options = tuple(
            replace(option, chosen=option.id in self._chosen) if scene.multiple else option
            for option in scene.options
        )
        return replace(scene, options=options, highlighted=marked)

    def see(self, frame: LandmarkSeries, scene: Scene) -> tuple[Answer | None, float | None]:
        """Read the hands in one frame, the scene as it is shown.

        Returns the answer that was held long enough, if any, and how long something has been held,
        0 to 1; None where nothing is.
        """
        rating = scene.kind == "rate"
        read = self._hands.see(frame, rating=rating)
        if rating:
            self._value = read.value
        answer = None
        if read.said == "pause":
            answer = Answer("pause")
        elif read.said == "rate" and read.value is not None:
            answer = Answer("rate", float(read.value))
        elif read.said == "next":
            self._mark_next(scene)
        elif read.said == "take" and scene.highlighted is not None:
            done = scene.multiple and scene.highlighted in self._chosen
            answer = Answer(DONE if done else scene.highlighted)
        return answer, read.ring_frac

    def _mark_next(self, scene: Scene) -> None:
        ids = [option.id for option in scene.options]
        if ids:
            place = ids.index(scene.highlighted) if scene.highlighted in ids else -1
            self._marked = ids[(place + 1) % len(ids)]
