"""The brief to providers: what a seller sends to several agencies so that their quotes can be
compared, as Markdown and as a Word file that say the same.

Each line of data/brief.toml is filled from the scenario where that holds it; what nobody typed is
called assumed, and what is not known stays a blank. Cost, margin and what other agencies offered
never enter unless cost is asked for. Read `brief`.
"""

from collections.abc import Callable, Mapping
from math import isnan, nan
from statistics import fmean

from funnel_sim.decisions.context import Context
from funnel_sim.decisions.economics.whose import own_of
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.output.documents.blocks import Heading, Paragraph, TableBlock
from funnel_sim.output.documents.markdown import markdown_of
from funnel_sim.output.documents.term_sheet import SheetBlock, word_file
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.kpi import kpi_text, metric_name
from funnel_sim.output.words.kpi_contract import basis_text
from funnel_sim.reference.brief import BriefLine, brief_groups, brief_lines, brief_questions
from funnel_sim.reference.contract_items import standard
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import month_name, month_number
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Lang, say

_WIDTHS = (0.07, 0.26, 0.67)
_ASKED = (0.07, 0.48, 0.45)
_ANSWER = "　" * 6  # room to write


class _Store:
    """What the brief tells of a store: as it is without any agency."""

    def __init__(self, scenario: Scenario, lang: Lang):
        self.scenario, self.lang = scenario, lang
        self.at = Context(without_operator(scenario))
        own = own_of(scenario)
        self.mine = frozenset(own.mine)
        self.months = scenario.history.names() if scenario.history.first_month else []
        offered = {kpi for option in scenario.options for _, kpi in option.kpis_named()}
        # what a quote's contract names is what that agency offered: nobody else's to know
        self.kpis = [kpi for kpi in scenario.kpis if kpi.id not in offered]

    def said(self, name: str, **parts: object) -> str:
        return say(self.lang, f"brief.{name}", **parts)

    def money(self, value: float) -> str:
        return formats.whole_money(value, self.scenario.currency, self.lang)

    def marked(self, text: str, *paths: str) -> str:
        """Return a figure, called assumed where nobody typed a number that it comes from."""
        typed = any(own.startswith(path) for own in self.mine for path in paths)
        return text if typed else self.said("assumed", text=text)

    def of_form(self, text: str, *paths: str) -> str:
        """Return a figure of the form as `marked`; nothing where the store's own months stand
        beside it and nobody typed it: an example's figure belongs to another store.
        """
        sold = self.known("gmv") or self.known("orders")
        typed = any(own.startswith(path) for own in self.mine for path in paths)
        return "" if sold is not None and not typed else self.marked(text, *paths)

    def known(self, *figures: str) -> tuple[tuple[float, ...], tuple[str, ...]] | None:
        """Return the means of figures over the last months in which all of them are known, and
        those months; None where there is none.

        What a provider is told is how the store sells now: months since an engagement's mark count,
        months left out do not.
        """
        history = self.scenario.history
        every = [name for name in self.months if name not in history.left_out]
        rows = list(zip(*(history.of(figure, every) for figure in figures), strict=True))
        whole = [
            (name, row) for name, row in zip(every, rows, strict=True) if not any(map(isnan, row))
        ][-history.baseline_months :]
        if not whole:
            return None
        means = tuple(fmean(row[place] for _, row in whole) for place in range(len(figures)))
        return means, tuple(name for name, _ in whole)

    def of_months(self, text: str, months: tuple[str, ...]) -> str:
        """Return a figure with the months that it is the mean of, by name."""
        first, last = months[0], months[-1]
        key = "of_month" if first == last else "of_months"
        return self.said(key, text=text, months=len(months), first=first, last=last)

    def year_before(self, months: tuple[str, ...], part: str, whole: str) -> float | None:
        """Return a share in the same months a year earlier; None where one of them lacks."""
        then = [month_name(month_number(name) - MONTHS_A_YEAR) for name in months]
        history = self.scenario.history
        if not set(then) <= set(self.months) or set(then) & set(history.left_out):
            return None
        share = sum(history.of(part, then)) / (sum(history.of(whole, then)) or nan)
        return None if isnan(share) else share

    def of_sales(self, figure: str, key: str, show: Callable[[float], str]) -> str:
        """Return a figure of a month: of the store's own months, else of the funnel."""
        seen = self.known(figure)
        if seen is not None:
            [mean], months = seen
            return self.of_months(show(mean), months)
        value = self.at.figure(key)
        if not value:
            return ""
        return self.of_form(show(value), "month.", "channels.", "conversion.")


def _orders(store: _Store) -> str:
    return store.of_sales("orders", "paid_orders", formats.number)


def _gmv(store: _Store) -> str:
    return store.of_sales("gmv", "gmv", store.money)


