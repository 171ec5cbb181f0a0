"""How the price that an effect justifies comes about, step by step, with the figures."""

from funnel_sim.decisions.review.renewal import Renewal
from funnel_sim.output.words import formats
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_LITTLE = 0.005
"""Of the sales: less that is added has no margin of its own."""


def worth_heads(lang: Lang) -> list[str]:
    """Return the heads of that table."""
    return [say(lang, f"renewal.worth_{key}") for key in ("step", "how", "amount")]


def worth_rows(found: Renewal, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return how what staying is worth a month comes about, and what it leaves: sales without the
    agency, what it adds, what of that is left, less own costs and the fee.

    Args:
        found: what is known of the next term.
        scenario: whose months are known.
        lang: the language.
    """
    steps, gain = found.steps, found.options[0].gain

    def money(value: float) -> str:
        return formats.whole_money(value, scenario.shown, lang)

    def row(key: str, how: str, value: float, kind: str = "line") -> Row:
        tone = "bad" if value < 0 else ""
        return Row("", say(lang, f"renewal.worth_{key}"), (how, money(value)), kind, tone)

    alone, added, brought = money(steps.alone), money(steps.added), money(steps.brought)
    out = []
    forecast = {"months": found.months}
    if steps.came is None:
        out.append(row("alone", say(lang, "renewal.worth_forecast", **forecast), steps.alone))
    else:
        mean = say(lang, "renewal.worth_mean", months=steps.months)
        out.append(row("came", mean, steps.came))
        part = {
            "came": money(steps.came),
            "middle": formats.signed_percent(steps.middle),
            "without": money(steps.came / (1.0 + steps.middle)),
        }
        out.append(
            row("alone", say(lang, "renewal.worth_taken_out", **part, **forecast), steps.alone)
        )
    if steps.alone > 0:
        rate = formats.signed_percent(steps.added / steps.alone)
        out.append(
            row("added", say(lang, "renewal.worth_times", sales=alone, rate=rate), steps.added)
        )
    if abs(steps.added) > _LITTLE * steps.alone:
        rate = formats.percent(steps.brought / steps.added)
        how = say(lang, "renewal.worth_left", sales=added, rate=rate)
    else:
        how = say(lang, "renewal.worth_left_none")
    out.append(row("brought", how, steps.brought))
    sum_of = brought
    for key, value, sign in (("saved", steps.saved, "+"), ("own", steps.own, formats.MINUS)):
        if value:
            out.append(row(key, say(lang, f"renewal.worth_{key}_how"), value))
            sum_of += f" {sign} {money(value)}"
    out.append(row("worth", sum_of, steps.worth, "total"))
    out.append(row("fee", say(lang, "renewal.worth_fee_how"), steps.fee))
    left = say(
        lang,
        "renewal.worth_gain_how",
        worth=money(steps.worth),
        fee=money(steps.fee),
        months=found.months,
        gain=money(gain),
    )
    out.append(row("gain", left, gain / found.months, "total"))
    return out


def share_sentence(found: Renewal, scenario: Scenario, lang: Lang) -> str:
    """Return at which share of sales the fee would be what staying is worth, all else as it stands;
    "" where no single rate says it.

    Args:
        found: what is known of the next term.
        scenario: whose months are known.
        lang: the language.
    """
    stays, option = found.options[0], found.staying
    rates = [tier.rate for tier in option.share_tiers if tier.rate]
    bounded = any(abs(stays.lines.get(name, 0.0)) > 0.5 for name in ("floor", "cap", "total_cap"))
    share = stays.lines.get("share", 0.0) / found.months
    rest = share - (found.fee - found.worth)
    if len(rates) != 1 or bounded or share <= 0 or rest < 0 or found.advice == "leave":
        return ""

    def money(value: float) -> str:
        return formats.whole_money(value, scenario.shown, lang)

    return say(
        lang,
        "renewal.worth_share",
        share=money(share),
        rate=formats.exact_percent(rates[0]),
        fee=money(found.fee),
        worth=money(found.worth),
        rest=money(rest),
        new=formats.percent(rates[0] * rest / share, 2, "down"),
    )


def worth_sentences(found: Renewal, scenario: Scenario, lang: Lang) -> list[str]:
    """Return the steps as lines of text, and the share that would be worth it.

    Args:
        found: what is known of the next term.
        scenario: whose months are known.
        lang: the language.
    """
    colon = say(lang, "contract.colon")
    lines = [
        f"{row.name}{colon}{row.cells[1]} · {row.cells[0]}"
        for row in worth_rows(found, scenario, lang)
    ]
    share = share_sentence(found, scenario, lang)
    return [say(lang, "renewal.worth_title"), *lines, *([share] if share else [])]
