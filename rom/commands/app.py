"""`rom app`: the app in the browser, served from this computer."""

from __future__ import annotations

import argparse


def app(arguments: argparse.Namespace) -> int:
    """Serve the app until Ctrl-C; ending it is no failure."""
    from rom.ui.launching import chosen_port, run_app

    port = chosen_port(arguments.port)
    try:
        run_app(
            port, open_browser=not arguments.no_browser, say=lambda line: print(line, flush=True)
        )
    except KeyboardInterrupt:
        print("The app has ended.")
    return 0
