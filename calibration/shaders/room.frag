#version 330
#include light
uniform vec3 feet_m[4];
uniform vec2 corner_m;  // half width of the room, distance of the back wall
in vec3 position_m; in vec3 normal; in vec3 colour; in vec4 grain_scale;
out vec4 pixel;

void main() {
#ifdef MIRRORED
    if (mirrored && !in_mirror(position_m)) discard;
#endif
    vec3 n = normalize(normal);
    vec3 albedo = colour * (1.0 + grain_scale.w * grain(position_m, n, grain_scale.xyz));
    float wall_m = min(corner_m.y - position_m.y, corner_m.x - abs(position_m.x));
    float open_frac = mix(0.7, 1.0, smoothstep(0.0, 0.6, n.z > 0.5 ? wall_m : position_m.z));
    if (n.z > 0.5)
        for (int i = 0; i < 4; i++) {
            vec2 d = position_m.xy - feet_m[i].xy;
            float near_floor = exp(-max(feet_m[i].z - position_m.z, 0.0) * 9.0);
            open_frac *= 1.0 - 0.5 * near_floor * exp(-dot(d, d) / 0.011);
        }
    pixel = vec4(film(shade(albedo, n, position_m, 0.0, 0.03, open_frac)), 1.0);
}
