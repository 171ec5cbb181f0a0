"""What a history's orders ÷ visits have to do with the conversion rates that a fit to it sets."""

from funnel_sim.chance.history import baseline_month
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.scenario.in_force import PAID, visited
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_DIGITS = 2


def conversion_sentences(fitted: Scenario, lang: Lang) -> str:
    """Return why the conversion of a channel is not the orders ÷ visits of the history.

    Args:
        fitted: the scenario fitted to its history.
        lang: the language.

    Returns:
        Sentences with the rate of the history, that of the whole fitted store and that of each
        channel; "" where the history has no visits or no orders.
    """
    orders, visits = (baseline_month(fitted, name) for name in ("orders", "visits"))
    result = evaluate(fitted)
    month = result.steady
    if not orders or not visits or not month["visits"] or not month["paid_orders"]:
        return ""
    rates = []
    for channel in visited(fitted):
        flow = result.channels[channel.id]
        if flow["visits"]:
            rate = formats.percent((flow["orders"] or 0.0) / flow["visits"], _DIGITS)
            rates.append(f"{channel_name(fitted, channel.id, lang)} {rate}")
    told = say(
        lang,
        "kpi.history_conversion",
        file=formats.percent(orders / visits, _DIGITS),
        store=formats.percent(month["paid_orders"] / month["visits"], _DIGITS),
        channels=say(lang, "kpi.semicolon").join(rates),
        again=formats.percent((month["repeat_orders"] or 0.0) / month["paid_orders"], 1),
    )
    if baseline_month(fitted, "ad_sales") or not any(c.kind in PAID for c in visited(fitted)):
        return told
    return f"{told}{say(lang, 'kpi.history_conversion_ads')}"
