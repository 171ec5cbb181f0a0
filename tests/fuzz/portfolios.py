"""Portfolios: tables and files of rows on presets and on scenarios of their own, with fields, tags,
currencies and names that fit or not; their figures, odds, cash, ad budget and other markets.
"""

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from funnel_sim.chance.portfolio import simulate_portfolio
from funnel_sim.decisions.portfolio.products import products
from funnel_sim.errors import InputError
from funnel_sim.evidence.portfolio.columns import template_fields
from funnel_sim.evidence.portfolio.reading import read_portfolio
from funnel_sim.evidence.portfolio.template import csv_template
from funnel_sim.evidence.portfolio.typed import typed_cell
from funnel_sim.model.economics import evaluate
from funnel_sim.output.json.portfolio import portfolio_json
from funnel_sim.output.words.portfolio import (
    by_sentence,
    chance_sentences,
    loser_rows,
    losers_sentence,
    portfolio_sentences,
    total_rows,
)
from funnel_sim.output.words.portfolio_page import hidden_sentences, portfolio_tiles, risk_rows
from funnel_sim.output.words.portfolio_results import results_csv
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.portfolio import TAGS, Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_edits import (
    opened_row,
    taken_back,
    with_added,
    with_change,
    with_copy,
    without_row,
)
from funnel_sim.scenario.portfolio_files import portfolio_from_bytes, portfolio_text
from funnel_sim.scenario.portfolio_links import decode_portfolio, encode_portfolio
from funnel_sim.scenario.portfolio_loss import LOST_BY
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS
from tests.fuzz import scenarios, tables
from tests.fuzz.luck import TEXTS, Luck
from tests.fuzz.spoken import said
from tests.fuzz.steps import Steps, WrongError, dumped, finite, shown

DAY = dt.date(2026, 11, 27)
CHANNELS = "date,channel,spend,sales,orders\n" + "".join(
    f"2026-{m:02d}-01,{name},{200 + 37 * m % 90},{900 + 70 * m},{30 + m}\n"
    for m in range(1, 11)
    for name in ("ads", "social")
)
PATHS = 256
_FEW = ("amazon-de-kitchen", "amazon-us-kitchen", "etsy-us-jewelry")
_PATHS = (
    "product.price", "product.unit_cost", "product.inbound_freight", "conversion.cvr",
    "fulfilment.return_rate", "fulfilment.fulfilment_per_unit", "channels.ads.budget",
    "channels.ads.cpc", "channels.organic.impressions", "plan.horizon_months", "fx_rate",
    "conversion.demand_elasticity", "customers.referral", "commission.commission_cap",
    "tax.import_tax_recoverable", "currency", "as_of", "name", "preset", "chance.paths",
)  # fmt: skip
_HEADS = (
    "Name", "SKU", "Base", "预设", "Product", "Market", "平台", "Category", "Group", "Price",
    "售价", "Cost", "CPC", "CVR", "Ad budget", "product.price", "conversion.cvr", "currency", "x",
    "", "Price ",
)  # fmt: skip


def _names(luck: Luck) -> str:
    return str(luck.one(_FEW) if luck.odds(0.7) else luck.one(preset_cards()).id)


def _change(luck: Luck) -> tuple[str, Any]:
    if luck.odds(0.9):
        path = luck.one(_PATHS[:9])
        if path in ("conversion.cvr", "fulfilment.return_rate"):
            return path, luck.one((luck.wide(0.001, 0.5), 0.0, 1.0, 0.9999999))
        return path, luck.one((luck.wide(0.5, 200), luck.wide(0.5, 200), 1, 1e6, 1e-6))
    plain = preset("amazon-de-kitchen").plain()
    path = luck.one(_PATHS + tuple(scenarios._paths_of(plain)))
    if luck.odds(0.15):
        return path, luck.hostile()
    group, _, rest = path.partition(".")
    section = (scenarios.SECTIONS | scenarios.LISTS).get(group)
    kind, spec, _ = (
        scenarios._fields(section).get(rest.rpartition(".")[2], (float, None, False))
        if section
        else (float, None, False)
    )
    return path, scenarios._sound(luck, kind, spec)


