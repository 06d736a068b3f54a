"""Body shapes: exported once from ``anny`` into the user's cache, then read with NumPy alone.

Model axes, also the axes of the world: x to the person's left, y backwards (the person faces
-y), z up; metres.  Only the ``makehuman-full`` topology is used: its assets are CC0.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import scipy.sparse as sp
from numpy.typing import NDArray

from calibration.people import PEOPLE, Person

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]

N_SKIN_VERTICES = 13380
"""The first vertices of the base mesh are the skin; the rest is helper geometry."""

_PARTS = {
    "skin": ("body",),
    "suit": ("helper-tights",),
    "eyes": ("helper-l-eye", "helper-r-eye"),
}


@dataclass(frozen=True, eq=False)
class Mesh:
    """What all bodies share: triangles by part, bones, and skinning weights (V, B)."""

    parts: dict[str, IntArray]
    bone_names: tuple[str, ...]
    bone_parents: IntArray
    weights: sp.csr_matrix

    @cached_property
    def bone_index(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.bone_names)}

    @cached_property
    def faces(self) -> IntArray:
        return np.concatenate(list(self.parts.values()))

    @cached_property
    def vertex_from_face(self) -> sp.csr_matrix:
        """(V, F) incidence that adds the normals of the faces around each vertex."""
        n_faces = len(self.faces)
        columns = np.repeat(np.arange(n_faces), 3)
        entries = (np.ones(3 * n_faces, np.float32), (self.faces.ravel(), columns))
        return sp.coo_matrix(entries, shape=(self.weights.shape[0], n_faces)).tocsr()

    @cached_property
    def bone_order(self) -> tuple[int, ...]:
        """Bones sorted so that parents come before children."""
        order: list[int] = []
        while len(order) < len(self.bone_names):
            for bone, parent in enumerate(self.bone_parents):
                if bone not in order and (parent < 0 or parent in order):
                    order.append(bone)
        return tuple(order)

    def weight_of(self, *prefixes: str, side: str = "") -> FloatArray:
        """Per vertex, the summed weight of bones whose names start so; ``side`` is L, R or ''."""
        bones = [
            index
            for index, name in enumerate(self.bone_names)
            if name.startswith(prefixes) and name.endswith(f".{side}" if side else "")
        ]
        return np.asarray(self.weights[:, bones].sum(axis=1)).ravel()


@dataclass(frozen=True, eq=False)
class Body:
    """One person at rest: vertices (V, 3) and bone heads (B, 3) in metres."""

    person: Person
    mesh: Mesh
    vertices_m: FloatArray
    bone_heads_m: FloatArray

    def head_of(self, bone: str) -> FloatArray:
        """Rest position of a bone's head (its joint centre), metres."""
        return self.bone_heads_m[self.mesh.bone_index[bone]]

    @property
    def height_m(self) -> float:
        return float(np.ptp(self.vertices_m[:N_SKIN_VERTICES, 2]))


def read_bodies(
    people: tuple[Person, ...] = PEOPLE, *, path: Path | None = None
) -> dict[str, Body]:
    """Read these people by name, exporting them first where the cache has none."""
    path = path or default_bodies_path(people)
    if not path.exists():
        export_bodies(path, people)
    with np.load(path) as stored:
        data = {key: stored[key] for key in stored.files}
    mesh = _build_mesh(data)
    return {
        person.name: Body(
            person=person,
            mesh=mesh,
            vertices_m=data["vertices_m"][index].astype(np.float64),
            bone_heads_m=data["bone_heads_m"][index].astype(np.float64),
        )
        for index, person in enumerate(people)
    }


def default_bodies_path(people: tuple[Person, ...] = PEOPLE) -> Path:
    """Cache file, named after the people it holds so that a changed list is exported anew."""
    digest = hashlib.sha256(repr(people).encode()).hexdigest()[:12]
    return Path(platformdirs.user_cache_dir("rom")) / "calibration" / f"bodies-{digest}.npz"


def export_bodies(path: Path, people: tuple[Person, ...] = PEOPLE) -> None:
    """Shape every person with ``anny`` (needs torch; the very first start takes a minute)."""
    os.environ.setdefault("ANNY_CACHE_DIR", str(path.parent / "anny"))
    import anny
    import torch

    model = anny.Anny(topology="makehuman-full", phenotypes="all", local_changes="none").to(
        torch.float32
    )
    model.set_skinning_method("lbs")
    shapes = [_shape_person(model, person) for person in people]
    arrays: dict[str, Any] = {
        "bone_names": np.array(model.bone_labels),
        "bone_parents": np.array(model.bone_parents, np.int32),
        "weight_bones": model.vertex_bone_indices.numpy().astype(np.int16),
        "weights": model.vertex_bone_weights.numpy().astype(np.float32),
        "vertices_m": np.stack([vertices for vertices, _ in shapes]),
        "bone_heads_m": np.stack([heads for _, heads in shapes]),
    }
    groups = _read_triangles(Path(anny.__file__).parent / "data/mpfb2/3dobjs/base.obj")
    for part, names in _PARTS.items():
        arrays[f"faces_{part}"] = np.concatenate([groups[name] for name in names])
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name("partial-" + path.name)
    np.savez_compressed(partial, **arrays)
    partial.replace(path)


def _shape_person(model: Any, person: Person) -> tuple[FloatArray, FloatArray]:
    import torch

    identity = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    phenotype = {key: torch.tensor([value]) for key, value in person.phenotype.items()}
    shape = model(pose_parameters=identity, phenotype_kwargs=phenotype)
    return (
        shape["rest_vertices"][0].numpy().astype(np.float32),
        shape["rest_bone_heads"][0].numpy().astype(np.float32),
    )


def _read_triangles(path: Path) -> dict[str, IntArray]:
    """Triangles of a Wavefront file by group name."""
    triangles: dict[str, list[tuple[int, int, int]]] = {}
    group = ""
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "g":
            group = rest.strip()
        elif kind == "f":
            corners = [int(corner.split("/")[0]) - 1 for corner in rest.split()]
            fan = zip(corners[1:-1], corners[2:], strict=True)
            triangles.setdefault(group, []).extend((corners[0], b, c) for b, c in fan)
    return {name: np.array(faces, np.int32) for name, faces in triangles.items()}


def _build_mesh(data: dict[str, NDArray[Any]]) -> Mesh:
    n_vertices, n_influences = data["weights"].shape
    rows = np.repeat(np.arange(n_vertices), n_influences)
    shape = (n_vertices, len(data["bone_names"]))
    entries = (data["weights"].ravel(), (rows, data["weight_bones"].ravel()))
    return Mesh(
        parts={part: data[f"faces_{part}"] for part in _PARTS},
        bone_names=tuple(str(name) for name in data["bone_names"]),
        bone_parents=data["bone_parents"],
        weights=sp.coo_matrix(entries, shape=shape).tocsr(),
    )
