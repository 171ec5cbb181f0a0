"""Is this KPI realistic?

The probability of each KPI and of all together, month by month, and the target that would have a
good one, where one is worth asking for.

One simulation for each effect that may be believed (none, the sceptical one, the claimed one), all
on the same draws. What the headline rests on is chosen in `promise.believed`; the others stand
beside it. Read `check` from top to bottom.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance import history
from funnel_sim.chance.estimates import Figure, probability, quantile, quantiles
from funnel_sim.chance.simulation import Simulation
from funnel_sim.chance.streams import SamplingPlan, uniforms
from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.growth import UsualLevel
from funnel_sim.decisions.kpi.belief import BELIEFS, Belief, Record, as_believed, weigh, with_belief
from funnel_sim.decisions.kpi.draws import KpiDraws, draws_of, good_enough, horizon_of, met
from funnel_sim.decisions.kpi.measured import (
    Baseline,
    Floor,
    baseline_of,
    floor_of,
    key_of,
    months_added,
    target_of,
)
from funnel_sim.errors import InputError, Problem, refuse
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.kpi_metrics import OPERATIONAL, OPERATIONAL_WORDS, STEADY_METRICS
from funnel_sim.scenario.kpi_templates import has_example_counts, has_no_target
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS, Words

KpiVerdict = Literal["safe", "realistic", "stretch", "unrealistic"]
BAND = (0.1, 0.5, 0.9)
OFFERED: tuple[float, ...] = (0.5, 0.7, 0.8, 0.9)
"""Probabilities for which a counter-offer is made."""
YEAR = 12
"""Months of the longer period that a counter-offer tries: a whole year has no season of its own."""


# ---- the answer
# --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KpiAnswer:
    """What the simulation says of one KPI.

    `target` absolute; `probability` with its error; `by_belief` the probability under each effect;
    `by_month` the probability that the month alone meets the target; `place` the share of futures
    below the target; `offers` the target that has a given probability, None where none does that is
    as good as the `floor`; `held` the share of futures that reach the floor; `median` of the value;
    `quantiles` at 5, 10 … 95 %; `breaks_first` the share of failing futures in which this KPI is
    the first to fail; `months` the percentiles of each month (P10 P50 P90, months).
    """

    kpi: Kpi
    key: str
    target: float
    baseline: Baseline | None
    probability: Figure
    by_belief: Mapping[Belief, Figure]
    by_month: Array
    place: float
    offers: Mapping[float, float | None]
    floor: Floor | None
    quantiles: Array
    months: Array
    verdict: KpiVerdict
    breaks_first: float
    undefined: float
    held: float | None = None

    @cached_property
    def median(self) -> float:
        """The median of the value."""
        return float(self.quantiles[len(LEVELS) // 2])


LEVELS: tuple[float, ...] = tuple(round(0.05 * i, 2) for i in range(1, 20))


@dataclass(frozen=True)
class KpiCheck:
    """All answers to one set of KPIs: `joint` the probability that all are met, `joint_by_month`
    that each month meets all that are due in it; both without the KPIs of `left_out`, whose counts
    nobody typed.

    `at` is what the scenario comes to without chance, for further questions; `rests_on` is
    "history" or "assumptions"; `calibration` the funnel's steady month over the history's baseline
    (1 where they agree).
    """

    scenario: Scenario
    answers: tuple[KpiAnswer, ...]
    joint: Figure
    joint_by_belief: Mapping[Belief, Figure]
    joint_by_month: Array
    verdict: KpiVerdict
    record: Record | None
    rests_on: Literal["history", "assumptions"]
    history_months: int
    calibration: float | None
    simulation: Simulation
    at: Context = field(repr=False, compare=False)
    left_out: tuple[str, ...] = ()

    @property
    def counted(self) -> tuple[KpiAnswer, ...]:
        """The answers that stand in `joint`."""
        return tuple(one for one in self.answers if one.kpi.id not in self.left_out)

    @cached_property
    def year(self) -> Mapping[str, tuple[Kpi, KpiDraws]]:
        """Each KPI for which some probability has no target to offer, as it is over a year and what
        it then comes to, by id; worked out when it is first asked for.
        """
        asked = {one.kpi.id for one in self.answers if None in one.offers.values()}
        if not asked & {kpi.id for kpi in _over_a_year(self.scenario)}:
            return {}
        at, paths = self.at.without_targets, self.simulation.plan.paths
        found = at.once(f"a year on {paths}", lambda: _years(at, paths))
        kpis = [kpi for kpi in _over_a_year(self.scenario) if kpi.id in asked]
        return {kpi.id: (kpi, found[kpi.id]) for kpi in kpis}

    @property
    def hardest(self) -> KpiAnswer:
        """The KPI with the lowest probability, of those that are counted."""
        return min(self.counted, key=lambda answer: answer.probability.value)

    @property
    def first_to_break(self) -> KpiAnswer | None:
        """The KPI that most often fails first; None where none ever fails."""
        worst = max(self.answers, key=lambda answer: answer.breaks_first, default=None)
        return worst if worst is not None and worst.breaks_first > 0 else None


def _over_a_year(scenario: Scenario) -> list[Kpi]:
    """Return the KPIs of a scenario that can be judged over a year, as they then are."""
    return [
        kpi.but(window="total" if kpi.window == "total" else "average", month_from=1, month_to=YEAR)
        for kpi in scenario.kpis
        if kpi.metric not in STEADY_METRICS and kpi.metric not in OPERATIONAL
    ]


def _years(at: Context, paths: int) -> dict[str, KpiDraws]:
    """Return what each of these comes to in every future, as a whole and not by month."""
    kpis = _over_a_year(at.scenario)
    found, _ = draws_of(as_believed(at.scenario), kpis, paths=paths, at=at, by_month=False)
    return found


def kpi_verdict(scenario: Scenario, chance: float) -> KpiVerdict:
    """Return the word for a probability, by the scenario's bounds.

    Args:
        scenario: the store and its plan, as typed.
        chance: the probability, 0 to 1.
    """
    bounds = scenario.verdicts
    return (
        "safe"
        if chance >= bounds.safe
        else (
            "realistic"
            if chance >= bounds.realistic
            else "stretch"
            if chance >= bounds.stretch
            else "unrealistic"
        )
    )


def check(store: Scenario | Context, paths: int | None = None) -> KpiCheck:
    """Return the probability with which a scenario's KPIs are met, one by one and together.

    Args:
        store: the store as typed, or its context where that is at hand.
        paths: how many draws; the scenario's own where None.

    Raises:
        InputError: if there is no KPI, none whose counts were typed, or a relative one has no
            baseline.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> one = {"id": "a", "metric": "roas", "target": 1.0}
        >>> found = check(preset("amazon-de-kitchen").replace({"kpis": [one]}), paths=1024)
        >>> found.verdict, found.rests_on
        ('safe', 'assumptions')
    """
    at = context_of(store)
    scenario = at.scenario
    kpis = scenario.kpis
    if not kpis:
        raise refuse("kpis", None, "kpis_none")
    counted = [kpi for kpi in kpis if not has_example_counts(kpi) and not has_no_target(kpi)]
    if not counted:
        if not has_example_counts(kpis[0]):
            raise refuse(f"kpis.{kpis[0].id}.target", None, "kpi_target_missing")
        raise InputError([_uncounted(kpis[0])])
    targets = {kpi.id: target_of(at, kpi) for kpi in kpis}
    own: dict[
        str, KpiDraws
    ] = {}  # draws of KPIs that follow from their own counts only are the same under every effect
    levels: dict[str, UsualLevel] = {}  # and so are the usual months before any effect
    runs = {
        belief: draws_of(
            with_belief(scenario, belief), kpis, paths=paths, own=own, levels=levels, at=at
        )
        for belief in BELIEFS
    }
    plan = runs["none"][1].plan
    truths = {
        belief: {kpi.id: met(kpi, targets[kpi.id], found[kpi.id].value) for kpi in kpis}
        for belief, (found, _) in runs.items()
    }
    together = {
        belief: probability(_all_of(counted, truth), plan.replicates)
        for belief, truth in truths.items()
    }
    record = weigh(scenario, together["claimed"].value, together["sceptical"].value)
    chosen = _believed(
        scenario, plan, {belief: found for belief, (found, _) in runs.items()}, record
    )
    truth = {kpi.id: met(kpi, targets[kpi.id], chosen[kpi.id].value) for kpi in kpis}
    first = _first_to_fail(counted, targets, chosen, truth)
    answers = tuple(
        _answer(
            at,
            kpi,
            targets[kpi.id],
            chosen[kpi.id],
            truth[kpi.id],
            {b: probability(truths[b][kpi.id], plan.replicates) for b in BELIEFS},
            plan,
            first.get(kpi.id, 0.0),
        )
        for kpi in kpis
    )
    outlook = at.outlook
    joint = probability(_all_of(counted, truth), plan.replicates)
    return KpiCheck(
        scenario,
        answers,
        joint,
        together,
        _joint_by_month(counted, targets, chosen),
        kpi_verdict(scenario, joint.value),
        record,
        "assumptions" if outlook is None else "history",
        0 if outlook is None else outlook.outlook.months,
        calibration(at),
        replace(runs["none"][1], drawn={}),
        at,
        tuple(kpi.id for kpi in kpis if kpi not in counted),
    )


def _uncounted(kpi: Kpi) -> Problem:
    """Return that the counts of a KPI are still to be typed, under the one that is asked for first:
    what is done in a month, where the KPI has that.
    """
    name = "seen" if kpi.per_month is None else "per_month"
    zh, en = (
        f"{OPERATIONAL_WORDS[kpi.metric].of(lang)} · {specs_of(Kpi)[name].label.of(lang)}"
        for lang in LANGS
    )
    return Problem(f"kpis.{kpi.id}.{name}", None, "kpi_counts_example", label=Words(zh=zh, en=en))


def _all_of(kpis: Sequence[Kpi], truth: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Return in which futures every one of the KPIs is met."""
    return np.asarray(np.logical_and.reduce([truth[kpi.id] for kpi in kpis]))


