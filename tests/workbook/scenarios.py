"""Random scenarios from one seed: every numeric input inside its domain, every switch, tiers,
channels, ways of coming back, one-offs, season, plans, KPIs, quotes.
"""

from typing import Any

import numpy as np

from funnel_sim.errors import InputError
from funnel_sim.scenario.scenario import Scenario

_KPIS = (
    "gmv",
    "roas",
    "acos",
    "tacos",
    "mer",
    "profit",
    "margin",
    "net_revenue",
    "orders",
    "aov",
    "cvr",
    "cpc",
    "cac",
    "blended_cac",
    "ltv",
    "ltv_cac",
    "cm3",
    "return_rate",
    "visits",
    "inventory_days",
    "repeat_rate",
    "payback_months",
    "landed_cost",
)


class _Luck:
    def __init__(self, seed: int):
        self.rng = np.random.default_rng(seed)

    def odds(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def number(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def wide(self, low: float, high: float) -> float:
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))

    def whole(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))

    def one(self, *choices: Any) -> Any:
        return choices[int(self.rng.integers(len(choices)))]

    def maybe(self, p: float, value: Any) -> Any:
        return value if self.odds(p) else None


def scenarios(count: int, seed: int) -> list[Scenario]:
    """Return so many valid scenarios, the same for the same seed."""
    luck, out = _Luck(seed), []
    while len(out) < count:
        try:
            out.append(Scenario.read(_plain(luck, len(out))))
        except InputError:
            continue
    return out


def _tiers(luck: _Luck, what: str, most: float, price: float, count: int) -> list[dict[str, Any]]:
    bounds = sorted({round(price * luck.wide(0.1, 4), 2) for _ in range(count - 1)})
    return [{"upto": bound, what: luck.number(0, most)} for bound in [*bounds, None]]


