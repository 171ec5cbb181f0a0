"""The verdict, first of all chapters."""

from collections.abc import Sequence

import numpy as np

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.kpi.check import KpiCheck
from funnel_sim.decisions.quote.answer import Answers, OptionAnswer
from funnel_sim.output.documents.blocks import Block, Heading, KeyFigures, Note, Paragraph, Points
from funnel_sim.output.documents.chapters.chance import distribution
from funnel_sim.output.documents.chapters.kpis import kpi_reasons
from funnel_sim.output.documents.chapters.parts import label_of
from funnel_sim.output.documents.chapters.profit import (
    profit_caveats,
    profit_figures,
    profit_sentence,
    profit_word,
)
from funnel_sim.output.words import headlines
from funnel_sim.output.words.assumptions import assumptions
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.counter_offer import counter_sentence
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.output.words.kpi import answer_name, believed_probability
from funnel_sim.output.words.kpi import verdict_sentence as kpi_verdict
from funnel_sim.output.words.kpi_offers import counter_offer
from funnel_sim.output.words.quote import (
    best_sentence,
    reason_sentences,
    verdict_sentence,
    warnings,
)
from funnel_sim.output.words.quote_amounts import belief_of, money
from funnel_sim.output.words.quote_tables import break_even_text, payback_text
from funnel_sim.output.words.shares import mean_note
from funnel_sim.output.words.tones import KPI_TONES, QUOTE_TONES
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.words import Lang, say

_WHY, _FIGURES = 3, 3
"""How many reasons and figures the first page has; the rest follows in `grounds_chapter`."""


def verdict_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return the first page: the verdict, three figures, why in three sentences, what is proposed,
    the next step; of the quotes, else of the KPIs, else of the profit.
    """
    out: list[Block] = [Heading(say(lang, "report.h_verdict"))]
    out += _problems(found, lang)
    out += _notes(found, lang)
    figures = _figures(found, lang)[:_FIGURES]
    out += [KeyFigures(tuple(figures))] if figures else []
    if not found.quotes and found.check is None:
        out += distribution(found, lang)  # nothing is proposed on a store alone: the page shows it
    out += _titled("report.h_why", _why(found, lang)[:_WHY], lang)
    out += _titled("report.h_propose", _proposed(found, lang), lang)
    out += _titled("report.h_next", [_next_step(found, lang)], lang)
    return out


def grounds_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return what the first page left out: every figure and every reason, what to beware of."""
    out: list[Block] = []
    more = _figures(found, lang)[_FIGURES:]
    out += [KeyFigures(tuple(more))] if more else []
    if found.answers is not None and found.quotes:
        for one in found.quotes:
            reasons = _reasons(one, found, lang)
            rest = reasons[_WHY:] if one is found.quotes[0] else reasons
            if len(found.quotes) > 1 and rest:
                out.append(Paragraph("", label_of(one, found, lang)))
            out += [Points(tuple(rest))] if rest else []
            out += [Note(text) for text in warnings(one, found.scenario, lang)]
        out.append(Paragraph(best_sentence(found.answers, lang)))
        out += _said(headlines.sentences(found.result, lang))
    elif found.check is not None:
        out += _said(_why(found, lang)[_WHY:])
        out += _said(headlines.sentences(found.result, lang))
    else:
        out += _said(_why(found, lang)[_WHY:])
    return [Heading(say(lang, "report.h_grounds")), *out] if out else []


def _said(told: Sequence[str]) -> list[Block]:
    return [Points(tuple(told))] if told else []


def _titled(key: str, told: Sequence[str], lang: Lang) -> list[Block]:
    return [Heading(say(lang, key), 2), Points(tuple(told))] if told else []


def _problems(found: Found, lang: Lang) -> list[Block]:
    return [
        Note(sentence, say(lang, "report.not_worked_out"), "bad")
        for error in found.problems
        for sentence in error.sentences(lang)
    ]


