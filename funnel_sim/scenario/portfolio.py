"""A portfolio: a table of store-items, each a base scenario and what differs from it.

A row names its base (a preset, or a scenario that the portfolio holds), tags it with product,
market, platform, category and group, and changes fields by path. Rows are checked as scenarios are,
but a hundred thousand of them cannot each be built: a number at a field that no rule joins with
another is held against the field's domain, all rows at once; a row that changes anything else is
built once for each different set of such changes (docs/decisions/0073-portfolio.md).
"""

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from funnel_sim.errors import InputError, Problem, refuse
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario.budget import BudgetTerms
from funnel_sim.scenario.fields import SMALLEST, Unit, unreadable
from funnel_sim.scenario.moved_ranges import with_numbers
from funnel_sim.scenario.paths import LISTS, may_vary, spec_of
from funnel_sim.scenario.portfolio_loss import LossEvent, check_losses
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.product import paid_per_unit
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import HOME

Numbers = NDArray[np.float64]
TAGS: tuple[str, ...] = ("product", "market", "platform", "category", "group")
"""What totals are told by."""
_OWN_TAGS = ("product", "group")
"""Tags that a base does not have."""
MOST_ROWS = 100_000
_BEYOND = 2**1023
MOST_TOLD = 20
"""Rows with something wrong that a refusal names."""
_JOINED_SECTIONS = frozenset({"conversion", "customers", "cash", "chance", "history", "fx_rate"})
_JOINED_FIELDS = frozenset(
    {
        "payment.bank_rate",
        "commission.commission_cap",
        "commission.commission_minimum",
        "ctr",
        "elasticity",
        "reference_budget",
        "channel_cvr",
        "channel_add_to_cart_rate",
        "channel_checkout_rate",
    }
)
"""Fields that a rule of a section, or of the whole scenario, joins with others."""
_ELASTICITY, _REFERENCE = "conversion.demand_elasticity", "conversion.reference_price"
_ALONE = frozenset({_ELASTICITY, _REFERENCE})
"""Fields of such a section that no rule joins with another."""
_BOUNDED_ABOVE = "conversion.cvr"
"""The one joined field that tables fill row by row: with all else the same, every rule that it is
in holds for a smaller rate if it holds for a larger one.
"""


@dataclass(frozen=True)
class PortfolioRow:
    """One store-item: its name, its base, what differs (values by path, as in a scenario file), and
    its tags; an empty tag is the base's own.

    `place` is where it was read ("rows.3", "items.xlsx:12"), for refusals.
    """

    name: str
    base: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    product: str = ""
    market: str = ""
    platform: str = ""
    category: str = ""
    group: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class RowGroup:
    """Rows that differ in numbers only: one scenario, which rows of the portfolio they are, and
    what each has at the paths that differ, arrays of shape (rows of the group,).
    """

    scenario: Scenario
    rows: NDArray[np.int64]
    given: Mapping[str, Numbers]


