"""The frame of every page: which scenario, undo and redo, share, export, language; and the pages in
five groups that do not move.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import Any

import streamlit as st

from funnel_sim.decisions.kpi.store_history import without_history
from funnel_sim.output.exports import file_name
from funnel_sim.output.words import formats
from funnel_sim.output.words.shown import currencies_of, shown_sentences
from funnel_sim.reference.places import country_words
from funnel_sim.scenario.files import MEDIA_TYPE, MOST_ASIDE, aside_named, to_text
from funnel_sim.scenario.quotes import MOST_QUOTES, Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.roles import chooser, quote_name, role
from funnel_sim.ui.session import address, state, undo
from funnel_sim.ui.session.calls import result_of
from funnel_sim.ui.session.own_numbers import own_of
from funnel_sim.ui.session.quotes import quotes_in
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.session.ticks import copied, taken, ticked, ticks_of
from funnel_sim.ui.widgets import private_window
from funnel_sim.words import LANGS, Lang, say

_browser = st.components.v2.component("funnel_sim_frame", js=static("frame.js"))
_copying = st.components.v2.component("funnel_sim_copy", js=static("copy.js"), isolate_styles=False)
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


@dataclass(frozen=True)
class MenuPage:
    """One page: its name in code, which with "-" for "_" is its address, and its sign in the
    menu.
    """

    name: str
    icon: str

    @property
    def path(self) -> str:
        """Return the address."""
        return HOME_PATH if self.name == "start" else self.name.replace("_", "-")


@dataclass(frozen=True)
class MenuGroup:
    """Pages that belong together."""

    name: str
    icon: str
    places: tuple[MenuPage, ...]


HOME_PATH = "home"
# Every address differs from its file's name on purpose: Streamlit 1.67 would else run a page file
# alone on a cold start (docs/decisions/0004-pages-folder.md). So each name has two words.
GROUPS = (
    MenuGroup("shop", "storefront", (MenuPage("start", "home"), MenuPage("my_shop", "tune"))),
    MenuGroup(
        "decide",
        "gavel",
        (
            MenuPage("quote_test", "request_quote"),
            MenuPage("kpi_check", "fact_check"),
            MenuPage("product_portfolio", "table_rows"),
            MenuPage("ad_budget", "pie_chart"),
        ),
    ),
    MenuGroup(
        "after",
        "event_repeat",
        (
            MenuPage("actual_months", "calendar_month"),
            MenuPage("monthly_review", "troubleshoot"),
            MenuPage("fee_settlement", "receipt_long"),
            MenuPage("contract_renewal", "autorenew"),
        ),
    ),
    MenuGroup(
        "understand",
        "insights",
        (
            MenuPage("unit_economics", "waterfall_chart"),
            MenuPage("risk_and_odds", "casino"),
            MenuPage("cash_flow", "account_balance_wallet"),
            MenuPage("cac_and_ltv", "group"),
            MenuPage("conversion_test", "science"),
            MenuPage("method_and_sources", "menu_book"),
        ),
    ),
    MenuGroup(
        "deliver",
        "ios_share",
        (
            MenuPage("side_by_side", "compare"),
            MenuPage("slide_show", "slideshow"),
            MenuPage("export_files", "download"),
        ),
    ),
)
PLACES = tuple(place for group in GROUPS for place in group.places)
TOUR = (
    ("doors", ".st-key-start_quote"),
    ("example", ".st-key-start_example, .st-key-go_on"),
    ("chip", ".st-key-chip"),
    ("undo", ".st-key-undo"),
    ("share", ".st-key-share"),
    ("menu", "[data-testid=stSidebarNav], nav.fs-bottom"),
)
"""The first tour: what each step tells, and what it points at."""
MOVED = {
    "inputs": "my_shop",
    "contract-review": "quote_test",
    "contract-check": "quote_test",
    "two-rates": "conversion_test",
    "presentation": "slide_show",
    "files": "export_files",
}
"""Addresses of earlier versions, which links that were sent still name."""
CONTRACT = ("contract-review", "contract-check")
"""Those that lead to the contract check beside a quote's verdict."""


