"""The five numbers: price, unit cost, ad budget, price of a click, conversion rate."""

import streamlit as st

from funnel_sim.inputs.scenario import Scenario
from funnel_sim.ui import state
from funnel_sim.ui.fields import field


def five_paths(scenario: Scenario) -> list[str]:
    """Return the paths of the five numbers for a scenario's own way of buying and converting."""
    paths = ["product.price", "product.unit_cost"]
    paid = next((c for c in scenario.channels if c.kind in ("cpc", "cpm")), None)
    if paid is not None:
        paths += [f"channels.{paid.id}.budget", f"channels.{paid.id}.{paid.kind}"]
    if scenario.conversion.cvr is not None:
        return [*paths, "conversion.cvr"]
    return [*paths, "conversion.add_to_cart_rate", "conversion.checkout_rate"]


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
