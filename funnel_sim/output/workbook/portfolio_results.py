"""The results of a portfolio as a workbook: a summary with a chart, the rows, totals by tag as live
formulas over them, how they came about, and where the numbers of each base come from.

A row's own figures are values, for each stands for a whole scenario that the model worked out; what
is added up is a formula (`LiveTotals`).
"""

import datetime as dt
import io
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.budget.answer import BudgetAnswer
from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.evidence.portfolio.example import example_rows
from funnel_sim.output.design import PALETTES
from funnel_sim.output.words.portfolio import (
    chance_sentences,
    portfolio_sentences,
    tag_words,
    total_heads,
)
from funnel_sim.output.words.portfolio_page import (
    currency_sentence,
    hidden_parts,
    hidden_sentences,
    portfolio_tiles,
    whose_sentence,
)
from funnel_sim.output.words.portfolio_results import (
    RATES,
    columns,
    how_rows,
    result_heads,
    result_rows,
)
from funnel_sim.output.words.portfolio_sources import MOST_COUNTED, bases_of
from funnel_sim.output.workbook.portfolio_split import write_split
from funnel_sim.output.workbook.portfolio_totals import FIGURES, LiveTotals, TotalLine
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Lang, say

_WIDTH = 16
_BARS = 12
"""Words that the chart of the summary draws."""


def results_xlsx(
    found: Products,
    odds: PortfolioSimulation | None,
    lang: Lang,
    split: BudgetAnswer | None = None,
) -> bytes:
    """Return the workbook; the same portfolio gives the same bytes.

    Args:
        found: the rows of a portfolio.
        odds: their futures; None where there are none.
        lang: the language of headings and sentences.
        split: the best split of the ad budget; no sheet on it where None.
    """
    out = io.BytesIO()
    how = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, how)
    day = found.portfolio.as_of
    made = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)  # no clock
    book.set_properties({"title": say(lang, "portfolio_report.title"), "created": made})
    made_of = _Results(book, found, odds, lang)
    made_of.write()
    if split is not None:
        write_split(book, split, made_of.look, lang)
    book.close()
    return out.getvalue()


