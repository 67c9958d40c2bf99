"""`python -m tests.fuzz --count 100000 --seed 1`: mutated texts on all processors, and what came of them."""

from __future__ import annotations

import argparse
import faulthandler
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from .cases import Fuzzer, Outcome

_CHUNK = 250
_HANG = 60
_SLOW = 2.0
_fuzzers: list[Fuzzer] = []


def main() -> int:
    """Runs the cases, prints the figures, and every failure with what finds it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many texts")
    parser.add_argument("--seed", type=int, default=1, help="what all of them are drawn from")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--case", type=int, help="run this one case, print its texts and what came of it")
    options = parser.parse_args()
    if options.case is not None:
        return _one(options.seed, options.case)
    start = time.monotonic()
    chunks = [range(n, min(n + _CHUNK, options.count)) for n in range(0, options.count, _CHUNK)]
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(options.processes, initializer=_begin, initargs=(options.seed,)) as pool:
        for done in pool.map(_run, chunks):
            outcomes += done
    return _report(outcomes, options.seed, time.monotonic() - start)


def _begin(seed: int) -> None:
    _fuzzers.append(Fuzzer(seed, Path(tempfile.mkdtemp(prefix="fuzz-"))))


def _run(numbers: range) -> list[Outcome]:
    outcomes = []
    for number in numbers:
        faulthandler.dump_traceback_later(_HANG, exit=True)
        outcomes.append(_fuzzers[0].run(number))
    faulthandler.cancel_dump_traceback_later()
    return outcomes


def _report(outcomes: list[Outcome], seed: int, seconds: float) -> int:
    slowest = max(outcomes, key=lambda o: o.seconds)
    bad = [o for o in outcomes if o.error or o.seconds > _SLOW]
    accepted = sum(o.accepted for o in outcomes)
    print(f"{len(outcomes)} texts in {seconds:.0f} s, {accepted} of them valid models, the rest refused")
    print(f"slowest: case {slowest.number}, {slowest.seconds:.2f} s of processor time")
    print(f"exceptions and texts over {_SLOW} s: {len(bad)}")
    kinds = Counter(_kind(outcome) for outcome in bad)
    for kind, number in kinds.most_common():
        first = next(o for o in bad if _kind(o) == kind)
        print(f"\n{number} times, first with --seed {seed} --case {first.number} ({first.seconds:.2f} s)")
        print(first.error, end="")
    return 1 if bad else 0


def _kind(outcome: Outcome) -> str:
    """What failures of one cause have in common: where the last exception was raised."""
    places = [line for line in outcome.error.splitlines() if line.startswith("  File ")]
    return places[-1] if places else "slow"


def _one(seed: int, number: int) -> int:
    fuzzer = Fuzzer(seed, Path(tempfile.mkdtemp(prefix="fuzz-")))
    sys.stdout.buffer.write(fuzzer.text(number) + b"\n")
    sys.stdout.flush()
    return _report([fuzzer.run(number)], seed, 0)


if __name__ == "__main__":
    sys.exit(main())
