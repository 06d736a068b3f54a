"""Command line of the generator: ``python -m calibration samples --out DIR``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calibration.bodies import Body
    from calibration.staging import ClipPlan


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
        films.add_argument(
            "--what",
            choices=("clips", "stills", "truth"),
            default="clips",
            help="clips with their truth, one JPEG a clip, or the truth alone",
        )
    sweep = commands.add_parser("sweep", help="still poses of every movement, read by a model")
    sweep.add_argument("--out", type=Path, required=True, help="folder; a rerun goes on there")
    sweep.add_argument("--people", nargs="+", default=None, metavar="NAME")
    sweep.add_argument("--movements", nargs="+", default=None, metavar="NAME")
    fit = commands.add_parser("fit", help="fit the corrections and write the package's tables")
    fit.add_argument("--sweep", type=Path, nargs="+", required=True, help="sweep.npz files")
    arguments = parser.parse_args()
    os.environ.setdefault("LP_NUM_THREADS", "1")  # Mesa: one core, results alike everywhere
    if arguments.command == "sweep":
        sweep_stills(arguments.out, arguments.people, arguments.movements)
        return
    if arguments.command == "fit":
        fit_corrections(arguments.sweep)
        return
    film(arguments.command, arguments.out, arguments.only, arguments.what)


def film(command: str, out: Path, only: list[str] | None, what: str) -> None:
    """Film the clips of a list, one after the other, with truth and manifest."""
    from calibration.bodies import read_bodies
    from calibration.development import development_plans
    from calibration.manifest import write_manifest
    from calibration.performance import measure, write_truth
    from calibration.samples import sample_plans

    plans = sample_plans() if command == "samples" else development_plans()
    unknown = set(only or ()) - {plan.name for plan in plans}
    if unknown:
        raise SystemExit(f"expected clips out of {[p.name for p in plans]}, got {sorted(unknown)}")
    chosen = [plan for plan in plans if only is None or plan.name in only]
    bodies = read_bodies()
    out.mkdir(parents=True, exist_ok=True)
    if what != "truth":
        _draw(chosen, bodies, out, what)
    if what != "stills":
        performances = [measure(plan, bodies[plan.person]) for plan in plans]
        write_manifest(out, performances)
        truth = out / "truth"
        truth.mkdir(exist_ok=True)
        for performance in performances:
            write_truth(performance, truth / f"{performance.plan.name}.csv")


def _draw(plans: list[ClipPlan], bodies: dict[str, Body], out: Path, what: str) -> None:
    from calibration.clip import film_clip, film_still
    from calibration.render import Renderer

    renderer = Renderer()
    for plan in plans:
        if what == "stills":
            film_still(renderer, bodies, plan, out / f"{plan.name}.jpg")
        else:
            film_clip(renderer, bodies, plan, out / f"{plan.name}.mp4")
        print(plan.name, flush=True)


def sweep_stills(out: Path, people: list[str] | None, movements: list[str] | None) -> None:
    """Sweep the named people and movements, six people and all movements by default."""
    from calibration.acting import ACTIONS
    from calibration.bodies import read_bodies
    from calibration.people import DEVELOPMENT_PEOPLE
    from calibration.sweep import SweepPlan, run_sweep

    plan = SweepPlan(
        people=tuple(people or DEVELOPMENT_PEOPLE[:6]), movements=tuple(movements or ACTIONS)
    )
    run_sweep(plan, read_bodies(), out)


def fit_corrections(sweeps: list[Path]) -> None:
    """Fit on the swept stills and write the tables into the package beside this one."""
    from calibration.fit import raise_accuracy, write_corrections

    package = Path(__file__).parents[1] / "rom"
    corrections = package / "kinematics" / "data" / "correction.csv"
    write_corrections(sweeps, corrections)
    tables = package / "clinical" / "data"
    raise_accuracy(corrections, tables / "norm_defaults.csv", tables / "measurement_error.csv")


if __name__ == "__main__":
    main()
