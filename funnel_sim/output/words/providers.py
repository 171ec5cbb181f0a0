"""Several providers on one yardstick in words: the table, who is told apart, the service."""

from collections.abc import Sequence
from itertools import pairwise

from funnel_sim.decisions.review.providers import Provider, apart
from funnel_sim.output.words import formats
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import DATA_OPEN_WORDS
from funnel_sim.words import Lang, say

_HEADS = (
    "name",
    "head_months",
    "head_effect",
    "head_fees",
    "head_added",
    "head_net",
    "head_per",
    "head_kpis",
    "head_service",
)


def provider_name(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return what a provider is called: the contract's name, and the scenario's where it has one.

    >>> from funnel_sim.scenario.presets import preset
    >>> provider_name(
    ...     preset("amazon-de-kitchen").replace({"name": "Shop A"}), Option(id="a", name="X"), "en"
    ... )
    'X · Shop A'
    """
    name = option_name(option, lang)
    return f"{name} · {scenario.name}" if scenario.name else name


def provider_heads(lang: Lang) -> list[str]:
    """Return the heads of the table."""
    return [say(lang, f"providers.{key}") for key in _HEADS]


def provider_rows(found: Sequence[Provider], lang: Lang) -> list[Row]:
    """Return each provider as a row.

    Args:
        found: the providers' results, best first, as the rows are.
    """
    return [
        Row(
            "",
            one.name,
            (
                months_text(one, lang),
                effect_text(one, lang),
                _money(one.fees, one, lang),
                _money(None if one.added is None else one.added[1], one, lang),
                _money(one.net, one, lang),
                price_text(one, lang),
                say(lang, "providers.kpis", met=one.met, settled=one.settled)
                if one.settled
                else formats.NOTHING,
                service_text(one, lang),
            ),
            tone="bad" if one.net is not None and one.net < 0 else "",
        )
        for one in found
    ]


def months_text(one: Provider, lang: Lang) -> str:
    """Return how many months there are, and how many of them the effect is judged by where some
    were left out.
    """
    out = len(one.effect.taken_out)
    if not out:
        return str(one.months)
    return say(lang, "providers.judged", judged=one.months - out, months=one.months)


def left_out_sentences(found: Sequence[Provider], lang: Lang) -> list[str]:
    """Return of each provider which months its effect leaves out, and when its contract ended.

    Args:
        found: the providers' results, best first.
    """
    return [
        say(lang, "providers.left_out", name=one.name, months=listed(one.effect.taken_out, lang))
        for one in found
        if one.effect.taken_out
    ] + [
        f"{one.name}{say(lang, 'contract.colon')}{sentence}"
        for one in found
        for sentence in ended_sentences(one.effect.ended, lang)
    ]


def costs_more_sentences(found: Sequence[Provider], lang: Lang) -> list[str]:
    """Return of each provider whose fees are above what its effect added that it costs more than it
    brings, and whether the interval leaves room for that to be otherwise; first of the one with the
    largest effect, for being first is then no reason to stay.

    Args:
        found: the providers' results, best first.
    """
    out = []
    for place, one in enumerate(found):
        if one.net is None or one.net >= 0 or one.added is None:
            continue
        parts = {
            "name": one.name,
            "fees": _money(one.fees, one, lang),
            "added": _money(one.added[1], one, lang),
            "high": _money(one.added[2], one, lang),
            "gap": _money(-one.net, one, lang),
        }
        sure = one.added[2] < (one.fees or 0.0)
        told = say(lang, f"providers.costs_more_{'sure' if sure else 'maybe'}", **parts)
        first = say(lang, "providers.costs_more_first") if place == 0 and len(found) > 1 else ""
        out.append(told + first)
    return out


def price_text(one: Provider, lang: Lang) -> str:
    """Return what a unit of the margin added cost in fees; at least how much where the interval
    reaches down to nothing, for then no single number says it.
    """
    if one.fees is None or one.added is None or one.added[2] <= 0:
        return formats.NOTHING
    code = str(one.shown or one.currency)  # money per money: no rate turns it
    if one.added[0] <= 0:
        least = formats.money(one.fees / one.added[2], code, lang, "down")
        return say(lang, "providers.at_least", amount=least)
    return formats.money(one.fee_per_added, code, lang)


def _money(value: float | None, one: Provider, lang: Lang) -> str:
    if value is None:
        return formats.NOTHING
    return formats.whole_money(value, one.shown or one.currency, lang)


def effect_text(one: Provider, lang: Lang) -> str:
    """Return an effect with its interval, or that it cannot be told."""
    if one.effect.found is None:
        return say(lang, "providers.untold")
    low, middle, high = (formats.signed_percent(part, 0) for part in one.effect.found.whole)
    return f"{middle} ({low} … {high})"


def service_text(one: Provider, lang: Lang) -> str:
    """Return the facts of the service that were typed; "–" where none was."""
    parts = []
    if one.reply_hours is not None:
        hours = formats.exact(one.reply_hours)
        parts.append(say(lang, "providers.reply", hours=hours))
    if one.reports_due:
        kept, due = one.reports_on_time or 0, one.reports_due
        parts.append(say(lang, "providers.reports", kept=kept, due=due))
    if one.data_open:
        parts.append(say(lang, "providers.data", told=DATA_OPEN_WORDS[one.data_open].of(lang)))
    return ("，" if lang == "zh" else ", ").join(parts) or formats.NOTHING


def apart_sentences(found: Sequence[Provider], lang: Lang) -> list[str]:
    """Return of each pair of neighbours whether the first did better or none can be told from the
    other; nothing of effects that cannot be told at all.

    Args:
        found: the providers' results, best first.
    """
    told = [one for one in found if one.effect.found is not None]
    return [
        say(
            lang,
            "providers.apart" if apart(one, other) else "providers.alike",
            one=one.name,
            other=other.name,
        )
        for one, other in pairwise(told)
    ]
