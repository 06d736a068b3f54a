"""Draws people in a room with OpenGL through EGL; Mesa's software renderer is enough.

One renderer a process: contexts of several sizes share it, a second one may crash the driver.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import moderngl
import numpy as np
from numpy.typing import NDArray

from calibration.bodies import Body
from calibration.camera import Camera, look_at, orthographic
from calibration.clutter import scatter
from calibration.drape import drape, slack_m
from calibration.hair import LongHair, grow_long_hair, hair_normals
from calibration.looks import (
    Look,
    cover_m,
    hair_thickness_m,
    head_coordinates_m,
    linear,
    look_colour,
    paint_face,
)
from calibration.mirror import Mirror, far_wall, hang_mirror
from calibration.posing import LETTER, SIDES, PosedBody
from calibration.room import Box, Room, build_room

FloatArray = NDArray[np.float64]
Image = NDArray[np.uint8]

_SHADERS = Path(__file__).parent / "shaders"
_LAYERS = {"skin": 0, "suit": 1, "eyes": 2, "hair": 3, "long hair": 4}
_SHADOW_PX = 1280
_SHADOW_HALF_SIZE_M = 1.9


@dataclass(frozen=True, eq=False)
class Curtain:
    """Long hair and the buffers it is drawn from."""

    hair: LongHair
    part: moderngl.VertexArray
    shadow: moderngl.VertexArray
    positions: moderngl.Buffer
    normals: moderngl.Buffer

    def hang(self, posed: PosedBody, vertices_m: FloatArray, normals: FloatArray) -> None:
        strands = self.hair.hang(posed, vertices_m, normals)
        self.positions.write(_floats(strands))
        self.normals.write(_floats(hair_normals(strands)))


@dataclass(frozen=True, eq=False)
class Actor:
    """One dressed person; give the same object for every frame, its buffers are kept."""

    body: Body
    look: Look
    parts: dict[str, moderngl.VertexArray] = field(repr=False)
    shadow: moderngl.VertexArray = field(repr=False)
    positions: moderngl.Buffer = field(repr=False)
    normals: moderngl.Buffer = field(repr=False)
    face_map: moderngl.Texture = field(repr=False)
    slack_m: FloatArray = field(repr=False)
    curtain: Curtain | None = field(repr=False)


class Renderer:
    """Frames (H, W, 3) uint8 RGB of posed actors in a room, seen by a camera.

    ``samples`` per pixel smooth the edges; 0 leaves them ragged and takes half the time.
    """

    def __init__(self, samples: int = 4) -> None:
        self._samples = samples
        self._gl = moderngl.create_context(standalone=True, backend="egl")  # type: ignore[arg-type]
        self._gl.gc_mode = "auto"
        self._person = self._program("person")
        # The plain program stays free of the mirror's test: drivers round differently with it.
        self._room_programs = {
            mirrored: self._program("room", mirrored=mirrored) for mirrored in (False, True)
        }
        self._room_program = self._room_programs[False]
        self._depth = self._program("depth")
        self._shadow_map = self._gl.depth_texture((_SHADOW_PX, _SHADOW_PX))
        self._shadow_map.compare_func = "<="
        self._shadow_buffer = self._gl.framebuffer(depth_attachment=self._shadow_map)
        self._noise = self._noise_texture()
        self._targets: dict[tuple[int, int], tuple[moderngl.Framebuffer, moderngl.Framebuffer]] = {}
        self._room: Room | None = None
        self._mirror: Mirror | None = None

    def set_room(self, room: Room, extra: tuple[Box, ...] = ()) -> None:
        """Furnish the room; ``extra`` boxes belong to the scene (a stool to sit on)."""
        mirror = hang_mirror(room) if room.mirror else None
        boxes = (*scatter(room), *extra, *(far_wall(room) if mirror else ()))
        self._room_program = self._room_programs[room.mirror]
        vertices = build_room(room, boxes).astype("f4")
        if mirror:
            vertices = np.concatenate([vertices, mirror.frame().astype("f4")])
            pane = self._gl.buffer(_floats(mirror.pane()))
            self._pane = self._gl.vertex_array(self._depth, [(pane, "3f", "in_position")])
        buffer = self._gl.buffer(vertices.tobytes())
        names = ("in_position", "in_normal", "in_colour", "in_grain")
        self._room_mesh = self._gl.vertex_array(
            self._room_program, [(buffer, "3f 3f 3f 4f", *names)]
        )
        self._room_shadow = self._gl.vertex_array(self._depth, [(buffer, "3f 40x", "in_position")])
        self._room, self._mirror = room, mirror

    def dress(self, body: Body, look: Look) -> Actor:
        """Upload what does not change from frame to frame."""
        gl, mesh = self._gl, body.mesh
        n_vertices = len(body.vertices_m)
        positions, normals = (gl.buffer(reserve=n_vertices * 12) for _ in range(2))
        face = np.stack([_face_frac(body), hair_thickness_m(body, look)], axis=1)
        static = [
            (gl.buffer(_floats(head_coordinates_m(body))), "3f", "in_rest"),
            (gl.buffer(_floats(cover_m(body, look))), "4f", "in_cover"),
            (gl.buffer(_floats(face)), "2f", "in_face"),
        ]
        dynamic = [(positions, "3f", "in_position"), (normals, "3f", "in_normal")]
        triangles = _visible_triangles(body, look)
        parts = {
            name: gl.vertex_array(self._person, dynamic + static, gl.buffer(faces.tobytes()))
            for name, faces in triangles.items()
        }
        curtain = self._grow_curtain(body) if look.hair_cut == "long" else None
        if curtain:
            parts["long hair"] = curtain.part
        casting = gl.buffer(mesh.faces.tobytes())
        shadow = gl.vertex_array(self._depth, dynamic[:1], casting)
        painted = paint_face(look)
        face_map = gl.texture(painted.shape[1::-1], 4, painted.tobytes())
        face_map.build_mipmaps()
        slack = slack_m(body, look)
        return Actor(body, look, parts, shadow, positions, normals, face_map, slack, curtain)

    def _grow_curtain(self, body: Body) -> Curtain:
        gl, hair = self._gl, grow_long_hair(body)
        n_vertices = len(hair.rest_m)
        positions, normals = (gl.buffer(reserve=n_vertices * 12) for _ in range(2))
        cover = np.full((n_vertices, 4), -1.0)
        cover[:, 3] = hair.inside_m
        static = [
            (gl.buffer(_floats(hair.pattern_m)), "3f", "in_rest"),
            (gl.buffer(_floats(cover)), "4f", "in_cover"),
            (gl.buffer(_floats(np.zeros((n_vertices, 2)))), "2f", "in_face"),
        ]
        dynamic = [(positions, "3f", "in_position"), (normals, "3f", "in_normal")]
        triangles = gl.buffer(hair.triangles.tobytes())
        part = gl.vertex_array(self._person, dynamic + static, triangles)
        shadow = gl.vertex_array(self._depth, dynamic[:1], triangles)
        return Curtain(hair, part, shadow, positions, normals)

    def draw(self, camera: Camera, cast: list[tuple[Actor, PosedBody]]) -> Image:
        """One frame without sensor noise."""
        if self._room is None:
            raise RuntimeError("expected set_room() before draw(), got no room: call it first")
        for actor, posed in cast:
            self._pose(actor, posed)
        gl = self._gl
        gl.enable(moderngl.DEPTH_TEST)
        light = self._draw_shadows(cast)
        target, plain = self._target(camera)
        target.use()
        target.clear(0.5, 0.5, 0.5, depth=1.0)
        self._shadow_map.use(0)
        self._noise.use(1)
        self._set(self._room_program, feet_m=_feet_m(cast), corner_m=self._corner_m())
        if self._mirror:
            self._draw_reflection(self._mirror, camera, light, cast)
        self._draw_scene(camera, light, cast)
        gl.copy_framebuffer(plain, target)
        pixels = np.frombuffer(plain.read(components=3, alignment=1), np.uint8)
        return np.ascontiguousarray(pixels.reshape(camera.height_px, camera.width_px, 3)[::-1])

    def _draw_scene(
        self,
        camera: Camera,
        light: FloatArray,
        cast: list[tuple[Actor, PosedBody]],
        mirror: Mirror | None = None,
    ) -> None:
        for program in (self._person, self._room_program):
            self._set_light(program, camera, light, mirror)
        for actor, _ in cast:  # near before far, so that hidden pixels are never shaded
            self._draw_person(actor)
        self._gl.enable(moderngl.CULL_FACE)
        self._room_mesh.render()
        self._gl.disable(moderngl.CULL_FACE)

    def _draw_reflection(
        self,
        mirror: Mirror,
        camera: Camera,
        light: FloatArray,
        cast: list[tuple[Actor, PosedBody]],
    ) -> None:
        """What the mirror shows, then the depth of its pane, so that the wall stays behind it."""
        gl = self._gl
        planes = [tuple(plane) for plane in mirror.clip_planes(np.array(camera.eye_m))]
        for program in (self._person, self._room_program):
            self._set(program, clip_planes=planes)
        gl.cull_face = "front"
        self._draw_scene(camera, light, cast, mirror)
        gl.cull_face = "back"
        view_projection = camera.projection_matrix() @ camera.view_matrix()
        _write_matrix(self._depth, "view_projection", view_projection)
        gl.enable(moderngl.BLEND)
        gl.blend_func = moderngl.ZERO, moderngl.ONE  # writes depth and leaves the colours
        self._pane.render()
        gl.disable(moderngl.BLEND)

    def _pose(self, actor: Actor, posed: PosedBody) -> None:
        vertices = posed.skin()
        normals = vertex_normals(actor.body, vertices)
        if actor.look.looseness_m:
            vertices = drape(vertices, normals, actor.slack_m)
            normals = vertex_normals(actor.body, vertices)
        actor.positions.write(_floats(vertices))
        actor.normals.write(_floats(normals))
        if actor.curtain:
            actor.curtain.hang(posed, vertices, normals)

    def _draw_person(self, actor: Actor) -> None:
        look = actor.look
        left_eye = (actor.body.head_of("eye.L") - actor.body.head_of("eye.R")) / 2.0
        actor.face_map.use(2)
        self._set(
            self._person,
            skin_colour=look_colour(look, "skin"),
            hair_colour=look_colour(look, "hair"),
            shirt_colour=linear(look.shirt),
            stripe_colour=linear(look.stripe),
            trousers_colour=linear(look.trousers),
            shoe_colour=linear(look.shoes),
            iris_colour=linear(look.iris),
            stripe_m=look.stripe_m,
            tuck_m=_tuck_m(look),
            eye_centre_m=tuple(left_eye * 0.031 / left_eye[0]),
            face_map=2,
        )
        for name, part in actor.parts.items():
            self._set(self._person, layer=_LAYERS[name])
            part.render()

    def _draw_shadows(self, cast: list[tuple[Actor, PosedBody]]) -> FloatArray:
        centre = np.mean([posed.head_of("root") for _, posed in cast], axis=0)
        view = look_at(centre + 4.0 * self._lamp_direction(), centre)
        light = orthographic(_SHADOW_HALF_SIZE_M, near_m=0.1, far_m=9.0) @ view
        self._shadow_buffer.use()
        self._shadow_buffer.clear(depth=1.0)
        _write_matrix(self._depth, "view_projection", light)
        for actor, _ in cast:
            actor.shadow.render()
            if actor.curtain:
                actor.curtain.shadow.render()
        return light

    def _set_light(
        self,
        program: moderngl.Program,
        camera: Camera,
        light: FloatArray,
        mirror: Mirror | None = None,
    ) -> None:
        room = self._room
        assert room is not None
        strength, warmth = 0.95 * room.lamp_strength, room.warmth
        view_projection = camera.projection_matrix() @ camera.view_matrix()
        eye_m, ambient = np.array(camera.eye_m), room.ambient_frac
        if mirror:
            view_projection, eye_m = view_projection @ mirror.reflection(), mirror.reflected(eye_m)
        _write_matrix(program, "view_projection", view_projection)
        _write_matrix(program, "light_matrix", light)
        self._set(
            program,
            mirrored=mirror is not None,
            eye_m=tuple(eye_m),
            lamp_direction=tuple(self._lamp_direction()),
            lamp_colour=((1 + warmth) * strength, strength, (1 - warmth) * strength),
            sky_colour=(0.46 * ambient, 0.47 * ambient, 0.50 * ambient),
            ground_colour=(0.26 * ambient, 0.24 * ambient, 0.22 * ambient),
            shadow_map=0,
            noise_map=1,
        )

    def _lamp_direction(self) -> FloatArray:
        assert self._room is not None
        azimuth = np.radians(self._room.lamp_azimuth_deg)
        elevation = np.radians(self._room.lamp_elevation_deg)
        level = np.cos(elevation)
        return np.array([np.sin(azimuth) * level, -np.cos(azimuth) * level, np.sin(elevation)])

    def _corner_m(self) -> tuple[float, float]:
        assert self._room is not None
        return self._room.half_width_m, self._room.depth_m

    def _target(self, camera: Camera) -> tuple[moderngl.Framebuffer, moderngl.Framebuffer]:
        size = (camera.width_px, camera.height_px)
        if size not in self._targets:
            gl = self._gl
            smooth = gl.framebuffer(
                [gl.renderbuffer(size, 4, samples=self._samples)],
                gl.depth_renderbuffer(size, samples=self._samples),
            )
            self._targets[size] = (smooth, gl.framebuffer([gl.renderbuffer(size, 4)]))
        return self._targets[size]

    def _noise_texture(self) -> moderngl.Texture:
        """Smooth tiling noise: the sum of three octaves of wrapped Gaussian noise."""
        rng, size = np.random.default_rng(0), 256
        noise = np.zeros((size, size), np.float32)
        for octave, sigma_px in enumerate((16.0, 6.0, 2.0)):
            tiled = np.tile(rng.normal(size=(size, size)).astype(np.float32), (3, 3))
            blurred = cv2.GaussianBlur(tiled, (0, 0), sigma_px)[size : 2 * size, size : 2 * size]
            noise += blurred / blurred.std() / 2**octave
        levels = np.clip(127.5 + 42.0 * noise / noise.std(), 0, 255).astype(np.uint8)
        texture = self._gl.texture((size, size), 1, levels.tobytes())
        texture.build_mipmaps()
        return texture

    def _program(self, name: str, *, mirrored: bool = False) -> moderngl.Program:
        fragment = _read_shader(f"{name}.frag")
        if mirrored:
            fragment = fragment.replace("#version 330", "#version 330\n#define MIRRORED", 1)
        return self._gl.program(
            vertex_shader=_read_shader(f"{name}.vert"), fragment_shader=fragment
        )

    @staticmethod
    def _set(program: moderngl.Program, **values: object) -> None:
        for name, value in values.items():
            uniform = program.get(name, None)
            if isinstance(uniform, moderngl.Uniform):  # the compiler drops what is not used
                uniform.value = value


def _visible_triangles(body: Body, look: Look) -> dict[str, NDArray[np.int32]]:
    """Triangles by layer without those the shader would discard as a whole."""
    mesh, cover = body.mesh, cover_m(body, look)
    clothed_m = cover[:, :3].max(axis=1)
    skin, suit = mesh.parts["skin"], mesh.parts["suit"]
    head = mesh.weight_of("head", "neck03", "neck02")
    return {
        "skin": skin[~_deep(cover, skin, _tuck_m(look))],
        "suit": suit[(clothed_m[suit] >= 0.0).any(axis=1)],
        "eyes": mesh.parts["eyes"],
        "hair": skin[(head[skin] > 0.3).all(axis=1) & (cover[skin, 3] > -0.01).any(axis=1)],
    }


def _tuck_m(look: Look) -> float:
    """How far skin goes on under a garment's edge; one sees further into a wide sleeve."""
    return 0.012 + 3.0 * look.looseness_m


