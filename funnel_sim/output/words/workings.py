"""How each amount of a worked example comes about: the formula of a contract's line with its
numbers, to be recomputed by hand.

A working is steps parted by semicolons; the last one is the amount, unless it is a comparison: then
nothing is due. Tests compute each one again from its text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funnel_sim.decisions.kpi.measured import months_added
from funnel_sim.decisions.quote.contract import (
    NOT_INCOME,
    RUNNING,
    BillBasis,
    lines_of,
    share_due,
    shared_basis,
)
from funnel_sim.decisions.quote.worked_examples import ExampleLevel, Examples
from funnel_sim.model.written import as_number, term
from funnel_sim.output.words import formats
from funnel_sim.output.words.readings import WordedTerm, call_it, held_at_nothing, in_steps, said
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_STEP = "; "
_DUST = 1e-9


@dataclass(frozen=True)
class ContractWorking:
    """A line's amount in months `first` to `last`, each of them `amount`, by `text`."""

    line: str
    first: int
    last: int
    amount: float
    text: str

    @property
    def total(self) -> float:
        """What these months come to together."""
        return self.amount * (self.last - self.first + 1)


def month_workings(
    found: Examples, level: ExampleLevel, scenario: Scenario, lang: Lang
) -> list[ContractWorking]:
    """Return the workings of one normal month of a level."""
    lines = {name: [amount] for name, amount in level.month.items()}
    maker = _Maker(found, level, lines, scenario, lang, single=True)
    return [
        ContractWorking(
            name, 1, 1, level.month[name], maker.text(name, 1) or say(lang, "sheet.nothing_met")
        )
        for name in lines
    ]


def window_workings(
    found: Examples, level: ExampleLevel, scenario: Scenario, lang: Lang
) -> list[ContractWorking]:
    """Return the workings of all months of a level, line by line; months that are alike are put
    together, lines without anything to say left out.
    """
    lines = {name: [float(amount) for amount in line] for name, line in level.lines.items()}
    maker = _Maker(found, level, lines, scenario, lang, single=False)
    out: list[ContractWorking] = []
    for name, amounts in lines.items():
        start = len(out)
        for month in range(1, level.lasts + 1):
            text = maker.text(name, month)
            if text is None:
                continue
            before = out[-1] if len(out) > start else None
            if before is not None and before.last == month - 1 and before.text == text:
                out[-1] = ContractWorking(name, before.first, month, before.amount, text)
            else:
                out.append(ContractWorking(name, month, month, amounts[month - 1], text))
    return out


class Priced:
    """A contract, or a row of one, with its numbers as people read them; what is zero is a plain
    zero, and takes part in nothing.
    """

    def __init__(self, item: Any, shown: Callable[[Unit, float], str]):
        self._item, self._shown = item, shown

    def __getattr__(self, name: str) -> Any:
        """Return a number with its text, the rows of a list, else what is there."""
        value = getattr(self._item, name)
        if isinstance(value, list):
            return [Priced(one, self._shown) for one in value]
        if isinstance(value, bool | str | int) or not value:
            return value
        unit = specs_of(type(self._item))[name].unit
        if isinstance(self._item, Reward) and self._item.form != "fixed":
            unit = Unit.RATE
        return WordedTerm(name, value, self._shown(unit, value))


