"""The lines of a bill as rows of cells: what they are counted on, the KPIs, each part of a working,
then line by line, by the contract's own functions (decisions/review/written_bill.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_UP
from typing import Any

from funnel_sim.decisions.kpi.measured import is_added_up, key_of, months_added
from funnel_sim.decisions.quote.contract import RUNNING, sum_of_lines
from funnel_sim.decisions.quote.store_alone import basis_key
from funnel_sim.decisions.review.bill import Bill, cents
from funnel_sim.decisions.review.kpis_seen import Seen, is_open
from funnel_sim.decisions.review.rounding import UNDER_TOTAL, in_cents
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
    when,
)
from funnel_sim.output.words.figure_names import name_of, plain_name, unit_of
from funnel_sim.output.words.kpi import kpi_text, metric_unit
from funnel_sim.output.workbook.actual_figures import ActualFigures, added
from funnel_sim.output.workbook.cells import CellPlace, Sheet, or_nothing, span
from funnel_sim.output.workbook.cells import plain_name as cell_name
from funnel_sim.output.workbook.model_book import LOOKS
from funnel_sim.scenario.kpi_metrics import NEVER_BELOW_ZERO, OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

FIRST = 2
_HAIR = 1e-9
_DUST = 9


@dataclass
class MonthsGrid:
    """A sheet with one column a month, then what they come to and a note."""

    sheet: Sheet
    months: Sequence[str]
    lang: Lang
    row: int = 3

    def __post_init__(self) -> None:
        sheet, last = self.sheet, FIRST + len(self.months)
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
        sheet.widths = {0: 44, 1: 10, **dict.fromkeys(range(FIRST, last + 1), 14), last + 1: 90}

    def heading(self, text: str) -> None:
        """Begin a group of rows."""
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
            sheet.put(row, FIRST + place, content, f"{look} {strong}".strip())
            for place, content in enumerate(contents)
        ]
        last = FIRST + len(self.months)
        if not isinstance(whole, str) or whole:
            sheet.put(row, last, whole, f"{look} {strong}".strip())
        if note:
            sheet.put(row, last + 1, note, "quiet")
        if name:
            sheet.name(name, (row, FIRST), (row, last - 1))
        self.row += 1
        return cells


class TypedContract:
    """A contract, or a row of one, with the cells in which its numbers are typed in their place."""

    def __init__(self, item: Any, cells: Mapping[str, CellPlace], path: str = ""):
        self._item, self._cells, self._path = item, cells, path

    def __getattr__(self, name: str) -> Any:
        """Return the cell of a number, the rows of a list, else what is there."""
        value, path = getattr(self._item, name), f"{self._path}{name}"
        if isinstance(value, list):
            return [
                TypedContract(one, self._cells, f"{path}.{place}.")
                for place, one in enumerate(value)
            ]
        return self._cells.get(path, value)


@dataclass(frozen=True)
class BillInputs:
    """What the lines of a bill are written from: the bill and its scenario, the cells of the
    contract by path and of the months by figure, and the sheet that they go to.
    """

    bill: Bill
    scenario: Scenario
    lang: Lang
    contract: Mapping[str, CellPlace]
    raw: Mapping[str, list[CellPlace]]
    workings: MonthsGrid

    @property
    def option(self) -> Option:
        """The contract."""
        return self.bill.option

    @property
    def names(self) -> tuple[str, ...]:
        """The months."""
        return self.bill.months

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.bill.months)

    def say(self, key: str, **parts: Any) -> str:
        """Return a sentence of the workbook."""
        return say(self.lang, f"settlement.{key}", **parts)


class BillLines(Counted):
    """The lines of every month as cells: with the refunds that came later, or as first billed."""

    def __init__(self, book: BillInputs, prefix: str, *, later: bool):
        self.book, self.prefix, self.bill = book, prefix, book.bill
        self.grid = book.workings
        if prefix:
            self.grid.heading(book.say("g_first"))
        self.months = book.count
        self.contract: Any = TypedContract(book.option, book.contract)
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
        """Return the name of a row's cells."""
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
        last = FIRST + self.months
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
            window = self._window_met(one, met, value, place, goal, beyond=beyond)
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
        months: Sequence[CellPlace],
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
        if kpi.metric in NEVER_BELOW_ZERO:  # the months that are known may settle it already
            cells = span(months[first - 1 : last])
            known = [v for v in cells.values if isinstance(v, float) and not is_none(v)]
            least = call("SUM", [cells], float(sum(known)))
            if kpi.window == "average":
                least = least / (last - first + 1)
            sure = _holds(kpi, least, goal, beyond=beyond)
            least_met = kpi.comparator == "at_least"
            return when(
                same(call("COUNT", [cells], float(len(known))), len(cells.values)),
                when(_holds(kpi, value, goal, beyond=beyond), 1.0, 0.0),
                when(sure, 1.0, no_figure()) if least_met else when(sure, no_figure(), 0.0),
            )
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


