"""Money of several currencies as money of one: which cell is in which, and by which dated rate it
is converted.

Nothing is converted unless the user says into what. Then every amount of a file is taken at one
rate, the one that the user typed or the one in force on one day: were each taken at the rate of its
own day, a rate that the table knows from that day on only would look like a jump of the sales.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.tables.cells import only_of, texts_of
from funnel_sim.evidence.tables.columns import distinct, said
from funnel_sim.evidence.tables.findings import Finding, first_rows
from funnel_sim.evidence.tables.headings import currencies, may_mean
from funnel_sim.reference.exchange_rates import FxLevel, fx
from funnel_sim.reference.provenance import first_source

_NO_MARKS = b"0123456789.,- "  # bytes of cells that name no currency
LARGEST_RATE = 1_000_000.0
"""Of a rate that is typed, and its reverse the least; a Kuwaiti dinar is some 85,000 dong."""


@dataclass(frozen=True)
class Into:
    """The currency (ISO code) into which money is converted, and the day whose rates are taken.

    `typed`: what one unit of a currency (code, or a sign that several share) is by the user's own
    rate, which is taken in place of that of the day.
    """

    code: str
    on: dt.date
    typed: tuple[tuple[str, float], ...] = ()

    def own_rate(self, code: str) -> float | None:
        """Return the rate that was typed for a currency; None where none was."""
        return dict(self.typed).get(code)


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency is in another: `levels` are the rows that it rests on, none where
    both are the same currency, or where the user `typed` it.
    """

    value: float
    levels: tuple[FxLevel, ...] = ()
    typed: bool = False

    @property
    def weak(self) -> bool:
        """Whether one of the rows is a rough figure."""
        return any(level.provenance.weak for level in self.levels)

    @property
    def day(self) -> str:
        """The day of the rate; of two days each with its currency."""
        days = {level.currency: str(level.provenance.start) for level in self.levels}
        return (
            next(iter(days.values()), "")
            if len(set(days.values())) < 2
            else ", ".join(f"{code} {day}" for code, day in days.items())
        )

    @property
    def source(self) -> str:
        """Where the rows come from."""
        return " ; ".join(
            dict.fromkeys(first_source(level.provenance.source) for level in self.levels)
        )


def rate_of(code: str, into: Into, name: str) -> Rate:
    """Return the rate of a currency: the one that was typed for it, else the one in force on the
    day.

    Args:
        code: ISO code.
        into: the currency and the day.
        name: what the file, or the column in it, is called where it is refused.

    Raises:
        InputError: naming the file, where none is known.

    >>> (
    ...     rate_of("USD", Into("EUR", dt.date(2026, 11, 22)), "x").day,
    ...     round(rate_of("USD", Into("EUR", dt.date(2026, 11, 22)), "x").value, 4),
    ... )
    ('2026-10-02', 0.8909)
    """
    if code == into.code:
        return Rate(1.0)
    own = into.own_rate(code)
    if own is not None:
        return Rate(own, typed=True)
    levels = []
    for one in (code, into.code):
        try:
            levels.append(fx(one, into.on))
        except InputError:
            raise refuse(name, one, "no_rate", into=into.code, day=into.on.isoformat()) from None
    return Rate(levels[0].cny_per_unit / levels[1].cny_per_unit, tuple(levels))


def into(code: str, on: dt.date, typed: Mapping[str, float] | None = None) -> Into:
    """Return what to convert to.

    Args:
        code: ISO code, in any case.
        on: the day whose rates count.
        typed: the user's own rates, by currency [into per unit].

    Raises:
        InputError: where no rate of the currency (ISO code, in any case) is known on the day, or
            one that was typed is no positive number.

    >>> into("eur", dt.date(2026, 11, 22)).code
    'EUR'
    >>> into("eur", dt.date(2026, 11, 22), {"usd": 0.9}).own_rate("USD")
    0.9
    """
    own = {mark.strip().upper(): rate for mark, rate in (typed or {}).items()}
    for mark, rate in own.items():
        if not (math.isfinite(rate) and 1 / LARGEST_RATE <= rate <= LARGEST_RATE):
            raise refuse(f"rate {mark}", rate, "between", least=1 / LARGEST_RATE, most=LARGEST_RATE)
    try:
        return Into(fx(code.strip().upper(), on).currency, on, tuple(sorted(own.items())))
    except InputError:
        raise refuse("convert-to", code, "no_rate", into=code, day=on.isoformat()) from None


