"""On what a portfolio rests: the share of each channel, market, product, platform and source of
customers in profit and sales, what is left without it, and what it is worth that there are several.

Profits may be negative, so shares of profit are of the sum of what earns: losses are told beside
it, and the effective number counts what earns (docs/decisions/0076-carried-to-another-market.md). A
channel and a source bring no profit of their own, for fixed costs are nobody's: of these the shares
are of what is earned before fixed costs, each by taking it away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np

from funnel_sim.chance.estimates import Estimate, estimate, expected_shortfall
from funnel_sim.chance.heavy import without_means
from funnel_sim.chance.portfolio import SUMMED_BY, PortfolioSimulation, simulate_portfolio
from funnel_sim.decisions.portfolio.markets import PARTS
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.portfolio import group_figures, portfolio_figures
from funnel_sim.reference.portfolio_settings import most_lost_rows
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.in_force import ads_as
from funnel_sim.scenario.portfolio import TAGS, Portfolio, PortfolioRow, RowGroup
from funnel_sim.scenario.portfolio_rates import rates_of
from funnel_sim.scenario.scenario import Scenario

By = Literal["product", "market", "platform", "category", "group", "channel", "source"]
EVERY: tuple[By, ...] = (*cast("tuple[By, ...]", TAGS), "channel", "source")
OF_CHANNELS: tuple[By, ...] = ("channel", "source")
"""What is a part of each row, not rows of its own."""
REPEAT, REFERRAL = "repeat", "referral"
"""Sources beside the channels: customers who buy again, and those whom others sent."""
_NO_AGAIN: Mapping[str, Any] = {
    "customers.retention": "constant",
    "customers.repeat_probability": 0.0,
}
_NO_REFERRAL: Mapping[str, Any] = {"customers.referral": 0.0}


@dataclass(frozen=True)
class DependenceShare:
    """One word: what it brings in a steady month, in the portfolio's currency.

    `profit` is below zero for what loses; of a channel or source it is what is earned before fixed
    costs. `profit_share` is of the sum of what earns (below zero for what loses, None where nothing
    earns), `gmv_share` of all sales. `left` is the profit of the month without it, and all its
    costs; `left_fixed` the same while its fixed costs go on. `after` is the profit over the plan
    without it, in many futures; None where none were simulated.
    """

    name: str
    rows: int
    profit: float
    gmv: float
    profit_share: float | None
    gmv_share: float | None
    left: float
    left_fixed: float
    after: Estimate | None = None


@dataclass(frozen=True)
class WorstFutures:
    """Profit over the plan in the worst 5 % of futures, mean [portfolio's currency]: of all
    together, and of each alone in its own worst futures, added up. What several take off is
    `together` less `alone`, never below zero.
    """

    together: float
    alone: float

    @property
    def taken_off(self) -> float:
        """By how much the worst futures are better than those of all parts at once."""
        return self.together - self.alone


@dataclass(frozen=True)
class Dependence:
    """The shares of one kind, the largest profit first.

    `profit` and `gmv` are those of the whole a month, `earned` what those that earn bring, `lost`
    what the others lose (0 or below). `effective` and `effective_gmv` are how many equal ones the
    shares come to (1 / sum of squares), None where nothing earns or sells. `rest` is what channels
    bring together and none alone, 0 where amounts add up. `worst` is None where nothing was
    simulated, or the kind is not summed in every future; `paths` is how many futures were.
    """

    by: By
    currency: str
    shares: tuple[DependenceShare, ...]
    profit: float
    gmv: float
    earned: float
    lost: float
    effective: float | None
    effective_gmv: float | None
    rest: float = 0.0
    worst: WorstFutures | None = None
    paths: int = 0


def of_scenario(scenario: Scenario, currency: str = "") -> Portfolio:
    """Return a scenario as a portfolio of one row.

    Args:
        scenario: the store and its plan.
        currency: of the totals; that of its sales where empty.
    """
    name = scenario.name or scenario.preset or "-"
    row = PortfolioRow(name, "-")
    return Portfolio((row,), scenario.as_of, currency or scenario.currency, {"-": scenario})


def dependence(
    portfolio: Portfolio, by: By, simulated: PortfolioSimulation | None = None
) -> Dependence | None:
    """Return on what of a kind a portfolio rests; None where no row is told by it.

    Args:
        portfolio: the rows.
        by: one of `EVERY`.
        simulated: the futures of these rows, for what is left over the plan and the worst futures;
            channels and sources are then drawn again without each, where there are at most
            `most_lost_rows()` rows.

    Raises:
        InputError: if there is no such kind.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> found = dependence(of_scenario(preset("amazon-de-kitchen")), "channel")
        >>> [one.name for one in found.shares], round(found.effective, 1)
        (['organic', 'ads'], 1.2)
    """
    if by not in EVERY:
        raise refuse("by", by, "choice", allowed=", ".join(EVERY))
    if by in OF_CHANNELS:
        return _of_channels(portfolio, by, simulated)
    return _of_tag(portfolio, by, simulated, _by_row(portfolio))


def dependences(
    portfolio: Portfolio, simulated: PortfolioSimulation | None = None
) -> list[Dependence]:
    """Return the shares of every kind that the rows of a portfolio are told by.

    Args:
        portfolio: the rows.
        simulated: as in `dependence`.

    Returns:
        One a kind, in the order of `EVERY`.
    """
    by_row = _by_row(portfolio)
    tags = [_of_tag(portfolio, by, simulated, by_row) for by in EVERY if by not in OF_CHANNELS]
    parts = [_of_channels(portfolio, by, simulated) for by in OF_CHANNELS]
    return [one for one in (*tags, *parts) if one is not None]


@dataclass(frozen=True)
class _Part:
    """What a word brings a month, in the portfolio's currency; `fixed` costs above zero."""

    name: str
    rows: int
    profit: float
    gmv: float
    fixed: float = 0.0


def _shares(
    by: By,
    portfolio: Portfolio,
    parts: Sequence[_Part],
    total: _Part,
    after: Mapping[str, Estimate],
    simulated: PortfolioSimulation | None,
) -> Dependence:
    """Return the shares of some parts of a whole."""
    earned = sum(max(0.0, one.profit) for one in parts)
    rest = 0.0 if by not in OF_CHANNELS else total.profit + total.fixed - _sum(parts)
    shares = [
        DependenceShare(
            one.name,
            one.rows,
            one.profit,
            one.gmv,
            one.profit / earned if earned else None,
            one.gmv / total.gmv if total.gmv else None,
            total.profit - one.profit,
            total.profit - one.profit - one.fixed,
            after.get(one.name),
        )
        for one in parts
    ]
    return Dependence(
        by,
        portfolio.currency,
        tuple(sorted(shares, key=lambda one: (-one.profit, one.name))),
        total.profit,
        total.gmv,
        earned,
        sum(min(0.0, one.profit) for one in parts),
        _effective([one.profit for one in parts]),
        _effective([one.gmv for one in parts]),
        0.0 if abs(rest) < _SMALL * max(1.0, earned) else rest,
        _worst(simulated, by),
        0 if simulated is None else simulated.plan.paths,
    )


_SMALL = 1e-6


def _sum(parts: Sequence[_Part]) -> float:
    return sum(one.profit for one in parts)


def _effective(amounts: Sequence[float]) -> float | None:
    """Return how many equal ones some amounts come to; what is not above zero counts as none."""
    some = np.maximum(0.0, np.array(amounts))
    squares = float((some**2).sum())
    return float(some.sum()) ** 2 / squares if squares else None


# ---- rows by what they are tagged with -----------------------------------------------------------


def _of_tag(
    portfolio: Portfolio,
    tag: By,
    simulated: PortfolioSimulation | None,
    by_row: tuple[Array, Array, Array],
) -> Dependence | None:
    words = portfolio.tags(tag)
    if not any(words):
        return None
    profit, gmv, fixed = by_row
    places: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        places.setdefault(word, []).append(index)
    parts = [
        _Part(word, len(some), *(float(one[some].sum()) for one in (profit, gmv, fixed)))
        for word, some in places.items()
    ]
    total = _Part("", len(words), *(float(one.sum()) for one in (profit, gmv, fixed)))
    after = {} if simulated is None else _after(simulated, tag)
    return _shares(tag, portfolio, parts, total, after, simulated)


def _by_row(portfolio: Portfolio) -> tuple[Array, Array, Array]:
    """Return profit, sales and fixed costs of each row a month, in the portfolio's currency."""
    lines = PARTS["fixed"]
    found = portfolio_figures(portfolio, ("profit", "gmv", *lines))
    rates = np.empty(len(portfolio.rows))
    for group in portfolio.groups:
        rates[group.rows] = rates_of(portfolio, group)
    fixed = -np.sum([found[line] for line in lines], axis=0)
    return found["profit"] * rates, found["gmv"] * rates, fixed * rates


def _after(simulated: PortfolioSimulation, tag: By) -> dict[str, Estimate]:
    """Return the profit over the plan without the rows of each word of a tag."""
    if tag not in SUMMED_BY:
        return {}
    return {
        word: _estimate(simulated, simulated.total - draws)
        for word, draws in simulated.by_tag[tag].items()
    }


def _estimate(simulated: PortfolioSimulation, draws: Array) -> Estimate:
    return without_means(estimate(draws, simulated.plan.replicates), simulated.heavy)


def worst_mean(draws: Array) -> float:
    """Return the mean of the worst 5 % of some futures: the expected shortfall, as a result.

    Args:
        draws: results, shape (paths,).

    Examples:
        >>> worst_mean(np.arange(40.0))  # of 40 futures the worst two
        0.5
    """
    return expected_shortfall(np.sort(draws))


def _worst(simulated: PortfolioSimulation | None, tag: By) -> WorstFutures | None:
    if simulated is None or simulated.heavy or tag not in SUMMED_BY:
        return None
    parts = simulated.by_tag[tag]
    if not parts:
        return None
    alone = sum(worst_mean(draws) for draws in parts.values())
    return WorstFutures(worst_mean(simulated.total), alone)


# ---- parts of each row ---------------------------------------------------------------------------


def _of_channels(
    portfolio: Portfolio, by: By, simulated: PortfolioSimulation | None
) -> Dependence | None:
    alone = len(portfolio.rows) == 1
    taken: dict[str, list[Array]] = {}
    rows: dict[str, int] = {}
    whole = np.zeros(3)
    for group in portfolio.groups:
        for name, amounts in _of_group(portfolio, group, by, alone=alone).items():
            if name:
                taken.setdefault(name, []).append(amounts)
                rows[name] = rows.get(name, 0) + group.rows.size
            else:
                whole += amounts
    parts = [_Part(name, rows[name], *np.sum(some, axis=0)) for name, some in taken.items()]
    if not parts:
        return None
    parts = [replace(one, fixed=0.0) for one in parts]
    after = _drawn_without(portfolio, by, simulated, alone=alone)
    total = _Part("", len(portfolio.rows), *(float(one) for one in whole))
    return _shares(by, portfolio, parts, total, after, simulated)


def _of_group(portfolio: Portfolio, group: RowGroup, by: By, *, alone: bool) -> dict[str, Array]:
    """Return profit, sales and fixed costs that go with each channel or source of a group's rows,
    the sums of the rows; "" those of the rows as they are, and what they have without any sale.
    """
    rates = rates_of(portfolio, group)

    def worked(changes: Mapping[str, Any], off: Sequence[Channel] = ()) -> Array:
        part = _with(group, changes)
        moved = {
            path: np.zeros(group.rows.size) for channel in off for path in _amounts(part, channel)
        }
        found = group_figures(part, ["profit", "gmv"], moved=moved)
        return np.array([(found[key] * rates).sum() for key in ("profit", "gmv")])

    scenario = group.scenario
    now = worked({})
    nothing = worked({}, scenario.channels)
    out: dict[str, Array] = {"": np.array([*now, -nothing[0]])}
    first = now if by == "channel" else worked({**_NO_AGAIN, **_NO_REFERRAL})
    base: Mapping[str, Any] = {} if by == "channel" else {**_NO_AGAIN, **_NO_REFERRAL}
    for name, some in _named(scenario, alone=alone).items():
        gone = first - worked(base, some)
        if np.any(gone):
            out[name] = np.array([*gone, 0.0])
    if by == "source":
        again = worked(_NO_REFERRAL)
        for name, gone in ((REPEAT, again - first), (REFERRAL, now - again)):
            if np.any(np.abs(gone) > _SMALL):
                out[name] = np.array([*gone, 0.0])
    return out


def _with(group: RowGroup, changes: Mapping[str, Any]) -> RowGroup:
    """Return a group with a switch changed for all of its rows."""
    if not changes:
        return group
    given = {path: value for path, value in group.given.items() if path not in changes}
    if "customers.retention" in changes:  # what says how often customers come back says it no more
        given = {
            path: value
            for path, value in given.items()
            if not path.startswith("customers.") or path in _OF_ONE_ORDER
        }
    return RowGroup(group.scenario.replace(changes), group.rows, given)


_OF_ONE_ORDER = ("customers.referral", "customers.repeat_order_value")


def _named(scenario: Scenario, *, alone: bool) -> dict[str, list[Channel]]:
    """Return a scenario's channels by what they are told as: each by its id where there is one row,
    else by how its visits come.
    """
    out: dict[str, list[Channel]] = {}
    for channel in scenario.channels:
        name = channel.id if alone else channel_kind(channel)
        out.setdefault(name, []).append(channel)
    return out


def channel_kind(channel: Channel) -> str:
    """Return how a channel's visits come: "ads", "creators", "free", "list" or "typed" (orders
    typed without ads).

    >>> (
    ...     channel_kind(Channel(id="a", kind="cpm", ctr=0.01)),
    ...     channel_kind(Channel(id="b", kind="orders")),
    ... )
    ('ads', 'typed')
    """
    if channel.kind == "orders":
        return "typed" if ads_as(channel) is None else "ads"
    return {"cpc": "ads", "cpm": "ads", "share": "creators", "organic": "free", "list": "list"}[
        channel.kind
    ]


_OFF = {
    "cpc": ("budget",),
    "cpm": ("budget",),
    "share": ("impressions",),
    "organic": ("impressions",),
    "list": ("impressions",),
    "orders": ("known_sales", "known_spend", "tacos_rate"),
}
"""What is nothing where a channel is gone, by its kind."""


def _amounts(group: RowGroup, channel: Channel) -> list[str]:
    paths = [f"channels.{channel.id}.{name}" for name in _OFF[channel.kind]]
    return [path for path in paths if group.scenario.may_be_given(path)]


def _drawn_without(
    portfolio: Portfolio, by: By, simulated: PortfolioSimulation | None, *, alone: bool
) -> dict[str, Estimate]:
    """Return the profit over the plan without each channel, on the draws of the futures."""
    if simulated is None or by != "channel" or len(portfolio.rows) > most_lost_rows():
        return {}
    rows = [portfolio.scenario_of(n) for n in range(len(portfolio.rows))]
    named = [_named(one, alone=alone) for one in rows]
    out = {}
    for name in dict.fromkeys(name for one in named for name in one):
        changed = []
        for row, channels in zip(portfolio.rows, named, strict=True):
            off = {
                f"channels.{one.id}.{part}": 0.0
                for one in channels.get(name, ())
                for part in _OFF[one.kind]
            }
            changed.append(replace(row, changes={**row.changes, **off}))
        without = replace(portfolio, rows=tuple(changed))
        plan = simulated.plan
        found = simulate_portfolio(without, plan.paths, plan.seed, shared=simulated.shared)
        out[name] = _estimate(simulated, found.total)
    return out