@dataclass(frozen=True)
class Portfolio:
    """A table of store-items, checked once it exists.

    `bases` are scenarios by name, beside the presets; `currency` is the one in which totals are
    told; `as_of` the day of presets and of exchange rates between currencies of different rows;
    `budget` what is asked of the ad budget of all rows, in that currency, bounds by rows' names;
    `exact` whether a number of a row is simulated as it is, rather than with its base's range moved
    along with it; `losses` are parts of it that may be lost at once.
    """

    rows: tuple[PortfolioRow, ...]
    as_of: dt.date
    currency: str = HOME
    bases: Mapping[str, Scenario] = field(default_factory=dict)
    budget: BudgetTerms = field(default_factory=BudgetTerms)
    exact: bool = False
    losses: tuple[LossEvent, ...] = ()

    def __post_init__(self) -> None:
        check_losses(self.losses)
        _check_rows(self)
        groups = self.groups
        for group in groups:
            try:
                exchange(group.scenario.currency, self.currency, self.as_of)
            except InputError:
                row = self.rows[int(group.rows[0])]
                raise _refused(
                    row,
                    Problem(
                        "currency",
                        self.currency,
                        "portfolio_currency",
                        {"other": group.scenario.currency},
                    ),
                ) from None

    def base_of(self, row: PortfolioRow) -> Scenario:
        """Return the scenario that a row starts from.

        Args:
            row: one of its rows.

        Raises:
            InputError: if there is none of that name.
        """
        return _base(self.bases, row, self.as_of)

    def scenario_of(self, index: int) -> Scenario:
        """Return a row as the whole scenario that it stands for; a number at a field where its base
        has a range moves that along, as it does on screen (`moved_ranges.with_numbers`),
        unless numbers are `exact`.

        Args:
            index: which row, counted from 0.

        Examples:
            >>> from funnel_sim.reference.provenance import DATA_DATE
            >>> mug = PortfolioRow("Mug", "amazon-de-kitchen", {"product.price": 24.0})
            >>> Portfolio((mug,), DATA_DATE).scenario_of(0).product.price
            LogPert(low=21.047, likely=24.0, high=27.3611, meaning='p80', dist='logpert')
        """
        row = self.rows[index]
        return with_numbers(self.base_of(row), row.changes, exactly=self.exact)

    def with_rows(
        self, rows: Sequence[PortfolioRow], fresh: Sequence[PortfolioRow] = ()
    ) -> "Portfolio":
        """Return the portfolio with other rows, of which only those that are fresh are checked: a
        row is allowed or not by itself, but for its name.

        Args:
            rows: all of them, in order; those that are not fresh are its own.
            fresh: those among them that were not checked yet.

        Raises:
            InputError: as for a whole portfolio: what is wrong with a fresh row, a name that two
                rows have, too many rows or none.

        Examples:
            >>> from funnel_sim.reference.provenance import DATA_DATE
            >>> mug, cup = (PortfolioRow(name, "amazon-de-kitchen") for name in ("Mug", "Cup"))
            >>> Portfolio((mug,), DATA_DATE).with_rows((mug, cup), (cup,)).rows[1].name
            'Cup'
        """
        if not 1 <= len(rows) <= MOST_ROWS:
            raise refuse("rows", len(rows), "portfolio_rows", most=f"{MOST_ROWS:,}")
        for row in fresh:
            replace(self, rows=(row,))  # refuses what is wrong with it
        names = {row.name for row in rows}
        if len(names) < len(rows):
            return replace(self, rows=tuple(rows))  # refuses, and says which
        return self._unchecked(rows=tuple(rows))

    def with_exact(self, exact: bool) -> "Portfolio":
        """Return the same rows, their numbers simulated exactly or with their bases' ranges; what
        is allowed does not depend on it.

        Args:
            exact: whether exactly.

        Examples:
            >>> from funnel_sim.reference.provenance import DATA_DATE
            >>> mug = PortfolioRow("Mug", "amazon-de-kitchen", {"product.price": 24.0})
            >>> Portfolio((mug,), DATA_DATE).with_exact(True).scenario_of(0).product.price
            24.0
        """
        return self._unchecked(exact=exact)

    def with_losses(self, losses: Sequence[LossEvent]) -> "Portfolio":
        """Return the same rows, of which other parts may be lost.

        Args:
            losses: all of them.

        Raises:
            InputError: if one of them is none.
        """
        check_losses(losses)
        return self._unchecked(losses=tuple(losses))

    def _unchecked(self, **changed: object) -> "Portfolio":
        """Return the portfolio with parts changed that are known to be allowed."""
        made = object.__new__(Portfolio)
        made.__dict__.update({one.name: getattr(self, one.name) for one in fields(self)})
        made.__dict__.update(changed)
        return made

    def in_currency(self, code: str) -> "Portfolio":
        """Return the same rows with totals in another currency.

        Args:
            code: ISO code.

        Raises:
            InputError: if a row's currency has no rate to it.
        """
        return replace(self, currency=code)

    def tags(self, name: str) -> list[str]:
        """Return what every row is tagged with: its own word, else that of its base.

        Args:
            name: one of `TAGS`.
        """
        own: dict[str, str] = {}
        out = []
        for row in self.rows:
            word = str(getattr(row, name))
            if not word and name not in _OWN_TAGS:
                if row.base not in own:
                    own[row.base] = str(getattr(self.base_of(row), name))
                word = own[row.base]
            out.append(word)
        return out

    @cached_property
    def numbers(self) -> int:
        """How many numbers its rows state of their own."""
        return sum(is_number(value) for row in self.rows for value in row.changes.values())

    def is_exact(self, index: int, path: str) -> bool:
        """Say whether a row's value in a field is a number that no range is drawn around.

        Args:
            index: which row, counted from 0.
            path: of the field.
        """
        return self.exact and is_number(self.rows[index].changes.get(path))

    @cached_property
    def groups(self) -> tuple[RowGroup, ...]:
        """The rows in groups that one call of the model works out, in the order in which they
        begin.
        """
        return tuple(_grouped(self))


