"""A fold that stays as the reader left it while its title changes."""

from typing import Any

import streamlit as st

from funnel_sim.ui.session.tab import tab


def kept_fold(
    title: str,
    key: str,
    opened: dict[str, bool],
    name: str,
    *,
    icon: str | None = None,
    first: bool = False,
) -> Any:
    """Draw a fold and return it; `opened[name]` keeps whether it is open, `first` is what it is
    before anybody touched it.

    To Streamlit a fold with another title is another one, which starts closed. What the one before
    held is therefore put into it each time; its `expanded` stays, for that would make it another
    one as well, and the next click would be lost.

    Args:
        title: what the reader clicks.
        key: Streamlit's key of the fold.
        opened: whether each fold of the page is open, by name; written to.
        name: of the fold among those of the page.
        icon: of Streamlit; None for none.
        first: whether it is open before anybody touched it.
    """
    tab.put(key, bool(tab.typed(key, opened.get(name, first))))
    fold = st.expander(title, key=key, on_change="rerun", icon=icon)
    opened[name] = bool(fold.open)
    return fold
