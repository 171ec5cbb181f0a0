"""The portfolio of a tab: put in place, changed by steps, remembered answers, what a link or a file
brings, and which of its rows the scenario at hand is.

It is held as one value that is never changed, so an answer belongs to the very portfolio that was
asked about; the rows stay on the server.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.portfolio.products import Products, products
from funnel_sim.errors import InputError
from funnel_sim.evidence.portfolio.columns import column_fields, path_in
from funnel_sim.evidence.portfolio.sheet import sheet_columns
from funnel_sim.scenario.portfolio import TAGS, Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_edits import opened_row, taken_back
from funnel_sim.scenario.portfolio_links import decode_portfolio, encode_portfolio
from funnel_sim.scenario.portfolio_loss import LossEvent
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import state
from funnel_sim.ui.session.markets import dependences_kept
from funnel_sim.ui.session.remembered import keep, shelf
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import say

Answer = TypeVar("Answer")
_KEPT = 3
_MOST_SENTENCES = 12
RESULTS = ("result.profit", "result.margin", "result.orders", "result.loss")
"""Columns that are worked out; the last one where the futures were simulated."""


def once(name: str, portfolio: Portfolio, asked: object, work: Callable[[], Answer]) -> Answer:
    """Return an answer about a portfolio, worked out once for each question.

    Args:
        name: of what is asked.
        portfolio: which one: the very object, for its rows may be many.
        asked: what else the answer depends on, hashable.
        work: works it out.
    """
    known = shelf(f"portfolio_{name}")
    key = (id(portfolio), asked)
    held: tuple[Portfolio, Any] | None = known.get(key)
    if held is None or held[0] is not portfolio:  # an identity may come again once its owner went
        keep(f"portfolio_{name}", key, (portfolio, work()), _KEPT)
        held = known[key]
    answer: Answer = held[1]
    return answer


def products_of(portfolio: Portfolio) -> Products:
    """Return what each row brings, and what turns those that lose money."""
    return once("products", portfolio, "", lambda: products(portfolio))


def odds_of(portfolio: Portfolio) -> PortfolioSimulation | None:
    """Return the futures of a portfolio where they were simulated in this tab."""
    held: tuple[Portfolio, Any] | None = shelf("portfolio_odds").get(id(portfolio))
    return held[1] if held is not None and held[0] is portfolio else None


def keep_odds(portfolio: Portfolio, found: PortfolioSimulation) -> None:
    """Remember the futures of a portfolio."""
    keep("portfolio_odds", id(portfolio), (portfolio, found), 1)


def put(portfolio: Portfolio | None, *, whole: bool = True) -> None:
    """Put a portfolio in place.

    Args:
        portfolio: which one; None takes away what is there.
        whole: whether it is another one: then the page begins at its first view.
    """
    tab.portfolio = portfolio
    tab.portfolio_wrong = {}
    tab.portfolio_asked = ()
    if whole:
        tab.portfolio_view, tab.portfolio_search, tab.portfolio_row = "answers", "", ""
        tab.portfolio_page, tab.portfolio_shown, tab.portfolio_renamed = 0, [], {}
        tab.portfolio_sort, tab.portfolio_losing = ("", False), False
        tab.portfolio_splitting = False
        tab.portfolio_number += 1


def put_losses(losses: Sequence[LossEvent]) -> InputError | None:
    """Put what may be lost into the tab's portfolio; what its rows bring and their futures are
    still known. Return why it cannot be, where it cannot.

    Args:
        losses: all of it.
    """
    before = tab.portfolio
    assert before is not None
    odds, known = odds_of(before), products_of(before)
    error = taken(lambda: before.with_losses(losses))
    after = tab.portfolio
    if error is None and after is not None:
        once("products", after, "", lambda: replace(known, portfolio=after))
        if odds is not None:
            drawn = replace(odds, portfolio=after)
            keep_odds(after, drawn)
            dependences_kept((before, odds), (after, drawn))
        else:
            dependences_kept((before, None), (after, None))
    return error


def taken(made: Callable[[], Portfolio], *, whole: bool = False) -> InputError | None:
    """Put a portfolio that is made in place; return why it cannot be made, where it cannot.

    Args:
        made: makes it.
        whole: whether it is another one.
    """
    try:
        put(made(), whole=whole)
    except InputError as error:
        return error
    return None


def open_link(text: str) -> bool:
    """Open the portfolio of a link; say so where it cannot be."""
    try:
        put(decode_portfolio(text))
    except InputError as error:
        for told in error.sentences(state.lang())[:_MOST_SENTENCES]:
            state.notice("error", told)
        return False
    return True


def link_text() -> str | None:
    """Return the text of the tab's portfolio for the query string; "" where there is none, None
    where it is too long for a link.
    """
    portfolio = tab.portfolio
    if portfolio is None:
        return ""
    return once("link", portfolio, "", lambda: encode_portfolio(portfolio))


# ---- rows as scenarios
# --------------------------------------------------------------------------------------------


def open_row(index: int) -> None:
    """Put a row in place as the tab's scenario."""
    portfolio = tab.portfolio
    assert portfolio is not None
    state.replace_whole(opened_row(portfolio, index))
    tab.portfolio_row = portfolio.rows[index].name


