"""A product on its way to another market, section by section: what is its own, what the place's,
what moves.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from funnel_sim.errors import InputError
from funnel_sim.reference.benchmarks import MarketRatio
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario.carried_doubt import doubt_of, fall_of, widened
from funnel_sim.scenario.carried_field import (
    CarriedField,
    Why,
    inside_domain,
    is_amount,
    leaves,
    within_domain,
)
from funnel_sim.scenario.carried_goods import WayThere, local_price
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.converted import times
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.in_force import ads_as, paid_channel
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.preset_parts.build import assumed, in_bulk
from funnel_sim.scenario.preset_parts.chance import around
from funnel_sim.scenario.presets import row_of
from funnel_sim.scenario.quantity import BetaCounts, point_value
from funnel_sim.scenario.scenario import Scenario

_PLACE = ("tax", "commission", "payment", "cash")
"""Sections that belong to the place."""
_OF_GOODS = frozenset(
    {
        "units_per_order",
        "discount_rate",
        "voucher",
        "shipping_charged",
        "unit_cost",
        "packaging",
        "units_per_shipment",
        "freight_per_shipment",
        "material",
        "origin",
    }
)
"""Fields of the product that are the goods' own in every market."""
_OF_PLATFORM = ("landing_rate", "payment_success_rate")
"""Fields of conversion that a platform decides."""
_OF_GOODS_SENT = ("refund_share", "resellable_share")
_OF_PLACE_FIXED = ("platform_monthly", "compliance_monthly")
_OF_SUPPLIER = (
    "minimum_order_units",
    "carton_units",
    "production_days",
    "deposit_rate",
    "balance_due",
    "balance_days",
)
"""Terms of the supplier, who makes the same goods wherever they are sold."""
_OWN_TERMS = (
    "kept_in",
    "order_every_days",
    "safety_days",
    "operator_due_days",
    "fixed_due_days",
)
"""Terms that are the reader's own where they were typed; what is at hand on the first day stays
with the store that holds it."""
_OF_CUSTOMS = ("duty_rate", "duty_layers")
_ADS = frozenset({"cpc", "cpm"})
_MOVED = ("cpc", "cpm", "channel_cvr", "channel_checkout_rate", "cost_per_order")
_TRAFFIC = ("budget", "impressions", "known_sales", "known_spend")
_SECTIONS = ("conversion", "customers", "effect", "chance")
_SALES_PATH, _RETURNS = "conversion.cvr", "fulfilment.return_rate"
_PRICE, _FREIGHT, _FX = "product.price", "product.inbound_freight", "fx_rate"


