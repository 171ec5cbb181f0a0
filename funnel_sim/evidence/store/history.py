"""A store's history by month, from a file by month, week or day: columns recognised or chosen,
gaps, odd months and unreadable rows found and told.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.orders.orders import ROLES as ORDER_ROLES
from funnel_sim.evidence.orders.orders import TOTAL, are_orders, named_currencies, orders
from funnel_sim.evidence.orders.orders import choices as choices_of_orders
from funnel_sim.evidence.orders.orders import recognise as roles_of_orders
from funnel_sim.evidence.tables.amounts import amounts, is_figure
from funnel_sim.evidence.tables.choices import DATE, NUMBER, Choice, asked, choice
from funnel_sim.evidence.tables.columns import NOTHING, by_content, different
from funnel_sim.evidence.tables.exports import Export, Part, chosen_otherwise, dated, joined, told
from funnel_sim.evidence.tables.exports import recognise as export_of
from funnel_sim.evidence.tables.findings import Finding, counted
from funnel_sim.evidence.tables.headings import (
    currencies,
    may_mean,
    recognise,
    settled,
    whole_names,
)
from funnel_sim.evidence.tables.money import Into, code_of_each, rates_by_row
from funnel_sim.evidence.tables.money import told as told_of_money
from funnel_sim.evidence.tables.periods import Periods, is_period, periods
from funnel_sim.evidence.tables.progress import Progress, part, tell
from funnel_sim.evidence.tables.tables import Table, listed
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import judged
from funnel_sim.reference.reading import share as share_of
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.words import Lang, Words, say

__all__ = [
    "FIGURES",
    "ROLES",
    "TEMPLATE",
    "Finding",
    "History",
    "as_template",
    "choices",
    "history",
    "recognise",
    "recognised",
]

ROLES = (
    "date",
    "gmv",
    "orders",
    "units",
    "visits",
    "impressions",
    "clicks",
    "ad_spend",
    "ad_sales",
    "refunds",
    "returned_orders",
    "carts",
    "cancelled",
    "repeat_orders",
    "average_price",
    "goods_cost",
    "commission",
    "logistics",
    "fees_paid",
    "refunded_later",
    "currency",
)
FIGURES = ROLES[1:-1]
MOST_MONTHS = 120
TEMPLATE = """\
month,gmv,orders,units,visits,impressions,clicks,ad_spend,ad_sales,refunds,returned_orders,carts,\
cancelled,repeat_orders,average_price,goods_cost,commission,logistics,fees_paid,refunded_later
2026-01,12500.00,410,455,16400,210000,2600,1850.00,5900.00,640.00,21,1480,12,66,27.47,4100.00,\
1875.00,2050.00,1200.00,28.00
2026-02,11800.00,390,430,15900,198000,2450,1760.00,5500.00,610.00,20,1410,11,63,27.44,3870.00,\
1770.00,1950.00,1200.00,31.00
2026-03,13900.00,452,500,17800,226000,2840,2010.00,6600.00,700.00,23,1630,14,75,27.80,4500.00,\
2085.00,2260.00,1200.00,35.00
"""

_MONEY = MONEY
_SPARSE = ("fees_paid", "refunded_later")  # most months have none of these
_LEVELS = ("average_price",)  # what is no sum of its days: the mean over the days that have it
_SALES = ("gmv", "orders")  # a history needs one of them
_TAKEN_BACK = ("refunds", "returned_orders", "cancelled", "refunded_later")
_FEW, _ENOUGH = int(judged("outlier_fewest")), int(judged("outlier_enough"))
_FACTOR = judged("outlier_factor")
_ROBUST_Z = judged("outlier_distance")
_MAD_FLOOR = judged("outlier_least_spread")
_MAD_TO_SD = 1.4826
_SOME = 1e-9  # of a column's cells: a single number makes it a figure, of which the others are told
_CHANCE_OF_NONE = share_of(
    "empty_by_chance"
)  # below it, days without an order at an end of a list are taken as missing
_FLOOR = judged("zero_month")


@dataclass(frozen=True)
class History:
    """A store's months from `first`, the first day of the first one.

    `figures`: role → one number a month, NaN where it is not known; money as in the file, all else
    counts. `covered`: share of each month's days that the file has rows for. `grain`: "day", "week"
    or "month". `currency`: the only one that the file names, an ISO code, or a sign that several
    share ("$"); "" where none or several are named. `rows`: rows that were counted in.
    """

    first: dt.date
    figures: Mapping[str, Array]
    covered: Array
    grain: str
    currency: str
    rows: int
    findings: tuple[Finding, ...]

    @property
    def months(self) -> tuple[str, ...]:
        """The months as "2026-01", …, in order and without holes."""
        return _names(self.first, len(self.covered))

    def used(self, without: Collection[str] = ()) -> "History":
        """Return the history to learn from: months that the file covers in part, and those in
        `without`, are not known; unknown months at either end are cut off.

        No month is left where none is whole.
        """
        drop = (self.covered < 1) | np.array(
            [month in without for month in self.months], dtype=bool
        )
        figures = {role: np.where(drop, np.nan, values) for role, values in self.figures.items()}
        known = np.flatnonzero(~np.isnan(np.stack(list(figures.values()))).all(axis=0))
        start, stop = (int(known[0]), int(known[-1]) + 1) if known.size else (0, 0)
        first = (pd.Period(self.first, "M") + start).start_time.date()
        return replace(
            self,
            first=first,
            figures={role: values[start:stop] for role, values in figures.items()},
            covered=self.covered[start:stop],
        )

    def may_be_in(self, code: str) -> bool:
        """Return whether the money can be in a currency (ISO code): False only where the file names
        another one.
        """
        return not self.currency or code in may_mean(self.currency)


def as_template(found: History) -> str:
    r"""Return a history as the product's own file: one row a month, an unknown figure left empty;
    what is read back from it is the same.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> as_template(
    ...     history(read_table(b"Monat;Umsatz\n01/2026;12,5\n02/2026;8,0\n", "x.csv"))
    ... ).splitlines()
    ['month,gmv', '2026-01,12.5', '2026-02,8']
    """
    whole = found.covered >= 1
    names = [role for role in FIGURES if role in found.figures]
    lines = [",".join(["month", *names])]
    for place, month in enumerate(found.months):
        cells = (found.figures[role][place] for role in names)
        lines.append(
            ",".join(
                [
                    month,
                    *(
                        "" if np.isnan(value) or not whole[place] else f"{value:.12g}"
                        for value in cells
                    ),
                ]
            )
        )
    return "\n".join(lines) + "\n"


def _names(first: dt.date, months: int) -> tuple[str, ...]:
    return tuple(
        str(month) for month in pd.period_range(pd.Period(first, "M"), periods=months, freq="M")
    )


def history(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    beside_others: bool = False,
    into: Into | None = None,
    progress: Progress | None = None,
) -> History:
    r"""Return a store's history by month.

    Rows of one
    period add up. A week or a range of days is spread evenly over its days, and so over the months
    that it touches: sums stay, but a week across the turn of a month is shared by days, not as it
    was. Rows without a readable date are left out and told; equal rows are counted and told. A
    month below zero is not known. Refunds that are all written with a minus are read as positive.
    Figures without any number in the file are left out.

    Args:
        table: figures by day, week or month, or a list of orders.
        chosen: the column of a role where it is not recognised, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        decimal: the decimal mark of its amounts; None leaves it to the column.
        beside_others: whether other files of its store are read too, so that it needs no sales.
        into: the currency to which its money is converted.
        progress: is told the share that is done, from 0 to 1; what it raises ends the work.

    Raises:
        InputError: where the table holds no history, a role could be several columns, or its money
            is in several currencies that are not to be converted.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> found = history(
    ...     read_table(b"week,orders\n2026-01-19,70\n2026-01-26,70\n2026-02-02,140\n", "x.csv")
    ... )
    >>> found.months, found.figures["orders"].tolist(), found.covered.round(2).tolist()
    (('2026-01', '2026-02'), [130.0, 150.0], [0.42, 0.29])
    """
    export = export_of(table)
    own = chosen_otherwise(chosen, recognised(table))
    if _is_list(table, own, export):
        listed_by = _list_columns(table, chosen)
        return _of_orders(table, listed_by, day_first, decimal, into, progress)
    if export is not None and export.kind == "items" and not own.get("date"):
        raise refuse(table.name, None, "export_items", name=export.name)
    roles = _columns(table, own, export, beside_others=beside_others)
    told_of_choices = asked(table, choices(table, chosen), (chosen or {}).keys())
    parts = _parts(table, roles, export, own)
    cells = table.cells
    dated = _periods(table, roles, parts, export, day_first, part(progress, 0.0, 0.4))
    tell(progress, 0.4)
    values = _values(table, roles, parts, decimal, part(progress, 0.4, 0.8))
    tell(progress, 0.8)
    good = dated.first.notna() & ~dated.summary & values.notna().any(axis=1)
    needed = [role for role in (FIGURES if beside_others else _SALES) if role in values] or [
        str(role) for role in values
    ]
    if not good.any() or values.loc[good, needed].isna().all(axis=None):
        raise refuse(table.name, None, "no_periods")
    values = values.loc[:, values[good].notna().any()]
    converted = [] if into is None else _convert(table, values, good, roles, parts, into)
    spread = _Months.of(dated, good, table.name)
    known = {
        str(role): (spread.means if role in _LEVELS else spread.sums)(values[role])
        for role in values
    }
    figures = {role: np.where(months < 0, np.nan, months) for role, months in known.items()}
    named = settled(currencies(*_money_texts(cells[good], roles, parts)), table.columns)
    known_as = told_of_choices if export is None else told(export, parts)
    if into is not None:
        known_as += converted
    elif len(named) > 1:
        raise refuse(
            f"{table.name}: {roles.get('currency', roles.get('gmv', ''))}",
            ", ".join(named),
            "several_currencies",
        )
    if not {"gmv", "orders"} & figures.keys():
        known_as.append(Finding("no_sales"))
    findings = (
        *known_as,
        *table.findings,
        *_rows_left_out(cells, dated, roles, values),
        *_equal_rows(cells[good]),
        *spread.uncovered(),
        *_unknown(known, spread),
        *_below_zero(values, spread),
        *_odd(figures, spread.names, spread.covered),
    )
    return History(
        spread.first,
        figures,
        spread.covered,
        dated.grain,
        into.code if into is not None else named[0] if named else "",
        int(good.sum()),
        findings,
    )


def choices(table: Table, chosen: Mapping[str, str] | None = None) -> list[Choice]:
    r"""Return where several columns could be the date or a figure of a history.

    Args:
        table: a file by day, week or month, or a list of orders.
        chosen: the user's columns by role, which come first.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> table = read_table(b"month,gross sales,net sales\n2026-01,60,50\n2026-02,12,10\n", "x.csv")
    >>> [(one.role, one.columns, one.clear) for one in choices(table)]
    [('gmv', ('gross sales', 'net sales'), False)]
    """
    export = export_of(table)
    own = chosen_otherwise(chosen, recognised(table))
    if _is_list(table, own, export):
        back = {"date": "date", "amount": "gmv"}
        return [
            replace(one, role=back[one.role])
            for one in choices_of_orders(table, _list_columns(table, chosen))
        ]
    if export is not None:
        return []
    taken = {role: column for role, column in (recognised(table) | own).items() if column}
    free = [column for column in table.columns if column not in taken.values()]
    fitting = whole_names(free)
    found = (
        choice(
            table,
            role,
            Words(*(say(lang, _NAMES.get(role, f"history.figure_{role}")) for lang in _LANGS)),
            DATE if role == "date" else NUMBER,
            column,
            [one for one in fitting.get(role, ()) if _can_be(table, one, role)],
            [f'kpi --column "{role}={{name}}"'],
        )
        for role, column in taken.items()
        if role != "currency" and role in whole_names([column])
    )
    return [one for one in found if one is not None]


_NAMES = {"date": "kpi.history_date"}
_LANGS: tuple[Lang, Lang] = ("zh", "en")


def _can_be(table: Table, column: str, role: str) -> bool:
    if role == "date":
        return by_content(table, column, is_period)
    return by_content(table, column, is_figure, _SOME)


def recognised(table: Table) -> dict[str, str]:
    """Return the column of each role: of a known export those that it declares, else those that
    headings and cells tell; a date needs dates, a figure numbers.
    """
    return dict(table.once("roles of a history", lambda: _recognised(table)))


def _recognised(table: Table) -> dict[str, str]:
    export = export_of(table)
    if export is not None and export.columns:
        if export.is_list:
            of_orders = roles_of_orders(table)
            return {to: of_orders[role] for role, to in _FROM_ORDERS if role in of_orders}
        declared = {
            role: parts[0].column for role, parts in export.parts(table).items() if role in ROLES
        }
    else:
        declared = {}

    def can_be(column: str, role: str) -> bool:
        if role == "currency" or not len(different(table, column)):
            return True
        return _can_be(table, column, role)

    free = tuple(column for column in table.columns if column not in declared.values())
    found = {
        role: column
        for role, column in recognise(free, can_be).items()
        if role not in (export.columns if export is not None else ())
    }
    if "date" not in found and "date" not in declared:
        found |= {key: column for key, column in recognise(free).items() if key == "date"}
    return declared | found


_FROM_ORDERS = (
    ("date", "date"),
    ("price", "gmv"),
    ("line", "gmv"),
    ("amount", "gmv"),
    ("quantity", "units"),
    ("refund", "refunds"),
    ("currency", "currency"),
)


def _parts(
    table: Table, roles: Mapping[str, str], export: Export | None, own: Mapping[str, str]
) -> dict[str, tuple[Part, ...]]:
    """Return the columns that each figure is made of: one, unless the export makes it up of several
    and the user chose no other.
    """
    declared = {} if export is None or export.is_list else export.parts(table)
    return {
        role: declared[role] if role in declared and role not in own else (Part(column),)
        for role, column in roles.items()
    } | {role: parts for role, parts in declared.items() if role not in ROLES}


def _periods(
    table: Table,
    roles: Mapping[str, str],
    parts: Mapping[str, tuple[Part, ...]],
    export: Export | None,
    day_first: bool | None,
    progress: Progress | None = None,
) -> Periods:
    """Return the period of each row; a row that says its first and its last day in two columns
    covers the days between.
    """
    column, name = table.cells[roles["date"]], f"{table.name}: {roles['date']}"
    if "until" in parts and "date" in parts and parts["date"][0].column == roles["date"]:
        last = table.cells[parts["until"][0].column]
        first, until = (dated(one, name, day_first, export) for one in (column, last))
        ranged = first.notna() & until.notna() & (until > first)
        column = column.where(
            ~ranged, first.dt.strftime("%Y-%m-%d") + " - " + until.dt.strftime("%Y-%m-%d")
        )
    try:
        return periods(column, name, day_first=day_first, progress=progress)
    except InputError:
        if day_first is not None or export is None or export.day_first is None:
            raise
        return periods(column, name, day_first=export.day_first, progress=progress)


def _columns(
    table: Table, chosen: Mapping[str, str], export: Export | None, *, beside_others: bool
) -> dict[str, str]:
    """Return the column of each role; raises InputError where the needed ones are missing."""
    roles = {role: column for role, column in (recognised(table) | dict(chosen)).items() if column}
    known = listed(table.columns)
    for column in roles.values():
        if column not in table.columns:
            raise refuse(table.name, column, "column_missing", known=known)
    if "date" not in roles:
        raise refuse(table.name, None, "column_date", known=known)
    beside = beside_others or (
        export is not None and export.kind in ("ads", "visits")
    )  # what such a file holds stands beside a store's sales
    if not (set(FIGURES if beside else _SALES) & roles.keys()):
        raise refuse(table.name, None, "column_sales", known=known)
    return roles


def _values(
    table: Table,
    roles: Mapping[str, str],
    parts: Mapping[str, tuple[Part, ...]],
    decimal: str | None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the figures of each row, NaN where a cell holds no number; the decimal mark is one for
    all columns of money.
    """
    found = [role for role in FIGURES if role in roles]
    money = [role for role in found if role in _MONEY]
    out: dict[str, pd.Series] = {}
    if money:
        columns = list(dict.fromkeys(part.column for role in money for part in parts[role]))
        pool = pd.concat({column: table.cells[column] for column in columns})
        numeric = (
            None
            if table.numeric is None
            else pd.concat({column: table.numeric[column] for column in columns})
        )
        named = settled(currencies(*_money_texts(table.cells, roles, parts)), table.columns)
        read = amounts(
            pool,
            f"{table.name}: {', '.join(columns)}",
            decimal,
            numeric=numeric,
            currencies=named,
            progress=part(progress, 0.0, 0.5),
        )
        out |= {
            role: joined([(part, read.loc[part.column]) for part in parts[role]]) for role in money
        }
    for place, role in enumerate(found):
        tell(progress, 0.5 + 0.5 * place / len(found))
        column = table.cells[roles[role]]
        if role not in _MONEY:
            out[role] = amounts(
                column,
                f"{table.name}: {roles[role]}",
                counts=True,
                numeric=table.numeric_of(roles[role]),
            )
        if role in _TAKEN_BACK and not (out[role] > 0).any():
            out[role] = out[role].abs()
    return pd.DataFrame({role: out[role] for role in found}, index=table.cells.index)


