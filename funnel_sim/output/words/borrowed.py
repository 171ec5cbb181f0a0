"""Beside a figure of actual months: what of it is not the shop's own."""

from collections.abc import Sequence

from funnel_sim.decisions.review.alike import ALIKE
from funnel_sim.decisions.review.borrowed import UNIT_COST, example_cost
from funnel_sim.output.words.joining import listed
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def borrowed_mark(assumed: Sequence[str], lang: Lang) -> str:
    """Return what is not the shop's own as a mark, without brackets; "" where all is.

    Args:
        assumed: `UNIT_COST` and figures of the series, as `borrowed` returns them.
    """
    parts = [say(lang, "review.with_example_cost")] if UNIT_COST in assumed else []
    alike = [one.removeprefix(ALIKE) for one in assumed if one.startswith(ALIKE)]
    if alike:
        names = listed([say(lang, f"history.figure_{one}") for one in alike], lang)
        parts.append(say(lang, "review.with_other_period", figures=names))
    figures = [
        say(lang, f"history.figure_{one}")
        for one in assumed
        if one != UNIT_COST and not one.startswith(ALIKE)
    ]
    if figures:
        parts.append(say(lang, "review.with_scenario", figures=listed(figures, lang)))
    return ("，" if lang == "zh" else ", ").join(parts)


def marked_name(name: str, assumed: Sequence[str], lang: Lang) -> str:
    """Return a figure's name with the mark in brackets, within those that it ends in.

    Args:
        name: of the figure; "" for the mark alone.
        assumed: `UNIT_COST` and figures of the series, as `borrowed` returns them.

    >>> marked_name("利润（未扣服务费）", ["unit_cost"], "zh")
    '利润（未扣服务费，示例成本）'
    >>> marked_name("Profit", ["unit_cost"], "en")
    'Profit (example cost)'
    """
    mark = borrowed_mark(assumed, lang)
    if not mark:
        return name
    if lang == "zh":
        return f"{name[:-1]}，{mark}）" if name.endswith("）") else f"{name}（{mark}）"
    return f"{name[:-1]}, {mark})" if name.endswith(")") else f"{name} ({mark})"


def cost_mark(scenario: Scenario, months: Sequence[str], lang: Lang) -> str:
    """Return the mark of amounts that hold an example's unit cost, in brackets; "" elsewhere.

    Args:
        months: names of the months that the amounts are of, such as "2026-03".
    """
    return marked_name("", [UNIT_COST] if example_cost(scenario, months) else [], lang).lstrip()
