"""Build a MediaPipe task bundle from bare TensorFlow Lite networks.

The networks inside the MediaPipe 0.10 wheel lack the description of their input that the Tasks
interface wants; it is added here as standard TFLite metadata. A bundle is an uncompressed zip whose
members start at multiples of four bytes, so that they can be mapped into memory.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

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
    from ai_edge_litert import schema_py_generated as tflite

    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAs(network, 0))
    buffer = tflite.BufferT()
    buffer.data = list(_pack_metadata(len(model.subgraphs[0].outputs), scaling))
    model.buffers.append(buffer)
    entry = tflite.MetadataT()
    entry.name = _METADATA_NAME
    entry.buffer = len(model.buffers) - 1
    others = [item for item in model.metadata or [] if item.name != _METADATA_NAME]
    model.metadata = [*others, entry]
    builder = flatbuffers.Builder(len(network) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _pack_metadata(output_count: int, scaling: InputScaling) -> bytes:
    """Write the ModelMetadata table; slot and type numbers are those of TFLite's metadata schema.

    Source: `metadata_schema.fbs` of TensorFlow Lite Support (root identifier M001).
    """
    import flatbuffers

    builder = flatbuffers.Builder(512)

    def table(slots: int, offsets: dict[int, int], kinds: dict[int, int] | None = None) -> int:
        builder.StartObject(slots)
        for slot, kind in (kinds or {}).items():
            builder.PrependUint8Slot(slot, kind, 0)
        for slot, offset in offsets.items():
            builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
        return int(builder.EndObject())

    def tables(offsets: list[int]) -> int:
        builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            builder.PrependUOffsetTRelative(offset)
        return int(builder.EndVector())

    def number(value: float) -> int:
        builder.StartVector(4, 1, 4)
        builder.PrependFloat32(value)
        return int(builder.EndVector())

    normalization = table(2, {0: number(scaling.mean), 1: number(scaling.std)})
    scale = table(2, {1: normalization}, kinds={0: 1})  # NormalizationOptions
    rgb_image = table(2, {}, kinds={0: 1})  # ImageProperties, ColorSpaceType RGB
    content = table(3, {1: rgb_image}, kinds={0: 2})  # ContentProperties: ImageProperties
    image = table(7, {0: builder.CreateString("image"), 3: content, 4: tables([scale])})
    outputs = [table(7, {}) for _ in range(output_count)]
    graph = table(10, {2: tables([image]), 3: tables(outputs)})
    builder.Finish(table(8, {3: tables([graph])}), b"M001")
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
