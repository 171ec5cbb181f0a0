"""All that a report tells of a portfolio, computed as the screen computes it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.chance.portfolio_cash import PooledCash, pooled_cash
from funnel_sim.decisions.budget.answer import BudgetAnswer, portfolio_budget
from funnel_sim.decisions.budget.responses import PortfolioResponses
from funnel_sim.decisions.economics.whose import own_of
from funnel_sim.decisions.portfolio.dependence import Dependence, dependences
from funnel_sim.decisions.portfolio.losses import LossFound, losses_of
from funnel_sim.decisions.portfolio.products import Products, products
from funnel_sim.errors import InputError
from funnel_sim.evidence.portfolio.example import example_rows
from funnel_sim.reference.portfolio_settings import most_cash_rows, most_split_rows
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.portfolio_rates import rates_of


@dataclass(frozen=True)
class RateUsed:
    """How rows in a currency became amounts in that of totals: `low` and `high` of the rates used,
    one unit of `currency` each; `own` where they are the rows' own, else the dated table's.
    """

    currency: str
    rows: int
    low: float
    high: float
    own: bool


@dataclass(frozen=True)
class PortfolioFound:
    """A portfolio with its answers: the rows, their futures (None where none were simulated), on
    what it rests, the cash of all (None where there are too many rows, or why it cannot be told).

    `split` is the best split of the ad budget over the rows as the portfolio asks for it: why there
    is none where that is refused, None where no row has a budget or there are many rows.
    `example` rows are still those of the example, `unchanged` ones their base as it comes. `lost`
    are the parts that may be lost, with what that comes to.
    """

    products: Products
    odds: PortfolioSimulation | None
    rests: Sequence[Dependence]
    pooled: PooledCash | InputError | None
    example: int
    unchanged: int
    split: BudgetAnswer | InputError | None = None
    lost: Sequence[LossFound] = ()

    @property
    def portfolio(self) -> Portfolio:
        """The rows."""
        return self.products.portfolio

    @property
    def state(self) -> str:
        """How it stands: "good" where no row loses money, "watch" where some do, "loss" where all
        do together.
        """
        total = self.products.total
        return "loss" if total.profit < 0 else "watch" if total.losing else "good"

    def kinds(self) -> list[Dependence]:
        """Return the kinds by which there are several parts; the first one where there are none."""
        return [one for one in self.rests if len(one.shares) > 1] or list(self.rests[:1])


def find_portfolio(
    portfolio: Portfolio | Products,
    odds: PortfolioSimulation | None = None,
    pooled: PooledCash | None = None,
    split: BudgetAnswer | None = None,
) -> PortfolioFound:
    """Return a portfolio with its answers.

    Args:
        portfolio: the rows, or what they bring where that is known.
        odds: their futures; none are simulated here.
        pooled: the cash of all; where None, it is worked out at the likely values for at most
            `most_cash_rows()` rows.
        split: the best split of the ad budget; where None, it is worked out (`split_of`).

    Examples:
        >>> from funnel_sim.evidence.portfolio.example import example_portfolio
        >>> found = find_portfolio(example_portfolio("en"))
        >>> found.state, found.example == len(found.portfolio.rows)
        ('watch', True)
    """
    known = products(portfolio) if isinstance(portfolio, Portfolio) else portfolio
    rows = known.portfolio
    rests = dependences(rows, odds)
    return PortfolioFound(
        known,
        odds,
        rests,
        pooled or _pooled(rows),
        example_rows(rows),
        unchanged_rows(rows),
        split or split_of(rows),
        losses_of(rows, rests, odds),
    )


def split_of(portfolio: Portfolio) -> BudgetAnswer | InputError | None:
    """Return the best split of the ad budget over rows, as the portfolio asks for it, or why there
    is none; None where no row has a budget, or there are more than `most_split_rows()`.

    Args:
        portfolio: the rows.
    """
    if len(portfolio.rows) > most_split_rows():
        return None
    try:
        if not PortfolioResponses(portfolio, portfolio.budget).names:
            return None
        return portfolio_budget(portfolio, portfolio.budget)
    except InputError as error:
        return error


def _pooled(portfolio: Portfolio) -> PooledCash | InputError | None:
    if len(portfolio.rows) > most_cash_rows():
        return None
    try:
        return pooled_cash(portfolio)
    except InputError as error:
        return error


def unchanged_rows(portfolio: Portfolio) -> int:
    """Return how many rows are presets as they come, or scenarios that are examples still.

    Args:
        portfolio: the rows.
    """
    known = {name: own_of(one).example for name, one in portfolio.bases.items()}
    return sum(1 for row in portfolio.rows if not row.changes and known.get(row.base, True))


def stated(portfolio: Portfolio) -> Mapping[tuple[str, str], int]:
    """Return in how many rows each field stands that a row states of its own, the most first.

    Args:
        portfolio: the rows.

    Returns:
        By (base, path).
    """
    return dict(
        Counter((row.base, path) for row in portfolio.rows for path in row.changes).most_common()
    )


def rates_used(portfolio: Portfolio) -> list[RateUsed]:
    """Return how rows of each currency became amounts in that of totals, by currency.

    Args:
        portfolio: the rows.

    Examples:
        >>> from funnel_sim.evidence.portfolio.example import example_portfolio
        >>> {one.own for one in rates_used(example_portfolio("en"))}  # costs are in CNY, as totals
        {True}
    """
    found: dict[tuple[str, bool], list[RateUsed]] = {}
    for group in portfolio.groups:
        code = group.scenario.currency
        if code == portfolio.currency:
            continue
        own, rates = group.scenario.cost_currency == portfolio.currency, rates_of(portfolio, group)
        one = RateUsed(code, rates.size, float(rates.min()), float(rates.max()), own)
        found.setdefault((code, own), []).append(one)
    return [
        RateUsed(
            code,
            sum(one.rows for one in some),
            min(one.low for one in some),
            max(one.high for one in some),
            own,
        )
        for (code, own), some in sorted(found.items())
    ]
