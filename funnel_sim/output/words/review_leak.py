"""The steps of the funnel against their own baseline and a benchmark: which leaks, in sentences, as
rows and workings.
"""

import math

from funnel_sim.decisions.review.leak import Leaks, Step
from funnel_sim.output.words import formats
from funnel_sim.output.words.borrowed import cost_mark
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.joining import listed, run_on
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.benchmarks import Typical
from funnel_sim.reference.review import settings
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def channel_words(channel: str, scenario: Scenario, lang: Lang) -> str:
    """Return a channel of the series by the name that the scenario's channel of that id has; as the
    file names it where there is none.

    Args:
        channel: its id.
        scenario: whose channels are meant.
        lang: the language.
    """
    known = any(one.id == channel for one in scenario.channels)
    return channel_name(scenario, channel, lang) if known else channel


def step_name(step: str, channel: str, scenario: Scenario, lang: Lang) -> str:
    """Return a step's name, with its channel where it is one of a single channel.

    Args:
        step: a step of the funnel, as `Step.step`.
        channel: the id of its channel, "" for the whole store.
    """
    name = say(lang, f"review.step_{step}")
    if not channel:
        return name
    shown = channel_words(channel, scenario, lang)
    return say(lang, "review.of_channel", name=name, channel=shown)


def leak_sentences(
    found: Leaks, scenario: Scenario, lang: Lang, *, causes: int | None = None
) -> list[str]:
    """Return which step leaks, what that costs, its usual causes and what to look at next; then
    what could not be looked at.

    Args:
        found: the steps.
        scenario: the store that they are of.
        lang: the language.
        causes: of how many broken steps benchmark and usual causes are told; None: of all.
    """
    months = listed(found.months, lang)
    if not found.steps:
        return [say(lang, "review.leak_short")]
    mark = cost_mark(scenario, found.months, lang)
    out = [
        _broken(one, scenario, lang, mark, causes=causes is None or place < causes)
        for place, one in enumerate(found.broken)
    ]
    if not out:
        names = dict.fromkeys(say(lang, f"review.step_{one.step}") for one in found.steps)
        steps = listed(list(names), lang)
        count = len(found.steps)
        out = [say(lang, "review.leak_none", months=months, count=count, steps=steps)]
    for row in found.costly:
        out.append(
            say(
                lang,
                "review.leak_costly",
                channel=channel_words(row.channel, scenario, lang),
                spend=formats.whole_money(row.spend, scenario.shown, lang),
                orders=formats.count(row.orders),
                leaves=after_mark(formats.money(row.leaves, scenario.shown, lang), mark, lang),
            )
        )
    few = [one for one in found.steps if one.enough is not None and one.counts < one.enough]
    if few:
        named = listed([_worse_name(one, scenario, lang) for one in few], lang)
        out.append(say(lang, "review.leak_few", steps=named))
    unseen = [one for one in found.steps if one.enough is None]
    if unseen:
        named = listed([_worse_name(one, scenario, lang) for one in unseen], lang)
        out.append(say(lang, "review.leak_wild", steps=named))
    if found.missing:
        named = listed([step_name(one, "", scenario, lang) for one in found.missing], lang)
        out.append(say(lang, "review.leak_missing", steps=named))
    return out


def _worse_name(one: Step, scenario: Scenario, lang: Lang) -> str:
    """Return a step's name; of one where more is worse, how much more is as bad as 30 % less."""
    name = step_name(one.step, one.channel, scenario, lang)
    if not one.rate.rising:
        return name
    return say(
        lang, "review.leak_more", step=name, more=formats.percent(settings("leak")["more"], 0)
    )


def after_mark(amount: str, mark: str, lang: Lang) -> str:
    """Return an amount with a mark behind it.

    Args:
        amount: as it is shown.
        mark: in its brackets, "" for none.
    """
    return f"{amount}{'' if lang == 'zh' or not mark else ' '}{mark}"


