"""Quotes in words: the verdict and its reasons, the comparison, both purses, the price of clauses,
incentives.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import cast

from funnel_sim.chance.distributions import drawable
from funnel_sim.chance.estimates import Estimate, Figure
from funnel_sim.decisions.quote.answer import Answer, Answers
from funnel_sim.decisions.quote.clause_prices import STOP_MONTHS, STOP_SHARES, ClausePrice, StopLoss
from funnel_sim.decisions.quote.contract import LINES
from funnel_sim.decisions.quote.effect import claim
from funnel_sim.decisions.quote.fee_from_cost import FeeFromCost, ServingCost, serving_cost
from funnel_sim.decisions.quote.incentives import TRIED_DISCOUNT, Incentives
from funnel_sim.decisions.quote.measure_first import MeasureFirst
from funnel_sim.decisions.quote.store_alone import orders_alone
from funnel_sim.decisions.quote.summary import Summary
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed, input_name, margin_text, odds_text
from funnel_sim.output.words.formats import Direction
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.output.words.shares import share_text
from funnel_sim.output.words.tables import Row
from funnel_sim.reference import studies
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.reference.studies import AgencyPrice
from funnel_sim.scenario import alternatives, effects
from funnel_sim.scenario.alternatives import Basis, option_name
from funnel_sim.scenario.paths import spec_of, specs_of
from funnel_sim.scenario.quantity import ends, likely
from funnel_sim.scenario.quotes import KIND_WORDS, SERVICE_WORDS, Option, Service
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.traffic import Channel
from funnel_sim.words import Lang, say

_MONEY = "money"

_DUST = 1e-7

_DIGITS = 4  # of people and of percent, so that a cost can be computed again

_CENT = 0.005


def money(found: Figure | float, scenario: Scenario, lang: Lang) -> str:
    """Return an amount of the sales currency; an estimate with the digits that can be believed, a
    mean to the whole unit.
    """
    if isinstance(found, Figure):
        return believed(found, _MONEY, scenario.currency, scenario.cost_currency, lang)
    return formats.compact(found, scenario.currency, lang)


def middle_money(found: Estimate, scenario: Scenario, lang: Lang) -> str:
    """Return an amount's mean; where it has none its median, called so."""
    text = money(found.centre, scenario, lang)
    return say(lang, "quote.as_median", amount=text) if found.heavy else text


def verdict_word(answer: Answer, lang: Lang) -> str:
    """Return the verdict in a word: for an option without another side, whether it is worth it."""
    if answer.option.paid:
        return say(lang, f"quote.{answer.verdict}")
    return say(lang, "quote.worth" if answer.verdict == "sign" else "quote.not_worth")


def verdict_sentence(answer: Answer, answers: Answers, lang: Lang) -> str:
    """Return the verdict's reason in one sentence: what is left on average (in the middle of the
    futures where there is no mean) and the odds.
    """
    scenario, found = answers.scenario, answer.believed
    mean, by = found.gain.centre, "_middle" if found.gain.heavy else ""
    parts = {
        "months": scenario.plan.horizon_months,
        "odds": odds_text(found.better, answers.plan.paths, lang),
        "by": at_effect(answer.option, scenario, lang),
    }
    if abs(mean.value) < _CENT:
        return say(lang, f"quote.says_even{by}", months=parts["months"], by=parts["by"])
    if mean.value < 0:
        return say(
            lang,
            f"quote.says_lose{by}",
            loss=money(Figure(-mean.value, mean.error, mean.replicates), scenario, lang),
            **parts,
        )
    if answer.verdict == "sign":
        return say(lang, f"quote.says_sign{by}", gain=money(mean, scenario, lang), **parts)
    return say(
        lang,
        f"quote.says_odds{by}",
        gain=money(mean, scenario, lang),
        need=formats.percent(scenario.comparison.sign_odds, 0),
        **parts,
    )


