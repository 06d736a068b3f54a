"""What the stage itself says; all other words come with the scenes."""

from __future__ import annotations

LOST = {
    "camera": "The camera was switched off or unplugged during the recording.",
    "connection": "The connection was lost during the recording.",
    "hidden": "The page was hidden during the recording, and hidden pages do not record.",
    "late": "The recording did not arrive in time.",
    "long": "The recording was longer than three minutes.",
    "recorder": "The browser could not record the picture.",
    "reload": "The page was loaded again before the recording had arrived.",
    "unreadable": "The recording arrived damaged.",
    "room": "The recording was too large to be taken.",
}
"""Why a clip will not come, by what the browser says."""

WORDS = {
    "start": "Start",
    "start_title": "Ready when you are",
    "start_text": "One click starts the camera and the sound. After that, everything goes on by"
    " itself: step back and follow the voice and the large words.",
    "start_resume": "Your check is still here. One click goes on with it.",
    "local": "The picture goes to this app only. Recordings are deleted once they are measured,"
    " unless you keep them on purpose.",
    "stage": "Guided check",
    "starting": "Starting the camera …",
    "connecting": "Connecting …",
    "live_picture": "Your picture, mirrored",
    "answers": "Answers",
    "done": "Done",
    "set": "Set",
    "rating": "Pain, 0 to 10",
    "rating_low": "0, none",
    "rating_high": "10, the worst you can imagine",
    "controls": "Controls",
    "pause": "Pause",
    "resume": "Go on",
    "repeat": "Repeat",
    "back": "Back",
    "end": "End",
    "voice_on": "Voice on",
    "voice_off": "Voice off",
    "keys": "Keys: 1 to 9 for the answers, arrows and Enter to choose, Space or Escape to pause and"
    " go on.",
    "again": "Try again",
    "without_camera": "Go on without a camera",
    "close": "Close",
    "denied": "This page may not use the camera. Allow it beside the address of this page, then try"
    " again.",
    "missing": "No camera was found. Plug one in, or open its shutter, then try again.",
    "busy": "The camera is in use by another program. Close that program, then try again.",
    "unplugged": "The camera went away. The check is paused. Plug it in again, then try again.",
    "camera_failed": "The camera could not be started. Choose another in the settings, or try"
    " again.",
    "insecure": "Browsers give the camera only to pages of this computer or with https. On the"
    " computer that runs the app, open {local}; on another one, ask for an address that begins"
    " with https.",
    "no_recorder": "This browser cannot record the camera. Use a current Firefox, Chrome, Edge or"
    " Safari.",
    "no_network": "This browser cannot keep a connection to the app. Use a current Firefox, Chrome,"
    " Edge or Safari.",
    "hidden": "Paused, because the page was hidden. Choose “Go on” when you are back.",
    "lost": "The connection to the app is lost. Everything so far is kept. Trying again …",
    "gone": "This check has ended: the app was started again, or the page was away for too long."
    " What was measured before is kept.",
    "elsewhere": "The check goes on in another window. It can be brought back here.",
    "here": "Go on here",
    "failed": "Something went wrong in the app. What was measured before is kept. Try again, or"
    " close the check.",
    "coarse": "This camera gives a coarse picture. Sit as near as your head and shoulders still"
    " fit, at about 0.8 m.",
    "slow": "This computer is slow just now: the live number comes late. Recordings do not.",
    "sending": "Sending the recording …",
    "seconds": "{count} s",
    "minutes": "{minutes}:{seconds}",
}
"""By where they are shown; {local} and the like are filled in by the browser."""
