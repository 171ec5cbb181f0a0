"""Does the cash last: the answer, the balance, the months, the way from profit to cash."""

import numpy as np

from funnel_sim.chance.cash import CashResult
from funnel_sim.chance.estimates import quantiles
from funnel_sim.decisions.found import Found
from funnel_sim.output.charts.cash import data_balance, spec_balance
from funnel_sim.output.documents.blocks import Block, Chart, Heading, Note, Paragraph, TableBlock
from funnel_sim.output.documents.chapters.parts import low, spread
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import (
    cash_sentence,
    cash_tiles,
    further_sentences,
    kept_elsewhere,
    month_names,
)
from funnel_sim.output.words.cash_answers import quote_cash_sentence, quote_notes
from funnel_sim.output.words.cash_tables import (
    bridge_heads,
    bridge_rows,
    bridge_sentence,
    bridge_steps,
    month_heads,
    month_rows,
    order_heads,
    order_rows,
)
from funnel_sim.output.words.joining import run_on
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.own_numbers import cash_typed
from funnel_sim.words import Lang, say

_ENDS = (0.05, 0.50, 0.95)


def quotes_cash(found: Found, lang: Lang) -> list[str]:
    """Return what each quote does to the cash, a sentence each, and what is to be known of it.

    Args:
        found: what was worked out.
        lang: language of the words.
    """
    if found.cash is None or not found.cash_quotes:
        return []
    scenario, paths = found.cash.futures.scenario, found.cash.futures.plan.paths
    names = {one.id: option_name(one, lang) for one in scenario.options}
    told = [quote_cash_sentence(one, names[one.option], paths, lang) for one in found.cash_quotes]
    notes = [note for one in found.cash_quotes for note in quote_notes(scenario, one, lang)]
    return [*told, *dict.fromkeys(notes)]


def _example(lang: Lang) -> Note:
    return Note(say(lang, "cash.example_why"), say(lang, "shop.example"), "middle")


def _orders(likely: CashResult, currency: str, lang: Lang) -> list[Block]:
    """Return the orders to the supplier; nothing where goods are bought as they are sold."""
    run = likely.run
    if not run.orders:
        return []
    heads = order_heads(lang)
    return [
        Heading(say(lang, "cash.orders", currency=currency), 2),
        TableBlock(
            tuple(heads),
            tuple((row.name, *row.cells) for row in order_rows(run.orders, run.days, lang)),
            (0.12, 0.08, 0.17, 0.17, 0.17, 0.17, 0.12),
            numbers=tuple(range(1, len(heads))),
        ),
    ]


def cash_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return whether the cash lasts; nothing where no payment term is typed."""
    answer, likely = found.cash, found.cash_likely
    told = "" if answer is None else kept_elsewhere(found.result.scenario, answer.currency, lang)
    if answer is None or likely is None:
        return []
    futures, code = answer.futures, answer.currency

    def show(value: float) -> str:
        return formats.whole_money(value, code, lang)

    ends = np.stack([quantiles(month, _ENDS) for month in futures.month_end], axis=1)
    figures = tuple(
        (tile.name, tile.value, " · ".join(tile.more)) for tile in cash_tiles(answer, lang)
    )
    heads = month_heads(lang)
    months = month_names(likely.run.days)
    day = likely.run.days.horizon - 1
    steps = bridge_steps({name: rows[:, 0] for name, rows in likely.bridge.items()}, day)
    date = likely.run.days.date(day).isoformat()
    return [
        Heading(say(lang, "cash.chapter")),
        *([] if cash_typed(found.scenario) else [_example(lang)]),
        *([Paragraph(told, small=True)] if told else []),
        Paragraph(run_on([cash_sentence(answer, lang), *further_sentences(answer, lang)], lang)),
        *(Paragraph(one) for one in quotes_cash(found, lang)),
        TableBlock(
            (say(lang, "cash.chapter_figure"), say(lang, "cash.chapter_value"), ""),
            figures,
            (0.34, 0.2, 0.46),
            numbers=(1,),
        ),
        Chart(
            low(spec_balance(lang, "light", formats.axis("money", code, lang))),
            data_balance(
                futures.days, np.asarray(futures.band_days), futures.bands, show, lang=lang
            ),
            say(lang, "cash.fan"),
            say(lang, "cash.fan_note"),
        ),
        TableBlock(
            tuple(heads),
            tuple((row.name, *row.cells) for row in month_rows(answer, ends, lang)),
            spread(0.2, len(heads)),
            numbers=tuple(range(1, len(heads))),
        ),
        *_orders(likely, code, lang),
        Heading(say(lang, "cash.bridge", month=months[-1]), 2),
        Paragraph(bridge_sentence(steps, code, date, lang)),
        TableBlock(
            tuple(bridge_heads(lang)),
            tuple((row.name, *row.cells) for row in bridge_rows(steps, code, lang)),
            (0.28, 0.2, 0.52),
            numbers=(1,),
        ),
        Paragraph(say(lang, "cash.chapter_note")),
    ]
