#version 330
uniform mat4 view_projection;
in vec3 in_position; in vec3 in_normal; in vec3 in_colour; in vec4 in_grain;
out vec3 position_m; out vec3 normal; out vec3 colour; out vec4 grain_scale;

void main() {
    position_m = in_position; normal = in_normal; colour = in_colour; grain_scale = in_grain;
    gl_Position = view_projection * vec4(in_position, 1.0);
}
