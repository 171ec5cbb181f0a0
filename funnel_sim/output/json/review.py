"""What machines get of a review: the bill, the drivers, the effect, the leaks, where the KPIs
stand, the next term.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.drivers import Split
from funnel_sim.decisions.review.effect import Drop, Effect
from funnel_sim.decisions.review.leak import Leaks, Step
from funnel_sim.decisions.review.otherwise import Otherwise
from funnel_sim.decisions.review.providers import Provider, apart
from funnel_sim.decisions.review.renewal import Renewal
from funnel_sim.decisions.review.reviewed import Reviewed
from funnel_sim.decisions.review.settlement import Dispute, Settlement
from funnel_sim.decisions.review.standing import Standing
from funnel_sim.evidence.store.reconcile import Reconciled
from funnel_sim.output.json.numbers import plain_number, probability_json
from funnel_sim.scenario.store_months import StoreHistory


def _cents(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def bill_json(
    found: Bill,
    others: Sequence[Otherwise] = (),
    workings: Mapping[tuple[str, int], str] | None = None,
) -> dict[str, Any]:
    """Return a bill: amounts are texts with the currency's digits, null where they are open;
    `workings` say by line and month how they come about, `others` what another reading comes to.
    """
    count = len(found.months)
    return {
        "option": found.option.id,
        "currency": found.code,
        "months": [
            {
                "month": found.months[place],
                "running": found.running[place],
                "basis": plain_number(float(found.basis[place])),
                "ad_spend": plain_number(float(found.spend[place])),
                "orders": plain_number(float(found.orders[place])),
                "rate": plain_number(float(found.fx[place])),
                "lines": {name: _cents(found.amount(name, place + 1)) for name in found.lines},
                "workings": {
                    name: text
                    for (name, month), text in (workings or {}).items()
                    if month == place + 1
                },
                "due": _cents(found.due(place + 1)),
                "correction": _cents(found.correction(place + 1)),
                "paid": plain_number(float(found.paid[place])),
            }
            for place in range(count)
        ],
        "total": _cents(found.total),
        "settled": _cents(found.settled),
        "balance": _cents(found.balance),
        "last_month": found.last,
        "lacks": {name: list(months) for name, months in found.lacks.items()},
        "from_scenario": list(found.assumed),
        "kpis": {
            name: {
                "target": plain_number(one.target),
                "value": plain_number(one.value),
                "months": [plain_number(float(value)) for value in one.months],
            }
            for name, one in found.kpis.items()
        },
        "otherwise": [
            {
                "kind": one.kind,
                "what": one.what,
                "way": one.way,
                "total": _cents(one.total),
                "difference": _cents(one.difference),
                "lacks": {name: list(months) for name, months in one.lacks.items()},
            }
            for one in others
        ],
    }


def settlement_json(found: Settlement) -> dict[str, Any]:
    """Return what is settled of a bill: amounts as texts, null where they are open."""
    bill = found.bill
    return {
        "months": list(found.chosen),
        "lines": {name: _cents(found.line(name)) for name in bill.lines},
        "due": _cents(found.due),
        "correction": _cents(found.correction),
        "paid": _cents(found.paid),
        "owed": _cents(found.owed),
        "lacks": {name: list(months) for name, months in found.lacks.items()},
    }


def dispute_json(found: Dispute | None) -> dict[str, Any] | None:
    """Return the other side's amount beside ours and what explains the difference, best first; null
    where ours is open or theirs was not given.
    """
    if found is None:
        return None
    return {
        "ours": _cents(found.ours),
        "theirs": _cents(found.theirs),
        "difference": _cents(found.difference),
        "reasons": [
            {
                "kind": one.kind,
                "what": one.what or None,
                "way": one.way or None,
                "amount": _cents(one.amount),
                "left": _cents(one.left),
                "lines": {name: _cents(amount) for name, amount in one.lines.items()},
            }
            for one in found.reasons
        ],
        "unknown": [
            {
                "kind": one.kind,
                "what": one.what,
                "way": one.way,
                "lacks": {name: list(months) for name, months in one.lacks.items()},
            }
            for one in found.unknown
        ],
    }


def drivers_json(found: Mapping[str, Split]) -> dict[str, Any]:
    """Return the split of each figure's change."""
    return {
        key: {
            "before": plain_number(one.before),
            "assumed": list(one.assumed),
            "lacks": list(one.lacks),
            "after": plain_number(one.after),
            "change": plain_number(one.change),
            "parts": [
                {
                    "driver": part.driver.id,
                    "channel": part.driver.channel or None,
                    "amount": plain_number(part.amount),
                    "fields": {
                        path: [plain_number(old), plain_number(new)]
                        for path, old, new in part.driver.changed
                    },
                    "assumed": part.driver.assumed,
                }
                for part in one.parts
            ],
        }
        for key, one in found.items()
    }


