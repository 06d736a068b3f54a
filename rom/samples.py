"""The sample clips that come with the package, and the pair that the demonstration measures."""

from __future__ import annotations

from pathlib import Path

from rom.errors import InputError
from rom.landmarks import Side

DEMO_MOVEMENT = "shoulder_abduction"
DEMO_SIDE = Side.LEFT
_DEMO_NAMES = ("shoulder_abduction_left_pre1.mp4", "shoulder_abduction_left_post.mp4")


def sample_folder() -> Path:
    """Return the folder with the clips and their manifest.

    An installed package carries it inside; in a checkout it lies beside the package.

    Raises
    ------
    InputError
        The clips are not there.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "sample_videos", package.parent / "sample_videos"):
        if (folder / "manifest.csv").is_file():
            return folder
    raise InputError(
        f"Expected the sample clips in {package / 'sample_videos'}, but they are not there;"
        " install rom again."
    )


def demo_videos() -> tuple[Path, Path]:
    """Return the clip before and the clip after, of one person with a gain."""
    folder = sample_folder()
    before, after = (folder / name for name in _DEMO_NAMES)
    return before, after
