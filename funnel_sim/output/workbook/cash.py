"""The sheet of cash: what is paid in which month, and the balance, as far as a spreadsheet can work
it out.

Fixed costs, the agency's fees and ads that are paid by the month are live: a line of the ledger
times the share of it that is paid in each month. Payouts, goods and tax go by days and by the
reorder rule, which no cell can hold: they stand as numbers of the point calculation, and the sheet
says so. Sums, balances and the way from profit to cash are live.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from funnel_sim.chance.cash import CashResult, cash_of
from funnel_sim.model.arrays import Array
from funnel_sim.model.written import Term, smallest, term, total
from funnel_sim.output.words.cash import month_names
from funnel_sim.output.words.cash_tables import flow_kinds, kind_name
from funnel_sim.output.workbook.cells import CellPlace, Sheet, span
from funnel_sim.output.workbook.model_book import LOOKS
from funnel_sim.output.workbook.months import Model
from funnel_sim.scenario.cash import CashTerms
from funnel_sim.words import say

_LABEL, _UNIT, _FIRST, _TOP = 0, 1, 2, 3
_LINES: Mapping[str, tuple[str, ...]] = {
    "fixed": ("localisation", "compliance", "saas", "staff", "other_fixed"),
    "operator": ("operator_fee",),
    "ads": ("ads", "list_sends"),
}
"""The ledger lines of each kind of flow that can be live."""
_CENT = 0.005


def shares(kind: str, terms: CashTerms, starts: Sequence[int]) -> Array | None:
    """Return which share of a month's amount is paid in each month; None where it is not paid by
    the month.

    Args:
        kind: of the flow.
        terms: the payment terms.
        starts: the first day of each month of the plan, and the day after the last.

    Returns:
        Shape (months earned, months paid) [fraction]; what is paid after the plan is left out.

    Examples:
        >>> shares("fixed", CashTerms(fixed_due_days=3), [0, 31, 59]).tolist()
        [[0.0, 1.0], [0.0, 0.0]]
    """
    months = len(starts) - 1
    if kind == "ads" and terms.ads_billing == "as_spent":
        return np.eye(months)
    if kind == "ads" and terms.ads_billing != "monthly":
        return None
    later = {
        "fixed": terms.fixed_due_days,
        "operator": terms.operator_due_days,
        "ads": terms.ads_due_days,
    }.get(kind)
    if later is None:
        return None
    out = np.zeros((months, months))
    for month in range(months):
        day = starts[month + 1] - 1 + later
        paid = int(np.searchsorted(starts, day, side="right")) - 1
        if paid < months:
            out[month, paid] = 1.0
    return out


def cash_sheet(model: Model) -> None:
    """Fill the sheet of cash."""
    _CashSheet(model, model.sheets["cash"], cash_of(model.scenario)).write()


class _CashSheet:
    """The sheet in the making."""

    def __init__(self, model: Model, sheet: Sheet, found: CashResult):
        self.model, self.sheet, self.run = model, sheet, found.run
        self.lang, self.months, self.row = model.lang, model.months, _TOP
        terms = model.scenario.cash
        self.home = terms.kept_in == "home"
        self.code = model.scenario.cost_currency if self.home else model.scenario.currency
        self.look = LOOKS["cost_money" if self.home else "money"]
        self.starts = [int(day) for day in self.run.days.starts[: self.months + 1]]

    def write(self) -> None:
        """Write heads, payments, balance, profit, and the shares beneath."""
        lang, model, flows = self.lang, self.model, self.run.flows
        self._heads()
        kinds = flow_kinds({kind: one[: self.months] for kind, one in flows.items()})
        tables = {
            kind: table
            for kind in kinds
            if (table := shares(kind, model.scenario.cash, self.starts)) is not None
        }
        at = self.row + len(kinds) + 7
        earned = {
            kind: self._table(kind, table, at + place * (self.months + 3))
            for place, (kind, table) in enumerate(tables.items())
        }
        rows, draw = [], None
        for kind in kinds:
            values = [float(one) for one in flows[kind][: self.months, 0]]
            live = self._live(kind, earned.get(kind), values)
            how = say(lang, "workbook.cash_value" if live is None else "workbook.cash_live")
            rows.append(
                self._row(kind_name(kind, lang), f"cash_{kind}", live or values, how, sums=True)
            )
            if kind == "draw":
                draw = rows[-1]
        net = self._row(
            say(lang, "cash.net"),
            "cash_net",
            [total(*(row[month] for row in rows)) for month in range(self.months)],
            "",
            sums=True,
        )
        self._balance(net, draw)

    def _heads(self) -> None:
        sheet, lang = self.sheet, self.lang
        sheet.put(0, 0, sheet.title, "title")
        sheet.put(1, 0, say(lang, "workbook.cash_lead"), "lead")
        heads = [
            say(lang, "workbook.head_figure"),
            say(lang, "workbook.head_unit"),
            *month_names(self.run.days),
            say(lang, "workbook.head_total"),
            say(lang, "workbook.head_how"),
        ]
        for column, text in enumerate(heads):
            right = _FIRST <= column < len(heads) - 1
            sheet.put(2, column, text, "head right" if right else "head")
        sheet.freeze = (_TOP, _FIRST)
        widths = dict.fromkeys(range(_FIRST, _FIRST + self.months + 1), 14)
        sheet.widths = {_LABEL: 46, _UNIT: 10, **widths, _FIRST + self.months + 1: 90}

    def _row(
        self,
        label: str,
        name: str,
        contents: Sequence[Term | float],
        how: str,
        *,
        sums: bool = False,
    ) -> list[CellPlace]:
        """Write a row of months, and its sum where it has one."""
        sheet, row = self.sheet, self.row
        sheet.put(row, _LABEL, label)
        sheet.put(row, _UNIT, self.code, "quiet")
        made = [
            sheet.put(row, _FIRST + month, one, self.look) for month, one in enumerate(contents)
        ]
        if sums:
            sheet.put(row, _FIRST + self.months, total(span(made)), self.look)
        sheet.put(row, _FIRST + self.months + 1, how, "quiet")
        sheet.name(name, (row, _FIRST), (row, _FIRST + self.months - 1))
        self.row += 1
        return made

    def _converted(self, amount: Term) -> Term:
        """Return an amount of the sales currency in that of the balance."""
        return amount * self.model.inputs.sure("fx_rate") if self.home else amount

    def _own(self, path: str) -> Term:
        """Return an input that is typed in the cost currency, in that of the balance."""
        typed = self.model.inputs.sure(path)
        return typed * 1.0 if self.home else typed / self.model.inputs.sure("fx_rate")

    def _table(
        self, kind: str, table: Array, row: int
    ) -> tuple[list[CellPlace], list[list[CellPlace]]]:
        """Write what a kind earns by month, and which share of it is paid when."""
        sheet, lang, name = self.sheet, self.lang, kind_name(kind, self.lang)
        sheet.put(row, _LABEL, say(lang, "workbook.cash_shares", kind=name), "group")
        sheet.put(row + 1, _LABEL, say(lang, "workbook.cash_earned", kind=name))
        sheet.put(row + 1, _UNIT, self.code, "quiet")
        earned, cells = [], []
        for month in range(self.months):
            lines = [self.model.books[month + 1].get(line) for line in _LINES[kind]]
            some = [one for one in lines if one is not None]
            amount = total(*some) if some else term(0.0)
            earned.append(sheet.put(row + 1, _FIRST + month, self._converted(amount), self.look))
        for month, head in enumerate(month_names(self.run.days)):
            sheet.put(row + 2 + month, _LABEL, say(lang, "workbook.cash_of_month", month=head))
            cells.append(
                [
                    sheet.put(row + 2 + month, _FIRST + paid, float(table[month, paid]), "rate")
                    for paid in range(self.months)
                ]
            )
        return earned, cells

    def _live(
        self,
        kind: str,
        earned: tuple[list[CellPlace], list[list[CellPlace]]] | None,
        values: Sequence[float],
    ) -> list[Term] | None:
        """Return the row of a kind as formulas; None where these are not what the product says."""
        if kind == "draw":
            made = [term(0.0) - self._own("cash.owner_draw") for _ in range(self.months)]
        elif earned is None:
            return None
        else:
            amounts, cells = earned
            made = [
                total(*(amounts[month] * cells[month][paid] for month in range(self.months)))
                for paid in range(self.months)
            ]
        same = all(
            isinstance(one.value, float) and abs(one.value - value) < _CENT
            for one, value in zip(made, values, strict=True)
        )
        return made if same else None

    def _balance(self, net: Sequence[CellPlace], draw: Sequence[CellPlace] | None) -> None:
        """Write the balance at each month's end, its lowest, and profit beside it; what is between
        them is without the cash on the first day and without what the owner has taken (`draw`).
        """
        lang, sheet = self.lang, self.sheet
        before: Term = self._own("cash.opening_cash")
        ends: list[CellPlace] = []
        row = self.row
        for month, one in enumerate(net):
            ends.append(sheet.put(row, _FIRST + month, before + one, self.look))
            before = ends[-1]
        self._labelled(say(lang, "cash.end"), "cash_end", say(lang, "workbook.cash_end_how"))
        lowest = smallest(span(ends))
        sheet.put(self.row, _FIRST, lowest, self.look)
        self._labelled(
            say(lang, "workbook.cash_lowest"),
            "cash_lowest",
            say(lang, "workbook.cash_lowest_how"),
            one=True,
        )
        row, so_far = self.row, None
        profits: list[CellPlace] = []
        for month in range(self.months):
            amount = self._converted(term(self.model.books[month + 1]["profit"] or 0.0))
            profits.append(
                sheet.put(
                    row, _FIRST + month, amount if so_far is None else so_far + amount, self.look
                )
            )
            so_far = profits[-1]
        self._labelled(
            say(lang, "cash.bridge_profit"), "cash_profit", say(lang, "workbook.cash_profit_how")
        )
        opening = self._own("cash.opening_cash")
        for month, (end, profit) in enumerate(zip(ends, profits, strict=True)):
            between = end - opening - profit
            if draw is not None:
                between = between - total(*draw[: month + 1])
            sheet.put(self.row, _FIRST + month, between, self.look)
        self._labelled(
            say(lang, "workbook.cash_between"),
            "cash_between",
            say(lang, "workbook.cash_between_how"),
        )

    def _labelled(self, label: str, name: str, how: str, *, one: bool = False) -> None:
        sheet, row = self.sheet, self.row
        sheet.put(row, _LABEL, label)
        sheet.put(row, _UNIT, self.code, "quiet")
        sheet.put(row, _FIRST + self.months + 1, how, "quiet")
        sheet.name(name, (row, _FIRST), (row, _FIRST + (0 if one else self.months - 1)))
        self.row += 1