def reason_sentences(answer: Answer, answers: Answers, lang: Lang) -> list[str]:
    """Return where the verdict turns, what the claim would bring, and the fee that suits both
    sides.
    """
    scenario, turning, told = answers.scenario, answer.turning, answer.claimed
    out = [miss_sentence(answer, scenario, lang), turning_sentence(answer, answers, lang)]
    if turning.sign is not None and answer.verdict != "sign":
        believed = formats.signed_percent(answer.miss.believed)
        out.append(
            say(
                lang,
                "quote.turns_sign",
                effect=formats.signed_percent(turning.sign),
                believed=believed,
            )
        )
    if answer.miss.turns != "nothing":
        out.append(change_sentence(answer, scenario, lang))
    if answer.believed.saved > 0:
        out.append(
            say(lang, "quote.saved_text", saved=money(answer.believed.saved, scenario, lang))
        )
    if told is not None:
        key = "if_claimed" if answer.option.claimed is not None else "if_claimed_default"
        by = "_middle" if told.gain.heavy else ""
        out.append(
            say(
                lang,
                f"quote.{key}{by}",
                gain=money(told.gain.centre, scenario, lang),
                odds=odds_text(told.better, told.paths, lang),
            )
        )
        out.append(band_sentence(answer, scenario, lang))
        out += rebate_sentences(answer, scenario, lang)
        if answer.verdict == "sign" and answer.band.exists and answer.band.now < answer.band.low:
            out.append(_band_sentence("band_low", answer, scenario, lang))
    reasons = answer.believed.gain.heavy or (told.gain.heavy if told is not None else ())
    if reasons:
        out.append(heavy_sentence(reasons, scenario, lang))
    return out


