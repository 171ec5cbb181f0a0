"""How the months may turn out."""

import numpy as np

from funnel_sim.decisions.found import Found
from funnel_sim.output.charts.chance import data_distribution, data_fan, spec_distribution, spec_fan
from funnel_sim.output.documents.blocks import Block, Chart, Heading, Paragraph, TableBlock
from funnel_sim.output.documents.chapters.parts import low, spread
from funnel_sim.output.documents.chapters.profit import amount, profit_caveats, profit_sentence
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import estimate_heads, estimate_rows
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.words import Lang, say


def chance_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return how the months may turn out."""
    run, one = found.run, found.estimate
    if run is None or one is None or not np.isfinite(one.centre.value):
        return []
    name = name_of("profit", lang)

    def show(value: float) -> str:
        return formats.compact(value, found.scenario.shown, lang)

    out: list[Block] = [Heading(say(lang, "report.h_odds"))]
    if found.quotes or found.check:
        out += [
            Paragraph(text) for text in (profit_sentence(found, lang), *profit_caveats(found, lang))
        ]
    axis = formats.axis("money", found.scenario.shown, lang)
    if found.quotes or found.check:  # else the first page has it
        out += distribution(found, lang)
    if found.by_month is not None:
        fan = data_fan(found.by_month, show, found.scenario.shown.rate)
        out.append(
            Chart(
                low(spec_fan(lang, "light", axis, signed=True)),
                fan,
                say(lang, "risk.fan", metric=name),
                say(lang, "report.fan_note"),
            )
        )
    if ("gmv", "total") in run.drawn:
        rows = estimate_rows(run, ["profit", "cm3", "gmv"], lang)
        head = (say(lang, "report.figure"), *estimate_heads(lang))
        out.append(
            TableBlock(
                head,
                tuple((row.name, *row.cells) for row in rows),
                spread(0.18, len(head)),
                numbers=tuple(range(1, len(head))),
            )
        )
    return out


def distribution(found: Found, lang: Lang) -> list[Block]:
    """Return how the profit may turn out as a chart, where it was simulated."""
    one, currency = found.estimate, found.scenario.shown
    if one is None or found.bars is None:
        return []

    def show(value: float) -> str:
        return formats.compact(value, currency, lang)

    marks = [
        (mark, one.quantiles[p].value, amount(one.quantiles[p], found, lang))
        for mark, p in (("P5", 0.05), ("P50", 0.5), ("P95", 0.95))
    ]
    ends = found.bars.edges
    signed = bool(ends[0] <= 0 <= ends[-1])
    return [
        Chart(
            low(
                spec_distribution(
                    lang, "light", formats.axis("money", currency, lang), signed=signed
                )
            ),
            data_distribution(found.bars, marks, 0.0, show, found.scenario.shown.rate, lang=lang),
            say(
                lang,
                "risk.distribution",
                metric=name_of("profit", lang),
                months=found.scenario.plan.horizon_months,
            ),
        )
    ]