def row_at_hand() -> int | None:
    """Return which row the tab's scenario is: the one that was opened, as long as it bears its
    name.
    """
    portfolio, name = tab.portfolio, tab.portfolio_row
    if portfolio is None or not name or state.scenario().name != name:
        return None
    return once("row", portfolio, name, lambda: _index(portfolio, name))


def _index(portfolio: Portfolio, name: str) -> int | None:
    return next((at for at, row in enumerate(portfolio.rows) if row.name == name), None)


def take_back(index: int) -> None:
    """Write what differs in the tab's scenario into its row, and say so."""
    portfolio, lang = tab.portfolio, state.lang()
    assert portfolio is not None
    error = taken(lambda: taken_back(portfolio, index, state.scenario()))
    if error is None:
        name = portfolio.rows[index].name
        state.notice("success", say(lang, "portfolio_page.taken_back", name=name))
        return
    for told in error.sentences(lang)[:_MOST_SENTENCES]:
        state.notice("error", told)


def differs(portfolio: Portfolio, index: int) -> bool:
    """Say whether the tab's scenario is something else than its row.

    Args:
        portfolio: the rows.
        index: which row.
    """
    text = state.scenario().model_dump_json()
    return once(
        "differs", portfolio, (index, text), lambda: _differs(portfolio, index, state.scenario())
    )


def _differs(portfolio: Portfolio, index: int, scenario: Scenario) -> bool:
    was = opened_row(portfolio, index)
    return was.replace({"shown_in": scenario.shown_in}) != scenario


# ---- the table: its columns, which rows, in which order
# --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cells:
    """How the rows of a portfolio stand under columns: the path of each base's field by column, ""
    where it has none.
    """

    portfolio: Portfolio
    paths: dict[tuple[str, str], str]

    def path(self, row: PortfolioRow, column: str) -> str:
        """Return the path of a row's field under a column; "" where its base has none.

        Args:
            row: of the portfolio.
            column: of a field.
        """
        key = (row.base, column)
        if key not in self.paths:
            base = self.portfolio.base_of(row)
            found = path_in(base, column, column)
            try:
                self.paths[key] = found if isinstance(found, str) else ""
                base.get(self.paths[key] or "fx_rate")
            except InputError:  # a channel of another base
                self.paths[key] = ""
        return self.paths[key]

    def value(self, row: PortfolioRow, column: str) -> Any:
        """Return what a row has under a column: its own, else its base's; None for nothing.

        Args:
            row: of the portfolio.
            column: of a field.
        """
        path = self.path(row, column)
        if not path:
            return None
        base = self.portfolio.base_of(row)
        own = row.changes.get(path)
        if isinstance(own, dict):  # a range, as its scenario reads it
            return base.replace(row.changes).get(path)
        return own if path in row.changes else base.get(path)


