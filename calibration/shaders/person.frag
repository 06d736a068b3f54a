#version 330
#include light
uniform int layer;
uniform vec3 skin_colour, shirt_colour, stripe_colour, trousers_colour, shoe_colour, hair_colour;
uniform vec3 iris_colour;
uniform float stripe_m;        // width of the shirt's stripes; 0 for a plain shirt
uniform float tuck_m;          // how far skin goes on under a garment's edge
uniform vec3 eye_centre_m;     // of the left eye in head coordinates
uniform sampler2D face_map;    // painted features over the front of the face
in vec3 position_m; in vec3 normal; in vec3 rest_m; in vec4 cover_m; in float face_frac;
out vec4 pixel;

const vec2 FACE_ORIGIN_M = vec2(-0.09, -0.15), FACE_SIZE_M = vec2(0.18, 0.25);

vec3 skin() {
    vec3 albedo = skin_colour * (1.0 + 0.14 * grain(rest_m, vec3(0, 1, 0), vec3(6.0)));
    vec2 uv = (rest_m.xz - FACE_ORIGIN_M) / FACE_SIZE_M;
    vec4 paint = texture(face_map, uv);
    bool on_map = all(greaterThan(uv, vec2(0.0))) && all(lessThan(uv, vec2(1.0)));
    return on_map ? mix(albedo, paint.rgb * skin_colour, paint.a * face_frac) : albedo;
}

vec3 clothes(vec3 n) {
    vec3 albedo = trousers_colour;
    float edge_m = cover_m.y;
    if (cover_m.z > 0.0) { albedo = shoe_colour; edge_m = 0.02; }
    else if (cover_m.x > 0.0) {
        bool stripe = stripe_m > 0.0 && fract(rest_m.z / (2.0 * stripe_m)) < 0.5;
        albedo = stripe ? stripe_colour : shirt_colour;
        edge_m = cover_m.x;
    }
    float fold = grain(rest_m, vec3(0, 1, 0), vec3(3.0, 3.0, 1.4));
    float weave = grain(rest_m, vec3(0, 1, 0), vec3(40.0));
    float seam = smoothstep(0.002, 0.005, edge_m) - 0.18 * smoothstep(0.004, 0.0, abs(edge_m - 0.018));
    return albedo * (0.97 + 0.35 * fold + 0.16 * weave) * mix(0.7, 1.0, seam);
}

vec3 eyes() {
    vec3 centre = vec3(sign(rest_m.x) * eye_centre_m.x, eye_centre_m.yz);
    float ahead = -normalize(rest_m - centre).y;
    if (ahead > 0.955) return vec3(0.015);
    return ahead > 0.865 ? iris_colour : vec3(0.72, 0.69, 0.66);
}

void main() {
    if (mirrored && !in_mirror(position_m)) discard;
    vec3 n = normalize(normal);
    vec3 albedo; float wrap = 0.15, gloss = 0.02, open_frac = 1.0;
    if (layer == 0) {
        if (max(max(cover_m.x, cover_m.y), cover_m.z) > tuck_m) discard;
        albedo = skin(); wrap = 0.3; gloss = 0.05;
    } else if (layer == 1) {
        if (max(max(cover_m.x, cover_m.y), cover_m.z) < 0.0) discard;
        if (gl_FrontFacing == mirrored) { n = -n; open_frac = 0.4; }
        albedo = clothes(n);
    } else if (layer == 2) {
        albedo = eyes(); gloss = 0.08; open_frac = 0.75;
    } else {
        if (layer == 4 && gl_FrontFacing == mirrored) { n = -n; open_frac = 0.4; }
        float strand = grain(rest_m, vec3(0, 1, 0), vec3(70.0, 1.0, 6.0));
        if (cover_m.w + 0.006 * strand < 0.0) discard;
        albedo = hair_colour * (1.0 + 0.9 * strand); gloss = 0.06;
    }
    pixel = vec4(film(shade(albedo, n, position_m, wrap, gloss, open_frac)), 1.0);
}
