"""Who did better? Several providers, stores or periods on one yardstick, each from its own scenario
file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.effect import Effect, effect_of
from funnel_sim.errors import refuse
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import DataOpen

FEWEST = 2


@dataclass(frozen=True)
class Provider:
    """One provider's result, money in the scenario's sales currency: its `effect`, the `fees`
    billed for the months since the mark (None where the bill is open), the margin after ads that
    the effect added in them (low, middle, high of the 80 % interval; None where it cannot be told),
    and what each unit of that margin cost in fees (None where nothing was added). `met` of
    `settled` KPIs of the contract whose window is over were met. How the service was is told as it
    was typed: `reply_hours` on average, `reports_on_time` of `reports_due`, `data_open`. `shown` is
    the currency in which its amounts are read (`Shown`).
    """

    name: str
    option: str
    currency: str
    months: int
    effect: Effect
    fees: float | None
    added: tuple[float, float, float] | None
    fee_per_added: float | None
    met: int
    settled: int
    reply_hours: float | None = None
    reports_due: int | None = None
    reports_on_time: int | None = None
    data_open: DataOpen = ""
    shown: str = ""

    @property
    def net(self) -> float | None:
        """What the margin added leaves after the fees, in the middle; None where not known."""
        if self.fees is None or self.added is None:
            return None
        return self.added[1] - self.fees


def provider(
    name: str,
    scenario: Scenario,
    option: Option,
    *,
    counted: Mapping[str, Sequence[float | None]] | None = None,
) -> Provider:
    """Return the result of one provider, from the scenario that holds its months and its contract.

    What the effect added is its share of the margin before ads of the months that came: sales that
    would not be there would have had the same margin, and the ads are paid either way.

    Args:
        name: what the provider is called.
        scenario: whose months since the mark are theirs.
        option: their contract.
        counted: KPIs that the store counts itself, by id, a value a month since the mark.

    Raises:
        InputError: if there is no mark, or no month since it.
    """
    effect = effect_of(scenario, option)
    found = bill_of(scenario, option, counted=counted)
    fees = None if found.total is None else float(found.total) / float(found.fx.mean())
    ledger = actual_ledger(scenario, [*found.months][: found.last])
    margin = float(ledger.month("cm2").sum())
    added = None
    if effect.found is not None and np.isfinite(ledger.month("cm2")).all():
        low, middle, high = (margin * one / (1.0 + one) for one in effect.found.whole)
        added = (low, middle, high)
    over = [
        one
        for one in found.kpis.values()
        if one.path.window_met is not None and not (set(one.unknown) and np.isnan(one.value))
    ]
    return Provider(
        name,
        option.id,
        scenario.currency,
        ledger.count,
        effect,
        fees,
        added,
        None if fees is None or added is None or added[1] <= 0 else fees / added[1],
        sum(bool(one.path.window_met[0]) for one in over if one.path.window_met is not None),
        len(over),
        scenario.history.reply_hours,
        scenario.history.reports_due,
        scenario.history.reports_on_time,
        scenario.history.data_open,
        scenario.shown,
    )


def providers(
    files: Sequence[tuple[str, Scenario, Option]],
) -> tuple[Provider, ...]:
    """Return several providers on one yardstick, the one with the largest middle effect first;
    those whose effect cannot be measured come last.

    Intervals that overlap tell none from the other: the order is of the middles alone.

    Args:
        files: the name, the scenario and the contract of each.

    Raises:
        InputError: if there are fewer than two.
    """
    if len(files) < FEWEST:
        raise refuse("files", len(files), "providers_few", least=FEWEST)
    return tuple(ranked(provider(*one) for one in files))


def ranked(rows: Iterable[Provider]) -> list[Provider]:
    """Return providers with the largest middle effect first; those whose effect cannot be measured
    come last, as they stood.
    """
    return sorted(
        rows,
        key=lambda row: (
            row.effect.found is None,
            0.0 if row.effect.found is None else -row.effect.found.whole[1],
        ),
    )


def apart(one: Provider, other: Provider) -> bool:
    """Return whether the 80 % intervals of two effects do not overlap.

    Args:
        one: a provider.
        other: another one.
    """
    first, second = one.effect.found, other.effect.found
    if first is None or second is None:
        return False
    return first.whole[0] > second.whole[2] or second.whole[0] > first.whole[2]
