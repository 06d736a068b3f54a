// Light shared by people and room: one soft lamp with a shadow, and an ambient dome.
uniform sampler2DShadow shadow_map;
uniform mat4 light_matrix;
uniform vec3 eye_m;
uniform vec3 lamp_direction;  // towards the lamp
uniform vec3 lamp_colour;
uniform vec3 sky_colour;
uniform vec3 ground_colour;
uniform sampler2D noise_map;
uniform bool mirrored;        // drawing what a mirror shows, which turns front faces round
uniform vec4 clip_planes[5];  // around that part of the room

bool in_mirror(vec3 position_m) {
    for (int i = 0; i < 5; i++)
        if (dot(clip_planes[i], vec4(position_m, 1.0)) < 0.0) return false;
    return true;
}

float lamp_visibility(vec3 position_m, vec3 normal) {
    vec4 seen = light_matrix * vec4(position_m + 0.008 * normal, 1.0);
    vec3 uvz = 0.5 * seen.xyz / seen.w + 0.5;
    if (any(lessThan(uvz.xy, vec2(0.0))) || any(greaterThan(uvz.xy, vec2(1.0)))) return 1.0;
    float sum = 0.0;
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++)
            sum += texture(shadow_map, vec3(uvz.xy + vec2(i, j) * 0.0016, uvz.z - 0.0015));
    return sum / 9.0;
}

vec3 shade(vec3 albedo, vec3 normal, vec3 position_m, float wrap, float gloss, float open_frac) {
    float facing = dot(normal, lamp_direction);
    float lit = max(0.0, (facing + wrap) / (1.0 + wrap));
    float visibility = facing > 0.0 ? lamp_visibility(position_m, normal) : 1.0;
    vec3 to_eye = normalize(eye_m - position_m);
    vec3 dome = mix(ground_colour, sky_colour, 0.5 + 0.5 * normal.z);
    vec3 fill = 0.16 * lamp_colour * max(0.0, dot(normal, to_eye));
    float mirror = max(0.0, dot(normal, normalize(lamp_direction + to_eye)));
    vec3 shine = gloss * pow(mirror, 28.0) * visibility * lamp_colour;
    return albedo * (lamp_colour * lit * visibility + (dome + fill) * open_frac) + shine;
}

vec3 film(vec3 linear) {
    return pow(1.0 - exp(-1.25 * max(linear, 0.0)), vec3(1.0 / 2.2));
}

// Noise around 0 sampled on the plane the surface faces; scale is in cycles per metre.
float grain(vec3 position_m, vec3 normal, vec3 scale) {
    vec3 a = abs(normal), p = position_m * scale;
    vec2 uv = a.z > max(a.x, a.y) ? p.xy : (a.x > a.y ? p.yz : p.xz);
    return texture(noise_map, uv).r - 0.5;
}
