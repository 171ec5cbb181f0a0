"""The model as formulas of a workbook: the calls of `model.economics` in the same order, each
figure a cell of its month.

Formulas of the sheet (`model.ledger`, `model.metrics`) are translated from their own texts. The
concepts between them (tax, commission, traffic, conversion, coming back) are the model's own
functions, called with cells in place of numbers (`model.written`): they write their formulas. Held
to the app's figures by tests/workbook.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from funnel_sim.model import demand, retention
from funnel_sim.model.arrays import pick
from funnel_sim.model.bases import formula_of
from funnel_sim.model.charges import put_charges, put_commission
from funnel_sim.model.funnel import put_funnel
from funnel_sim.model.ledger import COMMISSION, LEDGER, SUBTOTAL, UNIT_AND_ORDER, VOLUMES
from funnel_sim.model.metrics import FLOWS, METRICS
from funnel_sim.model.months import SEASONS, announced_rows
from funnel_sim.model.repeat_orders import bought_again, orders_at_age
from funnel_sim.model.values import Values, symbol_of
from funnel_sim.model.written import (
    Named,
    Plain,
    Term,
    as_number,
    both,
    call,
    is_number,
    no_figure,
    same,
    total,
    when,
)
from funnel_sim.output.words.explain import channel_name, formula_words, name_of, unit_of, words_of
from funnel_sim.output.workbook.cells import (
    CellPlace,
    Sheet,
    or_nothing,
    plain_name,
    span,
    translated,
)
from funnel_sim.output.workbook.inputs import Inputs
from funnel_sim.scenario.costs import GROUP_WORDS
from funnel_sim.scenario.customers import LONGEST_LTV
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.traffic import Channel
from funnel_sim.words import Lang, say

Column = int | Literal["steady"]
_FIRST = 2
_TOP = 3
_NOT_CARRIED = frozenset(FLOWS)
LOOKS = {
    "money": "money",
    "cost_money": "money",
    "rate": "rate",
    "count": "count",
    "months": "count",
    "days": "count",
    "ratio": "ratio",
}
_NO_SUM = ""


@dataclass
class MonthGrid:
    """A sheet with one column a month, then the total and the steady month."""

    sheet: Sheet
    months: int
    lang: Lang
    row: int = _TOP
    total_head: str = "total"

    def __post_init__(self) -> None:
        lang, sheet, last = self.lang, self.sheet, _FIRST + self.months
        sheet.put(0, 0, sheet.title, "title")
        sheet.put(1, 0, say(lang, f"workbook.{sheet.key}_lead"), "lead")
        heads = [
            say(lang, "workbook.head_figure"),
            say(lang, "workbook.head_unit"),
            *(say(lang, "table.month", n=m + 1) for m in range(self.months)),
        ]
        heads += [
            say(lang, f"workbook.head_{self.total_head}"),
            say(lang, "workbook.head_steady"),
            say(lang, "workbook.head_how"),
        ]
        for column, text in enumerate(heads):
            sheet.put(2, column, text, "head" if column in (0, 1, last + 2) else "head right")
        sheet.freeze = (3, 2)
        sheet.widths = {0: 46, 1: 10, **dict.fromkeys(range(_FIRST, last + 2), 14), last + 2: 100}

    def heading(self, text: str) -> None:
        """Begin a group of rows."""
        self.sheet.put(self.row, 0, text, "group")
        self.row += 1

    def column(self, where: Column | Literal["total"]) -> int:
        """Return the column of a month, of the total, or of the steady month."""
        return (
            _FIRST + where - 1
            if isinstance(where, int)
            else _FIRST + self.months + (where == "steady")
        )

    def label(self, text: str, unit: str, how: str = "") -> None:
        """Write what stands beside the numbers of the row."""
        self.sheet.put(self.row, 0, text)
        self.sheet.put(self.row, 1, unit, "quiet")
        self.sheet.put(self.row, self.column("steady") + 1, how, "quiet")


MonthBook = dict[str, Term | None]
Made = dict[str, Any]
"""A book that the model has written into: terms, which it takes for numbers."""
_EFFECTS = {
    "effect_on_price": "effect_cpc",
    "effect_on_shown": "effect_organic",
    "effect_on_clicked": "effect_ctr",
    "effect_on_carted": "effect_add_to_cart",
    "effect_on_checked": "effect_checkout",
}


@dataclass(frozen=True)
class Cells(Values):
    """The numbers of a scenario as the cells in which they are typed."""

    inputs: Any = None

    def number(self, path: str, value: Any) -> Any:
        """Return the cell of a field, None where it is empty."""
        return self.inputs.number(path)

    def channel(self, channel: Channel, name: str) -> Any:
        """Return the cell of a channel's field, read anew each time."""
        found = self.number(f"channels.{channel.id}.{name}", None)
        return None if found is None else Named(found.name, found.value, own=True)

    def typed(self, path: str, value: Any) -> Any:
        """Return the cell of a number that is there."""
        return self.inputs.sure(path)

    def with_share(self, out: Made) -> Made:
        """Return the numbers as they are: the share that buys again has a cell of its own."""
        return out


