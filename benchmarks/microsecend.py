"""Scores our verdicts on imported diagrams against the rules and recorded verdicts of microSecEnD.

    python -m benchmarks.microsecend DFDS.json TRUTH.json [--items]

Each diagram is imported, assessed through the public API, and read rule by rule: a rule is met when none of
its results is a gap. `--items` lists the violating items that only one of the two sides names.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from threatmodel.api import Library, Review, parse
from threatmodel.catalog import Leaf
from threatmodel.catalog.conditions import leaves
from threatmodel.importers.code2dfd.convert import import_code2dfd
from threatmodel.importers.code2dfd.diagram import read_diagram
from threatmodel.importers.foreign import Foreign
from threatmodel.results import Verdict
from threatmodel.source import parse as parse_yaml

DAY = "2026-01-01"


class Rule(NamedTuple):
    """The control that decides a rule; `inner` where the rule speaks of flows between services only."""

    control: str
    inner: bool = False


RULES: Mapping[str, Rule] = {
    "R01": Rule("single-entry-point"),
    "R02": Rule("circuit-breaker"),
    "R03": Rule("balance-load"),
    "R04": Rule("authorize-at-entry"),
    "R05": Rule("authenticate-at-entry"),
    "R06": Rule("authorize-calls"),
    "R07": Rule("authenticate-calls"),
    "R08": Rule("central-authorization"),
    "R09": Rule("central-authentication"),
    "R10": Rule("dedicated-authorization"),
    "R11": Rule("dedicated-authentication"),
    "R12": Rule("limit-logins"),
    "R13": Rule("encrypt-external-calls"),
    "R14": Rule("encrypt-internal-calls"),
    "R15": Rule("write-logs"),
    "R16": Rule("central-logs"),
    "R17": Rule("message-broker"),
    "R18": Rule("ship-logs-through-broker", inner=True),
    "R19": Rule("no-direct-log-shipping"),
    "R20": Rule("monitoring-dashboard"),
    "R21": Rule("show-on-dashboard", inner=True),
    "R22": Rule("sanitise-logs"),
    "R23": Rule("single-registry"),
    "R24": Rule("check-registrations"),
    "R25": Rule("central-secret-store"),
}


class Cell(NamedTuple):
    """One rule on one system: both verdicts (true: met), and the violating items of both sides."""

    system: str
    rule: str
    recorded: bool
    ours: bool
    recorded_items: frozenset[str]
    our_items: frozenset[str]


class Score(NamedTuple):
    """Right verdicts out of all, and items named by both sides, by us only, and by the data set only."""

    right: int
    cells: int
    both: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of our violating items that are recorded; 1 where we name none."""
        return self.both / (self.both + self.extra) if self.both + self.extra else 1.0

    @property
    def recall(self) -> float:
        """The share of the recorded violating items that we name; 1 where there are none."""
        return self.both / (self.both + self.missed) if self.both + self.missed else 1.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Scores the diagrams of one file against the verdicts of another and prints the result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.microsecend")
    parser.add_argument("dfds", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--items", action="store_true", help="list the items that only one side names")
    options = parser.parse_args(arguments)
    cells = score(options.dfds.read_text(encoding="utf-8"), options.truth.read_text(encoding="utf-8"))
    print("\n".join(report(cells, items=options.items)))


def score(dfds: str, truth: str) -> list[Cell]:
    """Every cell that has a recorded verdict, by system and rule."""
    library = Library()
    cells = []
    for system, recorded in json.loads(truth).items():
        found = _verdicts(library, dfds, system)
        for rule, entry in recorded.items():
            if rule in RULES and isinstance(entry["verdict"], bool):
                met, items = found[rule]
                named = frozenset() if entry["verdict"] else frozenset(entry["items"])
                cells.append(Cell(system, rule, entry["verdict"], met, named, items))
    return cells


def summed(cells: Iterable[Cell]) -> Score:
    """The score of some cells."""
    found = list(cells)
    return Score(
        right=sum(c.recorded == c.ours for c in found),
        cells=len(found),
        both=sum(len(c.recorded_items & c.our_items) for c in found),
        extra=sum(len(c.our_items - c.recorded_items) for c in found),
        missed=sum(len(c.recorded_items - c.our_items) for c in found),
    )


def report(cells: Sequence[Cell], *, items: bool = False) -> Iterator[str]:
    """Totals, a line for each rule, and the cells whose verdicts differ."""
    yield f"{'':32}{'verdicts':>10}{'precision':>11}{'recall':>8}"
    yield _line("all", summed(cells))
    for rule, decided in RULES.items():
        here = [c for c in cells if c.rule == rule]
        if here:
            yield _line(f"{rule} {decided.control}", summed(here))
    wrong = [c for c in cells if c.recorded != c.ours]
    yield f"\n{len(wrong)} wrong verdicts"
    words = {True: "met", False: "violated"}
    for c in wrong:
        told = f"{words[c.ours]}, recorded as {words[c.recorded]}"
        yield f"  {c.system} {c.rule} {RULES[c.rule].control}: {told}"
    if items:
        yield "\nitems of one side only"
        for c in cells:
            for side, named in (
                ("ours", c.our_items - c.recorded_items),
                ("recorded", c.recorded_items - c.our_items),
            ):
                if named:
                    yield f"  {c.system} {c.rule} {side}: {', '.join(sorted(named))}"


def _line(title: str, s: Score) -> str:
    return f"{title:32}{f'{s.right}/{s.cells}':>10}{s.precision:>11.3f}{s.recall:>8.3f}"


def _verdicts(library: Library, dfds: str, system: str) -> dict[str, tuple[bool, frozenset[str]]]:
    """For each rule whether it is met, and the drawn elements and flows that violate it."""
    imported = import_code2dfd(Foreign(dfds, library.kinds, "dfds", system))
    review = parse(parse_yaml(imported.text, system), library, DAY)
    diagram = read_diagram(dfds, "dfds", system)
    drawn = {n.name for n in (*diagram.services, *diagram.externals)}
    drawn |= {f"{f.sender} -> {f.receiver}" for f in diagram.flows}
    assessment = review.assess(frameworks=False)
    gaps: dict[str, list[tuple[str, str]]] = {}
    for column in assessment.columns:
        for i, verdict in enumerate(column.verdicts):
            if verdict == Verdict.GAP:
                gaps.setdefault(column.control, []).append((column.subject_kind, column.ids[i]))
    return {
        rule: (decided.control not in gaps, _items(review, decided, gaps.get(decided.control, ())) & drawn)
        for rule, decided in RULES.items()
    }


def _items(review: Review, rule: Rule, gaps: Iterable[tuple[str, str]]) -> frozenset[str]:
    """What the gaps of a control rest on: their subjects, and what the facts behind them point at."""
    graph = review.graph
    control = review.library.catalog.controls[rule.control]
    names = _names(review, inner=rule.inner)
    found: set[str] = set()
    for kind, subject in gaps:
        i = graph.subjects[kind].index(subject)
        paths = {
            path
            for leaf in leaves(control.expect)
            if isinstance(leaf, Leaf)
            for path, _ in review.engine.fact(kind, leaf.fact).places(graph, graph.every(kind)[i])
        }
        if kind == "flow":
            paths |= {graph.flows[i].at}
        elif kind != "model":
            paths |= {graph.values[graph.positions[kind][i]].at}
        elif not paths:  # nothing was found anywhere: the verdict rests on all that was searched
            paths |= {graph.values[e].at for e in _searched(review)}
        found.update(name for path in paths for name in names.get(path, ()))
    return frozenset(found)


def _searched(review: Review) -> Iterator[int]:
    graph = review.graph
    for kind in ("service", "store"):
        yield from (e for e in graph.positions[kind] if graph.element_party[e] in graph.own)


def _names(review: Review, *, inner: bool) -> Mapping[tuple[str | int, ...], list[str]]:
    """What the diagram calls the element or the flows at each place of the model."""
    graph = review.graph
    found: dict[tuple[str | int, ...], list[str]] = {v.at: [v.title or v.id] for v in graph.values}
    ours = set(_searched(review))
    for i, flow in enumerate(graph.flows):
        ends = graph.flow_source[i], graph.flow_target[i]
        if not inner or ours.issuperset(ends):
            source, target = (graph.values[e] for e in ends)
            name = flow.title or f"{source.title or source.id} -> {target.title or target.id}"
            found.setdefault(flow.at, []).append(name)
    return found


if __name__ == "__main__":
    main()
