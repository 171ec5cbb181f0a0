"""What the comparison of quotes found, in sentences: the verdict and why."""

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.quote.answer import Answers, OptionAnswer
from funnel_sim.decisions.quote.effect import claim
from funnel_sim.decisions.quote.record import claim_belief
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.headlines import ads_sentence
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.output.words.our_offer import stopped_sentence
from funnel_sim.output.words.quote_amounts import (
    CENT,
    at_effect,
    heavy_sentence,
    money,
    whole_amount,
)
from funnel_sim.output.words.quote_further import clause_name
from funnel_sim.output.words.quote_serving import hours_sentences, rebate_sentences
from funnel_sim.output.words.rewards import comes_to_nothing, reward_text
from funnel_sim.output.words.shares import share_text
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def verdict_word(answer: OptionAnswer, lang: Lang) -> str:
    """Return the verdict in a word: for an option without another side, whether it is worth it."""
    if answer.option.paid:
        return say(lang, f"quote.{answer.verdict}")
    return say(lang, "quote.worth" if answer.verdict == "sign" else "quote.not_worth")


def verdict_sentence(answer: OptionAnswer, answers: Answers, lang: Lang) -> str:
    """Return the verdict's reason in one sentence: what is left on average (in the middle of the
    futures where there is no mean) and the odds.
    """
    scenario, found = answers.scenario, answer.believed
    mean, by = found.gain.centre, "_middle" if found.gain.heavy else ""
    parts = {
        "months": scenario.plan.horizon_months,
        "odds": probability_text(found.better, answers.plan.paths, lang),
        "by": at_effect(answer.option, scenario, lang),
    }
    if abs(mean.value) < CENT:
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


def reason_sentences(answer: OptionAnswer, answers: Answers, lang: Lang) -> list[str]:
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
        tail = ""
        if told.better.value < answer.believed.better.value and answer.option.effect is None:
            tail = say(lang, "quote.if_claimed_tail")
        out.append(
            say(
                lang,
                f"quote.{key}{by}",
                gain=money(told.gain.centre, scenario, lang),
                odds=probability_text(told.better, told.paths, lang),
            )
            + tail
        )
        out += record_sentences(scenario, answer.option, lang)
        out.append(band_sentence(answer, scenario, lang))
        out += hours_sentences(answer, scenario, lang)
        out += rebate_sentences(answer, scenario, lang)
        if answer.verdict == "sign" and answer.band.exists and answer.band.now < answer.band.low:
            out.append(_band_sentence("band_low", answer, scenario, lang))
    reasons = answer.believed.gain.heavy or (told.gain.heavy if told is not None else ())
    if reasons:
        out.append(heavy_sentence(reasons, scenario, lang))
    return out


def today_sentence(scenario: Scenario, lang: Lang) -> str:
    """Return what the shop earns in a usual month without any quote, and what an order of ads loses
    where it does: what a fee is held against.
    """
    result = evaluate(without_operator(scenario))
    profit = result.steady["profit"]
    if profit is None:
        return ""
    shown = formats.whole_money(profit, scenario.shown, lang)
    return say(lang, "quote.today", profit=shown, ads=ads_sentence(result, lang)).strip()


def record_sentences(scenario: Scenario, option: Option, lang: Lang) -> list[str]:
    """Return what the record of an option says: how far it lets the claim be believed, or that it
    was measured; nothing without a record.
    """
    found = claim_belief(scenario, option)
    if found is None:
        return []
    before, least, most = (
        _belief_text(value, lang) for value in (found.before, found.least, found.most)
    )
    falls, rises = least != before, most != before
    key = (
        "record_measured"
        if found.measured
        else "record_either"
        if falls and rises
        else "record"
        if rises
        else "record_falls"
        if falls
        else "record_same"
    )
    return [
        say(
            lang,
            f"quote.{key}",
            met=formats.exact(found.met),
            shown=formats.exact(found.shown),
            trust=formats.percent(found.trust, 0),
            before=before,
            least=least,
            most=most,
        )
    ]


def _belief_text(value: float, lang: Lang) -> str:
    """Return a belief in whole percent; what is near none or all is said as a bound, for no record
    proves or refutes a claim.
    """
    if value < _SURE:
        return say(lang, "quote.record_below", value=formats.percent(_SURE, 0))
    if value > 1.0 - _SURE:
        return say(lang, "quote.record_above", value=formats.percent(1.0 - _SURE, 0))
    return formats.percent(value, 0)