def _money_texts(
    cells: pd.DataFrame, roles: Mapping[str, str], parts: Mapping[str, tuple[Part, ...]]
) -> tuple[list[str], pd.Series]:
    """Return the headings and the cells that may name a currency."""
    headings = list(
        dict.fromkeys(part.column for role in _MONEY if role in roles for part in parts[role])
    )
    texts = [cells[column] for column in headings]
    if "currency" in roles:
        texts.append(cells[roles["currency"]].str.upper())
    return headings, pd.concat(texts) if texts else pd.Series([], dtype=str)


def _convert(
    table: Table,
    values: pd.DataFrame,
    good: pd.Series,
    roles: Mapping[str, str],
    parts: Mapping[str, tuple[Part, ...]],
    into: Into,
) -> list[Finding]:
    """Write the money of each row in one currency; return what was converted at which rate."""
    by_row = (
        None
        if "currency" not in roles
        else table.cells[roles["currency"]].where(
            ~table.cells[roles["currency"]].str.fullmatch(NOTHING), ""
        )
    )
    money = [role for role in values if role in _MONEY and role != "fees_paid"]
    headings, _ = _money_texts(table.cells, roles, parts)
    elsewhere = [
        one for one in currencies(headings, pd.Series([], dtype=str)) if one in may_mean(one)
    ]
    out = []
    for role in money:
        columns = list(dict.fromkeys(part.column for part in parts[role]))
        codes = code_of_each(
            table.cells.where(good, ""),
            columns,
            by_row,
            into,
            f"{table.name}: {columns[0]}",
            elsewhere[0] if len(elsewhere) == 1 else "",
        )
        rate, rates = rates_by_row(
            codes.where(good, ""),
            good & (values[role].fillna(0.0) != 0),
            into,
            f"{table.name}: {columns[0]}",
        )
        values[role] = values[role] * rate
        out += told_of_money(
            values.loc[good, role],
            codes if len(rates) != 1 else codes.where(codes != "", next(iter(rates))),
            rates,
            into,
            role,
        )
    return out