def _row(luck: Luck, number: int) -> dict[str, Any]:
    tags = {tag: luck.one(("A", "B", "店铺", "=1+1", "")) for tag in TAGS if luck.odds(0.3)}
    base = "mine" if luck.odds(0.1) else _names(luck)
    changes = dict(_change(luck) for _ in range(luck.one((0, 1, 1, 2, 4))))
    return {"name": f"Item {number}", "base": base, **tags, "changes": changes}


def _document(luck: Luck, rows: int) -> dict[str, Any]:
    mine = preset("amazon-us-kitchen").replace({"product.price": luck.wide(5, 90)})
    out: dict[str, Any] = {
        "funnel_sim_portfolio": 1,
        "currency": luck.one(("CNY", "CNY", "EUR", "USD")),
        "as_of": "2026-11-27",
        "bases": {"mine": {"funnel_sim": 1, "scenario": mine.plain()}},
        "rows": [_row(luck, number) for number in range(rows)],
    }
    if luck.odds(0.2):
        out["losses"] = [
            {
                "by": luck.one((*LOST_BY, "market", "shelf")),
                "names": [luck.one(("DE", "US", "ads", "Item 0", "店铺", luck.one(TEXTS)))],
                "odds": luck.one((None, 0.0, 0.1, 1, 2.0, 10**400)),
            }
            for _ in range(luck.randint(1, 3))
        ]
    if luck.odds(0.3):
        out["budget"] = {
            "budget_total": luck.one((None, 0.0, 1000.0, 1e12, 1e-9, luck.wide(1, 1e6))),
            "budget_goal": luck.one(("profit", "gmv", "cheapest")),
            "budget_step": luck.one((None, 1.0, 100.0, 1e9)),
            "next_spend": luck.one((None, None, 1e-3, 750.0, 1e12)),
            "profit_floor": luck.one((None, 0.0, -1e5, 1e9)),
            "gmv_target": luck.one((None, 1.0, 1e5, 1e12)),
            "bounds": [
                {"channel": f"Item {n}", "low": luck.one((None, 0.0, 50.0)), "high": None}
                for n in range(luck.randrange(3))
            ],
        }
    return out


def small(luck: Luck) -> bytes:
    """Return a portfolio file of a few rows that can mostly be read."""
    return json.dumps(_document(luck, luck.randint(1, 4))).encode()


def _of_json(luck: Luck) -> bytes:
    made = _document(luck, luck.one((1, 2, 3, 5, 12, 40 if luck.odds(0.2) else 4)))
    if luck.odds(0.3):
        for _ in range(luck.randint(1, 3)):
            _spoil(luck, made)
    content = scenarios._swollen(json.dumps(made)).encode()
    return luck.damaged(content) if luck.odds(0.08) else content


def _spoil(luck: Luck, made: dict[str, Any]) -> None:
    listed = made.get("rows")
    rows = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    match luck.randrange(6):
        case 0:
            made[luck.one((*made, "extra", "as_of", "currency"))] = luck.hostile()
        case 1 | 2 if rows:
            row = luck.one(rows)
            row[luck.one(("name", "base", "changes", "extra", *TAGS))] = luck.one(
                (luck.hostile(), "Item 0", "Item 1", luck.one(TEXTS))
            )
        case 3 if rows and isinstance(made["rows"], list):
            made["rows"] += [dict(luck.one(rows))] * luck.one((1, 2, 300))
        case 4 if isinstance(made.get("bases"), dict):
            made["bases"][luck.one(("mine", "amazon-de-kitchen", "", "x"))] = luck.one(
                (luck.hostile(), "file.json", "../x.json", {"funnel_sim": 1}, {"scenario": {}})
            )
        case _ if rows:
            changes = luck.one(rows).get("changes")
            if isinstance(changes, dict):
                changes[luck.one(("", ".", "product", "product.price.low", "__class__", "x"))] = (
                    luck.hostile()
                )