def _broken(one: Step, scenario: Scenario, lang: Lang, mark: str, *, causes: bool) -> str:
    parts = [
        say(
            lang,
            "review.leak_step",
            step=step_name(one.step, one.channel, scenario, lang),
            now=formats.percent(one.rate.now, 2),
            baseline=formats.percent(one.rate.baseline, 2),
            change=formats.signed_percent(one.ratio - 1),
        )
    ]
    if one.money is not None:
        amount = formats.whole_money(one.money, scenario.shown, lang)
        parts.append(say(lang, "review.leak_money", amount=after_mark(amount, mark, lang)))
    if one.typical is not None and causes:
        parts.append(
            say(
                lang,
                "review.leak_typical",
                low=formats.percent(one.typical.low, 2),
                high=formats.percent(one.typical.high, 2),
            )
        )
    if causes:
        parts.append(say(lang, f"review.causes_{one.step}"))
    return run_on(parts, lang)


def step_heads(lang: Lang) -> tuple[str, ...]:
    """Return the heads of the table of steps."""
    names = ("step", "baseline", "rate_now", "benchmark", "loss", "judged", "enough")
    return tuple(say(lang, f"review.col_{name}") for name in names)


def step_rows(found: Leaks, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return each step: its own baseline, now, the dated benchmark, the loss a month, noise or
    signal, and how many more visits would be enough.
    """
    return [
        Row(
            "",
            step_name(one.step, one.channel, scenario, lang),
            (
                formats.percent(one.rate.baseline, 2),
                formats.percent(one.rate.now, 2),
                benchmark_text(one.typical, lang),
                _loss(one, scenario, lang),
                judged_text(one, lang),
                enough_text(one, lang),
            ),
            tone="bad" if one.broken else "",
        )
        for one in found.steps
    ]


def _loss(one: Step, scenario: Scenario, lang: Lang) -> str:
    if one.money is None:
        return formats.NOTHING
    if one.money < 0.5:
        return formats.whole_money(0.0, scenario.shown, lang)
    return formats.whole_money(one.money, scenario.shown, lang)


def judged_text(one: Step, lang: Lang) -> str:
    """Return whether a step is a signal, noise, or cannot be told from so few counts."""
    if one.broken:
        return say(lang, "review.judged_signal")
    if one.enough is None or one.counts < one.enough:
        return say(lang, "review.judged_few")
    return say(lang, "review.judged_noise")


def enough_text(one: Step, lang: Lang) -> str:
    """Return how many more counts a month would show a step that is 30 % worse."""
    if one.enough is None:
        return say(lang, "review.enough_never")
    if one.counts >= one.enough:
        return say(lang, "review.enough_there")
    more = formats.number(math.ceil(one.enough - one.counts))
    return say(
        lang, "review.enough_more", more=more, counted=say(lang, f"review.counted_{one.step}")
    )


def benchmark_text(found: Typical | None, lang: Lang) -> str:
    """Return a benchmark's range with its date.

    Args:
        found: the range of rates, as fractions; None where there is no benchmark.
    """
    if found is None:
        return formats.NOTHING
    low, high = formats.percent(found.low, 1), formats.percent(found.high, 1)
    date = found.benchmark.provenance.as_of
    if not date:
        return say(lang, "review.benchmark_undated", low=low, high=high)
    return say(lang, "review.benchmark", low=low, high=high, date=date)


def leak_title(found: Leaks, lang: Lang) -> str:
    """Return what the steps were held against."""
    months = listed(found.months, lang)
    return say(lang, "review.leak_title", months=months, count=len(found.baseline))


def step_workings(found: Leaks, scenario: Scenario, lang: Lang) -> list[str]:
    """Return how each step was judged, with its counts."""
    out = []
    for one in found.steps:
        season = ""
        if one.rate.seasonal:
            shown = formats.number(one.rate.season, 3)
            season = say(lang, "review.how_season", season=shown)
        counts = {
            name: formats.number(float(getattr(one.rate, name).sum()))
            for name in ("now_of", "now_out_of", "base_of", "base_out_of")
        }
        out.append(
            say(
                lang,
                "review.how_step",
                step=step_name(one.step, one.channel, scenario, lang),
                season=season,
                chance=small_probability(one.chance),
                adjusted=small_probability(one.adjusted),
                **counts,
            )
        )
    return out


def small_probability(chance: float) -> str:
    """Return a probability, "<0.1%" where it is smaller."""
    return "<0.1%" if chance < 1e-3 else formats.percent(chance, 1)
