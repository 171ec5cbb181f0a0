"""What serving a store costs the agency, and the fee that needs it, in sentences."""

import math

from funnel_sim.chance.distributions import drawable
from funnel_sim.decisions.quote.answer import OptionAnswer
from funnel_sim.decisions.quote.fee_from_cost import FeeFromCost, ServingCost, serving_cost
from funnel_sim.output.words import formats
from funnel_sim.output.words.quote_amounts import DIGITS, whole_amount
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quantity import ends, point_value
from funnel_sim.scenario.quote_effect import SERVICE_WORDS
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def rebate_sentences(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> list[str]:
    """Return where the media rebate on the ad spend goes: a month to the agency, a month off the
    client's bill; nothing where the quote names none.
    """
    found, option = answer.believed, answer.option
    if not option.rebate_rate:
        return []
    parts = {
        "rate": formats.percent(option.rebate_rate),
        "kept": whole_amount(found.rebate / found.lasts, scenario, lang),
    }
    parts["passed"] = whole_amount(-found.lines.get("rebate", 0.0) / found.lasts, scenario, lang)
    key = (
        "kept"
        if not option.rebate_to_client
        else "passed"
        if option.rebate_to_client == 1
        else "shared"
    )
    return [say(lang, f"quote.rebate_{key}", **parts)]


def serving_parts(cost: ServingCost, scenario: Scenario, lang: Lang) -> dict[str, str]:
    """Return the parts of what serving costs a month, as text with digits enough to compute it
    again: the means that are counted.
    """

    def pay(value: float) -> str:
        return formats.money(value, scenario.cost_currency, lang)

    people, on_cost = (
        formats.exact(round(value, DIGITS)) for value in (cost.people, cost.on_cost * 100)
    )
    return {
        "people": people,
        "pay": pay(cost.pay),
        "on_cost": f"{on_cost}%",
        "other": pay(cost.other),
        "cost": formats.compact(cost.total, scenario.cost_currency, lang),
    }


def serving_ranges(cost: ServingCost, scenario: Scenario, lang: Lang) -> str:
    """Return which parts of what serving costs are means of ranges, with the likely value and the
    ends of each; nothing where none is.
    """

    def shown(name: str, value: float) -> str:
        if name in ("pay", "other"):
            return formats.compact(value, scenario.cost_currency, lang)
        return (
            formats.exact(round(value, DIGITS)) if name == "people" else formats.percent(value, 1)
        )

    told = []
    for name, value in cost.ranges.items():
        low, high = ends(value) or tuple(
            drawable(value, specs_of(Option)[f"serving_{name}"].domain).quantile(p)
            for p in (0.1, 0.9)
        )
        what = (
            "range_p80"
            if not ends(value) or getattr(value, "meaning", "") == "p80"
            else "range_limits"
        )
        span = say(lang, f"quote.serving_{what}", low=shown(name, low), high=shown(name, high))
        told.append(
            say(
                lang,
                "quote.serving_mean_of",
                name=say(lang, f"quote.serving_{name}"),
                likely=shown(name, point_value(value)),
                span=span,
            )
        )
    return (
        say(lang, "quote.serving_means", parts=say(lang, "quote.serving_and").join(told))
        if told
        else ""
    )


def serving_sentence(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> str:
    """Return what the cost of serving rests on: the means that are counted, so that it can be
    computed again, then the ranges they are of.
    """
    option = answer.option
    cost = serving_cost(scenario, option)
    first = say(
        lang,
        "quote.serving_text",
        service=SERVICE_WORDS[option.service].of(lang),
        **serving_parts(cost, scenario, lang),
    )
    return (
        say(
            lang,
            "quote.serving_with_ranges",
            first=first,
            ranges=serving_ranges(cost, scenario, lang),
        )
        if cost.ranges
        else first
    )


def fee_sentences(found: FeeFromCost, option: Option, scenario: Scenario, lang: Lang) -> list[str]:
    """Return the fee that a cost and a margin need as a formula with its numbers, and what of it
    the quote's other fees bring.
    """

    def pay(value: float) -> str:
        return formats.money(value, scenario.cost_currency, lang)

    cost = found.cost
    parts = serving_parts(cost, scenario, lang) | {"cost": pay(cost.total)}
    parts |= {
        "rebate": pay(cost.rebate),
        "margin": formats.exact_percent(found.margin),
        "fee": pay(found.fee),
    }
    out = [
        say(lang, "quote.fee_from_cost_rebate" if cost.rebate else "quote.fee_from_cost", **parts)
    ]
    if cost.ranges:
        out.append(serving_ranges(cost, scenario, lang))
    if found.others:
        base, _ = base_that_brings(found, option, scenario, lang)
        key = "fee_others" if found.base else "fee_others_all"
        out.append(say(lang, f"quote.{key}", others=pay(found.others), base=base))
    return out


def base_that_brings(
    found: FeeFromCost, option: Option, scenario: Scenario, lang: Lang
) -> tuple[str, float]:
    """Return the monthly base that brings the fee, as text and as a number: whole units of the
    contract's currency, rounded up, so that the margin is not missed.
    """
    base = float(math.ceil(round(found.base, 6)))
    currency = option.currency(scenario)
    return formats.whole_money(base, currency, lang), base
