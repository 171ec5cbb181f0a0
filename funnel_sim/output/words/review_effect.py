"""What the store would have done alone against what came: in sentences, as rows and workings."""

import math
from collections.abc import Sequence

from funnel_sim.decisions.review.ad_budget import AdBudget
from funnel_sim.decisions.review.effect import Drop, Effect
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import events_by_month
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.joining import begun, listed, run_on
from funnel_sim.output.words.review_leak import small_probability
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import EVENT_WORDS
from funnel_sim.words import Lang, say


def effect_sentences(found: Effect, scenario: Scenario, lang: Lang) -> list[str]:
    """Return whether it is the agency's doing: the verdict, the effect with its interval, what was
    promised, what was taken out or adjusted.
    """
    figure = say(lang, f"history.figure_{found.figure}")
    out = [say(lang, f"review.effect_{found.verdict}", figure=figure, months=found.known)]
    one = found.found
    if one is not None:
        low, middle, high = (formats.signed_percent(value) for value in one.whole)
        out.append(
            say(
                lang,
                "review.effect_size",
                figure=begun(figure),
                low=low,
                middle=middle,
                high=high,
                chance=formats.percent(one.above_zero, 0),
            )
        )
        if found.verdict == "not_yet":
            key = "never" if one.needed is None else "needed"
            least = "" if one.least is None else formats.signed_percent(one.least, 0)
            key = "never_any" if key == "never" and not least else key
            out.append(say(lang, f"review.effect_{key}", months=one.needed or 0, least=least))
    if found.promise is not None and found.reached is not None:
        out.append(
            say(
                lang,
                "review.effect_promise",
                promise=formats.promised(found.promise),
                chance=formats.percent(found.reached, 0),
            )
        )
    out += ended_sentences(found.ended, lang)
    if found.taken_out:
        out.append(say(lang, "review.effect_out", months=listed(found.taken_out, lang)))
    for mark in found.mentioned:
        out.append(
            say(
                lang,
                "review.effect_event",
                month=mark.month,
                event=EVENT_WORDS[mark.event].of(lang),
            )
        )
    told = events_by_month(scenario, lang, notes=True)
    noted = {mark.month for mark in scenario.history.marked if mark.note}
    out += [
        say(lang, "review.effect_note", month=month, told=told[month])
        for month in found.months
        if month in noted
    ]
    if found.found is not None:
        out.append(_ads(found, found.ads, lang))
    return out


def _ads(found: Effect, ads: AdBudget | None, lang: Lang) -> str:
    """Return what of the ad spend is taken into account, and by which numbers."""
    if ads is None:
        return say(lang, "review.effect_budget_no")
    judged = [
        one
        for one in zip(found.months, ads.spent, ads.usual, strict=True)
        if one[0] not in found.not_judged
    ]
    lacks = [month for month, spent, _ in judged if not math.isfinite(spent)]
    known = [(spent, usual) for _, spent, usual in judged if math.isfinite(spent)]
    if not known:
        return say(lang, "review.effect_budget_no")
    spent, usual = (math.fsum(part) for part in zip(*known, strict=True))
    text = say(
        lang,
        f"review.effect_budget_{ads.source}",
        change=formats.signed_percent(spent / usual - 1.0),
        share=formats.percent(ads.share, 0),
    )
    text = run_on([text, elasticity_sentence(ads, lang)], lang)
    if not lacks:
        return text
    return text + say(lang, "review.effect_budget_lacks", months=listed(lacks, lang))


def elasticity_sentence(ads: AdBudget, lang: Lang) -> str:
    """Return how much dearer clicks are taken to get with a larger budget, and where that can be
    changed.
    """
    kind = "assumed" if ads.assumed else "own"
    return say(lang, f"review.effect_elasticity_{kind}", elasticity=formats.exact(ads.elasticity))


def effect_heads(lang: Lang) -> tuple[str, ...]:
    """Return the heads of the table of the effect by month."""
    names = ("month", "came", "alone", "effect", "marked")
    return tuple(say(lang, f"review.col_{name}") for name in names)


