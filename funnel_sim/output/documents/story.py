"""The story that presentation and slides tell: how it is now, what must be reached, what is
charged, what protects you, what comes next; or, without a quote, how the months may turn out.

Both go by the same steps, messages and bars; each draws them its own way. An agency's own offer
(`ours`) is told in its words.
"""

import math
from dataclasses import dataclass

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.decisions.quote.clause_prices import has
from funnel_sim.decisions.quote.effect import claim, full_month
from funnel_sim.decisions.quote.our_offer import OurOffer
from funnel_sim.decisions.quote.summary import Summary
from funnel_sim.output.documents.chapters.contracts import against
from funnel_sim.output.documents.chapters.parts import label_of
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import assumptions
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.headlines import orders_sentence
from funnel_sim.output.words.kpi import counted_name, kpi_text, reason_sentence
from funnel_sim.output.words.kpi import verdict_sentence as kpi_verdict
from funnel_sim.output.words.kpi_offers import offer_text
from funnel_sim.output.words.our_offer import (
    failed_sentence,
    guarantee_name,
    guarantees_note,
    offer_sentence,
)
from funnel_sim.output.words.quote import (
    best_sentence,
    change_sentence,
    in_short,
    reason_sentences,
    turning_sentence,
    verdict_sentence,
)
from funnel_sim.output.words.quote_amounts import money
from funnel_sim.output.words.quote_further import clause_name, knowing_name
from funnel_sim.output.words.tones import Tone
from funnel_sim.scenario import alternatives, effects
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_NAMED = 3
_OFFERED = 0.7
_SMALLEST, _WHOLE, _RARE = 0.5, 0.05, 0.005


@dataclass(frozen=True)
class Bar:
    """One bar of a step: its name, its value, the value as text, and how it is meant."""

    name: str
    value: float
    text: str
    tone: Tone = ""


def steps(scenario: Scenario, *, ours: bool) -> tuple[str, ...]:
    """Return the steps of a scenario's story, in their order.

    >>> from funnel_sim.scenario.presets import preset
    >>> shop = preset("amazon-de-kitchen")
    >>> steps(shop, ours=True)
    ('now', 'months', 'customers', 'next')
    >>> steps(shop.replace({"options": [{"id": "quote", "base": 1.0}]}), ours=True)
    ('now', 'reach', 'charge', 'protect', 'next')
    """
    if any(option.kind == "quote" and option.compared for option in scenario.options):
        middle = () if ours else ("compare",)
        return ("now", "reach", "charge", *middle, "protect", "next")
    return ("now", "months", "customers", *(("kpis",) if scenario.kpis else ()), "next")


def message(step: str, found: Found, ours: OurOffer | None, lang: Lang) -> str:
    """Return what a step says in a sentence; empty where the scenario has nothing to say of it."""
    scenario = found.scenario
    match step:
        case "now":
            return orders_sentence(found.result, lang) or say(lang, "economics.no_orders")
        case "months":
            if found.estimate is None or not math.isfinite(found.estimate.quantiles[0.5].value):
                return ""
            return say(
                lang,
                "present.odds",
                months=scenario.plan.horizon_months,
                odds=probability_text(found.estimate.loss, found.paths, lang),
                middle=money(found.estimate.quantiles[0.5], scenario, lang),
            )
        case "customers":
            cac, ltv = found.result.steady["cac"], found.result.steady["ltv"]
            if cac is None or ltv is None:
                return ""
            parts = {
                "cac": formats.money(cac, scenario.shown, lang),
                "ltv": formats.money(ltv, scenario.shown, lang),
                "months": scenario.customers.ltv_horizon,
            }
            key = "pays" if ltv >= cac else "does_not_pay"
            return say(lang, f"customers.{key}", **parts)
        case "kpis":
            check = found.check
            if check is None:
                return ""
            head, text = say(lang, f"kpi.{check.verdict}"), kpi_verdict(check, lang)
            return say(lang, "present.headed", head=head, text=text)
        case "next":
            return say(lang, "report.s_next")
        case _:
            return _of_offer(step, found, ours, lang)


