"""Prints our speed as ratios of interleaved runs: `python -m benchmarks.speed [--runs N] [--python PROGRAM]`.

CPU seconds of whole processes (user and system, the least of several runs), peak memory beside them.
pytm 1.4 is needed for the first table: `pip install -e '.[bench]'`. Cold start is best measured in a fresh
environment: `--python` names its interpreter.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Cost, exponent, interleaved
from benchmarks.synthetic import write

PEER_SIZES = (24, 240, 1200)
LARGE = 10_000
GROWTH = (333, 1_000, 3_333, 10_000)
PATH_SIZES = (1_000, 3_000, 10_000, 30_000)
TINY = Path(__file__).resolve().parent.parent / "samples" / "tiny" / "threatmodel.yaml"

_OURS = "from threatmodel.source import read; from pathlib import Path; import sys; read(Path(sys.argv[1]))"
_BUILT = (
    "from pathlib import Path; import sys; from threatmodel.api import Library, parse; "
    "from threatmodel.source import LIMITS, parse as text; "
    "wide = LIMITS._replace(nodes=3_000_000); "  # the largest model is past what one file may cost
    "model = text(Path(sys.argv[1]).read_bytes(), sys.argv[1], wide); "
    "review = parse(model, Library(), '2026-01-01'); "
)
_PATHS = _BUILT + (
    "from threatmodel.evaluate.verdicts.obligations import required_routes; engine = review.engine; "
    "asked = [c for c in engine.asked.values() if required_routes(c) or c.covered_by.upstream]; "
    "[engine.decide(c, kind) for c in asked for kind in c.subjects]; defence = review.defence(); "
    "defence.depths(); defence.paths_to_each(defence.outside, defence.sensitive, 5)"
)
_THEIRS = "import yaml, sys; yaml.load(open(sys.argv[1], encoding='utf-8'), Loader=yaml.CSafeLoader)"


def main() -> None:
    """Runs every table, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", choices=[[], *_TABLES], help="default: all")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--python", default=sys.executable, help="interpreter that has threatmodel installed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.tables or _TABLES:
            print(f"\n{name}")
            _TABLES[name](Path(folder), chosen.python, chosen.runs)


def peer(folder: Path, python: str, runs: int) -> None:
    """`check --format json` against pytm's `--json` on the same systems."""
    heads = ("elements", "ours s", "pytm s", "faster", "ours MiB", "pytm MiB", "memory")
    print("".join(f"{head:>10}" for head in heads))
    for services in PEER_SIZES:
        path = folder / f"{services}.yaml"
        size = write(path, services).size
        theirs = [python, "-m", "benchmarks.pytm_model", str(services), "--json", str(folder / "pytm.json")]
        cost = interleaved({"ours": _check(python, path), "pytm": theirs}, runs)
        ours, pytm = cost["ours"], cost["pytm"]
        print(
            f"{size:>10}{ours.cpu:>10.3f}{pytm.cpu:>10.3f}{pytm.cpu / ours.cpu:>9.1f}x"
            f"{ours.memory:>10.0f}{pytm.memory:>10.0f}{ours.memory / pytm.memory:>9.2f}x"
        )


def load(folder: Path, python: str, runs: int) -> None:
    """The whole check against our own YAML load, and that against PyYAML's fastest loader."""
    path = folder / "large.yaml"
    system = write(path, LARGE)
    cost = interleaved(
        {
            "check": _check(python, path),
            "our load": [python, "-c", _OURS, str(path)],
            "CSafeLoader": [python, "-c", _THEIRS, str(path)],
        },
        runs,
    )
    print(f"{len(system.services)} services, {len(system.flows)} flows, {path.stat().st_size / 1e6:.1f} MB")
    for name, one in cost.items():
        print(f"{name:>12} {one.cpu:>8.3f} s {one.memory:>7.0f} MiB")
    print(f"our load is {cost['CSafeLoader'].cpu / cost['our load'].cpu:.1f} times as fast as CSafeLoader")
    print(f"the whole check takes {cost['check'].cpu / cost['our load'].cpu:.2f} times its load")