def _plain(luck: _Luck, number: int) -> dict[str, Any]:
    price, same = luck.wide(1, 3000), luck.odds(0.2)
    situation = luck.one("seller_remits", "marketplace_remits", "outside_price", "not_registered")
    steps = luck.odds(0.4)
    months = 36 if number % 50 == 0 else 13 if number % 10 == 0 else luck.whole(1, 7)
    success = luck.number(0.5, 1)
    cart = luck.number(0.05, 0.6)
    cvr = luck.number(0.001, cart * success)
    mode = luck.one("flat", "marginal", "whole")
    kind = luck.one("constant", "constant", "frequency", "sbg", "bgnbd", "table")
    season = luck.rng.uniform(0.1, 2, 12)
    plain: dict[str, Any] = {
        "name": f"Random {number}",
        "as_of": "2026-11-22",
        "currency": luck.one("EUR", "USD", "JPY"),
        "cost_currency": "CNY",
        "fx_rate": luck.wide(0.05, 10),
        "product": {
            "price": price,
            "price_includes_tax": luck.odds(0.5),
            "units_per_order": luck.number(1, 4),
            "discount_rate": luck.number(0, 0.6),
            "shipping_charged": luck.number(0, 9),
            "unit_cost": price * luck.number(0, 3),
            "inbound_freight": luck.number(0, 20),
            "packaging": luck.number(0, 3),
        },
        "tax": {
            "situation": situation,
            "tax_rate": luck.number(0, 0.3),
            "duty_rate": luck.number(0, 1),
            "customs_includes_freight": luck.odds(0.5),
            "import_tax_rate": luck.number(0, 0.3),
            "import_tax_recoverable": situation != "not_registered" and luck.odds(0.5),
            "tax_on_fees": luck.number(0, 0.2),
        },
        "commission": {
            "commission_mode": mode,
            "tiers": _tiers(luck, "rate", 0.3, price, 1 if mode == "flat" else luck.whole(1, 4)),
            "commission_minimum": luck.number(0, 2),
            "commission_cap": luck.maybe(0.3, luck.number(2, 50)),
            "fixed_bands": _tiers(luck, "fee", 3, price, luck.whole(1, 3)),
            "order_fee": luck.number(0, 1),
            "commission_per": luck.one("item", "order"),
            "commission_on_shipping": luck.odds(0.5),
            "commission_on_tax": luck.odds(0.5),
            "commission_before_discount": luck.odds(0.5),
            "refund_kept_rate": luck.number(0, 1),
            "refund_kept_cap": luck.maybe(0.4, luck.number(0, 5)),
        },
        "payment": {
            "payment_rate": luck.number(0, 0.05),
            "payment_fixed": luck.number(0, 0.5),
            "fx_spread": luck.number(0, 0.03),
            "chargeback_rate": luck.number(0, 0.02),
            "chargeback_fee": luck.number(0, 20),
        },
        "fulfilment": {
            "fulfilment_per_order": luck.number(0, 8),
            "fulfilment_per_unit": luck.number(0, 5),
            "parcel_per_order": luck.number(0, 40),
            "storage_per_unit_month": luck.number(0, 1),
            "months_in_storage": luck.one(0.0, luck.number(0, 6)),
            "return_rate": luck.number(0, 0.4),
            "refund_share": luck.number(0, 1),
            "refund_includes_shipping": luck.odds(0.5),
            "return_handling": luck.number(0, 6),
            "resellable_share": luck.number(0, 1),
        },
        "conversion": {
            "landing_rate": luck.number(0.5, 1),
            "payment_success_rate": success,
            **(
                {"add_to_cart_rate": cart, "checkout_rate": luck.number(0.1, 0.9)}
                if steps
                else {"cvr": cvr, "add_to_cart_rate": luck.maybe(0.5, cart)}
            ),
        },
        "channels": [_channel(luck, n, steps) for n in range(luck.whole(1, 5))],
        "plan": {
            "start_month": luck.whole(1, 12),
            "horizon_months": months,
            "ramp_start": luck.number(0, 1),
            "organic_ramp_start": luck.number(0, 1),
            "ramp_months": luck.one(0.0, luck.number(0, 12)),
            "season": [float(x) for x in season / season.mean()] if luck.odds(0.6) else [1.0] * 12,
            "budget_plan": [luck.number(0, 2) for _ in range(luck.whole(0, 5))],
        },
        "customers": {
            "retention": kind,
            "repeat_probability": luck.one(0.0, luck.number(0, 0.6)),
            "repeat_interval": luck.whole(1, 5),
            "orders_a_year": luck.maybe(kind == "frequency", luck.wide(0.2, 20)),
            "lifespan_years": luck.maybe(kind == "frequency", luck.number(0.25, 10)),
            "sbg_alpha": luck.maybe(kind == "sbg", luck.wide(0.2, 8)),
            "sbg_beta": luck.maybe(kind == "sbg", luck.wide(0.2, 8)),
            "bgnbd_r": luck.maybe(kind == "bgnbd", luck.wide(0.1, 3)),
            "bgnbd_alpha": luck.maybe(kind == "bgnbd", luck.wide(0.5, 10)),
            "bgnbd_a": luck.maybe(kind == "bgnbd", luck.wide(0.2, 3)),
            "bgnbd_b": luck.maybe(kind == "bgnbd", luck.wide(0.5, 6)),
            "age_orders": (
                [luck.number(0, 0.4) for _ in range(luck.whole(1, 15))] if kind == "table" else []
            ),
            "repeat_order_value": luck.number(0.2, 2),
            "referral": luck.one(0.0, luck.number(0, 0.35)),
            "ltv_horizon": luck.whole(1, 120),
            "ltv_discount": luck.number(0, 0.4),
            "ltv_basis": luck.one("cm2", "cm1", "net_revenue"),
            "ltv_first_order": luck.odds(0.5),
        },
        "effect": (
            {
                name: luck.number(0.5, 2)
                for name in (
                    "effect_ctr",
                    "effect_add_to_cart",
                    "effect_checkout",
                    "effect_cpc",
                    "effect_organic",
                    "effect_aov",
                )
            }
            | {"effect_ramp_months": luck.one(0.0, luck.number(0, 9))}
            if luck.odds(0.5)
            else {}
        ),
        "fixed": {
            **{
                name: luck.number(0, 5000)
                for name in (
                    "operator_monthly",
                    "localisation_monthly",
                    "compliance_monthly",
                    "saas_monthly",
                    "platform_monthly",
                    "staff_monthly",
                    "other_monthly",
                )
            },
            "operator_rate": luck.number(0, 0.2),
            "one_off": [
                {
                    "name": "x",
                    "group": luck.one("localisation", "compliance", "saas", "staff", "other"),
                    "amount": luck.wide(10, 50_000),
                    "month": luck.whole(1, 18),
                }
                for _ in range(luck.whole(0, 5))
            ],
        },
    }
    _trade(luck, plain, steps)
    if same:
        plain["cost_currency"], plain["fx_rate"] = plain["currency"], 1.0
    plain["kpis"] = [_kpi(luck, n, months) for n in range(luck.whole(0, 3))]
    plain["options"] = [_quote(luck, price * 500)] if luck.odds(0.6) else []
    return plain


