"""The sheet of what was simulated, as values: estimates, what options leave, odds of KPIs."""

from funnel_sim.chance.simulation import Simulation
from funnel_sim.decisions.kpi.check import KpiCheck
from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import heavy_sentence
from funnel_sim.output.words.figure_names import name_of, unit_of
from funnel_sim.output.words.kpi import answer_name
from funnel_sim.output.words.quote import verdict_word
from funnel_sim.output.words.quote_amounts import heavy_notes
from funnel_sim.output.words.shown import shown_sentences
from funnel_sim.output.workbook.cells import Sheet, finite
from funnel_sim.output.workbook.model_book import LOOKS
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.words import Lang, say

_QUOTE_WORDS = frozenset({"option", "verdict", "gain", "better", "fees", "own", "break_even"})
_ESTIMATES = ("mean", "sd", "p5", "p50", "p95", "worst", "loss")


def put_estimates(sheet: Sheet, simulated: Simulation, lang: Lang) -> int:
    """Fill in the estimates of the simulation; return the row after the last."""
    plan = simulated.plan
    sheet.put(0, 0, sheet.title, "title")
    shown = simulated.scenario.shown
    lead = [say(lang, "workbook.simulation_lead"), *shown_sentences(simulated.scenario, lang)]
    sheet.put(1, 0, ("" if lang == "zh" else " ").join(lead), "lead")
    for row, (key, number) in enumerate(
        (("seed", plan.seed), ("paths", plan.paths), ("replicates", plan.replicates)), 2
    ):
        sheet.put(row, 0, say(lang, f"workbook.s_{key}"), "strong")
        sheet.put(row, 1, float(number), "plain")
    sheet.put(5, 0, say(lang, "workbook.cover_version"), "strong")
    sheet.put(5, 1, simulated.model_version)
    heads = [
        say(lang, "workbook.head_figure"),
        *(say(lang, f"risk.{key}") for key in _ESTIMATES),
        say(lang, "workbook.s_error"),
    ]
    for column, text in enumerate(heads):
        sheet.put(7, column, text, "head right" if column else "head")
    keys = dict.fromkeys(key for key, over in simulated.drawn if over == "total")
    for row, key in enumerate(keys, 8):
        found, look = simulated.estimate(key), LOOKS[unit_of(key)]
        rate = shown.rate if unit_of(key) == "money" else 1.0
        name = name_of(key, lang)
        sheet.put(row, 0, f"{name} ({shown})" if unit_of(key) == "money" else name)
        every = (
            found.mean,
            found.sd,
            found.quantiles[0.05],
            found.quantiles[0.50],
            found.quantiles[0.95],
            found.expected_shortfall,
        )
        for column, one in enumerate(every, 1):
            sheet.put(row, column, finite(one.value * rate), look)
        sheet.put(row, 7, finite(found.loss.value), "rate")
        sheet.put(row, 8, finite(found.mean.error * rate), look)
    sheet.freeze, sheet.widths = (8, 1), {0: 46, **dict.fromkeys(range(1, 11), 18)}
    last = 8 + len(keys)
    notes = [
        heavy_sentence(simulated.scenario, key, found, lang)
        for key in keys
        if (found := simulated.estimate(key)).heavy
    ]
    for row, text in enumerate(notes, last + 1):
        sheet.put(row, 0, text, "lead")
    return last + 1 + len(notes) if notes else last


def put_options(sheet: Sheet, row: int, answers: Answers, lang: Lang) -> int:
    """Fill in what each option leaves against carrying on alone; return the row after the last.

    Args:
        row: the first of its rows.
    """
    sheet.put(
        row,
        0,
        f"{say(lang, 'workbook.s_options', months=answers.scenario.plan.horizon_months)}"
        f" ({answers.scenario.shown})",
        "group",
    )
    heads = (
        "option",
        "verdict",
        "gain",
        "error",
        "p10",
        "p50",
        "p90",
        "better",
        "fees",
        "own",
        "break_even",
    )
    for column, key in enumerate(heads):
        words = say(lang, f"quote.{key}" if key in _QUOTE_WORDS else f"workbook.s_{key}")
        sheet.put(row + 1, column, words, "head right" if column > 1 else "head")
    rate = answers.scenario.shown.rate
    for place, one in enumerate(answers.options, row + 2):
        found, gain = one.believed, one.believed.gain
        sheet.put(place, 0, option_name(one.option, lang))
        sheet.put(place, 1, verdict_word(one, lang))
        for column, value in enumerate(
            (gain.mean.value, gain.mean.error, *(gain.quantiles[p].value for p in (0.1, 0.5, 0.9))),
            2,
        ):
            sheet.put(place, column, finite(value * rate), "money")
        sheet.put(place, 7, finite(found.better.value), "rate")
        sheet.put(place, 8, finite(found.paid * rate), "money")
        sheet.put(place, 9, finite(found.own * rate), "money")
        sheet.put(
            place,
            10,
            formats.NOTHING if one.turning.break_even is None else finite(one.turning.break_even),
            "rate right",
        )
    last = row + 2 + len(answers.options)
    notes = heavy_notes(answers, lang)
    for place, text in enumerate(notes, last):
        sheet.put(place, 0, text, "lead")
    return last + len(notes)


def put_kpi_odds(sheet: Sheet, row: int, check: KpiCheck, lang: Lang) -> None:
    """Fill in the odds of each KPI, and of all.

    Args:
        row: the first of its rows.
    """
    sheet.put(row, 0, say(lang, "workbook.s_kpis"), "group")
    for column, text in enumerate(
        (
            say(lang, "workbook.s_kpi"),
            say(lang, "workbook.s_verdict"),
            say(lang, "workbook.s_odds"),
            say(lang, "workbook.s_error"),
        )
    ):
        sheet.put(row + 1, column, text, "head right" if column > 1 else "head")
    every = [(answer_name(one, check, lang), one.verdict, one.probability) for one in check.answers]
    if len(every) > 1:
        every.append((say(lang, "kpi.together"), check.verdict, check.joint))
    for place, (name, verdict, odds) in enumerate(every, row + 2):
        sheet.put(place, 0, name)
        sheet.put(place, 1, say(lang, f"kpi.{verdict}"))
        sheet.put(place, 2, finite(odds.value), "rate")
        sheet.put(place, 3, finite(odds.error), "rate")
