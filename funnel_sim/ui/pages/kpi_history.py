"""A store's history on the screen: a file read, its odd months shown, months left out by hand, the
funnel fitted to it.
"""

import math
from collections.abc import Mapping

import streamlit as st

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.history import StoreOutlook, baseline_names, names_used, used_months
from funnel_sim.decisions.kpi.store_history import (
    as_rows,
    fit_funnel,
    running,
    with_months,
    without_history,
)
from funnel_sim.errors import InputError
from funnel_sim.evidence.store.month_models import month_models
from funnel_sim.evidence.store.months import TEMPLATE
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.output.words import formats
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages import kpi_fit
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.store_files import (
    TYPES,
    download_as_template,
    leave_out,
    months_table,
    read_file,
    say_found,
    today,
)
from funnel_sim.ui.widgets.uploads import tables_of
from funnel_sim.words import Lang, say

_YEAR = 12
_MOSTLY = 0.5
_MONEY = ("gmv", "ad_spend", "ad_sales", "refunds")


def draw(lang: Lang) -> None:
    """Draw the history: what is in use, and how to bring another."""
    scenario = state.scenario()
    st.markdown(f"##### {say(lang, 'kpi.history_title')}")
    if scenario.history.names():
        _in_use(scenario, lang)
    else:
        st.markdown(say(lang, "kpi.history_lead"))
    with st.container(horizontal=True):
        st.download_button(
            say(lang, "kpi.history_template"),
            TEMPLATE,
            file_name="history.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="history_template",
        )
    uploads = st.file_uploader(
        say(lang, "kpi.history_file"),
        type=TYPES,
        accept_multiple_files=True,
        key="history_file",
    )
    if not uploads:
        return
    try:
        tables = tables_of(uploads, "history_tables_read", lang)
        if tables is None:
            return
        _offer({upload.file_id: table for upload, table in zip(uploads, tables, strict=True)}, lang)
    except InputError as error:
        for sentence in error.sentences(lang):
            st.error(literal(sentence))


def _in_use(scenario: Scenario, lang: Lang) -> None:
    outlook = Sources(scenario).outlook
    names = scenario.history.names()
    used = [] if outlook is None else names_used(scenario, outlook.figure)
    shown = used or names
    st.markdown(
        say(
            lang,
            "kpi.history_in_use",
            months=len(names),
            used=len(used),
            first=shown[0],
            last=shown[-1],
        )
    )
    if outlook is not None:
        found = outlook.outlook
        means = baseline_names(scenario, outlook.figure)
        money = outlook.figure == "gmv"
        base = (
            formats.whole_money(outlook.baseline, scenario.shown, lang)
            if money
            else formats.count(outlook.baseline)
        )
        swing = found.season.max() - found.season.min()
        st.markdown(
            say(
                lang,
                "kpi.history_reads",
                figure=say(lang, f"history.figure_{outlook.figure}"),
                baseline=base,
                count=len(means),
                last=means[-1],
                growth=formats.percent(found.growth),
                noise=formats.percent(found.noise, 0),
                season=formats.percent(float(swing), 0),
            ).replace("$", "\\$")
        )
        kind = say(
            lang,
            f"kpi.history_{'few' if found.counts_small > _MOSTLY else 'many'}",
            months=found.months,
            none=formats.percent(found.none_sold, 0),
        )
        shrunk = say(lang, "kpi.history_shrunk", source=month_models().source.of(lang))
        st.caption(f"{kind} {shrunk}" if lang == "en" else kind + shrunk)
    with st.grid(3, min_column_width=200):
        with st.container():
            field("history.use_history", note=False)
        with st.container():
            field("history.baseline_months", note=False)
        with st.container():
            st.multiselect(
                say(lang, "kpi.history_leave_out"),
                names,
                placeholder=say(lang, "kpi.none_chosen"),
                default=[n for n in scenario.history.left_out if n in names],
                key=f"history_out_{lang}_{tab.revision}",
                on_change=lambda: _leave_out(f"history_out_{lang}_{tab.revision}"),
            )
    kpi_fit.pending(scenario, lang)
    st.button(
        say(lang, "kpi.history_drop"),
        key="history_drop",
        icon=":material/delete:",
        on_click=lambda: state.replace_whole(without_history(state.scenario())),
    )
    _beside(outlook, scenario, lang)
    figures = scenario.history.figures()
    with st.expander(
        say(lang, "kpi.history_table"), key="history_table_fold", on_change="rerun"
    ) as fold:
        if fold.open:
            heads = [
                say(lang, "kpi.history_month"),
                *(say(lang, f"history.figure_{name}") for name in figures),
            ]
            rows = [
                Row(
                    "",
                    f"{month}{' *' if month in scenario.history.left_out else ''}",
                    tuple(
                        _cell(name, values[i], scenario, lang) for name, values in figures.items()
                    ),
                )
                for i, month in enumerate(names)
            ]
            figure_table(
                "history_table",
                rows,
                heads,
                say(lang, "kpi.history_table"),
                note=say(lang, "kpi.history_star"),
            )


