"""Command line of the bench: ``python -m calibration quick`` and its single steps."""

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
    grid = commands.add_parser("grid", help="still poses of the bench, read by the pose model")
    grid.add_argument("--out", type=Path, required=True, help="folder; a rerun goes on there")
    grid.add_argument("--part", default="1/1", metavar="I/N", help="this one of N processes")
    pack = commands.add_parser("pack", help="pack rendered shards into the stock")
    pack.add_argument("--out", type=Path, required=True, help="folder of `grid`")
    commands.add_parser("fit", help="fit the corrections and write the package's tables")
    commands.add_parser("errors", help="measure the error figures and write the package's table")
    quick = commands.add_parser(
        "quick", help="does a change help? the tune split in under 10 minutes; nothing is committed"
    )
    quick.add_argument("--out", type=Path, help="folder for tables and page; else in the cache")
    commands.add_parser("report", help="score the stock, write results/ and README; half an hour")
    full = commands.add_parser("full", help="render, fit, measure, report; many hours; resumable")
    full.add_argument("--out", type=Path, required=True, help="folder for the pictures' landmarks")
    commands.add_parser("lenses", help="what camera calibration buys")
    verify = commands.add_parser("verify", help="fully rendered sets against composed ones")
    verify.add_argument("--out", type=Path, required=True, help="folder for the clips")
    footage = commands.add_parser("footage", help="real footage with a reference")
    footage.add_argument("--clip", type=Path, required=True, help="folder pose2sim_balance")
    arguments = parser.parse_args()
    os.environ.setdefault("LP_NUM_THREADS", "1")  # Mesa: one core, results alike everywhere
    if arguments.command not in ("samples", "development"):
        run_bench(arguments)
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


def run_bench(arguments: argparse.Namespace) -> None:
    """One step of the accuracy bench, or all of them."""
    from calibration import bench
    from calibration.stock import STOCK_FOLDER, pack_shards, read_stock

    if arguments.command == "grid":
        from calibration.grid import render_grid

        part, parts = (int(number) for number in arguments.part.split("/"))
        render_grid(arguments.out, part=part - 1, parts=parts)
    elif arguments.command == "pack":
        pack_shards(arguments.out / "shards")
    elif arguments.command == "fit":
        bench.fit_tables(read_stock())
    elif arguments.command == "errors":
        stock = read_stock()
        bench.write_errors(stock, bench.score_split(stock, "tune"))
    elif arguments.command == "quick":
        print(bench.run_quick(arguments.out or bench.CACHE / "quick"))
    elif arguments.command == "report":
        bench.run_report()
    elif arguments.command == "full":
        bench.run_full(arguments.out)
    elif arguments.command == "lenses":
        from calibration import lenses

        lenses.main(STOCK_FOLDER, bench.RESULTS / "lenses.csv")
    elif arguments.command == "verify":
        from calibration import verify

        verify.main(arguments.out)
    elif arguments.command == "footage":
        from calibration import footage

        footage.main(arguments.clip)
    else:
        raise SystemExit(f"expected a step of the bench, got {arguments.command}")


if __name__ == "__main__":
    main()
