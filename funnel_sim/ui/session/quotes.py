"""The quotes of the scenario at hand: begun, copied, written; whichever page asks for it."""

from typing import Any

from funnel_sim.scenario import alternatives
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.promise import Promise
from funnel_sim.scenario.quotes import NEW_QUOTE, Option, counter_id
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab


def quotes_in(scenario: Scenario) -> list[Option]:
    """Return the quotes of a scenario."""
    return [option for option in scenario.options if option.kind == "quote"]


def begin(changes: dict[str, Any], brought: set[str], *, anew: bool = True) -> None:
    """Add the quote that is last among the changed options: with the usual ramp, shown and open;
    remember the KPIs that came with it.

    Args:
        changes: to the scenario, by path.
        brought: ids of the KPIs that came with it.
        anew: whether the page's fields are seeded again.
    """
    made = changes["options"][-1] = NEW_QUOTE | changes["options"][-1]
    if "ramp" not in made:
        made["ramp"] = changes["promise.promise_ramp"] = _usual_ramp(state.scenario())
    save(changes, anew=anew)
    tab.quote_shown = made["id"]
    tab.quote_opened[made["id"]] = True
    tab.quote_brought[made["id"]] = brought


def _usual_ramp(scenario: Scenario) -> float:
    """Return the months until all of an effect is there: those of the store's promise where one was
    typed, else the usual ones.
    """
    return (
        float(alternatives.usual_ramp(scenario).value)
        if _untold(scenario.promise)
        else scenario.promise.promise_ramp
    )


def _untold(promise: Promise) -> bool:
    """Say whether nobody typed what is promised, nor in how many months."""
    return promise.claimed is None and promise.promise_ramp == Promise().promise_ramp


def promised_ramp(scenario: Scenario) -> float:
    """Return the months until all of the store's promise is there: as the scenario has them; the
    usual ones while neither a quote nor a KPI rests on them and nobody typed any.
    """
    begun = quotes_in(scenario) or scenario.kpis
    return scenario.promise.promise_ramp if begun else _usual_ramp(scenario)


def save(changes: dict[str, Any], *, anew: bool = True) -> None:
    """Write changes to the options; the contract that was signed stays the signed one. What is
    refused is said once.

    Args:
        changes: to the options, by path.
        anew: whether the page's fields are seeded again; not while one of them is being typed into.
    """
    if state.change_all(state.scenario().signed_stays(changes), "options"):
        tab.revision += anew
        return
    error = state.problem_at("options")
    state.problems_forget("options")
    if error is not None:
        state.notice("error", error.sentences(state.lang())[0])


def copy(
    option: Option,
    name: str | None = None,
    kpis: tuple[Kpi, ...] = (),
    *,
    same_agency: bool = False,
) -> None:
    """Add a quote once more, under an id of its own, with KPIs that it needs and the store has not;
    it is then the one that is shown.

    Args:
        name: of the second one; None for the same as the first one's.
        kpis: those that it needs.
        same_agency: it is a counter-offer, drawn in the futures of the quote that it answers.
    """
    now = state.scenario()
    taken = [one.id for one in now.options]
    made = option.model_dump(mode="json") | {
        "id": counter_id(option.id, taken) if same_agency else now.fresh_option()
    }
    if name is not None:
        made["name"] = name
    had = {one.id for one in now.kpis}
    new = [one.model_dump(mode="json") for one in kpis if one.id not in had]
    begin(
        {"options": [*now.plain()["options"], made], "kpis": [*now.plain()["kpis"], *new]},
        {one["id"] for one in new},
    )
