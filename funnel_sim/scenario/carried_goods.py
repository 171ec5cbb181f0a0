"""A way from a scenario to the place of a preset: the preset put together again for the goods that
are carried, the exchange rate, and what is typical of both places.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from funnel_sim.errors import InputError, refuse
from funnel_sim.reference import benchmarks, customs, platform_fees
from funnel_sim.reference.benchmarks import MarketRatio, Store
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.goods_lines import line_in, shared_line
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario.converted import in_currencies, rate_between
from funnel_sim.scenario.origins import store_of
from funnel_sim.scenario.preset_parts.build import in_bulk
from funnel_sim.scenario.presets import built_from, origins, row_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import HOME


@dataclass
class WayThere:
    """From a scenario to a preset.

    `price` is the price there [sales currency of the preset], the own one converted where None.
    """

    scenario: Scenario
    target: str
    price: float | None

    @cached_property
    def before(self) -> dict[str, Any]:
        """The scenario that is carried, as plain data."""
        return self.scenario.plain()

    @cached_property
    def row_here(self) -> dict[str, Any]:
        """What data/presets.toml says of the preset that the scenario started from."""
        return preset_rows().get(self.scenario.preset, {})

    @cached_property
    def row(self) -> dict[str, Any]:
        """What data/presets.toml says of the target, with the facts of these goods in it."""
        row, here, scenario = dict(row_of(self.target)), self.row_here, self.scenario
        on, product = scenario.as_of, scenario.product
        cost = exchange(scenario.cost_currency, HOME, on)
        row |= {"unit_cost": point_value(product.unit_cost) * cost}
        row["price"] = self.price_there
        if product.origin:
            row["origin"] = product.origin
        line = self.line(row)
        if line is not None:
            row["customs"] = line
        if self.category_known(row):
            row["fee_category"] = scenario.category
        if "size" in here:
            row["size"] = {**row["size"], **{k: here["size"][k] for k in ("kg", "cm")}}
            row |= self._weighed(row)
        if "storage" in row and "storage" in here:
            row["storage"] = {**row["storage"], "litres": here["storage"]["litres"]}
        return row

    @cached_property
    def supplies(self) -> bool:
        """Whether a platform that buys at a price of its own stands on one side only: there the
        price is what it pays its supplier, not what shoppers pay.
        """
        return ("orders" in self.row_here) != ("orders" in row_of(self.target))

    @cached_property
    def price_there(self) -> float:
        """The price there: as asked for, by the example's markup on the cost where the platform is
        supplied on one side only, else the own one converted [the target's sales currency].
        """
        if self.price is not None:
            return self.price
        if self.supplies:
            return local_price(self.scenario, self.target)
        return point_value(self.scenario.product.price) * self.rate

    def line(self, row: dict[str, Any]) -> str | None:
        """Return the customs line of these goods in the target's tariff; None where it knows
        none.
        """
        product, own = self.scenario.product, self.scenario.product.customs_line
        if self.scenario.market == row["market"] and own:
            return own
        if not own:
            return None
        origin = product.origin or str(row.get("origin", "CN"))
        found = line_in(row["market"], own, origin, self.scenario.as_of)
        if found is None and (not in_bulk(row) or row["market"] == origin):
            return shared_line(own)  # a parcel's tax goes by its value, home goods owe no duty
        return found

    def category_known(self, row: dict[str, Any]) -> bool:
        """Say whether the target's fee table has the scenario's own category."""
        try:
            platform_fees.commission(
                row["platform"], row["fee_market"], self.scenario.category, self.scenario.as_of
            )
        except InputError:
            return False
        return True

    def _weighed(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the parts of a row that hold a weight, with that of these goods where the
        target's size tier has a step for it.
        """
        out: dict[str, Any] = {}
        for part in ("fba", "parcel"):
            if part not in row or "reseller" in row[part]["programme"]:
                continue
            kg = self.row_here.get(part, self.row_here["size"])["kg"]
            try:
                platform_fees.fulfilment_outside_season(
                    row[part]["programme"], row[part]["tier"], kg, self.scenario.as_of
                )
            except InputError:
                continue
            out[part] = {**row[part], "kg": kg}
        if in_bulk(row) and row.get("freight"):
            per_kg = row["freight"] / row_of(self.target)["size"]["kg"]
            out["freight"] = per_kg * self.row_here["size"]["kg"]
        return out

    def sized(self, part: str) -> bool:
        """Say whether a part of the target's row that tells what sending costs is for goods of this
        weight.

        Args:
            part: "fba", "parcel", "parcel_value" or "fulfil".
        """
        if "size" not in self.row_here:
            return False
        alike = self.row_here["size"]["kg"] == row_of(self.target)["size"]["kg"]
        return alike or part in self._weighed(row_of(self.target))

    @cached_property
    def built(self) -> tuple[Scenario, dict[str, Provenance]]:
        """The target for these goods as a preset, and where each of its values comes from."""
        return built_from(self.target, self.row, self.scenario.as_of)

    @cached_property
    def there(self) -> Scenario:
        """The target for these goods, its costs in the currency of the scenario's."""
        made = self.built[0]
        if made.cost_currency == self.scenario.cost_currency:
            return made
        return in_currencies(made, made.currency, self.scenario.cost_currency)

    @cached_property
    def origins_here(self) -> dict[str, Provenance]:
        """The sources of the preset that the scenario started from."""
        if self.scenario.preset not in preset_rows():
            return {}
        return origins(self.scenario.preset, self.scenario.as_of)

    @cached_property
    def rate(self) -> float:
        """Units of the target's sales currency for one of the scenario's.

        Raises:
            InputError: if no rate between them is known.
        """
        one = self.scenario.currency
        other = customs.tax(row_of(self.target)["market"], self.scenario.as_of).currency
        found = rate_between(self.scenario, one, other)
        if found is None:
            raise refuse("currency", one, "fx_unknown", one=one, other=other)
        return found

    @cached_property
    def same_market(self) -> bool:
        """Whether the goods stay in the country."""
        return self.scenario.market == self.there.market

    @cached_property
    def same_place(self) -> bool:
        """Whether platform and market stay."""
        return self.same_market and self.scenario.platform == self.there.platform

    def ratio(self, path: str) -> MarketRatio | None:
        """Return by what a rate moves between the two markets; None where that is not known."""
        there = Store(
            self.there.platform,
            self.there.market,
            self.scenario.category,
            self.there.currency,
            self.scenario.as_of,
        )
        return benchmarks.market_ratio(store_of(self.scenario), there, path)


def local_price(scenario: Scenario, target: str) -> float:
    """Return the price at the level of a place: the own cost times what the example's price is of
    its cost there.

    Args:
        scenario: the store whose product it is.
        target: the preset's id.

    Returns:
        The price in the sales currency of the preset.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-us-kitchen").replace({"product.unit_cost": 84.0})
        >>> round(local_price(store, "amazon-de-kitchen"), 2)  # 29.99 EUR over 42 CNY
        59.98
    """
    row = row_of(target)
    cost = point_value(scenario.product.unit_cost)
    cost *= exchange(scenario.cost_currency, HOME, scenario.as_of)
    return float(f"{row['price'] * cost / row['unit_cost']:.6g}")


def nearest_presets(scenario: Scenario) -> list[str]:
    """Return one preset of every other platform and market: the one whose goods are nearest to the
    scenario's by their customs line, in the order of the data.

    Args:
        scenario: the store whose product may be carried.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> nearest_presets(preset("amazon-us-clothing"))[:2]
        ['amazon-uk-clothing', 'amazon-de-kitchen']
        >>> "amazon-jp-beauty" in nearest_presets(preset("amazon-us-beauty"))
        True
    """
    number = customs.digits(scenario.product.customs_line)
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for name, row in preset_rows().items():
        place = (row["platform"], row["market"])
        shared = customs.digits(row["customs"])
        length = next((n for n in _HEADINGS if number and number[:n] == shared[:n]), 0)
        if place != (scenario.platform, scenario.market) and length > best.get(place, (-1, ""))[0]:
            best[place] = (length, name)
    return [name for _, name in best.values()]


_HEADINGS = (6, 4, 2)
"""Digits of a customs line by which goods are near: subheading, heading, chapter."""