def money_named(table: Table, chosen: Mapping[str, str] | None = None) -> tuple[str, ...]:
    r"""Return the currencies that the money of a history is in, as ISO codes or signs, sorted.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> money_named(read_table(b"month,gmv,ad_spend\n2026-01,\xe2\x82\xac100,$5\n", "x.csv"))
    ('$', 'EUR')
    """
    export = export_of(table)
    own = chosen_otherwise(chosen, recognised(table))
    if _is_list(table, own, export):
        return named_currencies(table, _list_columns(table, chosen))
    roles = {
        role: column
        for role, column in (recognised(table) | own).items()
        if column in table.columns
    }
    return currencies(*_money_texts(table.cells, roles, _parts(table, roles, export, own)))


def _is_list(table: Table, own: Mapping[str, str], export: Export | None) -> bool:
    """Say whether a table is read as a list of orders."""
    by_period = {"orders", "visits", "impressions"} & {
        role for role, column in (recognised(table) | dict(own)).items() if column
    }
    return not by_period and (
        are_orders(table) or (export is not None and export.is_list and bool(export.columns))
    )


def _list_columns(table: Table, chosen: Mapping[str, str] | None) -> dict[str, str]:
    """Return the chosen columns of a history as those of a list of orders: those that differ from
    what was recognised, and those that settle what could be several.
    """
    own = _as_orders(chosen_otherwise(chosen, recognised(table)))
    every = _as_orders(chosen or {})
    settled = {one.role for one in choices_of_orders(table, every)}
    return own | {role: column for role, column in every.items() if role in settled}