_SURE = 0.01


def band_sentence(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> str:
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


def _band_sentence(key: str, answer: OptionAnswer, scenario: Scenario, lang: Lang) -> str:
    band = answer.band
    return say(
        lang,
        f"quote.{key}",
        low=whole_amount(band.low, scenario, lang, "up"),
        typical=whole_amount(band.typical, scenario, lang),
        high=whole_amount(max(band.high, 0.0), scenario, lang, "down"),
        now=whole_amount(band.now, scenario, lang),
    )


def miss_sentence(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> str:
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
    amount = whole_amount(
        abs(miss.short), scenario, lang, "down" if miss.turns == "nothing" else "up"
    )
    most = whole_amount(max(miss.most, 0.0), scenario, lang, "down")
    return say(
        lang,
        f"quote.{key}",
        amount=amount,
        most=most,
        now=whole_amount(answer.band.now, scenario, lang),
    )


def change_sentence(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> str:
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
    parts = {name: whole_amount(value, scenario, lang, "up") for name, value in least.items()}
    parts |= {name: whole_amount(value, scenario, lang, "down") for name, value in most.items()} | {
        "effect": needed,
        "now": whole_amount(band.now, scenario, lang),
    }
    keys = [f"change_{miss.turns}" if answer.option.paid else f"change_{miss.turns}_own"]
    if miss.turns == "below_cost":
        keys.append("change_effect_too" if needed else "change_no_effect")
    if answer.option.hour_worth is None and miss.turns in ("below_cost", "effect", "never"):
        keys.append("change_hours")
    return (" " if lang == "en" else "").join(say(lang, f"quote.{key}", **parts) for key in keys)


def turning_sentence(answer: OptionAnswer, answers: Answers, lang: Lang) -> str:
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
        claimed=formats.promised(claim(answers.scenario, option)),
    )


def nothing_sentence(answer: OptionAnswer, free: float, scenario: Scenario, lang: Lang) -> str:
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


def no_fee_sentence(lang: Lang) -> str:
    """Return what stands in place of a verdict on a quote of which no fee is typed."""
    return say(lang, "steps.need_fee")


def best_sentence(answers: Answers, lang: Lang) -> str:
    """Return which option is best on average."""
    best, by = answers.best, "_middle" if answers.by_median else ""
    if best is None:
        return say(lang, f"quote.best_alone{by}")
    gain = money(answers.level(best.believed.gain), answers.scenario, lang)
    return say(lang, f"quote.best{by}", name=option_name(best.option, lang), gain=gain)


def warnings(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> list[str]:
    """Return what is not counted, as it comes after the plan, and that the stop-loss ends a kept
    promise.
    """
    option, months = answer.option, scenario.plan.horizon_months
    out = (
        [say(lang, "quote.horizon_short", term=option.term, months=months)]
        if option.term > months
        else []
    )
    named = {name for _, name in option.kpis_named()}
    late = [kpi for kpi in scenario.kpis if kpi.id in named and kpi.months[1] > months]
    out += [say(lang, "quote.window_late", kpi=kpi_text(kpi, scenario, lang)) for kpi in late]
    held = None if option.claimed is None else answer.claimed
    stopped = "" if held is None else stopped_sentence(held, lang)
    return [stopped, *out] if stopped else out


def _paid_else(option: Option, reward: Reward) -> bool:
    """Say whether a contract names a price beside one reward."""
    named = option.setup, option.base, option.share_tiers, option.spend_rate, option.order_fee
    return any(named) or any(
        one is not reward and not comes_to_nothing(one, option) for one in option.rewards
    )


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
        reward_text(one, option, scenario, lang)
        for kind in ("bonus", "penalty")
        for one in option.rewards
        if one.kind == kind and not (comes_to_nothing(one, option) and _paid_else(option, one))
    ]
    if option.instalments:
        parts.append(
            f"{say(lang, 'quote.line_instalments')}"
            f" {amount(sum(one.amount for one in option.instalments))}"
        )
    if option.stop_loss:
        parts.append(clause_name("stop_loss", option, lang))
    return say(lang, "kpi.semicolon").join(parts)
