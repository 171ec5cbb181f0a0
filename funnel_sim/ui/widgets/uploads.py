"""Tables that a reader uploads: read once a file, with the share read shown; and how their dates
and decimals are written.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.bounds import MB
from funnel_sim.evidence.tables.choices import Choice, shown
from funnel_sim.evidence.tables.columns import said
from funnel_sim.evidence.tables.headings import may_mean
from funnel_sim.evidence.tables.money import LARGEST_RATE, Into, into, rate_of
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.tables import Table, check_size, read_table
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session.remembered import keep, shelf
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.words import Lang, say

_SHOWN = 3  # values of a column beside its name
_LONGEST = 24
_LARGE = 3 * MB  # bytes of a file that takes longer to read than a button to find
_MANY = 50_000  # rows of such a file
_KEPT = 16  # answers about files that a tab remembers
_WORKED_OUT = "told by files"
_RATE = NumberKind(digits=0, low=1 / LARGEST_RATE, high=LARGEST_RATE)
Answer = TypeVar("Answer")


def tables_of(uploads: Sequence[Any], kept: str, lang: Lang) -> list[Table] | None:
    """Return the uploaded tables, each read once; those that are no longer there are forgotten.

    Args:
        uploads: the files.
        kept: where the session keeps tables by file.
        lang: the language.

    Returns:
        The tables, in the order of the files; None where the reader stopped the reading of one.

    Raises:
        InputError: where one holds no table.
    """
    there = {upload.file_id for upload in uploads}
    tab.tables[kept] = {
        file: table for file, table in tab.tables.get(kept, {}).items() if file in there
    }
    tables = [_table_of(upload, kept, lang) for upload in uploads if not _is_stopped(upload, lang)]
    return tables if len(tables) == len(uploads) else None


def _is_stopped(upload: Any, lang: Lang) -> bool:
    """Say whether the reader stopped the reading of a file, and offer to read it after all."""
    if upload.file_id not in tab.stopped:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say(lang, "customers.reading_stopped", name=literal(upload.name)))
        st.button(
            say(lang, "customers.reading_again"),
            key=f"read_again_{upload.file_id}",
            on_click=_stop,
            args=(upload.file_id, False),
        )
    return True


def _stop(file: str, stopped: bool) -> None:
    tab.stopped = tab.stopped | {file} if stopped else tab.stopped - {file}


def _table_of(upload: Any, kept: str, lang: Lang) -> Table:
    """Return an uploaded table, read once."""
    read_before = tab.tables.setdefault(kept, {})
    if upload.file_id not in read_before:
        check_size(upload.size, upload.name)  # before the bytes are copied
        read_before[upload.file_id] = _watched(
            upload.file_id,
            "table",
            lambda show: read_table(upload.getvalue(), upload.name, show),
            lang,
            large=upload.size > _LARGE,
        )
    return read_before[upload.file_id]


def worked_out(
    table: Table,
    file: str,
    asked: tuple[Hashable, ...],
    work: Callable[[Progress], Answer],
    lang: Lang,
) -> Answer:
    """Return what a table tells, worked out once for each question about it and stopped as its
    reading is.

    Args:
        table: the file.
        file: what tells it from others.
        asked: what is asked about it, then all that the answer depends on.
        work: works the answer out, telling how far it is.
        lang: the language.
    """
    known = shelf(_WORKED_OUT)
    if (file, asked) not in known:
        large = len(table.cells) > _MANY
        keep(
            _WORKED_OUT,
            (file, asked),
            _watched(file, str(asked[0]), work, lang, large=large),
            _KEPT,
        )
    answer: Answer = known[file, asked]
    return answer


def _watched(
    file: str, what: str, work: Callable[[Progress], Answer], lang: Lang, *, large: bool
) -> Answer:
    """Return what some work on a file brings, with the share that is done shown.

    A press of the button beside it is noticed where that share is told: Streamlit ends this run at
    its next call and begins another, in which the file counts as stopped; nothing of what the
    reader had before was changed.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, text=say(lang, "customers.reading"))
        stop = st.empty()
    if large:
        stop.button(
            say(lang, "customers.reading_stop"),
            key=f"stop_reading_{what}_{file}",
            icon=":material/close:",
            on_click=_stop,
            args=(file, True),
        )
    shown = 0

    def show(share: float) -> None:
        nonlocal shown
        if int(share * 100) != shown:  # a hundred steps, however many blocks
            shown = int(share * 100)
            bar.progress(share, text=say(lang, "customers.reading"))

    try:
        return work(show)
    finally:
        bar.empty()
        stop.empty()


def ways_of_writing(
    left: Any, right: Any, prefix: str, lang: Lang
) -> tuple[bool | None, str | None]:
    """Draw how dates and decimals are written; return whether the day comes first and the decimal
    mark, None where the column decides.

    Args:
        left: column of the page for the dates.
        right: column for the decimals.
        prefix: part of the widgets' keys.
    """
    order = left.selectbox(
        say(lang, "customers.date_order"),
        ["auto", "day", "month"],
        key=f"{prefix}_order_{lang}",
        format_func=lambda o: say(lang, f"customers.order_{o}"),
    )
    mark = right.selectbox(
        say(lang, "customers.decimal"),
        ["auto", ".", ","],
        key=f"{prefix}_mark_{lang}",
        format_func=lambda m: say(lang, "customers.order_auto") if m == "auto" else str(m),
    )
    return None if order == "auto" else order == "day", None if mark == "auto" else mark


