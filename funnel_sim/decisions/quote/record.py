"""What a provider shows of itself, as evidence on its own quote: so many of its clients met their
KPIs.

Cases are chosen by who shows them, and move no verdict (docs/decisions/0026): they say how far a
claim may be believed at most. What a client measured itself is decisions/review/record.py.
"""

import math
from dataclasses import dataclass

from funnel_sim.scenario import effects
from funnel_sim.scenario.promise import Promise
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


def promise_of(scenario: Scenario, option: Option) -> Promise:
    """Return the promise as an option makes it: with its own record and claim where it shows a
    record, else the scenario's.

    Args:
        scenario: the store and its plan, as typed.
        option: whose record it is.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace({"promise.record_shown": 10.0})
        >>> own = Option(id="a", record_met=3.0, record_shown=4.0)
        >>> promise_of(store, own).record_shown, promise_of(store, Option(id="b")).record_shown
        (4.0, 10.0)
    """
    promise = scenario.promise
    if option.record_shown is None or option.record_met is None:
        return promise
    trust = promise.record_trust if option.record_trust is None else option.record_trust
    claimed = promise.claimed if option.claimed is None else option.claimed
    return promise.but(
        record_met=option.record_met,
        record_shown=option.record_shown,
        record_trust=trust,
        claimed=claimed,
    )


def with_promise_of(scenario: Scenario, option: Option | None) -> Scenario:
    """Return the scenario with the promise as an option makes it, unchanged where there is none.

    Args:
        scenario: the store and its plan, as typed.
        option: whose promise it is; None: the scenario's own.
    """
    if option is None:
        return scenario
    promise = promise_of(scenario, option)
    return scenario if promise == scenario.promise else scenario.but(promise=promise)


@dataclass(frozen=True)
class ClaimBelief:
    """How far a record lets a claim be believed: the probability that it is real `before` any
    record, at `least` and at `most` after it; `met` of `shown` clients, each counted as `trust` of
    one; `measured` says that they are engagements somebody measured, not cases that were shown.
    """

    before: float
    least: float
    most: float
    met: float
    shown: float
    trust: float
    measured: bool = False


def claim_belief(scenario: Scenario, option: Option) -> ClaimBelief | None:
    """Return how far the record of an option lets its claim be believed, whatever KPIs its clients
    had; None without a record.

    The KPI check weighs the same record by the probabilities of this store's KPIs
    (decisions/kpi/belief.py, `weigh`); no such probabilities within the bounds of data/effects.toml
    give more than `most` or less than `least`. A client's KPIs are never less likely to be met
    where the claim is true, so that clients who missed theirs never speak for it.

    Args:
        scenario: the store and its plan, as typed.
        option: whose record it is.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> found = claim_belief(
        ...     preset("amazon-de-kitchen"),
        ...     Option(id="a", record_met=1.0, record_shown=1.0, record_trust=1.0),
        ... )  # odds 0.12 / 0.88 × 0.8 / 0.2
        >>> found.before, round(found.most, 3)
        (0.12, 0.353)
    """
    promise = promise_of(scenario, option)
    if not promise.record_shown or promise.record_met is None:
        return None
    least, most = effects.record_bounds()
    missed = promise.record_shown - promise.record_met

    def told(p: float) -> float:
        return promise.record_met * math.log(p) + missed * math.log(1.0 - p)  # type: ignore[operator]

    best = told(min(most, max(least, promise.record_met / promise.record_shown)))
    before = effects.real(scenario.as_of)[0]

    def after(evidence: float) -> float:
        logit = math.log(before / (1.0 - before)) + promise.record_trust * evidence
        return 1.0 / (1.0 + math.exp(-logit)) if logit > -700 else 0.0

    return ClaimBelief(
        before,
        before if best == told(most) else after(told(most) - best),
        before if best == told(least) else after(best - told(least)),
        promise.record_met,
        promise.record_shown,
        promise.record_trust,
        option.record_measured and option.record_shown is not None,
    )
