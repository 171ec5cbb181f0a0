"""The futures of a portfolio: in each of them every row's result and their sum.

What rows have in common is drawn once for all that share it, by name: the exchange rate of a pair
of currencies, an event of a platform, a market or a category, a part of a category's demand.
Everything else is a row's own, drawn by its name, so that neither the order of rows nor how they
are cut into blocks moves a digit. Sums are kept in whole cents, which add up exactly in any order
(docs/decisions/0073-portfolio.md).
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from funnel_sim.chance import workers
from funnel_sim.chance.draws import Draws, Sources
from funnel_sim.chance.estimates import Estimate, estimate, quantiles
from funnel_sim.chance.heavy import Heavy, heavy, without_means
from funnel_sim.chance.job import Numbers
from funnel_sim.chance.simulation import Progress, blocks
from funnel_sim.chance.streams import LIVE, SamplingPlan, normals_by_month, plan_of, uniforms
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import at_home
from funnel_sim.model.economics import figures
from funnel_sim.model.periods import Over
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.portfolio_settings import hit_together, shared_demand
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.portfolio import MOST_ROWS, Portfolio, is_number
from funnel_sim.scenario.portfolio_files import portfolio_text
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario

ROWS_A_BLOCK = 16
SUMMED_BY = ("product", "market", "platform", "category", "group")
"""Tags of which each word has a sum of its own in every future."""
_MOST_WORDS = 64
"""Words of a tag that are summed; a tag with more has no sums."""
_CENTS = 100
_LARGEST = 2.0**62 / _CENTS / MOST_ROWS
"""The largest result of a row of which a full portfolio adds up in whole cents."""
_LEVELS = (0.1, 0.5, 0.9)
_DEMAND, _FX = "months.demand", "months.fx"


@dataclass(frozen=True)
class RowSources(Sources):
    """What is drawn of one row: its own streams under its name, shared ones under the name of what
    shares them.

    `row` its name, `places` what it is tagged with by tag, `shared` the share of the variance of
    demand that it has in common with its category and market.
    """

    row: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    shared: float = 0.0

    def draw(self, plan: SamplingPlan, which: range) -> Draws:
        """Return the draws of some replicates, as `Sources.draw`.

        Args:
            plan: seed, replicates and points.
            which: which replicates, counted from 0.

        Returns:
            Ranges and events of shape (paths of these replicates,), months of shape (months,
            paths).
        """
        names = {path: self.stream(path) for path in (*self.inputs, *self.event_streams)}
        drawn = uniforms(plan, which, names.values())
        streams = {path: drawn[name] for path, name in names.items()}
        months = self.scenario.plan.horizon_months
        normals = {
            name: normals_by_month(plan, which, self.stream(name), months)
            for name in self.month_streams
        }
        if _DEMAND in normals and self.shared > 0:
            common = normals_by_month(plan, which, self._together("category", _DEMAND), months)
            own = normals[_DEMAND]
            normals[_DEMAND] = np.sqrt(self.shared) * common + np.sqrt(1 - self.shared) * own
        events = {name: streams[name] for name in self.event_streams}
        return Draws(self.values(streams), events, normals)

    def in_order(self, names: list[str]) -> list[str]:
        """Return correlated inputs with those first that other rows share: their draws stay as they
        are drawn, and what is the row's own follows them.
        """
        own = self._together("row", "")
        return sorted(names, key=lambda name: (self.stream(name).startswith(own), name))

    def stream(self, name: str) -> str:
        """Return the name under which a stream is drawn: shared, or the row's own.

        Args:
            name: the stream within the scenario, such as "fx_rate" or "shocks.tariff.happens".
        """
        if name in ("fx_rate", _FX):
            return self._together("currencies", name)
        parts = name.split(".")
        if parts[0] == "shocks":
            return self._together(hit_together(self._effects[parts[1]]), name)
        return self._together("row", name)

    @cached_property
    def _effects(self) -> dict[str, str]:
        return {one.id: one.effect for one in self.scenario.shocks}

    def _together(self, kind: str, name: str) -> str:
        places, scenario = self.places, self.scenario
        who = {
            "row": (self.row,),
            "platform": (places["platform"], places["market"]),
            "market": (places["market"],),
            "category": (places["category"], places["market"]),
            "currencies": (scenario.currency, scenario.cost_currency),
        }[kind]
        return "\t".join(("portfolio", kind, *who, name))


@dataclass(frozen=True)
class PortfolioJob:
    """The simulation of a portfolio, to be done in blocks of rows in the order of their names."""

    portfolio: Portfolio
    plan: SamplingPlan
    shared: float
    rows_a_block: int = ROWS_A_BLOCK

    @property
    def blocks(self) -> int:
        """Into how many blocks the rows are cut."""
        return -(-len(self.portfolio.rows) // self.rows_a_block)

    @cached_property
    def order(self) -> list[int]:
        """The rows by name."""
        rows = self.portfolio.rows
        return sorted(range(len(rows)), key=lambda index: rows[index].name)

    @cached_property
    def tags(self) -> dict[str, list[str]]:
        """What each row is tagged with, by tag."""
        return {tag: self.portfolio.tags(tag) for tag in SUMMED_BY}

    @cached_property
    def words(self) -> dict[str, list[str]]:
        """The words of each tag, in the order of the alphabet; none of a tag with too many."""
        found = {tag: sorted(set(some)) for tag, some in self.tags.items()}
        return {tag: some if len(some) <= _MOST_WORDS else [] for tag, some in found.items()}

    def block(self, number: int) -> dict[str, Numbers]:
        """Return what a block of rows gives: its sums in cents for all rows ("all", shape (paths,))
        and for each word of each tag (shape (words, paths)), and of each of its rows which it is,
        mean, probability of loss, percentiles and how many of its numbers are drawn as ranges.

        Args:
            number: which block, counted from 0.
        """
        start = number * self.rows_a_block
        rows = self.order[start : start + self.rows_a_block]
        out: dict[str, Numbers] = {"all": np.zeros(self.plan.paths, dtype=np.int64)}
        for tag, words in self.words.items():
            out[tag] = np.zeros((len(words), self.plan.paths), dtype=np.int64)
        told = np.empty((len(rows), _TOLD))
        for place, index in enumerate(rows):
            scenario = self.portfolio.scenario_of(index)
            draws = self._result(index, scenario)
            cents = np.rint(draws * _CENTS).astype(np.int64)
            out["all"] += cents
            for tag, words in self.words.items():
                if words:
                    out[tag][words.index(self.tags[tag][index])] += cents
            share = (draws < 0).mean()
            told[place] = [
                draws.mean(),
                share,
                *quantiles(draws, _LEVELS),
                self._drawn(index, scenario),
            ]
        return out | {"rows": np.array(rows, dtype=np.int64), "told": told}

    def _drawn(self, index: int, scenario: Scenario) -> int:
        """Return how many numbers of a row moved a range along that is drawn."""
        changes = self.portfolio.rows[index].changes
        return sum(
            is_number(value) and is_range(scenario.get(path)) for path, value in changes.items()
        )

    def row(self, index: int) -> Array:
        """Return the profit of one row over all months of its plan in every future.

        Args:
            index: which row, counted from 0.

        Returns:
            Portfolio's currency, shape (paths,).

        Raises:
            InputError: if it is too large to be added up.
        """
        return self._result(index, self.portfolio.scenario_of(index))

    def _result(self, index: int, scenario: Scenario) -> Array:
        key, rate = _shown(self.portfolio, scenario)
        row = self.portfolio.rows[index]
        places = {tag: some[index] for tag, some in self.tags.items()}
        sources = RowSources(scenario, row.name, places, self.shared)
        out, over = np.empty(self.plan.paths), _TOTAL
        for where, _, values in blocks(sources, self.plan):
            out[where] = np.asarray(figures(values, {over: (key,)})[key, over])[0] * rate
        if not (np.abs(out) <= _LARGEST).all():
            raise refuse(row.place or row.name, None, "portfolio_large", most=f"{_LARGEST:.2g}")
        return out


_TOTAL: Over = "total"
_TOLD = 3 + len(_LEVELS)
"""What a block tells of each of its rows."""


def _shown(portfolio: Portfolio, scenario: Scenario) -> tuple[str, float]:
    """Return the figure that is a row's profit, and what makes it one in the portfolio's currency:
    where that is the currency of its costs, each future's months at that future's own rates.
    """
    if portfolio.currency == scenario.currency:
        return "profit", 1.0
    if portfolio.currency == scenario.cost_currency:
        return at_home("profit"), float(point_value(scenario.fx_rate))
    return "profit", exchange(scenario.currency, portfolio.currency, portfolio.as_of)


@dataclass(frozen=True)
class PortfolioSimulation:
    """The futures of a portfolio over the months of its rows' plans, in its currency.

    `total` is the profit of all rows, shape (paths,); `by_tag` that of the rows of each word of a
    tag. Of each row, in the order of the rows: `mean`, `percentiles` (P10, P50, P90; shape (rows,
    3)), `loss` the probability of a loss, `drawn` how many of its numbers were drawn with a range
    that moved along. `heavy` are inputs that leave a mean without a limit:
    then no mean is told.
    """

    portfolio: Portfolio
    plan: SamplingPlan
    shared: float
    total: Array
    by_tag: Mapping[str, Mapping[str, Array]]
    mean: Array
    percentiles: Array
    loss: Array
    drawn: Array
    heavy: Sequence[Heavy] = ()
    model_version: str = MODEL_VERSION

    def estimate(self, tag: str = "", word: str = "") -> Estimate:
        """Return mean, spread, percentiles and probability of loss of the sum of all rows, or of
        those with a word of a tag, with their standard errors.

        Args:
            tag: one of `SUMMED_BY`; "" for all rows.
            word: of that tag.
        """
        draws = self.by_tag[tag][word] if tag else self.total
        return without_means(estimate(draws, self.plan.replicates), self.heavy)


def simulate_portfolio(
    portfolio: Portfolio,
    paths: int = LIVE,
    seed: int = 1,
    *,
    shared: float | None = None,
    workers_used: int = 1,
    scheduler: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
    rows_a_block: int = ROWS_A_BLOCK,
) -> PortfolioSimulation:
    """Return the profit of a portfolio in thousands of futures.

    Args:
        portfolio: the rows.
        paths: how many futures, rounded up to whole replicates.
        seed: of the draws.
        shared: the share of the variance of a month's demand that rows of one category and market
            have in common [fraction]; that of data/portfolio.toml where None.
        workers_used: how many processes.
        scheduler: the address of a running Dask scheduler, such as "tcp://localhost:8786", whose
            workers do the blocks in their place.
        kept: a folder in which finished blocks are kept and from which they are taken, below a name
            that belongs to this portfolio and these draws; None keeps none.
        progress: is called with the share done after each block, and may raise to stop.
        rows_a_block: how the rows are cut; no digit depends on it.

    Raises:
        InputError: if the number of paths, workers or the share is not allowed, or the scheduler
            cannot do it.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> from funnel_sim.scenario.portfolio import PortfolioRow
        >>> rows = tuple(PortfolioRow(name, "amazon-de-kitchen") for name in "ab")
        >>> found = simulate_portfolio(Portfolio(rows, DATA_DATE), 256)
        >>> found.total.shape, found.loss.shape
        ((256,), (2,))
    """
    share = shared_demand() if shared is None else shared
    if not 0 <= share <= 1:
        raise refuse("shared_demand", shared, "between", least=0, most=1)
    job = PortfolioJob(portfolio, plan_of(paths, seed), share, rows_a_block)
    total = np.zeros(job.plan.paths, dtype=np.int64)
    by_tag = {
        tag: np.zeros((len(words), job.plan.paths), dtype=np.int64)
        for tag, words in job.words.items()
    }
    told = np.empty((len(portfolio.rows), _TOLD))
    folder = None if kept is None else kept / _name_of(job)
    with closing(workers.done(job, job.blocks, workers_used, folder, scheduler)) as blocks_done:
        for count, (_, found) in enumerate(blocks_done, 1):
            total += found["all"].astype(np.int64)
            for tag in by_tag:
                by_tag[tag] += found[tag].astype(np.int64)
            told[found["rows"]] = found["told"]
            if progress is not None:
                progress(count / job.blocks)
    reasons = _heavy(portfolio)
    return PortfolioSimulation(
        portfolio,
        job.plan,
        share,
        total / _CENTS,
        {
            tag: dict(zip(words, by_tag[tag] / _CENTS, strict=True))
            for tag, words in job.words.items()
        },
        np.full(len(portfolio.rows), np.nan) if reasons else told[:, 0],
        told[:, 2:-1],
        told[:, 1],
        told[:, -1].astype(np.int64),
        reasons,
    )


def _heavy(portfolio: Portfolio) -> tuple[Heavy, ...]:
    """Return the inputs that leave a row's profit without a mean, of one row of each structure."""
    found: dict[str, Heavy] = {}
    for group in portfolio.groups:
        for one in heavy(group.scenario, _shown(portfolio, group.scenario)[0]):
            if not all(portfolio.is_exact(row, one.path) for row in group.rows.tolist()):
                found[one.path] = one
    return tuple(found.values())


def _name_of(job: PortfolioJob) -> str:
    """Return the name of a job's finished blocks: another portfolio, seed, cut or version of the
    model has another.
    """
    text = (
        f"{MODEL_VERSION}\n{_TOLD}\n{SUMMED_BY}\n{job.plan}\n{job.shared!r}\n{job.rows_a_block}\n"
    )
    return hashlib.sha256((text + portfolio_text(job.portfolio)).encode()).hexdigest()[:24]
