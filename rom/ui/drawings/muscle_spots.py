"""Where the rings of the muscles stand on the body map: our own reading of the words for the place.

View, x from the middle line outwards and y from the top, as the outlines of the map.
"""

from __future__ import annotations

from rom.clinical.body import View

SPOTS: dict[str, tuple[tuple[View, float, float], ...]] = {
    "upper_trapezius": (("back", 25.0, 83.0),),
    "levator_scapulae": (("back", 22.0, 96.0), ("back", 14.0, 77.0)),
    "suboccipitals": (("back", 8.0, 57.0),),
    "supraspinatus": (("back", 28.0, 98.0),),
    "infraspinatus_teres_minor": (("back", 29.0, 107.0), ("back", 35.0, 114.0)),
    "teres_major": (("back", 45.0, 113.0),),
    "latissimus_dorsi": (("front", 40.0, 127.0),),
    "pectoralis_major": (("front", 26.0, 98.0), ("front", 35.0, 110.0)),
    "pectoralis_minor": (("front", 34.0, 101.0),),
    "deltoid": (("front", 43.0, 99.0), ("front", 54.0, 104.0), ("back", 52.0, 103.0)),
    "biceps": (("front", 53.0, 145.0),),
    "triceps": (("back", 58.0, 145.0), ("back", 51.0, 126.0)),
    "forearm_extensors": (("back", 68.0, 197.0),),
    "forearm_flexors": (("front", 63.0, 198.0),),
    "erector_spinae": (("back", 9.0, 110.0), ("back", 9.0, 142.0), ("back", 9.0, 170.0)),
    "quadratus_lumborum": (("back", 24.0, 167.0),),
    "gluteus_maximus": (("back", 14.0, 205.0), ("back", 24.0, 214.0)),
    "gluteus_medius": (("back", 30.0, 183.0),),
    "gluteus_minimus": (("back", 37.0, 192.0),),
    "piriformis": (("back", 22.0, 199.0),),
    "tensor_fasciae_latae": (("front", 39.0, 196.0),),
    "rectus_femoris": (("front", 28.0, 217.0),),
    "hamstrings": (("back", 22.0, 254.0),),
    "adductors": (("front", 11.0, 228.0),),
    "gastrocnemius": (("back", 17.0, 317.0), ("back", 29.0, 317.0)),
    "soleus": (("back", 18.0, 355.0),),
    "tibialis_anterior": (("front", 26.0, 320.0),),
}