def code_of_each(
    cells: pd.DataFrame,
    columns: Sequence[str],
    by_row: pd.Series | None,
    into: Into,
    name: str,
    always: str = "",
) -> pd.Series:
    """Return the currency of the money on each row, "" where nothing says it.

    What says it, in this order: a mark in a cell of `columns`, the row's own cell of a column of
    currencies (`by_row`), the heading, what the platform `always` writes. A sign that several
    currencies share is the one of them that something else on the row, or in the file, names; else
    `into`, where it may be that; else itself, where a rate was typed for it.

    Args:
        cells: the rows of the file.
        columns: headings of its money.
        by_row: a column of currencies; None where there is none.
        into: the currency and the day.
        name: what the file, or the column in it, is called where it is refused.
        always: the currency that the platform writes; "" where it writes several.

    Raises:
        InputError: where a row contradicts itself, or a sign cannot be told.

    >>> cells = pd.DataFrame({"Sales": ["€5", "7", "$9"]})
    >>> code_of_each(
    ...     cells,
    ...     ["Sales"],
    ...     pd.Series(["EUR", "JPY", "SGD"]),
    ...     Into("USD", dt.date(2026, 11, 22)),
    ...     "x",
    ... ).tolist()
    ['EUR', 'JPY', 'SGD']
    """
    nothing = pd.Series("", index=cells.index)
    own = [_marks(cells[column]) for column in columns]
    row = nothing if by_row is None else _marks(by_row.str.upper())
    headed = currencies(columns, pd.Series([], dtype=str))
    of_file = set(
        currencies(
            columns,
            pd.concat(
                [
                    *(one.drop_duplicates() for one in own),
                    row.drop_duplicates(),
                    pd.Series([always]),
                ]
            ),
        )
    )
    told = pd.DataFrame(dict(enumerate([*own, row])))
    codes, ways = pd.factorize(pd.MultiIndex.from_frame(told))
    out = []
    for place, way in enumerate(ways):
        marks = [mark for text in way for mark in text.split()]
        if not marks:
            marks = list(headed) or ([always] if always else [])
        possible = set.intersection(*(set(may_mean(mark)) for mark in marks)) if marks else set()
        if len(possible) > 1:
            shared = {mark for mark in marks if into.own_rate(mark) is not None}
            possible = (
                possible & set(headed) or possible & of_file or possible & {into.code} or shared
            )
        if marks and len(possible) != 1:
            rows = pd.Series(codes == place, index=cells.index)
            rule = (
                "currency_contradicts"
                if not possible and len(set(marks)) > 1
                else "currency_unclear"
            )
            raise refuse(
                name,
                " ".join(dict.fromkeys(marks)),
                rule,
                rows=", ".join(map(str, first_rows(rows))),
                into=into.code,
            )
        out.append(next(iter(possible), ""))
    return pd.Series(np.array(out, dtype=object)[codes], index=cells.index, dtype=str)


def _marks(cells: pd.Series) -> pd.Series:
    """Return the currencies that each cell names, parted by spaces."""
    bare = cells.str.replace(r"[\d.,\s]+", " ", regex=True)
    return bare.map({way: " ".join(currencies((), pd.Series([way]))) for way in bare.unique()})


def rates_by_row(
    codes: pd.Series, needs: pd.Series, into: Into, name: str
) -> tuple[pd.Series, dict[str, Rate]]:
    """Return the rate of each row, and of each currency; rows that name none are in the only one
    that the others name, and at 1 where none names any.

    Args:
        codes: the currency of each row, "" where it names none.
        needs: rows whose money is not zero (True).
        into: the currency and the day.
        name: what the file, or the column in it, is called where it is refused.

    Returns:
        (rate of each row [1], rate by currency).

    Raises:
        InputError: where a row that needs a rate cannot be told.
    """
    named = [str(code) for code in codes[codes != ""].unique()]
    rates = {code: rate_of(code, into, name) for code in sorted(named)}
    if len(named) == 1:
        codes = codes.where(codes != "", named[0])
    without = (codes == "") & needs
    if named and without.any():
        raise refuse(name, None, "currency_of_rows", rows=", ".join(map(str, first_rows(without))))
    return (
        codes.map({code: rate.value for code, rate in rates.items()}).fillna(1.0).astype(float),
        rates,
    )


def told(
    amounts: pd.Series, codes: pd.Series, rates: Mapping[str, Rate], into: Into, role: str = ""
) -> list[Finding]:
    """Return one finding a currency: how many amounts, what they came to, the rate and its day, and
    what they are now; `amounts` are converted, `codes` their currencies.

    Args:
        amounts: converted.
        codes: the currency of each row.
        rates: by currency.
        into: the currency and the day.
        role: the figure that they are; "" for none.

    Returns:
        One finding a currency.
    """
    out = []
    known = amounts[amounts.notna() & (amounts != 0)]
    for code, rate in rates.items():
        these = known[codes.reindex(known.index) == code]
        if not len(these) or code == into.code:
            continue
        result = float(these.sum())
        parts = {
            "count": len(these),
            "code": code,
            "value": result / rate.value,
            "rate": f"{rate.value:.6g}",
            "day": rate.day,
            "source": rate.source,
            "result": result,
            "into": into.code,
            "exact": rate.value,
        }
        kind = "_typed" if rate.typed else "_rough" if rate.weak else ""
        out.append(Finding(f"converted{kind}", role=role, parts=parts))
    kept = known[codes.reindex(known.index) == into.code]
    if len(kept):
        out.append(
            Finding(
                "kept",
                role=role,
                parts={"count": len(kept), "value": float(kept.sum()), "into": into.code},
            )
        )
    if not rates and len(known):
        out.append(Finding("taken_as", role=role, parts={"into": into.code}))
    return out


def of_months(findings: Sequence[Finding], file: str, months: Sequence[str]) -> list[Finding]:
    """Return findings, those on converted money with the file and its months.

    Args:
        findings: what is to be known of a file.
        file: its name.
        months: names of its months, such as "2026-03", in order.

    Returns:
        The findings in their order.
    """
    span = {"file": file, "first": months[0], "last": months[-1]}
    return [
        replace(one, parts={**one.parts, **span}) if "exact" in one.parts else one
        for one in findings
    ]


def named_by(
    cells: pd.DataFrame, columns: Sequence[str], by_row: pd.Series | None
) -> tuple[str, ...]:
    """Return the currencies that the money of a table is in, as ISO codes or signs, sorted.

    Args:
        cells: the rows of the file.
        columns: headings of its money.
        by_row: a column of currencies; None where there is none.

    Returns:
        Codes and signs.
    """
    texts = [
        distinct(cells[column])
        for column in columns
        if not only_of(texts_of(cells[column]), _NO_MARKS)
    ]
    if by_row is not None:
        texts.append(said(distinct(by_row).str.upper()))
    return currencies(columns, pd.concat(texts) if texts else pd.Series([], dtype=str))