def growth(folder: Path, python: str, runs: int) -> None:
    """How the whole check grows with the flows, net of start-up."""
    commands = {"start": _check(python, TINY)}
    flows = []
    for services in GROWTH:
        path = folder / f"growth-{services}.yaml"
        flows.append(len(write(path, services).flows))
        commands[str(services)] = _check(python, path)
    cost = interleaved(commands, runs)
    net = [cost[str(services)].cpu - cost["start"].cpu for services in GROWTH]
    for count, seconds in zip(flows, net, strict=True):
        print(f"{count:>8} flows {seconds:>8.3f} s net of start-up")
    print(f"growth exponent from {flows[0]} to {flows[-1]} flows: {exponent(flows, net):.2f}")


def paths(folder: Path, python: str, runs: int) -> None:
    """Every obligation of the catalog, layer depth and the weakest paths, and how they grow with services."""
    commands = {}
    for services in PATH_SIZES:
        path = folder / f"paths-{services}.yaml"
        write(path, services)
        commands[f"{services} loaded"] = [python, "-c", _BUILT, str(path)]
        commands[f"{services} paths"] = [python, "-c", _PATHS, str(path)]
    cost = interleaved(commands, runs)
    net = [cost[f"{n} paths"].cpu - cost[f"{n} loaded"].cpu for n in PATH_SIZES]
    for services, seconds in zip(PATH_SIZES, net, strict=True):
        whole = cost[f"{services} paths"]
        about = f"{whole.cpu:>8.3f} s {whole.memory:>7.0f} MiB, {seconds:>7.3f} s of it for paths"
        print(f"{services:>8} services {about}")
    print(f"growth exponent of paths: {exponent(PATH_SIZES, net):.2f}")


def diff(folder: Path, python: str, runs: int) -> None:
    """The diff of two large models against one check of one of them."""
    before, after = folder / "before.yaml", folder / "after.yaml"
    write(before, LARGE)
    text = before.read_text(encoding="utf-8")
    text = text.replace("services:\n", "services:\n  added: {boundary: b0, kind: web-service}\n", 1)
    text = text.replace("flows:\n", "flows:\n  - {from: user, to: added, protocol: http, data: data3}\n", 1)
    after.write_text(text, encoding="utf-8")
    words = [python, "-m", "threatmodel", "diff", str(before), str(after), "--exit-zero"]
    cost = interleaved(
        {"check": _check(python, before), "diff": words, "diff comment": [*words, "--format", "markdown"]},
        runs,
    )
    for name, one in cost.items():
        print(f"{name:>13} {one.cpu:>8.3f} s {one.memory:>7.0f} MiB {one.cpu / cost['check'].cpu:>6.2f}x")


def start(folder: Path, python: str, runs: int) -> None:
    """Cold starts against a bare interpreter of the same environment."""
    tool = [python, "-m", "threatmodel"]
    cost = interleaved(
        {
            "bare": [python, "-I", "-c", "pass"],
            "--version": [*tool, "--version"],
            "--help": [*tool, "--help"],
            "check tiny": [*tool, "check", str(TINY)],
            "check tiny, JSON": _check(python, TINY),
        },
        max(runs, 10),
    )
    bare: Cost = cost["bare"]
    for name, one in cost.items():
        print(f"{name:>18} {one.cpu * 1000:>7.0f} ms {one.cpu / bare.cpu:>6.1f}x")


def _check(python: str, path: Path) -> list[str]:
    return [python, "-m", "threatmodel", "check", str(path), "--format", "json", "--fail-on", "never"]


_TABLES = {"peer": peer, "load": load, "growth": growth, "paths": paths, "diff": diff, "start": start}

if __name__ == "__main__":
    main()
