"""What the headings and cells of a store's history say: which column is which figure, and in which
currency its money is.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pandas as pd

from funnel_sim.stored import read_data

_SHORT = 4  # a name of so many Latin letters or fewer ("cost", "day") must be the whole heading
_DASHES = re.compile(r"\s*[‐-―−]\s*")


@cache
def _known() -> dict[str, Any]:
    return tomllib.loads(read_data("history_columns.toml"))


@cache
def _mark_form() -> "re.Pattern[str]":
    names = sorted(currency_names(), key=len, reverse=True)
    return re.compile("|".join(bounded(name) for name in names))


def currency_names() -> list[str]:
    """Return the codes and marks by which a file may name a currency."""
    money = _known()["currencies"]
    return [*money["codes"], *money["marks"]]


def bounded(name: str) -> str:
    """Return a pattern for a name; Latin letters at its ends are not part of a longer word."""
    before = "(?<![A-Za-z])" if name[0].isascii() and name[0].isalpha() else ""
    after = "(?![A-Za-z])" if name[-1].isascii() and name[-1].isalpha() else ""
    return before + re.escape(name) + after


def recognise(
    columns: tuple[str, ...], can_be: Callable[[str, str], bool] = lambda _column, _role: True
) -> dict[str, str]:
    """Return the column of each role (date, gmv, orders, …) that a file's headings tell; roles not
    told are left out.

    `can_be` says whether the cells of a column can be a role.

    Args:
        columns: the headings of a file.
        can_be: whether the cells of a column can be a role.

    Returns:
        The column by role.

    >>> recognise(
    ...     (
    ...         "Date",
    ...         "Ordered Product Sales",
    ...         "Units Ordered",
    ...         "Page Views - Total",
    ...         "Sessions - Total",
    ...     )
    ... )
    {'date': 'Date', 'gmv': 'Ordered Product Sales', 'units': 'Units Ordered',
     'visits': 'Sessions - Total'}
    """
    names: dict[str, list[str]] = _known()["columns"]
    headings = {column: plain(column) for column in columns}
    parts = {
        column: _by_part(heading) for column, heading in headings.items() if not _is_whole(heading)
    }
    out: dict[str, str] = {}
    for role, known in names.items():
        whole = [c for name in known for c in columns if headings[c] == name]
        part = sorted((c for c in parts if parts[c][0] == role), key=lambda c: -parts[c][1])
        found = next((c for c in whole + part if can_be(c, role)), None)
        if found is not None:
            out[role] = found
    return out


def whole_names(columns: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns by the role of which their whole heading is a name.

    >>> whole_names(("Gross sales", "Net Sales (USD)", "Sales tax"))
    {'gmv': ['Gross sales', 'Net Sales (USD)']}
    """
    out: dict[str, list[str]] = {}
    for column in columns:
        for role, names in _known()["columns"].items():
            if plain(column) in names:
                out.setdefault(role, []).append(column)
    return out


def plain(heading: str) -> str:
    """Return a heading as names are written: lower case, one kind of dash and space, without its
    currency mark.
    """
    text = unicodedata.normalize("NFKC", heading).replace("_", " ")
    text = re.sub(r"[(\[]([^)\]]*)[)\]]", lambda m: "" if _is_mark(m[1].strip()) else m[0], text)
    return " ".join(_DASHES.sub(" - ", text).lower().split())


def _is_mark(text: str) -> bool:
    return text == "#" or any(_mark_form().fullmatch(written) for written in (text, text.upper()))


def _is_whole(heading: str) -> bool:
    return any(heading in known for known in _known()["columns"].values())


def _by_part(heading: str) -> tuple[str, int]:
    """Return the role whose longest name is part of a heading and that name's length; ("", 0) for
    none.

    What stands in parentheses only says of which kind.

    >>> _by_part("orders (placed orders)")[0], _by_part("buyers (placed orders)")[0]
    ('orders', '')
    """
    heading = re.sub(r"[(（\[][^()（）\[\]]*[)）\]]", " ", heading).strip() or heading
    if any(re.search(bounded(name), heading) for name in _known()["ignored"]["names"]):
        return "", 0
    known = (
        (role, name)
        for role, names in _known()["columns"].items()
        for name in names
        if len(name) > (_SHORT if name.isascii() else 1)
    )
    found = [(role, len(name)) for role, name in known if re.search(bounded(name), heading)]
    return max(found, key=lambda one: one[1], default=("", 0))


def currencies(headings: Iterable[str], cells: pd.Series) -> tuple[str, ...]:
    """Return the currencies that headings and cells name, as ISO codes, sorted.

    A sign that several currencies share ("$", "¥") stands for itself, unless one of those
    currencies is named too.

    Args:
        headings: of the columns of money.
        cells: below them.

    Returns:
        ISO codes, and the signs that stay open.

    >>> (
    ...     currencies(["Sales (SGD)"], pd.Series(["$12.50"])),
    ...     currencies(["Sales"], pd.Series(["$12.50"])),
    ... )
    (('SGD',), ('$',))
    """
    written = cells.drop_duplicates().str.replace(r"[\d.,\s]+", " ", regex=True).unique()
    marks = {
        mark
        for text in (*headings, *written)
        for mark in _mark_form().findall(unicodedata.normalize("NFKC", text))
    }
    shared = {mark: set(may_mean(mark)) for mark in marks if len(may_mean(mark)) > 1}
    codes = {may_mean(mark)[0] for mark in marks - set(shared)}
    return tuple(sorted(codes | {mark for mark, several in shared.items() if not codes & several}))


def settled(marks: Iterable[str], columns: Iterable[str]) -> tuple[str, ...]:
    """Return currencies, of which signs that several share stand for the one that the language of
    the headings tells; those that it does not tell stay.

    Args:
        marks: ISO codes and signs.
        columns: every heading of the file.

    Returns:
        ISO codes, and the signs that stay open.

    >>> (
    ...     settled(["¥"], ["注文番号", "合計金額"]),
    ...     settled(["¥"], ["订单号"]),
    ...     settled(["¥"], ["Total"]),
    ... )
    (('JPY',), ('CNY',), ('¥',))
    """
    text = " ".join(columns)
    out = set()
    for mark in marks:
        several = may_mean(mark)
        told = [
            code
            for code in several
            if len(several) > 1
            and code in _known()["currencies"]["told_by"]
            and re.search(_known()["currencies"]["told_by"][code], text)
        ]
        out.add(told[0] if len(told) == 1 else mark)
    return tuple(sorted(out))


def may_mean(mark: str) -> list[str]:
    """Return the ISO codes that a currency mark may stand for; a code stands for itself.

    >>> may_mean("¥"), may_mean("EUR")
    (['CNY', 'JPY'], ['EUR'])
    """
    found: list[str] = _known()["currencies"]["marks"].get(mark, [mark])
    return found