def _believed(
    scenario: Scenario,
    plan: SamplingPlan,
    found: Mapping[Belief, Mapping[str, KpiDraws]],
    record: Record | None,
) -> Mapping[str, KpiDraws]:
    """Return the draws under the effect that is believed; weighed: each future has the claimed
    effect with the probability that the claim is real.
    """
    believed = scenario.promise.believed
    if believed != "weighed" or record is None:
        return found["sceptical" if believed == "weighed" else believed]
    return _mixed(plan, found["sceptical"], found["claimed"], record)


def _mixed(
    plan: SamplingPlan,
    sceptical: Mapping[str, KpiDraws],
    claimed: Mapping[str, KpiDraws],
    record: Record,
) -> dict[str, KpiDraws]:
    name = "promise.real"
    real = uniforms(plan, range(plan.replicates), [name])[name] < record.after
    return {
        key: KpiDraws(
            np.where(real, claimed[key].value, one.value),
            np.where(real, claimed[key].months, one.months),
        )
        for key, one in sceptical.items()
    }


def believed_draws(
    scenario: Scenario, kpis: Sequence[Kpi], record: Record | None, paths: int | None = None
) -> tuple[dict[str, KpiDraws], SamplingPlan]:
    """Return the draws of KPIs under the effect that is believed, as `check` has them, and their
    plan.

    Args:
        scenario: the store and its plan, as typed.
        kpis: what is measured, with targets, windows and bases.
        record: the record of the check; without one a weighed effect is the sceptical one.
        paths: how many draws; the scenario's own where None.

    Returns:
        (draws by the KPI's id, the plan of the draws).
    """
    found, run = draws_of(as_believed(scenario), kpis, paths=paths)
    if scenario.promise.believed != "weighed" or record is None:
        return found, run.plan
    claimed, _ = draws_of(with_belief(scenario, "claimed"), kpis, paths=paths)
    return _mixed(run.plan, found, claimed, record), run.plan