@dataclass
class Model:
    """Every figure of a scenario as cells; `books` hold them by column and key, `names` of a figure
    are `months_…`, `total_…`, `steady_…`.
    """

    inputs: Inputs
    sheets: Mapping[str, Sheet]
    books: dict[Column | Literal["total"], MonthBook] = field(default_factory=dict)
    symbols: MonthBook = field(default_factory=dict)
    ages: list[CellPlace] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scenario, self.lang = self.inputs.scenario, self.inputs.lang
        self.months = self.scenario.plan.horizon_months
        self.columns: list[Column] = [*range(1, self.months + 1), "steady"]
        self.everywhere: list[Column | Literal["total"]] = [*self.columns, "total"]
        self.books = {column: {} for column in self.everywhere}
        self.grids = {
            key: MonthGrid(self.sheets[key], self.months, self.lang)
            for key in ("funnel", "order", "cohorts", "ledger", "figures")
        }
        self.cells = Cells(self.scenario, inputs=self.inputs)
        self.symbols = dict(self.cells.symbols)
        self._age_table()
        self._months_differ()
        self._order()
        self._funnel()
        self._cohorts()
        self._ledger()
        self._lifetime()
        self._figures()
        self._payback()
        self._per_order()

    # ---- reading
    # ---------------------------------------------------------------------------------------------

    def symbol(self, name: str) -> Any:
        """Return the cell of an input that is there, by its symbol."""
        found = self.symbols[name]
        assert found is not None
        return found

    def book(self, column: Column) -> MonthBook:
        """Return inputs and the figures of a column, as the formulas of one order and of the ledger
        read them.
        """
        return {**self.symbols, **self.books[column]}

    def period(self, column: Column | Literal["total"]) -> MonthBook:
        """Return what the metrics of a period read: its own flows, all else from the steady
        month.
        """
        steady = {
            key: value for key, value in self.books["steady"].items() if key not in _NOT_CARRIED
        }
        return {
            **self.symbols,
            **steady,
            **{key: self.books[column][key] for key in FLOWS},
            "ltv": self.books["steady"]["ltv"],
        }

    # ---- writing
    # ---------------------------------------------------------------------------------------------

    def line(
        self,
        where: str,
        key: str,
        make: Callable[[Column], Any],
        *,
        label: str = "",
        look: str = "",
        unit: str | None = None,
        how: str = "",
        sums: Callable[[], Term | None] | str = _NO_SUM,
        guard: bool = False,
        bold: str = "",
    ) -> None:
        """Write one figure in every month, its total and its steady month; `guard` keeps an error
        out of every column, else only out of the steady one.
        """
        grid = self.grids[where]
        sheet, row = grid.sheet, grid.row
        shown = f"{look or LOOKS[unit_of(key)]} {bold}".strip()
        grid.label(
            label or name_of(key, self.lang),
            self._unit(key) if unit is None else unit,
            how or self._how(key),
        )
        made: list[CellPlace | None] = []
        for column in self.columns:
            part = make(column)
            if isinstance(part, Plain):
                part = float(part.value)
            if (
                isinstance(part, Term)
                and (guard or column == "steady")
                and not isinstance(part, (CellPlace, Named))
            ):
                part = or_nothing(part)
            place = sheet.put(row, grid.column(column), part, shown)
            self.books[column][key] = None if part is None else place
            made.append(None if part is None else place)
        self._name("steady", key, sheet, row, grid.column("steady"))
        sheet.name(
            f"months_{plain_name(key)}", (row, grid.column(1)), (row, grid.column(self.months))
        )
        self._total(grid, key, sums, made[:-1], shown, guard=guard)
        grid.row += 1

    def _total(
        self,
        grid: MonthGrid,
        key: str,
        sums: Callable[[], Term | None] | str,
        made: Sequence[CellPlace | None],
        look: str,
        *,
        guard: bool,
    ) -> None:
        if sums == _NO_SUM:
            return
        known = [place for place in made if place is not None]
        whole = (
            sums() if callable(sums) else total(span(known)) if len(known) == self.months else None
        )
        if whole is not None and guard:
            whole = or_nothing(whole)
        place = grid.sheet.put(grid.row, grid.column("total"), whole, look)
        self.books["total"][key] = None if whole is None else place
        self._name("total", key, grid.sheet, grid.row, grid.column("total"))

    def _name(self, over: str, key: str, sheet: Sheet, row: int, column: int) -> None:
        sheet.name(f"{over}_{plain_name(key)}", (row, column))

    def _unit(self, key: str) -> str:
        match unit_of(key):
            case "money":
                return self.scenario.currency
            case "cost_money":
                return self.scenario.cost_currency
            case "rate":
                return "%"
            case kind:
                return say(self.lang, f"workbook.unit_{kind}")

    def _how(self, key: str) -> str:
        try:
            formula = formula_of(key)
        except KeyError:
            return ""
        note = formula.note.of(self.lang)
        return f"{formula_words(formula, self.lang)}  {note}".strip()

    # ---- months
    # ----------------------------------------------------------------------------------------------

    def _months_differ(self) -> None:
        self.grids["funnel"].heading(say(self.lang, "workbook.g_months"))
        plan = self.scenario.plan
        season = self.inputs.listed("plan.season")
        budgets = self.inputs.listed("plan.budget_plan") if plan.budget_plan else []

        def monthly(
            key: str, make: Callable[[int], Any], steady: float | None = 1.0, look: str = "ratio"
        ) -> None:
            self.line(
                "funnel",
                key,
                lambda c: steady if c == "steady" else make(c),
                label=say(self.lang, f"workbook.m_{key}"),
                look=look,
                unit="",
                how=say(self.lang, f"workbook.how_{key}"),
            )

        monthly("month", float, None, "plain")
        start = self.inputs.sure("plan.start_month")
        monthly(
            "calendar",
            lambda m: demand.calendar(as_number(start), self.at(m, "month")),
            None,
            "plain",
        )
        monthly("season", lambda m: pick(as_number(season), self.at(m, "calendar")))
        monthly(
            "ramp",
            lambda m: demand.ramp(
                self.symbol("ramp_start"), self.symbol("ramp_months"), self.at(m, "month")
            ),
        )
        monthly(
            "organic",
            lambda m: demand.ramp(
                self.symbol("organic_ramp_start"), self.symbol("ramp_months"), self.at(m, "month")
            ),
        )
        monthly("budget", lambda m: budgets[min(m, len(budgets)) - 1] if budgets else 1.0)
        monthly(
            "arrived",
            lambda m: demand.arrived(self.symbol("effect_ramp_months"), self.at(m, "month")),
        )
        for key, name in _EFFECTS.items():
            self._effect("funnel", key, name)

    def _effect(self, where: str, key: str, name: str) -> None:
        label = name_of(key, self.lang) if words_of(key) else say(self.lang, f"workbook.{key}")
        self.line(
            where,
            key,
            lambda c: demand.with_effect(self.symbol(name), self.at(c, "arrived")),
            label=label,
            look="ratio",
            unit="",
            how=say(self.lang, "workbook.how_effect"),
        )

    def at(self, column: Column, key: str) -> Any:
        """Return a figure of a column that is there."""
        found = self.books[column][key]
        assert found is not None
        return found

    # ---- one order
    # -------------------------------------------------------------------------------------------

    def _order(self) -> None:
        self.grids["order"].heading(say(self.lang, "workbook.g_tax"))
        self._months_of_fees()
        charged = self._made(lambda _, book: put_charges(self.scenario, self.cells, book))
        for key in _CHARGES:
            self.line("order", key, lambda c, k=key: charged[c][k])  # type: ignore[misc]
        self.grids["order"].heading(say(self.lang, "workbook.g_order"))
        self._effect("order", "aov_boost", "effect_aov")
        for formula in UNIT_AND_ORDER:
            self.line("order", formula.key, lambda c, f=formula: translated(f, self.book(c)))  # type: ignore[misc]
        self.grids["order"].heading(say(self.lang, "workbook.g_commission"))
        self._commission()
        for formula in COMMISSION:
            self.line(
                "order", formula.key, lambda c, f=formula: translated(f, self.book(c)), guard=True
            )  # type: ignore[misc]

    def number_in(self, column: Column, name: str) -> Term:
        """Return an input as it is in a column: what the month has of its own, else its cell."""
        return self.books[column].get(name) or self.symbol(name)

    def _made(self, work: Callable[[Column, Made], object]) -> dict[Column, Made]:
        """Return the book of each column after the model has put its figures there."""
        out: dict[Column, Made] = {}
        for column in self.columns:
            out[column] = self.book(column)
            work(column, out[column])
        return out

    def _months_of_fees(self) -> None:
        """Write the fees that differ by month: by calendar month, and as announced."""
        for key, name in SEASONS.items():
            year = self.inputs.listed(f"fulfilment.{name}")
            if any(factor.value != 1.0 for factor in year):
                self.line(
                    "order",
                    key,
                    lambda c, k=key, y=year: self._of_season(c, k, y),
                    how=say(self.lang, "workbook.how_fee_season"),
                )  # type: ignore[misc]
        for path, rows in announced_rows(self.scenario).items():
            key = symbol_of(path)
            steps = [
                tuple(self.inputs.sure(f"plan.announced.{row}.{part}") for part in _STEP)
                for row in rows
            ]
            self.line(
                "order",
                key,
                lambda c, k=key, s=steps: self._as_announced(c, k, s),
                how=say(self.lang, "workbook.how_announced"),
            )  # type: ignore[misc]

    def _of_season(self, column: Column, key: str, year: Sequence[Named]) -> Term:
        if column == "steady":
            return self.symbol(key)
        return as_number(self.symbol(key) * pick(as_number(year), self.at(column, "calendar")))

    def _as_announced(self, column: Column, key: str, steps: Sequence[Any]) -> Any:
        """Return what a number is in a month with its announced changes; a fee by season keeps its
        season.
        """
        current = self.symbol(key)
        level = (
            demand.announced_on_average(current, steps)
            if column == "steady"
            else demand.announced(current, steps, column)
        )
        seasonal = self.books[column].get(key) if key in SEASONS else None
        return level if seasonal is None else demand.moved(as_number(seasonal), current, level)

    def _commission(self) -> None:
        lang, unit = self.lang, self.scenario.currency
        piece: dict[Column, tuple[Any, Any]] = {}

        def work(column: Column, book: Made) -> None:
            piece[column] = put_commission(self.scenario, self.cells, demand.NO_CHANCE, book)

        charged = self._made(work)
        self.line("order", "commission_base", lambda c: charged[c]["commission_base"])
        self.line(
            "order",
            "commission_piece",
            lambda c: piece[c][0],
            label=say(lang, "workbook.o_piece"),
            look="money",
            unit=unit,
        )
        self.line(
            "order",
            "commission_piece_fee",
            lambda c: piece[c][1],
            label=say(lang, "workbook.o_piece_fee"),
            how=say(lang, "workbook.how_piece_fee"),
            look="money",
            unit=unit,
        )
        for key in ("commission_percentage", "commission_fixed", "commission_kept"):
            self.line("order", key, lambda c, k=key: charged[c][k])  # type: ignore[misc]

    # ---- the funnel
    # ------------------------------------------------------------------------------------------

    def _funnel(self) -> None:
        grid = self.grids["funnel"]
        made = self._made(self._put_funnel)
        for channel in self.scenario.channels:
            name = channel_name(self.scenario, channel.id, self.lang)
            grid.heading(
                f"{name} ({specs_of(Channel)['kind'].choices[channel.kind].of(self.lang)};"
                f" {say(self.lang, 'workbook.note_fixed')})"
            )
            for step in _STEPS.get(channel.kind, _STEPS[""]):
                look = "money" if step in _MONEY else "count"
                unit = self.scenario.currency if step in _MONEY else ""
                label = f"{name} · {say(self.lang, f'workbook.c_{step}')}"
                how = say(self.lang, f"workbook.by_{channel.kind}") if step == "clicks" else ""
                self.line(
                    "funnel",
                    f"channels.{channel.id}.{step}",
                    lambda c, i=channel.id, s=step: made[c]["channels"][i][s],  # type: ignore[misc]
                    label=label,
                    look=look,
                    unit=unit,
                    how=how,
                    sums="sum",
                    guard=True,
                )
        grid.heading(say(self.lang, "workbook.g_store"))
        self.line("funnel", "sales_ad_rate", lambda c: made[c]["sales_ad_rate"])
        for key in _SUMS:
            self.line("funnel", key, lambda c, k=key: made[c][k], sums="sum", guard=True)  # type: ignore[misc]

    def _put_funnel(self, column: Column, book: Made) -> None:
        """Let the model put the funnel of a column into its book."""
        at: Any = functools.partial(self.at, column)
        months = demand.MonthFactors(
            conversion=at("ramp") * at("season"),
            organic=at("organic"),
            budget=at("budget"),
            effect=at("arrived"),
        )
        effects = {name: at(key) for key, name in _EFFECTS.items()}
        put_funnel(self.scenario, self.cells, months, effects, demand.NO_CHANCE, book)

    # ---- customers
    # -------------------------------------------------------------------------------------------

    def _age_table(self) -> None:
        """Write how often a new customer orders at each age, and which of that the lifetime value
        counts.
        """
        sheet, lang, customers = self.sheets["customers"], self.lang, self.scenario.customers
        sheet.put(0, 0, sheet.title, "title")
        sheet.widths = {0: 46, **dict.fromkeys(range(1, 8), 18)}
        sheet.put(_AGES - 2, 0, say(lang, f"workbook.ages_{customers.retention}"), "lead")
        for column, key in enumerate(
            ("age", "orders", "within", "worth", "discount", "counted", "sum", "paid_back")
        ):
            sheet.put(_AGES - 1, column, say(lang, f"workbook.a_{key}"), "head")
        horizon = self.symbol("ltv_horizon")
        fixed = (
            orders_at_age(customers, Values(self.scenario).symbols, LONGEST_LTV)
            if customers.retention == "bgnbd"
            else []
        )
        self.within: list[CellPlace] = []
        self.worth: list[CellPlace] = []
        self.counted: list[CellPlace] = []
        self.so_far: list[CellPlace] = []
        self.numbers: list[CellPlace] = []
        for age in range(LONGEST_LTV):
            row = _AGES + age
            number = sheet.put(row, 0, float(age), "plain")
            self.numbers.append(number)
            known = float(np.asarray(fixed[age]).reshape(-1)[0]) if fixed else None
            self.ages.append(
                sheet.put(row, 1, self._orders_at(age, number) if known is None else known, "fine")
            )
            self.within.append(
                sheet.put(row, 2, when(number + 1 <= horizon, self.ages[age], 0), "fine")
            )
            self.worth.append(
                sheet.put(
                    row,
                    3,
                    (
                        self.within[age] * self.symbol("repeat_order_value")
                        if age
                        else self.within[age]
                    ),
                    "fine",
                )
            )
            discount = sheet.put(
                row,
                4,
                as_number(retention.discounted(self.symbol("ltv_discount"), as_number(number))),
                "fine",
            )
            counted = self.worth[age] * discount
            self.counted.append(
                sheet.put(
                    row, 5, counted if age else counted * self.symbol("ltv_first_order"), "fine"
                )
            )
            self.so_far.append(
                sheet.put(
                    row, 6, self.so_far[-1] + self.worth[age] if age else self.worth[age], "fine"
                )
            )
        self.symbols["repeat_probability"] = self._bought_again()

    def _orders_at(self, age: int, number: CellPlace) -> Term | float:
        customers, symbol = self.scenario.customers, self.symbol
        if not age:
            return 1.0
        interval = self.inputs.sure("customers.repeat_interval")
        falls = same(call("MOD", [number, interval], age % int(interval.value)), 0)
        match customers.retention:
            case "frequency":
                return as_number(
                    retention.evenly_at(
                        symbol("orders_a_year"), symbol("lifespan_years"), as_number(number)
                    )
                )
            case "sbg":
                back = age - int(interval.value)
                before = call(
                    "INDEX",
                    [span(self.ages), number - interval + 1],
                    self.ages[back].value if back >= 0 else 0.0,
                )
                return when(
                    falls,
                    retention.stayed(
                        as_number(before),
                        symbol("sbg_alpha"),
                        symbol("sbg_beta"),
                        as_number(number / interval),
                    ),
                    0,
                )
            case "table":
                typed = self.inputs.listed("customers.age_orders")
                return typed[age - 1] if age <= len(typed) else 0.0
        return when(falls, symbol("repeat_probability") ** (number / interval), 0)

    def _bought_again(self) -> Term:
        """Return the share that buys again within one interval: an input, or what follows from how
        customers come back.
        """
        customers, sheet = self.scenario.customers, self.sheets["customers"]
        if customers.retention == "constant":
            return self.symbol("repeat_probability")
        content: Term | float
        if customers.retention in ("sbg", "frequency"):
            content = as_number(bought_again(customers, as_number(self.symbols)))
        elif customers.retention == "table":
            typed = self.inputs.listed("customers.age_orders")
            content = as_number(
                bought_again(customers, as_number({**self.symbols, "age_orders": typed}))
            )
        else:
            content = float(
                np.asarray(Values(self.scenario).symbols["repeat_probability"]).reshape(-1)[0]
            )
        sheet.put(_AGAIN, 0, name_of("repeat_rate", self.lang))
        return sheet.put(_AGAIN, 1, content, "rate")

    def _cohorts(self) -> None:
        grid, referral = self.grids["cohorts"], self.symbol("referral")
        sheet, lang = grid.sheet, self.lang
        top = grid.row
        new_row, repeat_row, first = top, top + 1, top + 4
        constant = self.scenario.customers.retention == "constant"
        repeats = as_number(None if constant else total(span(self.within[1:])))
        steady = retention.steady(
            self.at("steady", "first_orders"), self.symbol("repeat_probability"), referral, repeats
        )
        new: dict[int, CellPlace] = {}
        repeat: dict[int, CellPlace] = {}
        for month in range(1, self.months + 1):
            column = grid.column(month)
            parts = retention.coming_back(
                as_number([new[m] for m in range(1, month)]), as_number(self.ages), month - 1
            )
            cells = [
                sheet.put(first + month - age - 1, column, as_number(part), "count")
                for age, part in enumerate(parts, 1)
            ]
            repeat[month] = sheet.put(
                repeat_row, column, total(span(cells)) if cells else 0.0, "count"
            )
            acquired = self.at(month, "first_orders")
            content = (
                acquired
                + retention.referred(
                    as_number(referral), as_number(new[month - 1]), as_number(repeat[month - 1])
                )
                if month > 1
                else acquired
            )
            new[month] = sheet.put(new_row, column, content, "count")
            sheet.put(first + month - 1, 0, say(lang, "workbook.cohort", n=month))
        sheet.put(top + 3, 0, say(lang, "workbook.g_cohorts"), "group")
        column = grid.column("steady")
        steady_new = sheet.put(new_row, column, or_nothing(as_number(steady[0])), "count")
        steady_repeat = sheet.put(repeat_row, column, or_nothing(as_number(steady[1])), "count")
        for key, row, months, usual in (
            ("new_customers", new_row, new, steady_new),
            ("repeat_orders", repeat_row, repeat, steady_repeat),
        ):
            grid.row = row
            grid.label(
                name_of(key, lang),
                say(lang, "workbook.unit_count"),
                say(lang, f"workbook.how_{key}"),
            )
            for month, place in months.items():
                self.books[month][key] = place
            self.books["steady"][key] = usual
            self._name("steady", key, sheet, row, column)
            sheet.name(f"months_{key}", (row, grid.column(1)), (row, grid.column(self.months)))
            self._total(grid, key, "sum", list(months.values()), "count", guard=False)

    # ---- the ledger
    # ------------------------------------------------------------------------------------------

    def _ledger(self) -> None:
        grid, fixed = self.grids["ledger"], self.scenario.fixed
        grid.heading(say(self.lang, "workbook.g_volumes"))
        for formula in VOLUMES:
            self.line(
                "ledger", formula.key, lambda c, f=formula: translated(f, self.book(c)), sums="sum"
            )  # type: ignore[misc]
        grid.heading(say(self.lang, "workbook.g_one_off"))
        for group in GROUP_WORDS:
            items = [n for n, item in enumerate(fixed.one_off, 1) if item.group == group]
            self.line(
                "ledger", f"one_off_{group}", lambda c, i=items: self._one_off(c, i), sums="sum"
            )  # type: ignore[misc]
        grid.heading(say(self.lang, "workbook.g_ledger"))
        for formula in LEDGER:
            subtotal = formula.key in SUBTOTAL
            self.line(
                "ledger",
                formula.key,
                lambda c, f=formula: translated(f, self.book(c)),  # type: ignore[misc]
                sums=(lambda f=formula: translated(f, self.books["total"])) if subtotal else "sum",
                bold="sum" if subtotal else "",
            )  # type: ignore[misc]

    def _one_off(self, column: Column, items: Sequence[int]) -> Term | float:
        if column == "steady" or not items:
            return 0.0
        parts = [
            when(
                same(self.inputs.sure(f"fixed.one_off.{n}.month"), self.at(column, "month")),
                self.inputs.sure(f"fixed.one_off.{n}.amount"),
                0,
            )
            for n in items
        ]
        return total(*parts)

    # ---- customers' worth, metrics
    # ---------------------------------------------------------------------------

    def _lifetime(self) -> None:
        """Write what a customer's orders bring."""
        steady, basis = self.books["steady"], self.scenario.customers.ltv_basis
        parts = {
            "basis": or_nothing(self.at("steady", basis) / self.at("steady", "paid_orders")),
            "cm2": or_nothing(self.at("steady", "cm2") / self.at("steady", "paid_orders")),
        }
        self.margins = {key: self._customer(key, part, "money") for key, part in parts.items()}
        worth = self._customer("counted", total(span(self.counted)), "fine")
        steady["ltv"] = self._customer("ltv", or_nothing(self.margins["basis"] * worth), "money")

    def _customer(self, key: str, content: Term, look: str) -> CellPlace:
        sheet, row = self.sheets["customers"], _CUSTOMER[key]
        sheet.put(row, 0, say(self.lang, f"workbook.u_{key}"))
        if key == "basis":
            words = (
                specs_of(type(self.scenario.customers))["ltv_basis"]
                .choices[self.scenario.customers.ltv_basis]
                .of(self.lang)
            )
            sheet.put(row, 2, f"{words}; {say(self.lang, 'workbook.note_fixed')}", "quiet")
        return sheet.put(row, 1, content, look)

    def _figures(self) -> None:
        books: dict[Column | Literal["total"], MonthBook] = {
            column: self.period(column) for column in self.everywhere
        }
        ltv = self.books["steady"]["ltv"]
        self.line("figures", "ltv", lambda _: ltv, sums=lambda: ltv)
        for formula in METRICS:

            def make(column: Column | Literal["total"], formula: object = formula) -> Term | None:
                return translated(formula, books[column])  # type: ignore[arg-type]

            self.line("figures", formula.key, make, sums=lambda m=make: m("total"), guard=True)  # type: ignore[misc]
            for column, book in books.items():
                book[formula.key] = self.books[column].get(formula.key)

    def _payback(self) -> None:
        sheet = self.sheets["customers"]
        cac, horizon, margin = (
            self.books["steady"]["cac"] or no_figure(),
            self.symbol("ltv_horizon"),
            self.margins["cm2"],
        )
        covered = [
            sheet.put(
                _AGES + age,
                7,
                or_nothing(
                    when(
                        both(is_number(cac), number + 1 <= horizon, so_far * margin >= cac),
                        number + 1,
                        no_figure(),
                    )
                ),
                "plain",
            )
            for age, (number, so_far) in enumerate(zip(self.numbers, self.so_far, strict=True))
        ]
        ages = [
            float(place.value)
            for place in covered
            if isinstance(place.value, float) and not math.isnan(place.value)
        ]
        whole = span(covered)
        found = call(
            "IF",
            [
                call("COUNT", [whole], float(len(ages))) > 0,
                call("MIN", [whole], min(ages, default=0.0)),
                no_figure(),
            ],
            min(ages, default=float("nan")),
        )
        place = sheet.put(_CUSTOMER["payback"], 1, or_nothing(found), "plain")
        sheet.put(_CUSTOMER["payback"], 0, name_of("payback_months", self.lang))
        sheet.put(_CUSTOMER["payback"], 2, say(self.lang, "workbook.payback_note"), "quiet")
        sheet.name("steady_payback_months", (place.row, place.column))
        self.books["steady"]["payback_months"] = place
        for row, key in enumerate(
            ("cac", "blended_cac", "loaded_cac", "ltv_cac"), _CUSTOMER["payback"] + 1
        ):
            sheet.put(row, 0, name_of(key, self.lang))
            sheet.put(row, 1, self.books["steady"][key], LOOKS[unit_of(key)])

    def _per_order(self) -> None:
        """Write the steady month's ledger per order, per month and per customer."""
        sheet, lang, steady = self.sheets["unit"], self.lang, self.books["steady"]
        row = _TOP
        for key in (f.key for f in LEDGER if f.key != "converted_home"):
            look = "money sum" if key in SUBTOTAL else "money"
            amount = self.at("steady", key)
            sheet.put(row, 0, name_of(key, lang), "sum" if key in SUBTOTAL else "")
            for column, (over, divisor) in enumerate(
                (("order", "paid_orders"), ("month", ""), ("customer", "new_customers")), 1
            ):
                below = steady[divisor] if divisor else None
                sheet.put(
                    row, column, or_nothing(amount / below) if below is not None else amount, look
                )
                sheet.name(f"per_{over}_{key}", (row, column))
            row += 1
        _heads(sheet, lang, ("figure", "per_order", "per_month", "per_customer"))


