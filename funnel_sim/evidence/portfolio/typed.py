"""A cell of a portfolio as somebody types it on screen: rates in percent, amounts in the base's
currencies; what has two readings is asked, never taken.
"""

from funnel_sim.errors import refuse
from funnel_sim.evidence.portfolio.reading import switch_or_code
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import is_whole, spec_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.typed_numbers import TypedNumber, read_number


def cell_currency(base: Scenario, path: str) -> str:
    """Return the currency of a field's amount; "" where it is no amount.

    Args:
        base: the scenario of the row.
        path: of the field.
    """
    spec = spec_of(path)
    assert spec is not None, path
    return {Unit.MONEY: base.currency, Unit.COST_MONEY: base.cost_currency}.get(spec.unit, "")


def typed_cell(
    base: Scenario, path: str, text: str, before: float | None = None
) -> float | int | str | bool | TypedNumber:
    """Return what a cell says as people type it, or the readings to choose from.

    Args:
        base: the scenario of the row.
        path: of the field.
        text: what was typed.
        before: the number that the cell held, a rate as a fraction; None where it held none.

    Returns:
        The value as a scenario file holds it, rates as fractions; a `TypedNumber` is to be asked
        about.

    Raises:
        InputError: if it is no number.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen")
        >>> typed_cell(store, "product.price", "25,99"), typed_cell(store, "conversion.cvr", "8")
        (25.99, 0.08)
        >>> typed_cell(store, "product.price", "$38").why
        'currency'
    """
    spec = spec_of(path)
    if spec is None:
        raise refuse(path, None, "unknown_field")
    if spec.unit is Unit.TEXT:
        return switch_or_code(base, path, text)
    found = read_number(
        text, path, unit=spec.unit, currency=cell_currency(base, path), before=before
    )
    return found if found.value is None else whole_where_asked(path, found.value)


def whole_where_asked(path: str, value: float) -> float | int:
    """Return a number as its field keeps it: a whole one where it holds whole ones only.

    Args:
        path: of the field.
        value: the number.

    Returns:
        The same number, whole or not.
    """
    return int(value) if is_whole(path) and value.is_integer() else value
