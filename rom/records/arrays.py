"""Arrays as bytes without loss, so that a set can be assessed again and gives the same result.

Landmarks are measured values whose last digits are noise, which no coder shrinks. Sorting the bytes
of all numbers by their place first (as HDF5's shuffle filter does) lets zlib find what is regular:
the signs, exponents and leading digits; places that hold noise are left as they are, which is
several times as fast. A second of landmarks at 30 frames takes about 36 kB, a set of 10 s 0.4 MB.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rom.clinical.assessment import Series
from rom.landmarks import LandmarkSeries

_MAGIC = b"ROMARR1\n"
_LEVEL = 1  # higher levels take several times as long and save 2 %
_NOISE_BITS = 7.5
"""Information in a byte from which on packing is not worth its time."""
_MAX_BYTES = 2**31

_LANDMARK_ARRAYS = (
    "time_s",
    "xy_px",
    "world_m",
    "visibility",
    "people_count",
    "identity_sure",
    "face_px",
    "hand_px",
)


def pack_arrays(arrays: Mapping[str, NDArray[Any]], **numbers: int) -> bytes:
    """Return named arrays and whole numbers as bytes; equal input gives equal bytes."""
    table: dict[str, object] = {}
    parts: list[bytes] = []
    for name, array in arrays.items():
        plain = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
        packed = [_packed(place) for place in _places(plain)]
        table[name] = [plain.dtype.str, list(plain.shape), [len(each) for each in packed]]
        parts += packed
    text = json.dumps({"numbers": numbers, "arrays": table}, separators=(",", ":")).encode()
    return b"".join([_MAGIC, struct.pack("<I", len(text)), text, *parts])


def unpack_arrays(packed: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, int]]:
    """Return what `pack_arrays` took.

    Raises
    ------
    ValueError
        For bytes that it did not make.
    """
    if packed[: len(_MAGIC)] != _MAGIC or len(packed) < len(_MAGIC) + 4:
        raise ValueError("expected packed arrays, got other bytes")
    start = len(_MAGIC) + 4
    end = start + struct.unpack("<I", packed[len(_MAGIC) : start])[0]
    try:
        head = json.loads(packed[start:end])
        arrays = {}
        for name, (code, shape, sizes) in head["arrays"].items():
            places = []
            for size in sizes:
                places.append(packed[end : end + size])
                end += size
            arrays[name] = _array(places, np.dtype(code), tuple(shape))
        if end != len(packed):
            raise ValueError(f"expected {end} bytes of arrays, got {len(packed)}")
        return arrays, {name: int(number) for name, number in head["numbers"].items()}
    except (KeyError, TypeError, zlib.error) as error:
        raise ValueError(f"expected packed arrays, got damaged ones ({error})") from error


def pack_landmarks(landmarks: LandmarkSeries) -> bytes:
    """Return landmarks as bytes."""
    arrays = {name: getattr(landmarks, name) for name in _LANDMARK_ARRAYS}
    present = {name: array for name, array in arrays.items() if array is not None}
    return pack_arrays(present, width_px=landmarks.width_px, height_px=landmarks.height_px)


def unpack_landmarks(packed: bytes) -> LandmarkSeries:
    """Return what `pack_landmarks` took, bit by bit.

    Raises
    ------
    ValueError
        For bytes that it did not make.
    """
    arrays, numbers = unpack_arrays(packed)
    content: dict[str, Any] = {**arrays, **numbers}
    try:
        return LandmarkSeries(**content)
    except TypeError as error:
        raise ValueError(f"expected packed landmarks, got other arrays ({error})") from error


def pack_series(series: Series) -> bytes:
    """Return an angle over time as bytes."""
    return pack_arrays({"time_s": series.time_s, "angle_deg": series.angle_deg})


def unpack_series(packed: bytes) -> Series:
    """Return what `pack_series` took, bit by bit.

    Raises
    ------
    ValueError
        For bytes that it did not make.
    """
    arrays, _ = unpack_arrays(packed)
    try:
        return Series(**arrays)
    except TypeError as error:
        raise ValueError(f"expected a packed series, got other arrays ({error})") from error


def _places(array: NDArray[Any]) -> NDArray[np.uint8]:
    """(bytes of a number, numbers): the first bytes of all numbers, then all second ones, …"""
    flat = array.reshape(-1).view(np.uint8).reshape(array.size, array.dtype.itemsize)
    return np.ascontiguousarray(flat.T)


def _packed(place: NDArray[np.uint8]) -> bytes:
    """One place of all numbers; bytes that look like noise stay as long as they are."""
    plain = place.tobytes()
    if _entropy_bits(place) > _NOISE_BITS:
        return plain
    packed = zlib.compress(plain, _LEVEL)
    return packed if len(packed) < len(plain) else plain


def _entropy_bits(place: NDArray[np.uint8]) -> float:
    """Information in each byte, 0 to 8, as far as it shows in how often each value occurs."""
    counts = np.bincount(place, minlength=256)
    share = counts[counts > 0] / max(place.size, 1)
    return float(-(share * np.log2(share)).sum())


def _array(places: list[bytes], dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    numbers = int(np.prod(shape, dtype=np.int64))
    if not 0 <= numbers * dtype.itemsize <= _MAX_BYTES or len(places) != dtype.itemsize:
        raise ValueError(f"expected arrays of up to 2 GB, got {numbers} numbers")
    columns = np.empty((dtype.itemsize, numbers), np.uint8)
    for column, place in zip(columns, places, strict=True):
        column[:] = np.frombuffer(_unpacked(place, numbers), np.uint8)
    flat = np.ascontiguousarray(columns.T).reshape(-1).view(dtype)
    return flat.reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _unpacked(place: bytes, size: int) -> bytes:
    """What `_packed` took; as many bytes as there were before are not packed."""
    if len(place) == size:
        return place
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(place, size + 1)
    if len(plain) != size or not unpacker.eof:
        raise ValueError(f"expected {size} bytes of an array, got {len(plain)}")
    return plain