def _base(bases: Mapping[str, Scenario], row: PortfolioRow, on: dt.date) -> Scenario:
    if row.base in bases:
        return bases[row.base]
    if not row.base.strip():
        raise _refused(row, Problem("base", None, "missing"))
    if row.base not in preset_rows():
        every = [*bases, *sorted(preset_rows())]
        known = ", ".join(difflib.get_close_matches(row.base, every, 3) or every[:3])
        raise _refused(row, Problem("base", row.base, "portfolio_base", {"known": known}))
    return preset(row.base, on)


def one_line(text: str) -> str:
    """Return a name or a tag without breaks of line and tabs, which cells of spreadsheets hold.

    Args:
        text: as it was read.

    Examples:
        >>> one_line("Mug" + chr(10) + "blue")
        'Mug blue'
    """
    return re.sub(r"[\r\n\t\v\f]+", " ", text)


def _refused(row: PortfolioRow, *found: Problem) -> InputError:
    """Return what is wrong with a row, its place and its name before each field."""
    where = f"{row.place or 'rows'} ({row.name})" if row.name else row.place or "rows"
    return InputError([replace(one, where=f"{where}: {one.where}") for one in found])


def is_number(value: object) -> bool:
    """Say whether a value is a plain number: no switch, no range, nothing missing, and no whole
    number beyond all floating-point ones, which the row's scenario refuses.
    """
    if isinstance(value, bool):
        return False
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < _BEYOND)


def same_call(base: Scenario, path: str, value: object) -> bool:
    """Say whether rows that differ in a change can be paths of one call of the model: a number, at
    a field that may vary; a field with announced changes cannot, they are relative to what the
    scenario holds.

    Args:
        base: the scenario that is changed.
        path: of the field.
        value: the new value.

    Raises:
        InputError: if there is no such field.
    """
    base.get(path)  # refuses a path that is none
    announced = any(one.field == path for one in base.plan.announced)
    return is_number(value) and may_vary(path) and not announced


def _is_joined(path: str) -> bool:
    """Say whether a rule joins a field with others."""
    section, _, rest = path.partition(".")
    if path in _ALONE:
        return False
    return (
        section in _JOINED_SECTIONS
        or (section in LISTS and section != "channels")
        or path in _JOINED_FIELDS
        or (section == "channels" and rest.rpartition(".")[2] in _JOINED_FIELDS)
    )


def _check_rows(portfolio: Portfolio) -> None:
    """Refuse rows that are no scenarios, or whose names are not their own."""
    rows = portfolio.rows
    if not 1 <= len(rows) <= MOST_ROWS:
        raise refuse("rows", len(rows), "portfolio_rows", most=f"{MOST_ROWS:,}")
    for name in portfolio.bases:
        if mark := unreadable(name):
            raise refuse("bases", name, "unreadable", mark=mark)
    told: list[Problem] = []
    seen: set[str] = set()
    for row in rows:
        texts = (row.name, row.base, row.product, row.market, row.platform, row.category, row.group)
        if not "".join(texts).isprintable():
            told += [
                one
                for part, text in zip(("name", "base", *TAGS), texts, strict=True)
                if (mark := unreadable(text))
                for one in _refused(row, Problem(part, text, "unreadable", {"mark": mark})).problems
            ]
        if not row.name.strip():
            told += _refused(row, Problem("name", None, "missing")).problems
        elif row.name in seen:
            told += _refused(row, Problem("name", row.name, "portfolio_twice")).problems
        seen.add(row.name)
        if len(told) >= MOST_TOLD:
            break
    told += _problems(portfolio)[: max(0, MOST_TOLD - len(told))]
    if told:
        raise InputError(told)


Kind = Literal["free", "joined", "rate"]


