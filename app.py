"""`streamlit run app.py`: starts the app, nothing else."""

from streamlit.starlette import App

from rom.ui.guarding import show_error
from rom.ui.server import MAIN_SCRIPT, lifespan, routes

app = App(MAIN_SCRIPT, routes=routes(), lifespan=lifespan, on_script_error=show_error)
