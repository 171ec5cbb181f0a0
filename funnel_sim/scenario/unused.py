"""Fields that do nothing in a scenario."""

from funnel_sim.scenario.cash import idle_term
from funnel_sim.scenario.chance import IN_DAYS
from funnel_sim.scenario.customers import OF_RETENTION
from funnel_sim.scenario.scenario import Scenario

_OF_WAY: dict[str, tuple[str, ...]] = {
    "budget": ("cpc", "cpm"),
    "cpc": ("cpc",),
    "cpm": ("cpm",),
    "elasticity": ("cpc", "cpm"),
    "reference_budget": ("cpc", "cpm"),
    "impressions": ("share", "organic", "list"),
    "send_cost": ("list",),
    "ctr": ("cpc", "cpm", "share", "organic", "list"),
    "known_sales": ("orders",),
    "known_spend": ("orders",),
    "cost_per_order": ("orders",),
    "acos_rate": ("orders",),
    "tacos_rate": ("orders",),
    **dict.fromkeys(
        (
            "channel_landing_rate",
            "channel_cvr",
            "channel_add_to_cart_rate",
            "channel_checkout_rate",
        ),
        ("cpc", "cpm", "share", "organic", "list"),
    ),
}
"""The ways of buying visits in which a field of a channel is read."""


def unused(scenario: Scenario, path: str) -> bool:
    """Return whether a field does nothing in a scenario: those of ways of coming back and of buying
    visits that were not chosen, and a rate of the store that no channel follows.

    Args:
        scenario: the store and its plan, as typed.
        path: the address of the field, such as "product.price".

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> (
        ...     unused(preset("amazon-de-kitchen"), "customers.sbg_alpha"),
        ...     unused(preset("amazon-de-kitchen"), "customers.repeat_probability"),
        ... )
        (True, False)
    """
    if path.startswith("options."):
        return True  # what an option costs and brings is drawn where options are compared
    match path.split("."):
        case ["channels", one, name] if name in _OF_WAY:
            return scenario.get(f"channels.{one}.kind") not in _OF_WAY[name]
        case ["conversion", "cvr" | "checkout_rate"]:
            return all(
                c.kind == "orders"
                or c.channel_cvr is not None
                or c.channel_checkout_rate is not None
                for c in scenario.channels
            )
        case ["conversion", "reference_price"]:
            return not scenario.conversion.answers_to_price
        case ["conversion", "landing_rate"]:
            return all(
                c.kind == "orders" or c.channel_landing_rate is not None for c in scenario.channels
            )
        case ["shocks", one, "size"]:
            return bool(scenario.get(f"shocks.{one}.effect") == "payout_rule")
        case ["shocks", one, "days"]:
            return scenario.get(f"shocks.{one}.effect") not in IN_DAYS
        case ["payment", "fx_spread"]:
            return scenario.payment.bank_rate is not None
        case ["cash", name]:
            return idle_term(scenario.cash, name)
    name = path.removeprefix("customers.")
    kinds = [kind for kind, names in OF_RETENTION.items() if name in names]
    return path != name and bool(kinds) and scenario.customers.retention not in kinds
