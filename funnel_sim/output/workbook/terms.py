"""KPIs against their targets, and the fees of a quote that follow from sales, as formulas of a
workbook.
"""

import math
from collections.abc import Callable
from typing import Any

from funnel_sim.decisions.kpi.draws import comes_back, established
from funnel_sim.decisions.kpi.measured import baseline_of, is_added_up, key_of, months_added
from funnel_sim.decisions.quote import store_alone
from funnel_sim.decisions.quote.contract import (
    BillBasis,
    lines_of,
    share_due,
    shared_basis,
    sum_of_lines,
    up_to_maximum,
)
from funnel_sim.model.bases import formula_of
from funnel_sim.model.metrics import FLOWS, METRICS
from funnel_sim.model.wanted import leading_to
from funnel_sim.model.written import (
    Named,
    Term,
    as_number,
    both,
    call,
    is_number,
    largest,
    no_figure,
    same,
    smallest,
    term,
    total,
    when,
)
from funnel_sim.output.words.figure_names import formula_words
from funnel_sim.output.words.formats import NOTHING
from funnel_sim.output.words.kpi import kpi_text, metric_unit
from funnel_sim.output.workbook.cells import CellPlace, Span, or_nothing, span, translated
from funnel_sim.output.workbook.model_book import LOOKS, Column, MonthGrid
from funnel_sim.output.workbook.months import Model
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.operator_effect import OperatorEffect
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.words import say

_HAIR = 1e-9
_METRICS = {formula.key for formula in METRICS}
_YEAR = 12


def figure(model: Model, column: Column, key: str) -> Term | None:
    """Return a figure of a month or of the steady month, on whatever basis; None where it is not
    known.
    """
    if key in STEADY_METRICS:
        column = "steady"
    book = model.books[column]
    if key in FLOWS or key in _METRICS:
        return book[key]
    if "@" in key:
        return translated(formula_of(key), model.period(column))
    return model.books["steady"].get(key, model.symbols.get(key))


def over(model: Model, first: int, last: int, key: str) -> Term | None:
    """Return a figure of some months together: flows added up, then the ratio."""
    if key in STEADY_METRICS:
        return figure(model, "steady", key)
    book = model.period("steady")
    for flow in FLOWS:
        cells = [model.books[month][flow] for month in range(first, last + 1)]
        places = [one for one in cells if isinstance(one, CellPlace)]
        book[flow] = total(span(places)) if len(places) == len(cells) else None
    needed = leading_to(frozenset({key}))
    for formula in METRICS:
        if formula.key in needed:
            book[formula.key] = translated(formula, book)
    return translated(formula_of(key), book) if "@" in key else book[key]


# ---- KPIs
# --------------------------------------------------------------------------------------------------


def kpi_sheet(model: Model) -> None:
    """Fill the sheet of KPIs: each on its basis against its target, by month and over its
    window.
    """
    scenario, lang = model.scenario, model.lang
    grid = model.grids["kpis"] = MonthGrid(
        model.sheets["kpis"], model.months, lang, total_head="window"
    )
    for kpi in scenario.kpis:
        grid.heading(kpi_text(kpi, scenario, lang))
        if kpi.metric in OPERATIONAL:
            told = "kpi_cash" if kpi.metric in CASH_METRICS else "kpi_counts"
            grid.sheet.put(grid.row, 0, say(lang, f"workbook.{told}"), "quiet")
            grid.row += 1
            continue
        _kpi(model, kpi)