def _of_sheet(luck: Luck) -> bytes:
    rows = list(csv.reader(io.StringIO(csv_template(luck.one(LANGS)))))
    body = rows[1:] or [[""] * len(rows[0])]
    rows = [rows[0], *(list(body[n % len(body)]) for n in range(luck.one((1, 2, 3, 8, 30))))]
    for number, row in enumerate(rows[1:]):
        row[0] = f"Item {number}"
        for place in range(2, len(row)):
            if luck.odds(0.15):
                row[place] = luck.one(
                    ("", row[place], row[place], f"{luck.wide(0.01, 1):.2f}")
                    if luck.odds(0.9)
                    else ("8%", "0,08", "$24.90", "24,90", "1.234", "200", "-1")
                )
    if luck.odds(0.15):
        rows[0] = [luck.one(_HEADS) if luck.odds(0.2) else one for one in rows[0]]
    for _ in range(luck.one((0, 0, 0, 1, 1, 3))):
        rows = tables._changed(luck, rows)
    content = tables._book(luck, rows) if luck.odds(0.15) else tables._text_table(luck, rows)
    return luck.damaged(content) if luck.odds(0.05) else content


def make(luck: Luck) -> bytes:
    """Return a portfolio: a file of ours, or a spreadsheet."""
    return _of_json(luck) if luck.odds(0.55) else _of_sheet(luck)


# ---- and all that is done with one
# --------------------------------------------------------------------------


def go(content: bytes, steps: Steps) -> None:
    """Put a portfolio through the product."""
    is_json = content.lstrip()[:1] == b"{"
    name = "fuzz.xlsx" if content[:4] == b"PK\x03\x04" else "fuzz.csv"
    found = steps.take(
        "read json" if is_json else "read sheet",
        lambda: (
            portfolio_from_bytes(content, "fuzz.json")
            if is_json
            else read_portfolio(content, name, DAY).portfolio
        ),
    )
    if found is None:
        return
    steps.accepted = True
    for step, odds, work in _alone(found, steps.luck or Luck("0")):
        steps.take(step, work, odds)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        file.write_text(portfolio_text(found), "utf-8")
        store = Path(folder) / "store.json"
        store.write_text(to_text(found.scenario_of(0)), "utf-8")
        for command, odds, more in _SAID:
            place = store if command == "carry" else file
            words = [str(Path(folder) / one) if one == "out" else one for one in more]
            steps.take(
                " ".join((command, *(one for one in more if one[:2] == "--"))),
                lambda c=command, p=place, w=words: said([c, str(p), *w]),  # type: ignore[misc]
                odds,
                roomy="out" in more,
            )


_SAID: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("portfolio", 0.1, ("--lang", "zh")),
    ("portfolio", 0.05, ("--json", "--paths", "256")),
    ("portfolio", 0.05, ("--cash", "--lang", "zh")),
    ("portfolio", 0.03, ("--json", "--cash", "--paths", "256")),
    ("budget", 0.12, ("--paths", "256", "--lang", "zh")),
    ("budget", 0.06, ("--paths", "256", "--json")),
    ("carry", 0.06, ("--to", "amazon-us-kitchen", "--to", "etsy-us-jewelry", "--lang", "zh")),
    ("carry", 0.04, ("--to", "amazon-de-kitchen", "--price", "margin", "--json")),
    ("carry", 0.02, ("--to", "shopee-sg", "--traffic", "orders", "--json")),
    ("portfolio", 0.004, ("--out", "out", "--paths", "256")),
)


def _alone(found: Portfolio, luck: Luck) -> Iterator[tuple[str, float, Callable[[], Any]]]:
    yield "rows", 1.0, lambda: _rows(found)
    yield "file", 1.0, lambda: _same_file(found)
    yield "link", 0.5, lambda: _same_link(found)
    yield "odds", 0.15, lambda: _odds(found)
    yield "edits", 0.3, lambda: _edited(found, luck)
    yield "typed cells", 0.3, lambda: _typed(found, luck)


