"""The scenario: every input of the model, each field declared once.

A field's place is its path ("product.price", "channels.ads.cpc"); its last part is its symbol in
the formulas of `model.sheet`, so symbols are unique (a test holds that; a field with the name of a
figure has its section before it). Rates are fractions; `MONEY` is in the sales currency,
`COST_MONEY` in the cost currency. Channels are found by their `id`, not their position, so that a
stream of chance stays with its channel. Each section stands in a module of its own, the head in
`head`.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, LiteralString, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.errors import InputError, refuse
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.provenance import YEARS
from funnel_sim.scenario.budget import BudgetTerms
from funnel_sim.scenario.cash import CashTerms
from funnel_sim.scenario.cash_payout import LONGEST_USUAL_WAIT
from funnel_sim.scenario.chance import MOST_SHOCKS, Chance, Shock
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.coming_back import repeats
from funnel_sim.scenario.conversion import Conversion, cart_holds_orders
from funnel_sim.scenario.costs import FixedCosts
from funnel_sim.scenario.customers import OF_RETENTION, Customers
from funnel_sim.scenario.fees import Commission, Fulfilment, Payment
from funnel_sim.scenario.fields import SMALLEST, Section, Spec, Unit
from funnel_sim.scenario.head import LISTED, Head
from funnel_sim.scenario.kpi_metrics import MONEY_METRICS, STEADY_METRICS
from funnel_sim.scenario.kpi_templates import fresh_id
from funnel_sim.scenario.kpis import MOST_KPIS, Kpi
from funnel_sim.scenario.operator_effect import OperatorEffect
from funnel_sim.scenario.paths import LISTS, field_paths, may_vary, place, spec_of
from funnel_sim.scenario.plan import ANNOUNCED_IN, Plan, month_lengths
from funnel_sim.scenario.problems import problems
from funnel_sim.scenario.product import Product
from funnel_sim.scenario.promise import Promise
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.quotes import ALTERNATIVES, MOST_QUOTES, Comparison, Option
from funnel_sim.scenario.readable import readable
from funnel_sim.scenario.shown import HOME, Shown, home_of
from funnel_sim.scenario.store_months import StoreHistory
from funnel_sim.scenario.tax import TaxRules
from funnel_sim.scenario.verdicts import Verdicts

MOST_CHANNELS = 12


_HAIR = 1e-9

# of two currencies whose rate is farther than this from 1, a rate of exactly 1 was not typed
_NEARLY_ONE = 1.5


def _known(one: str, other: str, on: dt.date) -> float | None:
    """Return what one unit of a currency is in another, where the table knows it."""
    try:
        return exchange(one, other, on)
    except InputError:
        return None


def _worth(one: str, other: str, on: dt.date) -> float | None:
    """Return what one unit of a currency is in another where that is known and nothing like 1."""
    rate = _known(one, other, on)
    return None if rate is None or 1 / _NEARLY_ONE < rate < _NEARLY_ONE else rate


def _count(rule: LiteralString, field: str, found: int, most: int) -> PydanticCustomError:
    """Return the refusal of a list of another length than it may have."""
    return PydanticCustomError(rule, "count", {"field": field, "shown": str(found), "most": most})


def _differ(rule: LiteralString, field: str, ids: list[str]) -> None:
    """Refuse a list in which an id stands twice."""
    twice = sorted(one for one, times in Counter(ids).items() if times > 1)
    if twice:
        raise PydanticCustomError(rule, "ids differ", {"field": field, "shown": ", ".join(twice)})


class Scenario(Head):
    """Every input of one calculation; immutable, complete, and valid once it exists."""

    product: Product
    tax: TaxRules = Field(default_factory=TaxRules)
    commission: Commission = Field(default_factory=Commission)
    payment: Payment = Field(default_factory=Payment)
    fulfilment: Fulfilment = Field(default_factory=Fulfilment)
    conversion: Conversion = Field(default_factory=Conversion)
    channels: Annotated[list[Channel], LISTED["channels"]]
    plan: Plan = Field(default_factory=Plan)
    customers: Customers = Field(default_factory=Customers)
    effect: OperatorEffect = Field(default_factory=OperatorEffect)
    fixed: FixedCosts = Field(default_factory=FixedCosts)
    chance: Chance = Field(default_factory=Chance)
    shocks: Annotated[list[Shock], LISTED["shocks"]] = Field(default_factory=list)
    kpis: Annotated[list[Kpi], LISTED["kpis"]] = Field(default_factory=list)
    promise: Promise = Field(default_factory=Promise)
    verdicts: Verdicts = Field(default_factory=Verdicts)
    history: StoreHistory = Field(default_factory=StoreHistory)
    options: Annotated[list[Option], LISTED["options"]] = Field(default_factory=list)
    comparison: Comparison = Field(default_factory=Comparison)
    cash: CashTerms = Field(default_factory=CashTerms)
    budget: BudgetTerms = Field(default_factory=BudgetTerms)

    @model_validator(mode="after")
    def _day_in_reach(self) -> Self:
        first, last = YEARS
        if not first <= self.as_of.year <= last:
            raise PydanticCustomError(
                "date_far",
                "too far",
                {"field": "as_of", "shown": self.as_of.isoformat(), "first": first, "last": last},
            )
        return self

    @model_validator(mode="after")
    def _kpis_differ(self) -> Self:
        kpis = [kpi.id for kpi in self.kpis]
        if len(kpis) > MOST_KPIS:
            raise _count("kpis_count", "kpis", len(kpis), MOST_KPIS)
        _differ("kpis_twice", "kpis", kpis)
        return self

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        ids = [option.id for option in self.options]
        kinds = [option.kind for option in self.options]
        twice = sorted(
            {i for i in ids if ids.count(i) > 1}
            | {kind for kind in ALTERNATIVES if kinds.count(kind) > 1}
        )
        if twice:
            raise PydanticCustomError(
                "options_twice", "ids differ", {"field": "options", "shown": ", ".join(twice)}
            )
        if kinds.count("quote") > MOST_QUOTES:
            raise _count("quotes_count", "options", kinds.count("quote"), MOST_QUOTES)
        known = {kpi.id: kpi for kpi in self.kpis}
        for option in self.options:
            for field, kpi in option.kpis_named():
                if kpi not in known:
                    raise PydanticCustomError(
                        "contract_kpi",
                        "no such KPI",
                        {
                            "field": f"options.{option.id}.{field}",
                            "shown": kpi,
                            "quote": option.name or option.id,
                        },
                    )
                if known[kpi].metric in STEADY_METRICS:
                    raise PydanticCustomError(
                        "contract_kpi_steady",
                        "no month of its own",
                        {"field": f"options.{option.id}.{field}", "shown": kpi},
                    )
            for one in option.rewards:
                if one.form == "excess" and known[one.kpi].metric not in MONEY_METRICS:
                    raise PydanticCustomError(
                        "excess_money",
                        "no money",
                        {"field": f"options.{option.id}.rewards", "shown": one.kpi},
                    )
        return self

    @model_validator(mode="after")
    def _rate_of_currencies(self) -> Self:
        if self.currency == self.cost_currency and point_value(self.fx_rate) != 1:
            raise PydanticCustomError(
                "fx_same",
                "same currency",
                {"field": "fx_rate", "shown": f"{point_value(self.fx_rate):g}"},
            )
        if (
            self.currency != self.cost_currency
            and self.fx_rate == 1
            and (about := _worth(self.currency, self.cost_currency, self.as_of))
        ):
            raise PydanticCustomError(
                "fx_one",
                "not one",
                {
                    "field": "fx_rate",
                    "shown": "1",
                    "one": self.currency,
                    "other": self.cost_currency,
                    "about": f"{about:.3g}",
                },
            )
        if (
            self.currency != self.cost_currency
            and self.fx_rate == 1
            and _known(self.currency, self.cost_currency, self.as_of) is None
        ):
            raise PydanticCustomError(
                "fx_unknown",
                "no rate",
                {
                    "field": "fx_rate",
                    "shown": "1",
                    "one": self.currency,
                    "other": self.cost_currency,
                },
            )
        if self.shown_in == "home" and self.home is None and self.currency != HOME:
            raise PydanticCustomError(
                "fx_unknown",
                "no rate",
                {"field": "shown_in", "shown": "home", "one": self.currency, "other": HOME},
            )
        return self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [channel.id for channel in self.channels]
        if not 1 <= len(ids) <= MOST_CHANNELS:
            raise _count("channels_count", "channels", len(ids), MOST_CHANNELS)
        _differ("channels_twice", "channels", ids)
        shocks = [shock.id for shock in self.shocks]
        if len(shocks) > MOST_SHOCKS:
            raise _count("shocks_count", "shocks", len(shocks), MOST_SHOCKS)
        _differ("shocks_twice", "shocks", shocks)
        for one in self.chance.correlations:
            for path in (one.a, one.b):
                if not may_vary(path) or self._absent(path):
                    raise PydanticCustomError(
                        "unknown_input",
                        "no such input",
                        {"field": "chance.correlations", "shown": path},
                    )
        customers, q = self.customers, point_value(self.customers.referral)
        numbers = {
            name: getattr(customers, name)
            for name in OF_RETENTION[customers.retention]
            if name != "age_orders"
        }
        farthest = max(customers.ltv_horizon, self.plan.horizon_months)
        if customers.retention == "bgnbd" and not math.isfinite(
            repeats("bgnbd", numbers, 1, farthest, [])
        ):
            raise PydanticCustomError(
                "bgnbd_no_number",
                "too many orders",
                {
                    "field": "customers.bgnbd_r",
                    "shown": f"{point_value(customers.bgnbd_r or 0.0):g}",
                },
            )
        if (
            q
            and q
            * (
                1
                + repeats(
                    customers.retention,
                    numbers,
                    customers.repeat_interval,
                    customers.ltv_horizon,
                    customers.age_orders,
                )
            )
            > 1 - _HAIR
        ):
            raise PydanticCustomError(
                "referral_explodes",
                "grows for ever",
                {"field": "customers.referral", "shown": f"{q:g}"},
            )
        return self

    @model_validator(mode="after")
    def _announced_fit(self) -> Self:
        for number, one in enumerate(self.plan.announced, 1):
            spec, where = spec_of(one.field), f"plan.announced.{number}"
            if (
                spec is None
                or one.field.partition(".")[0] not in ANNOUNCED_IN
                or not may_vary(one.field)
                or self.get(one.field) is None
            ):
                raise PydanticCustomError(
                    "unknown_input",
                    "no such input",
                    {"field": f"{where}.field", "shown": one.field},
                )
            try:
                spec.check(one.value)
            except PydanticCustomError as error:
                raise PydanticCustomError(
                    error.type,
                    "outside the domain",
                    {**(error.context or {}), "field": f"{where}.value"},
                ) from None
        return self

    @model_validator(mode="after")
    def _converts(self) -> Self:
        if self.payment.bank_rate is not None and point_value(self.payment.bank_rate) > point_value(
            self.fx_rate
        ):
            shown = {
                "field": "payment.bank_rate",
                "shown": f"{point_value(self.payment.bank_rate):g}",
                "rate": f"{point_value(self.fx_rate):g}",
            }
            raise PydanticCustomError("bank_rate_high", "above the exchange rate", shown)
        for channel in self.channels:
            if channel.kind == "orders":
                continue
            if (
                not self.conversion.has_rate
                and channel.channel_cvr is None
                and channel.channel_checkout_rate is None
            ):
                raise PydanticCustomError(
                    "conversion_missing", "none given", {"field": "conversion.cvr"}
                )
            own_cart, cart = channel.channel_add_to_cart_rate, self.conversion.cart_rate
            if channel.channel_checkout_rate is not None and own_cart is None and cart is None:
                raise PydanticCustomError(
                    "conversion_missing",
                    "half given",
                    {"field": f"channels.{channel.id}.channel_add_to_cart_rate"},
                )
            if channel.channel_checkout_rate is None:
                cvr = self.conversion.cvr if channel.channel_cvr is None else channel.channel_cvr
                where = f"channels.{channel.id}.channel_add_to_cart_rate"
                cart_holds_orders(cvr, own_cart, self.conversion.payment_success_rate, where)
        return self

    @model_validator(mode="after")
    def _measured_at_a_price(self) -> Self:
        """Keep the price at which the conversion was measured: where orders begin to answer to the
        price and none is given, it is the one paid now, and stays when the price moves.
        """
        conversion, paid = self.conversion, self.product.price_paid
        if conversion.answers_to_price and conversion.reference_price is None:
            if paid < SMALLEST[Unit.MONEY]:
                raise PydanticCustomError(
                    "reference_price_missing",
                    "nothing is paid",
                    {"field": "conversion.reference_price"},
                )
            object.__setattr__(self, "conversion", conversion.but(reference_price=paid))
        return self

    @model_validator(mode="after")
    def _paid_in_time(self) -> Self:
        terms = self.cash
        delivery, shipment = round(point_value(terms.delivery_days)), terms.ship_days
        if terms.payout_basis == "delivery" and delivery < shipment:
            raise PydanticCustomError(
                "delivered_early",
                "before the shipment",
                {"field": "cash.delivery_days", "shown": str(delivery), "shipped": shipment},
            )
        basis = {"order": 0, "shipment": shipment, "delivery": delivery}[terms.payout_basis]
        waits = basis + round(point_value(terms.payout_delay_days)) + terms.payout_bank_days
        plan = self.plan
        days = sum(month_lengths(self.as_of, plan.start_month, plan.horizon_months)[1])
        if waits >= max(days, LONGEST_USUAL_WAIT):  # a plan of a month merely sees no payout
            raise PydanticCustomError(
                "payout_late",
                "after the horizon",
                {
                    "field": "cash.payout_delay_days",
                    "shown": str(round(point_value(terms.payout_delay_days))),
                    "waits": waits,
                    "days": days,
                },
            )
        return self

    def _absent(self, path: str) -> bool:
        group, *rest = path.split(".")
        return group in LISTS and all(item.id != rest[0] for item in getattr(self, group))

    # ---- reading -----------------------------------------------------------------------------

    @property
    def home(self) -> Shown | None:
        """The currency in which its owner reads amounts at home; None where that is the sales
        currency, or no rate is known.
        """
        return home_of(self)

    @property
    def shown(self) -> Shown:
        """The currency in which results are shown, with what one unit of the sales currency is in
        it.
        """
        home = self.home if self.shown_in == "home" else None
        return Shown(self.currency) if home is None else home

    def with_balance_shown(self) -> Self:
        """Return the scenario with its cash kept in the cost currency where results are shown at
        home: each payment is then converted on its own day.
        """
        if self.shown_in != "home" or self.currency == self.cost_currency:
            return self
        return self.but(cash=self.cash.but(kept_in="home"))

    def get(self, path: str) -> Any:
        """Return the value at a path; channels are found by id: "channels.ads.cpc".

        Args:
            path: an address, such as "product.price".

        Returns:
            What the field holds: a number in its unit, a range, text, a list, or None.

        Raises:
            InputError: if there is no such field.
        """
        node: Any = self
        for part in path.split("."):
            if isinstance(node, list):
                node = next((c for c in node if getattr(c, "id", None) == part), None)
            elif isinstance(node, Section) and part in type(node).model_fields:
                node = getattr(node, part)
            else:
                node = None
            if node is None and part != path.rsplit(".", 1)[-1]:
                raise refuse(path, None, "unknown_field")
        if node is None and spec_of(path) is None:
            raise refuse(path, None, "unknown_field")
        return node

    def may_be_given(self, path: str) -> bool:
        """Say whether a number may stand at a path of this scenario in place of its own: a field
        that may vary, of an item that there is.
        """
        return may_vary(path) and not self._absent(path)

    def signed_option(self) -> Option | None:
        """Return the option whose contract was signed; None where that was not said.

        Where nothing is said and there is one quote alone, it is that one. An option that is named
        and no longer there is none: which one was signed must then be said again.

        >>> from funnel_sim.scenario.presets import preset
        >>> one = preset("amazon-de-kitchen").replace({"options": [{"id": "quote", "base": 1.0}]})
        >>> two = one.replace({"options": [{"id": "quote", "base": 1.0}, {"id": "b", "base": 2.0}]})
        >>> [store.signed_option() and store.signed_option().id for store in (one, two)]
        ['quote', None]
        >>> two.replace({"history.signed": "b"}).signed_option().id
        'b'
        """
        named = self.history.signed
        if named:
            return next((one for one in self.options if one.id == named and one.paid), None)
        quotes = [one for one in self.options if one.kind == "quote"]
        return quotes[0] if len(quotes) == 1 else None

    def billed_option(self) -> Option | None:
        """Return the option whose contract is billed where nobody names another: the one that was
        signed (None where it was removed), else the first quote, else the first that somebody is
        paid for; None without one.

        >>> from funnel_sim.scenario.presets import preset
        >>> options = [{"id": "a", "base": 1.0}, {"id": "b", "base": 2.0}]
        >>> two = preset("amazon-de-kitchen").replace({"options": options})
        >>> [two.billed_option().id, two.replace({"history.signed": "b"}).billed_option().id]
        ['a', 'b']
        >>> two.replace({"history.signed": "gone"}).billed_option() is None
        True
        """
        if self.history.signed:  # one that was removed is not billed by another one's terms
            return self.signed_option()
        paid = [one for one in self.options if one.paid]
        quotes = [one for one in paid if one.kind == "quote"]
        return self.signed_option() or next(iter([*quotes, *paid]), None)

    def signed_stays(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return changes to the options that leave signed what was signed.

        Where months came since the mark and nobody named the signed contract, the only quote is
        taken for it. It is named before a second one is added or it is removed, so that no other
        quote comes to be billed by.

        Args:
            changes: new values by path, as for `replace`.

        >>> from funnel_sim.scenario.presets import preset
        >>> months = {"history.first_month": "2026-01", "history.seen_gmv": [5.0, 6.0]}
        >>> store = preset("amazon-de-kitchen").replace(
        ...     months | {"history.engagement_from": "2026-02", "options": [{"id": "a"}]}
        ... )
        >>> store.signed_stays({"options": [{"id": "a"}, {"id": "b"}]})["history.signed"]
        'a'
        """
        now = self.signed_option()
        told = self.history.signed or "history.signed" in changes
        if told or now is None or "options" not in changes or not self.history.engaged():
            return dict(changes)
        quotes = [one["id"] for one in changes["options"] if one.get("kind", "quote") == "quote"]
        return dict(changes) | ({} if quotes == [now.id] else {"history.signed": now.id})

    def fresh_option(self) -> str:
        """Return an id for a new quote: neither in use nor that of the contract that was signed,
        which may have been removed.
        """
        return fresh_id("quote", [*(one.id for one in self.options), self.history.signed])

    def quantities(self) -> Iterator[tuple[str, "Any"]]:
        """Yield (path, value) of every numeric field that may be a range and is given."""
        yield from self.numbers_given

    @cached_property
    def numbers_given(self) -> tuple[tuple[str, Any], ...]:
        """What `quantities` yields: looked up once, as a scenario never changes."""
        return tuple(
            (path, value)
            for path, spec in field_paths(self)
            if spec.unit is not Unit.TEXT
            and (isinstance(value := self.get(path), (int, float)) or is_range(value))
        )

    # ---- making ------------------------------------------------------------------------------

    @classmethod
    def declared(cls, path: str) -> Spec | None:
        """Return the declaration of the field at a path."""
        return spec_of(path)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Scenario":
        """Return the scenario that plain data (as from JSON) describes.

        Args:
            data: sections and lists by name, as `plain` writes them.

        Raises:
            InputError: if anything is wrong; it holds all problems, each with its path.
        """
        given, found = readable(dict(data))
        try:
            made = cls.model_validate(given)
        except ValidationError as error:
            told = {one.where for one in found}
            raise InputError(
                [*found, *(one for one in problems(error, given, spec_of) if one.where not in told)]
            ) from None
        if found:
            raise InputError(found)
        return made

    def plain(self) -> dict[str, Any]:
        """Return the scenario as plain data for JSON; `Scenario.read` gives it back."""
        return self.model_dump(mode="json", by_alias=True)

    def only(self, **lists: list[Any]) -> "Scenario":
        """Return the scenario with fewer items in some of its lists; what was said to move together
        with an item that is gone is gone with it.
        """
        gone = {
            f"{group}.{item.id}."
            for group, kept in lists.items()
            for item in getattr(self, group)
            if item not in kept
        }
        told = [
            one
            for one in self.chance.correlations
            if not any(path.startswith(tuple(gone)) for path in (one.a, one.b))
        ]
        chance = (
            {}
            if len(told) == len(self.chance.correlations)
            else {"chance": self.chance.but(correlations=told)}
        )
        return self.but(**lists, **chance)

    def replace(self, changes: Mapping[str, Any]) -> "Scenario":
        """Return a scenario with the values at some paths changed; raises InputError.

        Only the sections and lists that a path leads into are read again; what the others hold was
        checked when it was read. Rules between sections are checked for the whole.
        """
        touched = {path.partition(".")[0] for path in changes}
        data = {
            name: getattr(self, name) for name in type(self).model_fields if name not in touched
        }
        data |= self.model_dump(mode="json", by_alias=True, include=touched)
        for path, value in changes.items():
            place(
                data, path, value.model_dump(mode="json") if isinstance(value, BaseModel) else value
            )
        return Scenario.read(data)