def _kpi(model: Model, kpi: Kpi) -> None:
    key, lang = key_of(model.scenario, kpi), model.lang
    look, (first, last) = LOOKS[metric_unit(kpi.metric)], kpi.months
    inside = range(first, last + 1)
    monthly, goal = _target(model, kpi, key, 1), _target(model, kpi, key, months_added(kpi))
    try:
        how = formula_words(formula_of(key), lang)
    except KeyError:
        how = ""
    value, target, met = f"kpi_{kpi.id}_value", f"kpi_{kpi.id}_target", f"kpi_{kpi.id}_met"
    model.line(
        "kpis",
        value,
        lambda c: figure(model, c, key),
        label=say(lang, "workbook.k_value"),
        look=look,
        unit="",
        how=how,
        sums=lambda: _pooled(model, kpi, key, value),
        guard=True,
    )
    window = model.books["total"][value]
    model.line(
        "kpis",
        target,
        lambda c: monthly if c in inside else None,
        look=look,
        unit="",
        label=say(lang, "workbook.k_target"),
        sums=lambda: goal,
        how=_baseline_words(model, kpi),
        guard=True,
    )

    def judged(c: Column) -> Term | None:
        return (
            _met(model, kpi, model.books[c][value], model.books[c][target]) if c in inside else None
        )

    model.line(
        "kpis",
        met,
        judged,
        look="plain right",
        unit="",
        label=say(lang, "workbook.k_met"),
        sums=lambda: _met(model, kpi, window, model.books["total"][target]),
        how=say(lang, "workbook.k_met_before") if _lacks_customers(model, kpi) else "",
    )


def _lacks_customers(model: Model, kpi: Kpi) -> bool:
    """Say whether the KPI check counts customers of before month 1, who are not on these sheets."""
    return (
        established(model.scenario)
        and kpi.metric not in STEADY_METRICS
        and comes_back(model.scenario)
    )


def _pooled(model: Model, kpi: Kpi, key: str, row: str) -> Term | None:
    """Return a KPI over its window; None where that ends after the plan."""
    first, last = kpi.months
    if last > model.months or any(
        model.books[month][row] is None for month in range(first, last + 1)
    ):
        return None
    if kpi.metric in STEADY_METRICS or kpi.window == "month":
        return model.books[last][row]
    places = [
        one
        for month in range(first, last + 1)
        if isinstance(one := model.books[month][row], CellPlace)
    ]
    if kpi.window in ("every", "by"):
        return _extreme(
            span(places), lowest=(kpi.window == "every") == (kpi.comparator == "at_least")
        )
    pooled = over(model, first, last, key)
    return (
        pooled / (last - first + 1)
        if pooled is not None and kpi.window == "average" and is_added_up(kpi.metric)
        else pooled
    )


def _extreme(cells: Span, *, lowest: bool) -> Term:
    found = smallest(cells) if lowest else largest(cells)
    numbers = sum(isinstance(value, float) and not math.isnan(value) for value in cells.values)
    return when(same(call("COUNT", [cells], float(numbers)), len(cells.values)), found, no_figure())


def _target(model: Model, kpi: Kpi, key: str, months: int) -> Term | None:
    """Return the target of one month, or of as many as are added up."""
    named = model.inputs.sure(f"kpis.{kpi.id}.target")
    if not kpi.relative:
        return named if months == months_added(kpi) else named / months_added(kpi)
    base = baseline_of(model.scenario, kpi)
    if base is None or not base.value > 0:
        return None
    start: Term | None = term(base.value)
    if base.source == "typed":
        start = model.inputs.sure(f"kpis.{kpi.id}.baseline")
    elif (
        base.source in ("funnel", "fitted") and model.scenario.effect == OperatorEffect()
    ):  # else the sheet's usual month holds the effect, and the baseline does not
        start = figure(model, "steady", key)
    return (
        None
        if start is None
        else start * (1 + named) * months
        if months > 1
        else start * (1 + named)
    )


def _baseline_words(model: Model, kpi: Kpi) -> str:
    if not kpi.relative:
        return ""
    base = baseline_of(model.scenario, kpi)
    if (
        base is not None
        and base.source in ("funnel", "fitted")
        and model.scenario.effect != OperatorEffect()
    ):
        return say(model.lang, "workbook.baseline_fixed")
    return say(model.lang, f"workbook.baseline_{base.source if base else 'none'}")


