"""The figures of actual months as formulas of a workbook: what the series holds is a typed cell,
and the ledger and the metrics are translated from the model's own texts.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from funnel_sim.decisions.review.actuals import Ledger
from funnel_sim.model.bases import formula_of
from funnel_sim.model.ledger import LEDGER
from funnel_sim.model.linear import by_month
from funnel_sim.model.metrics import FLOWS, METRICS
from funnel_sim.model.seen_lines import lines_seen
from funnel_sim.model.sheet import Formula
from funnel_sim.model.volumes import VOLUMES
from funnel_sim.model.written import (
    Term,
    as_number,
    call,
    is_none,
    no_figure,
    same,
    term,
    total,
    when,
)
from funnel_sim.output.workbook.cells import CellPlace, span, translated

_OF_MONTHS = {one.key: one for one in (*VOLUMES, *LEDGER)}
_RATIOS = {one.key: one for one in METRICS}
_FLOWS = frozenset(FLOWS)
_COSTS = {"goods_purchase": "goods_cost", "commission": "commission", "fulfilment": "logistics"}
_COUNTS = (
    "impressions",
    "clicks",
    "visits",
    "carts",
    "paid_clicks",
    "paid_impressions",
)
FROM_SCENARIO = (
    "new_customers",
    "repeat_orders",
    "first_orders",
    "media_of_sales",
    "media_of_orders",
    "affiliate_orders",
    "affiliate_due",
    "units_shipped",
    "storage",
    "returns_handling",
    "returned_orders",
)
"""Figures that stand beside what the series holds as values: they follow from the scenario."""

Put = Callable[[str, Sequence[Any], bool], list[CellPlace]]
"""Writes a row of a figure by month, live or as values, and returns its cells."""


class ActualFigures:
    """The figures of a ledger's months as cells.

    `seen` are the cells of the series by figure, one a month; `put` writes a row; `fee` gives the
    operator's fee of a month, which is nothing until it is known.
    """

    def __init__(self, ledger: Ledger, seen: Mapping[str, Sequence[Term]], put: Put):
        self.ledger, self.seen, self.put = ledger, seen, put
        self.count = ledger.count
        self.fee: Callable[[int], Term] | None = None
        self.rows: dict[str, list[Term]] = {}
        self._factors = {
            key: float(np.asarray(by_month(ledger.steady[key])).flat[0])
            for key in (
                "gross_factor",
                "console_factor",
                "consumer_factor",
                "output_tax_factor",
            )
        }

    def month(self, key: str, month: int) -> Term:
        """Return the cell of a figure, on whatever basis, in a month counted from 1."""
        if key not in self.rows:
            self.rows[key] = self._row(key)
        return self.rows[key][month - 1]

    def over(self, key: str, first: int, last: int) -> Term:
        """Return a figure over some months together: flows added up, then the ratio."""
        if key in _FLOWS:
            return added([self.month(key, month) for month in range(first, last + 1)])
        formula = _RATIOS[key] if key in _RATIOS else formula_of(key) if "@" in key else None
        if formula is None:
            return term(self._value(key, 1, steady=True))
        return self._made(formula, lambda one: self.over(one, first, last))

    def _row(self, key: str) -> list[Term]:
        every = range(1, self.count + 1)
        made = [self._formula(key, month) for month in every]
        if all(isinstance(one, CellPlace) for one in made):
            return [one for one in made if one is not None]
        values = [self._value(key, month, steady=key not in self.ledger.book) for month in every]
        live = all(one is not None for one in made)
        return list(self.put(key, made if live else values, live))

    def _formula(self, key: str, month: int) -> Term | None:
        """Return a figure of a month as a formula; None where it is a value of the scenario."""
        if key == "operator_fee":
            return None if self.fee is None else -self.fee(month)
        raw = {name: cells[month - 1] for name, cells in self.seen.items()}
        lines = lines_seen(as_number(self._factors), as_number(raw))
        if key in lines:
            return term(lines[key])
        if key in _COSTS and _COSTS[key] in self.typed:
            return -raw[_COSTS[key]]
        if key in _COUNTS and key.removeprefix("paid_") in raw:
            return raw[key.removeprefix("paid_")]
        if key == "returned_orders" and key in self.typed:
            return raw[key]
        if key == "payment_success_rate" and "cancelled" in self.typed:
            return raw["orders"] / (raw["orders"] + raw["cancelled"])
        if key in FROM_SCENARIO or key in _COUNTS:
            return None
        if key in _OF_MONTHS:
            return self._made(_OF_MONTHS[key], lambda one: self.month(one, month))
        formula = _RATIOS[key] if key in _RATIOS else formula_of(key) if "@" in key else None
        return None if formula is None else self._made(formula, lambda one: self.month(one, month))

    @property
    def typed(self) -> frozenset[str]:
        """The figures of which some month is known."""
        return frozenset(
            name for name in self.seen if len(self.ledger.missing.get(name, ())) < self.count
        )

    def _made(self, formula: Formula, of: Callable[[str], Term]) -> Term:
        made = translated(formula, {name: of(name) for name in formula.operands})
        return no_figure() if made is None else made

    def _value(self, key: str, month: int, *, steady: bool) -> float:
        ledger = self.ledger
        held = ledger.steady.get(key) if steady else ledger.book[key]
        if held is None:
            held = ledger.book.get(key, np.nan)
        return float(np.broadcast_to(np.asarray(by_month(held)), (self.count, 1))[month - 1, 0])


def added(cells: Sequence[Term]) -> Term:
    """Return the sum of cells of one row; no figure where one of them has none."""
    if len(cells) == 1:
        return cells[0]
    whole = span(cells)
    numbers = sum(not is_none(one) for one in whole.values)
    count = call("COUNT", [whole], float(numbers))
    return when(same(count, len(cells)), total(whole), no_figure())