def heavy_sentence(
    reasons: Sequence[str], scenario: Scenario, lang: Lang, key: str = "heavy"
) -> str:
    """Return why there is no mean, by the inputs whose ranges are the reason, and what stands in
    its place.
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


def band_sentence(answer: Answer, scenario: Scenario, lang: Lang) -> str:
    """Return the fee a month that suits both sides, or why there is none."""
    band = answer.band
    key = (
        "band"
        if band.exists
        else (
            "band_low"
            if answer.verdict == "sign"
            else "band_none"
            if band.high > 0
            else "band_nothing"
        )
    )
    if key == "band" and answer.believed.no_mean.fee:
        key = "band_middle"
    return _band_sentence(key, answer, scenario, lang)


def _band_sentence(key: str, answer: Answer, scenario: Scenario, lang: Lang) -> str:
    band = answer.band
    return say(
        lang,
        f"quote.{key}",
        low=_whole(band.low, scenario, lang, "up"),
        typical=_whole(band.typical, scenario, lang),
        high=_whole(max(band.high, 0.0), scenario, lang, "down"),
        now=_whole(band.now, scenario, lang),
    )


def rebate_sentences(answer: Answer, scenario: Scenario, lang: Lang) -> list[str]:
    """Return where the media rebate on the ad spend goes: a month to the agency, a month off the
    client's bill; nothing where the quote names none.
    """
    found, option = answer.believed, answer.option
    if not option.rebate_rate:
        return []
    parts = {
        "rate": formats.percent(option.rebate_rate),
        "kept": _whole(found.rebate / found.lasts, scenario, lang),
    }
    parts["passed"] = _whole(-found.lines.get("rebate", 0.0) / found.lasts, scenario, lang)
    key = (
        "kept"
        if not option.rebate_to_client
        else "passed"
        if option.rebate_to_client == 1
        else "shared"
    )
    return [say(lang, f"quote.rebate_{key}", **parts)]


def _whole(value: float, scenario: Scenario, lang: Lang, toward: Direction = "near") -> str:
    """Return an amount a month without its cents, for what it rests on is not known to them; a
    threshold on the side on which it still holds.
    """
    return formats.whole_money(float(formats.half_up(value, 0, toward)), scenario.currency, lang)


def miss_sentence(answer: Answer, scenario: Scenario, lang: Lang) -> str:
    """Return how much a month is missing until it would be signed, or is to spare, and the highest
    fee at which it would be.
    """
    miss, paid = answer.miss, answer.option.paid
    key = "spare" if miss.turns == "nothing" else "short"
    if not paid:
        key = f"{key}_own"
    elif key == "short" and miss.most < 1:
        key = "short_free"
    elif answer.believed.no_mean.fee:
        key = f"{key}_middle"
    amount = _whole(abs(miss.short), scenario, lang, "down" if miss.turns == "nothing" else "up")
    most = _whole(max(miss.most, 0.0), scenario, lang, "down")
    return say(
        lang, f"quote.{key}", amount=amount, most=most, now=_whole(answer.band.now, scenario, lang)
    )


def change_sentence(answer: Answer, scenario: Scenario, lang: Lang) -> str:
    """Return the one change that would turn the verdict to "sign", or why none does."""
    miss, band = answer.miss, answer.band
    needed = "" if miss.needed is None else formats.signed_percent(miss.needed)
    least = {
        "low": band.low,
        "gap": max(band.low - miss.most, 0.0),
        "short": miss.short * (1.0 + answer.option.fee_tax),
        "upto": band.doubtful_to,
    }
    most = {"most": max(miss.most, 0.0), "high": max(band.even, 0.0)}
    parts = {name: _whole(value, scenario, lang, "up") for name, value in least.items()}
    parts |= {name: _whole(value, scenario, lang, "down") for name, value in most.items()} | {
        "effect": needed,
        "now": _whole(band.now, scenario, lang),
    }
    keys = [f"change_{miss.turns}" if answer.option.paid else f"change_{miss.turns}_own"]
    if miss.turns == "below_cost":
        keys.append("change_effect_too" if needed else "change_no_effect")
    if answer.option.hour_worth is None and miss.turns in ("below_cost", "effect", "never"):
        keys.append("change_hours")
    return (" " if lang == "en" else "").join(say(lang, f"quote.{key}", **parts) for key in keys)


def turning_sentence(answer: Answer, answers: Answers, lang: Lang) -> str:
    """Return from which effect on an option pays, beside what is claimed."""
    turning, option = answer.turning, answer.option
    if turning.break_even is None:
        return say(lang, f"quote.turns_{turning.course}")
    if turning.break_even < 0:
        return say(lang, "quote.turns_negative", effect=formats.percent(-turning.break_even))
    if answer.claimed is None:
        return say(lang, "quote.turns_alone", effect=formats.signed_percent(turning.break_even))
    key = "turns" if option.claimed is not None else "turns_default"
    return say(
        lang,
        f"quote.{key}",
        effect=formats.signed_percent(turning.break_even),
        claimed=formats.signed_percent(claim(answers.scenario, option)),
    )


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
    return say(lang, "quote.belief_typed", typical=formats.signed_percent(likely(option.effect)))


def at_effect(option: Option, scenario: Scenario, lang: Lang) -> str:
    """Return at which effect a figure stands, to begin a sentence with: the one that was typed,
    else the default with its median.
    """
    if any(one.id == option.id and one.effect is not None for one in scenario.options):
        return say(lang, "quote.by_typed")
    median = (
        effects.sceptical(option.service, scenario.as_of).point - 1
        if option.effect is None
        else likely(option.effect)
    )
    return say(lang, "quote.by_default", typical=formats.signed_percent(median))


def nothing_sentence(answer: Answer, free: float, scenario: Scenario, lang: Lang) -> str:
    """Return what a quote would still be paid if it brought nothing, and for what, by what its fee
    is made of; `free` that amount, in the sales currency.
    """
    option = answer.option
    key = "paid_for_nothing_middle" if answer.believed.no_mean.fee else "paid_for_nothing"
    over = option.share_over == "baseline" or any(not tier.rate for tier in option.share_tiers)
    kinds = {
        "fixed": bool(
            option.setup
            or option.base
            or option.floor
            or option.passed_on
            or option.extras
            or any(one.month is not None for one in option.instalments)
        ),
        "anyway": bool((option.share_tiers and not over) or option.spend_rate or option.order_fee),
        "chance": bool(
            (option.share_tiers and over)
            or any(one.kind == "bonus" for one in option.rewards)
            or any(one.month is None for one in option.instalments)
        ),
    }
    out = [
        say(
            lang,
            f"quote.{key}",
            paid=money(free, scenario, lang),
            share=formats.percent(free / answer.believed.paid, 0),
        )
    ]
    return (" " if lang == "en" else "").join(
        [*out, *(say(lang, f"quote.nothing_{kind}") for kind, there in kinds.items() if there)]
    )


def clauses_note(option: Option, lang: Lang) -> str:
    """Return what the worth of a clause is, and which rows hold each other because one clause is
    counted on another.
    """
    on_base = [
        key
        for key in ("bonus", "penalty")
        if any(one.kind == key and one.form == "base" for one in option.rewards)
    ]
    on_base += ["exit"] if option.exit_months or option.exit_share else []
    out = [say(lang, "quote.clauses_note")]
    if option.base and on_base:
        names = say(lang, "risk.listed").join(clause_name(key, option, lang) for key in on_base)
        out.append(
            say(lang, "quote.clauses_on_base", base=clause_name("base", option, lang), names=names)
        )
    return (" " if lang == "en" else "").join(out)


def best_sentence(answers: Answers, lang: Lang) -> str:
    """Return which option is best on average."""
    best, by = answers.best, "_middle" if answers.by_median else ""
    if best is None:
        return say(lang, f"quote.best_alone{by}")
    gain = money(answers.level(best.believed.gain), answers.scenario, lang)
    return say(lang, f"quote.best{by}", name=option_name(best.option, lang), gain=gain)


def warnings(answer: Answer, scenario: Scenario, lang: Lang) -> list[str]:
    """Return what is not counted: what comes after the plan."""
    option, months = answer.option, scenario.plan.horizon_months
    out = (
        [say(lang, "quote.horizon_short", term=option.term, months=months)]
        if option.term > months
        else []
    )
    named = {name for _, name in option.kpis_named()}
    late = [kpi for kpi in scenario.kpis if kpi.id in named and kpi.months[1] > months]
    return out + [say(lang, "quote.window_late", kpi=kpi_text(kpi, scenario, lang)) for kpi in late]


_GAINS = ("verdict", "gain", "p10", "p50", "p90", "worst", "better")

_MONEYS = ("fees", "own", "take_sales", "take_added", "payback", "pays_back", "at_risk", "lasts")


def gain_heads(lang: Lang) -> list[str]:
    """Return the heads of `gain_rows`."""
    return [say(lang, "quote.option"), *(say(lang, f"quote.{key}") for key in _GAINS)]


def money_heads(lang: Lang) -> list[str]:
    """Return the heads of `money_rows`."""
    return [say(lang, "quote.option"), *(say(lang, f"quote.{key}") for key in _MONEYS)]


def gain_rows(answers: Answers, lang: Lang) -> list[Row]:
    """Return what each option leaves against carrying on alone."""
    scenario, rows = answers.scenario, []
    for one in answers.options:
        found, gain = one.believed, one.believed.gain
        cells = (
            verdict_word(one, lang),
            centre_with_margin(gain, scenario, lang),
            *(money(gain.quantiles[p], scenario, lang) for p in (0.1, 0.5, 0.9)),
            money(gain.worst, scenario, lang),
            odds_text(found.better, answers.plan.paths, lang),
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
        falls = bool(found.gain.heavy) and not math.isfinite(found.gain.worst.value)
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


def with_margin(found: Figure, scenario: Scenario, lang: Lang) -> str:
    """Return an estimate with its margin, and without where there is none to speak of."""
    if found.margin < _DUST * max(1.0, abs(found.value)):
        return money(found.value, scenario, lang)
    return (
        f"{money(found, scenario, lang)}"
        f" {margin_text(found, _MONEY, scenario.currency, scenario.cost_currency, lang)}".strip()
    )


def centre_with_margin(found: Estimate, scenario: Scenario, lang: Lang) -> str:
    """Return a mean with its margin; where there is none the median with its own, called so."""
    text = with_margin(found.centre, scenario, lang)
    return say(lang, "quote.as_median", amount=text) if found.heavy else text


def in_short(option: Option, scenario: Scenario, lang: Lang) -> str:
    """Return what an option asks for in one short line: its fees, or what it costs the client."""
    currency = option.currency(scenario)

    def amount(value: float) -> str:
        return formats.compact(value, currency, lang)

    parts = []
    if option.setup:
        parts.append(f"{say(lang, 'quote.line_setup')} {amount(option.setup)}")
    if option.base:
        parts.append(
            f"{amount(option.base)} {say(lang, 'quote.a_month')}"
            if lang == "en"
            else f"{say(lang, 'quote.a_month')} {amount(option.base)}"
        )
    if share := share_text(scenario, option, lang):
        parts.append(share)
    if option.spend_rate:
        parts.append(f"{say(lang, 'quote.line_spend')} {formats.percent(option.spend_rate, 0)}")
    if option.order_fee:
        parts.append(f"{say(lang, 'quote.line_orders')} {amount(option.order_fee)}")
    parts += [
        say(lang, f"quote.line_{kind}")
        for kind in ("bonus", "penalty")
        if any(one.kind == kind for one in option.rewards)
    ]
    if option.instalments:
        parts.append(
            f"{say(lang, 'quote.line_instalments')}"
            f" {amount(sum(one.amount for one in option.instalments))}"
        )
    if option.stop_loss:
        parts.append(clause_name("stop_loss", option, lang))
    return say(lang, "kpi.semicolon").join(parts)


def break_even_text(one: Answer, lang: Lang) -> str:
    """Return the effect at which an option breaks even, as text."""
    if one.turning.break_even is None:
        return turning_short(one, lang)
    return formats.signed_percent(one.turning.break_even)


def turning_short(one: Answer, lang: Lang) -> str:
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
            else likely(option.effect)
        )
        sign = (
            formats.NOTHING
            if one.turning.sign is None
            else formats.signed_percent(one.turning.sign)
        )
        claimed = [formats.NOTHING] * 3
        if told is not None:
            claimed = [
                formats.signed_percent(claim(scenario, option)),
                middle_money(told.gain, scenario, lang),
                odds_text(told.better, told.paths, lang),
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


def lines_title(answer: Answer, lang: Lang) -> str:
    """Return the title of `line_rows`: means, or medians, which do not add up."""
    return say(lang, "quote.lines_middle" if answer.believed.no_mean.fee else "quote.lines")


def line_rows(answer: Answer, scenario: Scenario, lang: Lang) -> list[Row]:
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
                    odds_text(found.one_sided, answers.plan.paths, lang),
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


def serving_parts(cost: ServingCost, scenario: Scenario, lang: Lang) -> dict[str, str]:
    """Return the parts of what serving costs a month, as text with digits enough to compute it
    again: the means that are counted.
    """

    def pay(value: float) -> str:
        return formats.money(value, scenario.cost_currency, lang)

    people, on_cost = (
        formats.exact(round(value, _DIGITS)) for value in (cost.people, cost.on_cost * 100)
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
            formats.exact(round(value, _DIGITS)) if name == "people" else formats.percent(value, 1)
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
                likely=shown(name, likely(value)),
                span=span,
            )
        )
    return (
        say(lang, "quote.serving_means", parts=say(lang, "quote.serving_and").join(told))
        if told
        else ""
    )


def serving_sentence(answer: Answer, scenario: Scenario, lang: Lang) -> str:
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


def clause_name(key: str, option: Option, lang: Lang) -> str:
    """Return a clause's name with what decides it."""
    return say(
        lang,
        f"quote.clause_{key}",
        share=formats.percent(option.stop_share, 0),
        months=option.stop_months,
    )


