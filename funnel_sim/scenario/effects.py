"""What an operator may bring: the sceptical effect that measured studies support, and what case
studies claim.
"""

import datetime as dt
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.special import ndtri

from funnel_sim.reference import studies
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.reference.studies import Prior
from funnel_sim.scenario.quantity import Sample
from funnel_sim.scenario.quote_effect import Service
from funnel_sim.stored import read_data
from funnel_sim.words import Words

_POINTS = 400


@dataclass(frozen=True)
class Knot:
    """One quantile of the sceptical effect: the share of operators below it, the relative change of
    sales, and the row that it rests on.
    """

    share: float
    change: float
    row: Prior


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(read_data("effects.toml"))


def _row(entry: dict[str, Any], on: dt.date) -> Prior:
    topic, quantity, scope = entry["row"]
    return studies.prior(topic, quantity, scope, on)


def _value(entry: dict[str, Any], on: dt.date) -> float:
    return float(getattr(_row(entry, on), entry["column"]))


@cache
def knots(service: Service = "full", on: dt.date = DATA_DATE) -> tuple[Knot, ...]:
    """Return the quantiles that the sceptical effect of a service is drawn through, rising; the
    common ones where no study of the service exists.

    Args:
        service: the service that is offered.
        on: the day for which the data are asked.

    Returns:
        Levels and changes of sales [fractions], each with its study.
    """
    rows = _data()[service if has_own(service) else "sceptical"]
    return tuple(Knot(entry["share"], _value(entry, on), _row(entry, on)) for entry in rows)


def has_own(service: Service) -> bool:
    """Say whether studies of one kind of service exist, so that it has a distribution of its own.

    >>> has_own("ads"), has_own("listing")
    (True, False)
    """
    return service in _data()


@cache
def sceptical(service: Service = "full", on: dt.date = DATA_DATE) -> Sample:
    """Return the sceptical effect as multipliers of sales: near 1; with a fat right tail, but for
    ads alone, where no study shows one.

    Args:
        service: the service that is offered.
        on: the day for which the data are asked.

    Examples:
        >>> round(sceptical().point, 3), round(sceptical("ads").point, 3)
        (1.017, 1.0)
    """
    at = np.array([ndtri(knot.share) for knot in knots(service, on)])
    logs = np.array([math.log1p(knot.change) for knot in knots(service, on)])
    asked = ndtri((np.arange(_POINTS) + 0.5) / _POINTS)
    inside = np.interp(asked, at, logs)
    slopes = (logs[1] - logs[0]) / (at[1] - at[0]), (logs[-1] - logs[-2]) / (at[-1] - at[-2])
    inside = np.where(asked < at[0], logs[0] + slopes[0] * (asked - at[0]), inside)
    inside = np.where(asked > at[-1], logs[-1] + slopes[1] * (asked - at[-1]), inside)
    return Sample(values=[round(float(v), 5) for v in np.exp(inside)])


def claimed(on: dt.date = DATA_DATE) -> tuple[float, Prior]:
    """Return the uplift of sales that is claimed where an operator names none, and its row."""
    return _value(_data()["claimed"], on), _row(_data()["claimed"], on)


def real(on: dt.date = DATA_DATE) -> tuple[float, Prior]:
    """Return the probability that a claimed effect is real before any record is looked at, and its
    row.
    """
    return _value(_data()["real"], on), _row(_data()["real"], on)


def record_bounds() -> tuple[float, float]:
    """Return the bounds of the probability with which a client of a record is taken to have met its
    KPIs.
    """
    return _data()["record"]["least"], _data()["record"]["most"]


def usual_rate_spread(on: dt.date = DATA_DATE) -> tuple[float, Prior]:
    """Return the usual spread of a rate between months (coefficient of variation), and its row."""
    return _value(_data()["rate_spread"], on), _row(_data()["rate_spread"], on)


def note(service: Service = "full") -> Words:
    """Return what the sceptical effect of a service rests on, in words."""
    notes = _data()["notes"]
    return (
        Words(notes[f"{service}_zh"], notes[f"{service}_en"])
        if service != "full"
        else Words(_data()["note_zh"], _data()["note_en"])
    )
