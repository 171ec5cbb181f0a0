"""What is worth more than a quote without signing it: another ad budget of one's own, and the
alternatives that pay off.
"""

from dataclasses import dataclass

from funnel_sim.chance.estimates import Estimate, Figure, estimate, probability
from funnel_sim.chance.heavy import without_means
from funnel_sim.decisions.customer.budgets import budget_now
from funnel_sim.decisions.quote.answer import Answers, OptionAnswer
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.incentives import BUDGETS, with_elasticity
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

PATHS = 4096
"""Paths for the ad budget of one's own: nine budgets are tried, and one is told."""


@dataclass(frozen=True)
class OwnBudget:
    """The ad budget that is best for the store alone, of those tried: `level` relative to the plan,
    `budget` a month in the sales currency (without other costs), what it leaves over the planned
    one and the probability of that; `assumed` the elasticity of the price of clicks where no
    channel has one.
    """

    level: float
    budget: float
    gain: Estimate
    better: Figure
    assumed: float | None


def own_budget(scenario: Scenario, paths: int = PATHS) -> OwnBudget | None:
    """Return the best ad budget of the store without anybody's help; None where nothing is spent on
    clicks or impressions, or the plan is as good as any.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws.
    """
    now = budget_now(scenario)
    if now <= 0:
        return None
    whole, assumed = with_elasticity(scenario, 1.0)
    plain = Option(id="tools", kind="tools", effect=0.0, ramp=0.0, renewal="open", term=1)
    levels = [level for level in BUDGETS if level != 1.0]
    found = outcomes(whole, [Case(plain.but(ad_budget=level)) for level in levels], paths=paths)
    sets = found[0].plan.replicates
    gains = [without_means(estimate(one.gain, sets), one.no_mean.gain) for one in found]
    best = max(range(len(levels)), key=lambda place: gains[place].centre.value)
    better = probability(found[best].gain > 0, sets)
    if gains[best].centre.value <= 0 or better.value < scenario.comparison.sign_odds:
        return None
    return OwnBudget(levels[best], levels[best] * now, gains[best], better, assumed)


def better_options(answers: Answers, name: str) -> list[OptionAnswer]:
    """Return the options other than a quote that are worth it and leave more than it does, the best
    first.

    Args:
        answers: the answers on every option.
        name: the id of the quote.

    Returns:
        Their answers.
    """
    mine = answers.level(answers.of(name).believed.gain).value
    others = [one for one in answers.options if one.option.id != name and one.verdict == "sign"]
    worth = [one for one in others if answers.level(one.believed.gain).value > max(mine, 0.0)]
    return sorted(worth, key=lambda one: -answers.level(one.believed.gain).value)
