"""Command line of the generator: ``python -m calibration samples --out DIR``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def main() -> None:
    """Parse the arguments and film what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m calibration", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("samples", "film the sample clips and their manifest"),
        ("development", "film clips of other people, rooms and cameras"),
    ):
        films = commands.add_parser(name, help=text)
        films.add_argument("--out", type=Path, required=True, help="folder for clips and truth")
        films.add_argument("--only", nargs="*", default=None, metavar="NAME", help="these clips")
        films.add_argument("--stills", action="store_true", help="one JPEG a clip, no video")
    arguments = parser.parse_args()
    os.environ.setdefault("LP_NUM_THREADS", "1")
    film(arguments.command, arguments.out, arguments.only, stills=arguments.stills)


def film(command: str, out: Path, only: list[str] | None, *, stills: bool) -> None:
    """Film the clips of a list, one after the other, and write their manifest."""
    from calibration.bodies import read_bodies
    from calibration.clip import film_clip, film_still
    from calibration.development import development_plans
    from calibration.render import Renderer
    from calibration.samples import sample_plans, write_manifest

    plans = sample_plans() if command == "samples" else development_plans()
    if only is not None:
        unknown = set(only) - {plan.name for plan in plans}
        if unknown:
            raise SystemExit(f"expected clips out of {[p.name for p in plans]}, got {unknown}")
        plans = [plan for plan in plans if plan.name in only]
    renderer, bodies = Renderer(), read_bodies()
    if stills:
        for plan in plans:
            film_still(renderer, bodies, plan, out)
        return
    clips = []
    for plan in plans:
        clips.append(film_clip(renderer, bodies, plan, out))
        print(plan.name, f"{clips[-1].path.stat().st_size / 1024:.0f} KiB", flush=True)
        write_manifest(out / "manifest.csv", clips)


if __name__ == "__main__":
    main()