def draw(go: Any, here: str) -> None:
    """Draw the bar on top of a page; `go` changes to another one.

    Args:
        here: name of the page that is shown.
    """
    lang = state.lang()
    with st.container(key="frame", horizontal=True, vertical_alignment="center"):
        text = _chip_text(lang)
        with st.popover(text, help=text, key="chip", type="tertiary", on_change="rerun") as chip:
            if chip.open:
                _chip(lang)
        st.button(
            say(lang, "frame.undo"),
            key="undo",
            icon=":material/undo:",
            type="tertiary",
            disabled=not undo.can_undo(),
            on_click=undo.undo,
        )
        st.button(
            say(lang, "frame.redo"),
            key="redo",
            icon=":material/redo:",
            type="tertiary",
            disabled=not undo.can_redo(),
            on_click=undo.redo,
        )
        with st.popover(
            say(lang, "shell.keep"), icon=":material/ios_share:", key="share", on_change="rerun"
        ) as share:
            if share.open:
                _share(lang)
        if st.button(say(lang, "page.export_files"), key="export", icon=":material/download:"):
            go("export_files")
        if role() == "sales" and here != "quote_test":  # where it stands on the page itself
            private_window.opener(lang)
        currency(lang)
        language()
        in_browser(here)  # inside the bar: an element of its own would leave a gap below it
    told = shown_sentences(state.scenario(), lang)
    if told:
        with st.container(key="shown_note"):
            st.caption(literal(told[0]), help=("" if lang == "zh" else " ").join(told[1:]))
    if tab.removed:
        with st.container(
            key=f"removed_{tab.removals}", horizontal=True, vertical_alignment="center"
        ):
            st.markdown(literal(tab.removed), width="content")
            st.button(
                say(lang, "frame.undo"),
                key="undo_removed",
                icon=":material/undo:",
                on_click=undo.undo,
            )
    if tab.toast:
        st.toast(literal(tab.toast))
        tab.toast = ""


def currency(lang: Lang, place: str = "") -> None:
    """Draw the choice of the currency in which results are shown, where there are two; it goes with
    the scenario into links and files. A phone has no room for it in the bar: there it stands below
    the scenario's name.

    Args:
        place: what tells a second choice on the same page from the first.
    """
    now = state.scenario()
    codes = currencies_of(now)
    if len(codes) < 2:
        return
    chosen = "home" if now.shown == codes[1] else "sales"
    key = f"{place}shown_in_{chosen}"  # another one after each change, also by undo and by links
    names = dict(zip(("sales", "home"), codes, strict=True))
    st.segmented_control(
        say(lang, "shown.title"),
        list(names),
        key=key,
        default=chosen,
        required=True,
        help=say(lang, "shown.help"),
        label_visibility="visible" if place else "collapsed",
        width="content",
        format_func=lambda one: str(names.get(one, one)),
        on_change=_currency_changed,
        args=(key,),
    )


def _currency_changed(key: str) -> None:
    state.change("shown_in", tab.typed(key))


def language() -> None:
    """Draw the choice of the language."""
    lang = state.lang()
    st.segmented_control(
        say(lang, "shell.language"),
        list(LANGS),
        key="language",
        default=lang,
        required=True,
        label_visibility="collapsed",
        width="content",
        format_func=lambda code: LANGUAGE_NAMES.get(code, str(code)),
        on_change=_language_changed,
    )


def _language_changed() -> None:
    chosen = tab.typed("language")
    if chosen in LANGS:
        tab.lang = chosen


def where(scenario: Scenario, lang: Lang) -> str:
    """Return platform and market of a scenario's shop."""
    return (
        " ".join(
            part for part in (scenario.platform, country_words(scenario.market).of(lang)) if part
        )
        or scenario.currency
    )