def _of_offer(step: str, found: Found, ours: OurOffer | None, lang: Lang) -> str:
    scenario = found.scenario
    months = scenario.plan.horizon_months
    if ours is not None:
        match step:
            case "reach":
                return offer_sentence(ours, lang)
            case "charge":
                held = ours.as_is.held
                return say(
                    lang,
                    "story.charge_ours",
                    fee=in_short(ours.option, scenario, lang),
                    promised=formats.promised(ours.promised),
                    months=months,
                    brought=_amount(held.brought, scenario, lang),
                    costs=_amount(held.paid + held.own, scenario, lang),
                )
            case _:
                return failed_sentence(ours, lang)
    if found.answers is None or not found.quotes:
        return ""
    first = found.quotes[0]
    name = label_of(first, found, lang)
    match step:
        case "reach":
            return (
                f"{name}{say(lang, 'contract.colon')}{turning_sentence(first, found.answers, lang)}"
            )
        case "charge":
            told = first.believed
            key = "report.s_deal_middle" if told.gain.heavy else "report.s_deal"
            deal = say(
                lang,
                key,
                months=months,
                brought=money(told.brought, scenario, lang),
                costs=money(told.paid + told.own, scenario, lang),
            )
            return say(lang, "report.verdict_of", verdict=name, name=deal)
        case "compare":
            return best_sentence(found.answers, lang)
        case _:
            check = next(iter(found.contracts), None)
            bad = [] if check is None else [one for one in against(check) if one.state == "bad"]
            text = say(lang, "report.s_clauses" if bad else "report.s_no_clauses")
            return say(lang, "report.verdict_of", verdict=name, name=text)


def points(step: str, found: Found, ours: OurOffer | None, lang: Lang) -> list[str]:
    """Return the sentences that stand below a step's message."""
    scenario = found.scenario
    match step:
        case "next":
            return next_steps(found, lang) if ours is None else our_next_steps(ours, lang)
        case "reach" if ours is not None:
            named = [kpi_text(kpi, scenario, lang) for kpi in scenario.kpis]
            listed = say(lang, "kpi.semicolon").join(named)
            return [say(lang, "story.kpis", kpis=listed)] if named else []
        case "reach" if found.check is not None:
            return [reason_sentence(found.check, lang)]
        case "charge" if ours is not None:
            return fee_workings(ours.as_is.held, scenario, lang)
        case "charge" if ours is None and found.answers is not None and found.quotes:
            one = found.quotes[0]
            word = say(lang, f"quote.{one.verdict}")
            sentence = verdict_sentence(one, found.answers, lang)
            workings = fee_workings(one.believed, scenario, lang)
            return [say(lang, "present.headed", head=word, text=sentence), *workings]
        case "compare" if found.answers is not None and found.quotes:
            return reason_sentences(found.quotes[0], found.answers, lang)[:1]
        case "protect" if ours is not None:
            held = protections(ours, lang)
            listed = say(lang, "kpi.semicolon").join(held)
            there = [say(lang, "story.there", names=listed)] if held else []
            return [*there, guarantees_note(ours, lang)]
        case _:
            return []


_PROTECTS = (
    "stop_loss",
    "trial",
    "cap",
    "total_cap",
    "baseline",
    "season",
    "clawback",
    "penalty",
    "rebate",
)


def protections(ours: OurOffer, lang: Lang) -> list[str]:
    """Return the names of the clauses that the offer has already and that protect the client."""
    return [clause_name(key, ours.option, lang) for key in _PROTECTS if has(ours.option, key)]


def bars(step: str, found: Found, ours: OurOffer | None, lang: Lang) -> list[Bar]:
    """Return the bars of a step: uplifts for what must be reached, money for what is charged and
    for what each option leaves, with the probability of being better off.
    """
    if step == "reach":
        return _reach_bars(found, ours, lang)
    if step == "charge":
        return _charge_bars(found, ours, lang)
    if step == "compare" and found.answers is not None:
        return _compare_bars(found, found.answers, lang)
    return []


def _compare_bars(found: Found, answers: Answers, lang: Lang) -> list[Bar]:
    out = []
    for one in answers.options:
        level = answers.level(one.believed.gain)
        odds = probability_text(one.believed.better, answers.plan.paths, lang)
        name = f"{label_of(one, found, lang)} · {odds}"
        text = money(level, answers.scenario, lang)
        out.append(Bar(name, level.value, text, "good" if level.value > 0 else "bad"))
    return out


