"""Which effect of the agency is believed: none, the sceptical one or the claimed one, and what its
record does to that belief.
"""

import math
from dataclasses import dataclass
from typing import Literal

from funnel_sim.errors import refuse
from funnel_sim.scenario import effects
from funnel_sim.scenario.scenario import Scenario

Belief = Literal["none", "sceptical", "claimed"]
BELIEFS: tuple[Belief, ...] = ("none", "sceptical", "claimed")


def with_belief(scenario: Scenario, belief: Belief) -> Scenario:
    """Return the scenario in which the operator has one of its effects, beside whatever effect was
    typed; on conversion, so that sales move by it.

    Args:
        scenario: the store and its plan, as typed.
        belief: which effect: none, sceptical or claimed.

    Raises:
        InputError: if every field that could hold the effect is taken.
    """
    if belief == "none":
        return scenario
    promise = scenario.promise
    field = next(
        (
            name
            for name in ("effect_add_to_cart", "effect_checkout", "effect_organic")
            if getattr(scenario.effect, name) == 1.0
        ),
        None,
    )
    if field is None:
        raise refuse("promise.believed", belief, "effect_taken")
    if belief == "sceptical":
        value: object = effects.sceptical(scenario.as_of).model_dump(mode="json")
    else:
        value = 1.0 + (
            effects.claimed(scenario.as_of)[0] if promise.claimed is None else promise.claimed
        )
    changes: dict[str, object] = {f"effect.{field}": value}
    if scenario.effect == type(scenario.effect)():
        changes["effect.effect_ramp_months"] = promise.promise_ramp
    return scenario.replace(changes)


def as_believed(scenario: Scenario) -> Scenario:
    """Return the scenario under the one effect that is believed; weighed ones are looked at under
    the sceptical.
    """
    believed = scenario.promise.believed
    return with_belief(scenario, "sceptical" if believed == "weighed" else believed)


@dataclass(frozen=True)
class Record:
    """What the operator's record does to the belief in its claim.

    `before` and `after`: the probability that the claim is real; `counted` of `shown` clients count
    after the discount for selection.
    """

    before: float
    after: float
    met: float
    shown: float
    counted: float


def weigh(scenario: Scenario, met_if_real: float, met_if_not: float) -> Record | None:
    """Return the probability that a claim is real, given the record; None without a record.

    Bayes' rule: the record's clients met their KPIs with the probability that these KPIs have if
    the claim is real, or if it is not; each client shown counts as `record_trust` of an independent
    one, because cases are chosen. Both probabilities are kept between bounds (data/effects.toml):
    other clients had other targets. A true claim never makes their KPIs less likely: where this
    store's are less likely under the claim than under an effect with a fat tail, the record tells
    nothing.

    Args:
        scenario: the scenario with its promise.
        met_if_real: probability of meeting all KPIs if the claim is real.
        met_if_not: the same if it is not.
    """
    promise = scenario.promise
    if not promise.record_shown or promise.record_met is None:
        return None
    before = effects.real(scenario.as_of)[0]
    least, most = effects.record_bounds()
    yes, no = (min(most, max(least, p)) for p in (met_if_real, met_if_not))
    yes = max(yes, no)
    missed = promise.record_shown - promise.record_met
    evidence = promise.record_trust * (
        promise.record_met * math.log(yes / no) + missed * math.log((1 - yes) / (1 - no))
    )
    logit = math.log(before / (1 - before)) + evidence
    return Record(
        before,
        _logistic(logit),
        promise.record_met,
        promise.record_shown,
        promise.record_trust * promise.record_shown,
    )


def _logistic(logit: float) -> float:
    """Return the probability of log-odds, however far from even.

    >>> _logistic(0.0), _logistic(-1e6), _logistic(1e6)
    (0.5, 0.0, 1.0)
    """
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    odds_of = math.exp(logit)
    return odds_of / (1 + odds_of)
