"""Response curves from what channels spent and sold month by month: how fast the price of a click
(of whatever the money buys) rises with the budget.

The model has a channel bring budget^(1 − e), so that the logarithm of what a month brought is a
straight line in the logarithm of what it spent, of slope 1 − e. What a month brought is divided by
the season of its calendar month first. Fitted as a posterior over e in [0, 1): the prior of
data/parameters/priors.csv (a normal by its P10 and P90) times the likelihood of the line with its
level and its noise integrated out,

    p(e | months) ∝ prior(e) · SSE(e)^(−(n − 1) / 2),

SSE being the sum of squares around the best line of slope 1 − e (level and logarithm of the noise
have flat priors; Gelman et al., Bayesian Data Analysis, on linear regression).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from funnel_sim.decisions.customer.budgets import ads_bought
from funnel_sim.evidence.store.channel_spend import ChannelMonths
from funnel_sim.model.arrays import Array
from funnel_sim.reference.budget_settings import ResponsePrior, budget_settings, response_prior
from funnel_sim.scenario.budget import BudgetBound
from funnel_sim.scenario.quantity import Pert, point_value
from funnel_sim.scenario.scenario import Scenario

_GRID = np.linspace(0.0, 0.995, 400)
_MIDDLE = 0.5
_DIGITS = 3


@dataclass(frozen=True)
class ResponseCurve:
    """The response of one channel: `low`, `likely`, `high` are P10, median and P90 of the
    elasticity e [1]; `alone` the elasticity of the line without a prior (NaN below three months, or
    where every month spent the same); `months` how many it rests on; `seen` the least and the most
    that was spent in a month; `from_data` how much narrower than the prior the months made it
    [fraction]. `enough`: there are months enough to fit.
    """

    channel: ChannelMonths
    low: float
    likely: float
    high: float
    alone: float
    from_data: float
    enough: bool

    @property
    def months(self) -> int:
        """How many months it rests on."""
        return self.channel.spend.size

    @property
    def seen(self) -> tuple[float, float]:
        """The least and the most that was spent in a month."""
        return float(self.channel.spend.min()), float(self.channel.spend.max())

    @property
    def typed(self) -> Pert:
        """The elasticity as a range of a scenario."""
        low, likely, high = (round(one, _DIGITS) for one in (self.low, self.likely, self.high))
        return Pert(low=low, likely=likely, high=high, meaning="p80")


def fitted(
    channel: ChannelMonths, season: Sequence[float] = (), known: ResponsePrior | None = None
) -> ResponseCurve:
    """Return the response of a channel that its months and the prior say.

    Args:
        channel: its months.
        season: sales index by calendar month, January first; none for a flat year.
        known: the prior; that of the data where None.

    Examples:
        >>> months = tuple(f"2026-{month:02}" for month in range(1, 13))
        >>> spend = np.array([500.0 + 100 * month for month in range(12)])
        >>> curve = fitted(ChannelMonths("Meta", months, spend, spend**0.6, "orders", "", 0))
        >>> round(curve.likely, 2), curve.enough
        (0.4, True)
    """
    known = known or response_prior()
    index = np.array([season[month - 1] if season else 1.0 for month in channel.calendar])
    use = index > 0
    x = np.log(channel.spend[use])
    y = np.log(channel.brought[use] / index[use])
    enough = x.size >= budget_settings().fewest_months and float(np.ptp(x)) > _SAME
    prior = norm.logpdf(_GRID, known.likely, known.sd)
    weights, alone = prior, math.nan
    if enough:
        dx, dy = x - x.mean(), y - y.mean()
        alone = 1.0 - float(dx @ dy) / float(dx @ dx)
        around = ((dy[None, :] - (1.0 - _GRID)[:, None] * dx[None, :]) ** 2).sum(axis=1)
        # months that lie on a line exactly still have a hair of noise
        noise = np.log(np.maximum(around, _EXACT * x.size))
        weights = prior - (x.size - 1) / 2 * noise
    settings = budget_settings()
    levels = (settings.level_low, _MIDDLE, settings.level_high)
    low, likely, high = _percentiles(weights, levels)
    before = _percentiles(prior, levels)
    narrower = 1.0 - (high - low) / (before[2] - before[0])
    return ResponseCurve(channel, low, likely, high, alone, max(0.0, narrower), enough)


_SAME = 0.02
"""Months whose spend differs by less than this part say nothing about a slope."""
_EXACT = 1e-6


def _percentiles(log_weights: Array, levels: Sequence[float]) -> tuple[float, ...]:
    weights = np.exp(log_weights - log_weights.max())
    pieces = (weights[1:] + weights[:-1]) / 2 * np.diff(_GRID)
    total = np.append(0.0, np.cumsum(pieces))
    return tuple(float(np.interp(one, total / total[-1], _GRID)) for one in levels)


def fit_all(scenario: Scenario, channels: Sequence[ChannelMonths]) -> tuple[ResponseCurve, ...]:
    """Return the response of each channel of a file, with the season of a scenario's plan.

    Args:
        scenario: whose season and day count.
        channels: of the file.

    Returns:
        A curve a channel, in the order of the file.
    """
    known = response_prior(scenario.as_of)
    return tuple(fitted(one, scenario.plan.season, known) for one in channels)


def matched(scenario: Scenario, curves: Sequence[ResponseCurve]) -> dict[str, str]:
    """Return which channel of a scenario each channel of a file is, by the file's name: of the same
    id or name; the only one where there is one on either side.

    Args:
        scenario: the store.
        curves: of the file.

    Returns:
        The scenario's channel by the name in the file; those that are none are left out.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> one = ChannelMonths("Meta", ("2026-01",), np.ones(1), np.ones(1), "orders", "", 0)
        >>> matched(preset("amazon-de-kitchen"), [fitted(one)])
        {'Meta': 'ads'}
    """
    paid = ads_bought(scenario)
    if len(paid) == len(curves) == 1:
        return {curves[0].channel.name: paid[0].id}
    by_word = {_plain(word): one.id for one in paid for word in (one.name, one.id) if word}
    found: dict[str, str] = {}
    for curve in curves:
        here = by_word.get(_plain(curve.channel.name))
        if here is not None and here not in found.values():
            found[curve.channel.name] = here
    return found


def _plain(word: str) -> str:
    return "".join(one for one in word.casefold() if one.isalnum())


def with_curves(
    scenario: Scenario, curves: Sequence[ResponseCurve], channel_of: Mapping[str, str]
) -> Scenario:
    """Return a scenario whose channels have the fitted responses, and what their months spent.

    The price of a click stays as it is: it holds at the channel's reference budget, or at today's
    where none is typed.

    Args:
        scenario: the store.
        curves: of a file.
        channel_of: the scenario's channel by the name in the file; others are left out.

    Raises:
        InputError: if a value cannot stand in the scenario.
    """
    taken = {
        channel_of[one.channel.name]: one for one in curves if channel_of.get(one.channel.name)
    }
    channels = []
    for one in scenario.channels:
        curve = taken.get(one.id)
        if curve is None:
            channels.append(one)
            continue
        today = point_value(one.budget)
        reference = one.reference_budget or (
            today if today > 0 else float(np.median(curve.channel.spend))
        )
        channels.append(one.but(elasticity=curve.typed, reference_budget=reference))
    bounds = [one for one in scenario.budget.bounds if one.channel not in taken]
    for name, curve in taken.items():
        low, high = curve.seen
        before = scenario.budget.bound(name)
        bounds.append(
            BudgetBound(
                channel=name, low=before.low, high=before.high, seen_low=low, seen_high=high
            )
        )
    return scenario.but(channels=channels, budget=scenario.budget.but(bounds=bounds))