def _deep(cover: FloatArray, faces: NDArray[np.int32], tuck_m: float) -> NDArray[np.bool_]:
    """Faces that lie under one garment with all corners, well inside its edge."""
    inside = cover[faces, :3] > tuck_m
    return np.asarray(inside.all(axis=1).any(axis=1), dtype=np.bool_)


def vertex_normals(body: Body, vertices_m: FloatArray) -> FloatArray:
    """Unit normals (V, 3) as the mean of the adjoining faces, weighted by area."""
    faces = body.mesh.faces
    first, second, third = (vertices_m[faces[:, corner]] for corner in range(3))
    normals = body.mesh.vertex_from_face @ np.cross(second - first, third - first)
    unit: FloatArray = normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12)
    return unit


def add_sensor_noise(image: Image, *, sigma_levels: float, rng: np.random.Generator) -> Image:
    """Gaussian sensor noise in grey levels (of 255), alike in the three channels' spread."""
    noise = rng.normal(0.0, sigma_levels, image.shape).astype(np.float32)
    noisy: Image = np.clip(image.astype(np.float32) + noise, 0, 255).astype(np.uint8)
    return noisy


def _face_frac(body: Body) -> FloatArray:
    forwards = -vertex_normals(body, body.vertices_m)[:, 1]
    on_head = body.mesh.weight_of("head", "neck03", "eye") > 0.3
    frac: FloatArray = np.where(on_head, np.clip((forwards - 0.05) / 0.3, 0.0, 1.0), 0.0)
    return frac


def _feet_m(cast: list[tuple[Actor, PosedBody]]) -> list[tuple[float, ...]]:
    """Up to four ankles that darken the floor under them; unused ones lie far away."""
    ankles = [tuple(posed.head_of(f"foot.{LETTER[side]}")) for _, posed in cast for side in SIDES]
    return (ankles + [(99.0, 99.0, 0.0)] * 4)[:4]


@lru_cache
def _read_shader(name: str) -> str:
    light = (_SHADERS / "light.glsl").read_text()
    return (_SHADERS / name).read_text().replace("#include light", light)


def _floats(values: FloatArray) -> bytes:
    return np.ascontiguousarray(values, dtype="f4").tobytes()


def _write_matrix(program: moderngl.Program, name: str, matrix: FloatArray) -> None:
    """OpenGL reads matrices by column."""
    uniform = program[name]
    assert isinstance(uniform, moderngl.Uniform)
    uniform.write(_floats(matrix.T))
