"""The model as formulas of a workbook: the calls of `model.economics` in the same order, each
figure a cell of its month.

Formulas of the sheet (`model.ledger`, `model.metrics`) are translated from their own texts; the
concepts between them (tax, commission, traffic, coming back) are written here as they stand in
docs/model.md, and held to the app's figures by tests/workbook.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from funnel_sim.model.bases import formula_of
from funnel_sim.model.economics import SEASONS, Values, orders_at_age, symbol_of
from funnel_sim.model.ledger import COMMISSION, LEDGER, SUBTOTAL, UNIT_AND_ORDER, VOLUMES
from funnel_sim.model.metrics import FLOWS, METRICS
from funnel_sim.model.written import (
    Named,
    Term,
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
from funnel_sim.output.words.explain import channel_name, formula_words, name_of, unit_of, words_of
from funnel_sim.output.workbook.cells import Place, Sheet, or_nothing, plain_name, span, translated
from funnel_sim.output.workbook.inputs import Inputs
from funnel_sim.scenario.fields import LARGEST, Unit
from funnel_sim.scenario.quantity import is_range
from funnel_sim.scenario.scenario import (
    GROUP_WORDS,
    LONGEST_LTV,
    SECTIONS,
    Channel,
    Scenario,
    specs_of,
)
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
class Grid:
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


Book = dict[str, Term | None]


@dataclass
class Model:
    """Every figure of a scenario as cells; `books` hold them by column and key, `names` of a figure
    are `months_…`, `total_…`, `steady_…`.
    """

    inputs: Inputs
    sheets: Mapping[str, Sheet]
    books: dict[Column | Literal["total"], Book] = field(default_factory=dict)
    symbols: Book = field(default_factory=dict)
    ages: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scenario, self.lang = self.inputs.scenario, self.inputs.lang
        self.months = self.scenario.plan.horizon_months
        self.columns: list[Column] = [*range(1, self.months + 1), "steady"]
        self.everywhere: list[Column | Literal["total"]] = [*self.columns, "total"]
        self.books = {column: {} for column in self.everywhere}
        self.grids = {
            key: Grid(self.sheets[key], self.months, self.lang)
            for key in ("funnel", "order", "cohorts", "ledger", "figures")
        }
        self._symbols()
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

    def _symbols(self) -> None:
        self.symbols["fx_rate"] = self.inputs.sure("fx_rate")
        for section, cls in SECTIONS.items():
            part = getattr(self.scenario, section)
            for name, spec in specs_of(cls).items():
                value, path = getattr(part, name), f"{section}.{name}"
                if isinstance(value, bool) or (
                    spec.unit is not Unit.TEXT and not isinstance(value, list)
                ):
                    self.symbols[symbol_of(path)] = self.inputs.number(path)

    def symbol(self, name: str) -> Term:
        """Return the cell of an input that is there, by its symbol."""
        found = self.symbols[name]
        assert found is not None
        return found

    def book(self, column: Column) -> Book:
        """Return inputs and the figures of a column, as the formulas of one order and of the ledger
        read them.
        """
        return {**self.symbols, **self.books[column]}

    def period(self, column: Column | Literal["total"]) -> Book:
        """Return what the metrics of a period read: its own flows, all else from the steady month."""
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
        make: Callable[[Column], Term | float | None],
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
        made: list[Place | None] = []
        for column in self.columns:
            part = make(column)
            if (
                isinstance(part, Term)
                and (guard or column == "steady")
                and not isinstance(part, (Place, Named))
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
        grid: Grid,
        key: str,
        sums: Callable[[], Term | None] | str,
        made: Sequence[Place | None],
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
            key: str,
            make: Callable[[int], Term | float],
            steady: float | None = 1.0,
            look: str = "ratio",
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
            lambda m: (
                call("MOD", [start - 2 + self.at(m, "month"), 12], (start.value - 2 + m) % 12) + 1
            ),
            None,
            "plain",
        )  # type: ignore[operator]
        monthly(
            "season",
            lambda m: call(
                "CHOOSE",
                [self.at(m, "calendar"), *season],
                season[int(self.at(m, "calendar").value) - 1].value,
            ),
        )
        monthly(
            "ramp", lambda m: self._ramp(self.symbol("ramp_start"), self.symbol("ramp_months"), m)
        )
        monthly(
            "organic",
            lambda m: self._ramp(self.symbol("organic_ramp_start"), self.symbol("ramp_months"), m),
        )
        monthly("budget", lambda m: budgets[min(m, len(budgets)) - 1] if budgets else 1.0)
        monthly("arrived", lambda m: self._ramp(term(0.0), self.symbol("effect_ramp_months"), m))
        effects = {
            "price": "effect_cpc",
            "shown": "effect_organic",
            "clicked": "effect_ctr",
            "carted": "effect_add_to_cart",
            "checked": "effect_checkout",
        }
        for key, name in effects.items():
            self._effect("funnel", f"effect_on_{key}", name)

    def _ramp(self, start: Term, length: Term, month: int) -> Term:
        progress = when(length > 0, smallest(1, (self.at(month, "month") - 1) / length), 1)
        return start + (1 - start) * progress

    def _effect(self, where: str, key: str, name: str) -> None:
        label = name_of(key, self.lang) if words_of(key) else say(self.lang, f"workbook.{key}")
        self.line(
            where,
            key,
            lambda c: 1 + (self.symbol(name) - 1) * self.at(c, "arrived"),
            label=label,
            look="ratio",
            unit="",
            how=say(self.lang, "workbook.how_effect"),
        )

    def at(self, column: Column, key: str) -> Term:
        """Return a figure of a column that is there."""
        found = self.books[column][key]
        assert found is not None
        return found

    # ---- one order
    # -------------------------------------------------------------------------------------------

    def _order(self) -> None:
        self.grids["order"].heading(say(self.lang, "workbook.g_tax"))
        self._months_of_fees()
        for key, make in self._tax().items():
            self.line("order", key, make)
        self._charges()
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

    def _tax(self) -> dict[str, Callable[[Column], Term | float]]:
        situation, inside = self.scenario.tax.situation, same(self.symbol("price_includes_tax"), 1)
        if situation == "not_registered":
            return {
                key: lambda _c, v=value: v
                for key, value in zip(_TAX, (1.0, 1.0, 0.0, 0.0, 1.0), strict=True)
            }  # type: ignore[misc]

        def rate(c: Column) -> Term:
            return self.number_in(c, "tax_rate")

        def consumer(c: Column) -> Term:
            return when(inside, 1, 1 + rate(c))

        def tax(c: Column) -> Term:
            return when(inside, rate(c) / (1 + rate(c)), rate(c))

        def net(c: Column) -> Term:
            return when(inside, 1 / (1 + rate(c)), 1)

        if situation == "seller_remits":
            return {
                "consumer_factor": consumer,
                "gross_factor": consumer,
                "output_tax_factor": tax,
                "withheld_factor": lambda _: 0.0,
                "console_factor": consumer,
            }
        console = net if situation == "outside_price" else consumer
        return {
            "consumer_factor": consumer,
            "gross_factor": net,
            "output_tax_factor": lambda _: 0.0,
            "withheld_factor": tax,
            "console_factor": console,
        }

    def _months_of_fees(self) -> None:
        """Write the fees that differ by month: by calendar month, and as announced."""
        plan = self.scenario.plan
        for key, name in SEASONS.items():
            year = self.inputs.listed(f"fulfilment.{name}")
            if any(factor.value != 1.0 for factor in year):
                self.line(
                    "order",
                    key,
                    lambda c, k=key, y=year: self._of_season(c, k, y),
                    how=say(self.lang, "workbook.how_fee_season"),
                )  # type: ignore[misc]
        later: dict[str, list[int]] = {}
        for place, one in enumerate(plan.announced, 1):
            later.setdefault(one.field, []).append(place)
        for path, places in later.items():
            key = symbol_of(path)
            steps = sorted(places, key=lambda place: plan.announced[place - 1].month)
            self.line(
                "order",
                key,
                lambda c, p=path, s=steps: self._as_announced(c, p, s),
                how=say(self.lang, "workbook.how_announced"),
            )  # type: ignore[misc]

    def _of_season(self, column: Column, key: str, year: Sequence[Named]) -> Term:
        if column == "steady":
            return self.symbol(key)
        return self.symbol(key) * call(
            "CHOOSE",
            [self.at(column, "calendar"), *year],
            year[int(self.at(column, "calendar").value) - 1].value,
        )

    def _as_announced(self, column: Column, path: str, places: Sequence[int]) -> Term:
        """Return what a number is in a month: today's until a change begins; the steady month has
        the mean of twelve months.
        """
        key = symbol_of(path)
        months = range(1, 13) if column == "steady" else [column]
        before = self.books[column].get(key) or self.symbol(key)
        levels: list[Term] = []
        for month in months:
            level: Term = self.symbol(key)
            for place in places:
                start, value = (
                    self.inputs.sure(f"plan.announced.{place}.month"),
                    self.inputs.sure(f"plan.announced.{place}.value"),
                )
                level = when(start <= month, value, level)
            levels.append(level)
        mean = levels[0] if len(levels) == 1 else total(*levels) / 12
        return (
            when(same(self.symbol(key), 0), before + mean, before * mean / self.symbol(key))
            if key in SEASONS
            else mean
        )

    def _charges(self) -> None:
        """Write what the additional duties, the tax on each kind of fee and the conversion of money
        come to.
        """
        number = self.inputs.sure
        layers = list(enumerate(self.scenario.tax.duty_layers, 1))
        added = [
            number(f"tax.duty_layers.{n}.rate") for n, layer in layers if layer.base == "customs"
        ]
        on_sale = [
            number(f"tax.duty_layers.{n}.rate") for n, layer in layers if layer.base == "sale"
        ]
        fixed = [number(f"tax.duty_layers.{n}.per_unit") for n, _ in layers]
        fees = {name: self.symbols[f"tax_on_{name}"] for name in ("fulfilment", "ads")}

        def spread(c: Column) -> Term:
            return (
                self.number_in(c, "fx_spread")
                if self.symbols["bank_rate"] is None
                else 1 - self.number_in(c, "bank_rate") / self.symbol("fx_rate")
            )

        self.line("order", "duty_added", lambda _: total(*added) if added else 0.0)
        self.line("order", "duty_on_sale", lambda _: total(*on_sale) if on_sale else 0.0)
        self.line("order", "duty_fixed", lambda _: total(*fixed) if fixed else 0.0)
        self.line(
            "order",
            "entry_fee_cap",
            lambda c: (
                LARGEST
                if self.symbols["entry_fee_maximum"] is None
                else self.number_in(c, "entry_fee_maximum")
            ),
        )
        for name, own in fees.items():
            self.line(
                "order",
                f"{name}_tax",
                lambda c, k="tax_on_fees" if own is None else f"tax_on_{name}": self.number_in(
                    c, k
                ),
            )  # type: ignore[misc]
        self.line("order", "fx_loss", spread)
        self.line("order", "fx_on_gross", lambda _: float(self.scenario.payment.fx_on == "gross"))

    def _commission(self) -> None:
        rules, lang, symbol = self.scenario.commission, self.lang, self.symbol
        tiers, bands = len(rules.tiers), len(rules.fixed_bands)
        number = self.inputs.sure
        bounds = [number(f"commission.tiers.{n}.upto") for n in range(1, tiers)]
        rates = [number(f"commission.tiers.{n}.rate") for n in range(1, tiers + 1)]
        ends = [number(f"commission.fixed_bands.{n}.upto") for n in range(1, bands)]
        fees = [number(f"commission.fixed_bands.{n}.fee") for n in range(1, bands + 1)]
        closed, own_rate = rules.tier_bound == "upto", self.symbols["shipping_commission"]

        def base(c: Column) -> Term:
            factor = factor_of(c)
            goods = when(
                same(symbol("commission_before_discount"), 1),
                self.number_in(c, "price") * self.at(c, "units"),
                self.at(c, "goods_entered"),
            )
            return (
                goods
                if own_rate is not None
                else goods
                + self.number_in(c, "shipping_charged") * symbol("commission_on_shipping")
            ) * factor

        def factor_of(c: Column) -> Term:
            return when(
                same(symbol("commission_on_tax"), 1),
                self.at(c, "consumer_factor"),
                self.at(c, "gross_factor") - self.at(c, "output_tax_factor"),
            )

        def pieces(c: Column) -> Term:
            return self.at(c, "units") if rules.commission_per == "item" else term(1.0)

        def fee(c: Column) -> Term:
            one = self.at(c, "commission_piece")
            out = largest(
                (
                    one * _step(one, bounds, rates, closed=closed)
                    if rules.commission_mode == "whole"
                    else _marginal(one, bounds, rates)
                ),
                self.number_in(c, "commission_minimum"),
            )
            cap = (
                None
                if self.symbols["commission_cap"] is None
                else self.number_in(c, "commission_cap")
            )
            return out if cap is None else smallest(out, cap)

        def kept(c: Column) -> Term:
            out, cap = (
                self.at(c, "commission_piece_fee") * self.number_in(c, "refund_kept_rate"),
                (
                    None
                    if self.symbols["refund_kept_cap"] is None
                    else self.number_in(c, "refund_kept_cap")
                ),
            )
            return (out if cap is None else smallest(out, cap)) * pieces(c)

        unit = self.scenario.currency

        def shipping(c: Column) -> Term | None:
            return (
                None if own_rate is None else self.number_in(c, "shipping_charged") * factor_of(c)
            )

        def with_shipping(c: Column, goods: Term, rate: Term | float) -> Term:
            charged = shipping(c)
            return goods if charged is None else goods + charged * rate

        self.line("order", "commission_base", lambda c: with_shipping(c, base(c), 1.0))
        self.line(
            "order",
            "commission_piece",
            lambda c: (
                base(c) / pieces(c)
                if own_rate is not None
                else self.at(c, "commission_base") / pieces(c)
            ),
            label=say(lang, "workbook.o_piece"),
            look="money",
            unit=unit,
        )
        self.line(
            "order",
            "commission_piece_fee",
            fee,
            label=say(lang, "workbook.o_piece_fee"),
            how=say(lang, "workbook.how_piece_fee"),
            look="money",
            unit=unit,
        )
        self.line(
            "order",
            "commission_percentage",
            lambda c: with_shipping(
                c,
                self.at(c, "commission_piece_fee") * pieces(c),
                0.0 if own_rate is None else self.number_in(c, "shipping_commission"),
            ),
        )
        self.line(
            "order",
            "commission_fixed",
            lambda c: _step(self.at(c, "commission_piece"), ends, fees, closed=closed) * pieces(c),
        )
        self.line("order", "commission_kept", kept)

    # ---- the funnel
    # ------------------------------------------------------------------------------------------

    def _funnel(self) -> None:
        grid = self.grids["funnel"]
        for channel in self.scenario.channels:
            name = channel_name(self.scenario, channel.id, self.lang)
            grid.heading(
                f"{name} ({specs_of(Channel)['kind'].choices[channel.kind].of(self.lang)};"
                f" {say(self.lang, 'workbook.note_fixed')})"
            )
            for step, make in self._channel(channel).items():
                look = "money" if step in _MONEY else "count"
                unit = self.scenario.currency if step in _MONEY else ""
                label = f"{name} · {say(self.lang, f'workbook.c_{step}')}"
                how = say(self.lang, f"workbook.by_{channel.kind}") if step == "clicks" else ""
                self.line(
                    "funnel",
                    f"{_of(channel)}.{step}",
                    make,
                    label=label,
                    look=look,
                    unit=unit,
                    how=how,
                    sums="sum",
                    guard=True,
                )
        grid.heading(say(self.lang, "workbook.g_store"))
        rates = [
            self.inputs.sure(f"channels.{c.id}.tacos_rate")
            for c in self.scenario.channels
            if c.kind == "orders"
        ]
        self.line("funnel", "sales_ad_rate", lambda _: total(*rates) if rates else 0.0)
        for key, (kind, step, factor) in _SUMS.items():
            parts = [channel for channel in self.scenario.channels if _TAKES[kind](channel)]
            if key == "paid_channel_orders" and any(
                c.kind == "orders" and (is_range(c.tacos_rate) or c.tacos_rate) for c in parts
            ):
                self.line(
                    "funnel", key, lambda _: None, sums="sum"
                )  # ads known as a share of all sales: nobody knows which orders they brought
                continue
            self.line(
                "funnel",
                key,
                lambda c, p=parts, s=step, f=factor: self._sum(c, p, s, f),
                sums="sum",
                guard=True,
            )  # type: ignore[misc]

    def _sum(
        self, column: Column, channels: Sequence[Channel], step: str, factor: str
    ) -> Term | float | None:
        out: Term | None = None
        for channel in channels:
            part = self.books[column][f"{_of(channel)}.{step}"]
            if part is None:
                return None
            if factor:
                part = part * self.inputs.sure(f"channels.{channel.id}.{factor}")
            out = part if out is None else out + part
        return 0.0 if out is None else out

    def _typed_orders(self, channel: Channel) -> dict[str, Callable[[Column], Term | float | None]]:
        """Return the columns of a channel whose orders are typed."""

        def sure(name: str) -> Named:
            return self.inputs.sure(f"channels.{channel.id}.{name}")

        def orders(c: Column) -> Term:
            boost = (
                self.at(c, "ramp")
                * self.at(c, "season")
                * self.at(c, "effect_on_carted")
                * self.at(c, "effect_on_checked")
            )
            sold = sure("known_sales")
            match channel.known_as:
                case "units":
                    sold = sold / self.at(c, "units")  # type: ignore[assignment]
                case "sales":
                    sold = sold / self.at(c, "order_consumer")  # type: ignore[assignment]
            return sold * boost

        def of_orders(c: Column) -> Term | float:
            each = sure("cost_per_order") + sure("acos_rate") * self.at(c, "order_gross")
            return self.at(c, f"{_of(channel)}.orders") * each if _costs(channel) else 0.0

        def spend(c: Column) -> Term | float:
            along = self.at(c, f"{_of(channel)}.of_orders")
            return (
                along + sure("known_spend") * self.at(c, "budget")
                if _given(channel.known_spend)
                else along
            )

        unknown = ("impressions", "clicks", "visits", "views", "carts", "checkouts")
        made: dict[str, Callable[[Column], Term | float | None]] = dict.fromkeys(
            unknown, lambda _: None
        )
        return {**made, "orders": orders, "of_orders": of_orders, "spend": spend}

    def _channel(self, channel: Channel) -> dict[str, Callable[[Column], Term | float | None]]:
        if channel.kind == "orders":
            return self._typed_orders(channel)

        def own(name: str) -> Named | None:
            return self.inputs.number(f"channels.{channel.id}.{name}")

        def sure(name: str) -> Named:
            return self.inputs.sure(f"channels.{channel.id}.{name}")

        def budget(c: Column) -> Term:
            return sure("budget") * self.at(c, "budget")

        def bought(c: Column, name: str) -> Term:
            e, reference = sure("elasticity"), own("reference_budget")
            price = sure(name) * self.at(c, "effect_on_price")
            out = self.at(c, f"{_of(channel)}.spend") ** (1 - e)
            return out / price if reference is None else out * reference**e / price

        def rate(c: Column) -> Term | None:
            ctr = own("ctr")
            return None if ctr is None else smallest(1, ctr * self.at(c, "effect_on_clicked"))

        def step(c: Column, name: str) -> Term | None:
            return self.books[c][f"{_of(channel)}.{name}"]

        def seen(c: Column) -> Term | float | None:
            ctr = rate(c)
            match channel.kind:
                case "cpc":
                    clicks = step(c, "clicks")
                    return None if ctr is None or clicks is None else when(ctr > 0, clicks / ctr, 0)
                case "cpm":
                    return 1000 * bought(c, "cpm")
                case "organic":
                    return (
                        sure("impressions") * self.at(c, "organic") * self.at(c, "effect_on_shown")
                    )
            return sure("impressions")

        def clicks(c: Column) -> Term | None:
            if channel.kind == "cpc":
                return bought(c, "cpc")
            shown, ctr = step(c, "impressions"), rate(c)
            return None if shown is None or ctr is None else shown * ctr

        paid = channel.kind in ("cpc", "cpm")
        first: dict[str, Callable[[Column], Term | float | None]] = {
            "spend": budget if paid else lambda _c: 0.0
        }
        first |= (
            {"clicks": clicks, "impressions": seen}
            if channel.kind == "cpc"
            else {"impressions": seen, "clicks": clicks}
        )
        return first | self._steps(channel, own, step)

    def _steps(
        self,
        channel: Channel,
        own: Callable[[str], Named | None],
        step: Callable[[Column, str], Term | None],
    ) -> dict[str, Callable[[Column], Term | float | None]]:
        store = {
            name: self.symbols[symbol_of(f"conversion.{name}")]
            for name in ("landing_rate", "cvr", "add_to_cart_rate", "checkout_rate")
        }
        seen, of_views = self.symbols["product_view_rate"], self.symbols["cart_of_views_rate"]
        started, completed = (
            self.symbols["checkout_start_rate"],
            self.symbols["checkout_completion_rate"],
        )
        if seen is not None and of_views is not None:
            store["add_to_cart_rate"] = seen * of_views
        if started is not None and completed is not None:
            store["checkout_rate"] = started * completed
        mine = {name: own(f"channel_{name}") for name in store}
        rates = {name: store[name] if mine[name] is None else mine[name] for name in store}
        if mine["cvr"] is None and mine["checkout_rate"] is not None:
            rates["cvr"] = None
        landing, cvr, cart, checkout, success = (
            rates["landing_rate"],
            rates["cvr"],
            rates["add_to_cart_rate"],
            rates["checkout_rate"],
            self.symbol("payment_success_rate"),
        )
        assert landing is not None

        def boost(c: Column) -> Term:
            return self.at(c, "ramp") * self.at(c, "season") * self.at(c, "effect_on_carted")

        def visits(c: Column) -> Term | None:
            clicks = step(c, "clicks")
            return None if clicks is None else clicks * landing

        def carts(c: Column) -> Term | None:
            visited = step(c, "visits")
            return (
                None if cart is None or visited is None else visited * smallest(1, cart * boost(c))
            )

        def orders(c: Column) -> Term | None:
            visited, carted = step(c, "visits"), step(c, "carts")
            if cvr is not None and visited is not None:
                paid = visited * smallest(1, cvr * boost(c) * self.at(c, "effect_on_checked"))
                return paid if carted is None else smallest(paid, carted * success)
            if carted is None or checkout is None:
                return None
            return carted * smallest(1, checkout * self.at(c, "effect_on_checked")) * success

        def views(c: Column) -> Term | None:
            visited = step(c, "visits")
            return (
                None
                if seen is None or mine["add_to_cart_rate"] is not None or visited is None
                else visited * seen
            )

        def checkouts(c: Column) -> Term | None:
            carted = step(c, "carts")
            return (
                None
                if started is None or mine["checkout_rate"] is not None or carted is None
                else carted * started
            )

        return {
            "visits": visits,
            "views": views,
            "carts": carts,
            "checkouts": checkouts,
            "orders": orders,
        }

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
        self.within: list[Place] = []
        self.worth: list[Place] = []
        self.counted: list[Place] = []
        self.so_far: list[Place] = []
        self.numbers: list[Place] = []
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
                row, 4, (1 + self.symbol("ltv_discount")) ** (-number / 12), "fine"
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

    def _orders_at(self, age: int, number: Place) -> Term | float:
        customers, symbol = self.scenario.customers, self.symbol
        if not age:
            return 1.0
        interval = self.inputs.sure("customers.repeat_interval")
        falls = same(call("MOD", [number, interval], age % int(interval.value)), 0)
        match customers.retention:
            case "frequency":
                months = 12 * symbol("lifespan_years")
                return self._each_month() * largest(0, smallest(1, months - number))
            case "sbg":
                back = age - int(interval.value)
                before = call(
                    "INDEX",
                    [span(self.ages), number - interval + 1],
                    self.ages[back].value if back >= 0 else 0.0,
                )
                ahead, alpha, beta = number / interval - 1, symbol("sbg_alpha"), symbol("sbg_beta")
                return when(falls, before * (beta + ahead) / (alpha + beta + ahead), 0)
            case "table":
                typed = self.inputs.listed("customers.age_orders")
                return typed[age - 1] if age <= len(typed) else 0.0
        return when(falls, symbol("repeat_probability") ** (number / interval), 0)

    def _each_month(self) -> Term:
        """Return the orders of a month after the first one, of a customer who orders so often a
        year for some years.
        """
        years = self.symbol("lifespan_years")
        return largest(0, self.symbol("orders_a_year") * years - 1) / (12 * years - 1)

    def _bought_again(self) -> Term:
        """Return the share that buys again within one interval: an input, or what follows from how
        customers come back.
        """
        customers, sheet = self.scenario.customers, self.sheets["customers"]
        if customers.retention == "constant":
            return self.symbol("repeat_probability")
        content: Term | float
        if customers.retention == "sbg":
            content = self.symbol("sbg_beta") / (self.symbol("sbg_alpha") + self.symbol("sbg_beta"))
        elif customers.retention == "frequency":
            interval = self.inputs.sure("customers.repeat_interval")
            content = smallest(
                1, self._each_month() * smallest(interval, 12 * self.symbol("lifespan_years") - 1)
            )
        elif customers.retention == "table":
            typed, interval = (
                self.inputs.listed("customers.age_orders"),
                self.inputs.sure("customers.repeat_interval"),
            )
            parts = [when(interval >= place, one, 0) for place, one in enumerate(typed, 1)]
            content = smallest(1, total(*parts))
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
        p = self.symbol("repeat_probability")
        repeats = p / (1 - p) if constant else total(span(self.within[1:]))
        brought = 1 - referral * (1 + repeats)
        new: dict[int, Place] = {}
        repeat: dict[int, Place] = {}
        for month in range(1, self.months + 1):
            column = grid.column(month)
            cells = [
                sheet.put(first + m - 1, column, new[m] * self.ages[month - m], "count")
                for m in range(1, month)
            ]
            repeat[month] = sheet.put(
                repeat_row, column, total(span(cells)) if cells else 0.0, "count"
            )
            acquired = self.at(month, "first_orders")
            content = (
                acquired + referral * (new[month - 1] + repeat[month - 1])
                if month > 1
                else acquired
            )
            new[month] = sheet.put(new_row, column, content, "count")
            sheet.put(first + month - 1, 0, say(lang, "workbook.cohort", n=month))
        sheet.put(top + 3, 0, say(lang, "workbook.g_cohorts"), "group")
        column = grid.column("steady")
        steady_new = sheet.put(
            new_row,
            column,
            or_nothing(self.at("steady", "first_orders") / when(brought > 0, brought, no_figure())),
            "count",
        )
        steady_repeat = sheet.put(repeat_row, column, or_nothing(steady_new * repeats), "count")
        for key, row, months, steady in (
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
            self.books["steady"][key] = steady
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

    def _customer(self, key: str, content: Term, look: str) -> Place:
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
        books: dict[Column | Literal["total"], Book] = {
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


def _of(channel: Channel) -> str:
    return f"channels.{channel.id}"


def _step(
    base: Term, bounds: Sequence[Term], values: Sequence[Term], *, closed: bool = True
) -> Term:
    """Return the value of the tier that the base falls into; a base on the bound belongs to the
    lower one where `closed`.
    """
    out = values[-1]
    for bound, value in reversed(list(zip(bounds, values, strict=False))):
        out = when(base <= bound, value, out) if closed else when(base >= bound, out, value)
    return out


def _marginal(base: Term, bounds: Sequence[Term], rates: Sequence[Term]) -> Term:
    """Return the fee when each part of the base is charged at the rate of its own tier."""
    out = (smallest(base, bounds[0]) if bounds else base) * rates[0]
    for index, lower in enumerate(bounds):
        top = smallest(base, bounds[index + 1]) if index + 1 < len(bounds) else base
        out = out + largest(top - lower, 0) * rates[index + 1]
    return out


stepped, marginal = _step, _marginal
_TAX = ("consumer_factor", "gross_factor", "output_tax_factor", "withheld_factor", "console_factor")
_CUSTOMER = {"basis": 3, "counted": 4, "ltv": 5, "cm2": 6, "payback": 7}
_AGAIN = 12
_AGES = 16


def _costs(channel: Channel) -> bool:
    """Return whether a channel of typed orders is paid for by its orders or its own sales."""
    return _given(channel.cost_per_order) or _given(channel.acos_rate)


def _given(value: object) -> bool:
    return bool(is_range(value) or value)


_MONEY = ("spend", "of_orders")
"""Steps of a channel that are money."""


_TAKES: dict[str, Callable[[Channel], bool]] = {
    "all": lambda _: True,
    "paid": lambda c: (
        c.kind in ("cpc", "cpm")
        or (c.kind == "orders" and (_costs(c) or _given(c.known_spend) or _given(c.tacos_rate)))
    ),
    "share": lambda c: c.kind == "share" or bool(is_range(c.affiliate_rate) or c.affiliate_rate),
    "list": lambda c: c.kind == "list",
    "typed": lambda c: c.kind == "orders",
}
_SUMS: dict[str, tuple[str, str, str]] = {
    "impressions": ("all", "impressions", ""),
    "clicks": ("all", "clicks", ""),
    "visits": ("all", "visits", ""),
    "product_views": ("all", "views", ""),
    "carts": ("all", "carts", ""),
    "checkouts": ("all", "checkouts", ""),
    "first_orders": ("all", "orders", ""),
    "media_spend": ("paid", "spend", ""),
    "media_of_orders": ("typed", "of_orders", ""),
    "paid_clicks": ("paid", "clicks", ""),
    "paid_impressions": ("paid", "impressions", ""),
    "paid_channel_orders": ("paid", "orders", ""),
    "affiliate_orders": ("share", "orders", ""),
    "affiliate_due": ("share", "orders", "affiliate_rate"),
    "list_cost": ("list", "impressions", "send_cost"),
}


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
