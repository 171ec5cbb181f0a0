"""What the rows say: profit row by row, loss makers and what turns each, totals by tag."""

import streamlit as st

from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.output.charts.chance import spec_distribution
from funnel_sim.output.charts.portfolio import (
    MANY,
    best_and_worst,
    data_profit,
    data_spread,
    spec_profit,
)
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import run_on
from funnel_sim.output.words.portfolio import (
    LOSERS_TOLD,
    by_sentence,
    loser_heads,
    loser_rows,
    total_heads,
    total_rows,
)
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(found: Products, lang: Lang) -> None:
    """Draw the part."""
    _losers(found, lang)
    _totals(found, lang)
    _profit(found, lang)


def _profit(found: Products, lang: Lang) -> None:
    axis = formats.axis("money", found.portfolio.currency, lang)
    best, worst = best_and_worst(found)
    with st.grid(2 if worst else 1, min_column_width=330, gap="medium"):
        for name, which in (("best", best), ("worst", worst)):
            if which:
                figure(
                    f"portfolio_{name}",
                    say(lang, f"portfolio_page.chart_{name if worst else 'all'}"),
                    data_profit(found, which, lang),
                    spec_profit(lang, theme(), axis),
                )
    if found.profit_shown.size >= MANY:
        figure(
            "portfolio_spread",
            say(lang, "portfolio_page.spread"),
            data_spread(found, lang),
            spec_distribution(lang, theme(), axis, signed=True),
            say(lang, "portfolio_page.spread_note", rows=f"{found.total.rows:,}"),
        )


def _losers(found: Products, lang: Lang) -> None:
    if not found.losing.size:
        return
    shown, losing = LOSERS_TOLD, found.losing.size
    told = say(lang, "portfolio_page.losers_cut", shown=shown, losing=f"{losing:,}")
    cut = [told] if losing > shown else []
    heads = [say(lang, "portfolio_page.risk_row"), *loser_heads(lang)]
    figure_table(
        "portfolio_losers",
        loser_rows(found, lang),
        heads,
        say(lang, "portfolio_page.losers"),
        title=say(lang, "portfolio_page.losers"),
        note=run_on([*cut, say(lang, "portfolio.orders_stay")], lang),
    )


def _totals(found: Products, lang: Lang) -> None:
    """Draw the totals of one tag, the tag chosen where several are known."""
    known = [tag for tag in TAGS if total_rows(found, tag, lang)]
    if not known:
        return
    now = tab.portfolio_totals if tab.portfolio_totals in known else known[0]
    key = f"portfolio_totals_{lang}_{tab.portfolio_number}"
    st.segmented_control(
        say(lang, "portfolio_page.totals"),
        known,
        default=now,
        key=key,
        required=True,
        label_visibility="collapsed",
        format_func=lambda tag: say(lang, f"portfolio.by_{tag}"),
        on_change=lambda: Tab.portfolio_totals.put(str(tab.typed(key))),
    )
    title = by_sentence(found, now, lang)
    heads = [say(lang, f"portfolio_page.tag_{now}"), *total_heads(lang)]
    figure_table(
        "portfolio_totals_table",
        total_rows(found, now, lang),
        heads,
        title,
        title=title,
        note=say(lang, "portfolio_page.totals_note", currency=found.portfolio.currency),
    )
