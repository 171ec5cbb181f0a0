"""A product's markets side by side, for machines."""

from typing import Any

from funnel_sim.decisions.portfolio.markets import MarketAnswer, Markets
from funnel_sim.output.json.numbers import estimate_json, plain_number
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario.carried_field import CarriedField
from funnel_sim.scenario.files import MODEL_VERSION


def markets_json(found: Markets) -> dict[str, Any]:
    """Return a product where it is and in each place, as they are ranked, every field with
    where it comes from, and their sum.

    Args:
        found: the comparison.
    """
    out = {
        "model_version": MODEL_VERSION,
        "currency": found.currency,
        "price": found.price,
        "traffic": found.volume,
        "ranked_by": found.rank,
        "here": _answer(found.here),
        "places": [_answer(one) for one in found.rows],
        "refused": {name: error.sentences("en") for name, error in found.refused.items()},
        "total": {
            "profit_per_month": plain_number(found.profit),
            "margin": plain_number(found.margin),
        },
    }
    if found.simulation is not None:
        out["chance"] = {
            "seed": found.simulation.plan.seed,
            "paths": found.simulation.plan.paths,
            "shared_demand": found.simulation.shared,
            "total": estimate_json(found.simulation.estimate()),
        }
    return out


def _answer(one: MarketAnswer) -> dict[str, Any]:
    scenario = one.scenario
    return {
        "name": one.name,
        "platform": scenario.platform,
        "market": scenario.market,
        "sales_currency": scenario.currency,
        "price": plain_number(one.price),
        "price_over_level_of_place": plain_number(one.price_level),
        "margin_kept": one.kept_margin,
        "orders": plain_number(one.orders),
        "gmv": plain_number(one.gmv),
        "net_revenue": plain_number(one.net_revenue),
        "profit_per_month": plain_number(one.profit),
        "profit_per_order": plain_number(one.per_order),
        "margin": plain_number(one.margin),
        "break_even_acos": plain_number(one.break_even_acos),
        "acos": plain_number(one.acos),
        "odds_of_loss": plain_number(one.loss),
        "cautious_profit_per_month": plain_number(one.cautious),
        "evidence": dict(one.grades),
        "weakest_evidence": one.grade,
        "profit_change_at_bad_end": {
            figure: plain_number(effect) for figure, effect in one.moved_by.items()
        },
        "lowest_balance": plain_number(one.cash_low),
        "lowest_balance_day": one.cash_low_day.isoformat(),
        "limited_by": one.limit,
        "shares_of_what_shoppers_pay": {
            name: plain_number(share) for name, share in one.shares.items()
        },
        "channels_left_out": list(one.carried.left_out),
        "fields": {path: _field(told) for path, told in one.carried.fields.items()},
        "scenario": scenario.plain(),
    }


def _field(one: CarriedField) -> dict[str, Any]:
    return {
        "from": one.kind,
        "typed": one.typed,
        "before": one.before,
        "value": one.value,
        "ratio": plain_number(one.ratio),
        "why": one.why,
        "weak": one.weak,
        "doubt": plain_number(one.doubt),
        "price_over_level_counted": plain_number(one.dear),
        "sources": [_source(source) for source in one.sources],
    }


def _source(source: Provenance) -> dict[str, Any]:
    return {
        "source": source.source,
        "start": None if source.start is None else source.start.isoformat(),
        "as_of": source.as_of,
        "evidence": source.evidence,
        "weak": source.weak,
        "note": source.note,
    }
