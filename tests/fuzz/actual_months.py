"""What a store's files say after the signature: months, channels, two sources that differ, damaged,
pasted or uploaded; read, joined to the months at hand, and reviewed, billed and renewed on.
"""

import csv
import io
import tempfile
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from funnel_sim.decisions.kpi.store_history import with_actuals
from funnel_sim.decisions.review.example import example_after_signing
from funnel_sim.evidence.store.channels import by_channel
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import History
from funnel_sim.evidence.store.pasted import pasted_table
from funnel_sim.evidence.store.reconcile import reconciled
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.tables import Table, read_table
from funnel_sim.output.json.review import reconciled_json
from funnel_sim.output.words.reconcile import reconciled_sentences
from funnel_sim.scenario.edited_months import (
    at_odds,
    impossible,
    with_figure,
    without_channel,
    without_month,
)
from funnel_sim.scenario.files import from_bytes, to_text
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import StoreHistory
from funnel_sim.words import LANGS
from tests.fuzz import contracts, tables
from tests.fuzz.boxes import Box, unpacked
from tests.fuzz.luck import Luck
from tests.fuzz.spoken import said
from tests.fuzz.steps import Steps, WrongError, dumped, shown

STORE = "store.json"
_MARKS = ("2026-05", "2026-05", "2025-03", "2026-10", "2026-11", "2030-01", "", "2026-13", "x")
_PERIODS = ("", "2026-08", "2026-Q3", "2026-Q2", "2025-01", "2026-99", "x")


@cache
def _form(name: str) -> tuple[tuple[str, ...], ...]:
    text = resources.files("funnel_sim").joinpath("data", name).read_text("utf-8")
    return tuple(tuple(row) for row in csv.reader(io.StringIO(text)))


def _file(luck: Luck, *, channels: bool) -> bytes:
    """Return months, of the store or of its channels: some columns, some rows, some damage."""
    pick = luck.random()
    if pick < 0.2:
        return tables.make(luck)
    form = _form("example_channels.csv" if channels else "example_months.csv")
    kept = [0, *(place for place in range(1, len(form[0])) if luck.odds(0.8))]
    rows = [[row[place] for place in kept] for row in form]
    first = luck.randrange(1, len(rows)) if luck.odds(0.3) else 1
    rows = [rows[0], *rows[first:]]
    if luck.odds(0.3):  # a second source of the same months, a little other
        rows = [rows[0], *([_near(luck, cell) for cell in row] for row in rows[1:])]
    for _ in range(luck.one((0, 0, 1, 1, 2, 4))):
        rows = tables._changed(luck, rows)
    return tables._book(luck, rows) if luck.odds(0.15) else tables._text_table(luck, rows)


def _near(luck: Luck, cell: str) -> str:
    try:
        return f"{float(cell) * luck.one((1, 1, 1.001, 1.2, 0.5, 100)):.2f}"
    except ValueError:
        return cell


def make(luck: Luck) -> bytes:
    """Return files of months, and the store that they are read into."""
    files: dict[str, bytes] = {}
    for number in range(luck.one((1, 1, 1, 2, 2, 3))):
        content = _file(luck, channels=luck.odds(0.25))
        ending = "xlsx" if content[:4] == b"PK\x03\x04" else "csv"
        files[f"file{number}.{ending}"] = content
    store = (
        contracts.make(luck)
        if luck.odds(0.25)
        else to_text(example_after_signing(luck.one(LANGS))).encode()
    )
    asked = {
        "mark": luck.one(_MARKS),
        "period": luck.one(_PERIODS),
        "sales": luck.one((None, None, "before", "after")),
        "keeps": luck.odds(0.5),
        "edits": [_edit(luck) for _ in range(luck.randint(0, 3))],
        "theirs": luck.one(("", "0", "1234.56", "-1", "1e15", "nan", "x")),
    }
    return Box(files | {STORE: store}, asked).packed()


def _edit(luck: Luck) -> list[Any]:
    figures = [one for one in StoreHistory.model_fields if one.startswith("seen_")]
    return [
        luck.one(("figure", "month", "channel")),
        luck.one(("2026-05", "2026-06", "2025-03", "2027-01", "1999-12", "9999-12", "x", "")),
        luck.one(figures).removeprefix("seen_") if luck.odds(0.95) else luck.one(("x", "", "gmv ")),
        luck.one((None, 0.0, 1.0, 12_345.678, 1e12, 1e15, -1.0, 1e-300)),
    ]


