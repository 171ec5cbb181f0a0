"""How each amount of a bill for actual months comes about, to be recomputed by hand: the contract's
own functions (decisions/review/written_bill.py), read with each month's numbers.

A working is steps parted by semicolons; the last one is the amount. Tests compute each one again
from its text.
"""

import math
from typing import Any

import numpy as np

from funnel_sim.decisions.kpi.check import month_target
from funnel_sim.decisions.quote.contract import LINES, OUTSIDE, RUNNING
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.written_bill import Counted, written_lines
from funnel_sim.model.written import term
from funnel_sim.output.words import formats
from funnel_sim.output.words.readings import WordedTerm, call_it, in_steps, is_bare, said
from funnel_sim.output.words.workings import Priced
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_STEP = "; "
_DUST = 1e-9
_CENT = 1e-6  # of an amount: nearer than any digit that is shown


def bill_workings(found: Bill, scenario: Scenario, lang: Lang) -> dict[tuple[str, int], str]:
    """Return the working of each line and month (counted from 1) that is known and not nothing."""
    kpis = {name: one.kpi for name, one in found.kpis.items()}
    out: dict[tuple[str, int], str] = {}
    for month in range(1, len(found.months) + 1):
        if not found.running[month - 1]:
            continue
        at = _Said(found, scenario, lang)
        lines = written_lines(at, kpis, month)
        for name, written in lines.items():
            if not math.isnan(float(term(written).value)):
                call_it(written, name, at.due(float(term(written).value)))
        for name, written in lines.items():
            if found.amount(name, month):
                text = at.text(name, month, written)
                if text is not None:
                    out[name, month] = text
    return out


