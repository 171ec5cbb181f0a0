"""What one order leaves."""

from funnel_sim.decisions.economics.best_price import BestPrice
from funnel_sim.decisions.found import Found
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.ledger import data_waterfall, spec_waterfall, waterfall_room
from funnel_sim.output.charts.price import data_price, spec_price
from funnel_sim.output.documents.blocks import (
    Block,
    Chart,
    Heading,
    KeyFigures,
    Paragraph,
    TableBlock,
)
from funnel_sim.output.words import formats, headlines
from funnel_sim.output.words.best_price import (
    curve_note,
    held_heads,
    held_rows,
    price_sentences,
    table_note,
)
from funnel_sim.output.words.figure_names import name_of, text_of, why_none
from funnel_sim.output.words.tables import ledger_rows
from funnel_sim.scenario.shown import Shown
from funnel_sim.words import Lang, say

_HEADLINE = ("order_profit", "margin", "roas", "break_even_roas", "acos", "cm3")


def _ratios(result: Result, lang: Lang) -> list[Block]:
    """Return margins, ROI, break-even and money of the steady month as one table, in both
    currencies where there are two.
    """
    if not result.steady["paid_orders"]:
        return []
    scenario = result.scenario
    sales, home = Shown(scenario.currency), scenario.home
    two = scenario.currency != scenario.cost_currency
    rows: list[tuple[str, ...]] = []
    for _, keys in headlines.groups(result):
        for one, other in zip(
            headlines.ratios(result, keys, lang, currency=sales if two else None),
            headlines.ratios(result, keys, lang, currency=home if two else None),
            strict=True,
        ):
            value = f"{one.value} ({one.more})" if one.more else one.value
            beside = [other.value if other.value != one.value else ""] if two else []
            rows.append((one.name, value, *beside))
    head = (
        say(lang, "report.figure"),
        scenario.currency if two else scenario.shown,
        *([scenario.cost_currency] if two else []),
    )
    return [
        TableBlock(
            head,
            tuple(rows),
            (0.5, 0.28, 0.22) if two else (0.6, 0.4),
            numbers=(1, 2) if two else (1,),
            title=say(lang, "headline.title"),
        )
    ]


def economics_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return what one order leaves: key figures, margins, the ledger."""
    result, scenario = found.result, found.scenario
    rows = ledger_rows(result, lang)
    head = (
        say(lang, "sheet.line"),
        say(lang, "table.per_order"),
        say(lang, "table.per_month"),
        say(lang, "table.per_customer"),
    )
    table = TableBlock(
        head,
        tuple((row.name, *row.cells) for row in rows),
        (0.46, 0.18, 0.18, 0.18),
        numbers=(1, 2, 3),
        totals=frozenset(i for i, row in enumerate(rows) if row.kind == "total"),
        bad=frozenset(i for i, row in enumerate(rows) if row.tone == "bad"),
        title=say(lang, "economics.ledger"),
    )
    return [
        Heading(say(lang, "report.h_economics")),
        Paragraph(economics_sentence(result, lang)),
        Paragraph(say(lang, f"economics.tax_{scenario.tax.situation}"), small=True),
        KeyFigures(
            tuple(
                (
                    name_of(key, lang),
                    text_of(result, key, lang),
                    why_none(result, key, lang) or headlines.beside(result, key, lang),
                )
                for key in _HEADLINE
            )
        ),
        *_ratios(result, lang),
        waterfall_chart(result, lang),
        table,
        Paragraph(say(lang, "report.ledger_note"), small=True),
        *_price(found.price, lang),
    ]


def _price(found: BestPrice | None, lang: Lang) -> list[Block]:
    """Return what the price brings, where orders answer to it."""
    if found is None:
        return []
    heads, rows = held_heads(found, lang), held_rows(found, lang)
    spec = spec_price(found, lang, "light")
    widths = (0.24, *[0.76 / (len(heads) - 1)] * (len(heads) - 1))
    return [
        Heading(say(lang, "price.chapter"), level=2),
        *(Paragraph(one) for one in price_sentences(found, lang)),
        Chart(spec, data_price(found, lang), say(lang, "price.curve")),
        Paragraph(curve_note(found, lang), small=True),
        TableBlock(
            tuple(heads),
            tuple((row.name, *row.cells) for row in rows),
            widths,
            numbers=tuple(range(1, len(heads))),
            title=say(lang, "price.table"),
        ),
        Paragraph(table_note(lang), small=True),
    ]


def waterfall_chart(result: Result, lang: Lang) -> Chart:
    """Return the waterfall of an order as a block."""
    data, axis = data_waterfall(result, lang), formats.axis("money", result.scenario.shown, lang)
    spec = spec_waterfall(lang, "light", axis, waterfall_room(data))
    return Chart(spec, data, say(lang, "economics.waterfall"))


def economics_sentence(result: Result, lang: Lang) -> str:
    """Return what an order leaves, in one sentence."""
    currency, steady = result.scenario.shown, result.steady
    if not steady["paid_orders"]:
        return say(lang, "economics.no_orders")
    earned = steady["order_profit"] or 0.0
    return say(
        lang,
        "economics.earns" if earned >= 0 else "economics.loses",
        paid=formats.money(steady["order_consumer"], currency, lang),
        earned=formats.money(abs(earned), currency, lang),
        orders=formats.orders(steady["paid_orders"]),
        month=formats.rough(steady["profit"], currency, lang),
    )
