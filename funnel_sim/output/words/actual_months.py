"""A store's months before and since the engagement in sentences, and what they lack."""

import math
from collections.abc import Mapping, Sequence

from funnel_sim.evidence.store.outlook import FEWEST_MONTHS
from funnel_sim.output.words.joining import apart, listed, run_on
from funnel_sim.scenario.edited_months import at_odds, impossible, lacking
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import EVENT_WORDS, StoreHistory
from funnel_sim.words import Lang, say

FIRST = ("gmv", "orders", "ad_spend", "ad_sales", "visits", "clicks", "refunds")
"""Figures that the answers after the signature need first, in the order in which they are typed."""
MORE = (
    "impressions",
    "carts",
    "units",
    "cancelled",
    "returned_orders",
    "repeat_orders",
    "refunded_later",
    "average_price",
    "goods_cost",
    "commission",
    "logistics",
    "fees_paid",
)
"""Figures that make an answer finer where somebody has them."""


def series_sentence(scenario: Scenario, lang: Lang) -> str:
    """Return how many months there are before the engagement and since, and what they lack.

    Args:
        scenario: the store with its series of months.
        lang: the language.
    """
    history = scenario.history
    names = history.names()
    if not names:
        return say(lang, "actuals.none")
    if not history.engagement_from:
        return say(lang, "actuals.no_mark", months=len(names), first=names[0], last=names[-1])
    since = history.engaged()
    early = names[: history.before_mark()]
    sold = [
        month
        for month, gmv, orders in zip(
            early, history.of("gmv", early), history.of("orders", early), strict=True
        )
        if not (math.isnan(gmv) and math.isnan(orders))
    ]
    before = len(sold)
    parts = [say(lang, "actuals.counts", before=before, since=len(since))]
    if len(early) > before:
        parts.append(say(lang, "actuals.before_without", months=len(early) - before))
    gone = lacking(history, FIRST, since)
    if since and gone:
        parts.append(_lacks(gone, since, lang))
    if before < FEWEST_MONTHS:
        parts.append(say(lang, "actuals.few_before", least=FEWEST_MONTHS))
    return run_on(parts, lang)


def _lacks(gone: Mapping[str, Sequence[str]], since: Sequence[str], lang: Lang) -> str:
    """Return the figures that are lacking: those of every month by name, the others with theirs."""
    throughout = [figure for figure, months in gone.items() if len(months) == len(since)]
    parts = [
        say(
            lang,
            "actuals.lacks_in",
            figure=say(lang, f"history.figure_{figure}"),
            months=listed(months, lang),
        )
        for figure, months in gone.items()
        if figure not in throughout
    ]
    if throughout:
        names = listed((say(lang, f"history.figure_{figure}") for figure in throughout), lang)
        parts.append(say(lang, "actuals.lacks_all", figures=names))
    return say(lang, "actuals.lacks", what=apart(parts, lang))


def at_odds_sentences(scenario: Scenario, months: Sequence[str], lang: Lang) -> list[str]:
    """Return where a month says more of a part than of its whole, where a figure is nothing beside
    one that cannot be without it, and where sales are after refunds.

    Args:
        scenario: the store with its series of months.
        months: names of the months that are looked at.
        lang: the language.
    """
    history = scenario.history
    zeros = [
        say(
            lang,
            "actuals.zero_beside",
            month=month,
            zero=say(lang, f"history.figure_{zero}"),
            beside=say(lang, f"history.figure_{beside}"),
        )
        for month, zero, beside in impossible(history, months)
    ]
    net = [
        say(lang, "actuals.net_month", month=month)
        for month in months
        if month in history.after_refunds
    ]
    return [*zeros, *net] + [
        say(
            lang,
            "actuals.at_odds",
            month=month,
            part=say(lang, f"history.figure_{part}"),
            whole=say(lang, f"history.figure_{whole}"),
        )
        for month, part, whole in at_odds(scenario.history, months)
    ]


def events_by_month(scenario: Scenario, lang: Lang, *, notes: bool = False) -> dict[str, str]:
    """Return what was marked in each month, in words.

    Args:
        notes: whether the notes that were typed beside the marks are told as well.
    """
    out: dict[str, str] = {}
    for one in scenario.history.marked:
        told = EVENT_WORDS[one.event].of(lang)
        if notes and one.note:
            told += f"{'：' if lang == 'zh' else ': '}{one.note}"
        out[one.month] = f"{out[one.month]} · {told}" if one.month in out else told
    return out


def converted_sentences(history: StoreHistory, lang: Lang) -> list[str]:
    """Return at which rates amounts of the months were read from files in other currencies.

    Args:
        history: the store's series of months.
        lang: the language.
    """
    names = history.names()
    out = []
    for one in history.converted:
        if not names or one.first > names[-1] or one.last < names[0]:
            continue
        figures = listed((say(lang, f"history.figure_{each}") for each in one.figures), lang)
        parts = {
            "file": one.file,
            "figures": figures,
            "first": max(one.first, names[0]),
            "last": min(one.last, names[-1]),
            "code": one.code,
            "into": one.into,
            "rate": f"{one.rate:.6g}",
            "day": one.day,
        }
        out.append(say(lang, f"actuals.read_at_{'day' if one.day else 'own'}", **parts))
    return out
