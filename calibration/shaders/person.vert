#version 330
uniform mat4 view_projection;
uniform int layer;  // 0 skin, 1 clothes, 2 eyes, 3 hair, 4 long hair
in vec3 in_position; in vec3 in_normal;
in vec3 in_rest;      // head coordinates for the face, metres at rest
in vec4 in_cover;     // signed distances inside shirt, trousers, shoes, hair; metres
in vec2 in_face;      // how much this vertex faces forwards, 0 to 1; hair thickness, metres
out vec3 position_m; out vec3 normal; out vec3 rest_m; out vec4 cover_m; out float face_frac;

void main() {
    float thickness_m = layer == 1 ? 0.004 + 0.007 * step(0.0, in_cover.z)
                      : layer == 3 ? in_face.y : 0.0;
    position_m = in_position + thickness_m * in_normal;
    normal = in_normal; rest_m = in_rest; cover_m = in_cover; face_frac = in_face.x;
    gl_Position = view_projection * vec4(position_m, 1.0);
}