def go(content: bytes, steps: Steps) -> None:
    """Read the files one by one and together, and tell what they mean for the contract."""
    box = unpacked(content)
    store = steps.take("store", lambda: from_bytes(box.files.get(STORE, b""), STORE))
    if store is None:
        return
    if not box.asked.get("keeps"):
        store = store.but(history=StoreHistory())
    found = _read(box, store, steps)
    if found is None:
        return
    mine, sources = found
    steps.accepted = True
    steps.take("sources beside each other", lambda: _beside(mine, sources))
    steps.take("file", lambda: _same(mine))
    for edit in box.asked.get("edits", []):
        done = partial(_edited, mine, *edit)
        mine = steps.take(f"edit {edit[0]}", done) or mine
    _told(mine, box, steps)


def _read(box: Box, store: Scenario, steps: Steps) -> tuple[Scenario, list[Source]] | None:
    """Return the store with the months of the files, and each file's own."""
    after = None if box.asked.get("sales") is None else box.asked["sales"] == "after"
    taxed = store.tax.situation != "outside_price"
    sources: list[Source] = []
    channels: dict[str, History] = {}
    files = {name: one for name, one in box.files.items() if name != STORE}
    for name, content in files.items():
        table = steps.take("read", lambda name=name, content=content: read_table(content, name))
        if table is None:
            continue

        def one(table: Table = table) -> History:
            return history(table, beside_others=len(files) > 1, taxed=taxed, after_refunds=after)

        months = steps.take("history", one)
        if months is None:
            continue
        steps.take("history said", lambda months=months: tables._history_holds(months))
        sources.append(Source(name, months))
        channels |= (
            steps.take(
                "channels",
                lambda table=table: by_channel(table, taxed=taxed, after_refunds=after),
            )
            or {}
        )
        steps.take("pasted", lambda content=content: _pasted(content), 0.2)
    if not sources:
        return None
    whole = steps.take("together", lambda: together(sources))
    if whole is None:
        return None
    mark = str(box.asked.get("mark", ""))
    mine = steps.take("joined", lambda: with_actuals(store, whole, mark, channels))
    return None if mine is None else (mine, sources)


def _pasted(content: bytes) -> None:
    """Read the same as a block of cells out of a sheet."""
    text = content.decode("utf-8", "replace").replace(",", "\t")[:20_000]
    history(pasted_table(text, ("gmv", "orders"), "2026-01", "pasted"), beside_others=True)


def _beside(mine: Scenario, sources: list[Source]) -> None:
    pairs = reconciled(sources)
    dumped(reconciled_json(pairs), "reconciled")
    for lang in LANGS:
        for pair in pairs:
            for one in reconciled_sentences(pair, mine.currency, lang):
                shown(one, "reconciled")
    names = mine.history.names()
    at_odds(mine.history, names)
    impossible(mine.history, names)


def _same(mine: Scenario) -> None:
    if from_bytes(to_text(mine).encode()) != mine:
        raise WrongError("another store comes back from the file")


def _edited(mine: Scenario, what: str, month: str, name: str, value: float | None) -> Scenario:
    if what == "figure":
        return mine.replace(with_figure(mine.history, month, name, value))
    if what == "month":
        return mine.replace(without_month(mine.history, month))
    channels = [one.channel for one in mine.history.by_channel]
    return mine.replace(without_channel(mine.history, channels[0] if channels else name))


def _told(mine: Scenario, box: Box, steps: Steps) -> None:
    period, theirs = str(box.asked.get("period", "")), str(box.asked.get("theirs", ""))
    of_period = (f"--period={period}",) if period else ()
    of_theirs = (f"--theirs={theirs}",) if theirs else ()
    asked: tuple[tuple[str, float, tuple[str, ...]], ...] = (
        ("review", 0.3, ("--paths", "256", "--lang", "zh", *of_period)),
        ("review", 0.15, ("--paths", "256", "--json", *of_period)),
        ("bill", 0.5, ("--lang", "zh", *of_theirs)),
        ("bill", 0.5, ("--json", *of_theirs)),
        ("renew", 0.12, ("--paths", "256")),
        ("renew", 0.08, ("--paths", "256", "--json")),
        ("providers", 0.08, ()),
        ("kpi", 0.05, ("--paths", "256", "--json")),
        ("review", 0.01, ("--paths", "256", "--out", "out")),
        ("bill", 0.02, ("--out", "out")),
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / STORE).write_text(to_text(mine), "utf-8")
        for name, odds, more in asked:
            label = " ".join((name, *(one.partition("=")[0] for one in more if one[:2] == "--")))
            words = [str(Path(folder) / one) if one == "out" else one for one in more]
            steps.take(
                label,
                lambda name=name, words=words: said([name, f"{folder}/{STORE}", *words]),
                odds,
                roomy="out" in more,
            )