def effect_rows(found: Effect, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return month by month what came, what the store alone would have brought, the effect and what
    was marked; all months last.
    """
    one = found.found
    if one is None:
        return []
    marks = events_by_month(scenario, lang, notes=True)

    def show(value: float) -> str:
        return figure_value(found.figure, value, scenario, lang)

    out = []
    for place, month in enumerate(found.months):
        low, _, high = (float(row[place]) for row in one.alone)
        gone = month in found.not_judged
        effect = formats.NOTHING
        if not gone and math.isfinite(found.came[place]):
            effect = _band([float(row[place]) for row in one.by_month], lang)
        told = [marks.get(month, ""), left_out(found, month, lang)]
        marked = listed([one for one in told if one], lang)
        alone = f"{show(low)} … {show(high)}"
        out.append(Row("", month, (show(found.came[place]), alone, effect, marked)))
    out.append(
        Row("", say(lang, "review.effect_all"), ("", "", _band(one.whole, lang), ""), "total")
    )
    return out


def left_out(found: Effect, month: str, lang: Lang) -> str:
    """Return why a month is left out of an effect; "" where it counts.

    Args:
        found: the effect.
        month: one since the mark.
        lang: the language.
    """
    if month in found.taken_out:
        return say(lang, "review.taken_out")
    return say(lang, "review.after_end") if month in found.not_judged else ""


def _band(values: Sequence[float], lang: Lang) -> str:
    low, middle, high = (formats.signed_percent(one) for one in values)
    left, right = ("（", "）") if lang == "zh" else (" (", ")")
    return f"{middle}{left}{low} … {high}{right}"


def figure_value(figure: str, value: float, scenario: Scenario, lang: Lang) -> str:
    """Return a month of the figure that the effect is told of.

    Args:
        figure: "gmv", or a figure that is a number of orders.
        value: its value [sales currency, or orders]; NaN where it is not known.
    """
    if not math.isfinite(value):
        return formats.NOTHING
    if figure == "gmv":
        return formats.whole_money(value, scenario.shown, lang)
    return formats.number(value)


def extra_sentences(found: Effect, scenario: Scenario, lang: Lang) -> list[str]:
    """Return the effect in money (where it is of sales) and what is believed for the next term."""
    one = found.found
    if one is None:
        return []
    out = []
    if found.figure == "gmv":
        low, middle, high = (
            formats.whole_money(value, scenario.shown, lang) for value in one.extra
        )
        out.append(say(lang, "review.effect_extra", low=low, middle=middle, high=high))
    shown = formats.signed_percent(math.fsum(one.belief) / len(one.belief))  # as the renewal does
    return [*out, say(lang, "review.effect_believed", middle=shown)]


def effect_workings(found: Effect, scenario: Scenario, lang: Lang) -> list[str]:
    """Return how the effect in all comes about, and what the ad budget does to it."""
    one = found.found
    if one is None:
        return []
    came = math.fsum(
        value
        for month, value in zip(found.months, found.came, strict=True)
        if month not in found.not_judged and math.isfinite(value)
    )
    high, alone, low = (came / (1.0 + effect) for effect in one.whole)

    def show(value: float) -> str:
        return figure_value(found.figure, value, scenario, lang)

    out = [
        say(
            lang,
            "review.how_effect",
            came=show(came),
            alone=show(alone),
            low=show(low),
            high=show(high),
            middle=formats.signed_percent(one.whole[1]),
        )
    ]
    ads = found.ads
    if ads is not None:
        factors = listed(
            [
                say(
                    lang,
                    "review.how_effect_month",
                    month=month,
                    spent=formats.whole_money(spent, scenario.shown, lang),
                    usual=formats.whole_money(usual, scenario.shown, lang),
                    factor=formats.number(factor, 3),
                )
                for month, spent, usual, factor in zip(
                    found.months, ads.spent, ads.usual, ads.factors, strict=True
                )
                if math.isfinite(spent)
            ],
            lang,
        )
        key = "review.how_effect_dearer"
        shown = formats.number(ads.elasticity, 2)
        share = formats.percent(ads.share)
        out.append(say(lang, key, share=share, elasticity=shown, factors=factors))
    return out


def drop_sentence(found: Drop | None, scenario: Scenario, lang: Lang) -> str:
    """Return whether the last month is noise or a signal; "" where it cannot be told.

    Args:
        found: the last month against all before it; None where it cannot be told.
    """
    if found is None:
        return ""
    low, _, high = (figure_value(found.figure, one, scenario, lang) for one in found.expected)
    kind = "signal" if found.signal else "noise"
    if not found.signal and found.came > found.expected[2]:
        kind = "above"
    elif not found.signal and found.came < found.expected[0]:
        kind = "low"
    return say(
        lang,
        f"review.drop_{kind}",
        figure=begun(say(lang, f"history.figure_{found.figure}")),
        month=found.month,
        came=figure_value(found.figure, found.came, scenario, lang),
        low=low,
        high=high,
        chance=small_probability(found.below),
    )
