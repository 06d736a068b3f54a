"""`streamlit run tests/browser/stage_app.py`: the stage alone, to be tried and tested."""

from pathlib import Path

from streamlit.starlette import App

from rom.ui.server import lifespan, routes

app = App(Path(__file__).with_name("stage_page.py"), routes=routes(), lifespan=lifespan)
