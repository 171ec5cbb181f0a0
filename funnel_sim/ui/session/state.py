"""What one browser tab holds: the scenario, the language, and what must be said once.

The scenario lives here and nowhere else; widgets are seeded from it and write to it. `revision`
grows whenever the scenario is replaced as a whole, so that every widget is seeded anew.
"""

import logging
from collections.abc import Mapping
from typing import Any

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.output.words.versions import version_note
from funnel_sim.scenario import links
from funnel_sim.scenario.files import Opened
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session.tab import ROLES, Tab, tab
from funnel_sim.words import LANGS, Lang, say

FIRST_PRESET = "amazon-de-kitchen"
_LONGEST_NAME = 60
log = logging.getLogger(__name__)


def ensure() -> None:
    """Set up a new session: language and scenario from the address, else the browser's and the
    first preset.
    """
    if tab.holds(Tab.scenario):
        return
    asked = st.query_params.get("lang", "")
    locale = (st.context.locale or "en").lower()
    tab.lang = asked if asked in LANGS else ("zh" if locale.startswith("zh") else "en")
    tab.revision = 0
    tab.scenario = preset(FIRST_PRESET)
    text = st.query_params.get("s", "")
    if text:
        open_link(text)
        tab.sent = (_short(st.query_params.get("by", "")), _short(st.query_params.get("on", "")))
        tab.sent_offer = st.query_params.get("as", "") == "offer"


def _short(text: str) -> str:
    """Return a name or a day from an address, as one line of bearable length."""
    return " ".join(text.split())[:_LONGEST_NAME]


def lang() -> Lang:
    """Return the language of the session."""
    return tab.lang


def scenario() -> Scenario:
    """Return the scenario of the session."""
    return tab.scenario


def replace_whole(new: Scenario) -> None:
    """Put another scenario in place; every widget is then seeded from it."""
    tab.scenario = new
    tab.revision += 1
    tab.problems = {}
    tab.range_before = {}


def replace_beside(new: Scenario, place: str) -> None:
    """Put a scenario in place of which one field was typed and others follow: widgets stay the same
    ones, so that what is being typed into the next of them is kept.

    Args:
        new: the scenario; where a value changed, its field shows the new one.
        place: path of the field that was typed.
    """
    tab.scenario = new
    tab.problems.pop(place, None)


def adopt(opened: Opened) -> None:
    """Put what a link or a file holds in place: the scenario, what was put aside with it, and who
    sits there.
    """
    replace_whole(opened.scenario)
    tab.compared = list(opened.aside)
    tab.role = next((one for one in ROLES if one == opened.role), tab.role)
    say_version(opened.model)


def change(path: str, value: Any) -> bool:
    """Set one field; keep the old value and remember the problem where the new one is refused.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        value: as the field keeps it, rates as fractions.
    """
    return change_all({path: value}, path)


def change_all(changes: Mapping[str, Any], place: str) -> bool:
    """Set several fields at once; a refusal is remembered at `place`.

    Args:
        changes: new values by path.
    """
    try:
        tab.scenario = scenario().replace(changes)
    except InputError as error:
        refused(place, error)
        return False
    tab.problems.pop(place, None)
    return True


def refused(place: str, error: InputError) -> None:
    """Remember what was refused at a place; its widget says so.

    Args:
        place: path of the field, or name of the form.
    """
    tab.problems[place] = error
    tab.problem_revisions[place] = tab.revision


def forget_widget(path: str) -> None:
    """Seed the number widget of a field anew from the scenario, after it was changed elsewhere."""
    tab.drop_all(lambda key: key.startswith("f:") and key.endswith(f":{path}"))
    tab.problems.pop(path, None)


def problem_at(place: str) -> InputError | None:
    """Return what was refused at a place and still stands in its widget; a widget that was seeded
    anew holds the last good value again.
    """
    now = tab.problem_revisions.get(place, tab.revision) == tab.revision
    return tab.problems.get(place) if now else None


def problems_forget(place: str) -> None:
    """Forget what was refused at a place that has no widget to stand in."""
    tab.problems.pop(place, None)


def open_link(text: str) -> bool:
    """Open a scenario from a link's text (or a whole address); say so where it cannot be."""
    try:
        opened = links.decode(links.code_in(text))
    except InputError as error:
        notice("error", say(lang(), "notice.unchanged", told=error.sentences(lang())[0]))
        return False
    adopt(opened)
    if opened.preset_changed:
        notice("warning", say(lang(), "notice.preset_changed"))
    return True


def say_version(made: str) -> None:
    """Say once what changed in the figures since the version of the model that a file or link
    names.
    """
    note = version_note(made, lang())
    if note:
        notice("warning", literal(note))


def notice(kind: str, text: str) -> None:
    """Say something once, on the next drawing of any page. `kind`: error, warning, success.

    Args:
        text: the sentence, in the reader's language.
    """
    tab.notices.append((kind, text))


def show_notices() -> None:
    """Draw and forget what is to be said once."""
    for kind, text in tab.notices:
        {"error": st.error, "warning": st.warning, "success": st.success}[kind](literal(text))
    tab.notices = []