def told(scenario: Scenario, lang: Lang) -> str:
    """Return a scenario in a line: its name, its shop, the orders of a month."""
    parts = [scenario.name, where(scenario, lang)]
    try:
        orders = result_of(scenario).steady["orders"]
    except Exception:  # the page below says what is wrong
        orders = None
    if orders is not None:
        parts.append(say(lang, "frame.orders", orders=formats.number(round(orders))))
    return " · ".join(part for part in parts if part)


# ---- which scenario
# ----------------------------------------------------------------------------------


def _chip(lang: Lang) -> None:
    key = f"chip_name_{tab.revision}_{lang}"
    tab.seed(key, state.scenario().name)
    st.text_input(
        say(lang, "frame.name"),
        key=key,
        max_chars=60,
        placeholder=where(state.scenario(), lang),
        on_change=lambda: _rename(str(tab.typed(key) or "")),
    )
    currency(lang, "chip_")
    full = len(tab.compared) >= MOST_ASIDE
    st.button(
        say(lang, "frame.copy"),
        key="chip_copy",
        icon=":material/content_copy:",
        width="stretch",
        disabled=full,
        on_click=_copy,
    )
    st.caption(
        say(lang, "frame.full", most=MOST_ASIDE + 1) if full else say(lang, "frame.copy_help")
    )
    if tab.compared:
        st.markdown(f"**{say(lang, 'frame.others')}**")
    for index, one in enumerate(tab.compared):
        st.button(
            literal(f"{one.name} · {where(one.scenario, lang)}"),
            key=f"chip_switch_{index}",
            icon=":material/swap_horiz:",
            width="stretch",
            on_click=switch,
            args=(index,),
        )
    st.divider()
    chooser(lang)


def _chip_text(lang: Lang) -> str:
    """Return the line of the scenario; an example until the numbers a verdict rests on are
    typed.
    """
    now = state.scenario()
    text = literal(told(now, lang))
    example = own_of(now).example
    return f":gray-badge[{say(lang, 'shop.example')}] {text}" if example else text


def _rename(name: str) -> None:
    state.change("name", " ".join(name.split()))


def _copy() -> None:
    """Put the scenario at hand aside as it is, and go on with a copy under a name of its own."""
    lang = state.lang()
    now = state.scenario()
    name = now.name or where(now, lang)
    tab.compared = [*tab.compared, aside_named(name, now)]
    number = 2
    while any(one.name == f"{name} {number}" for one in tab.compared):
        number += 1
    state.replace_whole(now.replace({"name": f"{name[:50]} {number}"}))


def switch(index: int) -> None:
    """Take up a scenario that was put aside, and put the one at hand in its place."""
    lang, now = state.lang(), state.scenario()
    there = tab.compared[index]
    row = list(tab.compared)
    row[index] = aside_named(now.name or where(now, lang), now)
    tab.compared = row
    state.replace_whole(
        there.scenario if there.scenario.name else there.scenario.replace({"name": there.name})
    )


# ---- what somebody else gets
# -------------------------------------------------------------------------


def _share(lang: Lang) -> None:
    now = state.scenario()
    tab.seed("share_by", tab.by)
    by = str(
        st.text_input(
            say(lang, "frame.by"),
            key="share_by",
            max_chars=60,
            placeholder=say(lang, "frame.by_none"),
            on_change=_by,
        )
        or ""
    )
    months = (
        max((len(values) for values in (now.history.seen_gmv, now.history.seen_orders)), default=0)
        if now.history.first_month
        else 0
    )
    sent = now
    if months and not st.toggle(
        say(lang, "frame.with_history", months=months), key="share_history"
    ):
        sent = without_history(now)
        st.caption(say(lang, "frame.history_stays"))
    _left_out(now, lang)
    link = address.shared_link(sent, " ".join(by.split()), today(), ours=role() == "sales")
    if link is None:
        st.warning(say(lang, "shell.link_long"))
    else:
        st.markdown(f"**{say(lang, 'shell.share')}**")
        words = {"copy": "copy", "copied": "copied", "failed": "copy_failed"}
        told = {name: say(lang, f"shell.{key}") for name, key in words.items()}
        with st.container(key="share_link", gap="small"):
            _copying(key="share_copy", data=told | {"link": link})
            st.code(link, language=None, wrap_lines=True)
        kept = "share_help" if sent is now else "share_help_without"
        st.caption(say(lang, f"shell.{kept}"))
        if role() == "sales":
            st.caption(say(lang, "frame.as_offer"))
    st.download_button(
        say(lang, "shell.save"),
        data=partial(to_text, now, tuple(tab.compared), tab.role),
        file_name=f"{file_name(now)}.json",
        mime=MEDIA_TYPE,
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="save",
    )