def clause_rows(
    found: Sequence[ClausePrice], option: Option, scenario: Scenario, lang: Lang
) -> list[Row]:
    """Return what each clause is worth to either side; where that has no mean its median, unless
    the clause changes nothing in most futures.
    """

    def cell(side: Estimate) -> str:
        if side.heavy and abs(side.centre.value) < _CENT:
            return say(lang, "quote.mostly_nothing")
        return centre_with_margin(side, scenario, lang)

    rows = []
    for one in found:
        cells = tuple(cell(side) for side in (one.client, one.agency))
        where = say(lang, "quote.has_it" if one.there else "quote.could_add")
        rows.append(Row("", clause_name(one.key, option, lang), (where, *cells)))
    return rows


def stop_rows(found: Sequence[StopLoss], scenario: Scenario, lang: Lang) -> list[Row]:
    """Return money saved and good and bad deals ended, a row a threshold, a column a number of
    months.
    """
    by = {(one.share, one.months): one for one in found}

    def cell(one: StopLoss) -> str:
        shares = [
            say(lang, "quote.no_good") if part is None else formats.percent(part.value, 0)
            for part in (one.good_ended, one.bad_ended)
        ]
        return " / ".join([money(one.saved, scenario, lang), *shares])

    return [
        Row("", formats.percent(share, 0), tuple(cell(by[share, months]) for months in STOP_MONTHS))
        for share in STOP_SHARES
    ]


