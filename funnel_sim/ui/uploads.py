"""Tables that a reader uploads: read once a file, with the share read shown; and how their dates and decimals are written."""

from typing import Any

import streamlit as st

from funnel_sim.evidence.tables import Table, check_size, read_table
from funnel_sim.words import Lang, say


def table_of(upload: Any, kept: str, lang: Lang) -> Table:
    """Return the uploaded table, read once; `kept` names where the session keeps it. Raises InputError where it holds none."""
    known = st.session_state.get(kept)
    if known is None or known[0] != upload.file_id:
        bar = st.progress(0.0, text=say(lang, "customers.reading"))

        def show(share: float) -> None:
            bar.progress(share, text=say(lang, "customers.reading"))

        try:
            check_size(upload.size, upload.name)  # before the bytes are copied
            read = read_table(upload.getvalue(), upload.name, show)
        finally:
            bar.empty()
        st.session_state[kept] = (upload.file_id, read)
    table: Table = st.session_state[kept][1]
    return table


def ways_of_writing(left: Any, right: Any, prefix: str, lang: Lang) -> tuple[bool | None, str | None]:
    """Draw how dates and decimals are written; return whether the day comes first and the decimal mark, None where the column decides."""
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
