"""The bill of a review: month by month in sentences and as a table, with what was paid and what
other definitions would make of it.
"""

import math
from collections.abc import Sequence
from decimal import Decimal

from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.otherwise import Otherwise
from funnel_sim.output.words import formats
from funnel_sim.output.words.clauses import basis_words, counted_words
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.kpi import metric_name
from funnel_sim.output.words.not_measured import unmeasured_sentences
from funnel_sim.output.words.settlement import (
    lack_sentences,
    pay,
)
from funnel_sim.output.words.share_refunds import share_refunds_sentence
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def baseline_sentence(found: Bill, scenario: Scenario, lang: Lang) -> str:
    """Return where the baseline of a share comes from that the contract does not name; empty where
    it does, or there is none.
    """
    if not found.baseline or found.option.baseline is not None:
        return ""
    usual = formats.money(found.baseline, scenario.shown, lang)
    counted = counted_words(scenario, found.option, lang)
    told = say(lang, "review.bill_baseline", amount=usual, counted=counted)
    return told + share_refunds_sentence(scenario, found.option, lang)


def bill_sentences(
    found: Bill, others: Sequence[Otherwise], scenario: Scenario, lang: Lang
) -> list[str]:
    """Return the bill month by month, its total, what was paid, what lacks, and what
    `others`, other definitions, would make of it.
    """

    def shown(value: Decimal | None) -> str:
        return pay(value, found, lang)

    out = [say(lang, "review.bill_head", name=option_name(found.option, lang), code=found.code)]
    baseline = baseline_sentence(found, scenario, lang)
    out += [baseline] if baseline else []
    for place, month in enumerate(found.months, 1):
        lines = [
            say(
                lang, "review.bill_line", line=say(lang, f"quote.line_{name}"), amount=shown(amount)
            )
            for name in found.lines
            if (amount := found.amount(name, place)) is None or amount
        ]
        out.append(
            say(
                lang,
                "review.bill_month",
                month=month,
                due=shown(found.due(place)),
                lines=listed(lines, lang) or say(lang, "review.bill_nothing"),
            )
        )
        fix = found.correction(place)
        if fix:
            out.append(say(lang, "review.bill_correction", month=month, amount=shown(fix)))
    out += lack_sentences(found, lang)
    over = found.balance is not None and found.balance < 0
    out.append(
        say(
            lang,
            "review.bill_total_over" if over else "review.bill_total",
            total=shown(found.total),
            paid=shown(found.settled),
            balance=shown(abs(found.balance) if found.balance is not None else None),
        )
    )
    for one in others:
        if one.lacks:
            continue
        if one.kind == "basis":
            basis = basis_words(scenario, found.option.but(share_basis=one.what), lang)
            key = "share" if one.way == "basis" else one.way
            told = say(lang, f"review.otherwise_{key}", what=basis, amount=shown(one.difference))
        else:
            told = say(
                lang,
                "review.otherwise_kpi",
                what=metric_name(found.kpis[one.what].kpi.metric, lang),
                way=say(lang, f"kpi.way_{one.way}"),
                amount=shown(one.difference),
            )
        out.append(told)
    return out + unmeasured_sentences(others, found, lang)


def bill_heads(found: Bill, lang: Lang) -> tuple[str, ...]:
    """Return the heads of the bill: the month, each line that is not nothing, what is due, what was
    paid.
    """
    lines = [say(lang, f"quote.line_{name}") for name in shown_lines(found)]
    return (
        say(lang, "review.bill_month_head"),
        *lines,
        say(lang, "review.bill_due"),
        say(lang, "review.bill_paid"),
    )


def shown_lines(found: Bill) -> tuple[str, ...]:
    """Return the lines of a bill that are not nothing in every month."""
    count = len(found.months)
    return tuple(
        name
        for name in found.lines
        if any(found.amount(name, place) != 0 for place in range(1, count + 1))
    )


def bill_rows(found: Bill, lang: Lang) -> list[Row]:
    """Return the bill month by month, all months last."""

    def shown(value: Decimal | None) -> str:
        return pay(value, found, lang)

    names = shown_lines(found)
    out = []
    for place, month in enumerate(found.months, 1):
        paid = float(found.paid[place - 1])
        out.append(
            Row(
                "",
                month,
                (
                    *(shown(found.amount(name, place)) for name in names),
                    shown(found.due(place)),
                    formats.money(paid, found.code, lang)
                    if math.isfinite(paid)
                    else formats.NOTHING,
                ),
            )
        )
    sums: list[str] = []
    for name in names:
        parts = [found.amount(name, place) for place in range(1, len(found.months) + 1)]
        known = [one for one in parts if one is not None]
        sums.append(shown(sum(known, Decimal(0)) if len(known) == len(parts) else None))
    total = (*sums, shown(found.total), shown(found.settled))
    out.append(Row("", say(lang, "review.bill_sum"), total, kind="total"))
    return out