def _met(model: Model, kpi: Kpi, value: Term | None, target: Term | None) -> Term | None:
    if value is None or target is None:
        return None
    hair = (
        call(
            "ABS", [target], abs(target.value) if isinstance(target.value, float) else target.value
        )
        * _HAIR
    )
    holds = value >= target - hair if kpi.comparator == "at_least" else value <= target + hair
    yes = say(model.lang, "word.yes")
    no = say(model.lang, "workbook.k_see_simulation" if _lacks_customers(model, kpi) else "word.no")
    return or_nothing(
        when(is_number(target), when(is_number(value), when(holds, yes, no), no), NOTHING)
    )


# ---- fees
# --------------------------------------------------------------------------------------------------


def first_quote(model: Model) -> Option | None:
    """Return the first quote of the scenario."""
    return next((option for option in model.scenario.options if option.kind == "quote"), None)


def plain_terms(option: Option) -> Option:
    """Return what of a contract the sheet of fees holds: without bonus and penalty, and without
    what falls due by a KPI or by chance.
    """
    due, extras = (
        [one for one in option.instalments if _in_file(one)],
        [one for one in option.extras if _in_file(one)],
    )
    return option.but(rewards=[], instalments=due, extras=extras)


def _in_file(one: Any) -> bool:
    """Say whether the file holds a row of a contract: what a KPI or an event decides it does
    not.
    """
    return not getattr(one, "kpi", "") and getattr(one, "every", "") != "event"


class TypedTerm:
    """A contract, or a row of one, with the cells in which its numbers are typed in their place."""

    def __init__(self, model: Model, path: str, item: Any):
        self._model, self._path, self._item = model, path, item

    def __getattr__(self, name: str) -> Any:
        """Return the cell of a number, the rows of a list that the file holds, else what is
        there.
        """
        value, path = getattr(self._item, name), f"{self._path}.{name}"
        if isinstance(value, list):
            return [
                TypedTerm(self._model, f"{path}.{n}", one)
                for n, one in enumerate(value, 1)
                if _in_file(one)
            ]
        found = None if isinstance(value, bool | str) else self._model.inputs.number(path)
        return value if found is None else Named(found.name, found.value, own=True)


def fee_sheet(model: Model, option: Option) -> None:
    """Fill the sheet of fees of a quote: its lines month by month, as if it ran through all months
    of the plan.
    """
    _Fees(model, option).write()


