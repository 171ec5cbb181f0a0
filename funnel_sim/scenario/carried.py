"""A product carried to another market or platform: what is its own comes along, what belongs to the
place is the place's, rates move by what is typical of both places.

The place is a preset, put together again for these goods (origin, customs line, weight, price), so
that duty and parcel rules are theirs. Every field of the result says which of the three it is, from
which dated rows, and why a rate stayed where no two markets could be compared
(docs/decisions/0076-carried-to-another-market.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from funnel_sim.scenario.carried_field import CarriedField, Kind, leaves
from funnel_sim.scenario.carried_parts import Carrier
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.presets import row_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused

__all__ = ["Carried", "CarriedField", "carry"]


@dataclass(frozen=True)
class Carried:
    """A product in another market: the complete scenario, and where each field comes from.

    `left_out` are the channels of the scenario that the platform does not have, by id.
    """

    target: str
    scenario: Scenario
    fields: Mapping[str, CarriedField]
    left_out: tuple[str, ...] = ()

    def count(self, kind: Kind) -> int:
        """Return how many fields are of a kind.

        Args:
            kind: "own", "target" or "moved".
        """
        return sum(one.kind == kind for one in self.fields.values())

    def told(self) -> tuple[CarriedField, ...]:
        """Return the fields of which something is to be said: moved, kept for want of a benchmark,
        converted, or of the example's goods.
        """
        return tuple(
            one
            for one in self.fields.values()
            if (one.kind == "moved" or one.why) and not unused(self.scenario, one.path)
        )


def carry(
    scenario: Scenario,
    target: str,
    *,
    price: float | None = None,
    price_by: Literal["margin", "local_price"] = "margin",
    traffic: float = 1.0,
    orders: float | None = None,
) -> Carried:
    """Return a product in the market and on the platform of a preset.

    Own figures come along, amounts at the exchange rate of the day (`rate_between`): price, cost,
    packaging, ad budget, free traffic, repeat orders, own fixed costs. Fees, tax, duty, fulfilment,
    payout and exchange rate are those of the preset, for goods of this origin, customs line and
    weight. Click price, conversion and returns move by the ratio of what is typical of both
    markets; a plain number that moves becomes a range as wide as the sellers of that market
    differ. Quotes, KPIs, events, a history and the money at hand stay behind: they are about the
    store that is left.

    A product carried to the preset that it started from is the scenario itself.

    Args:
        scenario: the store and its plan, as typed.
        target: the preset's id.
        price: the price there [sales currency of the preset]; the own price converted where None.
        price_by: what that price was chosen by.
        traffic: by what ad budgets, impressions and typed orders are multiplied [1].
        orders: first orders a month on a platform that sells no clicks; those of its example where
            None.

    Raises:
        InputError: if there is no such preset, it is not known on the scenario's day, or no rate
            between the currencies is known.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> mine = preset("amazon-us-kitchen").replace({"product.unit_cost": 60.0})
        >>> there = carry(mine, "amazon-de-kitchen")
        >>> there.scenario.product.unit_cost, there.scenario.tax.tax_rate
        (60.0, 0.19)
        >>> there.fields["channels.ads.cpc"].kind, carry(mine, mine.preset).scenario == mine
        ('moved', True)
    """
    row_of(target)
    if target == scenario.preset and price is None and traffic == 1.0:
        return Carried(target, scenario, _as_it_is(scenario))
    way = Carrier(scenario, target, price, price_by, traffic, orders)
    made, fields = way.carried()
    ids = {channel.id for channel in made.channels}
    left = tuple(one.id for one in scenario.channels if one.id not in ids)
    return Carried(target, made, fields, left)


def _as_it_is(scenario: Scenario) -> dict[str, CarriedField]:
    """Return the fields of a scenario that stays where it is: its own, or its preset's."""
    out = {}
    for path, value in leaves(scenario.plain()):
        found = origin_of(scenario, path)
        kind: Kind = "own" if found.kind == "yours" else "target"
        sources = () if found.provenance is None else (found.provenance,)
        out[path] = CarriedField(path, kind, value, value, found.kind == "yours", sources)
    return out
