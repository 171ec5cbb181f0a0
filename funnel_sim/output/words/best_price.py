"""The price in sentences and rows: what is best, how sure that is, and what another price takes."""

import math
from collections.abc import Sequence

from funnel_sim.decisions.economics.best_price import BestPrice, Held
from funnel_sim.model.economics import Result
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import run_on
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.price_settings import elasticity_prior, price_settings
from funnel_sim.reference.provenance import first_source
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_AS_GOOD = 0.005
"""A price closer than this to the best one [fraction] is as good: nobody measures such a step."""


def price_sentences(found: BestPrice, lang: Lang) -> list[str]:
    """Return the verdict on the price, its band, and what has to be known of it.

    Args:
        found: what the price brings.
        lang: "zh" or "en".
    """
    if not found.answers:
        return [say(lang, "price.off")]
    out = [_verdict(found, lang)]
    band = _band(found, lang)
    if band:
        out.append(band)
    scenario, settings = found.scenario, price_settings()
    if found.outside:
        low, high = found.trusted
        least, most = settings.trusted
        out.append(
            say(
                lang,
                "price.outside",
                low=_price(low, scenario, lang),
                high=_price(high, scenario, lang),
                least=formats.percent(least, 0),
                most=formats.percent(most, 0),
            )
        )
    if found.full is not None and found.full > float(found.curve.price[0]):
        out.append(say(lang, "price.full", full=_price(found.full, scenario, lang)))
    return out


def _verdict(found: BestPrice, lang: Lang) -> str:
    scenario = found.scenario
    elasticity = formats.exact(round(found.elasticity, 4))
    if found.price is None or found.profit is None or found.gain is None:
        if found.elasticity <= 1:
            return say(lang, "price.inelastic", elasticity=elasticity)
        most = found.now * price_settings().searched[1]
        return say(lang, "price.beyond", elasticity=elasticity, most=_price(most, scenario, lang))
    change = found.price / found.now - 1
    same = abs(change) < _AS_GOOD
    return say(
        lang,
        "price.stay" if same else "price.best",
        elasticity=elasticity,
        price=_price(found.price, scenario, lang),
        change=formats.signed_percent(change),
        now=_price(found.now, scenario, lang),
        profit=_profit(found.profit, scenario, lang),
        gain=_profit(found.gain, scenario, lang),
    )


def _band(found: BestPrice, lang: Lang) -> str:
    if found.band is None:
        return ""
    low, middle, high = found.band
    scenario = found.scenario
    without = formats.percent(found.without, 0)
    if math.isinf(low) and found.price is None:
        return ""  # the verdict has said it
    if math.isinf(low):
        return say(lang, "price.band_none", without=without)
    if math.isinf(high):
        return say(lang, "price.band_open", low=_price(low, scenario, lang), without=without)
    return say(
        lang,
        "price.band",
        low=_price(low, scenario, lang),
        middle=_price(middle, scenario, lang),
        high=_price(high, scenario, lang),
    )


def held_sentence(found: BestPrice, one: Held, lang: Lang) -> str:
    """Return what a new price takes: the orders that keep the profit, and those to be expected.

    Args:
        found: what the price brings.
        one: the new price.
        lang: "zh" or "en".
    """
    scenario = found.scenario
    parts = {
        "price": _price(one.price, scenario, lang),
        "change": formats.signed_percent(one.price / found.now - 1),
    }
    if one.needed is None or not found.orders_now:
        told = say(lang, "price.held_none", **parts)
    else:
        change = one.needed / found.orders_now - 1
        told = say(
            lang,
            "price.held_less" if change <= 0 else "price.held_more",
            **parts,
            share=formats.percent(abs(change)),
            needed=formats.count(one.needed),
            orders=formats.count(found.orders_now),
        )
    if not found.answers:
        return told
    expected = say(
        lang,
        "price.held_expected",
        elasticity=formats.exact(round(found.elasticity, 4)),
        expected=formats.count(one.expected),
        profit=_profit(one.profit, scenario, lang),
    )
    return run_on([told, expected], lang)


def held_heads(found: BestPrice, lang: Lang) -> list[str]:
    """Return the heads of `held_rows`."""
    keys = ["price", "needed", "lost", *(("expected", "profit") if found.answers else ())]
    return [say(lang, f"price.head_{key}") for key in keys]


def held_rows(found: BestPrice, lang: Lang, also: Sequence[Held] = ()) -> list[Row]:
    """Return what each of some prices takes, a row a price, from the lowest.

    Args:
        found: what the price brings.
        lang: "zh" or "en".
        also: further prices.
    """
    rows = []
    every = {round(one.price, 6): one for one in (*also, *found.held)}  # each price once
    for one in sorted(every.values(), key=lambda held: held.price):
        needed = formats.NOTHING if one.needed is None else formats.count(one.needed)
        lost = formats.NOTHING
        if one.needed is not None and found.orders_now:
            change = one.needed / found.orders_now - 1
            key = "price.fewer" if change < 0 else "price.more"
            lost = say(lang, key, share=formats.percent(abs(change)))
        cells = [needed, lost]
        if found.answers:
            cells += [formats.count(one.expected), _profit(one.profit, found.scenario, lang)]
        step = formats.signed_percent(one.price / found.now - 1, 0)
        name = f"{_price(one.price, found.scenario, lang)} ({step})"
        rows.append(Row("", name, tuple(cells)))
    return rows


def curve_note(found: BestPrice, lang: Lang) -> str:
    """Return what the curve shows.

    Args:
        found: what the price brings.
        lang: "zh" or "en".
    """
    if not found.answers:
        return say(lang, "price.note_line_off")
    keys = [
        "line",
        *(["band"] if found.curve.low is not None else []),
        *(["best"] if found.price is not None else []),
        "pale",
    ]
    return run_on([say(lang, f"price.note_{key}") for key in keys], lang)


def table_note(lang: Lang) -> str:
    """Return what the table of new prices takes for granted."""
    return run_on([say(lang, "price.table_note"), say(lang, "price.assumes")], lang)


def source_sentence(scenario: Scenario, lang: Lang) -> str:
    """Return the elasticity that is suggested, from where, and how weak that is.

    Args:
        scenario: on whose day it is asked.
        lang: "zh" or "en".
    """
    prior = elasticity_prior(scenario.as_of)
    return say(
        lang,
        "price.source",
        typical=formats.exact(prior.typical or 0.0),
        low=formats.exact(prior.low or 0.0),
        high=formats.exact(prior.high or 0.0),
        source=first_source(prior.provenance.source),
    )


def response_sentence(result: Result, lang: Lang) -> str | None:
    """Return by what the price multiplies orders where it is not the reference price; None where
    it is, or orders do not answer to it.

    Args:
        result: of the scenario.
        lang: "zh" or "en".
    """
    scenario, factor = result.scenario, result.steady["price_response"]
    reference = scenario.conversion.reference_price
    if factor is None or reference is None or abs(factor - 1) < _AS_GOOD:
        return None
    return say(
        lang,
        "price.response",
        paid=_price(scenario.product.price_paid, scenario, lang),
        reference=_price(point_value(reference), scenario, lang),
        factor=formats.number(factor, 2),
    )


def _price(value: float, scenario: Scenario, lang: Lang) -> str:
    return formats.money(value, scenario.currency, lang)


def _profit(value: float, scenario: Scenario, lang: Lang) -> str:
    return formats.whole_money(value, scenario.shown, lang)
