"""Build a MediaPipe task bundle from bare TensorFlow Lite networks.

The networks inside the MediaPipe 0.10 wheel lack the description of their input that the Tasks
interface wants; it is added here as standard TFLite metadata. A bundle is an uncompressed zip whose
members start at multiples of four bytes, so that they can be mapped into memory.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

_ALIGNMENT_BYTES = 4
_LOCAL_HEADER_BYTES = 30
_EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)
_PADDING_FIELD_ID = 0xD935  # the zip extra field that alignment tools use for padding
_METADATA_NAME = b"TFLITE_METADATA"


@dataclass(frozen=True, kw_only=True)
class InputScaling:
    """How pixel values 0 to 255 become the network's input: (value - mean) / std."""

    mean: float
    std: float


def add_input_metadata(network: bytes, scaling: InputScaling) -> bytes:
    """Return the network with its input declared as an RGB image of the given scaling."""
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as tflite

    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAs(network, 0))
    buffer = tflite.BufferT()
    buffer.data = list(_pack_metadata(model.subgraphs[0], scaling))
    model.buffers.append(buffer)
    entry = tflite.MetadataT()
    entry.name = _METADATA_NAME
    entry.buffer = len(model.buffers) - 1
    others = [item for item in model.metadata or [] if item.name != _METADATA_NAME]
    model.metadata = [*others, entry]
    builder = flatbuffers.Builder(len(network) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _pack_metadata(subgraph: Any, scaling: InputScaling) -> bytes:
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    scale = schema.ProcessUnitT()
    scale.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    scale.options = schema.NormalizationOptionsT()
    scale.options.mean = [scaling.mean]
    scale.options.std = [scaling.std]

    image = schema.TensorMetadataT()
    image.name = "image"
    image.content = schema.ContentT()
    image.content.contentPropertiesType = schema.ContentProperties.ImageProperties
    image.content.contentProperties = schema.ImagePropertiesT()
    image.content.contentProperties.colorSpace = schema.ColorSpaceType.RGB
    image.processUnits = [scale]

    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [image]
    graph.outputTensorMetadata = []
    for index in subgraph.outputs:
        output = schema.TensorMetadataT()
        output.name = subgraph.tensors[index].name
        graph.outputTensorMetadata.append(output)

    metadata = schema.ModelMetadataT()
    metadata.subgraphMetadata = [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(metadata.Pack(builder), b"M001")
    return bytes(builder.Output())


def pack_bundle(networks: dict[str, bytes]) -> bytes:
    """Return the zip that holds the networks, the same bytes for the same networks every time."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in networks.items():
            member = zipfile.ZipInfo(name, _EARLIEST_DATE)
            member.create_system = 0  # else the system that builds it would show in the bytes
            data_start = archive.tell() + _LOCAL_HEADER_BYTES + len(name.encode())
            member.extra = _padding(data_start)
            bundle.writestr(member, content)
    return archive.getvalue()


def _padding(data_start: int) -> bytes:
    """Extra field (four bytes of header and some zeros) that moves the data to the alignment."""
    zeros = -data_start % _ALIGNMENT_BYTES
    return _PADDING_FIELD_ID.to_bytes(2, "little") + zeros.to_bytes(2, "little") + bytes(zeros)