def _trade(luck: _Luck, plain: dict[str, Any], steps: bool) -> None:
    """Add what sellers of some scenarios type: duty layers, entry fees, vouchers, fees with their
    own tax, the bank's rate, GA4's steps, own work.
    """
    if luck.odds(0.5):
        plain["product"] |= {
            "voucher": luck.number(0, plain["product"]["price"]),
            "units_per_shipment": luck.wide(1, 5000),
            "freight_per_shipment": luck.one(0.0, luck.number(0, 900)),
        }
        plain["tax"] |= {
            "duty_layers": [
                {
                    "name": "301",
                    "rate": luck.number(0, 0.5),
                    "base": luck.one("customs", "sale"),
                    "per_unit": luck.number(0, 2),
                }
                for _ in range(luck.whole(1, 3))
            ],
            "entry_fee_rate": luck.number(0, 0.01),
            "entry_fee_minimum": luck.number(0, 40),
            "entry_fee_maximum": luck.maybe(0.5, luck.number(41, 700)),
            "harbour_rate": luck.number(0, 0.002),
            "insurance_rate": luck.number(0, 0.01),
            "clearance_per_shipment": luck.number(0, 300),
            "insurance_per_shipment": luck.one(0.0, luck.number(0, 90)),
            "tax_on_fulfilment": luck.maybe(0.5, luck.number(0, 0.2)),
            "tax_on_ads": luck.maybe(0.5, luck.number(0, 0.2)),
        }
        plain["commission"] |= {
            "shipping_commission": luck.maybe(0.5, luck.number(0, 0.2)),
            "tier_bound": luck.one("upto", "from"),
        }
        plain["payment"] |= {
            "payment_tax": luck.number(0, 0.2),
            "payout_fee": luck.number(0, 5),
            "payouts_month": luck.number(0, 4),
            "fx_on": luck.one("net", "gross"),
            "bank_rate": (
                luck.maybe(0.4, plain["fx_rate"] * luck.number(0.9, 1))
                if plain["currency"] != plain["cost_currency"]
                else None
            ),
        }
        plain["fixed"] |= {
            "own_hours": luck.number(0, 200),
            "own_hours_per_order": luck.number(0, 1),
            "own_hour_pay": luck.number(0, 200),
        }
    if luck.odds(0.4):
        fees, storage = luck.rng.uniform(0.5, 2, 12), luck.rng.uniform(0.5, 3, 12)
        plain["fulfilment"] |= {
            "fee_season": [float(x) for x in fees / fees.mean()],
            "storage_season": [float(x) for x in storage / storage.mean()],
        }
    if luck.odds(0.4):
        change = luck.one(
            ("payment.payment_rate", 0.05),
            ("tax.tax_rate", 0.3),
            ("fulfilment.fulfilment_per_unit", 9.0),
            ("product.price", plain["product"]["price"] * 2),
        )
        plain["plan"]["announced"] = [
            {"field": change[0], "month": luck.whole(1, 9), "value": luck.number(0.001, change[1])}
            for _ in range(luck.whole(1, 2))
        ]
    if steps and luck.odds(0.5):
        plain["conversion"] |= {
            "add_to_cart_rate": None,
            "product_view_rate": luck.number(0.3, 1),
            "cart_of_views_rate": luck.number(0.05, 0.6),
        }
    if steps and luck.odds(0.5):
        plain["conversion"] |= {
            "checkout_rate": None,
            "checkout_start_rate": luck.number(0.3, 1),
            "checkout_completion_rate": luck.number(0.1, 0.9),
        }


