"""Read a recording from the standard input as it comes, and write its poses when it has ended.

    python -m rom.following MOVEMENT < RECORDING > POSES

What is written is for the one who started it: the pickled `Poses`. Nothing is written where the
recording cannot be read in this way; the exit status says that, too.
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

NICENESS = 5
"""Whoever films must not wait for us: the live picture goes first."""


class _Recording:
    """The standard input, piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Return what is there, at most so many bytes; none at the end."""
        return os.read(sys.stdin.fileno(), size)


def main() -> int:
    """Follow one recording; return the exit status."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # before the packages are loaded, which is work, too
    from rom.errors import RomError
    from rom.movements import movement_named
    from rom.pipeline import estimate_poses, needed_extras
    from rom.pose.model import ensure_model
    from rom.video.reading import open_stream

    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries may print what they like
    try:
        movement = movement_named(sys.argv[1])
        face, hands = needed_extras(movement)
        model = ensure_model(None, extras=face or hands)
        with open_stream(_Recording(), Path("the recording")) as reader:
            poses = estimate_poses(reader, model, movement)
    except RomError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    with out:
        pickle.dump(poses, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
