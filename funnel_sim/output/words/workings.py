"""How each amount of a worked example comes about: the formula of a contract's line with its
numbers, to be recomputed by hand.

A working is steps parted by semicolons; the last one is the amount, unless it is a comparison: then
nothing is due. Tests compute each one again from its text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from funnel_sim.decisions.kpi.check import months_added
from funnel_sim.decisions.quote.contract import NOT_INCOME, RUNNING
from funnel_sim.decisions.quote.worked_examples import Examples, Level
from funnel_sim.output.words import formats
from funnel_sim.scenario.quotes import Option, Reward
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_STEP = "; "
_YEAR = 12
_DUST = 1e-9


@dataclass(frozen=True)
class Working:
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


def month_workings(found: Examples, level: Level, scenario: Scenario, lang: Lang) -> list[Working]:
    """Return the workings of one normal month of a level."""
    lines = {name: [amount] for name, amount in level.month.items()}
    maker = _Maker(found, level, lines, scenario, lang, single=True)
    return [
        Working(
            name, 1, 1, level.month[name], maker.text(name, 1) or say(lang, "sheet.nothing_met")
        )
        for name in lines
    ]


def window_workings(found: Examples, level: Level, scenario: Scenario, lang: Lang) -> list[Working]:
    """Return the workings of all months of a level, line by line; months that are alike are put
    together, lines without anything to say left out.
    """
    lines = {name: [float(amount) for amount in line] for name, line in level.lines.items()}
    maker = _Maker(found, level, lines, scenario, lang, single=False)
    out: list[Working] = []
    for name, amounts in lines.items():
        start = len(out)
        for month in range(1, level.lasts + 1):
            text = maker.text(name, month)
            if text is None:
                continue
            before = out[-1] if len(out) > start else None
            if before is not None and before.last == month - 1 and before.text == text:
                out[-1] = Working(name, before.first, month, before.amount, text)
            else:
                out.append(Working(name, month, month, amounts[month - 1], text))
    return out


class _Maker:
    """The workings of one level."""

    def __init__(
        self,
        found: Examples,
        level: Level,
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
        self.code = (
            scenario.cost_currency if self.option.fee_currency == "cost" else scenario.currency
        )
        self.kpis = {kpi.id: kpi for kpi in scenario.kpis}

    def pay(self, amount: float) -> str:
        return formats.exact_money(amount, self.code, self.lang)

    def due(self, amount: float) -> str:
        return formats.money(amount, self.code, self.lang)

    def sale(self, amount: float) -> str:
        return formats.exact_money(amount, self.scenario.currency, self.lang)

    def sold(self, amount: float) -> str:
        return formats.money(amount, self.scenario.currency, self.lang)

    def converted(self, text: str) -> str:
        if self.code == self.scenario.currency:
            return text
        return (
            f"{f'({text})' if ' + ' in text or ' − ' in text else text} ×"
            f" {formats.exact(self.found.fx)}"
        )

    def sum(self, names: Sequence[str], month: int) -> float:
        return sum(self.lines[name][month - 1] for name in names if name in self.lines)

    def added(self, names: Sequence[str], month: int) -> str:
        """Return the sum of lines as "a + b = c", only c where it is one line or none."""
        parts = [
            self.lines[name][month - 1]
            for name in names
            if name in self.lines and abs(self.lines[name][month - 1]) > _DUST
        ]
        total = self.due(self.sum(names, month))
        if len(parts) <= 1:
            return total
        shown = self.due(parts[0]) + "".join(
            f" {'−' if part < 0 else '+'} {self.due(abs(part))}" for part in parts[1:]
        )
        return f"{shown} = {total}"

    def text(self, line: str, month: int) -> str | None:  # noqa: PLR0912 - one case a line
        """Return how a line's amount of a month comes about; None where the line has nothing to do
        with the month.
        """
        option, level = self.option, self.level
        trial = not self.single and month <= option.trial
        match line:
            case "setup":
                return self.pay(option.setup) if month == 1 else None
            case "base":
                return self.pay(
                    option.trial_base if trial and option.trial_base is not None else option.base
                )
            case "share":
                return self.share(month)
            case "spend":
                return self.converted(
                    f"{formats.exact_percent(option.spend_rate)} × {self.sale(level.spend)}"
                )
            case "orders":
                return f"{self.pay(option.order_fee)} × {formats.exact(level.orders)}"
            case "floor":
                return None if trial or option.floor is None else self.lifted(option.floor, month)
            case "cap":
                return self.over(option.cap or 0.0, (*RUNNING, "floor", "bonus"), month)
            case "bonus" | "penalty":
                return self.rewards(line, month)
            case "instalments":
                parts = [
                    one.amount
                    for one in option.instalments
                    if self.falls(one.month, one.kpi) == month
                ]
                return " + ".join(self.pay(part) for part in parts) if parts else None
            case "passed_on":
                return self.pay(option.passed_on)
            case "rebate":
                rates = " × ".join(
                    formats.exact_percent(rate)
                    for rate in (option.rebate_rate, option.rebate_to_client)
                )
                return f"0 − {self.converted(f'{rates} × {self.sale(level.spend)}')}"
            case "extras":
                return self.extras(month)
            case "total_cap":
                return self.total_cap(option.total_cap or 0.0, month)
            case _:  # tax on all that is not passed on
                counted = [name for name in self.lines if name not in NOT_INCOME]
                steps, _, total = self.added(counted, month).rpartition(" = ")
                shown = f"{steps} = {total}{_STEP}" if steps else ""
                return f"{shown}{formats.exact_percent(option.fee_tax)} × {total}"

    # ---- line by line

    def share(self, month: int) -> str:
        level, option, base = self.level, self.option, self.found.baseline
        over = option.share_over == "baseline"
        counted = max(level.basis - base, 0.0) if over else level.basis
        steps = []
        if over:
            if level.basis <= base:
                return f"{self.sale(level.basis)} ≤ {self.sale(base)}"
            steps.append(f"{self.sale(level.basis)} − {self.sale(base)} = {self.sale(counted)}")
        if option.share_period == "month" or month == 1:
            if counted <= 0:
                return f"{self.sale(counted)} ≤ {self.sale(0.0)}"
            return _STEP.join([*steps, self.converted(self.tiers(counted))])
        so_far, now = counted * (month - 1), counted * month
        if now <= 0:
            return f"{self.sale(now)} ≤ {self.sale(0.0)}"
        steps += [
            f"{month - 1} × {self.sale(counted)} = {self.sale(so_far)}",
            f"{month} × {self.sale(counted)} = {self.sale(now)}",
        ]
        return _STEP.join([*steps, self.converted(f"({self.tiers(now)}) − ({self.tiers(so_far)})")])

    def tiers(self, amount: float) -> str:
        """Return the share on an amount above zero, tier by tier."""
        option, lower, parts = self.option, 0.0, []
        for tier in option.share_tiers:
            upper = float("inf") if tier.upto is None else tier.upto
            rate = formats.exact_percent(tier.rate)
            if option.share_mode == "whole":
                if amount < upper or (amount == upper and option.share_bound == "upto"):
                    return f"{rate} × {self.sale(amount)}"
                continue
            if amount > lower:
                parts.append(f"{rate} × {self.sale(min(amount, upper) - lower)}")
            lower = upper
        return " + ".join(parts)

    def lifted(self, floor: float, month: int) -> str:
        fee = self.sum(RUNNING, month)
        steps, _, total = self.added(RUNNING, month).rpartition(" = ")
        shown = f"{steps} = {total}{_STEP}" if steps else ""
        return (
            f"{shown}{total} ≥ {self.pay(floor)}"
            if fee >= floor
            else f"{shown}{self.pay(floor)} − {total}"
        )

    def over(self, cap: float, names: Sequence[str], month: int) -> str:
        total = self.sum(names, month)
        steps, _, shown = self.added(names, month).rpartition(" = ")
        before = f"{steps} = {shown}{_STEP}" if steps else ""
        return (
            f"{before}{self.pay(cap)} − {shown}"
            if total > cap
            else f"{before}{shown} ≤ {self.pay(cap)}"
        )

    def rewards(self, kind: str, month: int) -> str | None:
        parts = [
            text
            for text in (self.reward(one, month) for one in self.option.rewards if one.kind == kind)
            if text
        ]
        if not parts:
            return None
        text = " + ".join(parts)
        if kind == "bonus":
            return text
        most = max(self.sum((*RUNNING, "floor", "bonus", "cap"), month), 0.0)
        taken = -self.lines["penalty"][month - 1]
        if self.option.penalty_limited and abs(taken - most) <= _DUST:
            return (
                f"{text}{_STEP}{say(self.lang, 'sheet.at_most', amount=self.due(most))}{_STEP}0 −"
                f" {self.due(most)}"
            )
        return f"0 − ({text})" if " " in text else f"0 − {text}"

    def reward(self, reward: Reward, month: int) -> str | None:
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
        times = f" × {months}" if months > 1 else ""
        rate = formats.exact_percent(reward.amount)
        match reward.form:
            case "fixed":
                return self.pay(reward.amount)
            case "base":
                bases = self.lines.get("base", [0.0] * month)
                return (
                    f"{rate} ×"
                    f" {self.due(bases[month - 1] if months == 1 else sum(bases[first - 1 : last]))}"
                )
            case "sales":
                return self.converted(f"{rate} × {self.sale(self.level.basis)}{times}")
            case _:
                value, goal = (
                    self.level.values[kpi.id],
                    self.found.agreed[kpi.id].target / months_added(kpi),
                )
                high, low = (value, goal) if reward.kind == "bonus" else (goal, value)
                if high <= low:
                    return None
                text = f"{rate} × ({self.sold(high)} − {self.sold(low)}){times}"
                return (
                    text
                    if self.code == self.scenario.currency
                    else f"{text} × {formats.exact(self.found.fx)}"
                )

    def falls(self, month: int | None, kpi: str) -> int | None:
        """Return the month in which an instalment falls due, None where its KPI is missed."""
        if month is not None or not self.level.met[kpi]:
            return month
        one = self.kpis[kpi]
        return 1 if one.window == "by" else one.months[1]

    def extras(self, month: int) -> str | None:
        parts = []
        for extra in self.option.extras:
            if extra.every == "month" or (
                not self.single
                and (
                    (extra.every == "once" and month == 1)
                    or (extra.every == "year" and month % _YEAR == 1)
                )
            ):
                parts.append(self.pay(extra.amount))
        return " + ".join(parts) if parts else None

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
