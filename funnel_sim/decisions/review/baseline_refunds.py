"""Refunds in the baseline of a share that no contract names: it is a usual month of the shop's
form, and so are the refunds that a share net of refunds takes off in it.
"""

import math
from dataclasses import dataclass

from funnel_sim.chance import history
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.kpi.own_basis import baseline_on_basis
from funnel_sim.decisions.quote.store_alone import baseline, basis_key, without_operator
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class BaselineRefunds:
    """What the form's refunds take off the baseline of a share, a month [sales currency]: `gross`
    before refunds, `net` after them. `lacks` are the months before the mark whose refunds nobody
    typed; `own` is what the store's own months come to net of refunds, and `months` which they are,
    None where they do not tell.
    """

    gross: float
    net: float
    lacks: tuple[str, ...]
    own: float | None
    months: tuple[str, ...]

    @property
    def rate(self) -> float:
        """What the form's refunds are of the baseline before them [fraction]."""
        return 1.0 - self.net / self.gross


def baseline_refunds(scenario: Scenario, option: Option) -> BaselineRefunds | None:
    """Return what the form's refunds take off the baseline of a share; None where the share is not
    net of refunds, not over a baseline, or the contract names one.

    Args:
        scenario: the store with its series of months.
        option: the terms of the contract.
    """
    if (
        not option.share_tiers
        or option.share_over != "baseline"
        or option.baseline is not None
        or not option.clawback
        or option.share_basis not in ("gmv", "sales")
    ):
        return None
    alone = without_operator(scenario)
    net, gross = (baseline(scenario, one) for one in (option, option.but(clawback=False)))
    if not gross > 0 or net >= gross:
        return None
    names = tuple(history.baseline_names(alone, "gmv"))
    lacks = tuple(
        name
        for name, value in zip(names, scenario.history.of("refunds", names), strict=True)
        if math.isnan(value)
    )
    own = (
        None if lacks or not names else baseline_on_basis(Context(alone), basis_key(alone, option))
    )
    return BaselineRefunds(
        gross, net, lacks, None if own is None else own[0], () if own is None else own[1]
    )
