"""A bill for actual months as a workbook of live formulas: the months and the contract are typed
cells, the lines follow from them by the contract's own functions (written_bill.py), each rounded
half up to the cent. What no formula holds is a typed value, and the last sheet says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from funnel_sim.decisions.review.settlement import Dispute, Settlement, settled
from funnel_sim.model.written import (
    Term,
    call,
    is_none,
    is_number,
    no_figure,
    same,
    term,
    total,
    when,
)
from funnel_sim.output.words.clauses import clauses
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.kpi import kpi_text, metric_unit
from funnel_sim.output.words.settlement import rate_sentence
from funnel_sim.output.workbook.bill_lines import (
    FIRST,
    BillInputs,
    BillLines,
    MonthsGrid,
    put_rounded,
    rounded,
)
from funnel_sim.output.workbook.cells import CellPlace, Sheet, or_nothing, span
from funnel_sim.output.workbook.cells import plain_name as cell_name
from funnel_sim.output.workbook.model_book import LOOKS
from funnel_sim.output.workbook.xlsx_file import written
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.kpi_metrics import OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quote_rows import EVERY_WORDS, Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.words import Lang, say

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


def settlement_workbook(
    found: Settlement, scenario: Scenario, lang: Lang, dispute: Dispute | None = None
) -> bytes:
    """Return a settlement as an XLSX file: the statement, the months, the contract, how each line
    comes about, and what is typed because no formula holds it.

    Args:
        found: what is settled.
        scenario: the store and its KPIs.
        lang: language of the file.
        dispute: the other side's amount beside ours; None where none was named.
    """
    return written(scenario, settlement_sheets(found, scenario, lang, dispute), lang)


def settlement_sheets(
    found: Settlement, scenario: Scenario, lang: Lang, dispute: Dispute | None = None
) -> list[Sheet]:
    """Return the sheets of a settlement before they are written."""
    return _Book(found, scenario, lang, dispute).sheets()


class _Book:
    """The workbook of one settlement."""

    def __init__(
        self, found: Settlement, scenario: Scenario, lang: Lang, dispute: Dispute | None = None
    ):
        self.dispute = dispute
        self.settled, self.bill, self.scenario, self.lang = found, found.bill, scenario, lang
        self.names = self.bill.months
        self.count = len(self.names)
        self.made = {key: Sheet(key, say(lang, f"settlement.sheet_{key}")) for key in SHEETS}
        self.option: Option = self.bill.option
        self.contract = self._contract()
        self.raw = self._months()
        self.workings = MonthsGrid(self.made["workings"], self.names, lang)

    def sheets(self) -> list[Sheet]:
        """Return the sheets, filled."""
        later = any(value != 0 for value in self._values("refunded_later"))
        inputs = BillInputs(
            self.bill, self.scenario, self.lang, self.contract, self.raw, self.workings
        )
        now = BillLines(inputs, "", later=later)
        first = BillLines(inputs, "first_", later=False) if later else None
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
        grid = MonthsGrid(self.made["months"], self.names, self.lang)
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
            note = ""
            if name == "refunds":  # what is net already has nothing more to take off
                net = [one for one in self.names if one in history.after_refunds]
                values = [
                    0.0 if is_none(one) and month in net else one
                    for one, month in zip(values, self.names, strict=True)
                ]
                note = self.say("after_refunds", months=listed(net, self.lang)) if net else ""
            money = name in MONEY
            code = self.bill.code if name == "fees_paid" else self.scenario.currency
            out[name] = grid.put(
                f"seen_{name}",
                say(self.lang, f"history.figure_{name}"),
                code if money else "",
                [None if is_none(one) else float(one) for one in values],
                "plain right input",
                note=note,
            )
        grid.heading(self.say("g_fixed"))
        if self.bill.code != self.scenario.currency:
            note = " ".join(
                (
                    rate_sentence(settled(self.bill), self.scenario, self.lang),
                    self.say("fx_note", cost=self.bill.code, sales=self.scenario.currency),
                )
            )
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

    def _statement(self, now: "BillLines", first: "BillLines | None") -> None:
        grid = MonthsGrid(self.made["bill"], self.names, self.lang)
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

        shown_lines: dict[str, list[CellPlace]] = {}
        for name in now.lines:
            contents = put_rounded(now, grid, name, look, shown_lines)
            row = grid.row
            shown_lines[name] = grid.put(
                f"line_{name}", say(self.lang, f"quote.line_{name}"), code, contents, look
            )
            grid.sheet.put(row, FIRST + self.count, or_nothing(over(shown_lines[name])), look)

        def sums(lines: Mapping[str, Sequence[Term]]) -> list[Term]:
            return [
                or_nothing(self._sum([cells[place] for cells in lines.values()]))
                for place in range(self.count)
            ]

        def row_of(name: str, contents: Sequence[Any], note: str = "", strong: str = "") -> Any:
            at = grid.row
            cells = grid.put(name, self.say(name), code, contents, look, note=note, strong=strong)
            return cells, grid.sheet.put(
                at, FIRST + self.count, or_nothing(over(cells)), f"{look} {strong}".strip()
            )

        due, whole = row_of("due", sums(shown_lines), strong="sum")
        if first is not None:
            issued_lines: dict[str, list[CellPlace]] = {}
            for name in first.lines:
                contents = put_rounded(first, first.grid, name, look, issued_lines)
                label = say(self.lang, f"quote.line_{name}")
                issued_lines[name] = first.row(f"cents_{name}", label, contents, look, code)
            before = sums(issued_lines)
            issued, _ = row_of("issued", before, self.say("issued_note"))
            fix = [
                or_nothing(rounded(one - other, bill.digits))
                for one, other in zip(due, issued, strict=True)
            ]
            row_of("correction", fix, self.say("correction_note"))
        paid = self.raw["fees_paid"]
        shown = [rounded(when(is_number(one), one, 0.0), bill.digits) for one in paid]
        _, settled = row_of("paid", shown, self.say("paid_note"))
        at = grid.row
        grid.sheet.put(at, 0, self.say("owed"), "sum")
        grid.sheet.put(at, 1, code, "quiet")
        place = FIRST + self.count
        grid.sheet.put(at, place, or_nothing(rounded(whole - settled, bill.digits)), f"{look} sum")
        grid.sheet.put(at, place + 1, self.say("owed_note"), "quiet")
        grid.sheet.name("owed", (at, place))
        grid.sheet.name("due_in_all", (whole.row, place))
        grid.sheet.name("paid_in_all", (settled.row, place))
        if self.dispute is not None:
            for told, amount in (
                ("doc_ours", self.dispute.ours),
                ("doc_theirs", self.dispute.theirs),
                ("doc_difference", self.dispute.difference),
            ):
                grid.row += 1
                grid.sheet.put(grid.row, 0, self.say(told))
                grid.sheet.put(grid.row, 1, code, "quiet")
                grid.sheet.put(grid.row, place, float(amount), look)
        grid.row += 2
        grid.sheet.put(grid.row, 0, self.say("file_values", version=MODEL_VERSION), "lead")

    def _sum(self, cells: Sequence[Term]) -> Term:
        """Return the sum of cells of a column; no figure where one is open."""
        if not cells:
            return term(0.0)
        made: Term = cells[0]
        for one in cells[1:]:
            made = made + one
        return rounded(made, self.bill.digits)

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
        return when(same(counted, total(chosen)), rounded(whole, self.bill.digits), no_figure())

    def _notes(self, now: "BillLines") -> None:
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
