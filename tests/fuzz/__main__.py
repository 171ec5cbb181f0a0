"""The command line of the fuzzers: `python -m tests.fuzz --kind scenarios --count 20000 --seed 1
--seconds 1200`; exit code 1 on any fault.
"""

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.run import KINDS, Fault, Tally, luck_of, module_of, put_through, run, smaller
from tests.fuzz.steps import MEGABYTES, SECONDS

_SHOWN = 5


def main() -> int:
    """Run, replay or shrink; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="tests.fuzz",
        description=(
            "Inputs that nobody would write, from a seed; each must end in figures or in a refusal"
            " in words."
        ),
    )
    parser.add_argument("--kind", choices=KINDS, default="scenarios")
    parser.add_argument("--count", type=int, default=1000, help="how many inputs (default 1000)")
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same inputs (default 1)"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=1200,
        help="stop giving out inputs after this time (default 1200)",
    )
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument(
        "--limit",
        type=float,
        default=SECONDS,
        help=f"processor seconds of one step (default {SECONDS:g})",
    )
    parser.add_argument(
        "--replay",
        type=int,
        metavar="NUMBER",
        help="put one input of the seed through again, with its traceback",
    )
    parser.add_argument("--file", type=Path, help="put a kept input through, every step of it")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FILE",
        help="with --replay: write the input, made as small as it goes, here",
    )
    options = parser.parse_args()
    if options.replay is not None or options.file:
        return _again(options)
    started = time.monotonic()
    found = run(
        options.kind,
        options.count,
        options.seed,
        options.seconds,
        options.workers,
        options.limit,
        _progress,
    )
    _tell(found, options.count, time.monotonic() - started)
    return 1 if found.faults or found.tried < options.count else 0


def _progress(found: Tally) -> None:
    for some in found.faults.values():
        if len(some) == 1:
            number, fault = some[0]
            print(f"  {number}: {fault}", file=sys.stderr)
    print(
        f"… {found.tried:,} tried, {sum(map(len, found.faults.values())):,} faults of"
        f" {len(found.faults)} kinds",
        file=sys.stderr,
        flush=True,
    )


def _tell(found: Tally, count: int, seconds: float) -> None:
    every = sum(map(len, found.faults.values()))
    lines = [
        (
            f"{found.kind}, seed {found.seed}: {found.tried:,} of {count:,} tried in {seconds:,.0f}"
            f" s ({found.processor:,.0f} s of processor time), {found.accepted:,} accepted,"
            f" {found.refused:,} refused, {every:,} faults of {len(found.faults)} kinds"
        ),
        (
            f"slowest step: {found.slowest[0]:.2f} s ({found.slowest[1]}, number"
            f" {found.slowest[2]}; at most {SECONDS:g} s); largest: {found.largest[0]:.0f} MB"
            f" (number {found.largest[1]}; at most {MEGABYTES} MB)"
        ),
    ]
    if found.tried < count:
        lines.append("the time was over before all were tried: give more --seconds")
    for some in sorted(found.faults.values(), key=len, reverse=True):
        fault: Fault = some[0][1]
        numbers = ", ".join(str(number) for number, _ in some[:_SHOWN]) + (
            ", …" if len(some) > _SHOWN else ""
        )
        steps = ", ".join(sorted({one.step for _, one in some}))
        lines.append(
            f"  {len(some):5d} × {fault.error} in {fault.place or 'the harness'} [{steps}]"
            f" {fault.text[:100]}  (--replay {numbers})"
        )
    print("\n".join(lines))


def _again(options: argparse.Namespace) -> int:
    kind = options.kind
    luck = None
    if options.file:
        content = options.file.read_bytes()
    else:
        luck = luck_of(kind, options.seed, options.replay)
        content = module_of(kind).make(luck)
    steps, fault, megabytes = put_through(kind, content, luck, options.limit)
    print(
        f"{'accepted' if steps.accepted else 'refused'}; {sum(steps.seconds.values()):.2f} s;"
        f" {megabytes:.0f} MB; {fault or 'no fault'}"
    )
    if fault is not None and fault.trace:
        print(fault.trace)
    if options.keep and fault is not None:
        small = smaller(kind, content, fault, options.limit)
        options.keep.parent.mkdir(parents=True, exist_ok=True)
        options.keep.write_bytes(small)
        print(f"{len(content):,} bytes made {len(small):,}")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
