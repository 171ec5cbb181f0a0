"""In which encoding a text file is written: the one in which it then means something, headings that
are known and figures that can be read counting most, not the first that decodes. The weights stand
in data/encodings.toml.
"""

import codecs
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from funnel_sim.evidence.tables.amounts import is_number
from funnel_sim.evidence.tables.periods import is_period
from funnel_sim.evidence.tables.vocabulary import known_headings
from funnel_sim.stored import read_data

_SAMPLE = 100_000  # bytes to judge by
_HEAD_LINES = 12  # in which known headings are looked for
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


@cache
def _judged() -> dict[str, Any]:
    data: dict[str, Any] = tomllib.loads(read_data("encodings.toml"))
    return data


@cache
def _weighed() -> dict[str, Callable[[str], float]]:
    """Return what weighs a text in each encoding."""
    return {name: _weight(name, one) for name, one in _judged()["encodings"].items()}


def _weight(name: str, one: Mapping[str, Any]) -> Callable[[str], float]:
    if one["kind"] == "western":
        return _western(frozenset(one["letters"] + one["signs"]), one["long_run"], one["weight"])
    if one["kind"] == "script":
        return _letters(one["first"], one["last"], one["weight"])
    ranges = tuple((int(first), int(last), float(weight)) for first, last, weight in one["ranges"])
    return _by_bytes(name, _Bytes(ranges, one["other"], one["trail"], one["single"]))


def encoding_of(content: bytes) -> Iterator[str]:
    """Yield the encodings that a file's bytes may be in, the likeliest first: UTF-8, in which other
    text hardly ever can be read, then the others by what they would mean.

    >>> [
    ...     list(encoding_of(text.encode(name)))[1]
    ...     for text, name in (
    ...         ("Monat;Rückerstattungen", "cp1252"),
    ...         ("日期,销售额", "gb18030"),
    ...         ("注文番号,日付", "cp932"),
    ...     )
    ... ]
    ['cp1252', 'gb18030', 'cp932']
    """
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        yield "utf-16"
        return
    sample = content[:_SAMPLE]
    pairs = len(sample) // 2
    if pairs and not len(content) % 2:
        for name, start in (("utf-16-le", 1), ("utf-16-be", 0)):
            likely = (
                sample[start : 2 * pairs : 2].count(0)
                >= _judged()["nul_share"]["value"] * pairs
                > sample[1 - start : 2 * pairs : 2].count(0)
            )
            if likely and not _CONTROL.search(sample[: 2 * pairs].decode(name, "ignore")):
                yield name
    yield "utf-8"
    cut = sample.rfind(b"\n") + 1 or len(sample)
    scored = []
    for place, (name, weigh) in enumerate(_weighed().items()):
        try:
            text = sample[:cut].decode(name)
        except UnicodeDecodeError:
            continue
        scored.append(
            (
                -_judged()["known"]["value"] * (_known_share(text) + _figure_share(text))
                - weigh(text),
                place,
                name,
            )
        )
    for _, _, name in sorted(scored):
        yield name


def _known_share(text: str) -> float:
    """Return how many of the headings with letters beyond ASCII, in the line that has most of them,
    are known.
    """
    best = 0.0
    for line in text.splitlines()[:_HEAD_LINES]:
        cells = [cell.strip(' "\ufeff') for cell in re.split(r"[\t;,|]", line)]
        beyond = [cell for cell in cells if cell and not cell.isascii()]
        if beyond:
            best = max(best, sum(known_headings(cell) for cell in beyond) / len(beyond))
    return best


def _figure_share(text: str) -> float:
    """Return how many of the cells with digits and with letters or signs beyond ASCII are a number
    or a date as a whole.

    >>> _figure_share("1,50 €;5. März 2026"), _figure_share("1,50 Ђ;5. MГ¤rz 2026")
    (1.0, 0.0)
    """
    cells = dict.fromkeys(
        cell.strip(' "')
        for cell in re.split(r"[\t;,|\r\n]", text)
        if not cell.isascii() and any(one.isdigit() for one in cell)
    )
    asked = list(islice(cells, int(_judged()["figures"]["value"])))
    return _mean([float(is_number(cell) or is_period(cell)) for cell in asked])


def _mean(weights: list[float]) -> float:
    return sum(weights) / len(weights) if weights else 0.0


def _western(usual: frozenset[str], long_run: int, weight: float) -> Callable[[str], float]:
    """Return a weight of texts by the share of letters and signs of Western languages, none in a
    run of so many.
    """

    def of(text: str) -> float:
        weights = []
        for run in re.finditer(r"[^\x00-\x7f]+", text):
            long = len(run[0]) >= long_run
            weights += [0.0 if long or one not in usual else 1.0 for one in run[0]]
        return weight * _mean(weights)

    return of


def _by_bytes(name: str, weigh: Callable[[int, int], float]) -> Callable[[str], float]:
    """Return a weight of texts by the bytes that write their letters: those of usual characters lie
    together.
    """

    def of(text: str) -> float:
        weights = []
        for run in re.finditer(r"[^\x00-\x7f]+", text[:20_000]):
            alone = (
                len(run[0]) == 1
                and text[max(0, run.start() - 1) : run.start()].isalpha()
                and text[run.end() : run.end() + 1].isalpha()
            )
            for one in run[0]:
                code = one.encode(name, "ignore")
                weights.append(
                    0.0 if alone or not code else weigh(code[0], code[1] if len(code) > 1 else 0)
                )
        return _mean(weights)

    return of


@dataclass(frozen=True)
class _Bytes:
    """Weights of two-byte characters by their first byte, the likeliest ranges first; `trail` is
    the least second byte of a usual one, `single` weighs characters of one byte.
    """

    ranges: tuple[tuple[int, int, float], ...]
    else_: float
    trail: int = 0
    single: float = 0.0

    def __call__(self, lead: int, trail: int) -> float:
        if not trail:
            return self.single
        if trail < self.trail:
            return 0.1
        return next(
            (weight for first, last, weight in self.ranges if first <= lead <= last), self.else_
        )


def _letters(first: int, last: int, weight: float) -> Callable[[str], float]:
    """Return a weight of texts by the share of letters of one script, a capital inside a word
    counting against it.
    """

    def of(text: str) -> float:
        weights = []
        for run in re.finditer(r"[^\x00-\x7f]+", text):
            weights += [
                (
                    weight
                    if first <= ord(one) <= last
                    and not (place and one.isupper() and run[0][place - 1].islower())
                    else 0.0
                )
                for place, one in enumerate(run[0])
            ]
        return _mean(weights)

    return of