def _channel(luck: _Luck, number: int, steps: bool) -> dict[str, Any]:
    kind = luck.one("cpc", "cpm", "share", "organic", "list", "orders")
    bent = luck.odds(0.4)
    own: dict[str, Any] = {"channel_landing_rate": luck.maybe(0.3, luck.number(0.3, 1))}
    match luck.whole(0, 4):
        case 0:
            own["channel_cvr"] = luck.number(0.001, 0.2)
        case 1:
            own |= {
                "channel_add_to_cart_rate": luck.number(0.1, 0.6),
                "channel_checkout_rate": luck.number(0.1, 0.9),
            }
        case 2:
            own["channel_add_to_cart_rate"] = luck.number(0.5, 1)
    return {
        "id": f"c{number}",
        "name": luck.one("", "=1+1", "渠道 'A'"),
        "kind": kind,
        "budget": luck.one(0.0, luck.wide(10, 50_000), luck.wide(10, 50_000)),
        "cpc": luck.wide(0.02, 5),
        "cpm": luck.wide(0.5, 60),
        "impressions": luck.wide(100, 1e6),
        "ctr": None if kind == "cpc" and luck.odds(0.5) else luck.number(0.001, 0.3),
        "send_cost": luck.number(0, 0.1),
        "affiliate_rate": luck.one(0.0, luck.number(0, 0.3)),
        "known_sales": luck.wide(1, 5000),
        "known_as": luck.one("orders", "units", "sales"),
        "known_spend": luck.one(0.0, 0.0, luck.wide(10, 5000)),
        "cost_per_order": luck.one(0.0, luck.number(0, 9)),
        "acos_rate": luck.one(0.0, luck.number(0, 0.5)),
        "tacos_rate": luck.one(0.0, 0.0, luck.number(0, 0.3)),
        "elasticity": luck.number(0, 0.6) if bent else 0.0,
        "reference_budget": luck.wide(100, 10_000) if bent else None,
        **own,
    }


def _kpi(luck: _Luck, number: int, months: int) -> dict[str, Any]:
    first = luck.whole(1, months)
    metric = luck.one(*_KPIS)
    return {
        "id": f"k{number}",
        "metric": metric,
        "comparator": luck.one("at_least", "at_most"),
        "target": luck.number(0.1, 3),
        "window": luck.one("month", "average", "total", "every", "by"),
        "month_from": first,
        "month_to": luck.whole(first, months),
        "sales_tax": luck.one("usual", "in", "out"),
        "sales_refunds": luck.one("in", "out"),
        "sales_cancelled": luck.one("in", "out"),
        "sales_counted": luck.one("usual", "ads", "all"),
        "attribution": luck.one(1.0, luck.number(0.5, 1.5)),
        "spend_tax": luck.one("usual", "in", "out"),
        "spend_fee": luck.odds(0.3),
        "relative": luck.odds(0.3),
        "baseline": luck.number(1, 100),
    }


def _quote(luck: _Luck, sales: float) -> dict[str, Any]:
    floor = luck.maybe(0.4, luck.number(100, 3000))
    return {
        "id": "q",
        "kind": "quote",
        "fee_currency": luck.one("cost", "sales"),
        "setup": luck.number(0, 9000),
        "base": luck.number(0, 9000),
        "term": 12,
        "trial": luck.whole(0, 3),
        "trial_base": luck.maybe(0.5, luck.number(0, 3000)),
        "share_tiers": _tiers(luck, "rate", 0.2, sales, luck.whole(1, 3)) if luck.odds(0.8) else [],
        "share_basis": luck.one("gmv", "sales", "net_revenue", "ad_sales", "cm3"),
        "share_mode": luck.one("marginal", "whole"),
        "share_period": luck.one("month", "running"),
        "share_over": luck.one("all", "baseline"),
        "baseline": luck.maybe(0.6, sales * luck.number(0, 1)),
        "baseline_season": luck.odds(0.5),
        "clawback": luck.odds(0.5),
        "spend_rate": luck.number(0, 0.2),
        "order_fee": luck.number(0, 2),
        "floor": floor,
        "cap": luck.maybe(0.4, (floor or 0) + luck.number(0, 20_000)),
        "total_cap": luck.maybe(0.4, luck.number(1000, 200_000)),
        "passed_on": luck.number(0, 500),
        "fee_tax": luck.number(0, 0.2),
        "instalments": [
            {"amount": luck.number(0, 5000), "month": luck.whole(1, 12)}
            for _ in range(luck.whole(0, 2))
        ],
        "extras": [
            {
                "name": "x",
                "amount": luck.number(0, 900),
                "every": luck.one("once", "month", "year", "event"),
                "chance": 0.2,
            }
            for _ in range(luck.whole(0, 2))
        ],
        "rebate_rate": luck.number(0, 0.1),
        "rebate_to_client": luck.number(0, 1),
        "share_bound": luck.one("upto", "from"),
    }
