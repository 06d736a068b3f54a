"""What stands behind the pages: the routes beside Streamlit's own, and what ends with the app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from rom.ui import access, jobs, uploads

MAIN_SCRIPT = Path(__file__).with_name("main.py")


def routes() -> list[BaseRoute]:
    """Routes of the app's own, on the same port and origin as the pages."""
    return []


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start and end with the server."""
    yield
    jobs.close()
    uploads.remove_all()
    access.close_records()
