"""The review's second part: what drove the change, between two periods or against the plan."""

from typing import cast

import streamlit as st

from funnel_sim.decisions.review.drivers import FIGURES
from funnel_sim.decisions.review.reviewed import AGAINST, Against, months_against
from funnel_sim.output.charts.ledger import waterfall_room
from funnel_sim.output.charts.review import data_change, spec_change
from funnel_sim.output.words import formats
from funnel_sim.output.words.review import driver_sentence
from funnel_sim.output.words.review_head import listed
from funnel_sim.output.words.review_tables import against_name, driver_heads, driver_rows
from funnel_sim.scenario.store_months import month_name, month_number
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.review.at_hand import AtHand
from funnel_sim.ui.session import reviews
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Lang, say


def draw(at: AtHand, lang: Lang) -> None:
    """Draw the part.

    Raises:
        InputError: the change cannot be split.
    """
    against, key = _choices(at, lang)
    found = reviews.change_known(at.scenario, at.period.name, against)
    if found is None:
        st.info(say(lang, "review.no_months_for", months=_asked(at, against, lang)))
        if st.button(say(lang, "review.to_enter"), key="review_enter_months"):
            shell.go("actual_months")
        return
    split = found[key]
    st.markdown(said(driver_sentence(split, at.known, lang)))
    names = names_of(at, against, lang)
    told = {"figure": say(lang, f"drivers.figure_{key}"), "first": names[0], "second": names[1]}
    title = say(lang, "review.change_title", **told)
    data = data_change(split, names, at.known, lang)
    unit = "count" if key == "paid_orders" else "money"
    axis = formats.axis(unit, at.known.currency, lang)
    figure("review_change", title, data, spec_change(lang, theme(), axis, waterfall_room(data)))
    note = say(lang, "review.change_note")
    if against == "plan":
        note += " " + say(lang, "review.plan_note")
    figure_table(
        "review_drivers",
        driver_rows(split, at.known, lang),
        driver_heads(lang),
        title,
        words=(3,),
        note=note,
    )


def _choices(at: AtHand, lang: Lang) -> tuple[Against, str]:
    """Draw what is compared with what, and which figure."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = f"review_against_{lang}_{tab.revision}"
        chosen = cast("Against", tab.review_against)
        st.selectbox(
            say(lang, "review.compare"),
            AGAINST,
            index=AGAINST.index(chosen),
            key=key,
            width=330,
            format_func=lambda one: against_name(one, at.period, lang),
            on_change=lambda: Tab.review_against.put(tab.typed(key)),
        )
        name = f"review_figure_{lang}_{tab.revision}"
        order = sorted(FIGURES, key=lambda one: one != "profit")
        st.selectbox(
            say(lang, "review.figure"),
            order,
            index=order.index(tab.review_figure),
            key=name,
            width=260,
            format_func=lambda one: say(lang, f"drivers.figure_{one}"),
            on_change=lambda: Tab.review_figure.put(tab.typed(name)),
        )
    return chosen, tab.review_figure


def names_of(at: AtHand, against: Against, lang: Lang) -> tuple[str, str]:
    """Return the names of both sides of a comparison."""
    first, second = months_against(at.known, at.period, against)

    def named(months: tuple[str, ...]) -> str:
        return months[0] if len(months) == 1 else f"{months[0]}–{months[-1]}"

    return named(first) if first else say(lang, "review.plan_name"), named(second)


def _asked(at: AtHand, against: Against, lang: Lang) -> str:
    """Return the months that a comparison lacks."""
    names = set(at.known.history.names())
    if against == "mark":
        return say(lang, "review.line_before")
    back = MONTHS_A_YEAR if against == "year" else len(at.period.months)
    then = [month_name(month_number(one) - back) for one in at.period.months]
    return listed([one for one in then if one not in names], lang)