def cells_of(portfolio: Portfolio) -> Cells:
    """Return how the rows of a portfolio stand under columns."""
    return once("cells", portfolio, "", lambda: Cells(portfolio, {}))


def fields_used(portfolio: Portfolio) -> tuple[str, ...]:
    """Return the columns of fields in which rows differ."""
    return once("used", portfolio, "", lambda: sheet_columns(portfolio))


def fields_offered(portfolio: Portfolio) -> tuple[str, ...]:
    """Return every column that the table can have: tags, fields in which rows differ, then all
    others.
    """
    used = fields_used(portfolio)
    every = (*TAGS, *used, *column_fields())
    return tuple(dict.fromkeys(every))


def order_of(
    found: Products, search: str, sort: tuple[str, bool], losing: bool
) -> NDArray[np.int64]:
    """Return which rows the table shows, in its order.

    Args:
        found: the rows.
        search: words that name, base or a tag hold; "" for all rows.
        sort: by which column, and whether downward; "" for the order of the portfolio.
        losing: whether only rows that lose money are shown.

    Returns:
        Places of rows, shape (rows shown,).
    """
    asked = (search, sort, losing, odds_of(found.portfolio) is not None)
    return once("order", found.portfolio, asked, lambda: _order(found, search, sort, losing))


def _order(found: Products, search: str, sort: tuple[str, bool], losing: bool) -> NDArray[np.int64]:
    portfolio = found.portfolio
    which: NDArray[np.int64] = found.losing if losing else np.arange(len(portfolio.rows))
    which = np.sort(which)
    if search:
        texts = once("texts", portfolio, "", lambda: _texts(portfolio))
        wanted = search.casefold().split()
        which = np.array(
            [at for at in which.tolist() if all(word in texts[at] for word in wanted)],
            dtype=np.int64,
        )
    column, downward = sort
    if not column:
        return which
    keys = _keys(found, column, which)
    if isinstance(keys, np.ndarray):
        order = np.argsort(-keys if downward else keys, kind="stable")  # what is none stands last
        return which[order]
    by_word = sorted(range(len(keys)), key=keys.__getitem__, reverse=downward)
    return which[np.array(by_word, dtype=np.int64)]


def _texts(portfolio: Portfolio) -> list[str]:
    words = [portfolio.tags(tag) for tag in TAGS]
    return [
        " ".join((row.name, row.base, *(some[at] for some in words))).casefold()
        for at, row in enumerate(portfolio.rows)
    ]


def _keys(
    found: Products, column: str, which: NDArray[np.int64]
) -> NDArray[np.float64] | list[str]:
    """Return by what rows are sorted: numbers, or words."""
    portfolio = found.portfolio
    if column in RESULTS:
        return _result(found, column)[which]
    if column in TAGS:
        words = portfolio.tags(column)
        return [words[at] for at in which.tolist()]
    rows = [portfolio.rows[at] for at in which.tolist()]
    if column in ("name", "base"):
        return [str(getattr(row, column)) for row in rows]
    cells = cells_of(portfolio)
    values = [cells.value(row, column) for row in rows]
    if any(isinstance(one, str) for one in values):
        return ["" if one is None else str(one) for one in values]
    return np.array([_plain(one) for one in values], dtype=np.float64)


def _plain(value: Any) -> float:
    if value is None or isinstance(value, list):
        return float("nan")
    try:
        return float(point_value(value))
    except (TypeError, ValueError, AttributeError):
        return float("nan")


def _result(found: Products, column: str) -> NDArray[np.float64]:
    if column == "result.loss":
        odds = odds_of(found.portfolio)
        return np.full(len(found.portfolio.rows), np.nan) if odds is None else odds.loss
    return {
        "result.profit": found.profit_shown,
        "result.margin": found.margin,
        "result.orders": found.orders,
    }[column]