def _price(store: _Store) -> str:
    price = point_value(store.scenario.product.price)
    shown = formats.money(price, store.scenario.currency, store.lang)
    tax = store.said("with_tax" if store.scenario.product.price_includes_tax else "without_tax")
    text = store.marked(store.said("price", price=shown, tax=tax), "product.price")
    seen = store.known("gmv", "orders")
    if seen is not None and seen[0][1]:
        (gmv, orders), months = seen
        return text + store.of_months(_order_value(store, gmv / orders, tax), months)
    sales, paid = store.at.figure("gmv"), store.at.figure("paid_orders")
    if sales and paid:
        text = store.said("price", price=shown, tax=tax) + _order_value(store, sales / paid, tax)
        return store.marked(text, "product.price")
    return text


def _order_value(store: _Store, value: float, tax: str) -> str:
    """Return the order value as GMV counts it: what the buyer pays, with tax or without as the
    price.
    """
    shown = formats.money(value, store.scenario.currency, store.lang)
    return store.said("order_value", value=shown, tax=tax)


def _traffic(store: _Store) -> str:
    seen = store.known("orders", "visits")
    if seen is not None and seen[0][1]:
        (orders, visits), months = seen
        parts = {"visits": formats.number(visits), "rate": formats.percent(orders / visits)}
        return store.of_months(store.said("traffic", **parts), months)
    value, paid = store.at.figure("visits"), store.at.figure("first_orders")
    if not value or paid is None:
        return ""
    parts = {"visits": formats.number(value), "rate": formats.percent(paid / value)}
    return store.of_form(store.said("traffic", **parts), "conversion.", "channels.", "month.")


def _channels(store: _Store) -> str:
    scenario = store.scenario
    names = [channel_name(scenario, one.id, store.lang) for one in scenario.channels]
    text = say(store.lang, "contract.list").join(dict.fromkeys(names))
    return store.marked(text, "channels.", "month.") if text else ""


def _ad_budget(store: _Store) -> str:
    return store.of_sales("ad_spend", "ad_spend", store.money)


def _ad_result(store: _Store) -> str:
    seen = store.known("ad_spend", "ad_sales")
    if seen is not None and all(seen[0]):
        (spend, sales), months = seen
        text = store.said(
            "ads", acos=formats.percent(spend / sales), roas=formats.number(sales / spend, 2)
        )
        return store.of_months(text, months)
    acos, roas = store.at.figure("acos"), store.at.figure("roas")
    if acos is None or roas is None:
        return ""
    text = store.said("ads_model", acos=formats.percent(acos), roas=formats.number(roas, 2))
    return store.of_form(text, "channels.")


def _returns(store: _Store) -> str:
    for part, whole, key in (
        ("returned_orders", "orders", "returned_orders"),
        ("refunds", "gmv", "returned_sales"),
    ):
        seen = store.known(part, whole)
        if seen is None or not seen[0][1]:
            continue
        (back, sold), months = seen
        text = store.of_months(store.said(key, share=formats.percent(back / sold)), months)
        then = store.year_before(months, part, whole)
        if then is not None:
            text += store.said("year_before", share=formats.percent(then))
        return text
    rate = point_value(store.scenario.fulfilment.return_rate)
    return store.of_form(formats.percent(rate), "fulfilment.return_rate") if rate else ""


def _repeat(store: _Store) -> str:
    seen = store.known("repeat_orders", "orders")
    if seen is not None and seen[0][1]:
        (again, orders), months = seen
        told = store.said("repeat_orders", share=formats.percent(again / orders))
        return store.of_months(told, months)
    share = point_value(store.scenario.customers.repeat_probability)
    if not share:
        return ""
    return store.of_form(store.said("repeat", share=formats.percent(share)), "customers.")


def _category(store: _Store) -> str:
    scenario = store.scenario
    if not scenario.category:
        return ""
    category = category_words(scenario.platform, scenario.category).of(store.lang)
    return store.said("category", category=category)


def _stage(store: _Store) -> str:
    if not store.months:
        return ""
    parts = {"first": store.months[0], "last": store.months[-1], "count": len(store.months)}
    return store.said("stage", **parts)


def _currency(store: _Store) -> str:
    scenario = store.scenario
    return store.said("currency", sales=scenario.currency, cost=scenario.cost_currency)


def _markets(store: _Store) -> str:
    return country_words(store.scenario.market).of(store.lang) if store.scenario.market else ""


def _goals(store: _Store) -> str:
    told = (kpi_text(kpi, store.scenario, store.lang) for kpi in store.kpis)
    return say(store.lang, "contract.join").join(told)


def _definitions(store: _Store) -> str:
    told = (
        f"{metric_name(kpi.metric, store.lang)}{store.said('colon')}"
        f"{basis_text(kpi, store.scenario, store.lang)}"
        for kpi in store.kpis
    )
    return say(store.lang, "contract.join").join(told)


def _baseline(store: _Store) -> str:
    shows: dict[str, Callable[[float], str]] = {
        "gmv": lambda value: f"GMV {store.money(value)}",
        "orders": lambda value: store.said("orders", orders=formats.number(value)),
    }
    told: dict[tuple[str, ...], list[str]] = {}
    for figure, show in shows.items():
        seen = store.known(figure)
        if seen is not None:
            [mean], months = seen
            told.setdefault(months, []).append(show(mean))
    join = say(store.lang, "contract.list")
    return join.join(store.of_months(join.join(texts), months) for months, texts in told.items())


