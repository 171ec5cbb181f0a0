"""The odds of the profit in words and key figures."""

from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.left_out import left_out
from funnel_sim.decisions.found import Found
from funnel_sim.output.words.chance import (
    apart_sentence,
    believed,
    heavy_sentence,
    left_out_sentence,
    margin_text,
    probability_text,
)
from funnel_sim.words import Lang, say


def profit_word(found: Found, lang: Lang) -> str:
    """Return the verdict on the profit in a few words."""
    assert found.estimate is not None
    return say(lang, "report.earns" if found.estimate.centre.value > 0 else "report.loses")


def profit_sentence(found: Found, lang: Lang) -> str:
    """Return the odds of the profit in one or two sentences."""
    assert found.estimate is not None
    months, quantiles = found.scenario.plan.horizon_months, found.estimate.quantiles
    shown = {
        name: amount(quantiles[p], found, lang)
        for name, p in (("middle", 0.5), ("low", 0.05), ("high", 0.95))
    }
    return " ".join(
        [
            say(
                lang,
                "risk.lose",
                odds=probability_text(found.estimate.loss, found.paths, lang),
                months=months,
            ),
            say(lang, "risk.half", **shown),
        ]
    )


def profit_caveats(found: Found, lang: Lang) -> list[str]:
    """Return what the odds of the profit leave out, and why there is no average where there is
    none.
    """
    if found.estimate is None:
        return []
    heavy = (
        heavy_sentence(found.scenario, "profit", found.estimate, lang)
        if found.estimate.heavy
        else ""
    )
    apart = apart_sentence(
        found.scenario,
        found.estimate.quantiles[0.5].value,
        amount(found.estimate.quantiles[0.5], found, lang),
        lang,
    )
    return [
        text
        for text in (
            apart,
            heavy,
            left_out_sentence(found.scenario, left_out(found.scenario), lang),
        )
        if text
    ]


def amount(figure: Figure, found: Found, lang: Lang) -> str:
    """Return an estimated amount with the digits that can be believed."""
    return believed(figure, "money", found.scenario.shown, found.scenario.cost_currency, lang)


def profit_figures(found: Found, lang: Lang) -> list[tuple[str, str, str]]:
    """Return the key figures of the profit's odds."""
    assert found.estimate is not None
    one = found.estimate
    named = [
        *([] if one.heavy else [("mean", one.mean)]),
        ("p5", one.quantiles[0.05]),
        ("p50", one.quantiles[0.5]),
        ("p95", one.quantiles[0.95]),
    ]
    out = [
        (
            say(lang, "risk.loss"),
            probability_text(one.loss, found.paths, lang),
            margin_text(one.loss, "rate", "", "", lang),
        )
    ]
    return out + [
        (
            say(lang, f"risk.{key}"),
            amount(figure, found, lang),
            margin_text(figure, "money", found.scenario.shown, "", lang),
        )
        for key, figure in named
    ]
