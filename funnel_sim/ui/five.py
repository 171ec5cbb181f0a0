"""The five numbers: price, unit cost, ad budget, price of a click, conversion rate; or orders and their ad spend, where these are typed."""

import streamlit as st

from funnel_sim.decisions.known import ads_as, knows_orders, main_channel
from funnel_sim.inputs.scenario import Scenario
from funnel_sim.ui import state
from funnel_sim.ui.fields import field

_MOST = 5


def five_paths(scenario: Scenario) -> list[str]:
    """Return the paths of the five numbers for a scenario's own way of buying and converting."""
    paths = ["product.price", "product.unit_cost"]
    paid = next((c for c in scenario.channels if c.kind in ("cpc", "cpm")), None)
    if paid is None and knows_orders(scenario):
        main = main_channel(scenario)
        others = [c.id for c in scenario.channels if c.kind == "orders" and c.id != main.id]
        typed = [
            f"channels.{main.id}.known_sales",
            f"channels.{main.id}.{ads_as(main) or 'cost_per_order'}",
            *(f"channels.{key}.known_sales" for key in others),
        ]
        return [*paths, *typed][:_MOST]
    if paid is not None:
        paths += [f"channels.{paid.id}.budget", f"channels.{paid.id}.{paid.kind}"]
    if scenario.conversion.cvr is not None:
        return [*paths, "conversion.cvr"]
    conversion = scenario.conversion
    cart = "add_to_cart_rate" if conversion.product_view_rate is None else "cart_of_views_rate"
    checkout = "checkout_rate" if conversion.checkout_start_rate is None else "checkout_completion_rate"
    return [*paths, f"conversion.{cart}", f"conversion.{checkout}"]


def five_numbers(*, note: bool, ranged: bool = False) -> None:
    """Draw the five numbers in one row (stacked on a phone)."""
    paths = five_paths(state.scenario())
    with st.grid(len(paths), min_column_width=150, key="five"):
        for path in paths:
            if note or ranged or state.problem_at(path) is not None:
                with st.container():
                    field(path, note=note, ranged=ranged)
            else:
                field(path, note=False)