def _answer(
    at: Context,
    kpi: Kpi,
    target: float,
    drawn: KpiDraws,
    truth: NDArray[np.bool_],
    by_belief: Mapping[Belief, Figure],
    plan: SamplingPlan,
    breaks_first: float,
) -> KpiAnswer:
    chance = probability(truth, plan.replicates)
    known = ~np.isnan(drawn.value)
    ordered = np.sort(missed_without(kpi, drawn.value))
    with np.errstate(invalid="ignore"):
        levels = quantiles(ordered, LEVELS)
        reached = {
            p: quantile(ordered, 1 - p if kpi.comparator == "at_least" else p) for p in OFFERED
        }
        place = float(np.searchsorted(ordered, target) / ordered.size)
        by_month = np.array(
            [met(kpi, month_target(kpi, target), row).mean() for row in drawn.months]
        )
        months = np.array([quantiles(missed_without(kpi, row), BAND) for row in drawn.months]).T
    base = baseline_of(at, kpi)
    floor = floor_of(at, kpi, base)
    offers = {p: value if good_enough(kpi, value, floor) else None for p, value in reached.items()}
    return KpiAnswer(
        kpi,
        key_of(at.scenario, kpi),
        target,
        base,
        chance,
        by_belief,
        by_month,
        place,
        offers,
        floor,
        levels,
        months,
        kpi_verdict(at.scenario, chance.value),
        breaks_first,
        float(1 - known.mean()),
        None if floor is None else float(met(kpi, floor.value, drawn.value).mean()),
    )


