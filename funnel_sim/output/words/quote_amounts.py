"""Amounts of a comparison of quotes, with the digits that can be believed."""

import datetime as dt
from collections.abc import Sequence

from funnel_sim.chance.estimates import Estimate, Figure
from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed, input_name
from funnel_sim.output.words.formats import Direction
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario import effects
from funnel_sim.scenario.quantity import Sample, point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

MONEY = "money"


DIGITS = 4  # of people and of percent, so that a cost can be computed again


CENT = 0.005


def money(found: Figure | float, scenario: Scenario, lang: Lang) -> str:
    """Return an amount of the sales currency; an estimate with the digits that can be believed, a
    mean to the whole unit.

    Args:
        found: an amount, or an estimate with its error.
    """
    if isinstance(found, Figure):
        return believed(found, MONEY, scenario.shown, scenario.cost_currency, lang)
    return formats.compact(found, scenario.shown, lang)


def middle_money(found: Estimate, scenario: Scenario, lang: Lang) -> str:
    """Return an amount's mean; where it has none its median, called so."""
    text = money(found.centre, scenario, lang)
    return say(lang, "quote.as_median", amount=text) if found.heavy else text


def more_or_less(found: Estimate, scenario: Scenario, lang: Lang) -> str:
    """Return by how much more or less something leaves, without a sign; by its median, called so,
    where it has no mean.
    """
    mean = found.centre
    amount = money(Figure(abs(mean.value), mean.error, mean.replicates), scenario, lang)
    text = say(lang, "quote.as_median", amount=amount) if found.heavy else amount
    return say(lang, "quote.less_by" if mean.value < 0 else "quote.more_by", amount=text)


def whole_amount(value: float, scenario: Scenario, lang: Lang, toward: Direction = "near") -> str:
    """Return an amount a month without its cents, for what it rests on is not known to them; a
    threshold on the side on which it still holds.

    Args:
        value: a month [sales currency].
    """
    return formats.whole_money(value, scenario.shown, lang, toward)


def belief_of(option: Option, lang: Lang, on: dt.date = DATA_DATE) -> str:
    """Return which effect is believed of an option."""
    if option.effect is None:
        typical = formats.signed_percent(effects.sceptical(option.service, on).point - 1)
        if option.service != "full":
            return say(
                lang,
                "quote.belief_service",
                typical=typical,
                note=effects.note(option.service).of(lang),
            )
        return say(lang, "quote.belief_sceptical", typical=typical)
    key = "belief_measured" if isinstance(option.effect, Sample) else "belief_typed"
    return say(lang, f"quote.{key}", typical=formats.signed_percent(point_value(option.effect)))


def at_effect(option: Option, scenario: Scenario, lang: Lang) -> str:
    """Return at which effect a figure stands, to begin a sentence with: the one that was typed,
    else the default with its median.
    """
    if isinstance(option.effect, Sample):
        typical = formats.signed_percent(point_value(option.effect))
        return say(lang, "quote.by_measured", typical=typical)
    if any(one.id == option.id and one.effect is not None for one in scenario.options):
        return say(lang, "quote.by_typed")
    median = (
        effects.sceptical(option.service, scenario.as_of).point - 1
        if option.effect is None
        else point_value(option.effect)
    )
    return say(lang, "quote.by_default", typical=formats.signed_percent(median))


def heavy_sentence(
    reasons: Sequence[str], scenario: Scenario, lang: Lang, key: str = "heavy"
) -> str:
    """Return why there is no mean, by the inputs whose ranges are the reason, and what stands in
    its place.

    Args:
        reasons: paths of the inputs.
        key: of the sentence, `quote.…`.
    """
    return say(
        lang,
        f"quote.{key}",
        inputs=say(lang, "risk.listed").join(
            input_name(scenario, path, lang) for path in dict.fromkeys(reasons)
        ),
    )


def heavy_notes(answers: Answers, lang: Lang) -> list[str]:
    """Return why some options have no mean, once for all of them; nothing where each has one."""
    reasons = [
        path
        for one in answers.options
        for found in (one.believed, one.claimed)
        if found is not None
        for path in found.gain.heavy
    ]
    return [heavy_sentence(reasons, answers.scenario, lang)] if reasons else []
