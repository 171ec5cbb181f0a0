"""The elasticity of demand that is suggested where nobody measured one."""

import datetime as dt

from funnel_sim.reference.price_settings import elasticity_prior
from funnel_sim.scenario.quantity import Pert


def suggested_elasticity(on: dt.date) -> Pert:
    """Return the range of the elasticity that is suggested on a day: P10, likely value and P90 of
    the dated prior, which is weak.

    Args:
        on: the scenario's day.

    Examples:
        >>> suggested_elasticity(dt.date(2026, 11, 27)).likely
        2.6
    """
    prior = elasticity_prior(on)
    assert prior.low is not None
    assert prior.typical is not None
    assert prior.high is not None
    return Pert(low=prior.low, likely=prior.typical, high=prior.high, meaning="p80")
