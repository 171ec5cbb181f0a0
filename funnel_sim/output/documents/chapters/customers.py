"""What a customer costs and brings in."""

from funnel_sim.decisions.customer.worth import Worth
from funnel_sim.decisions.found import Found
from funnel_sim.output.charts.customers import data_payback, spec_payback
from funnel_sim.output.documents.blocks import Block, Chart, Heading, KeyFigures, Paragraph, Points
from funnel_sim.output.documents.chapters.parts import low
from funnel_sim.output.words import formats
from funnel_sim.output.words.customer import worth_sentences
from funnel_sim.output.words.figure_names import name_of, text_of, why_none
from funnel_sim.words import Lang, say

_CUSTOMERS = ("cac", "blended_cac", "ltv", "ltv_cac", "payback_months")


def customers_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return what a customer costs and brings in."""
    worth, result = found.worth, found.result
    if worth is None:
        return []
    items = [
        (
            name_of(key, lang),
            text_of(result, key, lang),
            _interval(worth, key, lang) or why_none(result, key, lang),
        )
        for key in _CUSTOMERS
    ]
    out: list[Block] = [Heading(say(lang, "report.h_customers")), KeyFigures(tuple(items))]
    cac, ltv = result.steady["cac"], result.steady["ltv"]
    if cac is None or ltv is None:
        return [*out, Paragraph(say(lang, "customers.no_cac"))]
    currency, months = found.scenario.shown, found.scenario.customers.ltv_horizon
    shown = {
        "cac": formats.money(cac, currency, lang),
        "ltv": formats.money(ltv, currency, lang),
        "months": months,
    }
    told = [
        say(lang, "customers.pays" if ltv >= cac else "customers.does_not_pay", **shown),
        *worth_sentences(worth, None, None, lang),
    ]
    out.append(Points(tuple(told)))
    if found.contribution is not None:
        share = formats.percent(float(found.contribution.paid_back[-1]))
        chart = data_payback(found.contribution, currency, lang)
        note = say(lang, "customers.payback_note", share=share, months=months)
        out.append(
            Chart(
                low(spec_payback(lang, "light", formats.axis("money", currency, lang))),
                chart,
                say(lang, "customers.payback_title"),
                note,
            )
        )
    return out


def _interval(worth: Worth, key: str, lang: Lang) -> str:
    one = {"ltv": worth.ltv, "ltv_cac": worth.ratio}.get(key)
    if one is None or not one.sd.value > 0:
        return ""
    low, high = (text_of(worth.result, key, lang, one.quantiles[p].value) for p in (0.1, 0.9))
    return f"P10–P90 {low} – {high}"
