"""The steps of the funnel against their own baseline and a benchmark, as rows and workings."""

import math

from funnel_sim.decisions.review.leak import Leaks, Step
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.review import (
    step_name,
)
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.benchmarks import Typical
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


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
