"""A bill for actual months as a workbook of live formulas: the months and the contract are typed
cells, the lines follow from them by the contract's own functions (written_bill.py), each rounded
half up to the cent. What no formula holds is a typed value, and the last sheet says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funnel_sim.decisions.kpi.measured import is_added_up, key_of, months_added
from funnel_sim.decisions.quote.contract import RUNNING, sum_of_lines
from funnel_sim.decisions.quote.store_alone import basis_key
from funnel_sim.decisions.review.bill import Seen, cents, is_open
from funnel_sim.decisions.review.settlement import Settlement
from funnel_sim.decisions.review.written_bill import Counted, written_lines
from funnel_sim.model.wanted import leading_to
from funnel_sim.model.written import (
    Term,
    absolute,
    as_number,
    call,
    is_none,
    is_number,
    largest,
    no_figure,
    same,
    smallest,
    term,
    total,
    when,
)
from funnel_sim.output.words.clauses import clauses
from funnel_sim.output.words.explain import name_of, plain_name, unit_of
from funnel_sim.output.words.kpi import kpi_text, metric_unit
from funnel_sim.output.workbook.actual_figures import ActualFigures, added
from funnel_sim.output.workbook.book import written
from funnel_sim.output.workbook.cells import CellPlace, Sheet, or_nothing, span
from funnel_sim.output.workbook.cells import plain_name as cell_name
from funnel_sim.output.workbook.model_book import LOOKS
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.kpis import OPERATIONAL, STEADY_METRICS, Kpi
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quote_rows import EVERY_WORDS, Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.words import Lang, say

_FIRST = 2
_HAIR = 1e-9
_DUST = 9
_NEEDED = ("gmv", "orders", "ad_spend", "ad_sales", "refunds")
_NUMBERS = (
    "setup",
    "base",
    "trial_base",
    "spend_rate",
    "order_fee",
    "floor",
    "cap",
    "passed_on",
    "rebate_rate",
    "rebate_to_client",
    "total_cap",
    "fee_tax",
)
_ROWS = {
    "share_tiers": ("upto", "rate"),
    "rewards": ("amount",),
    "instalments": ("amount",),
    "extras": ("amount",),
}
SHEETS = ("bill", "months", "contract", "workings", "notes")


def settlement_workbook(found: Settlement, scenario: Scenario, lang: Lang) -> bytes:
    """Return a settlement as an XLSX file: the statement, the months, the contract, how each line
    comes about, and what is typed because no formula holds it.
    """
    return written(scenario, settlement_sheets(found, scenario, lang), lang)


def settlement_sheets(found: Settlement, scenario: Scenario, lang: Lang) -> list[Sheet]:
    """Return the sheets of a settlement before they are written."""
    return _Book(found, scenario, lang).sheets()


@dataclass
class _Grid:
    """A sheet with one column a month, then what they come to and a note."""

    sheet: Sheet
    months: Sequence[str]
    lang: Lang
    row: int = 3

    def __post_init__(self) -> None:
        sheet, last = self.sheet, _FIRST + len(self.months)
        sheet.put(0, 0, sheet.title, "title")
        sheet.put(1, 0, say(self.lang, f"workbook.{sheet.key}_lead"), "lead")
        heads = (
            say(self.lang, "settlement.line"),
            say(self.lang, "workbook.head_unit"),
            *self.months,
            say(self.lang, "settlement.in_all"),
            say(self.lang, "workbook.head_note"),
        )
        for column, text in enumerate(heads):
            sheet.put(2, column, text, "head" if column in (0, 1, last + 1) else "head right")
        sheet.freeze = (3, 2)
        sheet.widths = {0: 44, 1: 10, **dict.fromkeys(range(_FIRST, last + 1), 14), last + 1: 90}

    def heading(self, text: str) -> None:
        self.sheet.put(self.row, 0, text, "group")
        self.row += 1

    def put(
        self,
        name: str,
        label: str,
        unit: str,
        contents: Sequence[Any],
        look: str,
        *,
        whole: Any = "",
        note: str = "",
        strong: str = "",
    ) -> list[CellPlace]:
        """Write a row, give it its name, and return its cells by month."""
        sheet, row = self.sheet, self.row
        sheet.put(row, 0, label, strong)
        sheet.put(row, 1, unit, "quiet")
        cells = [
            sheet.put(row, _FIRST + place, content, f"{look} {strong}".strip())
            for place, content in enumerate(contents)
        ]
        last = _FIRST + len(self.months)
        if not isinstance(whole, str) or whole:
            sheet.put(row, last, whole, f"{look} {strong}".strip())
        if note:
            sheet.put(row, last + 1, note, "quiet")
        if name:
            sheet.name(name, (row, _FIRST), (row, last - 1))
        self.row += 1
        return cells


class _Typed:
    """A contract, or a row of one, with the cells in which its numbers are typed in their place."""

    def __init__(self, item: Any, cells: Mapping[str, CellPlace], path: str = ""):
        self._item, self._cells, self._path = item, cells, path

    def __getattr__(self, name: str) -> Any:
        """Return the cell of a number, the rows of a list, else what is there."""
        value, path = getattr(self._item, name), f"{self._path}{name}"
        if isinstance(value, list):
            return [_Typed(one, self._cells, f"{path}.{place}.") for place, one in enumerate(value)]
        return self._cells.get(path, value)


class _Book:
    """The workbook of one settlement."""

    def __init__(self, found: Settlement, scenario: Scenario, lang: Lang):
        self.settled, self.bill, self.scenario, self.lang = found, found.bill, scenario, lang
        self.names = self.bill.months
        self.count = len(self.names)
        self.made = {key: Sheet(key, say(lang, f"settlement.sheet_{key}")) for key in SHEETS}
        self.option: Option = self.bill.option
        self.contract = self._contract()
        self.raw = self._months()
        self.workings = _Grid(self.made["workings"], self.names, lang)

    def sheets(self) -> list[Sheet]:
        """Return the sheets, filled."""
        later = any(value != 0 for value in self._values("refunded_later"))
        now = _Lines(self, "", later=later)
        first = _Lines(self, "first_", later=False) if later else None
        self._statement(now, first)
        self._notes(now)
        return [self.made[key] for key in SHEETS]

    def say(self, key: str, **parts: Any) -> str:
        return say(self.lang, f"settlement.{key}", **parts)

    def _values(self, name: str) -> list[float]:
        values = self.scenario.history.of(name, self.names)
        return [0.0 if is_none(one) else one for one in values]

    # ---- what is typed

    def _contract(self) -> dict[str, CellPlace]:
        """Fill the sheet of the contract and return its cells by path."""
        sheet, option, lang = self.made["contract"], self.option, self.lang
        sheet.put(0, 0, sheet.title, "title")
        sheet.put(1, 0, say(lang, "workbook.contract_lead"), "lead")
        for column, key in enumerate(("input", "value", "unit", "note")):
            sheet.put(2, column, say(lang, f"workbook.head_{key}"), "head")
        sheet.freeze, sheet.widths = (3, 1), {0: 50, 1: 18, 2: 12, 3: 60}
        cells: dict[str, CellPlace] = {}
        specs = specs_of(Option)
        row = 3

        def put(path: str, label: str, unit: Unit, value: float, note: str = "") -> None:
            nonlocal row
            rate = unit is Unit.RATE
            code = self.scenario.currency if unit is Unit.MONEY else self.bill.code
            sheet.put(row, 0, label)
            cells[path] = sheet.put(row, 1, float(value), "rate input" if rate else "plain input")
            sheet.put(row, 2, "" if rate else code, "quiet")
            sheet.put(row, 3, note, "quiet wrap")
            row += 1

        for name in _NUMBERS:
            if value := getattr(option, name):
                put(name, specs[name].label.of(lang), specs[name].unit, value)
        if self.bill.baseline:
            note = "" if option.baseline is not None else self.say("baseline_fixed")
            spec = specs["baseline"]
            put("baseline", spec.label.of(lang), spec.unit, self.bill.baseline, note)
        for name, fields in _ROWS.items():
            for place, one in enumerate(getattr(option, name)):
                for part in fields:
                    if (value := getattr(one, part)) is None:
                        continue
                    spec = specs_of(type(one))[part]
                    shared = isinstance(one, Reward) and one.form != "fixed"
                    label = self.say(
                        "row_of",
                        what=specs[name].label.of(lang),
                        number=place + 1,
                        field=spec.label.of(lang),
                    )
                    put(
                        f"{name}.{place}.{part}",
                        label,
                        Unit.RATE if shared else spec.unit,
                        value,
                        self._row_note(one),
                    )
        for name, one in self.bill.kpis.items():
            sheet.put(row, 0, kpi_text(one.kpi, self.scenario, lang), "wrap")
            look = LOOKS[metric_unit(one.kpi.metric)]
            cells[f"kpi.{name}"] = sheet.put(row, 1, float(one.target), f"{look} input")
            sheet.put(row, 3, self.say("target_note"), "quiet wrap")
            row += 1
        row += 1
        sheet.put(row, 0, self.say("clauses"), "group")
        for place, clause in enumerate(clauses(self.scenario, option, lang), row + 1):
            sheet.put(place, 0, clause.title, "strong wrap")
            sheet.put(place, 3, clause.text, "wrap")
        return cells

    def _row_note(self, one: Any) -> str:
        if isinstance(one, Reward):
            seen = self.bill.kpis[one.kpi]
            return kpi_text(seen.kpi, self.scenario, self.lang)
        every = getattr(one, "every", "")
        return f"{one.name} · {EVERY_WORDS[every].of(self.lang)}" if every else ""

    def _months(self) -> dict[str, list[CellPlace]]:
        """Fill the sheet of the months and return its cells by figure."""
        grid = _Grid(self.made["months"], self.names, self.lang)
        history = self.scenario.history
        known = history.figures()
        out: dict[str, list[CellPlace]] = {}
        grid.heading(self.say("g_typed"))
        for name in (
            *_NEEDED,
            "refunded_later",
            *(one for one in known if one not in (*_NEEDED, "refunded_later", "fees_paid")),
            "fees_paid",
        ):
            values = history.of(name, self.names)
            money = name in MONEY
            code = self.bill.code if name == "fees_paid" else self.scenario.currency
            out[name] = grid.put(
                f"seen_{name}",
                say(self.lang, f"history.figure_{name}"),
                code if money else "",
                [None if is_none(one) else float(one) for one in values],
                "plain right input",
            )
        grid.heading(self.say("g_fixed"))
        if self.bill.code != self.scenario.currency:
            note = self.say("fx_note", cost=self.bill.code, sales=self.scenario.currency)
            out["fx"] = grid.put(
                "fx", self.say("fx"), "", self.bill.fx.tolist(), "plain right input", note=note
            )
        if self.option.share_over == "baseline" and self.option.baseline_season:
            out["season"] = grid.put(
                "season",
                self.say("season"),
                "",
                self.bill.season.tolist(),
                "plain right input",
                note=self.say("season_note"),
            )
        out["on"] = grid.put(
            "runs",
            self.say("runs"),
            "",
            [float(one) for one in self.bill.running],
            "switch input",
            note=self.say("runs_note"),
        )
        for place, one in enumerate(self.option.extras):
            if one.every == "event":
                fell = self.bill.happened.get(place, ())
                out[f"event_{place}"] = grid.put(
                    f"event_{place}",
                    self.say("event", name=one.name or say(self.lang, "quote.line_extras")),
                    "",
                    [float(name in fell) for name in self.names],
                    "switch input",
                    note=self.say("event_note"),
                )
        for name, seen in self.bill.kpis.items():
            if seen.kpi.metric in (*OPERATIONAL, *STEADY_METRICS):
                out[f"kpi_{name}"] = grid.put(
                    f"counted_{cell_name(name)}",
                    kpi_text(seen.kpi, self.scenario, self.lang),
                    "",
                    [None if is_none(one) else float(one) for one in seen.months],
                    f"{LOOKS[metric_unit(seen.kpi.metric)]} right input",
                    note=self.say("counted_note"),
                )
        return out

    # ---- the statement

    def _statement(self, now: "_Lines", first: "_Lines | None") -> None:
        grid = _Grid(self.made["bill"], self.names, self.lang)
        bill, code = self.bill, self.bill.code
        look = f"pay{bill.digits}"
        title = self.say("title", name=option_name(self.option, self.lang))
        grid.sheet.put(0, 0, title, "title")
        chosen = [float(name in self.settled.chosen) for name in self.names]
        flags = grid.put(
            "chosen",
            self.say("chosen"),
            "",
            chosen,
            "switch input",
            note=self.say("chosen_note"),
        )

        def over(cells: Sequence[CellPlace]) -> Term:
            return self._over(flags, cells)

        rounded: dict[str, list[CellPlace]] = {}
        for name, cells in now.lines.items():
            contents = [self._cents(one) for one in cells]
            row = grid.row
            rounded[name] = grid.put(
                f"line_{name}", say(self.lang, f"quote.line_{name}"), code, contents, look
            )
            grid.sheet.put(row, _FIRST + self.count, or_nothing(over(rounded[name])), look)

        def sums(lines: Mapping[str, Sequence[Term]]) -> list[Term]:
            return [
                or_nothing(self._sum([cells[place] for cells in lines.values()]))
                for place in range(self.count)
            ]

        def row_of(name: str, contents: Sequence[Any], note: str = "", strong: str = "") -> Any:
            at = grid.row
            cells = grid.put(name, self.say(name), code, contents, look, note=note, strong=strong)
            return cells, grid.sheet.put(
                at, _FIRST + self.count, or_nothing(over(cells)), f"{look} {strong}".strip()
            )

        due, whole = row_of("due", sums(rounded), strong="sum")
        if first is not None:
            before = [
                or_nothing(self._sum([self._cents(cells[place]) for cells in first.lines.values()]))
                for place in range(self.count)
            ]
            issued, _ = row_of("issued", before, self.say("issued_note"))
            fix = [
                or_nothing(_rounded(one - other, bill.digits))
                for one, other in zip(due, issued, strict=True)
            ]
            row_of("correction", fix, self.say("correction_note"))
        paid = self.raw["fees_paid"]
        shown = [_rounded(when(is_number(one), one, 0.0), bill.digits) for one in paid]
        _, settled = row_of("paid", shown, self.say("paid_note"))
        at = grid.row
        grid.sheet.put(at, 0, self.say("owed"), "sum")
        grid.sheet.put(at, 1, code, "quiet")
        place = _FIRST + self.count
        grid.sheet.put(at, place, or_nothing(_rounded(whole - settled, bill.digits)), f"{look} sum")
        grid.sheet.put(at, place + 1, self.say("owed_note"), "quiet")
        grid.sheet.name("owed", (at, place))
        grid.sheet.name("due_in_all", (whole.row, place))
        grid.sheet.name("paid_in_all", (settled.row, place))
        grid.row += 2
        grid.sheet.put(grid.row, 0, self.say("file_values", version=MODEL_VERSION), "lead")

    def _cents(self, one: Term) -> Term:
        return or_nothing(_rounded(one, self.bill.digits))

    def _sum(self, cells: Sequence[Term]) -> Term:
        """Return the sum of cells of a column; no figure where one is open."""
        if not cells:
            return term(0.0)
        made: Term = cells[0]
        for one in cells[1:]:
            made = made + one
        return _rounded(made, self.bill.digits)

    def _over(self, flags: Sequence[CellPlace], cells: Sequence[CellPlace]) -> Term:
        """Return the sum of the chosen months of a row; no figure where one of them is open."""
        chosen, values = span(flags), span(cells)
        picked = [
            value for flag, value in zip(chosen.values, values.values, strict=True) if flag == 1.0
        ]
        known = [one for one in picked if isinstance(one, float) and not is_none(one)]
        counted = call(
            "SUMPRODUCT", [same(chosen, 1) * call("ISNUMBER", [values], 1.0)], float(len(known))
        )
        whole = call("SUMIF", [chosen, 1, values], float(sum(known)))
        return when(same(counted, total(chosen)), _rounded(whole, self.bill.digits), no_figure())

    def _notes(self, now: "_Lines") -> None:
        sheet = self.made["notes"]
        sheet.put(0, 0, sheet.title, "title")
        sheet.put(1, 0, say(self.lang, "workbook.notes_lead"), "lead")
        sheet.widths = {0: 90}
        parts = ["note_use", "note_round", "note_runs"]
        if self.bill.code != self.scenario.currency:
            parts.append("note_fx")
        if self.option.share_over == "baseline" and self.option.baseline is None:
            parts.append("note_baseline")
        if now.fixed:
            parts.append("note_fixed")
        if any(one.every == "event" for one in self.option.extras):
            parts.append("note_event")
        names = ("、" if self.lang == "zh" else ", ").join(sorted(now.fixed))
        for row, key in enumerate(parts, 3):
            sheet.put(row, 0, self.say(key, names=names), "wrap")


class _Lines(Counted):
    """The lines of every month as cells: with the refunds that came later, or as first billed."""

    def __init__(self, book: _Book, prefix: str, *, later: bool):
        self.book, self.prefix, self.bill = book, prefix, book.bill
        self.grid = book.workings
        if prefix:
            self.grid.heading(book.say("g_first"))
        self.months = book.count
        self.contract: Any = _Typed(book.option, book.contract)
        self.baseline = book.contract.get("baseline", term(0.0))
        self.fixed: set[str] = set()
        self._cells: dict[str, list[CellPlace]] = {}
        self._windows: dict[tuple[str, bool], CellPlace] = {}
        self._parts: dict[str, list[Term]] = {}
        self._made: list[dict[str, Any]] = []
        self._kpis = {name: one.kpi for name, one in self.bill.kpis.items()}
        self.figures = ActualFigures(self.bill.ledger, self._seen(later=later), self._figure_row)
        self._put_counted()
        if self.bill.kpis:
            self._put_kpis()
        self.lines = self._put_lines()

    # ---- rows

    def name(self, name: str) -> str:
        return f"{self.prefix}{cell_name(name)}"

    def row(
        self,
        name: str,
        label: str,
        contents: Sequence[Any],
        look: str = "plain right",
        unit: str = "",
        note: str = "",
    ) -> list[CellPlace]:
        """Write a row of the workings; what has no figure in a month is a dash."""
        made = [or_nothing(one) if isinstance(one, Term) else one for one in contents]
        self._cells[name] = self.grid.put(self.name(name), label, unit, made, look, note=note)
        return self._cells[name]

    def _figure_row(self, key: str, contents: Sequence[Any], live: bool) -> list[CellPlace]:
        label = plain_name(key, self.book.lang)
        metric, at, _ = key.partition("@")
        if at:
            label = self.book.say("on_basis", name=plain_name(metric, self.book.lang))
        unit = unit_of(metric)
        note = "" if live else self.book.say("value_note")
        if not live and key not in ("operator_fee",):
            self.fixed.add(name_of(key, self.book.lang))
        shown = contents if live else [None if is_none(one) else float(one) for one in contents]
        look = LOOKS.get(unit, "plain") + " right"
        return self.row(
            f"figure_{key}",
            label,
            shown,
            look if live else f"{look} input",
            self.book.scenario.currency if unit == "money" else "",
            note,
        )

    def _seen(self, *, later: bool) -> dict[str, list[Term]]:
        """Return the cells of the series, blank ones as no figure."""
        book, gone = self.book, self.bill.ledger.missing
        out: dict[str, list[Term]] = {}
        for name, cells in book.raw.items():
            lacks = gone.get(name, ())
            out[name] = [
                when(is_number(one), one, no_figure()) if month in lacks else one
                for one, month in zip(cells, book.names, strict=True)
            ]
        if later:
            more = [when(is_number(one), one, 0.0) for one in book.raw["refunded_later"]]
            out["refunds"] = [one + other for one, other in zip(out["refunds"], more, strict=True)]
        return out

    def _put_counted(self) -> None:
        self.grid.heading(self.book.say("g_counted"))
        lang, sales = self.book.lang, self.book.scenario.currency
        option, every = self.book.option, range(1, self.months + 1)
        asked: dict[str, tuple[str, str, bool]] = {
            "basis": (
                basis_key(self.bill.ledger.scenario, option),
                sales,
                bool(option.share_tiers) or any(one.form == "sales" for one in option.rewards),
            ),
            "spend": ("media_spend", sales, bool(option.spend_rate or option.rebate_rate)),
            "orders": ("paid_orders", "", bool(option.order_fee)),
        }
        for name, (key, unit, wanted) in asked.items():
            if wanted:
                cells = [self.figures.month(key, month) for month in every]
                label = self.book.say(f"counted_{name}")
                look = "money right" if unit else "plain right"
                note = plain_name(key.partition("@")[0], lang)
                self.row(f"counted_{name}", label, cells, look, unit, note)

    def _put_kpis(self) -> None:
        book = self.book
        self.grid.heading(book.say("g_kpis"))
        keys = {
            name: key_of(self.bill.ledger.scenario, one.kpi)
            for name, one in self.bill.kpis.items()
            if one.kpi.metric not in (*OPERATIONAL, *STEADY_METRICS)
        }
        if keys and not leading_to(frozenset(keys.values())).isdisjoint({"profit", "operator_fee"}):
            plain = _Plain(self)
            self.figures.fee = plain.fee
        for name, one in self.bill.kpis.items():
            self._put_kpi(name, one, keys.get(name))

    def _put_kpi(self, name: str, one: Seen, key: str | None) -> None:
        book, kpi, every = self.book, one.kpi, range(1, self.months + 1)
        look = f"{LOOKS[metric_unit(kpi.metric)]} right"
        values: Sequence[Any] = (
            book.raw[f"kpi_{name}"]
            if key is None and f"kpi_{name}" in book.raw
            else [self.figures.month(key or "", month) for month in every]
        )
        if key is None:
            values = [when(is_number(cell), cell, no_figure()) for cell in values]
        label = kpi_text(kpi, book.scenario, book.lang)
        value = self.row(f"kpi_{name}", label, values, look)
        goal: Term = book.contract[f"kpi.{name}"]
        added = months_added(kpi)
        each = goal if added == 1 else goal / added
        target = self.row(f"target_{name}", book.say("k_target"), [each] * self.months, look)
        over, at = self._over_window(kpi, key, value), self.grid.row
        last = _FIRST + self.months
        place: CellPlace | None = None
        if over is not None:
            place = self.grid.sheet.put(at - 2, last, or_nothing(over), look)
            self.grid.sheet.put(at - 1, last, goal, look)
        for beyond in self._asked(name):
            met = self.row(
                f"met_{name}_{beyond}",
                book.say("k_beyond" if beyond else "k_met"),
                [
                    self._judged(one, value[month], target[month], month, beyond=beyond)
                    for month in range(self.months)
                ],
                "switch",
            )
            window = self._window_met(one, met, place, goal, beyond=beyond)
            if window is not None:
                self._windows[name, beyond] = self.grid.sheet.put(
                    self.grid.row - 1, last, or_nothing(window), "switch"
                )

    def _asked(self, name: str) -> list[bool]:
        """Return whether met, passed or both are asked for of a KPI."""
        rewards = [one for one in self.book.option.rewards if one.kpi == name]
        return sorted({False, *(one.bound == "above" for one in rewards)})

    def _judged(self, one: Seen, value: Term, target: Term, month: int, *, beyond: bool) -> Term:
        unknown = self.book.names[month] in one.unknown
        return when(
            is_number(value),
            when(_holds(one.kpi, value, target, beyond=beyond), 1.0, 0.0),
            no_figure() if unknown else 0.0,
        )

    def _over_window(self, kpi: Kpi, key: str | None, value: Sequence[Term]) -> Term | None:
        """Return a KPI over its window; None where the window ends after these months."""
        first, last = kpi.months
        if last > self.months:
            return None
        inside = value[first - 1 : last]
        match kpi.window:
            case "month":
                return inside[-1]
            case "every" | "by":
                low = (kpi.window == "every") == (kpi.comparator == "at_least")
                return (smallest if low else largest)(span(inside))
        if key is None:
            if kpi.window == "total" and kpi.metric in ("listing_completion", "listings_live"):
                return inside[-1]
            whole = added(inside)
            adds = kpi.window == "total" and is_added_up(kpi.metric)
            return whole if adds else whole / len(inside)
        pooled = self.figures.over(key, first, last)
        average = kpi.window == "average" and is_added_up(kpi.metric)
        return pooled / len(inside) if average else pooled

    def _window_met(
        self,
        one: Seen,
        met: Sequence[CellPlace],
        value: Term | None,
        goal: Term,
        *,
        beyond: bool,
    ) -> Term | None:
        kpi = one.kpi
        first, last = kpi.months
        if last > self.months:
            return None
        inside = span(met[first - 1 : last])
        numbers = [v for v in inside.values if isinstance(v, float) and not is_none(v)]
        every = same(call("COUNT", [inside], float(len(numbers))), len(inside.values))

        def any_is(wanted: float) -> Term:
            found = float(sum(v == wanted for v in numbers))
            return call("COUNTIF", [inside, wanted], found) > 0

        match kpi.window:
            case "month":
                return met[last - 1] + 0.0
            case "every":
                return when(any_is(0.0), 0.0, when(every, 1.0, no_figure()))
            case "by":
                return when(any_is(1.0), 1.0, when(every, 0.0, no_figure()))
        assert value is not None
        return when(
            is_number(value),
            when(_holds(kpi, value, goal, beyond=beyond), 1.0, 0.0),
            no_figure() if is_open(one, self.book.names, beyond=beyond) else 0.0,
        )

    def _put_lines(self) -> dict[str, list[CellPlace]]:
        """Write the lines of all months, each part of a working in a row before its line."""
        book, every = self.book, range(1, self.months + 1)
        for month in every:
            self._made.append({})
            self._made[-1] = written_lines(self, self._kpis, month)
        self.grid.heading(book.say("g_lines"))
        sales, code = book.scenario.currency, self.bill.code
        for name in ("counted", "so_far"):
            if name in self._parts:
                self.row(name, book.say(f"part_{name}"), self._parts[name], "fine right", sales)
        out: dict[str, list[CellPlace]] = {}
        for name in self._made[0]:
            if name == "total_cap":
                for part in ("due", "paid"):
                    label = book.say(f"part_{part}")
                    self.row(f"part_{part}", label, self._parts[part], "fine right", code)
            label = say(book.lang, f"quote.line_{name}")
            contents = [
                term(lines[name]) if ran else when(same(on, 1), lines[name], 0.0)
                for lines, on, ran in zip(
                    self._made, book.raw["on"], self.bill.running, strict=True
                )
            ]
            out[name] = self.row(f"exact_{name}", label, contents, "fine right", code)
        return out

    # ---- what the lines are counted on

    def figure(self, name: str, month: int) -> Any:
        """Return the cell of a figure of a month."""
        book, place = self.book, month - 1
        if name in ("fx", "season"):
            return book.raw[name][place] if name in book.raw else 1.0
        if name == "on":
            return book.raw["on"][place]
        cells = self._cells.get(f"counted_{name}")
        if cells is None:
            return term(0.0)
        cell = cells[place]
        return when(same(book.raw["on"][place], 1), cell, 0.0) if is_none(cell.value) else cell

    def base(self, month: int) -> Any:
        """Return the base fee of an earlier month."""
        return self._made[month - 1].get("base", term(0.0))

    def met(self, kpi: Kpi, month: int | None, *, beyond: bool) -> Any:
        """Return whether a KPI is met in a month or over its window, by its cell."""
        if month is None or kpi.window == "by":
            cell = self._windows.get((kpi.id, beyond))
        else:
            cell = self._cells[f"met_{kpi.id}_{beyond}"][month - 1]
        if cell is None:
            return False
        return same(when(is_number(cell), cell, no_figure()), 1)

    def gap(self, kpi: Kpi, month: int, *, better: bool) -> Any:
        """Return how much better or worse than its target a KPI stands in a month."""
        value = self._cells[f"kpi_{kpi.id}"][month - 1]
        goal = self._cells[f"target_{kpi.id}"][month - 1]
        up = better == (kpi.comparator == "at_least")
        unknown = self.book.names[month - 1] in self.bill.kpis[kpi.id].unknown
        return when(
            is_number(value),
            value - goal if up else goal - value,
            no_figure() if unknown else 0.0,
        )

    def paid_in(self, kpi: str, month: int) -> Any:
        """Return the month in which an instalment for a KPI falls due."""
        one = self._kpis[kpi]
        last = one.months[1]
        window = self._windows.get((kpi, False))
        if one.window != "by":
            if month != last or window is None:
                return 0.0
            known = when(is_number(window), window, no_figure())
            return when(same(known, 1), float(last), 0.0)
        reached = self._cells[f"met_{kpi}_False"][: min(last, self.months)]
        made: Any = 0.0
        if month == last and window is not None:
            made = when(is_number(window), 0.0, no_figure())
        for place in range(len(reached), 0, -1):
            made = when(same(reached[place - 1], 1), float(place), made)
        return made

    def happened(self, place: int, month: int) -> Any:
        """Return whether an extra fell in a month, by its cell."""
        return same(self.book.raw[f"event_{place}"][month - 1], 1)

    def before(self, name: str, month: int) -> Any:
        """Return what the months before one came to."""
        parts = self._parts[name]
        return parts[month - 2] if name == "so_far" else added(parts[: month - 1])

    def put(self, name: str, month: int, made: Any) -> Any:
        """Keep a part of a working; its row is written before the lines."""
        made = made if isinstance(made, Term) else term(made)
        self._parts.setdefault(name, []).append(made)
        return made


class _Plain(_Lines):
    """The fee that a KPI includes: what the contract comes to in every month without bonuses,
    extras and the total maximum, in the sales currency.
    """

    def __init__(self, of: _Lines):
        self.book, self.prefix, self.bill = of.book, f"{of.prefix}plain_", of.bill
        self.grid, self.months, self.baseline = of.grid, of.months, of.baseline
        self._cells = {name: row for name, row in of._cells.items() if name.startswith("counted_")}
        self._parts, self._made, self._kpis = {}, [], {}
        plain = of.book.option.but(rewards=[], instalments=[], extras=[], total_cap=None)
        self.contract = _Typed(plain, of.book.contract)
        fees = []
        for month in range(1, self.months + 1):
            self._made.append({})
            self._made[-1] = written_lines(self, {}, month)
            fee = sum_of_lines(self._made[-1], (*RUNNING, "floor", "cap"), as_number(term(0.0)))
            fees.append(as_number(fee) / self.figure("fx", month))
        for name in ("counted", "so_far"):
            if name in self._parts:
                label = of.book.say(f"part_{name}")
                sales = of.book.scenario.currency
                self.row(f"plain_{name}", label, self._parts[name], "fine right", sales)
        label, sales = of.book.say("fee_in_kpi"), of.book.scenario.currency
        self.fees = self.row("fee", label, fees, "fine right", sales)

    def figure(self, name: str, month: int) -> Any:
        """Return the cell of a figure of a month; the contract runs in each."""
        return 1.0 if name == "on" else super().figure(name, month)

    def fee(self, month: int) -> Term:
        """Return the fee of a month."""
        return self.fees[month - 1]


def _holds(kpi: Kpi, value: Term, target: Term, *, beyond: bool) -> Term:
    """Return whether a value meets a target, or passes it, within rounding error."""
    hair = absolute(target) * _HAIR
    if kpi.comparator == "at_least":
        return value > target + hair if beyond else value >= target - hair
    return value < target - hair if beyond else value <= target + hair


def _rounded(made: Term, digits: int) -> Term:
    """Return an amount rounded half up to a currency's digits, as `bill.cents` does."""
    value = made.value
    if isinstance(value, str) or is_none(value):
        return call("ROUND", [made, digits], float("nan"))
    inner = call("ROUND", [made, _DUST], round(float(value), _DUST))
    return call("ROUND", [inner, digits], float(cents(float(value), digits) or 0))
