"""Which changes of a counter-offer are ticked: they live in this tab only, until they are made a
quote of their own.
"""

from funnel_sim.decisions.quote.moves import Move, applied, can_be_combined, lowered, offer_settings
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import quote_answers
from funnel_sim.ui.session.quotes import copy, quotes_in
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say


def ticks_of(option: Option) -> dict[str, float | None]:
    """Return the ticked changes of a quote: their keys, and which share of a fee is left; forgotten
    when the quote changes.
    """
    every: dict[str, tuple[str, dict[str, float | None]]] = tab.quote_ticks
    text = option.model_dump_json()
    if every.get(option.id, ("", {}))[0] != text:
        every[option.id] = (text, {})
    return every[option.id][1]


def ticked(scenario: Scenario) -> list[Option]:
    """Return the quotes of which changes are ticked that no link and no file holds."""
    every = tab.quote_ticks
    return [
        one
        for one in quotes_in(scenario)
        if one.id in every and every[one.id][0] == one.model_dump_json() and every[one.id][1]
    ]


def at_level(option: Option, move: Move, left: float | None) -> Move:
    """Return a ticked change: a part of the fee at the share of it that is left, at first the usual
    one.

    Args:
        left: share of that part that stays [fraction]; None for the usual one.
    """
    if move.left is None:
        return move
    if left is None:
        return lowered(option, move.key, offer_settings()["first_level"])
    return lowered(option, move.key, left, typed=True)


def taken(scenario: Scenario, option: Option) -> tuple[Scenario, tuple[Move, ...]]:
    """Return the ticked changes of a quote that go together, and the scenario with the KPIs that
    they need.
    """
    ticks = ticks_of(option)
    told, _, changes = quote_answers.changes_of(scenario, option.id)
    chosen: list[Move] = []
    for one in changes:
        if one.move.key in ticks:
            move = at_level(option, one.move, ticks[one.move.key])
            if all(can_be_combined(move, other) for other in chosen):
                chosen.append(move)
    return told, tuple(chosen)


def copied(scenario: Scenario, option: Option, chosen: tuple[Move, ...], lang: Lang) -> None:
    """Add a second quote with the ticked changes, and the KPI that they need.

    Args:
        chosen: in the order in which they were ticked.
    """
    made = applied(option, chosen)
    needed = {kpi for _, kpi in made.kpis_named()}
    name = say(lang, "counter.copy_name", name=option_name(option, lang))
    kpis = tuple(one for one in scenario.kpis if one.id in needed)
    copy(made, name, kpis, same_agency=True)
