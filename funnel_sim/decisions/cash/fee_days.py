"""On which day each fee of a contract is paid, in every future (docs/contracts.md, "When it is
paid").

Days count from the first day of month 1, which is day 0 and the day of signing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.decisions.quote.base_periods import base_of_month, base_periods
from funnel_sim.decisions.quote.contract import (
    OUTSIDE,
    STAYED,
    Duration,
    sum_of_lines,
)
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.quotes import Option

_AT_SIGNING = ("once", "year")
"""Extra fees that are due on the first day of their month; the others with the month's bill."""


@dataclass(frozen=True)
class DatedFee:
    """What is paid on a day in every future, shape (paths,) [currency of the contract]; below zero
    where money comes back. `line` is "setup", "base", "results", "instalments", "extras", "refund",
    "deposit" or "deposit_back".
    """

    line: str
    day: int
    amount: Array


def dated_fees(
    option: Option, lines: Mapping[str, Array], life: Duration, starts: Sequence[int]
) -> list[DatedFee]:
    """Return every payment of a contract with its day; over a contract that has ended they add up
    to its bill.

    Args:
        option: the terms of the contract.
        lines: its bill (`decisions.quote.contract.bill`), shape (months, paths).
        life: how long it lasts.
        starts: the day on which each month begins, and one more for the day after the last; with
            the months after the plan that a period of the base reaches into.

    Returns:
        Payments, earliest first; tax that is not recovered goes with the fee that it is on.

    Examples:
        >>> import numpy as np
        >>> one = Option(id="a", base=100.0, setup=50.0, term=2)
        >>> life = Duration(np.ones((2, 1), bool), *(np.array([n]) for n in (2, 0, 0)))
        >>> lines = {"setup": np.array([[50.0], [0.0]]), "base": np.full((2, 1), 100.0)}
        >>> [(fee.line, fee.day) for fee in dated_fees(one, lines, life, [0, 31, 59])]
        [('base', 0), ('setup', 0), ('base', 31)]
    """
    made = _FeeDays(option, lines, life, starts)
    every = [*made.setup(), *made.base(), *made.dated(), *made.results(), *made.deposit()]
    return sorted((one for one in every if one.amount.any()), key=lambda one: (one.day, one.line))


class _FeeDays:
    """The payments of one contract while they are laid out."""

    def __init__(
        self, option: Option, lines: Mapping[str, Array], life: Duration, starts: Sequence[int]
    ):
        self.option, self.lines, self.life, self.starts = option, lines, life, starts
        self.months, self.paths = life.running.shape
        self.zero = np.zeros(life.running.shape)
        self.taxed = 1.0 + option.fee_tax

    def _last_day(self, month: int) -> int:
        """Return the last day of a month of the plan, counted from 1."""
        return self.starts[month] - 1

    def setup(self) -> Iterator[DatedFee]:
        """Yield the setup fee, counted from signing."""
        if "setup" in self.lines:
            yield DatedFee("setup", self.option.due_setup_days, self.lines["setup"][0] * self.taxed)

    def base(self) -> Iterator[DatedFee]:
        """Yield the monthly base by periods, and what was paid for months that are not served."""
        if "base" not in self.lines:
            return
        option, running, last = self.option, self.life.running, self.life.last
        ended = self.life.why != STAYED
        for first, length in base_periods(option, self.months):
            inside = range(first, min(first + length, self.months + 1))
            if option.due_base == "arrears":
                for month in inside:  # where the engagement ends, billed with its last month
                    yield self._in_arrears(first, month, month, (last == month) & ended)
                month, closes = inside[-1], running[inside[-1] - 1]
                goes_on = closes & ~((last == month) & ended)
                if goes_on.any():
                    yield self._in_arrears(first, month, first + length - 1, goes_on)
                continue
            ahead = sum(base_of_month(option, month) for month in range(first, first + length))
            before = option.due_base_days if option.due_base == "advance" else 0
            yield DatedFee(
                "base",
                self.starts[first - 1] - before,
                np.where(running[first - 1], ahead, 0.0) * self.taxed,
            )
            for month in inside:
                later = sum(base_of_month(option, one) for one in range(month + 1, first + length))
                if later:
                    yield DatedFee(
                        "refund",
                        self._last_day(month) + option.due_refund_days,
                        -np.where((last == month) & ended, later, 0.0) * self.taxed,
                    )

    def _in_arrears(self, first: int, month: int, ends: int, billed: NDArray[np.bool_]) -> DatedFee:
        """Return the base that was served from a period's first month until `month`, due after the
        end of month `ends`, on the paths on which it is billed then.
        """
        served = self.lines["base"][first - 1 : month].sum(axis=0)
        return DatedFee(
            "base",
            self._last_day(ends) + self.option.due_base_days,
            np.where(billed, served, 0.0) * self.taxed,
        )

    def _by_date(self) -> tuple[Array, Array]:
        """Return instalments and extra fees that are due on the first day of their month, shape
        (months, paths).
        """
        running = self.life.running
        instalments, extras = np.zeros(running.shape), np.zeros(running.shape)
        for one in self.option.instalments:
            if one.month is not None and one.month <= self.months:
                instalments[one.month - 1] += one.amount * running[one.month - 1]
        for extra in self.option.extras:
            if extra.every in _AT_SIGNING:
                step = self.months if extra.every == "once" else 12
                for month in range(0, self.months, step):
                    extras[month] += extra.amount * running[month]
        return instalments, extras

    def dated(self) -> Iterator[DatedFee]:
        """Yield instalments by date, and extra fees at signing and once a year."""
        for name, amounts in zip(("instalments", "extras"), self._by_date(), strict=True):
            for month in range(self.months):
                yield DatedFee(name, self.starts[month], amounts[month] * self.taxed)

    def results(self) -> Iterator[DatedFee]:
        """Yield the rest of each month's bill, settled after the month: shares, bonuses, penalties,
        costs billed on, the early-exit penalty.
        """
        names = [name for name in self.lines if name not in ("setup", "base", "tax")]
        within = [name for name in names if name not in OUTSIDE]
        rest = sum_of_lines(self.lines, within, self.zero) - sum(self._by_date())
        outside = sum_of_lines(self.lines, OUTSIDE, self.zero)
        for month in range(self.months):
            yield DatedFee(
                "results",
                self._last_day(month + 1) + self.option.due_results_days,
                rest[month] * self.taxed + outside[month],
            )

    def deposit(self) -> Iterator[DatedFee]:
        """Yield the deposit, and its return where the engagement ends within the plan."""
        if not self.option.deposit:
            return
        yield DatedFee("deposit", 0, np.full(self.paths, self.option.deposit))
        ended = self.life.why != STAYED
        for month in range(1, self.months + 1):
            yield DatedFee(
                "deposit_back",
                self._last_day(month) + self.option.deposit_days,
                -np.where((self.life.last == month) & ended, self.option.deposit, 0.0),
            )
