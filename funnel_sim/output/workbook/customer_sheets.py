"""The customers of a workbook: how often they order at each age, the cohorts of every month, what a
customer is worth and when the cost of one is paid back.
"""

import math

import numpy as np

from funnel_sim.model import retention
from funnel_sim.model.repeat_orders import bought_again, orders_at_age
from funnel_sim.model.values import Values
from funnel_sim.model.written import (
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
from funnel_sim.output.words.figure_names import name_of, unit_of
from funnel_sim.output.workbook.cells import (
    CellPlace,
    or_nothing,
    span,
)
from funnel_sim.output.workbook.model_book import LOOKS, ModelBook
from funnel_sim.scenario.customers import LONGEST_LTV
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import say

_CUSTOMER = {"basis": 3, "counted": 4, "ltv": 5, "cm2": 6, "payback": 7}
_AGAIN = 12
_AGES = 16


class CustomerSheets(ModelBook):
    """The sheets "customers" and "cohorts"."""

    scenario: Scenario
    within: list[CellPlace]
    worth: list[CellPlace]
    counted: list[CellPlace]
    so_far: list[CellPlace]
    numbers: list[CellPlace]

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
        self.within = []
        self.worth = []
        self.counted = []
        self.so_far = []
        self.numbers = []
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