def _reach_bars(found: Found, ours: OurOffer | None, lang: Lang) -> list[Bar]:
    if ours is not None:
        whose = "story.effect_promised" if ours.typed else "quote.effect_claimed_default"
        fits: Tone = "good" if ours.as_is.fits else ""
        every: list[tuple[str, float | None, Tone]] = [
            ("story.effect_needed", ours.as_is.needed, "middle"),
            (whose, ours.promised, fits),
        ]
    elif found.answers is not None and found.quotes:
        one = found.quotes[0]
        option, on = one.option, found.scenario.as_of
        typical = (
            effects.sceptical(option.service, on).point - 1
            if option.effect is None
            else point_value(option.effect)
        )
        claims = "effect_claimed" if option.claimed is not None else "effect_claimed_default"
        every = [
            ("quote.effect_believed", typical, "middle"),
            (f"quote.{claims}", claim(found.answers.scenario, option), ""),
            ("quote.effect_break", one.turning.break_even, "bad"),
            ("quote.effect_sign", one.turning.sign, "good"),
        ]
    else:
        return []
    return [
        Bar(
            say(lang, key),
            value,
            (
                formats.promised
                if "_claimed" in key or "_promised" in key
                else formats.signed_percent
            )(value),
            tone,
        )
        for key, value, tone in every
        if value is not None
    ]


def _charge_bars(found: Found, ours: OurOffer | None, lang: Lang) -> list[Bar]:
    scenario = found.scenario
    told = (
        ours.as_is.held if ours is not None else found.quotes[0].believed if found.quotes else None
    )
    if told is None:
        return []
    mean = told.gain.centre.value
    every = [
        ("brought", told.brought),
        ("fees", -told.paid),
        *([("own", -told.own)] if told.own else []),
        ("left", mean),
    ]
    return [
        Bar(
            say(lang, f"report.s_{key}"),
            value,
            money(told.gain.centre, scenario, lang)
            if key == "left" and ours is None
            else _amount(value, scenario, lang),
            ("middle" if key == "left" and value > 0 else "good") if value > 0 else "bad",
        )
        for key, value in every
    ]


def fee_workings(told: Summary, scenario: Scenario, lang: Lang) -> list[str]:
    """Return how the fees of an offer come about, which are not fee times months: each line of
    them, how long the engagement runs on average and what ends it, the monthly base converted.

    Args:
        told: what the offer comes to.
        scenario: the store and its plan.
        lang: "zh" or "en".
    """
    option, months = told.case.option, scenario.plan.horizon_months
    paid = {name: value for name, value in told.lines.items() if abs(value) >= _SMALLEST}
    if not paid:
        return []
    listed = say(lang, "kpi.list").join(
        f"{say(lang, f'quote.line_{name}')} {_amount(value, scenario, lang)}"
        for name, value in paid.items()
    )
    total = _amount(told.paid, scenario, lang)
    out = [say(lang, "story.charge_lines", lines=listed, total=total)]
    if option.base and option.currency(scenario) != scenario.currency:
        parts = {
            "base": formats.whole_money(option.base, option.currency(scenario), lang),
            "each": _amount(option.base / option.rate(scenario), scenario, lang),
            "rate": f"{option.rate(scenario):g}",
            "costs": scenario.cost_currency,
            "sales": scenario.currency,
        }
        out.append(say(lang, "story.charge_rate", **parts))
    if told.lasts < months - _WHOLE:
        ended = [
            f"{say(lang, f'story.charge_end_{place}')} {formats.percent(share, 0)}"
            for place, share in enumerate(told.ended)
            if place and share >= _RARE
        ]
        why = say(lang, "story.charge_ends", reasons=say(lang, "kpi.list").join(ended))
        lasts = formats.number(told.lasts, 1)
        out.append(
            say(lang, "story.charge_lasts", lasts=lasts, months=months, why=why if ended else "")
        )
    return out


def _amount(value: float, scenario: Scenario, lang: Lang) -> str:
    return formats.whole_money(value, scenario.shown, lang)


