"""Whether what was kept is still what the code would make: a digest of all that it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from calibration.stock import Stills

PRODUCT = Path(__file__).parents[1] / "rom"
_READING = (
    "kinematics/*.py",
    "kinematics/data/*",
    "quality/*.py",
    "quality/data/*",
    "clinical/assessment.py",
    "clinical/comparability.py",
    "clinical/comparison.py",
    "clinical/error.py",
    "clinical/data/measurement_error.csv",
    "*.toml",
    "assess.py",
    "checks.py",
    "landmarks.py",
    "movements.py",
    "trace.py",
)
"""Parts of the product that a value or a verdict comes from; words and files do not."""
_MAKING = ("compose", "noise", "protocol", "score", "sessions", "motion")


def fingerprint(series: Iterable[Stills]) -> str:
    """Eight letters that change with the product, the composing and the stills."""
    digest = hashlib.sha256(code_digest().encode())
    for stills in series:
        digest.update(stills.key.encode())
        digest.update(np.ascontiguousarray(stills.xy_px).tobytes())
        digest.update(np.float64(stills.lit_level).tobytes())
    return digest.hexdigest()[:8]


@cache
def code_digest() -> str:
    """Of all code and tables that a score or a session depends on."""
    paths = [path for name in _READING for path in sorted(PRODUCT.glob(name))]
    paths += [Path(__file__).parent / f"{name}.py" for name in _MAKING]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