@dataclass
class Carrier(WayThere):
    """One product on its way to one preset."""

    price_by: Why = "margin"
    traffic: float = 1.0
    orders: float | None = None
    told: dict[str, CarriedField] = field(default_factory=dict)

    def carried(self) -> tuple[Scenario, dict[str, CarriedField]]:
        """Return the product there, and where each of its fields comes from."""
        out = self.there.plain()
        out |= {"name": self.scenario.name, "shown_in": self.scenario.shown_in}
        self._product(out)
        self._place(out)
        self._fulfilment(out)
        self._rates(out)
        self._channels(out)
        self._plan_and_costs(out)
        made = Scenario.read(out)
        before = dict(leaves(self.before))
        fields = {}
        for path, value in leaves(made.plain()):
            found = self.told.get(path) or self._of_target(path, value)
            fields[path] = CarriedField(
                path,
                found.kind,
                value,
                before.get(path),
                found.typed,
                found.sources,
                found.why,
                found.ratio,
            )
        return self._doubted(made, fields)

    def _doubted(
        self, made: Scenario, fields: dict[str, CarriedField]
    ) -> tuple[Scenario, dict[str, CarriedField]]:
        """Return the product with the ranges of figures whose evidence is weak widened, each as
        far as the rules of a scenario allow it.
        """
        if self.same_place:
            return made, fields
        doubts: dict[str, tuple[float, float]] = {}
        dear = self._dear(made)
        for path, told in fields.items():
            doubt, fall = doubt_of(told), fall_of(told, dear, made.as_of)
            value = widened(path, told.value, doubt, fall) if doubt or fall else told.value
            if value == told.value:
                continue
            try:
                made = made.replace({path: value})
            except InputError:
                continue
            doubts[path] = doubt, dear if fall else 1.0
        now = dict(leaves(made.plain()))
        wider = {
            path: replace(fields[path], value=now[path], doubt=doubt, dear=over)
            for path, (doubt, over) in doubts.items()
        }
        return made, fields | wider

    def _dear(self, made: Scenario) -> float:
        """Return the price over the level of the place [1], as far as it is dearer there than where
        its conversion was measured; 1 where goods cost nothing.
        """
        there = local_price(self.scenario, self.target)
        if not there:
            return 1.0
        home = 0.0
        if self.scenario.preset in preset_rows():
            home = local_price(self.scenario, self.scenario.preset)
        level = point_value(self.scenario.product.price) / home if home else 1.0
        return point_value(made.product.price) / there / max(1.0, level)

    # ---- what a field becomes --------------------------------------------------------------------

    def _of_target(self, path: str, value: Any) -> CarriedField:
        found = self.built[1].get(path)
        return CarriedField(path, "target", value, sources=() if found is None else (found,))

    def _own(self, path: str, why: Why | None = None, ratio: float | None = None) -> CarriedField:
        typed = origin_of(self.scenario, path).kind == "yours"
        found = None if typed else self.origins_here.get(path)
        sources = () if found is None else (found,)
        return CarriedField(path, "own", None, None, typed, sources, why, ratio)

    def _keep(self, out: dict[str, Any], section: str, name: str, factor: float = 1.0) -> None:
        """Put a field of the scenario in place, amounts of its sales currency converted."""
        path = f"{section}.{name}"
        value = self.before[section][name]
        out[section][name], self.told[path] = self._converted(path, value, factor)

    def _converted(self, path: str, value: Any, factor: float = 1.0) -> tuple[Any, CarriedField]:
        spec = spec_of(path)
        money = spec is not None and spec.unit is Unit.MONEY
        rate = self.rate if money else 1.0
        if (rate == 1.0 and factor == 1.0) or not is_amount(value):
            return value, self._own(path)
        why: Why = "converted" if factor == 1.0 else "traffic"
        told = self._own(path, why, rate if factor == 1.0 else factor)
        return times(value, rate * factor), told

    def _moved(self, path: str, value: Any, along: str = "") -> tuple[Any, CarriedField]:
        """Return a rate or price moved by the two markets' benchmarks, kept where there is none."""
        if not is_amount(value):
            return value, self._own(path)
        found = self.ratio(along or path)
        if found is None or not found.known:
            kept, told = self._converted(path, value)
            why: Why = "no_benchmark" if found is None else "same_benchmark"
            sources = () if found is None else (found.here.provenance,)
            return kept, CarriedField(
                path, "own", None, None, told.typed, sources or told.sources, why, told.ratio
            )
        return self._by(path, value, found)

    def _by(
        self, path: str, value: Any, found: MarketRatio, factor: float | None = None
    ) -> tuple[Any, CarriedField]:
        typed_as = self.scenario.get(path)
        if isinstance(typed_as, BetaCounts):  # what was counted here was not counted there
            value = point_value(typed_as)
        factor = within_domain(path, value, found.value if factor is None else factor)
        typed = origin_of(self.scenario, path).kind == "yours"
        rows = (found.here.provenance, found.there.provenance)
        told = CarriedField(path, "moved", None, None, typed, rows, None, factor)
        now = times(value, factor)
        low, high = found.there.low, found.there.high
        if isinstance(now, float) and now > 0 and factor != 1 and low and high and high > low:
            wide = around(now, math.sqrt(high / low))
            now = wide if inside_domain(path, wide["high"]) else now
        return now, told

    # ---- section by section ----------------------------------------------------------------------

    def _product(self, out: dict[str, Any]) -> None:
        for name in sorted(_OF_GOODS):
            self._keep(out, "product", name)
        self._price(out)
        line = self.line(self.row)
        if line is None:
            for path in ("product.customs_line", "tax.duty_rate", "tax.duty_layers"):
                self._note(path, "other_goods")
        elif self.same_market:
            self._keep(out, "product", "customs_line")
        self._freight(out)

    def _price(self, out: dict[str, Any]) -> None:
        value, now = self.before["product"]["price"], point_value(self.scenario.product.price)
        out["product"]["price"], self.told[_PRICE] = self._converted(_PRICE, value)
        if self.price is None and not self.supplies:
            return
        factor = self.price_there / now if now else 1.0
        out["product"]["price"] = times(value, factor)
        own = self._own(_PRICE, self.price_by, factor)
        if self.price is None:  # what a platform pays its suppliers is no price of a shop
            sources = (assumed(),)
            own = CarriedField(
                _PRICE, "moved", None, None, own.typed, sources, "supply_price", factor
            )
        self.told[_PRICE] = own

    def _freight(self, out: dict[str, Any]) -> None:
        """Put the freight of the goods: the own one, moved by what a kilogram costs to either
        market in the two examples.
        """
        here, there = self.row_here, row_of(self.target)
        if not in_bulk(there):
            self._note(_FREIGHT, "parcel_way")
            return
        known = here.get("freight") and there.get("freight") and in_bulk(here)
        if not known:
            if "size" not in here:
                self._note(_FREIGHT, "example_size")
            return
        factor = (there["freight"] / there["size"]["kg"]) / (here["freight"] / here["size"]["kg"])
        value = self.before["product"]["inbound_freight"]
        out["product"]["inbound_freight"] = times(value, factor)
        own = self._own(_FREIGHT)
        self.told[_FREIGHT] = CarriedField(
            _FREIGHT,
            "own" if factor == 1 else "moved",
            None,
            None,
            own.typed,
            own.sources if factor == 1 else (assumed(),),
            None if factor == 1 else "freight",
            None if factor == 1 else factor,
        )

    def _place(self, out: dict[str, Any]) -> None:
        """Leave what belongs to the place the target's, but for what was typed of this place."""
        scenario = self.scenario
        self.told["cost_currency"] = self._own("cost_currency")
        pair = (scenario.currency, scenario.cost_currency)
        if pair == (self.there.currency, self.there.cost_currency):
            out[_FX], self.told[_FX] = self.before[_FX], self._own(_FX)
        for section in _PLACE:
            for name in out[section]:
                typed = origin_of(scenario, f"{section}.{name}").kind == "yours"
                if self._of_supplier(section, name) or (typed and self._stays(section, name)):
                    self._keep(out, section, name)
        if out["payment"]["bank_rate"] is not None and _FX not in self.told:
            out["payment"]["bank_rate"] = None
        if out["category"] == scenario.category:
            self.told["category"] = self._own("category")
        else:
            self._note("commission.tiers", "category")

    @cached_property
    def _stocked_alike(self) -> bool:
        """Whether goods are ordered in the same manner here and there."""
        return self.scenario.cash.stocking == self.there.cash.stocking

    def _of_supplier(self, section: str, name: str) -> bool:
        return section == "cash" and name in _OF_SUPPLIER and self._stocked_alike

    def _stays(self, section: str, name: str) -> bool:
        if self.same_place:
            return True
        if section == "cash":
            return name in _OWN_TERMS and self._stocked_alike
        way = in_bulk(self.row_here or {}) == in_bulk(self.row)
        return section == "tax" and name in _OF_CUSTOMS and self.same_market and way

    def _fulfilment(self, out: dict[str, Any]) -> None:
        for name in _OF_GOODS_SENT:
            self._keep(out, "fulfilment", name)
        for name in out["fulfilment"]:
            path = f"fulfilment.{name}"
            own = self.same_place and origin_of(self.scenario, path).kind == "yours"
            if own and path != _RETURNS:
                self._keep(out, "fulfilment", name)
        value, told = self._moved(_RETURNS, self.before["fulfilment"]["return_rate"])
        out["fulfilment"]["return_rate"], self.told[_RETURNS] = value, told
        for name, part in (
            ("fulfilment_per_unit", "fba"),
            ("parcel_per_order", "parcel"),
            ("parcel_per_order", "parcel_value"),
            ("fulfilment_per_order", "fulfil"),
        ):
            if part in self.row and not self.sized(part):
                self._note(f"fulfilment.{name}", "example_size")

    def _note(self, path: str, why: Why) -> None:
        """Say something of a field that is the target's."""
        if path in self.told:
            return
        found = self.built[1].get(path)
        self.told[path] = CarriedField(
            path, "target", None, sources=() if found is None else (found,), why=why
        )

    def _rates(self, out: dict[str, Any]) -> None:
        for section in _SECTIONS:
            for name in out[section]:
                platforms = section == "conversion" and name in _OF_PLATFORM
                if platforms and self.scenario.platform != self.there.platform:
                    continue
                self._keep(out, section, name)
        conversion = self.before["conversion"]
        for name in ("cvr", "checkout_rate", "checkout_start_rate"):
            if conversion[name] is not None:
                path = f"conversion.{name}"
                out["conversion"][name], self.told[path] = self._moved(
                    path, conversion[name], _SALES_PATH
                )
        found = self.ratio(_SALES_PATH)
        if conversion["cvr"] is not None and found is not None and found.known:
            for name in ("add_to_cart_rate", "cart_of_views_rate"):
                if conversion[name] is not None:  # carts hold orders, so they move along
                    path = f"conversion.{name}"
                    out["conversion"][name], self.told[path] = self._by(
                        path, conversion[name], found
                    )
        effects = self.before["chance"]["correlations"]
        ids = {one["id"] for one in self.before["channels"]} & {one.id for one in self._kept()}
        out["chance"]["correlations"] = [
            one
            for one in effects
            if all(
                not path.startswith(("channels.", "shocks.")) or path.split(".")[1] in ids
                for path in (one["a"], one["b"])
            )
        ]

    def _kept(self) -> list[Channel]:
        """Return the channels that the target's platform has too."""
        if self.scenario.platform == self.there.platform:
            return list(self.scenario.channels)
        kinds = {str(one.kind) for one in self.there.channels} | {"orders"}
        kinds |= _ADS if kinds & _ADS else set()
        return [one for one in self.scenario.channels if one.kind in kinds]

    def _channels(self, out: dict[str, Any]) -> None:
        kept = self._kept()
        sells_clicks = any(one.kind != "orders" for one in self.there.channels)
        if not kept or (not sells_clicks and any(one.kind != "orders" for one in kept)):
            for channel in out["channels"]:
                path = f"channels.{channel['id']}.known_sales"
                self._note(path, "no_clicks")
                if self.orders is not None and channel["kind"] == "orders":
                    channel |= {"known_sales": self.orders, "known_as": "orders"}
                    self.told[path] = CarriedField(path, "own", None, why="no_clicks")
            return
        by_id = {one["id"]: one for one in self.before["channels"]}
        out["channels"] = [self._channel(by_id[one.id]) for one in kept]
        if sells_clicks and "orders" in self.row_here:
            self._ads_there(out)

    def _ads_there(self, out: dict[str, Any]) -> None:
        """Let orders that a platform brought by itself cost ads where clicks are sold: the price of
        a click over the conversion rate of the target's example.
        """
        ads = paid_channel(self.there)
        rate = self.there.conversion.cvr
        if ads is None or ads.kind != "cpc" or rate is None:
            return
        cost = point_value(ads.cpc) / point_value(rate)
        for plain, channel in zip(out["channels"], self._kept(), strict=True):
            if channel.kind == "orders" and ads_as(channel) is None:
                plain["cost_per_order"] = cost
                path = f"channels.{channel.id}.cost_per_order"
                found = self.built[1].get(f"channels.{ads.id}.cpc")
                sources = () if found is None else (found,)
                self.told[path] = CarriedField(
                    path, "target", None, sources=sources, why="ads_there"
                )

    def _channel(self, plain: dict[str, Any]) -> dict[str, Any]:
        out = dict(plain)
        for name, value in plain.items():
            path = f"channels.{plain['id']}.{name}"
            if name == "id":
                continue
            if name in _MOVED:
                out[name], told = self._moved_of_channel(path, name, value, plain)
            else:
                factor = self.traffic if name in _TRAFFIC else 1.0
                in_money = name == "known_sales" and plain["known_as"] == "sales"
                out[name], told = self._converted(path, value, factor)
                if in_money and self.rate != 1.0:
                    out[name] = times(out[name], self.rate)
                    told = self._own(path, "converted", self.rate * factor)
            self.told[path] = told
        return out

    def _moved_of_channel(
        self, path: str, name: str, value: Any, plain: Mapping[str, Any]
    ) -> tuple[Any, CarriedField]:
        if name in _ADS and (plain["kind"] != name):
            return self._converted(path, value)
        if not is_amount(value) or name != "cost_per_order":
            along = _SALES_PATH if name.startswith("channel_") else path
            return self._moved(path, value, along)
        clicks, sales = self.ratio("channels.ads.cpc"), self.ratio(_SALES_PATH)
        if clicks is None or sales is None or not clicks.known or not sales.known:
            return self._moved(path, value, "none")
        return self._by(path, value, clicks, clicks.value / sales.value)

    def _plan_and_costs(self, out: dict[str, Any]) -> None:
        for name in out["plan"]:
            if name not in ("season", "announced") or (self.same_market and name == "season"):
                self._keep(out, "plan", name)
        for name in out["fixed"]:
            if name == "one_off":
                continue
            stays = self.same_place and origin_of(self.scenario, f"fixed.{name}").kind == "yours"
            if name not in _OF_PLACE_FIXED or stays:
                self._keep(out, "fixed", name)
        own = [one for one in self.before["fixed"]["one_off"] if one["group"] != "compliance"]
        out["fixed"]["one_off"] = [*out["fixed"]["one_off"], *own]
        out["plan"]["announced"] = [*out["plan"]["announced"], *self._announced()]

    def _announced(self) -> list[dict[str, Any]]:
        """Return the announced changes of what comes along; a fee or tax of the old place has none
        here.
        """
        out = []
        for one in self.before["plan"]["announced"]:
            told = self.told.get(one["field"])
            if told is not None and told.kind != "target":
                out.append({**one, "value": times(one["value"], told.ratio or 1.0)})
        return out