def _as_orders(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return chosen columns of a history as those of a list of orders, whose own roles stay."""
    return {role: column for role, column in chosen.items() if role in ORDER_ROLES} | {
        to: chosen[role]
        for role, to in (("gmv", "amount"), ("units", "quantity"), ("refunds", "refund"))
        if role in chosen
    }


def _of_orders(
    table: Table,
    chosen: Mapping[str, str],
    day_first: bool | None,
    decimal: str | None,
    into: Into | None,
    progress: Progress | None = None,
) -> History:
    """Return the history that a list of orders tells: a day without an order is zero between the
    first and the last one.
    """
    found = orders(
        table,
        chosen,
        day_first=day_first,
        decimal=decimal,
        into=into,
        progress=part(progress, 0.0, 0.9),
    )
    frame, returns = found.frame, found.returns
    if frame.empty:
        raise refuse(table.name, None, "no_periods")
    begin, end = frame["day"].min(), frame["day"].max()
    months = pd.period_range(begin.to_period("M"), end.to_period("M"), freq="M")
    if len(months) > MOST_MONTHS:
        raise refuse(
            table.name,
            len(months),
            "history_span",
            first=str(begin.date()),
            last=str(end.date()),
            most=MOST_MONTHS,
        )

    places = [
        part["day"].to_numpy().astype("datetime64[M]").astype(np.int64) - months[0].ordinal
        for part in (frame, returns)
    ]

    def by_month(place: NDArray[np.int64], values: pd.Series) -> Array:
        sums = values.groupby(place).sum().reindex(range(len(months)), fill_value=0.0)
        return np.asarray(sums, dtype=np.float64)

    sold_in, back_in = places
    figures = {
        "gmv": by_month(sold_in, frame["sold"]),
        "orders": np.bincount(sold_in, minlength=len(months)).astype(np.float64),
    }
    if frame["units"].notna().all():
        figures["units"] = by_month(sold_in, frame["units"])
    if "refund" in found.columns or found.back > 0:
        whole = (frame["back"] > 0) & (frame["back"] >= frame["sold"])
        figures["refunds"] = by_month(sold_in, frame["back"]) + by_month(back_in, returns["amount"])
        figures["returned_orders"] = by_month(sold_in, whole.astype(float))
    covered, open_ends = _ends(frame["day"], months)
    first = months[0].start_time.date()
    naming = [one for one in found.findings if one.kind.startswith(("export", "lacks"))]
    summary = Finding(
        "from_orders",
        parts={
            "orders": len(frame),
            "value": found.sold,
            "back": found.back,
            "first": str(begin.date()),
            "last": str(end.date()),
        },
    )
    left = [
        Finding(
            f"left_{one.reason}",
            parts={
                "count": one.rows,
                "orders": one.orders,
                "value": one.amount,
                "rows": ", ".join(map(str, one.examples)),
            },
        )
        for one in found.left_out
    ]
    findings = (
        *naming,
        *table.findings,
        summary,
        *(one for one in found.findings if one not in naming),
        *left,
        *open_ends,
        *_odd(figures, _names(first, len(months)), covered),
    )
    tell(progress, 1.0)
    return History(
        first,
        figures,
        covered,
        "day",
        found.currency,
        int(frame["rows"].sum() + returns["rows"].sum()),
        findings,
    )


def _ends(days: pd.Series, months: pd.PeriodIndex) -> tuple[Array, list[Finding]]:
    """Return the share of each month that a list of orders covers, and what is to be known about
    its ends.

    Days before the first order and after the last may be missing from the file, or be days without
    orders. As many of them as orders at this pace leave empty by chance count as covered: with λ
    orders a day, k empty days have the chance exp(−λ k).
    """
    covered = np.ones(len(months))
    begin, end = days.min(), days.max()
    pace = len(days) / max(1, (end - begin).days + 1)
    out = []
    for place, missing, day in (
        (0, begin.day - 1, begin),
        (len(months) - 1, months[-1].days_in_month - end.day, end),
    ):
        if not missing:
            continue
        if np.exp(-pace * missing) < _CHANCE_OF_NONE:
            covered[place] -= missing / months[place].days_in_month
            out.append(
                Finding(
                    "partial_orders",
                    str(months[place]),
                    parts={"missing": missing, "day": str(day.date())},
                )
            )
        else:
            out.append(
                Finding(
                    "open_first" if place == 0 and day is begin else "open_last",
                    str(months[place]),
                    parts={"day": str(day.date())},
                )
            )
    return covered, out


@dataclass(frozen=True)
class _Months:
    """How rows fall into months: `rows` → period, and of each period the days in each month."""

    first: dt.date
    covered: Array
    days: Array
    overlap: Array
    period: pd.Series

    @classmethod
    def of(cls, dated: Periods, good: pd.Series, name: str) -> "_Months":
        """Return the months that the good rows touch; raises InputError where they are too many."""
        rows = pd.DataFrame({"first": dated.first, "days": dated.days})[good]
        groups = rows.groupby(["first", "days"], sort=True)
        found = pd.DataFrame(list(groups.groups), columns=["first", "days"])
        last = found["first"] + pd.to_timedelta(found["days"] - 1, unit="D")
        begin, end = found["first"].min(), last.max()
        months = pd.period_range(begin.to_period("M"), end.to_period("M"), freq="M")
        if len(months) > MOST_MONTHS:
            raise refuse(
                name,
                len(months),
                "history_span",
                first=str(begin.date()),
                last=str(end.date()),
                most=MOST_MONTHS,
            )
        edge = (
            pd.period_range(months[0], periods=len(months) + 1, freq="M")
            .to_timestamp()
            .to_numpy()
            .astype("datetime64[D]")
            .astype(np.int64)
        )
        start = found["first"].to_numpy().astype("datetime64[D]").astype(np.int64)
        stop = start + found["days"].to_numpy()
        overlap = np.clip(
            np.minimum(stop[:, None], edge[1:]) - np.maximum(start[:, None], edge[:-1]), 0, None
        ).astype(np.float64)
        steps = np.zeros(edge[-1] - edge[0] + 1)
        np.add.at(steps, start - edge[0], 1)
        np.add.at(steps, stop - edge[0], -1)
        seen = np.cumsum(steps)[:-1] > 0
        days = np.diff(edge).astype(np.float64)
        covered = np.add.reduceat(seen, edge[:-1] - edge[0], dtype=np.float64) / days
        return cls(months[0].start_time.date(), covered, days, overlap, groups.ngroup())

    @property
    def names(self) -> tuple[str, ...]:
        return _names(self.first, len(self.days))

    def sums(self, values: pd.Series) -> Array:
        """Return a figure's sum by month, each row spread evenly over its days; NaN where no row of
        the month has a value.
        """
        total = values.reindex(self.period.index).groupby(self.period).sum(min_count=1).to_numpy()
        known = ~np.isnan(total)
        share = self.overlap / self.overlap.sum(axis=1, keepdims=True)
        touched = known.astype(np.float64) @ self.overlap > 0
        return np.where(touched, np.where(known, total, 0.0) @ share, np.nan)

    def means(self, values: pd.Series) -> Array:
        """Return a figure's mean by month, each row counting by its days in it; NaN where no row of
        the month has a value.
        """
        level = values.reindex(self.period.index).groupby(self.period).mean().to_numpy()
        known = ~np.isnan(level)
        days = known.astype(np.float64) @ self.overlap
        whole = np.where(known, level, 0.0) @ self.overlap
        return np.where(days > 0, whole / np.where(days > 0, days, 1.0), np.nan)

    def uncovered(self) -> list[Finding]:
        """Return the months without rows and those with days missing."""
        out = []
        for name, share, days in zip(self.names, self.covered, self.days, strict=True):
            if share == 0:
                out.append(Finding("gap", name))
            elif share < 1:
                out.append(
                    Finding(
                        "partial", name, parts={"covered": round(share * days), "days": int(days)}
                    )
                )
        return out


def _rows_left_out(
    cells: pd.DataFrame, dated: Periods, roles: Mapping[str, str], values: pd.DataFrame
) -> list[Finding]:
    """Return how many rows have no date, how many of those are totals, what both say of sales, and
    which figures have cells that are no number.
    """
    undated = dated.first.isna()
    total = (
        cells[undated]
        .apply(lambda column: column.str.match(TOTAL))
        .any(axis=1)
        .reindex(cells.index, fill_value=False)
        | dated.summary
    )
    out = counted("totals", total) + counted("unreadable", undated & ~total)
    role = next((one for one in (*_SALES, *FIGURES) if one in values), "")
    counts = dated.first.notna() & ~dated.summary
    for kind, rows in (("totals_value", total), ("left_value", undated & ~total)):
        if role and (values.loc[rows, role].fillna(0.0) != 0).any():
            parts = {
                "value": float(values.loc[rows, role].sum()),
                "counted": float(values.loc[counts, role].sum()),
            }
            out.append(Finding(kind, role=role, parts=parts))
    for role in FIGURES:
        if role in roles:
            column = cells[roles[role]]
            written = ~column.str.fullmatch(NOTHING) & dated.first.notna() & ~dated.summary
            out += counted(
                "unreadable", written & (values[role].isna() if role in values else True), role
            )
    return out


def _equal_rows(cells: pd.DataFrame) -> list[Finding]:
    return counted("duplicates", cells.duplicated())


def _unknown(known: Mapping[str, Array], months: _Months) -> list[Finding]:
    """Return the months that have rows but no value of a figure."""
    return [
        Finding("gap", name, role)
        for role, values in known.items()
        for name, value, share in zip(months.names, values, months.covered, strict=True)
        if np.isnan(value) and share > 0 and role not in _SPARSE
    ]


def _below_zero(values: pd.DataFrame, months: _Months) -> list[Finding]:
    """Return the months in which a figure has negative values, with their sum."""
    out = []
    for role in values:
        below = months.sums(values[role].where(values[role] < 0))
        out += [
            Finding("negative", name, str(role), {"value": float(v)})
            for name, v in zip(months.names, below, strict=True)
            if not np.isnan(v)
        ]
    return out


def _odd(figures: Mapping[str, Array], months: Sequence[str], covered: Array) -> list[Finding]:
    """Return the whole months that lie far from the others of a figure."""
    out = []
    for role, values in figures.items():
        places = np.flatnonzero(~np.isnan(values) & (covered == 1))
        for place, usual in _far(values[places]):
            month = int(places[place])
            out.append(
                Finding(
                    "outlier", months[month], role, {"value": float(values[month]), "usual": usual}
                )
            )
    return out


def _far(values: Array) -> list[tuple[int, float]]:
    """Return the places of odd values, each with the median of the others.

    From six values on: |log(value / median of the others)| > 3.5 × 1.4826 × median absolute
    deviation of the others, at least 0.05; from three to five: a factor above 3.

    >>> _far(np.array([100.0, 104, 97, 101, 300, 99]))
    [(4, 100.0)]
    """
    if len(values) < _FEW or not values.sum() > 0:
        return []
    logs = np.log(np.maximum(values, _FLOOR * values.mean()))
    out = []
    for place in range(len(values)):
        others = np.delete(logs, place)
        middle = np.median(others)
        spread = max(float(np.median(np.abs(others - middle))), _MAD_FLOOR)
        limit = _ROBUST_Z * _MAD_TO_SD * spread if len(values) >= _ENOUGH else np.log(_FACTOR)
        if abs(logs[place] - middle) > limit:
            out.append((place, float(np.median(np.delete(values, place)))))
    return out
