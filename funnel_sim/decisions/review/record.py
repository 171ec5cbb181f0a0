"""The record of a provider as its clients measured it: what it brought in past engagements, as
evidence on its next quote.

Read `measured_record`; what a provider shows of itself is decisions/quote/record.py. Why what was
measured moves the verdict and shown cases do not: docs/decisions/0060.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from funnel_sim.decisions.review.effect import Effect, likelihood
from funnel_sim.decisions.review.providers import provider
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.scenario import alternatives, effects
from funnel_sim.scenario.quantity import Sample
from funnel_sim.scenario.quote_effect import Service
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

_COMMON, _OWN, _TOLD = 201, 101, 41
_DIGITS = 5


@dataclass(frozen=True)
class MeasuredRecord:
    """What the files of past engagements say of a provider: `effects` as they were measured, by
    name; `belief` equally likely effects in the next store (relative changes, rising); `met` of
    `shown` engagements met all KPIs whose window is over (those without any are not counted).
    """

    names: tuple[str, ...]
    effects: tuple[Effect, ...]
    belief: tuple[float, ...]
    met: int
    shown: int

    @property
    def median(self) -> float:
        """The middle of what is believed of the next store."""
        return float(np.median(self.belief))


def measured_record(
    files: Sequence[tuple[str, Scenario, Option]], service: Service = "full"
) -> MeasuredRecord:
    """Return a provider's record as it was measured, each engagement from its own scenario file.

    Effects of one provider in several stores share a part: with normal scores z of the sceptical
    effect, z = √r · g + √(1 − r) · e, where g is the provider's and e the store's, and r says how
    far one store tells of the next (data/alternatives.toml, an assumption). Each file weighs g by
    how likely it makes what came; the next store draws e anew. No order of the files matters; with
    no file, or r = 0, it is the sceptical effect.

    Args:
        files: name, scenario with its marked months, and contract of each engagement.
        service: what the next quote offers.

    Raises:
        InputError: if no file's effect can be measured.
    """
    rows = [provider(name, scenario, option) for name, scenario, option in files]
    known = [
        (row, option)
        for row, (_, _, option) in zip(rows, files, strict=True)
        if row.effect.found is not None
    ]
    if not known:
        raise refuse("record", len(files), "record_unmeasured")
    alike = float(alternatives.default(files[0][1], "fading", "carries").value)
    common = _middles(_COMMON)
    own = _middles(_OWN)
    score = math.sqrt(alike) * common[:, None] + math.sqrt(1.0 - alike) * own[None, :]
    weight = np.ones(_COMMON)
    for row, option in known:
        found = row.effect.found
        assert found is not None
        weight = weight * likelihood(found, _effect(score, option.service)).mean(axis=1)
    next_ = (_effect(score, service) - 1.0).ravel()
    belief = _quantiles(next_, np.repeat(weight / _OWN, _OWN))
    settled = [row for row in rows if row.settled]
    return MeasuredRecord(
        tuple(row.name for row in rows),
        tuple(row.effect for row in rows),
        belief,
        sum(row.met == row.settled for row in settled),
        len(settled),
    )


def with_record(option: Option, record: MeasuredRecord) -> Option:
    """Return an option with what was measured of its provider: the effect believed, and the record,
    fully trusted, for nobody chose it. Where no engagement has a KPI whose window is over, the
    record stays as it was: what was shown is not made measured by an effect that was.

    Args:
        option: the next quote.
        record: what was measured.
    """
    made = option.but(effect=Sample(values=list(record.belief)))
    if not record.shown:
        return made
    return made.but(
        record_met=float(record.met),
        record_shown=float(record.shown),
        record_trust=1.0,
        record_measured=True,
    )


def _middles(count: int) -> Array:
    return np.asarray(ndtri((np.arange(count) + 0.5) / count))


def _effect(score: Array, service: Service) -> Array:
    """Return the multipliers of sales at normal scores of the sceptical effect of a service."""
    values = np.array(effects.sceptical(service).values)
    at = (np.arange(values.size) + 0.5) / values.size
    return np.asarray(np.interp(ndtr(score), at, values))


def _quantiles(values: Array, weight: Array) -> tuple[float, ...]:
    order = np.argsort(values, kind="stable")
    edges = np.cumsum(weight[order])
    picks = np.searchsorted(edges / edges[-1], (np.arange(_TOLD) + 0.5) / _TOLD)
    return tuple(round(float(values[order][min(p, values.size - 1)]), _DIGITS) for p in picks)


def engagement(
    name: str, scenario: Scenario, provider_name: str = ""
) -> tuple[str, Scenario, Option]:
    """Return one past engagement from its scenario file: the contract of the provider that is
    named, else the first quote.

    Args:
        name: what the engagement is called.
        scenario: the file's scenario.
        provider_name: how the provider is called in the next quote.

    Returns:
        (name, scenario, contract).

    Raises:
        InputError: if the file holds no quote.
    """
    quotes = [one for one in scenario.options if one.kind == "quote"]
    if not quotes:
        raise refuse(f"{name}: options", None, "review_no_option")
    mine = next((one for one in quotes if provider_name and one.name == provider_name), quotes[0])
    return name, scenario, mine
