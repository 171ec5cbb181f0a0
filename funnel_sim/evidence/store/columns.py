"""Which column of a file of months is which figure: recognised, chosen, or asked for where several
could be.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.orders import named_currencies
from funnel_sim.evidence.orders.roles import ROLES as ORDER_ROLES
from funnel_sim.evidence.orders.roles import are_orders
from funnel_sim.evidence.orders.roles import choices as choices_of_orders
from funnel_sim.evidence.orders.roles import recognise as roles_of_orders
from funnel_sim.evidence.store.months import FIGURES, ROLES, SALES
from funnel_sim.evidence.tables.amounts import is_figure
from funnel_sim.evidence.tables.choices import DATE, NUMBER, Choice, choice
from funnel_sim.evidence.tables.columns import by_content, different
from funnel_sim.evidence.tables.exports import Export, Part, chosen_otherwise
from funnel_sim.evidence.tables.exports import recognise as export_of
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import currencies, recognise, whole_names
from funnel_sim.evidence.tables.periods import is_period
from funnel_sim.evidence.tables.tables import Table, listed
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.words import Lang, Words, say

_SOME = 1e-9  # of a column's cells: a single number makes it a figure, of which the others are told


def choices(table: Table, chosen: Mapping[str, str] | None = None) -> list[Choice]:
    r"""Return where several columns could be the date or a figure of a history.

    Args:
        table: a file by day, week or month, or a list of orders.
        chosen: the user's columns by role, which come first.

    Returns:
        One for each such role, with the columns and whether one is clearly better.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> table = read_table(b"month,gross sales,net sales\n2026-01,60,50\n2026-02,12,10\n", "x.csv")
    >>> [(one.role, one.columns, one.clear) for one in choices(table)]
    [('gmv', ('gross sales', 'net sales'), False)]
    """
    export = export_of(table)
    own = chosen_otherwise(chosen, recognised(table))
    if is_list(table, own, export):
        back = {"date": "date", "amount": "gmv"}
        return [
            replace(one, role=back[one.role])
            for one in choices_of_orders(table, list_columns(table, chosen))
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

    made_of = (
        {one.column for some in export.parts(table).values() for one in some}
        if declared and export is not None
        else set()
    )
    free = tuple(column for column in table.columns if column not in made_of)
    found = {
        role: column for role, column in recognise(free, can_be).items() if role not in declared
    }  # a role that the export declares under other headings too: nothing is dropped for its name
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


def parts_of(
    table: Table,
    roles: Mapping[str, str],
    export: Export | None,
    own: Mapping[str, str],
    *,
    taxed: bool = False,
) -> dict[str, tuple[Part, ...]]:
    """Return the columns that each figure is made of: one, unless the export makes it up of several
    and the user chose no other.

    Args:
        table: headings and cells of a file.
        roles: the column of each role.
        export: the known export that the file is; None where it is none.
        own: the columns that the user chose otherwise.
        taxed: whether sales are to hold tax, for a store whose prices hold it.

    Returns:
        By role; several parts are added up or taken off.
    """
    declared = {} if export is None or export.is_list else export.parts(table)
    with_tax = declared.pop("gmv_taxed", ())
    if taxed and with_tax and "gmv" in declared:
        declared["gmv"] = with_tax
    return {
        role: declared[role] if role in declared and role not in own else (Part(column),)
        for role, column in roles.items()
    } | {role: parts for role, parts in declared.items() if role not in ROLES}


def needed_columns(
    table: Table, chosen: Mapping[str, str], export: Export | None, *, beside_others: bool
) -> dict[str, str]:
    """Return the column of each role, those that a history needs among them.

    Args:
        table: headings and cells of a file.
        chosen: the user's columns by role, which come first; "" for none.
        export: the known export that the file is; None where it is none.
        beside_others: whether other files of its store are read too, so that it needs no sales.

    Returns:
        The column by role.

    Raises:
        InputError: where there is no date, no sales, or a chosen column that the file does not
            have.
    """
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
    if not (set(FIGURES if beside else SALES) & roles.keys()):
        raise refuse(table.name, None, "column_sales", known=known)
    return roles


def unused_columns(
    table: Table, roles: Mapping[str, str], parts: Mapping[str, tuple[Part, ...]]
) -> list[Finding]:
    r"""Return the columns that are named as a figure and hold numbers but are not used, one finding
    a figure.

    Args:
        table: headings and cells of a file.
        roles: the column of each role.
        parts: the columns that each figure is made of.

    Returns:
        One a figure, with the columns' names.

    Examples:
        >>> from funnel_sim.evidence.tables.tables import read_table
        >>> table = read_table(b"month,gross sales,net sales\n2026-01,60,50\n", "x.csv")
        >>> unused_columns(table, {"gmv": "gross sales"}, {})[0].parts
        {'columns': 'net sales'}
    """
    used = {*roles.values(), *(one.column for some in parts.values() for one in some)}
    free = [one for one in table.columns if one not in used]
    return [
        Finding("not_used", role=role, parts={"columns": ", ".join(those)})
        for role, columns in whole_names(free).items()
        if role in FIGURES and (those := [one for one in columns if _can_be(table, one, role)])
    ]


def money_texts(
    cells: pd.DataFrame, roles: Mapping[str, str], parts: Mapping[str, tuple[Part, ...]]
) -> tuple[list[str], pd.Series]:
    """Return the headings and the cells that may name a currency.

    Args:
        cells: the rows to look at.
        roles: the column of each role.
        parts: the columns that each figure is made of.

    Returns:
        Headings, and the cells below them and in a column of currencies.
    """
    headings = list(
        dict.fromkeys(part.column for role in MONEY if role in roles for part in parts[role])
    )
    texts = [cells[column] for column in headings]
    if "currency" in roles:
        texts.append(cells[roles["currency"]].str.upper())
    return headings, pd.concat(texts) if texts else pd.Series([], dtype=str)


def money_named(table: Table, chosen: Mapping[str, str] | None = None) -> tuple[str, ...]:
    r"""Return the currencies that the money of a history is in, as ISO codes or signs, sorted.

    Args:
        table: headings and cells of a file.
        chosen: the user's columns by role, which come first; "" for none.

    Returns:
        Codes and signs.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> money_named(read_table(b"month,gmv,ad_spend\n2026-01,\xe2\x82\xac100,$5\n", "x.csv"))
    ('$', 'EUR')
    """
    export = export_of(table)
    own = chosen_otherwise(chosen, recognised(table))
    if is_list(table, own, export):
        return named_currencies(table, list_columns(table, chosen))
    roles = {
        role: column
        for role, column in (recognised(table) | own).items()
        if column in table.columns
    }
    return currencies(*money_texts(table.cells, roles, parts_of(table, roles, export, own)))


def is_list(table: Table, own: Mapping[str, str], export: Export | None) -> bool:
    """Say whether a table is read as a list of orders.

    Args:
        table: headings and cells of a file.
        own: the columns that the user chose otherwise.
        export: the known export that the file is; None where it is none.
    """
    by_period = {"orders", "visits", "impressions"} & {
        role for role, column in (recognised(table) | dict(own)).items() if column
    }
    return not by_period and (
        are_orders(table) or (export is not None and export.is_list and bool(export.columns))
    )


def list_columns(table: Table, chosen: Mapping[str, str] | None) -> dict[str, str]:
    """Return the chosen columns of a history as those of a list of orders: those that differ from
    what was recognised, and those that settle what could be several.

    Args:
        table: headings and cells of a file.
        chosen: the user's columns by role, which come first; "" for none.

    Returns:
        The column by role of a list of orders.
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