def stop_heads(lang: Lang) -> list[str]:
    """Return the heads of `stop_rows`."""
    return [
        say(lang, "quote.stop_head"),
        *(say(lang, "quote.stop_cell", months=months) for months in STOP_MONTHS),
    ]


def budget_sentences(
    found: Incentives, option: Option, scenario: Scenario, lang: Lang
) -> list[str]:
    """Return what each side would choose, and what the difference costs."""
    choice = found.budget
    parts = {
        "agency": formats.number(choice.agencys, 2),
        "client": formats.number(choice.clients, 2),
        "costs": money(choice.costs, scenario, lang),
    }
    if choice.indifferent:
        out = [say(lang, "quote.incentives_flat", client=parts["client"])]
    elif choice.agencys == choice.clients:
        out = [say(lang, "quote.incentives_same", client=parts["client"])]
    else:
        out = [say(lang, "quote.incentives_differ", **parts)]
    if option.ad_budget != 1:
        out.append(say(lang, "quote.budget_asked"))
    if choice.at_the_edge:
        out.append(say(lang, "quote.incentives_edge"))
    if choice.by_median:
        out.append(say(lang, "quote.incentives_middle"))
    if found.assumed is not None:
        out.append(
            say(lang, "quote.incentives_assumed", elasticity=formats.number(found.assumed, 1))
        )
    return out


