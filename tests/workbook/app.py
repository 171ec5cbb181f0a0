"""What the app says of a scenario, under the names that its workbook gives to the cells; and
whether a workbook agrees.
"""

import math
from typing import Any

import numpy as np

from funnel_sim.decisions.kpi import draws as kpi_draws
from funnel_sim.decisions.kpi.measured import key_of, target_of
from funnel_sim.decisions.quote import store_alone
from funnel_sim.decisions.quote.contract import Duration, Flows, bill
from funnel_sim.model.economics import evaluate, figures
from funnel_sim.model.ledger import LEDGER, SUBTOTAL
from funnel_sim.model.metrics import FLOWS, METRICS
from funnel_sim.model.order_formulas import COMMISSION, UNIT_AND_ORDER
from funnel_sim.model.values import Values
from funnel_sim.output.words.figure_names import unit_of
from funnel_sim.output.workbook.cells import plain_name
from funnel_sim.output.workbook.months import steady_of
from funnel_sim.output.workbook.terms import plain_terms
from funnel_sim.scenario.kpi_metrics import OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

Found = dict[str, Any]
Cells = dict[str, Any]


def expected(scenario: Scenario) -> dict[str, tuple[str, list[float | None]]]:
    """Return unit and values by name: one value, or one a month."""
    result, values = evaluate(scenario), Values(scenario)
    out: dict[str, tuple[str, list[float | None]]] = {}
    for key in steady_of(scenario):
        out[f"steady_{key}"] = unit_of(key), [result.steady[key]]
        if key in FLOWS or key in {m.key for m in METRICS} | {"ltv"}:
            out[f"total_{key}"] = unit_of(key), [result.horizon[key]]
    for key in FLOWS:
        series = result.monthly[key]
        out[f"months_{key}"] = (
            unit_of(key),
            [None] * scenario.plan.horizon_months if series is None else [float(v) for v in series],
        )
    metrics = [m.key for m in METRICS]
    for (key, _), found in figures(values, {"month": metrics}).items():
        out[f"months_{key}"] = unit_of(key), _series(found, scenario.plan.horizon_months)
    inside = figures(values, {"steady": [f.key for f in (*UNIT_AND_ORDER, *COMMISSION)]})
    for (key, _), found in inside.items():
        out[f"steady_{key}"] = unit_of(key), _series(found, 1)
    for channel, flow in result.channels.items():
        for name, value in flow.items():
            out[f"steady_channels_{channel}_{name}"] = (
                ("money" if name == "spend" else "count"),
                [value],
            )
    for key in (f.key for f in LEDGER if f.key != "converted_home" or f.key in SUBTOTAL):
        out[f"per_order_{key}"] = "money", [result.per(key, "order")]
        out[f"per_month_{key}"] = "money", [result.steady[key]]
        out[f"per_customer_{key}"] = "money", [result.per(key, "customer")]
    for kpi in scenario.kpis:
        out |= _kpi(scenario, kpi)
    quote = next((option for option in scenario.options if option.kind == "quote"), None)
    return out | (_fees(scenario, quote) if quote else {})


def _series(found: Any, months: int) -> list[float | None]:
    if found is None:
        return [None] * months
    return [
        float(v) if math.isfinite(v) else None
        for v in np.broadcast_to(np.asarray(found, float), (months, 1))[:, 0]
    ]


def _kpi(scenario: Scenario, kpi: Kpi) -> dict[str, tuple[str, list[float | None]]]:
    months = scenario.plan.horizon_months
    if kpi.metric in OPERATIONAL or kpi.month_to > months:
        return {}
    key, span = key_of(scenario, kpi), kpi.months
    asked: dict[Any, list[str]] = (
        {"steady": [key]} if kpi.metric in STEADY_METRICS else {"month": [key], span: [key]}
    )
    found = figures(Values(scenario), asked)

    def of(name: str, over: Any) -> Any:
        value = found[name, over]
        rows = months if over == "month" else 1
        whole = (
            np.full((rows, 1), np.nan)
            if value is None
            else np.broadcast_to(np.asarray(value, float), (rows, 1))
        )
        return whole if over == "month" else whole[0]

    drawn = kpi_draws.drawn(scenario, kpi, of, months, None, {span})  # type: ignore[arg-type]
    unit, target = unit_of(kpi.metric), target_of(scenario, kpi)
    finite = [float(v) if math.isfinite(v) else None for v in (drawn.value[0], *drawn.months[:, 0])]
    return {
        f"total_kpi_{kpi.id}_value": (unit, finite[:1]),
        f"months_kpi_{kpi.id}_value": (unit, finite[1:]),
        f"total_kpi_{kpi.id}_target": (unit, [target]),
    }


def _fees(scenario: Scenario, quote: Option) -> dict[str, tuple[str, list[float | None]]]:
    option, months = plain_terms(quote), scenario.plan.horizon_months
    key = store_alone.basis_key(scenario, option)
    found = figures(Values(scenario), {"month": [key, "media_spend", "paid_orders"]})
    series = {
        name: np.array([[v or 0.0] for v in _series(value, months)])
        for (name, _), value in found.items()
    }
    plan, fx = (
        scenario.plan,
        1.0 if option.fee_currency == "sales" else point_value(scenario.fx_rate),
    )
    season = np.array([[plan.season[(plan.start_month - 1 + m) % 12]] for m in range(months)])
    base = store_alone.baseline(scenario, option) if option.share_over == "baseline" else 0.0
    flows = Flows(
        series[key],
        series["media_spend"],
        series["paid_orders"],
        np.full((months, 1), fx),
        season,
        base,
        {},
        {},
    )
    life = Duration(np.ones((months, 1), bool), np.array([months]), np.array([0]), np.array([0]))
    lines = bill(option, flows, life)
    out: dict[str, tuple[str, list[float | None]]] = {
        f"months_fee_{name}": ("money", [float(v) for v in line[:, 0]])
        for name, line in lines.items()
    }
    whole = sum((line[:, 0] for line in lines.values()), np.zeros(months))
    return out | {
        "months_fee_total": ("money", [float(v) for v in whole]),
        "total_fee_total": ("money", [float(whole.sum())]),
    }


def disagreements(scenario: Scenario, read: Cells) -> list[str]:
    """Return the cells that do not say what the app says: money to half a cent, all else to 1e-9 of
    itself.
    """
    bad = []
    for name, (unit, values) in expected(scenario).items():
        cells = read.get(plain_name(name))
        if cells is None:
            bad.append(f"{name}: no such name")
            continue
        if len(cells) != len(values):
            bad.append(f"{name}: {len(cells)} cells for {len(values)} values")
            continue
        bad += [
            f"{name}[{n}]: {cell!r} and not {value!r}"
            for n, (cell, value) in enumerate(zip(cells, values, strict=True))
            if not _agree(unit, cell, value)
        ]
    return bad


def _agree(unit: str, cell: Any, value: float | None) -> bool:
    if value is None:
        return cell == "–"
    if not isinstance(cell, (int, float)):
        return False
    near = 0.005 if unit in ("money", "cost_money") else 1e-12
    return abs(cell - value) <= max(
        near if unit in ("money", "cost_money") else 0.0, 1e-9 * abs(value), 1e-12
    )
