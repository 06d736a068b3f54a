"""Run one TensorFlow Lite network with LiteRT, on this computer's processor only."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rom.errors import ModelError
from rom.pose.native import silenced_native_logs

# More than two threads gain little on networks this small and starve the video decoder.
_MAX_THREADS = 2


class Network:
    """A network with one image input, RGB, height and width equal.

    Attributes
    ----------
    input_px
        Height and width of the input.
    """

    def __init__(self, content: bytes, *, name: str) -> None:
        interpreter = _load(content, name)
        image = interpreter.get_input_details()[0]
        self._interpreter = interpreter
        self._input_index: int = image["index"]
        self._outputs = [output["index"] for output in interpreter.get_output_details()]
        self.input_px = int(image["shape"][1])
        self.output_shapes = tuple(
            tuple(int(size) for size in output["shape"])
            for output in interpreter.get_output_details()
        )

    def run(
        self, crop: NDArray[np.uint8], *, low: float = 0.0, high: float = 1.0
    ) -> list[NDArray[np.float32]]:
        """Return the outputs, without their batch dimension, for one (N, N, 3) crop.

        `low` and `high` are what the network takes for the pixel values 0 and 255.
        """
        image = np.multiply(crop, np.float32((high - low) / 255.0), dtype=np.float32)
        if low:
            image += np.float32(low)
        self._interpreter.set_tensor(self._input_index, image[np.newaxis])
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index)[0] for index in self._outputs]


def _load(content: bytes, name: str) -> Any:
    with silenced_native_logs():
        try:
            from ai_edge_litert.interpreter import Interpreter

            threads = min(_MAX_THREADS, os.cpu_count() or 1)
            interpreter = Interpreter(model_content=content, num_threads=threads)
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                f"Expected {name} to hold a TensorFlow Lite network, but LiteRT cannot load it"
                f" ({str(error)[:80]}); use another model file"
            ) from error
        except ImportError as error:
            raise ModelError(
                f"Expected the package ai-edge-litert, but it cannot be loaded ({error});"
                " run `rom doctor` to see what is missing"
            ) from error
    return interpreter


def litert_version() -> str:
    """Version of the runtime; "unknown" where it was installed without metadata."""
    try:
        return version("ai-edge-litert")
    except PackageNotFoundError:
        return "unknown"
