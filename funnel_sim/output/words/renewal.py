"""The next term in words: why to go on, renegotiate or leave, each option with its effect as it is
known beside the one promised, what to ask for, and the days that must not be missed.
"""

import datetime as dt
from collections.abc import Sequence

import numpy as np

from funnel_sim.decisions.review.effect import BAND
from funnel_sim.decisions.review.renewal import ALONE, AsQuote, NextTerm, Renewal
from funnel_sim.decisions.review.standing import Date
from funnel_sim.output.words import formats
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.review_dates import date_sentence
from funnel_sim.output.words.review_effect import effect_sentences
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.review import settings
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_LITTLE = 0.5  # of a unit of money: a line that is shown as nothing
_SHORT = 0.05  # of a month: an earlier end that is not worth a sentence


def verdict_sentence(found: Renewal, scenario: Scenario, lang: Lang) -> str:
    """Return whether to go on, renegotiate or leave, with what it costs and is worth a month."""

    def money(value: float) -> str:
        return formats.whole_money(value, scenario.shown, lang)

    unsure = found.advice == "leave" and found.worth > 0
    key: str = "leave_unsure" if unsure else found.advice
    if found.advice == "renegotiate" and found.worth >= found.fee:
        key = "renegotiate_odds"  # it gains on average, but too rarely
    elif (
        found.advice == "renegotiate"
        and found.worth < found.fee * settings("renewal")["hard_to_reach"]
    ):
        key = "renegotiate_far"
    return say(
        lang,
        f"review.renewal_{key}",
        fee=money(found.fee),
        worth=money(found.worth),
        months=found.months,
        chance=formats.percent(found.options[0].better_free, 0),
        better=formats.percent(found.options[0].better, 0),
        cut=formats.percent(1 - found.worth / found.fee, 0, "up") if found.fee else "",
    )


def renewal_sentences(found: Renewal, scenario: Scenario, lang: Lang) -> list[str]:
    """Return whether to go on, each option of the next term, and the effect it rests on."""
    out = [verdict_sentence(found, scenario, lang), *assumed_sentences(found, lang)]
    for one in found.options:
        out.append(
            say(
                lang,
                "review.renewal_option",
                name=option_name(one.option, lang),
                gain=formats.whole_money(one.gain, scenario.shown, lang),
                chance=formats.percent(one.better, 0),
            )
        )
    out += terms_sentences(found, scenario, lang)
    if found.best == ALONE:
        out.append(say(lang, "review.renewal_alone"))
    out += further_sentences(found, scenario, lang)
    return out + effect_sentences(found.effect, scenario, lang)


def further_sentences(found: Renewal, scenario: Scenario, lang: Lang) -> list[str]:
    """Return what the contract really came to so far beside the fee that is expected, and what
    staying is worth if the effect as measured holds.
    """

    def money(value: float) -> str:
        return formats.whole_money(value, scenario.shown, lang)

    out = fee_sentences(found, scenario, lang)
    if found.billed is not None:
        code = found.staying.currency(scenario)
        billed = formats.whole_money(found.billed, code, lang)
        setup = found.billed_setup
        out.append(
            say(
                lang,
                "renewal.billed_setup" if setup else "renewal.billed",
                billed=billed,
                setup=formats.whole_money(setup, code, lang),
                rest=formats.whole_money(found.billed - setup, code, lang),
            )
        )
    if found.measured is not None and found.effect.found is not None:
        middle = formats.signed_percent(found.effect.found.whole[1])
        worth, fee = money(found.measured), money(found.fee)
        out.append(say(lang, "renewal.if_measured", middle=middle, worth=worth, fee=fee))
    return out


def fee_sentences(found: Renewal, scenario: Scenario, lang: Lang) -> list[str]:
    """Return how the fee that is expected a month comes about: its lines over the term, and the
    months after an early end that count as nothing.

    Args:
        found: what is known of the next term.
        scenario: the store, as typed.
        lang: the language.
    """

    def money(value: float) -> str:
        return formats.whole_money(value, scenario.shown, lang)

    stays = found.options[0]
    lines = [
        f"{say(lang, f'quote.line_{name}')} {money(amount)}"
        for name, amount in stays.lines.items()
        if abs(amount) >= _LITTLE
    ]
    if not lines:
        return []
    out = [
        say(
            lang,
            "renewal.fee_made",
            fee=money(found.fee),
            paid=money(stays.paid),
            lines=listed(lines, lang),
            months=found.months,
        )
    ]
    if 0 < stays.running < found.months - _SHORT:
        each = money(stays.paid / stays.running)
        running = formats.number(stays.running, 1)
        out.append(say(lang, "renewal.fee_stops", running=running, months=found.months, each=each))
    return out


def assumed_sentences(found: Renewal, lang: Lang) -> list[str]:
    """Return that another term is assumed, where the contract does not renew itself or ended
    before the last known month.
    """
    if found.effect.ended is not None:
        again = say(lang, "review.ended_again")
        return [*ended_sentences(found.effect.ended, lang), again]
    if found.staying.renewal != "ends":
        return []
    return [say(lang, "review.renewal_assumed", months=found.months)]


