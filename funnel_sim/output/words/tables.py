"""Tables as rows of text: the ledger, break-even values, key figures."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from funnel_sim.decisions.economics.targets import LeverAnswer
from funnel_sim.model.economics import Result
from funnel_sim.model.ledger import LINES, SUBTOTAL, SUBTOTALS
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import name_of, told
from funnel_sim.output.words.headlines import figure_name
from funnel_sim.stored import read_data
from funnel_sim.words import Lang, Words, say


@cache
def glossary() -> dict[str, Words]:
    """Return every metric of the field by its key, in reading order, with its names
    (data/glossary.csv).
    """
    text = read_data("glossary.csv")
    return {
        row["key"]: Words(row["chinese"], row["english"])
        for row in csv.DictReader(text.splitlines())
    }


GLOSSARY: tuple[str, ...] = tuple(glossary())


@cache
def definitions() -> dict[str, Words]:
    """Return what each metric of the glossary is, by its key (data/glossary.csv)."""
    text = read_data("glossary.csv")
    return {
        row["key"]: Words(row["definition_zh"], row["definition"])
        for row in csv.DictReader(text.splitlines())
    }


@cache
def _by_name(lang: Lang) -> dict[str, str]:
    """Return the definitions by the names under which metrics stand on the screen; what follows in
    brackets may be left out.
    """
    found: dict[str, str] = {}
    for key, words in glossary().items():
        name = words.of(lang)
        short = name.split("（")[0].split(" (")[0].strip()
        for each in (name, short):
            found.setdefault(each, definitions()[key].of(lang))
    return found


def defined(texts: Sequence[str], lang: Lang) -> dict[str, str]:
    """Return the definitions of those texts that are names of the glossary.

    Args:
        texts: names, in any order.

    >>> defined(["ACoS", "Month 3"], "en")
    {'ACoS': 'ad spend / ad-attributed sales'}
    """
    known = _by_name(lang)
    return {text: known[text] for text in texts if text in known}


SPREAD_OVER_ORDERS = frozenset(
    {
        "impressions",
        "clicks",
        "visits",
        "carts",
        "orders",
        "paid_orders",
        "new_customers",
        "repeat_orders",
        "gmv",
        "net_revenue",
        "cogs",
        "cm1",
        "cm2",
        "cm3",
        "profit",
        "ad_spend",
        "profit_after_work",
        "profit_home",
        "proceeds_home",
        "vat_due",
    }
)


@dataclass(frozen=True)
class Row:
    """One row of a table: the figure it stands for, its name, its cells, and how it is drawn."""

    key: str
    name: str
    cells: tuple[str, ...]
    kind: str = "line"
    tone: str = ""


def ledger_rows(result: Result, lang: Lang) -> list[Row]:
    """Return the ledger per order, per month and per customer of the steady month, in the currency
    of results; empty lines left out.
    """
    rows: list[Row] = []
    for group in SUBTOTALS:
        lines = [line.formula.key for line in LINES if line.group == group]
        rows += [
            _ledger_row(result, key, "line", lang)
            for key in lines
            if result.steady[key] or key == "gross_sales"
        ]
        rows.append(_ledger_row(result, group, "total", lang))
    return rows


def _ledger_row(result: Result, key: str, kind: str, lang: Lang) -> Row:
    currency = result.scenario.shown
    amounts = (result.per(key, "order"), result.steady[key], result.per(key, "customer"))
    tone = "bad" if kind == "total" and (result.steady[key] or 0) < 0 else ""
    return Row(
        key,
        name_of(key, lang),
        tuple(formats.money(a, currency, lang) for a in amounts),
        kind,
        tone,
    )


def ledger_order() -> list[str]:
    """Return the keys of the ledger in its order, each group's lines before its subtotal."""
    out: list[str] = []
    for group in SUBTOTALS:
        out += [line.formula.key for line in LINES if line.group == group] + [group]
    return out


def month_rows(result: Result, lang: Lang) -> tuple[list[str], list[Row]]:
    """Return the heads and rows of the month-by-month ledger over the horizon, with a total
    column.
    """
    currency, months = result.scenario.shown, result.scenario.plan.horizon_months
    heads = [say(lang, "table.month", n=m + 1) for m in range(months)] + [say(lang, "table.sum")]
    rows = []
    for key in ("paid_orders", *ledger_order()):
        series = result.monthly[key]
        total = result.horizon[key]
        if series is None or (not series.any() and key not in SUBTOTAL):
            continue
        show = (
            formats.number if key == "paid_orders" else (lambda v: formats.money(v, currency, lang))
        )
        rows.append(
            Row(
                key,
                name_of(key, lang),
                tuple(show(float(v) + 0.0) for v in (*series, total or 0.0)),
                "total" if key in SUBTOTAL else "line",
            )
        )
    return heads, rows


def target_rows(
    answers: Sequence[LeverAnswer], scenario_currency: str, cost_currency: str, lang: Lang
) -> list[Row]:
    """Return one row per lever: today's value, and the value at the target with the change that it
    is.

    Args:
        answers: one a lever.
        scenario_currency: ISO code of the sales currency.
        cost_currency: ISO code of amounts that the seller bears in another currency.
    """
    return [_target_row(a, scenario_currency, cost_currency, lang) for a in answers]


def _target_row(answer: LeverAnswer, currency: str, cost_currency: str, lang: Lang) -> Row:
    def show(value: float | None, toward: formats.Direction = "near") -> str:
        return formats.figure(value, answer.lever.unit, currency, cost_currency, lang, toward)

    if answer.value is None:
        text = say(
            lang,
            (
                f"target.{answer.kind}_met"
                if answer.met_today and answer.kind == "none"
                else f"target.{answer.kind}"
            ),
        )
        text = (
            say(lang, "target.straight_met" if answer.met_today else "target.straight_none")
            if answer.straight and answer.kind == "none"
            else text
        )
        return Row(
            answer.lever.figure,
            answer.lever.words.of(lang),
            (show(answer.current), text),
            "line",
            "" if answer.met_today else "bad",
        )
    safe: formats.Direction = (
        "near" if answer.exclusive else "up" if answer.side == "at_least" else "down"
    )
    goal = say(
        lang,
        "target.above" if answer.exclusive else f"target.{answer.side}",
        value=show(answer.value, safe),
    )
    if answer.kind == "jump":
        goal += " " + say(lang, "target.jump")
    if answer.others:
        goal += " " + say(lang, "target.others", values=", ".join(show(v) for v in answer.others))
    if answer.current and answer.current > 0:  # no percentage of a loss has a meaning
        goal += f" ({_signed_percent(answer.value / answer.current - 1)})"
    if answer.straight:
        goal += " " + say(lang, "target.straight")
    return Row(
        answer.lever.figure,
        answer.lever.words.of(lang),
        (show(answer.current), goal),
        "line",
        "" if answer.met_today else "bad",
    )


def _signed_percent(value: float) -> str:
    text = formats.percent(value)
    return text if formats.is_negative(text) else f"+{text}"


def figure_rows(result: Result, keys: Sequence[str], lang: Lang) -> list[Row]:
    """Return figures of the steady month with their values, or why they have none, as rows.

    Args:
        keys: of the figures, in the order of the rows.
    """
    return [
        Row(key, figure_name(key, result.scenario, lang), (told(result, key, lang),))
        for key in keys
    ]
