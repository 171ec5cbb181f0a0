"""The verdict, first of all chapters."""

import numpy as np

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.quote.answer import Answer, Answers
from funnel_sim.output.documents.blocks import Block, Heading, KeyFigures, Note, Paragraph, Points
from funnel_sim.output.documents.chapters.kpis import kpi_reasons
from funnel_sim.output.documents.chapters.parts import label_of
from funnel_sim.output.documents.chapters.profit import (
    profit_caveats,
    profit_figures,
    profit_sentence,
    profit_word,
)
from funnel_sim.output.words import headlines
from funnel_sim.output.words.chance import margin_text, odds_text
from funnel_sim.output.words.explain import name_of
from funnel_sim.output.words.kpi import verdict_sentence as kpi_verdict
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
from funnel_sim.words import Lang, say


def verdict_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return the verdict and why: of the quotes, else of the KPIs, else of the profit."""
    out: list[Block] = [Heading(say(lang, "report.h_verdict"))]
    out += [
        Note(sentence, say(lang, "report.not_worked_out"), "bad")
        for error in found.problems
        for sentence in error.sentences(lang)
    ]
    if found.answers is not None and found.quotes:
        for one in found.quotes:
            word = say(
                lang,
                "report.verdict_of",
                verdict=say(lang, f"quote.{one.verdict}"),
                name=label_of(one, found, lang),
            )
            out.append(
                Note(verdict_sentence(one, found.answers, lang), word, QUOTE_TONES[one.verdict])
            )
        out.append(KeyFigures(tuple(quote_figures(found.quotes[0], found.answers, found, lang))))
        out.append(Heading(say(lang, "report.h_why"), 2))
        for one in found.quotes:
            if len(found.quotes) > 1:
                out.append(Paragraph("", label_of(one, found, lang)))
            why = [note for note in (mean_note(found.answers.scenario, one.option, lang),) if note]
            out.append(
                Points(
                    (
                        *reason_sentences(one, found.answers, lang),
                        belief_of(one.option, lang, found.answers.scenario.as_of),
                        *why,
                    )
                )
            )
            out += [Note(text) for text in warnings(one, found.scenario, lang)]
        return [*out, Paragraph(best_sentence(found.answers, lang)), *_said_first(found, lang)]
    if found.check is not None:
        check = found.check
        out.append(
            Note(
                kpi_verdict(check, lang),
                say(lang, f"kpi.{check.verdict}"),
                KPI_TONES[check.verdict],
            )
        )
        return [
            *out,
            Heading(say(lang, "report.h_why"), 2),
            Points(kpi_reasons(check, lang)),
            *_said_first(found, lang),
        ]
    return [*out, *_profit_verdict(found, lang), *_said_first(found, lang)]


def _said_first(found: Found, lang: Lang) -> list[Block]:
    """Return what belongs on the first page whatever is asked: profit before and after own work,
    ads that lose on every order, the console's figures.
    """
    told = headlines.sentences(found.result, lang)
    return [Points(tuple(told))] if told else []


def quote_figures(
    one: Answer, answers: Answers, found: Found, lang: Lang
) -> list[tuple[str, str, str]]:
    """Return the key figures of a quote."""
    told, scenario = one.believed, answers.scenario
    name = label_of(one, found, lang) if len(found.quotes) > 1 else ""
    mean = told.gain.centre
    return [
        (
            say(lang, "quote.gain_middle" if told.gain.heavy else "quote.gain"),
            money(mean, scenario, lang),
            margin_text(mean, "money", scenario.currency, "", lang),
        ),
        (
            say(lang, "quote.better"),
            odds_text(told.better, answers.plan.paths, lang),
            margin_text(told.better, "rate", "", "", lang),
        ),
        (say(lang, "quote.break_even"), break_even_text(one, lang), name),
        (say(lang, "quote.fees"), money(told.paid, scenario, lang), name),
        (say(lang, "quote.payback"), payback_text(told, lang), name),
    ]


def _profit_verdict(found: Found, lang: Lang) -> list[Block]:
    if found.estimate is None or not np.isfinite(found.estimate.centre.value):
        return [Note(say(lang, "risk.nothing", metric=name_of("profit", lang)))]
    tone = KPI_TONES[kpis.verdict_of(found.scenario, 1.0 - found.estimate.loss.value)]
    caveats = [Paragraph(text) for text in profit_caveats(found, lang)]
    return [
        Note(profit_sentence(found, lang), profit_word(found, lang), tone),
        KeyFigures(tuple(profit_figures(found, lang))),
        *caveats,
    ]
