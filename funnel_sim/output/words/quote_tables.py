"""The comparison of quotes as tables: what each option leaves, costs, and how the options stand to
each other.
"""

import math

from funnel_sim.decisions.quote.answer import Answers, OptionAnswer
from funnel_sim.decisions.quote.contract import LINES
from funnel_sim.decisions.quote.effect import claim
from funnel_sim.decisions.quote.summary import Summary
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import margin_text, probability_text
from funnel_sim.output.words.quote import verdict_word
from funnel_sim.output.words.quote_amounts import MONEY, middle_money, money
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario import effects
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_GAINS = ("verdict", "gain", "p10", "p50", "p90", "worst", "better")


_MONEYS = ("fees", "own", "take_sales", "take_added", "payback", "pays_back", "at_risk", "lasts")


def gain_heads(lang: Lang) -> list[str]:
    """Return the heads of `gain_rows`."""
    return [say(lang, "quote.option"), *(say(lang, f"quote.{key}") for key in _GAINS)]


def money_heads(lang: Lang) -> list[str]:
    """Return the heads of `money_rows`."""
    return [say(lang, "quote.option"), *(say(lang, f"quote.{key}") for key in _MONEYS)]


def error_note(answers: Answers, lang: Lang) -> str:
    """Return how far the simulation itself may be off in the net gains; nothing where it is not."""
    means = [one.believed.gain.centre for one in answers.options]
    widest = max(means, key=lambda one: one.margin if math.isfinite(one.margin) else 0.0)
    scenario = answers.scenario
    margin = margin_text(widest, MONEY, scenario.shown, scenario.cost_currency, lang)
    return say(lang, "quote.error_note", margin=margin) if margin else ""


def gain_rows(answers: Answers, lang: Lang) -> list[Row]:
    """Return what each option leaves against carrying on alone."""
    scenario, rows = answers.scenario, []
    for one in answers.options:
        found, gain = one.believed, one.believed.gain
        cells = (
            verdict_word(one, lang),
            middle_money(gain, scenario, lang),
            *(money(gain.quantiles[p], scenario, lang) for p in (0.1, 0.5, 0.9)),
            money(gain.expected_shortfall, scenario, lang),
            probability_text(found.better, answers.plan.paths, lang),
        )
        rows.append(Row("", option_name(one.option, lang), cells))
    return rows


def money_rows(answers: Answers, lang: Lang) -> list[Row]:
    """Return what each option costs, how long it lasts, and when it has paid back."""
    scenario, rows = answers.scenario, []

    def told(value: float, median: bool) -> str:
        text = money(value, scenario, lang)
        return say(lang, "quote.as_median", amount=text) if median else text

    for one in answers.options:
        found = one.believed
        falls = bool(found.gain.heavy) and not math.isfinite(found.gain.expected_shortfall.value)
        cells = (
            told(found.paid, bool(found.no_mean.fee)),
            money(found.own, scenario, lang),
            formats.percent(found.take_of_sales) if found.paid else formats.NOTHING,
            formats.percent(found.take_of_added, 0) if found.paid else formats.NOTHING,
            payback_text(found, lang),
            formats.percent(found.pays_back, 0),
            f"{told(found.at_risk[0], falls)} / {money(found.at_risk[1], scenario, lang)}",
            formats.number(found.lasts, 1),
        )
        rows.append(Row("", option_name(one.option, lang), cells))
    return rows


def break_even_text(one: OptionAnswer, lang: Lang) -> str:
    """Return the effect at which an option breaks even, as text."""
    if one.turning.break_even is None:
        return turning_short(one, lang)
    return formats.signed_percent(one.turning.break_even)


def turning_short(one: OptionAnswer, lang: Lang) -> str:
    """Return a dash where no effect was found that breaks even, or that none is needed."""
    return say(lang, "quote.none_needed") if one.turning.course == "always" else formats.NOTHING


def payback_text(found: Summary, lang: Lang) -> str:
    """Return the payback month as text."""
    if found.payback is None:
        return say(lang, "quote.never")
    return (
        say(lang, "quote.at_once")
        if found.payback == 1
        else say(lang, "quote.of_months", month=found.payback)
    )