def _term(store: _Store) -> str:
    return store.said("term", trial=standard("trial_months"))


def _cost_margin(store: _Store) -> str:
    scenario, lang = store.scenario, store.lang
    cost = formats.money(point_value(scenario.product.unit_cost), scenario.cost_currency, lang)
    sales, margin = store.at.figure("net_revenue"), store.at.figure("cm3")
    if not sales or margin is None:
        return ""
    text = store.said("cost_margin", cost=cost, margin=formats.percent(margin / sales))
    return store.marked(text, "product.unit_cost")


_FILLED: Mapping[str, Callable[[_Store], str]] = {
    "platforms": lambda store: store.scenario.platform,
    "markets": _markets,
    "category": _category,
    "stage": _stage,
    "orders": _orders,
    "gmv": _gmv,
    "price": _price,
    "traffic": _traffic,
    "channels": _channels,
    "ad_budget": _ad_budget,
    "ad_result": _ad_result,
    "returns": _returns,
    "repeat": _repeat,
    "currency": _currency,
    "cost_margin": _cost_margin,
    "goals": _goals,
    "definitions": _definitions,
    "baseline": _baseline,
    "term": _term,
}
"""What fills a line from the scenario; a line without one is the seller's to fill in."""


def _entry(line: BriefLine, store: _Store, *, private: bool) -> str:
    """Return what a line says: from the scenario, else its blank."""
    make = _FILLED.get(line.id)
    blank = line.blank.of(store.lang)
    if make is None or (line.private and not private):
        return blank
    return make(store) or blank


def is_filled(told: str) -> bool:
    """Return whether nothing of a line is left to be filled in.

    Args:
        told: what the line says.

    >>> [is_filled(one) for one in ("Amazon", "【平台】", "[platforms]", "□ ads", "Held by us.")]
    [True, False, False, False, True]
    """
    return not any(mark in told for mark in "【[□")


def filled(scenario: Scenario, lang: Lang, *, private: bool = False) -> tuple[int, int]:
    """Return how many lines of the brief are filled, and how many there are.

    Args:
        scenario: the seller's store.
        lang: language of the brief.
        private: whether cost and margin are told.
    """
    store = _Store(scenario, lang)
    told = [_entry(line, store, private=private) for line in brief_lines()]
    return sum(is_filled(one) for one in told), len(told)


def filled_sentence(scenario: Scenario, lang: Lang, *, private: bool = False) -> str:
    """Return how many lines are filled and how many are left."""
    done, every = filled(scenario, lang, private=private)
    return say(lang, "brief.filled", filled=done, count=every, left=every - done)


def brief(scenario: Scenario, lang: Lang, *, private: bool = False) -> list[SheetBlock]:
    """Return the brief as blocks: every line of what a quote needs, then what the provider is asked
    to fill in.

    Args:
        scenario: the seller's store.
        lang: language of the brief, which need not be the screen's.
        private: whether cost and margin are told.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> tables = [
        ...     one
        ...     for one in brief(preset("amazon-de-kitchen"), "en")
        ...     if isinstance(one, TableBlock)
        ... ]
        >>> sum(len(one.rows) for one in tables[:-1]), len(tables[-1].rows)
        (33, 25)
    """
    store = _Store(scenario, lang)
    out: list[SheetBlock] = [
        Heading(say(lang, "brief.title"), 0),
        Paragraph(say(lang, "brief.lead")),
        Paragraph(filled_sentence(scenario, lang, private=private)),
    ]
    number = 0
    for place, group in enumerate(brief_groups(), 1):
        rows = []
        for line in brief_lines():
            if line.group == group.id:
                number += 1
                told = _entry(line, store, private=private)
                rows.append((str(number), line.words.of(lang), told))
        head = (say(lang, "brief.number"), say(lang, "brief.item"), say(lang, "brief.ours"))
        out += [
            Heading(f"{place}. {group.words.of(lang)}"),
            TableBlock(head, tuple(rows), _WIDTHS),
        ]
    asked = tuple(
        (str(place), one.words.of(lang), _ANSWER) for place, one in enumerate(brief_questions(), 1)
    )
    last = len(brief_groups()) + 1
    head = (say(lang, "brief.number"), say(lang, "brief.asked"), say(lang, "brief.answer"))
    return [
        *out,
        Heading(f"{last}. {say(lang, 'brief.h_asked')}"),
        Paragraph(say(lang, "brief.asked_lead")),
        TableBlock(head, asked, _ASKED),
        Paragraph(say(lang, "brief.end")),
    ]


def brief_markdown(scenario: Scenario, lang: Lang, *, private: bool = False) -> str:
    """Return the brief as Markdown."""
    return markdown_of(brief(scenario, lang, private=private))


def brief_docx(scenario: Scenario, lang: Lang, *, private: bool = False) -> bytes:
    """Return the brief as a Word file: A4, native headings and tables, page numbers."""
    blocks = brief(scenario, lang, private=private)
    return word_file(blocks, say(lang, "brief.title"), scenario.as_of, lang)