class _Plain(BillLines):
    """The fee that a KPI includes: what the contract comes to in every month without bonuses,
    extras and the total maximum, in the sales currency.
    """

    def __init__(self, of: BillLines):
        self.book, self.prefix, self.bill = of.book, f"{of.prefix}plain_", of.bill
        self.grid, self.months, self.baseline = of.grid, of.months, of.baseline
        self._cells = {name: row for name, row in of._cells.items() if name.startswith("counted_")}
        self._parts, self._made, self._kpis = {}, [], {}
        plain = of.book.option.but(rewards=[], instalments=[], extras=[], total_cap=None)
        self.contract = TypedContract(plain, of.book.contract)
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


def rounded(made: Term, digits: int) -> Term:
    """Return an amount rounded half up to a currency's digits, as `bill.cents` does."""
    value = made.value
    if isinstance(value, str) or is_none(value):
        return call("ROUND", [made, digits], float("nan"))
    inner = call("ROUND", [made, _DUST], round(float(value), _DUST))
    return call("ROUND", [inner, digits], float(cents(float(value), digits) or 0))


def rounded_up(made: Term, digits: int) -> Term:
    """Return an amount rounded away from zero to a currency's digits."""
    value = made.value
    if isinstance(value, str) or is_none(value):
        return call("ROUNDUP", [made, digits], float("nan"))
    inner = call("ROUND", [made, _DUST], round(float(value), _DUST))
    whole = cents(float(value), digits, ROUND_UP)
    return call("ROUNDUP", [inner, digits], float(whole or 0))


def put_rounded(
    lines: BillLines, grid: MonthsGrid, name: str, look: str, done: Mapping[str, list[CellPlace]]
) -> list[Term]:
    """Return a line of all months in whole cents, as the bill rounds it (decisions/review/
    rounding.py); each month stands in its cell of a row, for the next to look back.

    Args:
        lines: the exact lines.
        grid: the sheet that they are put on, in its next row.
        name: which line.
        look: how a cell looks.
        done: the lines before it, in whole cents.
    """
    book, digits = lines.book, lines.bill.digits
    made: list[Term] = []
    cells: list[CellPlace] = []
    for place, exact in enumerate(lines.lines[name]):
        here: dict[str, Any] = {one: row_[place] for one, row_ in done.items()}
        paid: Any = 0.0
        if name == "total_cap" and place:
            under = [row_[:place] for one, row_ in done.items() if one in UNDER_TOTAL]
            for one in [*under, cells]:
                paid = paid + added(one)
        content: Any = in_cents(
            as_number(lines.contract),
            name,
            here,
            as_number(exact),
            float(place + 1),
            as_number(paid),
            lambda value: as_number(rounded(term(value), digits)),
            lambda value: as_number(rounded_up(term(value), digits)),
        )
        if name in ("floor", "cap", "penalty", "total_cap"):
            content = when(
                same(book.raw["on"][place], 1),
                when(is_number(exact), term(content), no_figure()),
                0.0,
            )
        made.append(or_nothing(term(content)))
        cells.append(grid.sheet.put(grid.row, FIRST + place, made[-1], look))
    return made