# ---- what comes next
# ------------------------------------------------------------------------------------------------


def our_next_steps(ours: OurOffer, lang: Lang) -> list[str]:
    """Return what an agency and its prospect do next."""
    option, scenario = ours.option, ours.scenario
    weak = _weak(scenario, lang)
    best = ours.safest if ours.as_is.fits else ours.best
    out = [say(lang, "story.next_numbers", names=weak)] if weak else []
    out.append(say(lang, "story.next_measure"))
    if best is not None:
        name = guarantee_name(best, ours, lang)
        out.append(say(lang, "story.next_guarantee", guarantee=name))
    month = full_month(option)
    assumed = point_value(option.ramp) == alternatives.usual_ramp(scenario).value
    key = "next_start_late" if month > option.term else "next_start"
    if assumed and month <= option.term:
        key = "next_start_assumed"
    return [*out, say(lang, f"story.{key}", month=month, last=option.term)]


def _weak(scenario: Scenario, lang: Lang) -> str:
    """Return the first inputs that rest on weak assumptions, listed."""
    weak = [
        one.name
        for one in assumptions(scenario, lang)
        if one.weak and not one.path.startswith(("effects.", "alternatives.", "options."))
    ]
    return say(lang, "kpi.list").join(list(dict.fromkeys(weak))[:_NAMED])


def next_steps(found: Found, lang: Lang) -> list[str]:
    """Return what to do next, the most pressing first."""
    out, scenario = [], found.scenario
    for one in found.quotes:
        name = label_of(one, found, lang)
        shown = {
            end: money(getattr(one.band, end), scenario, lang) for end in ("low", "high", "now")
        }
        if one.verdict == "sign":
            out.append(f"{name}{say(lang, 'contract.colon')}{say(lang, 'report.s_next_sign')}")
        elif one.band.exists:
            out.append(say(lang, "report.s_next_fee", name=name, **shown))
        elif one.verdict == "renegotiate":
            out.append(f"{name}{say(lang, 'contract.colon')}{change_sentence(one, scenario, lang)}")
        else:
            out.append(say(lang, "report.s_next_no_fee", name=name))
    if found.contracts:
        check = found.contracts[0]
        bad, asked = check.count("bad"), check.count("open")
        whether = (
            "s_next_clauses_if"
            if all(one.verdict == "walk_away" for one in found.quotes)
            else "s_next_clauses"
        )
        out += [say(lang, f"report.{whether}", count=bad, grade=check.grade.id)] if bad else []
        out += [say(lang, "report.s_next_ask", count=asked)] if asked else []
    if found.check is not None and found.check.verdict not in ("safe", "realistic"):
        able = [one for one in found.check.answers if one.offers[_OFFERED] is not None]
        offers = [
            f"{counted_name(one.kpi, scenario, lang)} {offer_text(one, _OFFERED, scenario, lang)}"
            for one in able
        ]
        out += (
            [say(lang, "report.s_next_offer", offer=say(lang, "kpi.semicolon").join(offers))]
            if offers
            else []
        )
        out += (
            [say(lang, "kpi.other_form" if not offers else "report.s_next_form")]
            if len(able) < len(found.check.answers)
            else []
        )
    if found.measured is not None:
        worth = [one for one in found.measured.inputs if one.worth.value > one.worth.margin]
        out += [
            say(
                lang,
                "report.s_next_know",
                name=knowing_name(one.path, scenario, lang),
                worth=money(one.worth, scenario, lang),
            )
            for one in worth[:1]
        ]
    if (
        not found.quotes
        and found.check is None
        and found.estimate is not None
        and not found.estimate.centre.value > 0
    ):
        out.append(say(lang, "report.s_next_cost"))
    out += (
        [say(lang, "report.s_next_kpis")] if found.check is not None and not found.contracts else []
    )
    weak = [
        one.name
        for one in assumptions(scenario, lang)
        if one.weak and not one.path.startswith(("effects.", "alternatives."))
    ]
    if weak:
        out.append(
            say(
                lang,
                "report.s_next_weak",
                names=say(lang, "kpi.list").join(list(dict.fromkeys(weak))[:_NAMED]),
            )
        )
    return [*out, say(lang, "report.s_next_again")]