class _Results:
    """The sheets of the workbook, one a method."""

    def __init__(
        self, book: Any, found: Products, odds: PortfolioSimulation | None, lang: Lang
    ) -> None:
        self.book, self.found, self.odds, self.lang = book, found, odds, lang
        soft = {"font_color": "#555555", "text_wrap": True, "valign": "top"}
        looks = {
            "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
            "rate": {"num_format": "0.0%"},
            "money": {"num_format": "#,##0.00"},
            "count": {"num_format": "#,##0"},
            "text": {"text_wrap": True, "valign": "top"},
            "title": {"bold": True, "font_size": 16},
            "group": {"bold": True, "font_color": "#1F4E79", "top": 1},
            "strong": {"bold": True},
            "soft": soft,
            "flag": soft | {"bold": True},
            "weak": {"bg_color": "#FFF2CC"},
        }
        self.look = {name: book.add_format(one) for name, one in looks.items()}
        names = {"summary": "portfolio_report.summary"}
        keys = ("sheet", "totals", "how", "sources")
        names |= {key: f"portfolio_results.{key}" for key in keys}
        self.titles = {key: say(lang, name) for key, name in names.items()}
        self.sheets = {key: book.add_worksheet(title) for key, title in self.titles.items()}
        self.live = LiveTotals(found, columns(odds), self.titles["sheet"])

    def write(self) -> None:
        """Write all sheets."""
        self._rows()
        self._totals()
        self._summary()
        self._how()
        self._sources()
        for sheet in self.sheets.values():
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)

    def _rows(self) -> None:
        sheet, names = self.sheets["sheet"], columns(self.odds)
        for column, text in enumerate(result_heads(self.found, self.odds, self.lang)):
            sheet.write_string(0, column, text, self.look["head"])
        kinds = [self.look["rate" if name in RATES else "money"] for name in names]
        for line, row in enumerate(result_rows(self.found, self.odds), 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(line, column, cell)
                elif cell is not None:
                    sheet.write_number(line, column, cell, kinds[column])
        sheet.set_column(0, len(names) - 1, _WIDTH)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(self.found.portfolio.rows), len(names) - 1)

    def _totals(self) -> None:
        """Write the totals as formulas; remember where the words of each tag stand."""
        sheet, lang = self.sheets["totals"], self.lang
        net = say(lang, "portfolio_results.net_shown", currency=self.found.portfolio.currency)
        heads = ["", "", say(lang, "portfolio_report.key"), *total_heads(lang), net]
        for column, text in enumerate(heads):
            sheet.write_string(0, column, text, self.look["head"])
        line = 1
        sheet.write_string(line, 1, say(lang, "portfolio_results.all"), self.look["strong"])
        self._line(line, self.live.whole())
        self.placed: dict[str, tuple[int, int]] = {}
        for tag in TAGS:
            shown, others = self.live.words(tag)
            if not any(one.name for one in shown):
                continue
            words, first = tag_words(self.found, tag, lang), line + 1
            for one in shown:
                line += 1
                sheet.write_string(line, 0, say(lang, f"portfolio.by_{tag}"))
                told = words.get(one.name) or say(lang, "portfolio.untagged")
                sheet.write_string(line, 1, told)
                if one.name:
                    sheet.write_string(line, 2, one.name)
                self._line(line, self.live.of_word(tag, one, line))
            self.placed[tag] = (first, line)
            if others:
                line += 1
                sheet.write_string(line, 0, say(lang, f"portfolio.by_{tag}"))
                told = say(lang, "portfolio_report.others", words=f"{others:,}")
                sheet.write_string(line, 1, told)
                self._line(line, self.live.rest(tag, first, line - 1, shown))
        sheet.set_column(0, len(heads) - 1, _WIDTH)
        sheet.set_column(1, 1, 2 * _WIDTH)
        sheet.freeze_panes(1, 2)

    def _line(self, line: int, total: TotalLine) -> None:
        sheet = self.sheets["totals"]
        for column, key in enumerate(FIGURES, 3):
            formula, value = total[key]
            kind = "rate" if key == "margin" else "count" if key in ("rows", "losing") else "money"
            sheet.write_formula(line, column, formula, self.look[kind], value)

    def _summary(self) -> None:
        """Write the live figures, the chart, the sentences and whether they still hold."""
        sheet, lang, found, look = self.sheets["summary"], self.lang, self.found, self.look
        portfolio = found.portfolio
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 1, 100)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, say(lang, "portfolio_report.title"), look["title"])
        parts = {"rows": f"{len(portfolio.rows):,}", "currency": portfolio.currency}
        parts["day"] = portfolio.as_of.isoformat()
        sheet.write_string(1, 0, say(lang, "portfolio_report.subtitle", **parts))
        sheet.write_string(2, 0, f"{say(lang, 'portfolio_results.model')} {MODEL_VERSION}")
        sheet.write_string(4, 0, say(lang, "portfolio_report.live"), look["group"])
        whole, place = self.live.whole(), f"'{self.titles['totals']}'!"
        cells = {key: f"{place}${chr(ord('D') + at)}$2" for at, key in enumerate(FIGURES)}
        heads = dict(zip(FIGURES, total_heads(lang), strict=False))
        code = portfolio.currency
        row = 5
        for key in ("profit", "margin", "rows", "losing", "lost", "orders"):
            kind = "rate" if key == "margin" else "count" if key in ("rows", "losing") else "money"
            told = f"{heads[key]} ({code})" if key in ("profit", "lost") else heads[key]
            sheet.write_string(row, 0, told, look["strong"])
            sheet.write_formula(row, 1, f"={cells[key]}", self._left(kind), whole[key][1])
            row += 1
            if key == "profit":
                told = f"{say(lang, 'portfolio_report.year')} ({code})"
                sheet.write_string(row, 0, told, look["strong"])
                year = found.total.profit * MONTHS_A_YEAR
                formula = f"={cells[key]}*{MONTHS_A_YEAR}"
                sheet.write_formula(row, 1, formula, self._left("money"), year)
                row += 1
        told = say(lang, "portfolio_report.live_note", sheet=self.titles["sheet"])
        sheet.write_string(row, 1, told, look["soft"])
        sheet.set_row(row, 48)
        row = self._chart(row + 2)
        sheet.write_string(row, 0, say(lang, "portfolio_report.told"), look["group"])
        for name, text in self._told():
            row += 1
            sheet.write_string(row, 0, name, look["strong"])
            sheet.write_string(row, 1, text, look["text"])
            sheet.set_row(row, 15 * (1 + sum(1 + (ord(one) > 0x2E80) for one in text) // 95))
        kept, stale = (say(lang, f"portfolio_report.{key}") for key in ("kept", "stale"))
        changed = self.live.changed()
        formula = f'=IF({changed},"{_quoted(stale)}","{_quoted(kept)}")'
        sheet.write_formula(row + 1, 1, formula, look["flag"], kept)
        sheet.set_row(row + 1, 32)

    def _left(self, kind: str) -> Any:
        formats = {"rate": "0.0%", "money": "#,##0.00", "count": "#,##0"}
        key = f"left {kind}"
        if key not in self.look:
            made = {"num_format": formats[kind], "align": "left", "bold": True}
            self.look[key] = self.book.add_format(made)
        return self.look[key]

    def _chart(self, row: int) -> int:
        """Draw the profit of the words of one tag, live; return the row below."""
        lang, look = self.lang, PALETTES["light"]
        apart = [tag for tag, _, _ in hidden_parts(self.found)]
        several = [tag for tag, (first, last) in self.placed.items() if last > first]
        tag = next((one for one in [*apart, *several] if one in self.placed), "")
        if not tag:
            return row
        first, last = self.placed[tag]
        shown = min(last - first + 1, _BARS)
        cut, last = shown < len(self.found.by_tag[tag]), first + shown - 1
        totals, column = self.titles["totals"], 3 + FIGURES.index("profit")
        words = {"tag": say(lang, f"portfolio_page.tag_{tag}")}
        code, every = self.found.portfolio.currency, f"{len(self.found.by_tag[tag]):,}"
        title = say(lang, "portfolio_report.chart", currency=code, **words)
        if cut:
            title = say(lang, "portfolio.by_first", head=title, shown=shown, words=every)
        made = self.book.add_chart({"type": "bar"})
        made.add_series(
            {
                "name": title,
                "categories": [totals, first, 1, last, 1],
                "values": [totals, first, column, last, column],
                "fill": {"color": look.gain},
                "invert_if_negative": True,
                "invert_if_negative_color": look.loss,
                "gap": 40,
                "data_labels": {"value": True, "num_format": "#,##0"},
            }
        )
        made.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
        made.set_legend({"none": True})
        made.set_y_axis({"label_position": "low"})
        made.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": look.line}}})
        height = 90 + 30 * (last - first + 1)
        made.set_size({"width": 900, "height": height})
        self.sheets["summary"].insert_chart(row, 0, made)
        return row + height // 20 + 2

    def _told(self) -> list[tuple[str, str]]:
        """Return the sentences of the page, each with what it is about."""
        found, lang = self.found, self.lang
        brings, lost, selling = portfolio_sentences(found, lang)
        names = {one.key: one.name for one in portfolio_tiles(found, lang)}
        out = [(names["profit"], brings), (names["lost"], lost), (names["selling"], selling)]
        hidden = say(lang, "portfolio_report.h_hidden")
        out += [(hidden, one) for one in hidden_sentences(found, lang)]
        if self.odds is not None:
            odds = say(lang, "portfolio_page.view_odds")
            out += [(odds, one) for one in chance_sentences(self.odds, lang)]
        code = say(lang, "portfolio_page.currency")
        out.append((code, currency_sentence(found.portfolio, lang)))
        example = example_rows(found.portfolio)
        if whose := whose_sentence(found.portfolio, example, 0, lang):
            out.append((say(lang, "shop.example"), whose))
        return out

    def _how(self) -> None:
        sheet, lang = self.sheets["how"], self.lang
        sheet.set_column(0, 0, 2 * _WIDTH)
        sheet.set_column(1, 1, 6 * _WIDTH)
        rows = how_rows(self.found, self.odds, lang)
        keys = ("how_totals", "how_totals_text")
        rows.append([say(lang, f"portfolio_report.{key}") for key in keys])
        live = say(lang, "portfolio_report.live_note", sheet=self.titles["sheet"])
        rows.append([say(lang, "portfolio_report.live"), live])
        for line, (name, text) in enumerate(rows):
            sheet.write_string(line, 0, name, self.look["head"])
            sheet.write_string(line, 1, text, self.look["text"])

    def _sources(self) -> None:
        """Write every input of each base that rows start from, its source; weak ones shaded."""
        sheet, lang = self.sheets["sources"], self.lang
        keys = ("base", "input", "value", "since", "evidence", "source")
        for column, key in enumerate(keys):
            text = say(lang, f"portfolio_results.source_{key}")
            sheet.write_string(0, column, text, self.look["head"])
        line = 1
        for base in bases_of(self.found.portfolio, lang, MOST_COUNTED):
            for one in base.inputs:
                told = one.told(lang) + (f" · {say(lang, 'report.weak')}" if one.weak else "")
                cells = (base.name, one.full_name, one.shown, one.since, told, one.source)
                look = self.look["weak"] if one.weak else None
                for column, text in enumerate(cells):
                    sheet.write_string(line, column, text, look)
                line += 1
        sheet.set_column(0, 4, 1.5 * _WIDTH)
        sheet.set_column(5, 5, 5 * _WIDTH)
        sheet.freeze_panes(1, 1)


def _quoted(text: str) -> str:
    return text.replace('"', '""')
