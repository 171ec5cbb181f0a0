"""The model as formulas of a workbook: the calls of `model.economics` in the same order, each
figure a cell of its month.

Formulas of the sheet (`model.ledger`, `model.metrics`) are translated from their own texts. The
concepts between them (tax, commission, traffic, conversion, coming back) are the model's own
functions, called with cells in place of numbers (`model.written`): they write their formulas. Held
to the app's figures by tests/workbook.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Literal

from funnel_sim.model import demand
from funnel_sim.model.arrays import pick
from funnel_sim.model.charges import put_charges, put_commission
from funnel_sim.model.funnel import put_funnel
from funnel_sim.model.ledger import LEDGER, SUBTOTAL
from funnel_sim.model.metrics import METRICS
from funnel_sim.model.months import SEASONS, announced_rows
from funnel_sim.model.order_formulas import COMMISSION, UNIT_AND_ORDER
from funnel_sim.model.values import symbol_of
from funnel_sim.model.volumes import VOLUMES
from funnel_sim.model.written import (
    Named,
    Term,
    as_number,
    same,
    total,
    when,
)
from funnel_sim.output.words.figure_names import channel_name, name_of
from funnel_sim.output.workbook.cells import (
    or_nothing,
    translated,
)
from funnel_sim.output.workbook.customer_sheets import CustomerSheets
from funnel_sim.output.workbook.model_book import TOP, Column, Made, MonthBook, put_heads
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.costs import GROUP_WORDS
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import say

_EFFECTS = {
    "effect_on_price": "effect_cpc",
    "effect_on_shown": "effect_organic",
    "effect_on_clicked": "effect_ctr",
    "effect_on_carted": "effect_add_to_cart",
    "effect_on_checked": "effect_checkout",
}
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


class Model(CustomerSheets):
    """Every figure of a scenario as cells, written by the calls below from top to bottom."""

    def __post_init__(self) -> None:
        super().__post_init__()
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

    def _funnel(self) -> None:
        grid = self.grids["funnel"]
        made = self._made(self._put_funnel)
        if self.scenario.conversion.answers_to_price:
            grid.heading(say(self.lang, "workbook.g_price"))
            for key in ("price_ratio", "price_response"):
                self.line("funnel", key, lambda c, k=key: made[c][k])  # type: ignore[misc]
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

    def _per_order(self) -> None:
        """Write the steady month's ledger per order, per month and per customer."""
        sheet, lang, steady = self.sheets["unit"], self.lang, self.books["steady"]
        row = TOP
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
        put_heads(sheet, lang, ("figure", "per_order", "per_month", "per_customer"))


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
