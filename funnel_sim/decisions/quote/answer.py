"""Is this quote worth signing?

The verdict on every option, by how much it misses, and the fee that suits both sides: `compare` is
the answer.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from funnel_sim.chance.estimates import Estimate, Figure
from funnel_sim.chance.streams import LIVE, SamplingPlan, plan_of
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import SEARCH_PATHS, outcomes
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.decisions.quote.store_alone import options_of, without_operator
from funnel_sim.decisions.quote.summary import Summary, summary
from funnel_sim.decisions.quote.turning import Turning, turnings
from funnel_sim.model.arrays import Array
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

QuoteVerdict = Literal["sign", "renegotiate", "walk_away"]

Turn = Literal["nothing", "fee", "form", "doubt", "below_cost", "effect", "never"]

_CLAIM_SHARE = 4


@dataclass(frozen=True)
class FeeBand:
    """The fee, a month in which the engagement runs, that suits both: from what serving costs a
    lean agency (`low`; `typical` on average) to the highest at which the client would sign (`high`,
    which is `Miss.most`); `now` what is paid.

    `even` is the fee that leaves the client's mean gain at zero (the median where there is no
    mean), which may be too high to be signed for it loses too often. A media rebate that the agency
    keeps is taken off what serving costs it, down to zero: so much less does it need from the
    client.
    """

    low: float
    high: float
    now: float
    typical: float
    even: float

    @property
    def exists(self) -> bool:
        """Whether any fee suits both sides."""
        return self.high >= self.low

    @property
    def doubtful_to(self) -> float:
        """The fee asked below which, where none suits both, there is doubt rather than a plain no.

        Up to `low` it pays for serving nowhere, so that what it is for has to be asked. Above that
        it may come down to `high` where what is missing is no more than what a lean agency serves
        cheaper than a typical one.
        """
        return max(self.low, self.high + self.typical - self.low)


@dataclass(frozen=True)
class Miss:
    """By how much an option misses the verdict "sign", money of the sales currency a month in which
    the engagement runs.

    `short` by how much a fee lower by a fixed amount would have to be lower, below zero where there
    is that much to spare; `most` the highest average fee at which it would be signed, below zero
    where not even for nothing. `believed` the mean effect believed, `needed` the one from which it
    would be signed (None: none was found). `turns` the one change that makes it "sign": "nothing"
    is needed; a lower "fee", from which the agency still earns; a fee that suits both on average,
    but only in another "form", by results; a fee below the cost of serving even for a lean agency,
    while the fee asked is so low too (under `FeeBand.doubtful_to`) that there is "doubt" (who
    does the work?), or is not ("below_cost"); another "effect"; or "never".
    """

    short: float
    most: float
    believed: float
    needed: float | None
    turns: Turn


@dataclass(frozen=True)
class OptionAnswer:
    """One option: what it comes to as believed and as claimed (None where nobody claims anything),
    the verdict, where it turns, and the fee that suits both sides.
    """

    option: Option
    believed: Summary
    claimed: Summary | None
    verdict: QuoteVerdict
    turning: Turning
    band: FeeBand
    miss: Miss

    @property
    def score(self) -> float:
        """What is to spare a month before it would not be signed, below zero what is missing: the
        higher the better; what is claimed is not in it.
        """
        return -self.miss.short


@dataclass(frozen=True)
class Answers:
    """All options; `beats[a][b]` the probability that option a leaves more than option b, ties
    counted by half.
    """

    scenario: Scenario
    plan: SamplingPlan
    options: tuple[OptionAnswer, ...]
    beats: Mapping[str, Mapping[str, float]]
    sales_alone: float
    profit_alone: float

    @property
    def best(self) -> OptionAnswer | None:
        """The option with the highest mean gain (median where one has no mean), None where carrying
        on alone is better than all.
        """
        top = max(self.options, key=lambda one: self.level(one.believed.gain).value, default=None)
        return top if top is not None and self.level(top.believed.gain).value > 0 else None

    @property
    def by_median(self) -> bool:
        """Whether options are compared by their medians, because one of them has no mean: mean and
        median are not held against each other.
        """
        return any(one.believed.gain.heavy for one in self.options)

    def level(self, gain: Estimate) -> Figure:
        """Return what options are compared by: the mean, or the median of all where one has no
        mean.
        """
        return gain.quantiles[0.5] if self.by_median else gain.mean

    @property
    def ranked(self) -> tuple[OptionAnswer, ...]:
        """The options from the best to the worst, by their score."""
        return tuple(sorted(self.options, key=lambda one: -one.score))

    def of(self, name: str) -> OptionAnswer:
        """Return the answer on one option."""
        return next(one for one in self.options if one.option.id == name)


def worth_signing(scenario: Scenario, found: Summary) -> bool:
    """Return whether a case is worth signing: the mean gain above zero (the median where it has no
    mean), and the probability of being better off at least the one that was asked for.

    Args:
        scenario: the store and its plan, with the probability asked for.
        found: what the case comes to.
    """
    return found.gain.centre.value > 0 and found.better.value >= scenario.comparison.sign_odds


def quote_verdict(scenario: Scenario, believed: Summary, miss: Miss) -> QuoteVerdict:
    """Return the verdict: sign where it is worth it as believed, renegotiate where something is
    left to negotiate, else walk away.

    Something is left where another fee, or another form of fee, would make it worth it and leave
    the agency no loss; and where a lower fee would, and the fee asked is under
    `FeeBand.doubtful_to`. Along a fixed fee it only gets worse: up to `Miss.most` "sign", then
    "renegotiate", for good where `most` covers what serving costs a lean agency, else up to
    `FeeBand.doubtful_to`. A claim alone changes nothing. Where there is nobody to negotiate with
    (own team, consultant by the hour, tools), it is worth it or not.

    Args:
        scenario: the store and its plan, with the probability asked for.
        believed: what the option comes to with the effect that is believed.
        miss: by how much it misses being signed.
    """
    if worth_signing(scenario, believed):
        return "sign"
    return "renegotiate" if miss.turns in ("fee", "form", "doubt") else "walk_away"


def miss_of(scenario: Scenario, found: Outcome, turning: Turning) -> tuple[Miss, FeeBand]:
    """Return by how much an option misses being signed, the one change that turns it, and the fee
    that suits both sides.

    A fee lower by x in each running month leaves gain + x · months · (1 + tax on fees) in each
    future: x is the least at which the mean is zero and the share of futures above zero is as
    asked. Where there is no mean, the median is zero at the median of −gain / (months · (1 + tax)).
    Clauses that look at the fee itself (caps, bonuses by the base) are taken as they are.

    Args:
        scenario: the store and its plan, with the probability asked for.
        found: the option in every future.
        turning: the effects at which it turns.

    Returns:
        (the miss, the band of fees), amounts per running month [sales currency].
    """
    option, need = found.case.option, scenario.comparison.sign_odds
    lacks, months = found.no_mean, float(found.last.mean())
    worth = found.last * (1.0 + option.fee_tax)
    each = -found.gain / worth
    for_the_centre = (
        mean_or_median(each, lacks.gain)
        if lacks.gain
        else -float(found.gain.mean()) / float(worth.mean())
    )
    place = min(found.gain.size, math.ceil(need * found.gain.size)) - 1
    short = max(for_the_centre, float(np.partition(each, place)[place]))
    fees, cost = (
        found.income - found.rebate,
        found.serving - found.rebate,
    )  # the agency earns a media rebate that the client does not pay
    now = mean_or_median(fees / found.last, lacks.fee) if lacks.fee else float(fees.mean()) / months
    lean = float(
        np.quantile(cost / found.last, alternatives.default(scenario, "serving", "lean").value)
    )
    typical = (
        mean_or_median(cost / found.last, lacks.agency)
        if lacks.agency
        else float(cost.mean()) / months
    )
    band = FeeBand(max(lean, 0.0), now - short, now, max(typical, 0.0), now - for_the_centre)
    # the client's gain before the fees that it pays the agency
    left = found.gain + fees * (1.0 + option.fee_tax)
    by_results = band.even >= band.low and float((left > 0).mean()) >= need
    turns: Turn = (
        "nothing"
        if short < 0
        else (
            "effect"
            if not option.paid and turning.sign is not None
            else (
                "never"
                if not option.paid
                else (
                    "fee"
                    if band.exists
                    else (
                        "form"
                        if by_results
                        else (
                            ("doubt" if now < band.doubtful_to else "below_cost")
                            if band.high > 0
                            else "effect"
                            if turning.sign is not None
                            else "never"
                        )
                    )
                )
            )
        )
    )
    return Miss(short, band.high, float(found.effect.mean()), turning.sign, turns), band


@dataclass(frozen=True)
class Judged:
    """One option as it was judged, with its gain in every future, which tells whether it beats
    another one.
    """

    answer: OptionAnswer
    gain: Array


class JudgedOptions:
    """What was found of the options of one store, for the next question about them.

    Options do not look at each other: whoever changes one of five quotes asks anew about that one.
    Only the options compared last are kept, and only while store, plan and paths are the same.
    """

    def __init__(self) -> None:
        self._store: Hashable = None
        self._found: dict[str, Judged] = {}

    def known(self, store: Hashable, options: Sequence[Option]) -> dict[str, Judged]:
        """Return what is known of some options.

        Args:
            store: what else the answers rest on.
            options: the options, all of those that are compared.

        Returns:
            By their ids; an option that is not known, or was another one then, is left out.
        """
        if store != self._store:
            return {}
        return {
            option.id: self._found[option.id]
            for option in options
            if option.id in self._found and self._found[option.id].answer.option == option
        }

    def keep(self, store: Hashable, found: Mapping[str, Judged]) -> None:
        """Keep what was found, in place of what was kept before.

        Args:
            store: what else the answers rest on.
            found: the options by their ids.
        """
        self._store, self._found = store, dict(found)


def compare(
    scenario: Scenario,
    paths: int | None = None,
    store: Context | None = None,
    judged: JudgedOptions | None = None,
) -> Answers:
    """Return the answer on every option of a scenario, against carrying on alone, in the same
    futures.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; the scenario's own where None.
        store: the context of the store alone, where it is at hand.
        judged: what is known from the question before, and gets what is found now.

    Raises:
        InputError: if an option cannot be worked out, such as a claim of more buyers than visitors.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> quote = {"id": "quote", "base": 100000.0, "claimed": 0.2}
        >>> found = compare(preset("amazon-de-kitchen").replace({"options": [quote]}), paths=1024)
        >>> found.of("quote").verdict
        'walk_away'
    """
    store = Context(without_operator(scenario)) if store is None else store
    options = options_of(scenario, store)
    rests_on = scenario.model_dump_json(exclude={"options"}), paths
    found = {} if judged is None else judged.known(rests_on, options)
    new = [option for option in options if option.id not in found]
    found |= _judge(scenario, new, options, paths, store) if new else {}
    if judged is not None:
        judged.keep(rests_on, found)
    gains = {option.id: found[option.id].gain for option in options}
    beats = {
        a: {
            b: float((gains[a] > gains[b]).mean() + (gains[a] == gains[b]).mean() / 2)
            for b in gains
            if b != a
        }
        for a in gains
    }
    still = store.figure("gross_sales"), store.figure("profit")
    plan = plan_of(scenario.chance.paths if paths is None else paths, scenario.chance.seed)
    answers = tuple(found[option.id].answer for option in options)
    return Answers(scenario, plan, answers, beats, still[0] or 0.0, still[1] or 0.0)


def promise_kept(scenario: Scenario, option: Option, paths: int = LIVE) -> Summary:
    """Return what an option comes to where its promise is kept, as the verdict on it has it.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the quote.
        paths: futures of the verdict.
    """
    (found,) = outcomes(scenario, [Case(option, "claimed")], paths=_paths_of_claim(paths))
    return summary(found, course=False)


def _paths_of_claim(paths: int) -> int:
    """Return how many futures a claim is looked at in: it is one number, not a distribution, and a
    quarter of them estimates it as well.
    """
    return max(paths // _CLAIM_SHARE, SEARCH_PATHS)


def _judge(
    scenario: Scenario,
    options: Sequence[Option],
    every: Sequence[Option],
    paths: int | None,
    store: Context,
) -> dict[str, Judged]:
    """Return some of the options of a comparison, judged, by their ids."""
    believed = outcomes(
        scenario, [Case(option) for option in options], paths=paths, store=store, beside=every
    )
    few = _paths_of_claim(believed[0].plan.paths)
    claims = [Case(option, "claimed") for option in options if option.paid]
    paid = [option for option in every if option.paid]
    claimed = outcomes(scenario, claims, paths=few, store=store, beside=paid) if claims else []
    told = {one.case.option.id: summary(one, course=False) for one in claimed}
    turning = turnings(scenario, options, store)
    out = {}
    for found in believed:
        option, mine = found.case.option, summary(found)
        miss, band = miss_of(scenario, found, turning[option.id])
        verdict = quote_verdict(scenario, mine, miss)
        out[option.id] = Judged(
            OptionAnswer(
                option, mine, told.get(option.id), verdict, turning[option.id], band, miss
            ),
            found.gain,
        )
    return out