def missed_without(kpi: Kpi, values: Array) -> Array:
    """Return draws of a KPI's figure in which a future without the figure counts as a miss:
    infinite on the bad side.

    Args:
        kpi: what is measured, its target, window and basis.
        values: draws in the unit of the metric, any shape; NaN where there is no figure.

    Returns:
        Draws of the same shape.

    Examples:
        >>> missed_without(Kpi(id="a", metric="roas", target=2.0), np.array([3.0, np.nan])).tolist()
        [3.0, -inf]
    """
    return np.where(np.isnan(values), -np.inf if kpi.comparator == "at_least" else np.inf, values)


def band(kpi: Kpi, values: Array) -> Array:
    """Return P10, P50, P90 of a KPI's figure, a future without it being a miss.

    Args:
        kpi: what is measured, its target, window and basis.
        values: draws in the unit of the metric, shape (paths,).

    Returns:
        Shape (3,), in that unit; NaN where no future has the figure.
    """
    return (
        np.full(3, math.nan)
        if np.isnan(values).all()
        else quantiles(missed_without(kpi, values), BAND)
    )


def month_target(kpi: Kpi, target: float) -> float:
    """Return what one month must be: the target itself, or its share of a total.

    Args:
        kpi: what is measured, its target, window and basis.
        target: the absolute target, in the unit of the metric.

    Returns:
        In the same unit, per month.
    """
    return target / months_added(kpi)


def _fails_in(kpi: Kpi, target: float, drawn: KpiDraws, truth: NDArray[np.bool_]) -> Array:
    """Return the month in which a KPI is known to have failed: the first bad one where every month
    counts, else the last of its window; infinite where it is met.
    """
    first, last = kpi.months
    when = np.full(truth.shape, float(last))
    if kpi.window == "every":
        bad = ~np.array([met(kpi, target, row) for row in drawn.months[first - 1 : last]])
        when = np.where(bad.any(axis=0), first + bad.argmax(axis=0), np.inf)
    return np.where(truth, np.inf, when)


def _shortfall(kpi: Kpi, target: float, values: Array) -> Array:
    """Return by how many of its own standard deviations a KPI is missed, for telling which of two
    that end together broke.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return np.full(values.shape, np.inf)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = (target - values if kpi.comparator == "at_least" else values - target) / max(
            float(known.std()), 1e-12
        )
    return np.where(np.isnan(gap), np.inf, gap)


def _first_to_fail(
    kpis: Sequence[Kpi],
    targets: Mapping[str, float],
    drawn: Mapping[str, KpiDraws],
    truth: Mapping[str, NDArray[np.bool_]],
) -> dict[str, float]:
    """Return of each KPI the share of failing futures in which it fails first; at the same time,
    the one furthest off.
    """
    when = np.stack([_fails_in(kpi, targets[kpi.id], drawn[kpi.id], truth[kpi.id]) for kpi in kpis])
    short = np.stack([_shortfall(kpi, targets[kpi.id], drawn[kpi.id].value) for kpi in kpis])
    failing = np.isfinite(when).any(axis=0)
    if not failing.any():
        return {kpi.id: 0.0 for kpi in kpis}
    when, short = when[:, failing], short[:, failing]
    earliest = when == when.min(axis=0)
    which = np.where(earliest, short, -np.inf).argmax(axis=0)
    return {kpi.id: float((which == index).mean()) for index, kpi in enumerate(kpis)}


def _joint_by_month(
    kpis: Sequence[Kpi], targets: Mapping[str, float], drawn: Mapping[str, KpiDraws]
) -> Array:
    """Return month by month the probability that the month meets every KPI whose window it lies in;
    NaN for a month without any.
    """
    out = []
    for month in range(1, horizon_of(kpis) + 1):
        due = [kpi for kpi in kpis if kpi.months[0] <= month <= kpi.months[1]]
        rows = [
            met(kpi, month_target(kpi, targets[kpi.id]), drawn[kpi.id].months[month - 1])
            for kpi in due
        ]
        out.append(float(np.logical_and.reduce(rows).mean()) if rows else math.nan)
    return np.array(out)


def calibration(store: Scenario | Context) -> float | None:
    """Return the funnel's steady month over the history's baseline, in the figure that the outlook
    follows; None without a history.
    """
    at = context_of(store)
    outlook = at.outlook
    if outlook is None:
        return None
    now = at.figure(history.sales_figure(at.scenario) if outlook.figure == "gmv" else "paid_orders")
    return None if now is None else now / outlook.baseline
