"""With a quote: what its fees do to the balance, on the days on which they are due."""

import streamlit as st

from funnel_sim.output.charts.cash import data_change, spec_change
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import month_names, priced_quotes
from funnel_sim.output.words.cash_answers import quote_cash_sentence, quote_notes
from funnel_sim.output.words.cash_quote import fee_heads, fee_rows, quote_heads, quote_rows
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.session.cash import CashShown, quote_cash_of
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    priced = priced_quotes(scenario)
    if not priced:
        st.info(say(lang, "cash.quote_none"))
        if st.button(say(lang, "cash.quote_go"), key="cash_quote_go"):
            shell.go("quote_test")
        return
    option = _chosen(priced, lang)
    with st.spinner(say(lang, "cash.working")):
        found = quote_cash_of(scenario, option.id)
    name, code = option_name(option, lang), found.currency
    paths = ready.answer.futures.plan.paths
    st.markdown(said(quote_cash_sentence(found, name, paths, lang)))
    for one in quote_notes(scenario, found, lang):
        st.caption(said(one))
    with st.grid(2, min_column_width=330, gap="medium"):
        figure(
            "cash_quote_months",
            say(lang, "cash.quote_by_month"),
            data_change(
                month_names(found.days),
                [float(one) for one in found.by_month],
                lambda one: formats.whole_money(one, code, lang),
            ),
            spec_change(lang, theme(), formats.axis("money", code, lang)),
            say(lang, "cash.quote_note"),
        )
        figure_table(
            "cash_quote_rows",
            quote_rows(found, paths, lang),
            quote_heads(lang),
            name,
            title=name,
        )
    title = say(lang, "cash.quote_fees", currency=found.fee_currency)
    with st.expander(title, key="cash_quote_fees", on_change="rerun") as fold:
        if fold.open:
            note = say(lang, "cash.quote_fees_note")
            figure_table("cash_fee_rows", fee_rows(found, lang), fee_heads(lang), title, note=note)


def looked_at(priced: list[Option]) -> Option:
    """Return the quote that is looked at, the first one before any is chosen.

    Args:
        priced: the quotes that name a fee, one at least.
    """
    return next((one for one in priced if one.id == tab.cash_quote), priced[0])


def _chosen(priced: list[Option], lang: Lang) -> Option:
    """Draw which quote is looked at, where there are several, and return it."""
    now = looked_at(priced)
    if len(priced) == 1:
        return now
    key = f"cash_quote_{lang}_{tab.revision}"
    ids = [one.id for one in priced]
    names = {one.id: option_name(one, lang) for one in priced}
    st.selectbox(
        say(lang, "cash.quote_choose"),
        ids,
        index=ids.index(now.id),
        key=key,
        width=320,
        format_func=lambda one: names.get(one, str(one)),
        on_change=lambda: Tab.cash_quote.put(str(tab.typed(key))),
    )
    return now
