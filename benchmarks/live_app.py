"""`streamlit run benchmarks/live_app.py`: the app that `benchmarks.live` times."""

from pathlib import Path

from streamlit.starlette import App

from rom.ui.server import lifespan, routes

app = App(Path(__file__).with_name("live_page.py"), routes=routes(), lifespan=lifespan)