def converted_to(
    named: Sequence[str], scenario: Scenario, prefix: str, file: str, lang: Lang
) -> Into | None:
    """Draw, where a file's money is in several currencies or in another than the scenario's,
    whether it is to be converted, and at which rates where not at those of the day; return into
    what, None for no conversion.

    Args:
        named: currencies of the file, ISO codes or signs.
        prefix: part of the widgets' keys.
        file: its name.

    Raises:
        InputError: where there is no rate.
    """
    if not named or (len(named) == 1 and scenario.currency in may_mean(named[0])):
        return None
    code = st.selectbox(
        literal(f"{say(lang, 'kpi.history_convert')} · {file} ({', '.join(named)})"),
        ["", scenario.currency],
        key=f"{prefix}_into_{scenario.currency}_{lang}",
        format_func=lambda one: str(one) or say(lang, "kpi.history_convert_not"),
        help=say(lang, "kpi.history_convert_help", day=scenario.as_of.isoformat()),
    )
    if not code:
        return None
    foreign = [mark for mark in named if scenario.currency not in may_mean(mark)]
    return into(code, scenario.as_of, _own_rates(foreign, scenario, prefix, lang))


def _own_rates(
    marks: Sequence[str], scenario: Scenario, prefix: str, lang: Lang
) -> dict[str, float]:
    """Draw what one unit of each currency is, empty for the rate of the day; return what was typed.

    Args:
        marks: currencies of the file that are not the scenario's, ISO codes or signs.
        prefix: part of the widgets' keys.
    """
    of_day = into(scenario.currency, scenario.as_of)
    out = {}
    for mark in marks:
        key = f"{prefix}_rate_{mark}_{scenario.currency}"
        typed = tab.own_rates.get(key)
        number(
            say(lang, "kpi.history_rate", code=mark, into=scenario.currency),
            typed,
            partial(_rate_typed, key),
            key=f"{key}_{lang}",
            kind=_RATE,
            help_=say(lang, "kpi.history_rate_help"),
            empty=_of_the_day(mark, of_day, lang),
        )
        if typed is not None:
            out[mark] = typed
    return out


def _rate_typed(key: str, value: float | None) -> bool:
    if value is None:
        tab.own_rates.pop(key, None)
    else:
        tab.own_rates[key] = value
    return True


def _of_the_day(mark: str, of_day: Into, lang: Lang) -> str:
    """Return what an empty box stands for: the rate of the day, or that there is none."""
    if len(may_mean(mark)) > 1:
        return say(lang, "kpi.history_rate_sign")
    try:
        found = rate_of(mark, of_day, mark)
    except InputError:
        return say(lang, "kpi.history_rate_none")
    return say(lang, "kpi.history_rate_day", rate=f"{found.value:.6g}", day=found.day)


def answered(
    table: Table, choices: Sequence[Choice], prefix: str, lang: Lang
) -> dict[str, str] | None:
    """Draw a question for each role that several columns could be.

    Args:
        table: the file.
        choices: where several columns could be a role.
        prefix: what tells the widgets of this file apart.
        lang: the language.

    Returns:
        The columns that were chosen by role; None while a question is open, before which nothing is
        computed.
    """
    out: dict[str, str] = {}
    open_ = [one for one in choices if not one.clear]
    if not open_:
        return out
    with st.container(border=True):
        st.markdown(f"**{say(lang, 'kpi.history_which_lead', file=literal(table.name))}**")
        for one in open_:
            values = {column: literal(shown(table, column)) for column in one.columns}
            found = st.radio(
                say(lang, "kpi.history_which", role=one.name.of(lang)),
                one.columns,
                index=None,
                key=f"{prefix}_which_{one.role}_{lang}",
                format_func=values.__getitem__,
            )
            if found is not None:
                out[one.role] = str(found)
        if len(out) < len(open_):
            st.caption(say(lang, "kpi.history_which_first"))
    return out if len(out) == len(open_) else None


def columns_chosen(
    table: Table,
    roles: Sequence[str],
    known: Mapping[str, str],
    prefix: str,
    lang: Lang,
    label: Callable[[str], str],
    answers: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Draw a choice of the column for each role, each column with its first values.

    Args:
        table: the file.
        roles: what columns are sought for, in the order of the screen.
        known: the column of each role that was recognised.
        prefix: what tells the widgets of this file apart.
        lang: the language.
        label: names a role.
        answers: columns that the reader chose where several could be a role; they are chosen here.

    Returns:
        The column of each role, "" for none.
    """
    answers = answers or {}
    known = {**known, **answers}
    chosen: dict[str, str] = {}
    examples = {
        column: " · ".join(
            _short(cell) for cell in said(table.cells[column]).drop_duplicates().head(_SHOWN)
        )
        for column in table.columns
    }

    def with_values(column: Any) -> str:
        return (
            f"{_short(column)}  ({examples[column]})"
            if column
            else say(lang, "kpi.history_no_column")
        )

    with st.grid(3, min_column_width=220):
        for role in roles:
            with st.container():
                options = ["", *table.columns]
                start = options.index(known[role]) if role in known else 0
                chosen[role] = str(
                    st.selectbox(
                        label(role),
                        options,
                        index=start,
                        key=f"{prefix}_column_{role}_{lang}{answers.get(role, '')}",
                        format_func=with_values,
                    )
                    or ""
                )
    return {role: column for role, column in chosen.items() if column or role in known}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
