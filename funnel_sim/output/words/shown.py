"""In which currency results are shown, at which rate, and what stays in its own."""

from funnel_sim.model.valued import counts_at_home
from funnel_sim.output.words import formats
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import Shown
from funnel_sim.words import Lang, say


def currencies_of(scenario: Scenario) -> tuple[Shown, ...]:
    """Return the currencies in which results can be shown: that of the sales, and that at home
    where it is another one whose rate is known.
    """
    home = scenario.home
    return (Shown(scenario.currency), *(() if home is None else (home,)))


def beside(typed: str, value: float | None, scenario: Scenario, lang: Lang) -> str:
    """Return an amount as it was typed or agreed, with what it is at today's rate beside it where
    results are shown in another currency.

    Args:
        typed: the amount as text, in the currency in which it was typed.
        value: the same in the sales currency; None where there is none.
    """
    if value is None or scenario.shown == scenario.currency:
        return typed
    shown = formats.money(value, scenario.shown, lang)
    return say(lang, "shown.beside", typed=typed, shown=shown)


def shown_sentences(scenario: Scenario, lang: Lang, *, simulated: bool = True) -> list[str]:
    """Return in which currency results are shown and at which rate; nothing where that is the sales
    currency.

    Args:
        simulated: whether results of futures are among them.
    """
    shown = scenario.shown
    if shown == scenario.currency:
        return []
    own = scenario.currency != scenario.cost_currency
    parts = {
        "home": str(shown),
        "sales": scenario.currency,
        "rate": formats.exact(shown.rate) if own else f"{shown.rate:.4g}",
    }
    out = [say(lang, "shown.at_rate" if own else "shown.at_level", **parts)]
    if simulated and counts_at_home(scenario) and rate_wanders(scenario):
        out.append(say(lang, "shown.by_future", **parts))
    out.append(say(lang, "shown.stays", **parts))
    return out


def rate_wanders(scenario: Scenario) -> bool:
    """Return whether the exchange rate differs between futures: it has a range, walks, or an event
    moves it.
    """
    return (
        not isinstance(scenario.fx_rate, float | int)
        or scenario.chance.fx_walk
        or any(shock.effect == "fx" for shock in scenario.shocks)
    )
