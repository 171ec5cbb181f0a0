"""How probable the KPIs are."""

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.kpi.check import OFFERED, KpiCheck
from funnel_sim.output.charts.kpi import data_probability, spec_probability
from funnel_sim.output.documents.blocks import (
    Block,
    Chart,
    Heading,
    Note,
    Paragraph,
    Points,
    TableBlock,
)
from funnel_sim.output.documents.chapters.parts import spread
from funnel_sim.output.words import formats
from funnel_sim.output.words.kpi import (
    answer_name,
    belief_sentence,
    believed_probability,
    reason_sentence,
    record_sentence,
    rests_sentence,
)
from funnel_sim.output.words.kpi import verdict_sentence as kpi_verdict
from funnel_sim.output.words.kpi_contract import contract_sentence
from funnel_sim.output.words.kpi_levers import gathered
from funnel_sim.output.words.kpi_offers import counter_offer, offer_row
from funnel_sim.output.words.kpi_remarks import (
    console_sentence,
    last_year_sentence,
    remark_sentence,
    spend_sentence,
)
from funnel_sim.output.words.tones import KPI_TONES
from funnel_sim.words import Lang, say


def kpi_reasons(check: KpiCheck, lang: Lang) -> tuple[str, ...]:
    """Return why the KPIs have their verdict."""
    every = (
        reason_sentence(check, lang),
        rests_sentence(check, lang),
        belief_sentence(check, lang),
        record_sentence(check, lang),
    )
    return tuple(text for text in every if text)


def kpis_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return how probable the KPIs are, what to offer in their place, and what is vague in them."""
    check = found.check
    if check is None:
        return []
    scenario = found.scenario
    out: list[Block] = [Heading(say(lang, "report.h_kpis"))]
    if found.quotes:
        out += [
            Note(
                kpi_verdict(check, lang),
                say(lang, f"kpi.{check.verdict}"),
                KPI_TONES[check.verdict],
            ),
            Points(kpi_reasons(check, lang)),
        ]
    bars = [
        (
            answer_name(one, check, lang),
            one.probability.value,
            believed_probability(one.probability, check, lang),
            say(lang, f"kpi.{one.verdict}"),
            KPI_TONES[one.verdict],
        )
        for one in check.answers
    ]
    if len(bars) > 1:
        together = say(lang, "kpi.together")
        bars.append(
            (
                together,
                check.joint.value,
                believed_probability(check.joint, check, lang),
                say(lang, f"kpi.{check.verdict}"),
                KPI_TONES[check.verdict],
            )
        )
    bounds = scenario.verdicts
    told = {
        name: formats.percent(getattr(bounds, name), 0) for name in ("safe", "realistic", "stretch")
    }
    spec = spec_probability(lang, "light", (bounds.stretch, bounds.realistic, bounds.safe))
    out.append(
        Chart(spec, data_probability(bars), say(lang, "kpi.odds"), say(lang, "kpi.bounds", **told))
    )
    head = (
        say(lang, "kpi.kpi"),
        say(lang, "kpi.odds"),
        say(lang, "kpi.typical"),
        *(say(lang, "kpi.at_odds", odds=formats.percent(p, 0)) for p in OFFERED),
    )
    rows = [offer_row(one, check, lang) for one in check.answers]
    out.append(
        TableBlock(
            head,
            tuple((row.name, *row.cells) for row in rows),
            spread(0.26, len(head)),
            numbers=tuple(range(1, len(head))),
            title=say(lang, "kpi.offers"),
        )
    )
    out.append(Paragraph(say(lang, "kpi.offers_note"), small=True))
    out += [
        Paragraph(text) for one in check.answers if (text := console_sentence(one, check.at, lang))
    ]
    out += [
        Paragraph(text)
        for one in check.answers
        if (text := last_year_sentence(one, check.scenario, lang)[0])
    ]
    out += [
        Paragraph(text)
        for one in check.answers
        if (text := spend_sentence(one, check.scenario, lang))
    ]
    lead, *offered = counter_offer(check, lang).splitlines()
    out += [
        Heading(say(lang, "report.h_counter"), 2),
        Paragraph(lead),
        Points(tuple(line.strip().removeprefix("- ") for line in offered[:-1])),
        Paragraph(offered[-1], small=True),
    ]
    remarks = gathered(list(found.remarks))
    out.append(Heading(say(lang, "kpi.review"), 2))
    out.append(
        Points(tuple(remark_sentence(one, scenario, lang) for one in remarks))
        if remarks
        else Paragraph(say(lang, "kpi.review_none"))
    )
    out.append(Heading(say(lang, "kpi.contract_title"), 2))
    return [*out, Points(tuple(contract_sentence(one, scenario, lang) for one in check.answers))]