def discount_sentences(found: Incentives, scenario: Scenario, lang: Lang) -> list[str]:
    """Return from which price elasticity a discount pays for each side, and what each would choose
    where one is given.
    """
    depth, out = formats.percent(TRIED_DISCOUNT, 0), []
    for side, start in (("agency", found.agency_from), ("client", found.client_from)):
        key = "never" if start is None else "any" if start == 0 else "from"
        out.append(
            say(
                lang,
                f"quote.discount_{side}_{key}",
                depth=depth,
                elasticity=formats.number(start or 0.0, 1),
            )
        )
    agency, client = found.agency_from, found.client_from
    if agency is not None and (client is None or agency < client):
        out.append(say(lang, "quote.discount_between"))
    if found.discount is not None and scenario.comparison.price_elasticity is not None:
        choice = found.discount
        out.append(
            say(
                lang,
                "quote.discount_chosen",
                elasticity=formats.number(scenario.comparison.price_elasticity, 1),
                agency=formats.percent(choice.agencys, 0),
                client=formats.percent(choice.clients, 0),
                costs=money(choice.costs, scenario, lang),
            )
        )
    return out


def knowing_name(path: str, scenario: Scenario, lang: Lang) -> str:
    """Return an uncertain input in words."""
    if not path.startswith("options."):
        return input_name(scenario, path, lang)
    _, option, name = path.split(".")
    title = option_name(alternatives.option_of(scenario, option), lang)
    if name in ("effect", "ramp"):
        return say(lang, f"quote.measure_{name}", name=title)
    return say(lang, "quote.measure_other", name=title, field=specs_of(Option)[name].label.of(lang))