def reason_sentences(found: Renewal, scenario: Scenario, lang: Lang) -> list[str]:
    """Return why: what is known of the effect against what was promised, what staying leaves, and
    what is worth more.
    """

    def money(value: float) -> str:
        return formats.whole_money(value, scenario.shown, lang)

    out, effect = [], found.effect
    if effect.found is None:
        out.append(say(lang, f"review.effect_{effect.verdict}", figure="", months=effect.known))
    else:
        low, middle, high = (formats.signed_percent(one) for one in effect.found.whole)
        parts = {"low": low, "middle": middle, "high": high}
        if effect.promise is None:
            out.append(say(lang, "renewal.why_effect", **parts))
        else:
            promise = formats.promised(effect.promise)
            out.append(say(lang, "renewal.why_promise", promise=promise, **parts))
        belief = np.asarray(effect.found.belief)
        low, _, high = (formats.signed_percent(float(one)) for one in np.quantile(belief, BAND))
        mean = formats.signed_percent(float(belief.mean()), 1)  # what the money is reckoned with
        out.append(say(lang, "renewal.why_believed", low=low, mean=mean, high=high))
    out += further_sentences(found, scenario, lang)
    stays = found.options[0]
    key = "why_gain" if stays.gain >= 0 else "why_loss"
    out.append(
        say(
            lang,
            f"renewal.{key}",
            amount=money(abs(stays.gain)),
            months=found.months,
            chance=formats.percent(stays.better, 0),
        )
    )
    out += terms_sentences(found, scenario, lang)
    if found.best == ALONE:
        out.append(say(lang, "review.renewal_alone"))
    elif found.best != stays.option.id:
        other = next(one for one in found.options if one.option.id == found.best)
        name = option_name(other.option, lang)
        out.append(say(lang, "renewal.why_other", name=name, gain=money(other.gain)))
    return out


def terms_sentences(found: Renewal, scenario: Scenario, lang: Lang) -> list[str]:
    """Return what of the contract's clauses is over when the next term begins, and what is left
    under a total maximum.

    Args:
        found: what is known of the next term.
        scenario: whose months are known.
        lang: the language.

    Returns:
        No sentence where the contract goes on as it is.
    """
    out, terms = [], found.terms
    if terms.over:
        out.append(say(lang, "renewal.windows_over", month=terms.begins))
    if terms.left is not None:
        cost = terms.option.fee_currency == "cost"
        code = scenario.cost_currency if cost else scenario.currency
        left = formats.whole_money(terms.left, code, lang)
        out.append(say(lang, "renewal.cap_left", left=left))
    return out


def price_sentence(found: Renewal, scenario: Scenario, lang: Lang) -> str:
    """Return which fee the effect shown would justify."""
    worth = formats.whole_money(max(found.worth, 0.0), scenario.shown, lang)
    fee = formats.whole_money(found.fee, scenario.shown, lang)
    key = "nothing" if found.advice == "leave" else "more" if found.worth >= found.fee else "less"
    return say(lang, f"renewal.price_{key}", worth=worth, fee=fee, months=found.months)


def option_rows(found: Renewal, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return each option of the next term: what it costs a month (fees, and one's
    own people, hours and tools), what it leaves with the effect as it is
    known, how probably it is better than alone, and what it would leave if the promise came true.
    """

    def money(value: float | None) -> str:
        return (
            formats.NOTHING if value is None else formats.whole_money(value, scenario.shown, lang)
        )

    return [
        Row(
            "",
            staying_name(one, found, lang),
            (
                money(one.cost / found.months),
                money(one.gain),
                formats.percent(one.better, 0),
                money(one.promised),
            ),
            tone="bad" if one.gain < 0 else "",
        )
        for one in found.options
    ]


def as_quote_sentence(quote: AsQuote, found: Renewal, scenario: Scenario, lang: Lang) -> str:
    """Return what the same contract comes to as a new quote, and why that is another figure.

    Args:
        quote: the contract as the page of quotes tells it.
        found: what is known of the next term.
        scenario: the store, as typed.
        lang: the language.
    """

    def money(value: float) -> str:
        return formats.whole_money(value, scenario.shown, lang)

    return say(
        lang,
        "renewal.as_quote",
        fee=money(quote.fee),
        gain=money(quote.gain),
        months=quote.months,
        here_fee=money(found.fee),
        here_gain=money(found.options[0].gain),
        here_months=found.months,
    )


def option_heads(lang: Lang) -> list[str]:
    """Return the heads of that table."""
    return [say(lang, f"renewal.{key}") for key in ("option", "fee", "gain", "better", "promised")]


def staying_name(one: NextTerm, found: Renewal, lang: Lang) -> str:
    """Return an option's name; of the contract that goes on, that it is that."""
    name = option_name(one.option, lang)
    same = one.option.id == found.staying.id
    return say(lang, "renewal.staying", name=name) if same else name


def gain_rows(
    found: Renewal, scenario: Scenario, lang: Lang
) -> list[tuple[str, tuple[float, float, float], str, str, str, str]]:
    """Return the rows of the picture: name, (P10, P50, P90) of the net gain, both in words, and how
    it is drawn.
    """
    out = []
    for one in found.options:
        gain = formats.whole_money(one.gain, scenario.shown, lang)
        chance = formats.percent(one.better, 0)
        kind = "bad" if one.gain <= 0 else "good" if one.better >= 0.5 else "middle"
        told = say(lang, "renewal.better_in", chance=chance)
        out.append((staying_name(one, found, lang), one.spread, gain, chance, told, kind))
    return out


def day_sentences(dates: Sequence[Date], today: dt.date, lang: Lang) -> list[str]:
    """Return the days of a contract, each with how many days are left, or that it is over.

    Args:
        dates: the contract's days, earliest first.
    """
    out = []
    for one in dates:
        told = date_sentence(one, lang)
        left = (one.day - today).days
        key = "left" if left > 0 else "today" if left == 0 else "over"
        out.append(say(lang, f"renewal.days_{key}", told=told, days=abs(left)))
    return out