def _heads(sheet: Sheet, lang: Lang, heads: Sequence[str]) -> None:
    sheet.put(0, 0, sheet.title, "title")
    sheet.put(1, 0, say(lang, f"workbook.{sheet.key}_lead"), "lead")
    for column, key in enumerate(heads):
        sheet.put(2, column, say(lang, f"workbook.head_{key}"), "head right" if column else "head")
    sheet.freeze, sheet.widths = (3, 1), {0: 46, **dict.fromkeys(range(1, 8), 18)}


_CHARGES = (
    "consumer_factor",
    "gross_factor",
    "output_tax_factor",
    "withheld_factor",
    "console_factor",
    "duty_added",
    "duty_on_sale",
    "duty_fixed",
    "entry_fee_cap",
    "fulfilment_tax",
    "ads_tax",
    "fx_loss",
    "fx_on_gross",
)
_STEP = ("month", "value")
_CUSTOMER = {"basis": 3, "counted": 4, "ltv": 5, "cm2": 6, "payback": 7}
_AGAIN = 12
_AGES = 16


_STEPS = {
    "cpc": ("spend", "clicks", "impressions", "visits", "views", "carts", "checkouts", "orders"),
    "orders": (
        "impressions",
        "clicks",
        "visits",
        "views",
        "carts",
        "checkouts",
        "orders",
        "of_orders",
        "spend",
    ),
    "": ("spend", "impressions", "clicks", "visits", "views", "carts", "checkouts", "orders"),
}
"""The rows of a channel, those that the others follow from first."""
_MONEY = ("spend", "of_orders")
"""Steps of a channel that are money."""


_SUMS = (
    "impressions",
    "clicks",
    "visits",
    "product_views",
    "carts",
    "checkouts",
    "first_orders",
    "media_spend",
    "media_of_orders",
    "paid_clicks",
    "paid_impressions",
    "paid_channel_orders",
    "affiliate_orders",
    "affiliate_due",
    "list_cost",
)


def steady_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the figures that a workbook shows of the steady month, beside those of single
    channels.
    """
    return (
        *_SUMS,
        "new_customers",
        "repeat_orders",
        *(f.key for f in (*UNIT_AND_ORDER, *COMMISSION, *VOLUMES, *LEDGER, *METRICS)),
        "ltv",
        "payback_months",
    )