def _problems(portfolio: Portfolio) -> list[Problem]:
    """Return what is wrong with the changes of rows, at most about `MOST_TOLD`."""
    told: list[Problem] = []
    free: dict[str, list[tuple[float, int]]] = {}
    built: dict[tuple[str, str], dict[float | None, list[int]]] = {}
    kinds: dict[tuple[str, str], Kind] = {}
    known: dict[str, Scenario] = {}
    for index, row in enumerate(portfolio.rows):
        if len(told) >= MOST_TOLD:
            return told
        try:
            if row.base not in known:
                known[row.base] = portfolio.base_of(row)
            of_row = _kinds(row, known[row.base], kinds)
        except InputError as error:
            told += error.problems
            continue
        joined: dict[str, Any] = {}
        rate: float | None = None
        for (path, value), kind in zip(row.changes.items(), of_row, strict=True):
            if kind == "free":
                free.setdefault(path, []).append((value, index))
            elif kind == "rate":
                rate = float(value)
            else:
                joined[path] = value
        if joined or rate is not None:
            told_key = _told(joined) if joined else ""
            built.setdefault((row.base, told_key), {}).setdefault(rate, []).append(index)
    told += _outside(portfolio, free)
    for by_rate in built.values():
        told += _not_built(portfolio, by_rate)
        if len(told) >= MOST_TOLD:
            break
    return told


def _kinds(row: PortfolioRow, base: Scenario, known: dict[tuple[str, str], Kind]) -> list[Kind]:
    """Return how each change of a row is checked; what is a number is checked by its field's kind,
    which does not depend on the row and is kept in `known`.
    """
    out: list[Kind] = []
    for path, value in row.changes.items():
        key = (row.base, path)
        if key not in known:
            try:
                known[key] = _kind(base, path)
            except InputError as error:
                raise _refused(row, *error.problems) from None
        out.append(known[key] if is_number(value) else "joined")
    return out


def _kind(base: Scenario, path: str) -> Kind:
    """Say how a number at a path is checked: alone, with all of its row, or as the rate that the
    rows of one kind may differ in.
    """
    now = base.get(path)
    if path == _BOUNDED_ABOVE and now is not None:
        return "rate"
    return "joined" if not may_vary(path) or _is_joined(path) else "free"


def _told(value: object) -> str:
    """Return a value as a text that equal values share."""
    return json.dumps(value, sort_keys=True, default=str)


def _outside(portfolio: Portfolio, free: Mapping[str, list[tuple[float, int]]]) -> list[Problem]:
    """Return the numbers that lie outside the domain of their field."""
    told: list[Problem] = []
    for path, pairs in free.items():
        spec = spec_of(path)
        assert spec is not None, path
        values = np.array([float(value) for value, _ in pairs])
        low, high = spec.domain
        fine = (values >= low) & (values <= high)
        fine &= (values == 0) | (np.abs(values) >= spec.smallest)
        for place in np.flatnonzero(~fine):
            value, index = pairs[int(place)]
            row = portfolio.rows[index]
            try:
                spec.check(float(value))
                if not np.isfinite(value):
                    raise PydanticCustomError("finite", "not finite", {})
            except PydanticCustomError as error:
                context = dict(error.context or {})
                context.pop("shown", None)
                problem = Problem(path, value, error.type, context, spec.label)
                told += _refused(row, problem).problems
            if len(told) >= MOST_TOLD:
                return told
    return told


def _not_built(portfolio: Portfolio, by_rate: Mapping[float | None, list[int]]) -> list[Problem]:
    """Return what is wrong with rows that differ at most in the conversion rate, of the fields that
    rules join.
    """
    told: list[Problem] = []
    whole = False
    # without a rate first, then from the largest down: below one that holds all others do
    for rate in sorted(by_rate, key=lambda one: -np.inf if one is None else -one):
        if whole and rate is not None and _inside(rate):
            continue
        for index in by_rate[rate]:
            found = _wrong(portfolio, index)
            told += found
            whole = whole or (rate is not None and not found)
            if not found or len(told) >= MOST_TOLD:  # rows of one rate differ in nothing here
                break
        if len(told) >= MOST_TOLD:
            break
    return told


def _inside(rate: float) -> bool:
    spec = spec_of(_BOUNDED_ABOVE)
    return spec is not None and bool(np.isfinite(rate)) and spec.holds(rate)