def _left_out(scenario: Scenario, lang: Lang) -> None:
    """Say which ticked changes no link holds, with one click that makes a quote of them."""
    for option in ticked(scenario):
        told = say(lang, "frame.ticks_stay", name=quote_name(option, lang))
        st.warning(literal(told))
        st.button(
            say(lang, "frame.ticks_keep"),
            key=f"share_keep_{option.id}",
            icon=":material/content_copy:",
            disabled=len(quotes_in(scenario)) >= MOST_QUOTES,
            on_click=_keep_ticks,
            args=(scenario, option, lang),
        )


def _keep_ticks(scenario: Scenario, option: Option, lang: Lang) -> None:
    told, chosen = taken(scenario, option)
    copied(told, option, chosen, lang)
    ticks_of(option).clear()


def _by() -> None:
    tab.by = " ".join(str(tab.typed("share_by") or "").split())


def today() -> str:
    """Return the day on the reader's own clock, which may be another one than the server's."""
    offset = dt.timedelta(minutes=-(st.context.timezone_offset or 0))
    return (dt.datetime.now(dt.UTC) + offset).date().isoformat()


# ---- what the browser draws by itself
# ----------------------------------------------------------------


def in_browser(here: str) -> None:
    """Have the browser draw the bar at the foot of a phone, and listen to the keys; before the
    page, which may take its time.
    """
    lang = state.lang()
    groups = [
        {
            "name": say(lang, f"frame.group_{group.name}"),
            "icon": group.icon,
            "pages": [
                {
                    "title": say(lang, f"page.{one.name}"),
                    "path": "" if one.name == "start" else one.path,
                    "icon": one.icon,
                    "here": one.name == here,
                }
                for one in group.places
            ],
        }
        for group in GROUPS
    ]
    keys = [
        ["Ctrl Z", say(lang, "frame.undo")],
        ["Ctrl Shift Z", say(lang, "frame.redo")],
        ["← →", say(lang, "frame.key_slides")],
        ["Esc", say(lang, "frame.key_close")],
        ["?", say(lang, "frame.keys")],
    ]
    words = {
        "menu": say(lang, "frame.menu"),
        "keys": say(lang, "frame.keys"),
        "close": say(lang, "frame.close"),
        "tour": say(lang, "tour.again"),
        "skip": say(lang, "tour.skip"),
        "next": say(lang, "tour.next"),
        "done": say(lang, "tour.done"),
    }
    shown = groups if here in {one.name for one in PLACES} else []
    data = {
        "groups": shown,
        "keys": keys,
        "words": words,
        "page": here,
        "swaps": swaps(lang),
        "tour": _tour(lang) if here == "start" else [],
    }
    _browser(key="frame_parts", data=data)


@cache
def swaps(lang: Lang) -> dict[str, Any]:
    """Return the words that Streamlit writes itself, in the reader's language: whole texts, and
    patterns with what stands for them (data/streamlit_words.toml).
    """
    text = resources.files("funnel_sim").joinpath("data", "streamlit_words.toml")
    found = tomllib.loads(text.read_text("utf-8")).get(lang, {})
    return {"exact": found.get("exact", {}), "patterns": found.get("patterns", [])}


def _tour(lang: Lang) -> list[dict[str, str]]:
    """Return the steps of the first tour: where each points, what it says."""
    return [
        {
            "at": at,
            "title": say(lang, f"tour.{name}"),
            "text": say(lang, f"tour.{name}_text"),
        }
        for name, at in TOUR
    ]
