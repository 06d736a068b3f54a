"""Outlines of the regions of the body map, for the half at the viewer's right.

Our own division of a figure of our own: x from the middle line outwards, y from the top down, 0 to
440. The other half is its mirror image. The figure stands with its palms towards the viewer of the
front, so that the back view shows the backs of the hands.
"""

from __future__ import annotations

HALF_WIDTH, HEIGHT = 100.0, 440.0

Outline = tuple[tuple[float, float], ...]


def _outline(text: str) -> Outline:
    numbers = [float(each) for each in text.replace(",", " ").split()]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


_FRONT = {
    "face": "0,10 7,10 13,16 14,40 12,54 6,61 0,62",
    "temple": "14,16 19,21 22,31 25,34 24,43 20,46 17,53 13.5,57 15,40",
    "neck_front": "0,64 6,63 12,59 12,68 18,77 10,81 0,83",
    "chest": "0,85 10,83 19,79 34,85 39,92 37,108 34,122 22,130 0,133",
    "shoulder_front": "36,86 45,88 48,104 44,113 40,110 39,100 41,92",
    "shoulder_outer": "47,88 56,94 60,104 60,114 52,117 47,115 50,104",
    "armpit": "39,111 44,115 46,124 40,132 36,124",
    "upper_arm_front": "47,118 53,119 56,140 60,166 52,169 48,146",
    "upper_arm_outer": "54,119 61,116 66,140 69,164 62,166 58,140",
    "elbow_front": "53,171 69,167 71,183 57,187",
    "forearm_front": "58,189 68,186 74,208 76,226 69,229 62,210",
    "thumb_side": "70,186 73,187 80,212 85,228 92,244 88,250 85,243 80,229 77,208",
    "palm": "70,231 78,229 83,242 85,256 84,268 80,271 76,268 72,252",
    "abdomen": "0,135 22,132 33,126 31,148 32,166 26,176 14,190 6,195 0,196",
    "hip_front": "28,176 33,168 35,186 34,208 22,208 12,196 16,191",
    "hip_outer": "35,168 39,178 42,194 42,209 36,210 37,190",
    "groin": "0,198 6,197 11,198 20,209 10,216 0,217",
    "thigh_front": "21,211 35,211 36,244 33,276 18,276 16,244",
    "thigh_inner": "2,220 10,218 19,212 14,244 16,276 9,276 5,250",
    "thigh_outer": "37,212 42,211 43,240 39,270 35,277 38,244",
    "knee_front": "10,279 36,279 37,290 35,301 12,301",
    "shin": "11,304 23,304 23,340 19,374 12,374 9,340",
    "leg_outer": "25,304 35,303 36,324 31,350 25,374 21,374 25,340",
    "ankle_front": "12,377 25,377 25,390 12,390",
    "foot_top": "12,393 26,393 35,412 31,420 14,420 10,408",
}
_BACK = {
    "head_back": "0,10 9,10 18,19 22,31 25,34 24,43 20,46 17,54 12,58 0,59",
    "neck_back": "0,61 12,60 12,68 8,82 0,84",
    "shoulder_top": "14,68 21,76 36,83 46,87 41,92 20,92 10,83",
    "upper_back": "0,86 9,86 17,94 17,122 0,126",
    "shoulder_blade": "19,95 39,95 38,118 28,128 19,124",
    "shoulder_back": "42,94 48,88 56,94 60,104 60,114 48,118 41,112",
    "upper_arm_back": "47,120 61,117 66,140 69,164 52,169 48,146",
    "elbow_outer": "53,171 69,167 71,183 57,187",
    "forearm_back": "58,189 72,186 79,210 81,226 70,229 63,210",
    "hand_back": "73,231 82,228 88,238 92,246 88,250 85,246 85,268 80,271 77,268 76,248",
    "little_finger_side": "69,231 72,231 75,250 76,268 72,262 69,248",
    "mid_back": "0,128 18,125 28,130 38,122 34,140 32,154 0,156",
    "low_back": "0,158 18,157 18,178 11,185 0,186",
    "waist": "20,157 32,156 32,166 36,174 20,178",
    "buttock": "13,186 20,180 37,176 42,194 42,209 34,222 10,222 2,216 8,204",
    "thigh_back": "3,225 11,225 35,225 43,214 43,240 38,276 9,276",
    "knee_back": "10,279 37,279 36,301 12,301",
    "calf": "11,304 35,304 36,324 31,350 25,374 13,374 9,340",
    "heel": "13,377 25,377 27,396 24,402 13,402 11,396",
    "sole": "11,405 27,405 31,414 28,420 11,420",
}
_MIDDLE = {"sacrum": "-10,188 10,188 6,204 0,216 -6,204"}

OUTLINES: dict[str, Outline] = {
    name: _outline(text) for name, text in (*_FRONT.items(), *_BACK.items(), *_MIDDLE.items())
}
"""By region, for the half at the viewer's right; the sacrum lies across the middle."""
