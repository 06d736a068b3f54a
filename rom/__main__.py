"""`python -m rom`: the same as the `rom` command."""

from __future__ import annotations

import sys

from rom.cli import main

if __name__ == "__main__":
    sys.exit(main())
