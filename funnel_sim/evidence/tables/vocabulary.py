"""Every heading that exports are known to have, whichever file it belongs to: by it the row of
headings and the encoding of a file are found.
"""

import tomllib
from functools import cache
from importlib import resources

from funnel_sim.evidence.tables.headings import plain

_FILES = ("history_columns.toml", "order_columns.toml")


@cache
def _names() -> frozenset[str]:
    data = resources.files("funnel_sim").joinpath("data")
    tables = [tomllib.loads(data.joinpath(file).read_text("utf-8"))["columns"] for file in _FILES]
    exports = tomllib.loads(data.joinpath("exports.toml").read_text("utf-8"))["exports"].values()
    declared = {plain(name) for one in exports for some in one["known_by"] for name in some}
    return (
        frozenset(
            plain(name.removeprefix("="))
            for table in tables
            for names in table.values()
            for name in names
        )
        | declared
    )


def known_headings(*cells: str) -> int:
    """Return how many cells are headings of exports as a whole.

    >>> known_headings("Order ID", "订单金额", "2026-01-05", "Cup")
    2
    """
    return sum(plain(cell) in _names() for cell in cells if cell)


def heading_row(records: list[list[str]]) -> int:
    """Return the place of the row of headings among the first rows of a file, none of them blank:
    the one with most known headings, if it has two or fills more cells than the first row.

    >>> heading_row(
    ...     [
    ...         ["Campaign report"],
    ...         ["Jan 1 - Mar 31"],
    ...         ["Month", "Revenue", "Orders"],
    ...         ["2026-01", "1000", "10"],
    ...     ]
    ... )
    2
    >>> heading_row([["a", "b"], ["1", "2"]])
    0
    """
    if not records:
        return 0
    filled = [sum(1 for cell in record if cell.strip()) for record in records]
    known = [known_headings(*record) for record in records]
    best = max(range(len(records)), key=lambda place: (known[place], -place))
    if known[best] >= 2 or (known[best] and filled[best] > filled[0]):
        return best
    if filled[0] == 1 < max(filled):  # a title, or a line of the period
        return next(place for place, many in enumerate(filled) if many > 1)
    return 0