class _Fees:
    def __init__(self, model: Model, option: Option):
        self.model, self.option, self.lang = model, option, model.lang
        self.grid = model.grids["fees"] = MonthGrid(model.sheets["fees"], model.months, model.lang)
        self.currency = (
            model.scenario.currency
            if option.fee_currency == "sales"
            else model.scenario.cost_currency
        )
        self.fx: Term = (
            term(1.0) if option.fee_currency == "sales" else model.inputs.sure("fx_rate")
        )
        self.typed = TypedTerm(model, f"options.{option.id}", option)
        self.due: list[Term] = []
        self.paid: list[Term] = []

    def at(self, month: int, name: str) -> Any:
        return self.model.at(month, f"fee_{name}")

    def line(
        self,
        name: str,
        make: Callable[[int], Any],
        unit: str = "",
        look: str = "money",
        *,
        own: bool = True,
        sums: bool = True,
        how: str = "",
    ) -> None:
        self.model.line(
            "fees",
            f"fee_{name}",
            lambda c: None if c == "steady" else make(c),
            label=say(self.lang, f"workbook.f_{name}"),
            look=look,
            unit=unit or self.currency,
            how=how,
            sums="sum" if sums else "",
            bold="" if own else "sum" if name in ("total", "total_sales") else "",
        )

    def write(self) -> None:
        """Write the lines in the order in which a contract works them out."""
        self.grid.heading(say(self.lang, "workbook.g_counted"))
        self._counted()
        self.grid.heading(say(self.lang, "workbook.g_fees"))
        months = range(1, self.model.months + 1)
        lines = {month: lines_of(as_number(self.typed), self._on(month)) for month in months}
        for name in lines[1]:
            if name == "total_cap":
                self.line("due", lambda m: self.due[m - 1], own=False)
                self.line("paid", lambda m: self.paid[m - 1], own=False)
            self.line(name, lambda m, n=name: lines[m][n])  # type: ignore[misc]
        self.line(
            "total",
            lambda m: sum_of_lines(lines[m], list(lines[m]), as_number(term(0.0))),
            own=False,
        )
        self.line(
            "total_sales",
            lambda m: self.at(m, "total") / self.fx,
            self.model.scenario.currency,
            own=False,
        )

    def _on(self, month: int) -> BillBasis:
        """Return what the lines of a month are counted on, as the cells above."""

        def never(*_: Any) -> Any:
            raise AssertionError("no reward and no event is in the file")

        return BillBasis(
            month=self.model.at(month, "month"),
            on=1.0,
            spend=self.at(month, "spend_on"),
            orders=self.at(month, "orders_on"),
            fx=self.fx,
            zero=term(0.0),
            share=lambda: self._share(month),
            rewarded=never,
            capped=self._capped,
            instalment=lambda one: one.month,
            happened=never,
        )

    def _capped(self, due: Any, most: Any) -> Any:
        """Return what is paid of a month under the total maximum; months come in their order."""
        before = total(span(self.paid)) if self.paid else term(0.0)
        self.due.append(due)
        self.paid.append(as_number(up_to_maximum(due, most, as_number(before))))
        return self.paid[-1]

    def _counted(self) -> None:
        model, option, sales = self.model, self.option, self.model.scenario.currency
        key = store_alone.basis_key(model.scenario, option)

        def basis(month: int) -> Term | float:
            found = figure(model, month, key)  # without sales there is nothing to share
            return (
                0.0
                if found is None
                else (
                    call("IFERROR", [found, 0], found.value if is_number(found).value else 0.0)
                    if "@" in key
                    else found
                )
            )

        self.line("basis", basis, sales, own=False)
        if option.share_over == "baseline":
            start = self._baseline(key)
            self.line(
                "baseline",
                lambda m: start * (model.at(m, "season") if option.baseline_season else 1),
                sales,
                own=False,
                how=(
                    "" if option.baseline is not None else say(self.lang, "workbook.baseline_fixed")
                ),
            )
        over = option.share_over == "baseline"
        self.line(
            "counted",
            lambda m: shared_basis(
                option, self.at(m, "basis"), self.at(m, "baseline") if over else 0.0, 1.0
            ),
            sales,
            own=False,
        )
        if option.share_period == "running":
            self.line(
                "so_far",
                lambda m: self.at(m, "counted") + (self.at(m - 1, "so_far") if m > 1 else 0),
                sales,
                own=False,
                sums=False,
            )
        self.line("spend_on", lambda m: model.at(m, "media_spend"), sales, own=False)
        self.line(
            "orders_on",
            lambda m: model.at(m, "paid_orders"),
            say(self.lang, "workbook.unit_count"),
            "count",
            own=False,
        )

    def _baseline(self, key: str) -> Term:
        """Return the month that is not shared: the contract's, else a usual month of carrying on
        alone, which is this file's where no operator has an effect in it.
        """
        if self.option.baseline is not None:
            return self.model.inputs.sure(f"options.{self.option.id}.baseline")
        fixed = term(store_alone.baseline(self.model.scenario, self.option))
        usual = figure(self.model, "steady", key)
        if usual is None:
            return fixed
        neutral = both(
            *(
                same(self.model.symbol(name), 1)
                for name in specs_of(OperatorEffect)
                if name != "effect_ramp_months"
            )
        )
        return when(neutral, when(is_number(usual), usual, 0), fixed)

    def _share(self, month: int) -> Any:
        """Return the share of a month, or what it adds to the share of all months so far."""
        if self.option.share_period == "month":
            return share_due(as_number(self.typed), self.at(month, "counted")) * self.fx
        before = (
            share_due(as_number(self.typed), self.at(month - 1, "so_far"))
            if month > 1
            else term(0.0)
        )
        return (share_due(as_number(self.typed), self.at(month, "so_far")) - before) * self.fx
