"""How many of the numbers behind a verdict are the reader's own, and whether there are enough of
them to call it a verdict on the reader's store.
"""

from dataclasses import dataclass

from funnel_sim.scenario.cash import CashTerms
from funnel_sim.scenario.in_force import five_paths
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.paths import field_paths
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused

_NOT_THE_STORE = (
    "options.",
    "kpis.",
    "promise.",
    "comparison.",
    "verdicts.",
    "chance.",
    "cash.",
    "budget.",
)


_FUNNEL = ("channels.", "conversion.", "month.")


@dataclass(frozen=True)
class Own:
    """`mine` the paths of numbers that were typed or read from the store's own data, `assumed` of
    those that come from the example, from published figures or from other numbers (one that
    stands at its neutral default is neither); `missing` the paths among the five
    numbers that a verdict needs first.
    """

    mine: tuple[str, ...]
    assumed: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def yours(self) -> int:
        """How many numbers are the reader's own."""
        return len(self.mine)

    @property
    def others(self) -> int:
        """How many numbers nobody has typed."""
        return len(self.assumed)

    @property
    def example(self) -> bool:
        """Whether the verdict is still about the example."""
        return bool(self.missing)


def own_terms(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paths of payment terms that do something: those that were typed, and those that
    come from published figures or are assumed. One at its neutral default that nobody typed is
    neither.

    Args:
        scenario: the store.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace({"cash.opening_cash": 150_000.0})
        >>> mine, assumed = own_terms(store)
        >>> mine, "cash.payout_delay_days" in assumed
        (('cash.opening_cash',), True)
    """
    kinds = {
        path: origin_of(scenario, path).kind
        for path, _ in field_paths(scenario)
        if path.startswith("cash.") and not unused(scenario, path)
    }
    neutral = CashTerms()
    changed = {
        path for path in kinds if scenario.get(path) != getattr(neutral, path.partition(".")[2])
    }
    mine = tuple(path for path, kind in kinds.items() if kind == "yours")
    others = ("source", "assumed")
    return mine, tuple(path for path, kind in kinds.items() if kind in others and path in changed)


def own_numbers(scenario: Scenario, worked_out: frozenset[str] = frozenset()) -> Own:
    """Return how many of the store's numbers that do something are the reader's own.

    Args:
        scenario: the store.
        worked_out: paths of numbers that were taken over from other ones and typed by nobody
            (decisions/economics/known.py `from_funnel`).

    A verdict needs price, unit cost and one of the numbers that say how much is sold (visits,
    conversion or orders, or, with months of the store, any number of the funnel that was set from
    them): months beside an example's funnel leave it an example.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen")
    >>> own_numbers(store).missing
    ('product.price', 'product.unit_cost', 'channels.ads.budget')
    >>> mine = store.replace(
    ...     {"product.price": 25.99, "product.unit_cost": 38.0, "conversion.cvr": 0.109}
    ... )
    >>> own_numbers(mine).yours, own_numbers(mine).example
    (3, False)
    """
    used = [
        path
        for path, value in scenario.quantities()
        if point_value(value) and not path.startswith(_NOT_THE_STORE) and not unused(scenario, path)
    ]
    kinds = {path: origin_of(scenario, path).kind for path in used}
    yours = {path for path in used if path not in worked_out and kinds[path] == "yours"}
    first = five_paths(scenario)
    needed = [path for path in first if path in ("product.price", "product.unit_cost")]
    sold = [path for path in first if path not in needed]
    missing = [path for path in needed if path not in yours]
    taken = scenario.history.first_month and any(path.startswith(_FUNNEL) for path in yours)
    if sold and not taken and not any(path in yours for path in sold):
        missing.append(sold[0])
    return Own(
        tuple(path for path in used if path in yours),
        tuple(path for path in used if path not in yours and kinds[path] != "default"),
        tuple(missing),
    )


def cash_typed(scenario: Scenario) -> bool:
    """Say whether anything of stock, payment terms or cash is the reader's own: what is told of
    them is about an example otherwise.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen")
    >>> cash_typed(store), cash_typed(store.replace({"cash.opening_cash": 9000.0}))
    (False, True)
    """
    return any(
        path.startswith("cash.") and origin_of(scenario, path).kind == "yours"
        for path, _ in field_paths(scenario)
    )


def balance_typed(scenario: Scenario) -> bool:
    """Say whether the opening cash is the reader's own: how probable a balance below zero is says
    nothing of a balance that nobody knows.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen")
    >>> balance_typed(store), balance_typed(store.replace({"cash.opening_cash": 9000.0}))
    (False, True)
    """
    return origin_of(scenario, "cash.opening_cash").kind == "yours"