class _Said(Counted):
    """A bill's months as numbers with their texts; `steps` what is said before the share."""

    def __init__(self, found: Bill, scenario: Scenario, lang: Lang):
        self.found, self.scenario, self.lang = found, scenario, lang
        self.months = len(found.months)
        self.contract = Priced(found.option, self.shown)
        self.baseline = WordedTerm("baseline", found.baseline, self.sale(found.baseline))
        self.steps: list[str] = []
        history = scenario.history
        self.seen = {
            name: np.nan_to_num(history.of(name, found.months), nan=later)
            for name, later in (
                ("gmv", math.nan),
                ("refunds", math.nan),
                ("ad_sales", math.nan),
                ("refunded_later", 0.0),
            )
        }

    # ---- texts

    def shown(self, unit: Unit, value: float) -> str:
        match unit:
            case Unit.RATE:
                return formats.exact_percent(value)
            case Unit.MONEY:
                return self.sale(value)
            case Unit.CONTRACT_MONEY:
                return formats.exact_money(value, self.found.code, self.lang)
            case _:
                return formats.exact(value)

    def sale(self, amount: float) -> str:
        """Return an amount of sales with every digit that it has, to a tenth of a cent."""
        shown = round(amount, self.found.digits + 2)
        return formats.exact_money(shown, self.scenario.currency, self.lang)

    def due(self, amount: float) -> str:
        return formats.money(amount, self.found.code, self.lang)

    # ---- what the lines are counted on

    def figure(self, name: str, month: int) -> Any:
        found, place = self.found, month - 1
        match name:
            case "on":
                return 1.0 if found.running[place] else 0.0
            case "fx":
                if found.code == self.scenario.currency:
                    return 1.0
                return WordedTerm("fx", float(found.fx[place]), formats.exact(found.fx[place]))
            case "season":
                value = float(found.season[place])
                return 1.0 if value == 1.0 else WordedTerm("season", value, formats.exact(value))
            case "orders":
                return WordedTerm(
                    name, float(found.orders[place]), formats.exact(found.orders[place])
                )
        value = float({"basis": found.basis, "spend": found.spend}[name][place])
        return WordedTerm(name, value, "" if math.isnan(value) else self.sale(value))

    def base(self, month: int) -> Any:
        value = float(self.found.lines["base"][month - 1]) if "base" in self.found.lines else 0.0
        return WordedTerm("base", value, self.due(value))

    def met(self, kpi: Kpi, month: int | None, *, beyond: bool) -> Any:
        path = self.found.kpis[kpi.id].path
        if month is None:
            whole = (
                path.window_beyond if beyond and path.month_beyond is not None else path.window_met
            )
            return whole is not None and bool(whole[0])
        each = path.month_beyond if beyond and path.month_beyond is not None else path.month_met
        return bool(each[month - 1, 0])

    def gap(self, kpi: Kpi, month: int, *, better: bool) -> Any:
        one = self.found.kpis[kpi.id]
        value, goal = float(one.months[month - 1]), month_target(kpi, one.target)
        if math.isnan(value):
            return term(0.0)
        high, low = (value, goal) if better == (kpi.comparator == "at_least") else (goal, value)
        return WordedTerm("high", high, self.sale(high)) - WordedTerm("low", low, self.sale(low))

    def paid_in(self, kpi: str, month: int) -> Any:
        return float(self.found.kpis[kpi].path.paid_in[0])

    def happened(self, place: int, month: int) -> Any:
        return self.found.months[month - 1] in self.found.happened.get(place, ())

    def before(self, name: str, month: int) -> Any:
        found = self.found
        if name == "so_far":
            value = float(found.shared[: month - 1].sum())
            return WordedTerm(name, value, self.sale(value))
        names = [one for one in LINES[: LINES.index("total_cap") + 1] if one not in OUTSIDE]
        value = sum(
            float(found.lines[one][: month - 1].sum()) for one in names if one in found.lines
        )
        return WordedTerm(name, value, self.due(value))

    def put(self, name: str, month: int, made: Any) -> Any:
        value = float(term(made).value)
        if name == "due":  # its sum is a step of the line itself
            return WordedTerm(name, value, self.due(value))
        said_apart = name == "so_far" or len(self.found.option.share_tiers) > 1
        if name == "paid" or math.isnan(value) or is_bare(made) or not said_apart:
            return made
        self.steps.append(f"{said(made)} = {self.sale(value)}")
        return WordedTerm(name, value, self.sale(value))

    # ---- a line

    def text(self, line: str, month: int, written: Any) -> str | None:
        """Return how a line comes about; None where it does not come to what is billed."""
        amount = float(self.found.lines[line][month - 1])
        value = float(term(written).value)
        if not abs(value - amount) <= _CENT * max(1.0, abs(amount)):
            return None
        held = self.held(month, amount) if line == "penalty" else None
        *steps, last = held or in_steps(written, self.due if line != "share" else self.sale)
        if last.startswith("−"):
            last = f"0 − {last[1:]}"
        earlier = [*self.counted_on(month), *self.steps] if line == "share" else []
        return _STEP.join([*earlier, *steps, last])

    def counted_on(self, month: int) -> list[str]:
        """Return how the sales of the share follow from a month's GMV, refunds and sales from ads;
        nothing where they are a figure of a report as it is, or rest on costs.
        """
        basis = float(self.found.basis[month - 1])
        seen = {name: float(values[month - 1]) for name, values in self.seen.items()}
        gmv, refunds, ads = seen["gmv"], seen["refunds"] + seen["refunded_later"], seen["ad_sales"]
        tax = 1.0 + float(point_value(self.scenario.tax.tax_rate))
        whole, of_ads, back = self.sale(gmv), self.sale(ads), self.sale(refunds)
        if min(abs(basis - gmv), abs(basis - ads)) <= _CENT * max(1.0, abs(basis)):
            return []
        apart = f" ÷ {formats.exact(tax)}"
        told = (
            (gmv - refunds, f"{whole} − {back}"),
            (gmv / tax, f"{whole}{apart}"),
            ((gmv - refunds) / tax, f"({whole} − {back}){apart}"),
            (ads / tax, f"{of_ads}{apart}"),
            (
                ads * (1.0 - refunds / gmv) / tax if gmv else math.nan,
                f"{of_ads} × (1 − {back} ÷ {whole}){apart}",
            ),
            (
                ads * (1.0 - refunds / gmv) if gmv else math.nan,
                f"{of_ads} × (1 − {back} ÷ {whole})",
            ),
        )
        for value, text in told:
            if abs(basis - value) <= _CENT * max(1.0, abs(basis)):
                return [f"{text} = {self.sale(basis)}"]
        return []

    def held(self, month: int, amount: float) -> list[str] | None:
        """Return the steps of a penalty that is held at what the month comes to before it."""
        if not self.found.option.penalty_limited:
            return None
        names = (*RUNNING, "floor", "bonus", "cap")
        lines = self.found.lines
        most = sum(float(lines[name][month - 1]) for name in names if name in lines)
        if abs(amount + most) > _DUST:
            return None
        return [say(self.lang, "sheet.at_most", amount=self.due(most)), f"0 − {self.due(most)}"]