def _rows(found: Portfolio) -> None:
    """Work out every row: each as its scenario alone, the sums as the rows."""
    told = products(found)
    dumped(portfolio_json(told, None), "portfolio")
    rows = portfolio_json(told, None)["rows"]
    total = portfolio_json(told, None)["total"]
    each = [finite(row["profit_in_currency_of_totals"], "a row's profit") for row in rows]
    size = max(1.0, *(abs(one) for one in each))
    if abs(sum(each) - finite(total["profit"], "total profit")) > 1e-6 * size:
        raise WrongError("the rows do not add up to the total")
    named = {row["name"]: row for row in rows}
    alone = evaluate(found.scenario_of(0)).steady["profit"]
    there = named[found.rows[0].name]["profit_per_month"]
    if alone is not None and abs(alone - there) > 1e-6 * max(1.0, abs(alone)):
        raise WrongError(f"a row's profit is {there}, alone it is {alone}")
    for lang in LANGS:
        said_rows = [
            *portfolio_sentences(told, lang),
            *hidden_sentences(told, lang),
            *(losers_sentence(told, lang) for _ in range(int(told.losing.size > 0))),
            *(" ".join((row.name, *row.cells)) for row in loser_rows(told, lang)),
            *(by_sentence(told, tag, lang) for tag in TAGS if total_rows(told, tag, lang)),
            *(" ".join((r.name, *r.cells)) for tag in TAGS for r in total_rows(told, tag, lang)),
            *(repr(one) for one in portfolio_tiles(told, lang)),
            results_csv(told, None, lang),
        ]
        names = {one for row in found.rows for one in (row.name, *(getattr(row, t) for t in TAGS))}
        for one in said_rows:
            bare = one
            for typed in names:
                bare = bare.replace(typed, "") if typed else bare
            shown(bare, "portfolio")


def _same_file(found: Portfolio) -> None:
    if portfolio_from_bytes(portfolio_text(found).encode()) != found:
        raise WrongError("another portfolio comes back from the file")


def _same_link(found: Portfolio) -> None:
    text = encode_portfolio(found)
    if text is not None and decode_portfolio(text) != found:
        raise WrongError("another portfolio comes back from the link")


def _odds(found: Portfolio) -> None:
    drawn = simulate_portfolio(found, PATHS)
    dumped(portfolio_json(products(found), drawn), "odds")
    for lang in LANGS:
        for one in chance_sentences(drawn, lang):
            shown(one, "odds")
        for row in risk_rows(drawn, lang):
            shown(" ".join(row.cells), "odds")


def _edited(found: Portfolio, luck: Luck) -> None:
    """Take some steps in it; each gives a portfolio that its own file gives back."""
    for _ in range(3):
        at = luck.randrange(len(found.rows))
        try:
            match luck.randrange(6):
                case 0:
                    found = with_change(found, at, *_change(luck))
                case 1:
                    found = with_copy(found, at)
                case 2:
                    found = without_row(found, at)
                case 3:
                    found = with_added(found, PortfolioRow("Item 1", _names(luck)))
                case 4:
                    mine = opened_row(found, at)
                    path, value = _change(luck)
                    found = taken_back(found, at, mine.replace({path: value}))
                case _:
                    found = found.in_currency(luck.one(("EUR", "CNY", "XXX", "", "usd")))
        except InputError:
            continue
    _same_file(found)
    if not np.isfinite(
        [row["profit_per_month"] for row in portfolio_json(products(found), None)["rows"]]
    ).all():
        raise WrongError("a row without a profit")


def _typed(found: Portfolio, luck: Luck) -> None:
    """Type something into a cell as on screen."""
    base = found.scenario_of(0)
    for _ in range(4):
        path = luck.one(tuple(one for one in template_fields() if "." in one))
        path = path.replace("channel.", "channels.ads.") if path.startswith("channel.") else path
        try:
            typed_cell(base, path, str(luck.one(tables._CELLS)), luck.one((None, 0.1, 20.0)))
        except InputError:
            continue
