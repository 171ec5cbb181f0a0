"""Months from files or from a pasted block of cells: what was recognised, where sources differ, the
months as they would be, and one button that takes them.
"""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from funnel_sim.decisions.kpi.store_history import running, with_actuals
from funnel_sim.errors import InputError
from funnel_sim.evidence.store.first_month import guessed_start
from funnel_sim.evidence.store.kept import kept_months
from funnel_sim.evidence.store.months import TEMPLATE, History, as_template
from funnel_sim.evidence.store.pasted import pasted_table
from funnel_sim.evidence.store.reconcile import Difference, Reconciled, reconcile, reconciled
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import FIRST
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.reconcile import reason_words
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.actuals.by_month import first_month
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.store_files import (
    TYPES,
    StoreFile,
    figure_words,
    leave_out,
    months_table,
    read_file,
    say_found,
    today,
)
from funnel_sim.ui.widgets.uploads import tables_of
from funnel_sim.words import Lang, say

_SALES = ("gmv", "orders")
_IN_TABLE = ("reports_differ",)  # findings that the table of differences shows with their reasons
_PASTED = "actuals_pasted"
_USUAL = 3  # reasons that only are usual ones; the likeliest come first


def files(lang: Lang) -> None:
    """Draw the place for files, and what they hold."""
    st.caption(say(lang, "actuals.files_note"))
    uploads = st.file_uploader(
        say(lang, "actuals.files"), type=TYPES, accept_multiple_files=True, key="actuals_file"
    )
    st.download_button(
        say(lang, "kpi.history_template"),
        TEMPLATE,
        file_name="history.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="actuals_template",
        type="tertiary",
    )
    if not uploads:
        return
    try:
        tables = tables_of(uploads, "actuals_tables_read", lang)
        if tables is None:
            return
        beside = len(tables) > 1 or _has_sales(state.scenario())
        read = [
            read_file(
                table,
                f"actuals_{upload.file_id}",
                upload.file_id,
                lang,
                beside_others=beside,
                channels=True,
            )
            for upload, table in zip(uploads, tables, strict=True)
        ]
        told = [one for one in read if one is not None]
        if len(told) == len(read):
            _offer(told, "_".join(upload.file_id for upload in uploads), lang)
    except InputError as error:
        _refused(error, lang)


def paste(lang: Lang) -> None:
    """Draw the place for a block of cells, and what it holds."""
    scenario = state.scenario()
    order = listed((figure_words(one, lang) for one in FIRST), lang)
    coming = first_month(scenario)
    key = f"{_PASTED}_{lang}"
    tab.seed(key, tab.pasted)
    st.text_area(
        say(lang, "actuals.paste"),
        key=key,
        height=160,
        help=say(lang, "actuals.paste_help", order=order, first=coming),
        placeholder=f"{say(lang, 'kpi.history_month')}\tGMV\t{figure_words('orders', lang)}\n"
        f"{coming}\t12,500.00\t410",
        on_change=_pasted,
        args=(key,),
    )
    st.caption(say(lang, "actuals.paste_help", order=order, first=coming))
    st.button(
        say(lang, "actuals.paste_read"), key="actuals_paste_read", on_click=_pasted, args=(key,)
    )
    if not tab.pasted.strip():
        return
    try:
        table = pasted_table(tab.pasted, FIRST, coming, say(lang, "actuals.paste_name"))
        found = read_file(table, _PASTED, tab.pasted, lang, beside_others=True, channels=True)
        if found is not None:
            _offer([found], "pasted", lang)
    except InputError as error:
        _refused(error, lang)


def _pasted(key: str) -> None:
    tab.pasted = str(tab.typed(key) or "")


def _refused(error: InputError, lang: Lang) -> None:
    for sentence in error.sentences(lang):
        st.error(literal(sentence))


def _has_sales(scenario: Scenario) -> bool:
    return any(figure in scenario.history.figures() for figure in _SALES)


