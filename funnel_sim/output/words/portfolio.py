"""A portfolio in sentences and rows: what it brings, which rows lose money, what turns each."""

import math
from collections.abc import Sequence

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.portfolio.leaning import leaning
from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.output.words.assumptions import input_name
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.formats import Direction, count, money, number, percent, whole_money
from funnel_sim.output.words.joining import run_on
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Lang, say

LOSERS_TOLD = 20
"""Loss makers that a report names."""
_NAMED = 12
"""Words of a tag that a report names."""


def portfolio_sentences(found: Products, lang: Lang) -> list[str]:
    """Return what a portfolio brings in a steady month, and what its loss makers lose.

    Args:
        found: its rows.
        lang: "zh" or "en".
    """
    total, currency = found.total, found.portfolio.currency
    parts = {
        "rows": f"{total.rows:,}",
        "profit": whole_money(total.profit, currency, lang),
        "margin": percent(total.margin),
        "losing": f"{total.losing:,}",
        "lost": whole_money(-total.lost, currency, lang),
        "without": whole_money(total.profit - total.lost, currency, lang),
        "selling": percent(found.selling_share),
    }
    lost = "lose_some" if total.losing else "lose_none"
    return [say(lang, f"portfolio.{key}", **parts) for key in ("brings", lost, "selling")]


def losers_sentence(found: Products, lang: Lang) -> str:
    """Return what stands above the loss makers: how many of them are told.

    Args:
        found: the rows of a portfolio.
        lang: "zh" or "en".
    """
    shown, losing = min(LOSERS_TOLD, found.losing.size), found.losing.size
    key = "losers" if shown == losing else "losers_first"
    return say(lang, f"portfolio.{key}", shown=shown, losing=f"{losing:,}")


def by_sentence(found: Products, tag: str, lang: Lang) -> str:
    """Return what stands above the totals of a tag: how many of its words are told.

    Args:
        found: the rows of a portfolio.
        tag: one of `TAGS`.
        lang: "zh" or "en".
    """
    head, words = say(lang, f"portfolio.by_{tag}"), len(found.by_tag[tag])
    if words <= _NAMED:
        return head
    return say(lang, "portfolio.by_first", head=head, shown=_NAMED, words=f"{words:,}")


def loser_heads(lang: Lang) -> list[str]:
    """Return the heads of `loser_rows`."""
    keys = ("per_month", "per_order", "price", "cost", "ad_share")
    return [say(lang, f"portfolio.head_{key}") for key in keys]


def loser_rows(found: Products, lang: Lang) -> Sequence[Row]:
    """Return the loss makers, the largest first: profit a month and an order, and the price, cost
    and ad share at which each breaks even.

    Args:
        found: the rows of a portfolio.
        lang: "zh" or "en".
    """
    currencies = {
        index: (group.scenario.currency, group.scenario.cost_currency)
        for group in found.portfolio.groups
        for index in group.rows.tolist()
    }
    out = []
    for place, index in enumerate(found.losing[:LOSERS_TOLD].tolist()):
        sales, costs = currencies[index]
        turning = found.turning
        share = turning.ad_share[place]
        cells = (
            money(found.profit[index], sales, lang),
            money(found.per_order[index], sales, lang),
            _or_none(turning.price[place], sales, lang, "up"),
            _or_none(turning.unit_cost[place], costs, lang, "down"),
            say(lang, "portfolio.no_value") if math.isnan(share) else percent(share, toward="down"),
        )
        out.append(Row("", found.portfolio.rows[index].name, cells))
    return out


def _or_none(value: float, currency: str, lang: Lang, toward: Direction) -> str:
    """Return an amount at which a row does break even: rounded to the side on which it does."""
    if math.isnan(value):
        return say(lang, "portfolio.no_value")
    return money(value, currency, lang, toward)


def total_heads(lang: Lang) -> list[str]:
    """Return the heads of `total_rows`."""
    keys = ("rows", "losing", "orders", "profit", "margin", "lost")
    return [say(lang, f"portfolio.head_{key}") for key in keys]


