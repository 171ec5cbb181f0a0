"""That the refunds in a share's baseline are the form's, and what to type in their place."""

from funnel_sim.decisions.review.baseline_refunds import baseline_refunds
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import listed
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def share_refunds_sentence(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return that refunds in the baseline of a share follow from the shop's form, how much they
    are, and what to type; "" where they do not.

    Args:
        scenario: the store with its series of months.
        option: the terms of the contract.
        lang: the language.
    """
    found = baseline_refunds(scenario, option)
    if found is None:
        return ""

    def money(value: float) -> str:
        return formats.money(value, scenario.shown, lang)

    told = say(
        lang,
        "settlement.refunds_form",
        gross=money(found.gross),
        net=money(found.net),
        gap=money(found.gross - found.net),
        rate=formats.percent(found.rate),
    )
    if found.lacks:
        more = say(lang, "settlement.refunds_lack", months=listed(found.lacks, lang))
    elif found.own is not None:
        months = listed(found.months, lang)
        more = say(lang, "settlement.refunds_own", own=money(found.own), months=months)
    else:
        more = say(lang, "settlement.refunds_name")
    return told + more