def download(found: History, key: str, lang: Lang) -> None:
    """Offer months as the product's own CSV.

    Args:
        key: the key of the button in the session.
    """
    st.download_button(
        say(lang, "actuals.take_csv"),
        as_template(found),
        file_name="months.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )


def _offer(read: Sequence[StoreFile], key: str, lang: Lang) -> None:
    """Draw what the sources tell together, month by month, and the button that takes it."""
    scenario = state.scenario()
    sources = [Source(one.name, one.history) for one in read]
    kept = kept_months(scenario.history)
    own = [] if kept is None else [Source(say(lang, "actuals.own_months"), kept)]
    alone = not any(figure in one.history.figures for one in sources for figure in _SALES)
    found = together([*sources, *own] if alone else sources)
    told = [one for one in found.findings if one.kind not in _IN_TABLE]
    if alone and kept is not None:
        found = replace(found, rows=found.rows - kept.rows)
    say_found(found, told, lang)
    rate = float(point_value(scenario.tax.tax_rate))
    name = sources[0].name if len(sources) == 1 else say(lang, "actuals.these_files")
    pairs = [
        *reconciled(sources, tax_rate=rate),
        *(reconcile(Source(name, found), one, tax_rate=rate) for one in own),
    ]
    _differences(pairs, lang)
    partial = [m for m, share in zip(found.months, found.covered, strict=True) if 0 < share < 1]
    if partial:
        st.markdown(
            f":material/timelapse: {say(lang, 'actuals.files_part', months=', '.join(partial))}"
        )
    whole = [m for m, share in zip(found.months, found.covered, strict=True) if share >= 1]
    odd = sorted({one.month for one in found.findings if one.kind == "outlier"})
    out = leave_out(whole, running(whole, today()), odd, f"actuals_without_{key}_{lang}", lang)
    taken = found.used(out)
    if not taken.months:
        st.warning(say(lang, "actuals.files_nothing"))
        return
    channels = {name: one for file in read for name, one in file.channels.items()}
    if channels:
        names = listed(channels, lang)
        st.markdown(f":material/hub: {literal(say(lang, 'actuals.files_channels', names=names))}")
    mark = scenario.history.engagement_from or _mark(taken, key, lang)
    months_table(taken, "actuals_preview", lang, mark=mark)
    if kept is not None:
        st.caption(say(lang, "actuals.files_join"))
    changed = _overwritten(scenario, taken)
    if changed:
        st.warning(say(lang, "actuals.files_overwrite", count=changed))
    made = with_actuals(scenario, found, mark, channels=channels, without=out)
    idle = made == scenario
    foreign = not found.may_be_in(scenario.currency)
    if idle or foreign:
        words = "files_currency_first" if foreign else "files_in_force"
        st.caption(say(lang, f"actuals.{words}"))
    st.button(
        say(lang, "actuals.files_take", count=len(taken.months)),
        key="actuals_take",
        type="secondary" if idle else "primary",
        disabled=idle or foreign,
        icon=":material/check:",
        on_click=_take,
        args=(made, taken.months[0], taken.months[-1], lang),
    )


def _mark(taken: History, key: str, lang: Lang) -> str:
    """Ask from which of the months on the agency was at work, where that was not said, with what
    the months let guess chosen and named as a guess; return it, "" while it is not said.
    """
    guess = guessed_start(taken)
    months = ["", *reversed(taken.months)]
    chosen = st.selectbox(
        say(lang, "actuals.from_month"),
        months,
        index=months.index(guess[0]) if guess else 0,
        key=f"actuals_mark_{key}_{lang}",
        help=say(lang, "actuals.from_help"),
        format_func=lambda month: str(month) or say(lang, "actuals.from_choose"),
        width=320,
    )
    if guess and chosen == guess[0]:
        told = say(lang, f"actuals.guess_{guess[1]}", month=guess[0])
        st.markdown(f":orange[:material/help: {told}]")
    return str(chosen or "")


def _take(made: Scenario, first: str, last: str, lang: Lang) -> None:
    state.replace_whole(made)
    tab.pasted = ""
    tab.drop_all(lambda key: key.startswith(_PASTED))
    state.notice("success", say(lang, "actuals.files_taken", first=first, last=last))


def _overwritten(scenario: Scenario, taken: History) -> int:
    """Return how many figures of months that are there get another value."""
    count = 0
    for figure, values in taken.figures.items():
        before = scenario.history.of(figure, taken.months)
        count += sum(
            1
            for old, new in zip(before, values, strict=True)
            if abs(new - old) > 1e-6 * max(1.0, abs(old))  # False where one is not known
        )
    return count


def _differences(pairs: Sequence[Reconciled], lang: Lang) -> None:
    """Draw each figure of a month that two sources tell otherwise, with the usual reasons."""
    currency = state.scenario().currency
    for place, pair in enumerate(pairs):
        if not pair.differences:
            continue
        rows = [
            Row(
                "",
                f"{one.month} · {figure_words(one.figure, lang)}",
                (
                    _shown(one.figure, one.one, currency, lang),
                    _shown(one.figure, one.other, currency, lang),
                    _shown(one.figure, one.gap, currency, lang),
                    formats.percent(one.share),
                    _reasons(one, lang),
                ),
            )
            for one in pair.differences
        ]
        figure_table(
            f"actuals_differ_{place}",
            rows,
            [
                say(lang, "kpi.history_month"),
                pair.one,
                pair.other,
                say(lang, "actuals.col_gap"),
                say(lang, "actuals.col_share"),
                say(lang, "actuals.col_why"),
            ],
            f"{say(lang, 'actuals.reconcile')} · {pair.one} / {pair.other}",
            words=(5,),
            title=say(lang, "actuals.reconcile"),
            note=say(lang, "actuals.reconcile_note", same=pair.same)
            + ("" if lang == "zh" else " ")
            + say(lang, "actuals.reconcile_first"),
        )


def _shown(figure: str, value: float, currency: str, lang: Lang) -> str:
    if figure in MONEY and figure != "fees_paid":
        return formats.money(value, currency, lang)
    return formats.number(value)


def _reasons(one: Difference, lang: Lang) -> str:
    told = [reason_words(reason, lang) for reason in one.reasons]
    fitting, usual = told[: one.fits], told[one.fits :][:_USUAL]
    parts = [say(lang, "actuals.fits", reasons=apart(fitting, lang))] if fitting else []
    return apart([*parts, *usual], lang)