def _notes(found: Found, lang: Lang) -> list[Block]:
    """Return the verdicts, each in its colour and its word."""
    if found.answers is not None and found.quotes:
        return [
            Note(
                verdict_sentence(one, found.answers, lang),
                say(
                    lang,
                    "report.verdict_of",
                    verdict=say(lang, f"quote.{one.verdict}"),
                    name=label_of(one, found, lang),
                ),
                QUOTE_TONES[one.verdict],
            )
            for one in found.quotes
        ]
    if found.check is not None:
        word = say(lang, f"kpi.{found.check.verdict}")
        return [Note(kpi_verdict(found.check, lang), word, KPI_TONES[found.check.verdict])]
    if found.estimate is None or not np.isfinite(found.estimate.centre.value):
        return [Note(say(lang, "risk.nothing", metric=name_of("profit", lang)))]
    tone = KPI_TONES[kpis.kpi_verdict(found.scenario, 1.0 - found.estimate.loss.value)]
    return [Note(profit_sentence(found, lang), profit_word(found, lang), tone)]


def _figures(found: Found, lang: Lang) -> list[tuple[str, str, str]]:
    if found.answers is not None and found.quotes:
        return quote_figures(found.quotes[0], found.answers, found, lang)
    if found.check is not None:
        return kpi_figures(found.check, lang)
    if found.estimate is None or not np.isfinite(found.estimate.centre.value):
        return []
    return profit_figures(found, lang)


def _reasons(one: OptionAnswer, found: Found, lang: Lang) -> list[str]:
    assert found.answers is not None
    scenario = found.answers.scenario
    why = [note for note in (mean_note(scenario, one.option, lang),) if note]
    return [
        *reason_sentences(one, found.answers, lang),
        belief_of(one.option, lang, scenario.as_of),
        *why,
    ]


def _why(found: Found, lang: Lang) -> list[str]:
    if found.quotes:
        return _reasons(found.quotes[0], found, lang)
    if found.check is not None:
        return list(kpi_reasons(found.check, lang))
    return [*headlines.sentences(found.result, lang), *profit_caveats(found, lang)]


def _proposed(found: Found, lang: Lang) -> list[str]:
    """Return what to offer instead: of each quote that is not to be signed as it is, else of the
    KPIs.
    """
    if found.quotes:
        many = len(found.counters) > 1
        return [
            f"{option_name(one.option, lang)}{say(lang, 'contract.colon')}{text}" if many else text
            for one in found.counters
            if (text := counter_sentence(one, lang))
        ]
    if found.check is None or found.check.verdict == "safe":
        return []
    return [
        line.strip().removeprefix("- ")
        for line in counter_offer(found.check, lang).splitlines()[1:]
        if line.strip()
    ][:_WHY]


def _next_step(found: Found, lang: Lang) -> str:
    if found.quotes:
        if any(one.ways for one in found.counters):
            return say(lang, "report.next_counter")
        signed = any(one.verdict == "sign" for one in found.quotes)
        return say(lang, "report.next_sign" if signed else "report.next_none")
    if found.check is not None:
        return say(lang, "report.next_kpi")
    weak = sum(one.weak for one in assumptions(found.scenario, lang))
    return say(lang, "report.next_profit" if weak else "report.next_profit_known", weak=weak)


def quote_figures(
    one: OptionAnswer, answers: Answers, found: Found, lang: Lang
) -> list[tuple[str, str, str]]:
    """Return the key figures of a quote."""
    told, scenario = one.believed, answers.scenario
    name = label_of(one, found, lang) if len(found.quotes) > 1 else ""
    mean = told.gain.centre
    return [
        (
            say(lang, "quote.gain_middle" if told.gain.heavy else "quote.gain"),
            money(mean, scenario, lang),
            name,
        ),
        (
            say(lang, "quote.better"),
            probability_text(told.better, answers.plan.paths, lang),
            name,
        ),
        (say(lang, "quote.break_even"), break_even_text(one, lang), name),
        (say(lang, "quote.fees"), money(told.paid, scenario, lang), name),
        (say(lang, "quote.payback"), payback_text(told, lang), name),
    ]


def kpi_figures(check: KpiCheck, lang: Lang) -> list[tuple[str, str, str]]:
    """Return the probability of all KPIs together and of each, the least probable first."""
    each = sorted(check.answers, key=lambda one: one.probability.value)
    out = [(say(lang, "kpi.together"), believed_probability(check.joint, check, lang), "")]
    return (out if len(each) > 1 else []) + [
        (
            answer_name(one, check, lang),
            believed_probability(one.probability, check, lang),
            say(lang, f"kpi.{one.verdict}"),
        )
        for one in each
    ]
