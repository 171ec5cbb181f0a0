"""What the exchange rate does to an owner at home, in sentences."""

import math

from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.hedging import Hedging
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.quantity import point_value
from funnel_sim.words import Lang, say


def hedging_sentences(found: Hedging, lang: Lang) -> list[str]:
    """Return how far the profit at home spreads, how much of that is the rate's, and what the
    hedged share takes off and costs; nothing where the figures have no spread to tell of.
    """
    scenario = found.scenario
    home, months = scenario.cost_currency, scenario.plan.horizon_months
    if not math.isfinite(found.open.sd.value) or not found.open.sd.value:
        return []

    def money(one: Figure) -> str:
        return believed(one, "cost_money", "", home, lang)

    parts = {
        "home": home,
        "sales": scenario.currency,
        "months": months,
        "mean": money(found.open.mean),
        "spread": money(found.open.sd),
        "share": formats.percent(found.of_rate, 0),
    }
    out = [say(lang, "hedging.spread", **parts)]
    share = point_value(scenario.cash.hedged_share)
    if not share:
        return [*out, say(lang, "hedging.none", **parts)]
    cost = Figure(
        found.open.mean.value - found.locked.mean.value,
        found.open.mean.error,
        found.open.mean.replicates,
    )
    parts |= {
        "hedged": formats.exact_percent(share),
        "price": formats.exact_percent(point_value(scenario.cash.hedge_cost)),
        "locked": money(found.locked.sd),
        "cost": money(cost) if abs(cost.value) > cost.margin else "",
    }
    key = "hedging.locked" if parts["cost"] else "hedging.locked_free"
    return [*out, say(lang, key, **parts)]


def exposure_rows(found: Hedging, lang: Lang) -> list[Row]:
    """Return by month what is left over in each currency on average, each in its own."""
    scenario = found.scenario
    return [
        Row(
            "",
            say(lang, "table.month", n=month),
            (
                formats.compact(float(sales), scenario.currency, lang),
                formats.compact(float(home), scenario.cost_currency, lang),
            ),
        )
        for month, (sales, home) in enumerate(zip(found.sales, found.home, strict=True), 1)
    ]


def exposure_heads(found: Hedging, lang: Lang) -> list[str]:
    """Return the heads of that table: the two currencies."""
    codes = (found.scenario.currency, found.scenario.cost_currency)
    return ["", *(say(lang, "hedging.left", code=code) for code in codes)]
