"""The totals of a portfolio as formulas over the sheet of its rows: sums by what rows are tagged
with, and margins as summed profit over summed net revenue.

A word that SUMIFS takes for another one (it does not tell "a" from "A", reads "*" as anything and
"01" as 1) is summed by EXACT.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from funnel_sim.decisions.portfolio.products import Products, Total
from funnel_sim.output.words.formats import NOTHING
from funnel_sim.output.words.portfolio_results import known
from funnel_sim.output.workbook.cells import cell, quoted

FIGURES = ("rows", "losing", "orders", "profit", "margin", "lost", "net")
"""The columns of the totals, those of the screen and then net revenue, from the fourth on."""
TotalLine = Mapping[str, tuple[str, float | str]]
"""Of each figure its formula, and what it comes to."""
_FIRST = 3
_CELLS = 2_000_000
"""Cells that the formulas of a tag's figure may look at: with more rows fewer words are named, so
that a spreadsheet still works them out in seconds.
"""
_FEWEST, _MOST = 20, 200
_PLAIN = re.compile(r"(?=.*[^\W\d_])[^*?~<>=\"]+")
_NO_LOSS = 0.005
_LONGEST = 200
"""Letters of a word that a criterion may have; 255 are too many for a spreadsheet."""


class LiveTotals:
    """Formulas over the rows of a portfolio.

    Args:
        found: what the rows bring.
        names: the columns of the sheet of rows, in their order.
        sheet: its title.
    """

    def __init__(self, found: Products, names: Sequence[str], sheet: str):
        self.found, self.names, self.sheet = found, list(names), sheet
        self.last = len(found.portfolio.rows)

    def range(self, name: str) -> str:
        """Return the cells of a column of the rows.

        Args:
            name: of the column.
        """
        column = self.names.index(name)
        first, last = (
            re.sub(r"(\D+)(\d+)", r"$\1$\2", cell(row, column)) for row in (1, self.last)
        )
        return f"{quoted(self.sheet)}!{first}:{last}"

    def whole(self) -> TotalLine:
        """Return the totals of all rows."""
        profit = self.range("profit_shown")
        return self._line(
            self.found.total,
            f"=ROWS({profit})",
            f'=COUNTIF({profit},"<"&-{_NO_LOSS})',
            f"=SUM({self.range('orders')})",
            f"=SUM({profit})",
            f"=SUM({self.range('net_shown')})",
            f'=SUMIF({profit},"<"&-{_NO_LOSS})',
            2,
        )

    def words(self, tag: str) -> tuple[list[Total], int]:
        """Return the words of a tag that have lines of their own, the least profit first, and how
        many others there are.

        Args:
            tag: one of `TAGS`.
        """
        every = list(self.found.by_tag[tag])
        most = max(_FEWEST, min(_MOST, _CELLS // self.last))
        if len(every) <= most:
            return every, 0
        half = most // 2
        return [*every[:half], *every[-half:]], len(every) - 2 * half

    def of_word(self, tag: str, one: Total, line: int) -> TotalLine:
        """Return the totals of a word.

        Args:
            tag: one of `TAGS`.
            one: what they come to.
            line: of the totals, counted from 0; the word stands in its third column.
        """
        mine, profit, orders = self.range(tag), self.range("profit_shown"), self.range("orders")
        net, word, loss = self.range("net_shown"), f"$C${line + 1}", f'"<"&-{_NO_LOSS}'
        if not one.name or self._plain(tag, one.name):
            is_word = word if one.name else '"="'
            return self._line(
                one,
                f"=COUNTIFS({mine},{is_word})",
                f"=COUNTIFS({mine},{is_word},{profit},{loss})",
                f"=SUMIFS({orders},{mine},{is_word})",
                f"=SUMIFS({profit},{mine},{is_word})",
                f"=SUMIFS({net},{mine},{is_word})",
                f"=SUMIFS({profit},{mine},{is_word},{profit},{loss})",
                line + 1,
            )
        same, loses = f"--EXACT({mine},{word})", f"--({profit}<-{_NO_LOSS})"
        return self._line(
            one,
            f"=SUMPRODUCT({same})",
            f"=SUMPRODUCT({same},{loses})",
            f"=SUMPRODUCT({same},{orders})",
            f"=SUMPRODUCT({same},{profit})",
            f"=SUMPRODUCT({same},{net})",
            f"=SUMPRODUCT({same},{loses},{profit})",
            line + 1,
        )

    def rest(self, tag: str, first: int, last: int, shown: Sequence[Total]) -> TotalLine:
        """Return the totals of all other words: those of all rows less those of the lines above.

        Args:
            tag: one of `TAGS`.
            first: line of its first word, counted from 0.
            last: that of its last.
            shown: the words of these lines.
        """
        seen = {one.name for one in shown}
        others = [one for one in self.found.by_tag[tag] if one.name not in seen]
        sums = {
            key: sum(getattr(one, key) for one in others)
            for key in ("rows", "losing", "orders", "gmv", "net_revenue", "profit", "lost")
        }

        def less(key: str) -> str:
            letter = cell(0, _FIRST + FIGURES.index(key))[:-1]
            return f"={letter}2-SUM({letter}{first + 1}:{letter}{last + 1})"

        return self._line(
            Total("", **sums),
            less("rows"),
            less("losing"),
            less("orders"),
            less("profit"),
            less("net"),
            less("lost"),
            last + 2,
        )

    def changed(self) -> str:
        """Return a condition that holds where a figure of a row was changed in the file: the sums
        of profit, of its squares, of net revenue and of orders are no longer what they were.
        """
        found, profit = self.found, self.range("profit_shown")
        sums = (
            (f"SUM({profit})", float(found.profit_shown.sum())),
            (f"SUMSQ({profit})", float((found.profit_shown**2).sum())),
            (f"SUM({self.range('net_shown')})", float(found.net_shown.sum())),
            (f"SUM({self.range('orders')})", float(found.orders.sum())),
        )
        apart = (f"ABS({one}-{was!r})>{max(1e-6, 1e-9 * abs(was))!r}" for one, was in sums)
        return f"OR({','.join(apart)})"

    def _line(
        self,
        one: Total,
        rows: str,
        losing: str,
        orders: str,
        profit: str,
        net: str,
        lost: str,
        number: int,
    ) -> TotalLine:
        """Return the formulas of a line with what they come to; `number` is the line as a
        spreadsheet counts it.
        """
        margin = known(one.margin)
        above, below = (cell(number - 1, _FIRST + FIGURES.index(key)) for key in ("profit", "net"))
        return {
            "rows": (rows, float(one.rows)),
            "losing": (losing, float(one.losing)),
            "orders": (orders, one.orders),
            "profit": (profit, one.profit),
            "margin": (
                f'=IFERROR({above}/{below},"{NOTHING}")',
                NOTHING if margin is None else margin,
            ),
            "lost": (lost, one.lost),
            "net": (net, one.net_revenue),
        }

    def _plain(self, tag: str, word: str) -> bool:
        """Say whether SUMIFS takes a word for itself alone."""
        alone = self._folded[tag][word.strip().casefold()] == 1
        return (
            alone
            and word == word.strip()
            and len(word) <= _LONGEST
            and bool(_PLAIN.fullmatch(word))
        )

    @cached_property
    def _folded(self) -> Mapping[str, Counter[str]]:
        return {
            tag: Counter(one.name.strip().casefold() for one in some)
            for tag, some in self.found.by_tag.items()
        }
