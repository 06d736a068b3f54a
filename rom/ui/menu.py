"""Which pages there are for whom, and in which order."""

from __future__ import annotations

from rom.ui.access import User
from rom.ui.preferences import Who

FOR_ME = ("check", "progress", "recordings", "compare", "people", "settings", "help")
WITH_CLIENTS = ("people", "compare", "recordings", "check", "progress", "settings", "help")
OWN_PAGES = frozenset({"check", "progress", "settings", "help"})
"""What somebody without clients has a use for."""


def page_names(user: User, who: Who | None) -> list[str]:
    """Names of the pages in their order; the first one is where the app opens."""
    if user.role == "person":
        return [name for name in FOR_ME if name in OWN_PAGES]
    return list(WITH_CLIENTS if who == "clients" else FOR_ME)
