"""The forecast diary: what was said of each KPI on a day, kept as a file; opened again with what
came, it is scored.

The Brier score is the mean squared difference between the probability and what happened (1 met, 0
missed): 0 is perfect, 0.25 is what always saying 50 % gets (Brier 1950).
"""

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from funnel_sim.decisions.kpi.check import LEVELS, KpiCheck
from funnel_sim.errors import InputError, refuse

DIARY_VERSION = 1
LARGEST_FILE = 1024 * 1024
_BINS = ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0))
_CERTAIN = 1e-12


@dataclass(frozen=True)
class Forecast:
    """What was said of one KPI: its probability (`odds`), the values at 5, 10 … 95 %, and what came
    (None: not known yet).
    """

    kpi: str
    metric: str
    words: str
    comparator: str
    target: float
    odds: float
    quantiles: tuple[float, ...]
    came: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the KPI was met; None before it is known."""
        if self.came is None:
            return None
        return (
            self.came >= self.target if self.comparator == "at_least" else self.came <= self.target
        )

    @property
    def fell(self) -> float | None:
        """Where what came lies among the simulated outcomes, as a share below it; None before it is
        known.
        """
        if self.came is None:
            return None
        return float(np.interp(self.came, self.quantiles, LEVELS, left=0.0, right=1.0))


@dataclass(frozen=True)
class DiaryEntry:
    """One check as it was made: the day, the scenario's name, seed and version, and what was
    said.
    """

    made: dt.date
    name: str
    seed: int
    model_version: str
    joint: float
    said: tuple[Forecast, ...]

    def with_actuals(self, came: Mapping[str, float | None]) -> "DiaryEntry":
        """Return the entry with what came, by KPI."""
        return replace(
            self, said=tuple(replace(one, came=came.get(one.kpi, one.came)) for one in self.said)
        )


def entry_of(found: KpiCheck, words: Mapping[str, str], made: dt.date) -> DiaryEntry:
    """Return a check as an entry of the forecast diary.

    Args:
        found: the check.
        words: the name of each KPI as the reader saw it, by id.
        made: the day of the forecast.
    """
    said = tuple(
        Forecast(
            one.kpi.id,
            one.kpi.metric,
            words.get(one.kpi.id, one.kpi.metric),
            one.kpi.comparator,
            one.target,
            one.probability.value,
            tuple(float(q) for q in one.quantiles),
        )
        for one in found.answers
    )
    plan = found.simulation.plan
    return DiaryEntry(
        made,
        found.scenario.name or found.scenario.preset,
        plan.seed,
        found.simulation.model_version,
        found.joint.value,
        said,
    )


def diary_text(entry: DiaryEntry) -> str:
    """Return an entry as the text of a file."""
    said = [{**asdict(one), "quantiles": [_number(q) for q in one.quantiles]} for one in entry.said]
    body = {
        "funnel_sim_diary": DIARY_VERSION,
        "made": entry.made.isoformat(),
        "name": entry.name,
        "seed": entry.seed,
        "model_version": entry.model_version,
        "joint": entry.joint,
        "said": said,
    }
    return json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def read_diary(content: bytes, where: str = "diary") -> DiaryEntry:
    """Return the entry in a file of the forecast diary.

    Args:
        content: the whole file.
        where: what the message names, the file's name.

    Raises:
        InputError: if they hold no entry.
    """
    if len(content) > LARGEST_FILE:
        raise refuse(
            where,
            f"{len(content) / 1024 / 1024:.1f} MB",
            "file_large",
            limit=LARGEST_FILE // 1024 // 1024,
        )
    try:
        body = json.loads(content.decode("utf-8-sig"))
        if body["funnel_sim_diary"] != DIARY_VERSION:
            raise refuse(where, body["funnel_sim_diary"], "schema_unknown")
        said = tuple(_said(one) for one in body["said"])
        joint = float(body["joint"])
        if not said or not 0 <= joint <= 1:
            raise ValueError
        return DiaryEntry(
            dt.date.fromisoformat(body["made"]),
            str(body["name"]),
            int(body["seed"]),
            str(body["model_version"]),
            joint,
            said,
        )
    except InputError:
        raise
    except (
        KeyError,
        TypeError,
        ValueError,
        RecursionError,
    ):  # text that is no JSON raises a ValueError, too
        raise refuse(where, None, "diary_unreadable") from None


def _said(data: Mapping[str, Any]) -> Forecast:
    quantiles = tuple(math.inf if q is None else float(q) for q in data["quantiles"])
    odds, came = float(data["odds"]), data.get("came")
    if (
        len(quantiles) != len(LEVELS)
        or not 0 <= odds <= 1
        or data["comparator"] not in ("at_least", "at_most")
    ):
        raise ValueError
    return Forecast(
        str(data["kpi"]),
        str(data["metric"]),
        str(data["words"]),
        str(data["comparator"]),
        float(data["target"]),
        odds,
        quantiles,
        None if came is None else float(came),
    )


@dataclass(frozen=True)
class Score:
    """How the probabilities did: how many outcomes are known, how many KPIs were met, their Brier
    score and that of always saying the share that was met; `bins` are (from, to, number, said on
    average, met).
    """

    known: int
    met: int
    brier: float
    always: float
    bins: tuple[tuple[float, float, int, float, float], ...]


def score(entries: Iterable[DiaryEntry]) -> Score | None:
    """Return the score of every KPI whose outcome is known; None where none is."""
    pairs = [
        (one.odds, bool(one.met)) for entry in entries for one in entry.said if one.met is not None
    ]
    if not pairs:
        return None
    said, came = np.array([p for p, _ in pairs]), np.array([float(m) for _, m in pairs])
    bins = []
    for low, high in _BINS:
        here = (said >= low) & ((said < high) | ((high == 1.0) & (said >= 1.0 - _CERTAIN)))
        if here.any():
            bins.append(
                (low, high, int(here.sum()), float(said[here].mean()), float(came[here].mean()))
            )
    return Score(
        len(pairs),
        int(came.sum()),
        float(np.square(said - came).mean()),
        float(np.square(came.mean() - came).mean()),
        tuple(bins),
    )
