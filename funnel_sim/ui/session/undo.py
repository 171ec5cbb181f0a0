"""Undo and redo over everything that a tab would lose: its scenario, what was put aside to be
compared, and its portfolio.

A step is taken down whenever a run of the script finds something else than before, so no page has
to tell of its changes. The steps are bounded, belong to the tab and go with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from funnel_sim.scenario.files import Aside
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import state
from funnel_sim.ui.session.own_numbers import own_of
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say

MOST_STEPS = 60
_MOST_NAMES = 2


@dataclass(frozen=True)
class UndoStep:
    """What the tab held at one time."""

    scenario: Scenario
    aside: tuple[Aside, ...]
    portfolio: Portfolio | None = None


def record() -> None:
    """Take down what the tab holds now, where it is something else than at the last step; what was
    undone before is then gone.
    """
    now = UndoStep(tab.scenario, tuple(tab.compared), tab.portfolio)
    steps: list[UndoStep] = tab.steps
    if not steps:
        tab.steps, tab.step_at = [now], 0
        return
    last = steps[tab.step_at]
    same_rows = last.portfolio is now.portfolio
    if last.scenario is now.scenario and last.aside == now.aside and same_rows:
        return
    if same_rows and last == now:
        steps[tab.step_at] = now
        return
    del steps[tab.step_at + 1 :]
    steps.append(now)
    del steps[:-MOST_STEPS]
    tab.step_at = len(steps) - 1
    tab.touched = True
    if is_gone(last, now):
        tab.removed, tab.removals = _gone(last, now, tab.lang), tab.removals + 1
    else:
        tab.removed = ""


def _gone(before: UndoStep, after: UndoStep, lang: Lang) -> str:
    """Return in a sentence what is no longer there; another shop is said as one, with what became
    of the reader's own numbers.
    """
    if _rows_gone(before, after):
        return say(lang, "frame.removed", what=what_changed(before, after, lang))
    one, other = before.scenario, after.scenario
    if tab.portfolio_row and one.name != other.name == tab.portfolio_row:
        return say(lang, "frame.row_opened", name=other.name)
    typed = len(other.options) < len(one.options) or len(other.kpis) < len(one.kpis)
    if typed or not _another_shop(before, after) or len(after.aside) < len(before.aside):
        return say(lang, "frame.removed", what=what_changed(before, after, lang))
    had, has = (bool(own_of(shop).yours) for shop in (one, other))
    return say(lang, "frame.shop_came" if has else "frame.shop_left" if had else "frame.shop_other")


def _another_shop(before: UndoStep, after: UndoStep) -> bool:
    return (
        before.scenario.preset != after.scenario.preset
        or before.scenario.platform != after.scenario.platform
    )


def can_undo() -> bool:
    """Say whether there is a step to go back to."""
    return tab.step_at > 0


def can_redo() -> bool:
    """Say whether something was undone that can be done again."""
    return tab.step_at < len(tab.steps) - 1


def undo() -> None:
    """Go one step back; say what that changed."""
    if can_undo():
        _move(-1, "frame.undone")


def redo() -> None:
    """Go one step forward again; say what that changed."""
    if can_redo():
        _move(1, "frame.redone")


def _move(by: int, words: str) -> None:
    record()  # what was changed in this very run is a step of its own
    if not 0 <= tab.step_at + by < len(tab.steps):
        return  # after that change there is nothing to go forward to
    before, there = tab.steps[tab.step_at], tab.steps[tab.step_at + by]
    tab.step_at += by
    state.replace_whole(there.scenario)
    tab.compared = list(there.aside)
    if tab.portfolio is not there.portfolio:
        tab.portfolio = there.portfolio
        tab.portfolio_wrong, tab.portfolio_asked = {}, ()
    tab.removed = ""
    tab.toast = say(tab.lang, words, what=what_changed(before, there, tab.lang))


def _rows(value: Any, place: str = "") -> Iterator[tuple[str, int]]:
    """Yield every list of groups in plain data by its place, with its length."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _rows(part, f"{place}.{name}")
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        yield place, len(value)
        for one in value:
            if isinstance(one, dict):
                yield from _rows(one, f"{place}.{one.get('id', '')}")


def is_gone(before: UndoStep, after: UndoStep) -> bool:
    """Say whether something that was entered is no longer there: a row of any list, a scenario put
    aside, or a whole shop.
    """
    if len(after.aside) < len(before.aside) or _rows_gone(before, after):
        return True
    if before.scenario is after.scenario:
        return False
    if _another_shop(before, after):
        return True
    left = dict(_rows(after.scenario.plain()))
    return any(left.get(place, 0) < count for place, count in _rows(before.scenario.plain()))


def _rows_gone(before: UndoStep, after: UndoStep) -> bool:
    """Say whether a portfolio has fewer rows than before, or is another one."""
    if before.portfolio is None or before.portfolio is after.portfolio:
        return False
    return after.portfolio is None or len(after.portfolio.rows) < len(before.portfolio.rows)


def _rows_changed(before: UndoStep, after: UndoStep, lang: Lang) -> str:
    """Return in a few words what differs between two portfolios: the one row that does, else the
    portfolio.
    """
    old, new = (step.portfolio.rows if step.portfolio else () for step in (before, after))
    known = {id(row) for row in old} & {id(row) for row in new}
    apart = {row.name for row in (*old, *new) if id(row) not in known}
    if old and new and len(apart) == 1:
        return say(lang, "frame.portfolio_row", name=next(iter(apart)))
    return say(lang, "frame.portfolio")


def what_changed(before: UndoStep, after: UndoStep, lang: Lang) -> str:
    """Return in a few words what differs between two steps: the names of the fields, else the shop
    or the list.
    """
    if before.portfolio is not after.portfolio:
        return _rows_changed(before, after, lang)
    if before.scenario == after.scenario:
        return say(lang, "frame.aside")
    if (
        before.scenario.preset != after.scenario.preset
        or before.scenario.platform != after.scenario.platform
    ):
        return say(lang, "frame.shop")
    names: list[str] = []
    ours, theirs = before.scenario.plain(), after.scenario.plain()
    for path in _differing(ours, theirs, ""):
        spec = spec_of(path)
        if spec is not None and spec.label.of(lang) not in names:
            names.append(spec.label.of(lang))
    told = say(lang, "frame.apart").join(names[:_MOST_NAMES])
    rest = len(names) - _MOST_NAMES
    return (
        say(lang, "frame.and_more", names=told, count=rest)
        if rest > 0
        else told or say(lang, "frame.inputs")
    )


def _differing(one: Any, other: Any, place: str) -> Iterator[str]:
    """Yield the paths at which plain data differ, down to fields; a list whose rows are other ones
    is one place.
    """
    if one == other:
        return
    if (
        isinstance(one, dict)
        and isinstance(other, dict)
        and "dist" not in one
        and "dist" not in other
    ):
        for name in one.keys() | other.keys():
            yield from _differing(one.get(name), other.get(name), f"{place}.{name}".lstrip("."))
        return
    rows = [
        (
            [row.get("id") for row in value]
            if isinstance(value, list) and all(isinstance(row, dict) for row in value)
            else None
        )
        for value in (one, other)
    ]
    if rows[0] and rows[0] == rows[1] and None not in rows[0]:
        for mine, yours in zip(one, other, strict=True):
            yield from _differing(mine, yours, f"{place}.{mine['id']}")
        return
    yield place