class _Maker:
    """The workings of one level."""

    def __init__(
        self,
        found: Examples,
        level: ExampleLevel,
        lines: Mapping[str, Sequence[float]],
        scenario: Scenario,
        lang: Lang,
        *,
        single: bool,
    ):
        self.found, self.level, self.lines, self.scenario, self.lang, self.single = (
            found,
            level,
            lines,
            scenario,
            lang,
            single,
        )
        self.option: Option = found.option
        self.code = self.option.currency(scenario)
        self.kpis = {kpi.id: kpi for kpi in scenario.kpis}
        self.fx: Any = (
            1.0
            if self.code == scenario.currency
            else WordedTerm("fx", found.fx, formats.exact(found.fx))
        )
        monthly = [one for one in self.option.extras if one.every == "month"]
        lone = self.option.but(setup=0.0, trial=0, instalments=[], extras=monthly, total_cap=None)
        self.share_steps: list[str] = []
        self.priced = Priced(lone if single else self.option, self.shown)

    def shown(self, unit: Unit, value: float) -> str:
        match unit:
            case Unit.RATE:
                return formats.exact_percent(value)
            case Unit.MONEY:
                return self.sale(value)
            case Unit.CONTRACT_MONEY:
                return self.pay(value)
            case _:
                return formats.exact(value)

    def pay(self, amount: float) -> str:
        return formats.exact_money(amount, self.code, self.lang)

    def due(self, amount: float) -> str:
        return formats.money(amount, self.code, self.lang)

    def sale(self, amount: float) -> str:
        return formats.exact_money(amount, self.scenario.currency, self.lang)

    def sum(self, names: Sequence[str], month: int) -> float:
        return sum(self.lines[name][month - 1] for name in names if name in self.lines)

    def sales(self) -> Any:
        """Return the sales of a month that a share is counted on, by their text."""
        return WordedTerm("basis", self.level.basis, self.sale(self.level.basis))

    def text(self, line: str, month: int) -> str | None:
        """Return how a line's amount of a month comes about; None where the line has nothing to do
        with the month.
        """
        if not self.concerns(line, month):
            return None
        if line == "total_cap":
            return self.total_cap(self.option.total_cap or 0.0, month)
        found = lines_of(as_number(self.priced), self.counted(month))
        for name, written in found.items():
            call_it(written, name, self.due(float(term(written).value)))
        if line not in found:  # a reward of a month in which none is due
            return None
        amount, shown = self.lines[line][month - 1], self.sale if line == "share" else self.due
        if line == "penalty" and self.option.penalty_limited:
            most = max(self.sum((*RUNNING, "floor", "bonus", "cap"), month), 0.0)
            if abs(amount + most) <= _DUST:
                return _STEP.join(
                    [
                        said(self.rewards("penalty", month)),
                        say(self.lang, "sheet.at_most", amount=self.due(most)),
                        f"0 − {self.due(most)}",
                    ]
                )
        held = held_at_nothing(found[line], shown) if abs(amount) <= _DUST else None
        *steps, last = held or in_steps(found[line], shown)
        earlier = self.share_steps if line == "share" else []
        return _STEP.join([*earlier, *steps, f"0 − {last[1:]}" if last.startswith("−") else last])

    def concerns(self, line: str, month: int) -> bool:
        """Say whether a line has to do with a month: an amount that falls due once, the minimum fee
        outside the trial, a reward that is due.
        """
        match line:
            case "setup":
                return month == 1
            case "floor":
                return self.single or month > self.option.trial
            case "bonus" | "penalty":
                return any(
                    one.kind == line and self.reward(one, month) is not None
                    for one in self.option.rewards
                )
            case "instalments":
                return any(
                    self.falls(one.month, one.kpi) == month for one in self.option.instalments
                )
            case "extras" | "exit":
                return abs(self.lines[line][month - 1]) > _DUST
        return True

    def counted(self, month: int) -> BillBasis:
        """Return what the lines of a month are counted on, with the texts of it."""
        level, priced = self.level, self.priced
        left = int(level.life.left[0])
        at_end = not self.single and left > 0 and month == int(level.life.last[0])
        return BillBasis(
            month=float(month),
            on=1.0,
            spend=WordedTerm("spend", level.spend, self.sale(level.spend)),
            orders=WordedTerm("orders", level.orders, formats.exact(level.orders)),
            fx=self.fx,
            zero=term(0.0),
            share=lambda: self.share(month),
            rewarded=lambda kind, _: self.rewards(kind, month),
            capped=lambda due, _: due + self.lines["total_cap"][month - 1],  # told by `total_cap`
            instalment=lambda one: self.falls(one.month, one.kpi) or 0,
            happened=lambda _: False,
            exit=(
                priced.exit_fixed
                + priced.exit_months * priced.base
                + priced.exit_share * priced.base * left
                if at_end
                else None
            ),
        )

    # ---- line by line

    def share(self, month: int) -> Any:
        """Return the share of a month, or what it adds to that of the months before."""
        base = WordedTerm("baseline", self.found.baseline, self.sale(self.found.baseline))
        self.share_steps = []
        each = as_number(shared_basis(self.option, self.sales(), as_number(base), 1.0))
        if each.value > 0:
            each = self._step(each)
        if self.option.share_period == "month" or month == 1:
            return share_due(as_number(self.priced), each) * self.fx
        so_far, now = (
            self._step(count * each)
            for count in (WordedTerm("months", n, f"{n}") for n in (month - 1, month))
        )
        priced = as_number(self.priced)
        return (as_number(share_due(priced, now)) - share_due(priced, so_far)) * self.fx

    def _step(self, amount: Any) -> Any:
        """Return an amount of sales by its result, and keep how it comes about."""
        if isinstance(amount, WordedTerm):
            return amount
        shown = self.sale(float(amount.value))
        self.share_steps.append(f"{said(amount)} = {shown}")
        return WordedTerm("sales", float(amount.value), shown)

    def rewards(self, kind: str, month: int) -> Any:
        """Return the bonuses or penalties of a month that are due, added."""
        parts = [
            found
            for found in (
                self.reward(one, month) for one in self.option.rewards if one.kind == kind
            )
            if found is not None
        ]
        return sum(parts, term(0.0))

    def reward(self, reward: Reward, month: int) -> Any:
        """Return one bonus or penalty of a month, None where it is not due."""
        if self.single and reward.each == "window":
            return None
        kpi = self.kpis[reward.kpi]
        first, last = (kpi.months[1],) * 2 if kpi.window == "by" else kpi.months
        inside = self.single or (
            first <= month <= last if reward.each == "month" else month == last
        )
        met = (self.level.met if reward.bound == "from" else self.level.beyond)[kpi.id]
        if not inside or met != (reward.kind == "bonus"):
            return None
        months = 1 if reward.each == "month" else last - first + 1
        if reward.form == "fixed":
            return WordedTerm("reward", reward.amount, self.pay(reward.amount))
        rate: Any = WordedTerm("reward", reward.amount, formats.exact_percent(reward.amount))
        if reward.form == "base":
            bases = self.lines.get("base", [0.0] * month)
            base = bases[month - 1] if months == 1 else sum(bases[first - 1 : last])
            return rate * WordedTerm("base", base, self.due(base))
        if reward.form == "sales":
            return rate * self.sales() * months * self.fx
        value, goal = (
            self.level.values[kpi.id],
            self.found.agreed[kpi.id].target / months_added(kpi),
        )
        high, low = (value, goal) if reward.kind == "bonus" else (goal, value)
        if high <= low:
            return None
        gap = WordedTerm("high", high, self.sold(high)) - WordedTerm("low", low, self.sold(low))
        return rate * gap * months * self.fx

    def sold(self, amount: float) -> str:
        return formats.money(amount, self.scenario.currency, self.lang)

    def falls(self, month: int | None, kpi: str) -> int | None:
        """Return the month in which an instalment falls due, None where its KPI is missed."""
        if month is not None or not self.level.met[kpi]:
            return month
        one = self.kpis[kpi]
        return 1 if one.window == "by" else one.months[1]

    def total_cap(self, cap: float, month: int) -> str | None:
        """Return what the total maximum takes off; where it takes nothing, it is told once, in the
        last month.
        """
        names = [name for name in self.lines if name not in (*NOT_INCOME, "total_cap", "exit")]
        paid = sum(self.sum([*names, "total_cap"], m) for m in range(1, month))
        now = self.sum(names, month)
        if paid + now > cap + _DUST:
            return f"{self.pay(cap)} − {self.due(paid)} − {self.due(now)}"
        return f"{self.due(paid + now)} ≤ {self.pay(cap)}" if month == self.level.lasts else None
