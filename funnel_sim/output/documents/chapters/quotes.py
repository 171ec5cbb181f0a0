"""Options side by side, and the clauses of each quote."""

from funnel_sim.decisions.found import Found
from funnel_sim.output.charts.quote import data_gains, spec_gains
from funnel_sim.output.documents.blocks import Block, Chart, Heading, Paragraph, TableBlock
from funnel_sim.output.documents.chapters.parts import label_of, short, spread, turned
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.clauses import assumptions, clauses, missing
from funnel_sim.output.words.quote import in_short
from funnel_sim.output.words.quote_amounts import heavy_notes, middle_money
from funnel_sim.output.words.quote_further import measure_rows, measure_sentence
from funnel_sim.output.words.quote_serving import serving_sentence
from funnel_sim.output.words.quote_tables import (
    beats_heads,
    beats_rows,
    error_note,
    gain_heads,
    gain_rows,
    line_rows,
    lines_title,
    money_heads,
    money_rows,
    sides_heads,
    sides_rows,
)
from funnel_sim.output.words.shares import mean_note
from funnel_sim.output.words.tones import QUOTE_TONES
from funnel_sim.words import Lang, say


def comparison_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return options side by side: gains, money, which beats which, fee lines, what to measure
    first.
    """
    answers = found.answers
    if answers is None:
        return []
    scenario, paths = answers.scenario, answers.plan.paths
    names = [label_of(one, found, lang) for one in answers.options]
    bars = [
        (
            name,
            (
                one.believed.gain.quantiles[0.1].value,
                one.believed.gain.quantiles[0.5].value,
                one.believed.gain.quantiles[0.9].value,
            ),
            middle_money(one.believed.gain, scenario, lang),
            probability_text(one.believed.better, paths, lang),
            say(lang, f"quote.{one.verdict}"),
            QUOTE_TONES[one.verdict],
        )
        for name, one in zip(names, answers.options, strict=True)
    ]
    note = say(
        lang,
        "quote.compare_note",
        paths=formats.number(paths),
        months=scenario.plan.horizon_months,
        currency=scenario.shown,
    )
    out: list[Block] = [
        Heading(say(lang, "report.h_comparison")),
        Chart(
            spec_gains(lang, "light", formats.axis("money", scenario.shown, lang)),
            data_gains(bars, scenario.shown.rate),
            say(lang, "quote.chart"),
            say(lang, "quote.chart_note"),
        ),
    ]
    out += turned(gain_heads(lang), gain_rows(answers, lang), names, say(lang, "quote.gain"))
    out += turned(money_heads(lang), money_rows(answers, lang), names, say(lang, "quote.money"))
    out += [
        Paragraph(text, small=True)
        for text in (note, error_note(answers, lang), say(lang, "quote.money_note"))
        if text
    ]
    out += [Paragraph(text, small=True) for text in heavy_notes(answers, lang)]
    if len(names) > 1:
        heads = (
            beats_heads(answers, lang)[0],
            say(lang, "quote.alone"),
            *(short(name) for name in names),
        )
        rows = tuple(
            (name, *row.cells) for name, row in zip(names, beats_rows(answers, lang), strict=True)
        )
        out.append(
            TableBlock(
                heads,
                rows,
                spread(0.22, len(heads)),
                numbers=tuple(range(1, len(heads))),
                title=say(lang, "quote.beats"),
            )
        )
    sides = sides_rows(answers, lang)
    if sides:
        whose = [name for name, one in zip(names, answers.options, strict=True) if one.option.paid]
        out += turned(sides_heads(lang), sides, whose, say(lang, "quote.view_sides"))
        out.append(
            Paragraph(
                " ".join(
                    [
                        say(lang, "quote.sides_note"),
                        serving_sentence(found.quotes[0], scenario, lang),
                    ]
                ),
                small=True,
            )
        )
    for one in found.quotes:
        rows_ = line_rows(one, scenario, lang)
        if len(rows_) > 1:
            title = say(
                lang, "report.titled", title=lines_title(one, lang), name=label_of(one, found, lang)
            )
            head = (say(lang, "quote.line"), say(lang, "quote.amount"))
            out.append(
                TableBlock(
                    head,
                    tuple((row.name, *row.cells) for row in rows_),
                    (0.7, 0.3),
                    numbers=(1,),
                    totals=frozenset({len(rows_) - 1}),
                    title=title,
                )
            )
            note_ = mean_note(scenario, one.option, lang)
            out += [Paragraph(note_, small=True)] if note_ else []
    if found.measured is not None:
        worth = measure_rows(found.measured, scenario, lang)
        out.append(Heading(say(lang, "report.h_measure"), 2))
        out.append(Paragraph(measure_sentence(found.measured, scenario, lang)))
        if found.measured.no_mean:
            return out
        if worth:
            head = (say(lang, "quote.measure_input"), say(lang, "quote.measure_worth"))
            out.append(
                TableBlock(
                    head, tuple((row.name, *row.cells) for row in worth), (0.65, 0.35), numbers=(1,)
                )
            )
        else:
            out.append(Paragraph(say(lang, "quote.measure_none")))
    return out


def clauses_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return the clauses of each quote in sentences, and those that are missing."""
    out: list[Block] = []
    for answer in found.quotes:
        option, scenario = answer.option, found.scenario
        name = label_of(answer, found, lang)
        out += [
            Heading(say(lang, "report.h_clauses", name=name)),
            Paragraph(in_short(option, scenario, lang)),
        ]
        rows = tuple((one.title, one.text) for one in clauses(scenario, option, lang))
        head = (say(lang, "quote.clause"), say(lang, "report.text"))
        out.append(TableBlock(head, rows, (0.22, 0.78)))
        out += [
            Paragraph(f"{one.title}: {one.text}") for one in assumptions(scenario, option, lang)
        ]
        lacks = missing(scenario, option, lang)
        if lacks:
            out.append(
                TableBlock(
                    head,
                    tuple((one.title, one.text) for one in lacks),
                    (0.22, 0.78),
                    title=say(lang, "quote.terms_missing"),
                )
            )
    return out