def _wrong(portfolio: Portfolio, index: int) -> list[Problem]:
    """Return what is wrong with a row, read as a whole scenario."""
    row = portfolio.rows[index]
    base = portfolio.base_of(row)
    try:
        for name in ("currency", "cost_currency"):
            new = row.changes.get(name, getattr(base, name))
            if new != getattr(base, name) and "fx_rate" not in row.changes:
                raise refuse(name, new, "fx_with_currency")
        base.replace(row.changes)
    except InputError as error:
        return list(_refused(row, *error.problems).problems)
    return []


def _grouped(portfolio: Portfolio) -> Iterator[RowGroup]:
    """Yield the rows by base and by what differs in structure."""
    kinds: dict[tuple[str, str], tuple[bool, bool]] = {}
    parts: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
    for index, row in enumerate(portfolio.rows):
        structure: list[tuple[str, str]] = []
        for path, value in row.changes.items():
            key = (row.base, path)
            if key not in kinds:
                base = portfolio.base_of(row)
                kinds[key] = same_call(base, path, 0.0), base.get(path) is None
            together, empty = kinds[key]
            at_banks = path == _RATE and _at_the_banks(portfolio.base_of(row), row)
            if at_banks or not (together and is_number(value)):
                structure.append((path, _told(value)))
            elif empty:
                structure.append((path, _FILLED))
        parts.setdefault((row.base, tuple(sorted(structure))), []).append(index)
    for (_, structure_of), indices in parts.items():
        yield _group(portfolio, indices, dict(structure_of))


_RATE, _BANKS = "fx_rate", "payment.bank_rate"


def _at_the_banks(base: Scenario, row: PortfolioRow) -> bool:
    """Say whether a row's bank converts at a rate of its own: what it loses is then measured
    against the exchange rate as the scenario has it, so that this is one of structure.
    """
    return row.changes.get(_BANKS, base.payment.bank_rate) is not None


_FILLED = "a number"
"""Stands in a group's key for a number at a field that the base leaves empty."""


def _group(portfolio: Portfolio, indices: Sequence[int], structure: Mapping[str, str]) -> RowGroup:
    first = portfolio.rows[indices[0]]
    base = scenario = portfolio.base_of(first)
    if structure:  # with all that the first row changes: a part of it may be no scenario
        scenario = with_numbers(base, first.changes)
    some = [portfolio.rows[index].changes for index in indices]
    paths = dict.fromkeys(path for changes in some for path in changes)
    given = {}
    for path in sorted(one for one in paths if structure.get(one, _FILLED) == _FILLED):
        now = base.get(path)
        own = np.nan if now is None else float(point_value(now))  # where empty, every row has one
        given[path] = np.array([changes.get(path, own) for changes in some], dtype=np.float64)
    if _begins_to_answer(base, scenario, given):
        typed = [_REFERENCE in changes for changes in some]
        given |= _references([portfolio.rows[n] for n in indices], scenario, given, typed)
    return RowGroup(scenario, np.array(indices, dtype=np.int64), given)


def _begins_to_answer(base: Scenario, scenario: Scenario, given: Mapping[str, Numbers]) -> bool:
    """Say whether orders of some rows begin to answer to the price: the reference price of each is
    then what it is sold at itself, as in the scenario that the row stands for.
    """
    answers = scenario.conversion.answers_to_price or bool(np.any(given.get(_ELASTICITY, 0.0)))
    return answers and base.conversion.reference_price is None


def _references(
    rows: Sequence[PortfolioRow],
    scenario: Scenario,
    given: Mapping[str, Numbers],
    typed: Sequence[bool],
) -> dict[str, Numbers]:
    """Return what a unit is sold at in each row, where a row types no reference price itself."""
    names = ("price", "discount_rate", "voucher", "shipping_charged", "units_per_order")
    now = [
        given.get(f"product.{name}", np.array(point_value(getattr(scenario.product, name))))
        for name in names
    ]
    paid = np.where(typed, given.get(_REFERENCE, np.nan), paid_per_unit(*now))
    answers = given.get(_ELASTICITY, 1.0) != 0
    for place in np.flatnonzero(answers & (paid < SMALLEST[Unit.MONEY])):
        raise _refused(rows[int(place)], Problem(_REFERENCE, None, "reference_price_missing"))
    return {_REFERENCE: np.where(paid > 0, paid, 1.0)}  # of rows that do not answer, not read
