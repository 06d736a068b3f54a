"""The steps of a check: each function takes the session at its step and an event.

In order of a check: `questions`, `filming`, `phases` between the sets, `target`, `massage`. They
share `take_queue`, `stops` and `unexpected`; `symptoms` may come at each of them.
"""