def _cell(name: str, value: float | None, scenario: Scenario, lang: Lang) -> str:
    if value is None or math.isnan(value):
        return formats.NOTHING
    return (
        formats.whole_money(value, scenario.shown, lang)
        if name in _MONEY
        else formats.number(value)
    )


def _leave_out(key: str) -> None:
    """Leave months out; what that would change in the funnel is shown, and changed when it is taken
    over.
    """
    state.change("history.left_out", list(tab.typed(key) or []))


def _beside(found: StoreOutlook | None, scenario: Scenario, lang: Lang) -> None:
    """Draw the store's own last months beside what the outlook says of the coming ones."""
    if found is None:
        return
    ahead = min(_YEAR, scenario.plan.horizon_months)
    low, middle, high = found.outlook.quantiles((0.1, 0.5, 0.9), ahead)
    money = found.figure == "gmv"

    def show(value: float) -> str:
        return formats.whole_money(value, scenario.shown, lang) if money else formats.count(value)

    names = scenario.history.names()
    own = dict(zip(names, used_months(scenario, found.figure), strict=False))
    baseline = scenario.history.before_mark()
    last = names[baseline - 1] if baseline else names[-1]
    coming = [_month_after(last, step) for step in range(1, ahead + 1)]
    rows = []
    for place, month in enumerate(coming):
        year_ago = own.get(_month_after(month, -_YEAR), float("nan"))
        before = formats.NOTHING if math.isnan(year_ago) else show(year_ago)
        rows.append(
            Row("", month, (before, show(low[place]), show(middle[place]), show(high[place])))
        )
    heads = [
        say(lang, f"kpi.history_{name}") for name in ("month", "year_ago", "low", "middle", "high")
    ]
    with st.expander(
        say(lang, "kpi.history_ahead"), key="history_ahead_fold", on_change="rerun"
    ) as fold:
        if fold.open:
            known = [value for value in own.values() if not math.isnan(value)]
            told = say(
                lang,
                "kpi.history_own",
                low=show(min(known)),
                high=show(max(known)),
                count=len(known),
            )
            st.markdown(said(told + _own_roas(scenario, lang)))
            title = say(lang, "kpi.history_ahead")
            figure_table(
                "history_ahead", rows, heads, title, note=say(lang, "kpi.history_ahead_note")
            )


def _own_roas(scenario: Scenario, lang: Lang) -> str:
    """Say between what the store's own ROAS lay, where ad sales and ad spend are in the file."""
    sales, spend = (used_months(scenario, name) for name in ("ad_sales", "ad_spend"))
    if not sales.size or not spend.size:
        return ""
    own = [
        one / cost
        for one, cost in zip(sales, spend, strict=True)
        if cost > 0 and not math.isnan(one)
    ]
    if not own:
        return ""
    return " " + say(
        lang,
        "kpi.history_own_roas",
        low=formats.number(min(own), 2),
        high=formats.number(max(own), 2),
    )


def _month_after(month: str, steps: int) -> str:
    months = int(month[:4]) * _YEAR + int(month[5:]) - 1 + steps
    return f"{months // _YEAR:04d}-{months % _YEAR + 1:02d}"


def _offer(tables: Mapping[str, Table], lang: Lang) -> None:
    """Draw the columns of each file, what was found in them together, the months as they would be
    used, and the button that takes them over.
    """
    read = [
        read_file(table, f"history_{file}", file, lang, beside_others=len(tables) > 1)
        for file, table in tables.items()
    ]
    told = [Source(one.name, one.history) for one in read if one is not None]
    if len(told) < len(read):
        return
    found = together(told)
    say_found(found, found.findings, lang)
    odd = sorted({finding.month for finding in found.findings if finding.kind == "outlier"})
    out = leave_out(
        found.months,
        running(found.months, today()),
        odd,
        f"history_without_{'_'.join(tables)}_{lang}",
        lang,
    )
    months_table(found, "history_preview", lang, note=say(lang, "kpi.history_star_partial"))
    download_as_template(found, "history_as_template", lang)
    with_it = with_months(state.scenario(), found, out)  # says now what the button would refuse
    fitted, changes = fit_funnel(with_it)
    rows = as_rows(with_it, fitted, changes)
    now = state.scenario()
    kpi_fit.taken(now, "use", lang)
    ticked: tuple[str, ...] = ()
    if rows:
        ticked = kpi_fit.ticks(with_it, fitted, rows, "use", lang)
    else:
        st.caption(f":material/check: {say(lang, 'kpi.history_fits')}")
    idle = not ticked and with_it == now
    st.caption(say(lang, "kpi.history_in_force" if idle else "kpi.history_would_note"))
    st.button(
        say(lang, "kpi.history_use"),
        key="history_use",
        type="secondary" if idle else "primary",
        disabled=idle,
        icon=":material/check:",
        on_click=kpi_fit.take,
        args=(with_it, ticked, "use"),
    )