def beats_rows(answers: Answers, lang: Lang) -> list[Row]:
    """Return the odds that one option leaves more than another, a row an option."""
    rows = []
    for one in answers.options:
        mine = answers.beats[one.option.id]
        cells = tuple(
            (
                formats.NOTHING
                if other.option.id == one.option.id
                else formats.percent(mine[other.option.id], 0)
            )
            for other in answers.options
        )
        rows.append(
            Row(
                "",
                option_name(one.option, lang),
                (formats.percent(one.believed.better.value, 0), *cells),
            )
        )
    return rows


def beats_heads(answers: Answers, lang: Lang) -> list[str]:
    """Return the heads of `beats_rows`."""
    return [
        say(lang, "quote.option"),
        say(lang, "quote.alone"),
        *(option_name(one.option, lang) for one in answers.options),
    ]


def effect_heads(lang: Lang) -> list[str]:
    """Return the heads of `effect_rows`."""
    return [
        say(lang, f"quote.{key}")
        for key in (
            "option",
            "short_head",
            "most_head",
            "effect_believed",
            "break_even",
            "effect_sign",
            "effect_claimed",
            "claimed_gain",
            "claimed_odds",
        )
    ]


def effect_rows(answers: Answers, lang: Lang) -> list[Row]:
    """Return for each option, the best first, what is missing a month, the highest fee, the effect
    believed, from which one on it pays and is worth signing, and what the claim would bring.
    """
    scenario, rows = answers.scenario, []
    for one in answers.ranked:
        option, told = one.option, one.claimed
        most = (
            money(one.miss.most, scenario, lang)
            if option.paid and one.miss.most > 0
            else formats.NOTHING
        )
        typical = (
            effects.sceptical(option.service, scenario.as_of).point - 1
            if option.effect is None
            else point_value(option.effect)
        )
        sign = (
            formats.NOTHING
            if one.turning.sign is None
            else formats.signed_percent(one.turning.sign)
        )
        claimed = [formats.NOTHING] * 3
        if told is not None:
            claimed = [
                formats.promised(claim(scenario, option)),
                middle_money(told.gain, scenario, lang),
                probability_text(told.better, told.paths, lang),
            ]
        rows.append(
            Row(
                "",
                option_name(option, lang),
                (
                    money(one.score, scenario, lang),
                    most,
                    formats.signed_percent(typical),
                    break_even_text(one, lang),
                    sign,
                    *claimed,
                ),
            )
        )
    return rows


def lines_title(answer: OptionAnswer, lang: Lang) -> str:
    """Return the title of `line_rows`: means, or medians, which do not add up."""
    return say(lang, "quote.lines_middle" if answer.believed.no_mean.fee else "quote.lines")


def line_rows(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return what the fees are made of, on average; where the fee has no mean, in medians."""
    rows = [
        Row(
            "",
            say(lang, f"quote.line_{name}"),
            (money(answer.believed.lines[name], scenario, lang),),
        )
        for name in LINES
        if name in answer.believed.lines
    ]
    rows.append(
        Row(
            "",
            say(lang, "quote.fees"),
            (money(answer.believed.paid, scenario, lang),),
            kind="total",
        )
    )
    if answer.believed.saved > 0:
        rows.append(
            Row("", say(lang, "quote.line_saved"), (money(answer.believed.saved, scenario, lang),))
        )
    return rows


def sides_rows(answers: Answers, lang: Lang) -> list[Row]:
    """Return both purses, for each option that somebody else is paid for."""
    scenario, rows = answers.scenario, []
    for one in answers.options:
        if not one.option.paid:
            continue
        found, band = one.believed, one.band
        rows.append(
            Row(
                "",
                option_name(one.option, lang),
                (
                    (
                        say(lang, "quote.as_median", amount=money(found.income, scenario, lang))
                        if found.no_mean.fee
                        else money(found.income, scenario, lang)
                    ),
                    money(found.serving, scenario, lang),
                    middle_money(found.agency, scenario, lang),
                    middle_money(found.gain, scenario, lang),
                    probability_text(found.one_sided, answers.plan.paths, lang),
                    money(band.low, scenario, lang),
                    money(band.high, scenario, lang),
                    money(band.now, scenario, lang),
                ),
                tone="" if band.exists else "bad",
            )
        )
    return rows


def sides_heads(lang: Lang) -> list[str]:
    """Return the heads of `sides_rows`."""
    return [
        say(lang, f"quote.{key}")
        for key in (
            "option",
            "income",
            "serving",
            "agency",
            "gain_short",
            "one_sided",
            "band_low_head",
            "band_high_head",
            "band_now",
        )
    ]