def measure_rows(found: MeasureFirst, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return what knowing each input is worth, those worth anything."""
    worth = [one for one in found.inputs if one.worth.value > one.worth.margin]
    return [
        Row(
            "",
            knowing_name(one.path, scenario, lang),
            (
                (
                    f"{money(one.worth, scenario, lang)} "
                    + margin_text(
                        one.worth, _MONEY, scenario.currency, scenario.cost_currency, lang
                    )
                ),
            ),
        )
        for one in worth
    ]


def measure_sentence(found: MeasureFirst, scenario: Scenario, lang: Lang) -> str:
    """Return what knowing everything would be worth, and what would be chosen now; where there is
    no mean, why nothing has such a worth.
    """
    choice = (
        option_name(alternatives.option_of(scenario, found.choice), lang)
        if found.choice
        else say(lang, "quote.alone")
    )
    if found.no_mean:
        return (
            heavy_sentence(found.no_mean, scenario, lang, "measure_heavy")
            + (" " if lang == "en" else "")
            + say(lang, "quote.measure_choice", choice=choice)
        )
    return say(
        lang, "quote.measure_all", value=money(found.everything, scenario, lang), choice=choice
    )


def usual_rows(clause: str, lang: Lang, on: dt.date = DATA_DATE) -> list[tuple[str, AgencyPrice]]:
    """Return what is usually asked for a clause ("base", "share", "spend", "setup", "contract"), in
    words, with its row.
    """
    return [(_usual(row, lang), row) for row in studies.prices_on(on) if row.clause == clause]


def _usual(row: AgencyPrice, lang: Lang) -> str:
    share = row.unit in ("gmv", "ad_spend")
    currency, _, when = row.unit.partition(" ")

    def show(value: float) -> str:
        return formats.percent(value, 0) if share else formats.whole_money(value, currency, lang)

    if row.low is not None and row.high is not None:
        text = f"{show(row.low)} – {show(row.high)}"
    elif row.low is not None:
        text = say(lang, "quote.usual_from", low=show(row.low))
    elif row.high is not None:
        text = say(lang, "quote.usual_upto", high=show(row.high))
    else:
        text = ""
    if row.typical is not None:
        typical = say(lang, "quote.usual_typical", typical=show(row.typical))
        text = f"{text}{say(lang, 'kpi.comma')}{typical}" if text else typical
    unit = (
        say(lang, f"quote.of_{row.unit}")
        if share
        else say(lang, {"a year": "quote.a_year", "once": "quote.once"}.get(when, "quote.a_month"))
    )
    return say(
        lang,
        "quote.usual_row",
        service=row.service,
        market=row.market,
        range=f"{unit} {text}" if lang == "zh" else f"{text} {unit}",
    )


def default_sentences(
    scenario: Scenario, kinds: Sequence[str], lang: Lang, services: Sequence[Service] | None = None
) -> list[tuple[str, Basis]]:
    """Return what the defaults of some kinds of option rest on, in words, with their basis; of what
    serving takes, only for some services.
    """
    out = []
    others = (
        []
        if services is None
        else [
            "people" if one == "full" else f"people_{one}"
            for one in SERVICE_WORDS
            if one not in services
        ]
    )
    for basis in alternatives.bases(scenario, orders_alone(scenario)):
        if basis.kind == "serving" and basis.name in others:
            continue
        if basis.kind in kinds and not (basis.value == 0 and not basis.note.en):
            name = f"{_kind_name(basis.kind, lang)} · {_field_name(basis.kind, basis.name, lang)}"
            out.append((f"{name}: {_value_text(basis, scenario, lang)}", basis))
    return out


def _kind_name(kind: str, lang: Lang) -> str:
    return next((words.of(lang) for key, words in KIND_WORDS.items() if key == kind), "") or say(
        lang, f"quote.kind_{kind}"
    )


def _field_name(kind: str, name: str, lang: Lang) -> str:
    specs = specs_of(Option)
    if kind == "serving" and name == "lean":
        return say(lang, "quote.lean")
    name, _, service = name.partition("_") if name.startswith("people_") else (name, "", "full")
    if kind == "serving" and name == "people":
        return (
            f"{specs['serving_people'].label.of(lang)} ·"
            f" {SERVICE_WORDS[cast('Service', service)].of(lang)}"
        )
    own = f"serving_{name}" if kind == "serving" and f"serving_{name}" in specs else name
    spec = specs.get(own) or spec_of(f"comparison.{name}") or specs_of(Channel).get(name)
    return spec.label.of(lang) if spec else name


def _value_text(basis: Basis, scenario: Scenario, lang: Lang) -> str:
    specs = specs_of(Option)
    name = "people" if basis.name.startswith("people") else basis.name
    spec = specs.get(f"serving_{name}" if basis.kind == "serving" and name != "on_cost" else name)
    units = {
        "cost_money": "cost_money",
        "contract_money": "cost_money",
        "rate": "rate",
        "months": "months",
        "count": "count",
    }
    unit = units.get(spec.unit.value, "ratio") if spec else "ratio"

    def show(value: float) -> str:
        return formats.figure(value, unit, scenario.currency, scenario.cost_currency, lang)

    value = basis.value
    if (basis.kind, basis.name) == ("serving", "lean"):
        return formats.percent(float(value), 0)
    if hasattr(value, "sd"):
        return f"{show(value.mean)} ± {show(value.sd)}"
    if hasattr(value, "low"):
        return f"{show(value.low)} – {show(value.high)}"
    return show(float(value))
