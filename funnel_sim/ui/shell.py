"""The frame around every page: language, navigation, address, key figures, and the last resort for
errors.
"""

import logging
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.output.exports import file_name
from funnel_sim.output.words import formats
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.files import MEDIA_TYPE, to_text
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.upkeep import aged
from funnel_sim.ui.roles import ORDER, STRIP, chooser, role
from funnel_sim.ui.session import address, state
from funnel_sim.ui.session.calls import result_of
from funnel_sim.ui.session.home import HOME, PACKAGE
from funnel_sim.ui.session.latency import answer_at_once
from funnel_sim.ui.widgets.contrast import readable
from funnel_sim.ui.widgets.figures import show_explanation, strip
from funnel_sim.ui.widgets.take import chart_buttons
from funnel_sim.words import LANGS, Lang, say

log = logging.getLogger(__name__)
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
# Every address differs from its file's name on purpose: Streamlit 1.67 would else run a page file
# alone on a cold start (docs/decisions/0004-pages-folder.md).
PAGES = (
    ("start", "home", ":material/home:"),
    ("scenario", "inputs", ":material/tune:"),
    ("unit_economics", "unit-economics", ":material/waterfall_chart:"),
    ("risk", "risk-and-odds", ":material/casino:"),
    ("customers", "cac-and-ltv", ":material/group:"),
    ("kpi", "kpi-check", ":material/fact_check:"),
    ("quotes", "quote-test", ":material/request_quote:"),
    ("contract_check", "contract-review", ":material/gavel:"),
    ("conversion_test", "two-rates", ":material/science:"),
    ("compare", "side-by-side", ":material/compare:"),
    ("present", "presentation", ":material/slideshow:"),
    ("take_away", "files", ":material/download:"),
    ("method", "method-and-sources", ":material/menu_book:"),
)


def run() -> None:
    """Draw the app: the frame, then the page that the address asks for."""
    _prompt()
    state.ensure()
    lang = state.lang()
    pages = {
        name: st.Page(
            str(HOME / "pages" / f"{name}.py"),
            title=f"{icon} {say(lang, f'page.{name}')}",
            url_path=url,
            default=name == "start",
        )
        for name, url, icon in PAGES
    }
    st.session_state.pages = pages
    order = [name for name in ORDER[role()] if name in pages]
    page = st.navigation(
        [pages[name] for name in order], expanded=True
    )  # beyond twelve pages Streamlit would fold some away
    st.session_state.page = page.url_path
    here = next(name for name, each in pages.items() if each == page)
    if here != "present":  # where a presentation goes back to, and it begins at its first screen
        st.session_state.page_before, st.session_state.slide = here, 0
    _page_config(page.url_path, say(lang, f"page.{here}"))
    readable()
    _sidebar()
    page.run()
    address.write(page.url_path)
    chart_buttons(page.url_path)


@cache
def _prompt() -> None:
    """Once a process, before the first visitor's page."""
    answer_at_once()


def _page_config(url: str, title: str) -> None:
    """Set title, icon and width once for a page and language: each time makes the browser render
    all anew.
    """
    now = (url, title)
    if st.session_state.get("configured") != now:
        st.session_state.configured = now
        st.set_page_config(
            page_title=f"{title} · Funnel Sim",
            page_icon=str(PACKAGE / "data" / "icon.png"),
            layout="wide",
        )


def go(name: str) -> None:
    """Change to another page; language and scenario come along in the address."""
    st.switch_page(
        st.session_state.pages[name],
        query_params={"lang": state.lang()}
        | ({"s": address.link_text()} if address.link() else {}),
    )


def _sidebar() -> None:
    lang = state.lang()
    with st.sidebar:
        st.segmented_control(
            say(lang, "shell.language"),
            list(LANGS),
            key="language",
            default=lang,
            required=True,
            format_func=lambda code: LANGUAGE_NAMES.get(code, str(code)),
            on_change=_language_changed,
        )
        chooser(lang)
        with st.popover(
            say(lang, "shell.keep"),
            icon=":material/ios_share:",
            width="stretch",
            key="share",
            on_change="rerun",
        ) as share:
            if share.open:
                _save_and_share()


def _save_and_share() -> None:
    lang = state.lang()
    st.download_button(
        say(lang, "shell.save"),
        data=partial(to_text, state.scenario()),
        file_name=f"{file_name(state.scenario())}.json",
        mime=MEDIA_TYPE,
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="save",
    )
    st.markdown(f"**{say(lang, 'shell.share')}**")
    link = address.link()
    if link is None:
        st.warning(say(lang, "shell.link_long"))
        return
    st.code(link, language=None, wrap_lines=True)
    st.caption(say(lang, "shell.share_help"))


def _language_changed() -> None:
    chosen = st.session_state.get("language")
    if chosen in LANGS:
        st.session_state.lang = chosen


def _age(scenario: Scenario, lang: Lang) -> None:
    """Say in one sentence where the scenario's day asks more of the data than they know, and where
    its duty has changed since.
    """
    found = aged(scenario)
    if not found.said:
        return
    parts = []
    if found.past:
        parts.append(
            say(lang, "upkeep.past", day=scenario.as_of.isoformat(), last=DATA_DATE.isoformat())
        )
    elif found.late:
        names = [spec.label.of(lang) for path in found.late if (spec := spec_of(path)) is not None]
        parts.append(
            say(
                lang,
                "upkeep.late",
                day=scenario.as_of.isoformat(),
                names=say(lang, "upkeep.and").join(names),
            )
        )
    if found.duty_then is not None and found.duty_now is not None:
        parts.append(
            say(
                lang,
                "upkeep.duty",
                day=scenario.as_of.isoformat(),
                then=formats.percent(found.duty_then),
                last=DATA_DATE.isoformat(),
                now=formats.percent(found.duty_now),
            )
        )
    with st.container(horizontal=True, vertical_alignment="center", key="data_age"):
        st.caption(":orange[:material/event_busy:] " + " ".join(parts))
        if st.session_state.get("page") != "method-and-sources" and st.button(
            say(lang, "upkeep.see"), key="data_age_see", type="tertiary"
        ):
            go("method")


def page(
    draw: Callable[..., Any],
    *,
    figures: bool = True,
    prepare: Callable[[Result], Any] | None = None,
) -> None:
    """Draw one page: notices, key figures, the page itself, and any explanation asked for.

    `prepare` computes what `draw` needs before anything is sent, so that the browser gets the page
    in one piece (it renders anew for every piece). Whatever goes wrong inside is logged and said in
    one sentence; nobody sees a traceback.
    """
    state.ensure()
    lang = state.lang()
    try:
        result: Result = result_of(state.scenario())
        ready = prepare(result) if prepare else None
        state.show_notices()
        _age(result.scenario, lang)
        if figures:
            strip(result, STRIP[role()])
        draw(result, ready) if prepare else draw(result)
        show_explanation(result)
    except Exception:
        log.exception("page failed")
        st.error(say(lang, "shell.failed"))