def tag_words(found: Products, tag: str, lang: Lang) -> dict[str, str]:
    """Return what the words of a tag are called: a market by its country, a category by its name in
    the table of fees, anything else as it was typed.

    Args:
        found: the rows of a portfolio.
        tag: one of `TAGS`.
        lang: "zh" or "en".
    """
    words = [one.name for one in found.by_tag[tag] if one.name]
    if tag == "market":
        return {one: country_words(one).of(lang) for one in words}
    if tag == "category":
        platforms = [one.name for one in found.by_tag["platform"]]
        return {one: _category(one, platforms, lang) for one in words}
    return {one: one for one in words}


def _category(name: str, platforms: Sequence[str], lang: Lang) -> str:
    told = (category_words(platform, name).of(lang) for platform in platforms)
    return next((one for one in told if one != name), name)


def total_rows(found: Products, tag: str, lang: Lang) -> Sequence[Row]:
    """Return the totals of each word of a tag, the least profit first; none where nothing is
    tagged so.

    Args:
        found: the rows of a portfolio.
        tag: one of `TAGS`.
        lang: "zh" or "en".
    """
    assert tag in TAGS, tag
    some = found.by_tag[tag]
    if not any(one.name for one in some):
        return []
    currency, names = found.portfolio.currency, tag_words(found, tag, lang)
    return [
        Row(
            "",
            names.get(one.name) or say(lang, "portfolio.untagged"),
            (
                f"{one.rows:,}",
                f"{one.losing:,}",
                count(one.orders),
                whole_money(one.profit, currency, lang),
                percent(one.margin),
                whole_money(one.lost, currency, lang),
            ),
        )
        for one in some[:_NAMED]
    ]


def chance_sentences(found: PortfolioSimulation, lang: Lang) -> list[str]:
    """Return the odds of the sum of a portfolio over the months of its rows' plans.

    Args:
        found: its futures.
        lang: "zh" or "en".
    """
    one, currency = found.estimate(), found.portfolio.currency
    low, middle, high = (one.quantiles[p].value for p in (0.1, 0.5, 0.9))
    parts = {
        "paths": f"{found.plan.paths:,}",
        "loss": percent(one.loss.value),
        "error": percent(one.loss.margin, 2),
        "low": whole_money(low, currency, lang),
        "middle": whole_money(middle, currency, lang),
        "high": whole_money(high, currency, lang),
        "risky": number(float((found.loss > _HALF).sum())),
        "shared": percent(found.shared, 0),
    }
    sure = one.loss.value in (0.0, 1.0)  # a simulation never proves 0 or 100 %
    if sure:
        parts["loss"] = probability_text(one.loss, found.plan.paths, lang)
    keys = ("chance_bound" if sure else "chance", "chance_rows", "common")
    told = [say(lang, f"portfolio.{key}", **parts) for key in keys]
    told[1] = run_on([told[1], apart_sentence(found, lang), *ranges_sentences(found, lang)], lang)
    return told


def ranges_sentences(found: PortfolioSimulation, lang: Lang) -> list[str]:
    """Return how many of the numbers that rows state were simulated as a range around them; nothing
    where rows state none.

    Args:
        found: the futures.
        lang: "zh" or "en".
    """
    numbers, drawn = found.portfolio.numbers, int(found.drawn.sum())
    if not numbers:
        return []
    key = "ranges_drawn" if drawn else "ranges_exact"
    return [say(lang, f"portfolio.{key}", numbers=f"{numbers:,}", drawn=f"{drawn:,}")]


def apart_sentence(found: PortfolioSimulation, lang: Lang) -> str:
    """Return why the middle of the futures is not twelve months at the likely values: months of the
    plans, the input whose range leans most.

    Args:
        found: the futures.
        lang: "zh" or "en".
    """
    portfolio, currency = found.portfolio, found.portfolio.currency
    likely, one = leaning(portfolio), found.estimate()
    parts = {
        "months": whole_money(likely.steady * MONTHS_A_YEAR, currency, lang),
        "plan": whole_money(likely.plan, currency, lang),
        "middle": whole_money(one.quantiles[_HALF].value, currency, lang),
    }
    if not likely.path:
        return say(lang, "portfolio.apart_none", **parts)
    scenario = next(
        group.scenario
        for group in portfolio.groups
        if likely.path in dict(group.scenario.quantities())
    )
    parts["input"] = input_name(scenario, likely.path, lang)
    parts["ratio"] = number(likely.ratio, 2)
    parts["effect"] = whole_money(likely.effect, currency, lang)
    return say(lang, "portfolio.apart", **parts)


_HALF = 0.5
