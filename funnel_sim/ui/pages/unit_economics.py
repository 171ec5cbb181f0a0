"""Unit economics: what an order earns, line by line; what each lever must be; two levers at once;
the months.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from funnel_sim.decisions.economics.best_price import BestPrice
from funnel_sim.decisions.economics.grid import LeverGrid
from funnel_sim.decisions.economics.levers import levers_of, usable
from funnel_sim.decisions.economics.targets import LOWER_IS_BETTER, LeverAnswer
from funnel_sim.model.economics import Result
from funnel_sim.model.periods import Whole
from funnel_sim.output.charts.ledger import (
    data_heat,
    data_months,
    data_waterfall,
    spec_heat,
    spec_months,
    spec_waterfall,
    waterfall_room,
)
from funnel_sim.output.charts.price import data_price
from funnel_sim.output.words import formats, headlines, tables
from funnel_sim.output.words.best_price import response_sentence
from funnel_sim.output.words.customer import bought_sentence
from funnel_sim.output.words.figure_names import channel_name, why_none
from funnel_sim.output.words.shown import beside
from funnel_sim.reference.places import country_words
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.economics.price import draw_price
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, ratio_groups, theme
from funnel_sim.ui.widgets.five import five_numbers
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.words import Lang, say

_TARGETS: dict[str, tuple[str, float]] = {
    "profit": ("money", 0.0),
    "margin": ("rate", 0.2),
    "gross_margin": ("rate", 0.4),
    "roi_goods": ("rate", 0.3),
    "roi_landed": ("rate", 0.3),
    "roi_total": ("rate", 0.2),
    "safety_margin": ("rate", 0.2),
    "profit_after_work": ("money", 0.0),
    "margin_after_work": ("rate", 0.1),
    "goods_margin": ("rate", 0.6),
    "markup": ("rate", 1.0),
    "acos_console": ("rate", 0.22),
    "roas_console": ("ratio", 3.0),
    "roas": ("ratio", 3.0),
    "acos": ("rate", 0.22),
    "tacos": ("rate", 0.1),
    "ltv_cac": ("ratio", 3.0),
    "gmv": ("money", 0.0),
    "net_revenue": ("money", 0.0),
    "cm3": ("money", 0.0),
}


VIEWS = ("waterfall", "targets", "price", "heat", "months")


@dataclass(frozen=True)
class Ready:
    """Everything the page shows, computed before anything is drawn."""

    view: str
    waterfall: pd.DataFrame | None = None
    ledger: list[tables.Row] | None = None
    answers: list[LeverAnswer] | None = None
    grid: LeverGrid | None = None
    below: pd.DataFrame | None = None
    price: BestPrice | None = None


def prepare(result: Result) -> Ready:
    """Return what the page shows now: the part above, and the chosen view below."""
    lang, scenario = state.lang(), result.scenario
    view = tab.view
    if view == "waterfall":
        return Ready(
            view,
            waterfall=data_waterfall(result, lang),
            ledger=tables.ledger_rows(result, lang),
        )
    if view == "targets":
        metric, _, _ = _metric()
        target = tab.target_values.get(metric, _TARGETS[metric][1])
        return Ready(view, answers=calls.answers_of(scenario, metric, target, _period()))
    if view == "price":
        found = calls.price_of(scenario)
        return Ready(view, price=found, below=data_price(found, lang))
    if view == "heat":
        pair = _pair(scenario)
        grid = calls.grid_of(scenario, *pair) if pair[0] != pair[1] else None
        data = None if grid is None else data_heat(grid, scenario, lang)
        return Ready(view, grid=grid, below=data)
    return Ready(view, below=data_months(result, lang))


def draw(result: Result, ready: Ready) -> None:
    """Draw the page."""
    lang = state.lang()
    _verdict(result, lang)
    five_numbers(note=False)
    _essentials(result, lang)
    key = f"economics_view_{lang}"
    st.segmented_control(
        say(lang, "economics.view"),
        VIEWS,
        default=ready.view,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(
            lang, f"economics.view_{view}", n=result.scenario.plan.horizon_months
        ),
        on_change=lambda: Tab.view.put(tab.typed(key)),
    )
    {
        "waterfall": _waterfall,
        "targets": _targets,
        "price": lambda _, now, speech: draw_price(now.price, now.below, speech),
        "heat": _two_levers,
        "months": _months,
    }[ready.view](result, ready, lang)


def _essentials(result: Result, lang: Lang) -> None:
    """Draw margins, ROI, break-even and money in one block."""
    if not result.steady["paid_orders"]:
        return
    groups = [
        (say(lang, f"headline.{name}"), headlines.ratios(result, keys, lang))
        for name, keys in headlines.groups(result)
    ]
    ratio_groups("essentials", groups, say(lang, "headline.title"))


def _waterfall(result: Result, ready: Ready, lang: Lang) -> None:
    heads = ["", *(say(lang, f"table.{key}") for key in ("per_order", "per_month", "per_customer"))]
    note = f"{_tax_note(result, lang)} {say(lang, 'economics.ledger_note')}"
    title = say(lang, "economics.ledger")
    if result.per("profit", "order") is None:  # without an order there is nothing to draw per order
        figure_table("ledger", ready.ledger or [], heads, title, title=title, note=note)
        return
    with st.grid(2, min_column_width=330, gap="medium"):
        money = formats.axis("money", result.scenario.shown, lang)
        assert ready.waterfall is not None
        figure(
            "waterfall",
            say(lang, "economics.waterfall"),
            ready.waterfall,
            spec_waterfall(lang, theme(), money, waterfall_room(ready.waterfall)),
        )
        figure_table("ledger", ready.ledger or [], heads, title, title=title, note=note)


def _verdict(result: Result, lang: Lang) -> None:
    headline = headlines.orders_sentence(result, lang)
    if headline is None:
        st.info(say(lang, "economics.no_orders"))
        return
    work = headlines.work_sentence(result, lang)
    st.markdown(said(f"#### {headline}\n\n{work}\n\n:small[:gray[{_store(result, lang)}]]"))
    if headlines.work_assumed(result) and st.button(
        say(lang, "headline.work_door"), key="work_door", type="tertiary", icon=":material/edit:"
    ):
        tab.put("theme_fixed", True)
        shell.go("my_shop")
    answer = response_sentence(result, lang)
    if answer is not None:
        st.caption(said(answer))
    warning = " ".join(
        one for one in (headlines.ads_sentence(result, lang), bought_sentence(result, lang)) if one
    )
    if warning:
        st.warning(said(warning), icon=":material/warning:")
    console = headlines.console_sentence(result, lang)
    if console:
        st.caption(said(console))


def _store(result: Result, lang: Lang) -> str:
    """Return which store this is, and where its orders come from."""
    scenario = result.scenario
    card = next((c for c in preset_cards() if c.id == scenario.preset), None)
    places = (
        scenario.name,
        scenario.platform,
        country_words(scenario.market).of(lang),
        card.product.of(lang) if card else "",
    )
    parts = [
        f"{channel_name(scenario, key, lang)} {formats.count(flow['orders'])}"
        for key, flow in result.channels.items()
    ]
    rest = (
        ("repeat_orders", result.steady["repeat_orders"]),
        ("referred", (result.steady["new_customers"] or 0) - (result.steady["first_orders"] or 0)),
    )
    parts += [
        f"{say(lang, f'economics.from_{key}')} {formats.count(amount)}"
        for key, amount in rest
        if amount and amount > 0.05
    ]
    return say(
        lang, "economics.store", where=" · ".join(p for p in places if p), orders=" + ".join(parts)
    )


def _tax_note(result: Result, lang: Lang) -> str:
    return say(lang, f"economics.tax_{result.scenario.tax.situation}")


def _metric() -> tuple[str, str, float]:
    metric = tab.target_metric
    return metric, *_TARGETS[metric]


def _target_name(metric: str, scenario: Scenario, lang: Lang) -> str:
    return (
        headlines.figure_name(metric, scenario, lang)
        if metric == "gmv"
        else say(lang, f"target_metric.{metric}")
    )


def _period() -> Whole:
    period: Whole = tab.target_period
    return period


def _targets(result: Result, ready: Ready, lang: Lang) -> None:
    scenario = result.scenario
    metric, unit, default = _metric()
    over = _period()
    label = {"money": scenario.currency, "rate": "%", "ratio": "×"}[unit]
    kept: dict[str, float] = tab.target_values
    columns = st.columns([4, 3, 4], vertical_alignment="bottom")
    metric_key, value_key, over_key = (
        f"target_metric_{lang}",
        f"target_value_{lang}_{metric}",
        f"target_over_{lang}",
    )
    options = list(_TARGETS)
    columns[0].selectbox(
        say(lang, "economics.target_metric"),
        options,
        index=options.index(metric),
        key=metric_key,
        format_func=lambda key: _target_name(key, scenario, lang) if key in _TARGETS else str(key),
        on_change=lambda: Tab.target_metric.put(tab.typed(metric_key)),
    )
    with columns[1]:
        kind = NumberKind(
            Unit.RATE if unit == "rate" else Unit.FACTOR,
            scenario.currency if unit == "money" else "",
        )
        number(
            say(lang, "economics.target_value", unit=label),
            kept.get(metric, default),
            lambda new: kept.update({metric: new or 0.0}),
            key=value_key,
            kind=kind,
        )
    columns[2].segmented_control(
        say(lang, "economics.target_over"),
        ["steady", "total"],
        default=over,
        key=over_key,
        required=True,
        format_func=lambda over: say(lang, f"economics.over_{over}"),
        on_change=lambda: Tab.target_period.put(tab.typed(over_key)),
    )
    _verdict_on_target(result, metric, unit, kept.get(metric, default), over, lang)
    rows = tables.target_rows(ready.answers or [], scenario.currency, scenario.cost_currency, lang)
    heads = [say(lang, "economics.lever"), say(lang, "table.today"), say(lang, "table.needed")]
    figure_table(
        "targets",
        rows,
        heads,
        say(lang, "economics.view_targets"),
        words=(2,),
        note=say(lang, "economics.targets_note"),
    )


def _verdict_on_target(
    result: Result, metric: str, unit: str, target: float, over: Whole, lang: Lang
) -> None:
    """Say whether the target is met today, and whether meeting it is enough."""
    scenario = result.scenario

    def show(value: float | None) -> str:
        return formats.figure(value, unit, scenario.shown, scenario.cost_currency, lang)

    typed = formats.figure(target, unit, scenario.currency, scenario.cost_currency, lang)
    asked = beside(typed, target, scenario, lang) if unit == "money" else typed
    now = result.over(over)[metric]
    name = _target_name(metric, scenario, lang)
    if now is None:
        told = say(lang, "economics.no_metric", metric=name)
    else:
        met = now <= target if metric in LOWER_IS_BETTER else now >= target
        told = say(
            lang,
            "economics.met" if met else "economics.missed",
            metric=name,
            now=show(now),
            target=asked,
        )
    roas, acos = result.steady["break_even_roas"], result.steady["break_even_acos"]
    short = (metric == "roas" and roas is not None and target < roas) or (
        metric == "acos" and acos is not None and target > acos
    )
    if short:
        told += " " + say(
            lang,
            "economics.ad_orders_lose",
            roas=formats.number(roas, 2),
            acos=formats.percent(acos),
        )
    st.markdown(said(f"**{told}**"))


def _pair(scenario: Scenario) -> tuple[str, str]:
    names = [moved.key for moved in levers_of(scenario) if usable(scenario, moved)]
    first, second = tab.heat_pair
    return (first if first in names else names[0], second if second in names else names[1])


def _two_levers(result: Result, ready: Ready, lang: Lang) -> None:
    scenario = result.scenario
    choices = {moved.key: moved for moved in levers_of(scenario) if usable(scenario, moved)}
    names, pair = list(choices), list(_pair(scenario))
    for index, column in enumerate(st.columns(2)):
        key = f"heat_{index}_{lang}"
        column.selectbox(
            say(lang, "economics.across" if index == 0 else "economics.up"),
            names,
            index=names.index(pair[index]),
            key=key,
            format_func=lambda k: choices[k].words.of(lang) if k in choices else str(k),
            on_change=_pair_changed,
            args=(index, key),
        )
    if ready.grid is None:
        st.info(say(lang, "economics.heat_same"))
        return
    if np.isnan(ready.grid.metric).all():
        st.info(say(lang, "economics.heat_none", why=why_none(result, "profit", lang)))
        return
    units = {"rate": "%", "money": scenario.currency, "cost_money": scenario.cost_currency}
    titles = [
        f"{moved.words.of(lang)} ({units.get(moved.unit, '')})"
        for moved in (ready.grid.across_lever, ready.grid.up_lever)
    ]
    assert ready.below is not None
    axes = [
        formats.axis("" if moved.unit == "rate" else moved.unit, code, lang)
        for moved, code in (
            (moved, scenario.cost_currency if moved.unit == "cost_money" else scenario.currency)
            for moved in (ready.grid.across_lever, ready.grid.up_lever)
        )
    ]
    figure(
        "heat",
        say(lang, "economics.heat"),
        ready.below,
        spec_heat(lang, theme(), titles[0], titles[1], (axes[0], axes[1])),
        say(lang, "economics.heat_note"),
    )


def _pair_changed(index: int, key: str) -> None:
    tab.heat_pair[index] = tab.typed(key)


def _months(result: Result, ready: Ready, lang: Lang) -> None:
    money = formats.axis("money", result.scenario.shown, lang)
    assert ready.below is not None
    figure("months", say(lang, "economics.months"), ready.below, spec_months(lang, theme(), money))
    total = formats.money(result.horizon["profit"], result.scenario.shown, lang)
    st.caption(said(say(lang, "economics.months_note", total=total)))
    with st.expander(
        say(lang, "economics.months_table"), key="months_table", on_change="rerun"
    ) as fold:
        if fold.open:
            heads, rows = tables.month_rows(result, lang)
            figure_table("months_rows", rows, ["", *heads], say(lang, "economics.months_table"))