def effect_json(found: Effect) -> dict[str, Any]:
    """Return the effect since the mark; null where nothing could be measured."""
    out: dict[str, Any] = {
        "verdict": found.verdict,
        "figure": found.figure,
        "months": list(found.months),
        "months_before": found.known,
        "taken_out": list(found.taken_out),
        "contract_ended": None
        if found.ended is None
        else {"month": found.ended.month, "by": found.ended.by, "after": list(found.ended.after)},
        "mentioned": [one.model_dump(mode="json") for one in found.mentioned],
        "promise": plain_number(found.promise),
        "probability_promise": plain_number(found.reached),
        "budget": None if found.budget is None else [plain_number(one) for one in found.budget],
        "ad_share": None if found.ads is None else plain_number(found.ads.share),
        "ad_share_measured": None if found.ads is None else found.ads.measured,
        "ad_share_from": None if found.ads is None else found.ads.source,
        "ad_elasticity": None if found.ads is None else plain_number(found.ads.elasticity),
        "ad_elasticity_assumed": None if found.ads is None else found.ads.assumed,
        "effect": None,
    }
    if found.found is not None:
        one = found.found
        out["effect"] = {
            "low": plain_number(one.whole[0]),
            "middle": plain_number(one.whole[1]),
            "high": plain_number(one.whole[2]),
            "extra": [plain_number(value) for value in one.extra],
            "probability_above_zero": plain_number(one.above_zero),
            "months_needed": one.needed,
            "least_effect_told": plain_number(one.least),
            "came": [plain_number(value) for value in found.came],
            "alone": [[plain_number(float(v)) for v in row] for row in one.alone],
            "by_month": [[plain_number(float(v)) for v in row] for row in one.by_month],
            "believed_middle": plain_number(float(sorted(one.belief)[len(one.belief) // 2])),
        }
    return out


def leaks_json(found: Leaks) -> dict[str, Any]:
    """Return every step looked at, the broken ones first."""
    return {
        "months": list(found.months),
        "baseline": list(found.baseline),
        "steps": [_step(one) for one in found.steps],
        "missing": list(found.missing),
        "no_share": list(found.unfit),
        "costly_channels": [
            {
                "channel": one.channel,
                "ad_spend": plain_number(one.spend),
                "orders": plain_number(one.orders),
                "leaves_an_order": plain_number(one.leaves),
            }
            for one in found.costly
        ],
    }


def _step(one: Step) -> dict[str, Any]:
    return {
        "step": one.step,
        "channel": one.channel or None,
        "broken": one.broken,
        "baseline": plain_number(one.rate.baseline),
        "season": plain_number(one.rate.season),
        "now": plain_number(one.rate.now),
        "ratio": plain_number(one.ratio),
        "chance": plain_number(one.chance),
        "chance_adjusted": plain_number(one.adjusted),
        "spread_between_months": plain_number(one.spread),
        "profit_a_month": plain_number(one.money),
        "orders_a_month": plain_number(one.orders),
        "counts_a_month": plain_number(one.counts),
        "enough_counts": one.enough,
        "benchmark": (
            None
            if one.typical is None
            else {
                "low": plain_number(one.typical.low),
                "high": plain_number(one.typical.high),
                "source": one.typical.benchmark.provenance.source,
            }
        ),
    }


def standing_json(found: Standing) -> dict[str, Any]:
    """Return where the KPIs stand."""

    def share(one: Figure | None) -> dict[str, float | None] | None:
        return None if one is None else probability_json(one)

    return {
        "month": found.month,
        "kpis": [
            {
                "id": one.kpi.id,
                "metric": one.kpi.metric,
                "now": plain_number(one.now),
                "target": plain_number(one.target),
                "attained": plain_number(one.attained),
                "year_ago": plain_number(one.year_ago),
                "month_ago": plain_number(one.month_ago),
                "so_far": plain_number(one.so_far),
                "window_target": plain_number(one.window_target),
                "window_attained": plain_number(one.window_attained),
                "months_left": one.left,
                "probability": share(one.probability),
                "decided": one.decided,
                "each_month_left_must_bring": plain_number(one.rest),
                "health": one.health,
                "owed": one.owed,
                "months_met": None if one.months_met is None else one.months_met[0],
                "months_known": None if one.months_met is None else one.months_met[1],
                "baseline": None
                if one.baseline is None
                else {
                    "value": plain_number(one.baseline.value),
                    "source": one.baseline.source,
                    "months": list(one.baseline.months),
                },
            }
            for one in found.rows
        ],
        "all": share(found.joint),
        "stop_loss": (
            None
            if found.stop is None
            else {
                "kpi": found.stop.kpi,
                "share": found.stop.share,
                "below": list(found.stop.below),
                "counts_from": found.stop.counts_from or None,
                "in_a_row": found.stop.running,
                "ends_after": found.stop.ends_after,
                "triggered": found.stop.triggered,
            }
        ),
        "dates": [{"kind": one.kind, "day": one.day.isoformat()} for one in found.dates],
    }


def renewal_json(found: Renewal) -> dict[str, Any]:
    """Return what the next term is worth."""
    return {
        "months": found.months,
        "advice": found.advice,
        "fee_a_month": plain_number(found.fee),
        "worth_a_month": plain_number(found.worth),
        "best": found.best,
        "billed_a_month": plain_number(found.billed),
        "billed_setup_a_month": plain_number(found.billed_setup),
        "worth_if_measured_a_month": plain_number(found.measured),
        "worth_steps": {
            "gmv_since": plain_number(found.steps.came),
            "months_since": found.steps.months,
            "effect_taken_out": plain_number(found.steps.middle),
            "sales_alone": plain_number(found.steps.alone),
            "sales_added": plain_number(found.steps.added),
            "profit_added": plain_number(found.steps.brought),
            "hours_saved": plain_number(found.steps.saved),
            "own_costs": plain_number(found.steps.own),
        },
        "options": [
            {
                "id": one.option.id,
                "gain": plain_number(one.gain),
                "probability_better": plain_number(one.better),
                "paid": plain_number(one.paid),
                "cost": plain_number(one.cost),
                "months_running": plain_number(one.running),
                "lines": {name: plain_number(amount) for name, amount in one.lines.items()},
                "brought": plain_number(one.brought),
                "spread": [plain_number(value) for value in one.spread],
                "gain_if_promised": plain_number(one.promised),
            }
            for one in found.options
        ],
        "effect": effect_json(found.effect),
    }


def review_json(found: Reviewed) -> dict[str, Any]:
    """Return a review of a period, whole; `drivers` against the months before the mark, `changes`
    against each thing that is known.
    """
    mark = found.changes.get("mark")
    return {
        "period": {
            "name": found.period.name,
            "months": list(found.period.months),
            "before": list(found.period.before),
            "year_ago": list(found.period.year_ago),
            "part": found.period.part,
        },
        "state": found.state,
        "figures": {
            one.key: {
                "now": plain_number(one.now),
                "before": plain_number(one.before),
                "assumed": list(one.assumed),
                "year_ago": plain_number(one.year_ago),
            }
            for one in found.figures
        },
        "effect": effect_json(found.effect),
        "drop": _drop(found.dropped),
        "leaks": None if found.leaks is None else leaks_json(found.leaks),
        "drivers": None if mark is None else drivers_json(mark),
        "changes": {against: drivers_json(one) for against, one in found.changes.items()},
        "standing": None
        if found.standing is None or not found.scenario.kpis
        else standing_json(found.standing),
        "bill": None if found.bill is None else bill_json(found.bill, found.others),
        "converted": converted_json(found.scenario.history),
    }


def converted_json(history: StoreHistory) -> list[dict[str, Any]]:
    """Return at which rates amounts of the months were read from files in other currencies; `day`
    is null where the rate was typed.
    """
    return [one.model_dump(mode="json") | {"day": one.day or None} for one in history.converted]


def _drop(found: Drop | None) -> dict[str, Any] | None:
    if found is None:
        return None
    low, middle, high = (plain_number(one) for one in found.expected)
    return {
        "figure": found.figure,
        "month": found.month,
        "came": plain_number(found.came),
        "expected": {"low": low, "middle": middle, "high": high},
        "probability_of_less": plain_number(found.below),
        "signal": found.signal,
    }


def providers_json(found: Sequence[Provider]) -> dict[str, Any]:
    """Return several providers on one yardstick, the largest middle effect first; `told_apart` are
    pairs whose intervals do not overlap, the better one first.
    """
    return {
        "providers": [
            {
                "name": one.name,
                "option": one.option,
                "currency": one.currency,
                "months": one.months,
                "verdict": one.effect.verdict,
                "effect": None
                if one.effect.found is None
                else [plain_number(value) for value in one.effect.found.whole],
                "fees": plain_number(one.fees),
                "margin_added": None
                if one.added is None
                else [plain_number(value) for value in one.added],
                "fee_per_margin_added": plain_number(one.fee_per_added),
                "margin_added_less_fees": plain_number(one.net),
                "kpis_met": one.met,
                "kpis_settled": one.settled,
                "service": {
                    "reply_hours": plain_number(one.reply_hours),
                    "reports_due": one.reports_due,
                    "reports_on_time": one.reports_on_time,
                    "data_open": one.data_open or None,
                },
            }
            for one in found
        ],
        "told_apart": [
            [found[place].name, found[other].name]
            for place in range(len(found))
            for other in range(place + 1, len(found))
            if apart(found[place], found[other])
        ],
    }


def reconciled_json(found: Sequence[Reconciled]) -> list[dict[str, Any]]:
    """Return what files of one store say otherwise of the same months."""
    return [
        {
            "one": pair.one,
            "other": pair.other,
            "same": pair.same,
            "differences": [
                {
                    "month": row.month,
                    "figure": row.figure,
                    "one": plain_number(row.one),
                    "other": plain_number(row.other),
                    "share": plain_number(row.share),
                    "reasons": list(row.reasons),
                    "borne_out": row.fits,
                }
                for row in pair.differences
            ],
        }
        for pair in found
    ]
