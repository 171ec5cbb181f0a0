"""A share of sales in one phrase, as its clause says it: its rate, what it is counted on, from
which baseline or threshold on.
"""

from funnel_sim.chance.history import sales_figure
from funnel_sim.decisions.quote.store_alone import baseline, share_without_operator
from funnel_sim.output.words import formats
from funnel_sim.output.words.headlines import gmv_name
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def threshold(option: Option) -> float | None:
    """Return up to which amount of its basis a share pays nothing, in the sales currency: that of
    its last tier at 0 % before one that pays; None where the first tier pays.

    >>> (
    ...     threshold(
    ...         Option.model_validate(
    ...             {"id": "a", "share_tiers": [{"upto": 5000.0, "rate": 0.0}, {"rate": 0.1}]}
    ...         )
    ...     ),
    ...     threshold(Option(id="b")),
    ... )
    (5000.0, None)
    """
    found = None
    for tier in option.share_tiers:
        if tier.rate:
            return found
        found = tier.upto
    return None


def starts_at(scenario: Scenario, option: Option) -> float | None:
    """Return from which amount of sales a month a share begins, by a threshold or by a baseline, in
    the sales currency; None where it begins with the first amount, or there is none.
    """
    if option.share_tiers and option.share_over == "baseline":
        return baseline(scenario, option)
    return threshold(option)


def counted_on(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return what a share is counted on: "GMV above the baseline", "sales from ads above €5,000 a
    month".
    """
    basis = say(lang, f"clause.short_{option.share_basis}")
    if option.share_basis == "gmv" and point_value(scenario.tax.tax_rate):
        basis = gmv_name(scenario, without_tax=sales_figure(scenario) != "gmv", lang=lang)
    if option.share_over == "baseline":
        basis = say(lang, "clause.short_over", basis=basis)
    least = threshold(option)
    if least is None or option.share_mode == "whole":
        return basis
    return say(
        lang,
        "clause.short_above",
        basis=basis,
        threshold=_amount(least, scenario, lang),
        period=say(lang, f"clause.short_{option.share_period}"),
    )


def rates(option: Option) -> str:
    """Return the rates of a share that pay, the lowest and the highest; empty without one.

    >>> rates(
    ...     Option.model_validate(
    ...         {"id": "a", "share_tiers": [{"upto": 5000.0, "rate": 0.05}, {"rate": 0.035}]}
    ...     )
    ... )
    '3.5% – 5%'
    """
    found = sorted({tier.rate for tier in option.share_tiers if tier.rate})
    return (
        " – ".join(
            formats.percent(rate, 0 if round(rate * 100, 6).is_integer() else 1)
            for rate in (found[0], found[-1])[: len(found)]
        )
        if found
        else ""
    )


def share_text(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return a share in one phrase: "5% of GMV above the baseline"; empty where nothing is
    shared.
    """
    shown = rates(option)
    if not shown:
        return ""
    several = len({tier.rate for tier in option.share_tiers if tier.rate}) > 1
    parts = {
        "rate": shown,
        "of": counted_on(scenario, option, lang),
        "tiers": say(lang, "clause.short_tiers") if several else "",
    }
    least = threshold(option)
    if least is None or option.share_mode != "whole":
        return say(lang, "clause.short_share", **parts)
    period = say(lang, f"clause.short_{option.share_period}")
    return say(
        lang, "clause.short_whole", **parts, threshold=_amount(least, scenario, lang), period=period
    )


def mean_note(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return why the mean of a share is no mean × rate, with what months that are all alike would
    pay; empty where it is, each month being shared at one rate.
    """
    paying = {tier.rate for tier in option.share_tiers}
    if not any(paying) or (option.share_over == "all" and len(paying) == 1):
        return ""
    usual = baseline(scenario, option.but(baseline=None))
    flat = share_without_operator(scenario, option, usual, scenario.plan.horizon_months)
    key = (
        "clause.mean_zero"
        if option.share_over == "baseline" or threshold(option) is not None
        else "clause.mean_tiers"
    )
    return say(
        lang,
        key,
        share=share_text(scenario, option, lang),
        usual=_amount(usual, scenario, lang),
        flat=_amount(flat, scenario, lang),
    )


def _amount(value: float, scenario: Scenario, lang: Lang) -> str:
    return formats.compact(value, scenario.currency, lang)
