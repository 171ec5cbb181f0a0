"""How each amount of a bill for actual months comes about, in the words of the worked examples
(workings.py): the same formulas, with each month's own numbers.

Left without a working is what those formulas cannot write of months that differ: a share that runs
since the start, a reward of a whole window on sales or on an excess, a baseline times a season, an
extra by event, a
tax on what a total maximum has cut.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from funnel_sim.decisions.quote.contract import Duration
from funnel_sim.decisions.quote.worked_examples import Agreed, ExampleLevel, Examples
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.output.words import formats
from funnel_sim.output.words.workings import line_working
from funnel_sim.scenario.kpis import MONEY_METRICS
from funnel_sim.scenario.quote_rows import Instalment
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def bill_workings(found: Bill, scenario: Scenario, lang: Lang) -> dict[tuple[str, int], str]:
    """Return the working of each line and month (counted from 1) that is not nothing."""
    lines = {name: [float(one) for one in line] for name, line in found.lines.items()}
    out: dict[tuple[str, int], str] = {}
    for month in range(1, len(found.months) + 1):
        if not found.running[month - 1] or found.due(month) is None:
            continue
        level = _level(found, month)
        examples = replace(_examples(found), fx=float(found.fx[month - 1]))
        for name in found.lines:
            if not found.amount(name, month) or not _can(found, name, month):
                continue
            text = line_working(examples, level, lines, scenario, lang, name, month)
            if text is not None:
                out[name, month] = text
    return out


def working_sentences(
    found: Bill, workings: Mapping[tuple[str, int], str], lang: Lang
) -> list[str]:
    """Return the `workings` as lines to read, month by month."""
    return [
        say(
            lang,
            "review.bill_working",
            month=found.months[month - 1],
            line=say(lang, f"quote.line_{name}"),
            working=text,
            amount=formats.money(float(amount), found.code, lang),
        )
        for (name, month), text in workings.items()
        if (amount := found.amount(name, month)) is not None
    ]


def _can(found: Bill, line: str, month: int) -> bool:
    """Say whether the formulas of the worked examples hold for a line of a month."""
    option: Option = found.option
    match line:
        case "share":
            seasonal = option.share_over == "baseline" and option.baseline_season
            return (option.share_period == "month" or month == 1) and not (
                seasonal and not math.isclose(found.season[month - 1], 1.0)
            )
        case "bonus" | "penalty":
            rows = [one for one in option.rewards if one.kind == line]
            return all(one.each == "month" or one.form in ("fixed", "base") for one in rows) and (
                len({one.each for one in rows}) == 1
            )
        case "extras":
            return all(one.every != "event" for one in option.extras)
        case "tax":
            return not found.amount("total_cap", month) if "total_cap" in found.lines else True
    return True


def _examples(found: Bill) -> Examples:
    named: Mapping[str, Agreed] = {
        name: Agreed(one.target, one.target, None) for name, one in found.kpis.items()
    }
    kpi: Any = next((one.kpi for one in found.kpis.values()), None)
    count = len(found.months)
    return Examples(
        _dated(found), kpi, bool(named), False, count, 0.0, 1.0, found.baseline, named, ()
    )  # fmt: skip


def _dated(found: Bill) -> Option:
    """Return the contract with instalments in the months in which they fell due, without rewards
    that can bring nothing (an excess of what is no money).
    """
    option = found.option
    due = [
        (
            one.amount,
            one.month if one.month is not None else int(found.kpis[one.kpi].path.paid_in[0]),
        )
        for one in option.instalments
    ]
    return option.but(
        instalments=[
            Instalment(amount=amount, month=month)
            for amount, month in due
            if 0 < month <= len(found.months)
        ],
        rewards=[
            one
            for one in option.rewards
            if one.form != "excess" or found.kpis[one.kpi].kpi.metric in MONEY_METRICS
        ],
    )


def _level(found: Bill, month: int) -> ExampleLevel:
    """Return one month as a level of the worked examples."""
    place = month - 1
    windows = {one.kpi for one in found.option.rewards if one.each == "window"}

    def met(name: str, *, beyond: bool) -> bool:
        path = found.kpis[name].path
        whole, each = path.window_met, path.month_met
        if beyond and path.month_beyond is not None:
            whole, each = path.window_beyond, path.month_beyond
        if name in windows and whole is not None:
            return bool(whole[0])
        return bool(each[place, 0])

    count = len(found.months)
    none = np.zeros(1, np.int64)
    return ExampleLevel(
        None,
        0.0,
        1.0,
        float(found.basis[place]),
        float(found.spend[place]),
        float(found.orders[place]),
        {name: float(one.months[place]) for name, one in found.kpis.items()},
        {name: met(name, beyond=False) for name in found.kpis},
        {name: met(name, beyond=True) for name in found.kpis},
        {},
        Duration(
            np.array(found.running)[:, None], np.full(1, found.last), np.full(1, found.why), none
        ),
        {name: np.asarray(line)[:count] for name, line in found.lines.items()},
    )
