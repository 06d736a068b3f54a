"""What stands behind the pages: the routes beside Streamlit's own, and what ends with the app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.routing import BaseRoute

from rom.ui import access, jobs, uploads
from rom.ui.stage.component import STAGES
from rom.ui.stage.routes import stage_routes, sweeping

MAIN_SCRIPT = Path(__file__).with_name("main.py")


def routes() -> list[BaseRoute]:
    """Routes of the app's own, on the same port and origin as the pages."""
    return stage_routes(STAGES, base=str(st.get_option("server.baseUrlPath") or ""))


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start and end with the server."""
    async with sweeping(STAGES):
        yield
    jobs.close()
    uploads.remove_all()
    access.close_records()
