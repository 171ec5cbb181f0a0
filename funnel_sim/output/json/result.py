"""The result of a scenario without chance, for machines."""

from collections.abc import Sequence
from typing import Any

from funnel_sim.decisions.economics.targets import LeverAnswer
from funnel_sim.model.economics import Per, Result
from funnel_sim.model.metrics import NOT_FROM_THE_FUNNEL
from funnel_sim.output.json.numbers import currency_json
from funnel_sim.output.words.figure_names import why_none
from funnel_sim.output.words.headlines import ads_sentence, console_sentence, typed_orders
from funnel_sim.output.words.tables import GLOSSARY, SPREAD_OVER_ORDERS, ledger_order


def result_json(
    result: Result, answers: Sequence[LeverAnswer], extra: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a result for machines: metrics by period, ledger, months, break-even values, and how
    to get it again.

    Args:
        answers: of break-even and targets, one a lever.
        extra: further keys at the top, such as the target; None for none.
    """
    per_order = {k: _per_order(result, k) for k in GLOSSARY}
    return {
        "model_version": result.model_version,
        **currency_json(result.scenario),
        "cost_currency": result.scenario.cost_currency,
        "metrics": {
            "steady_month": {k: result.steady.get(k) for k in GLOSSARY},
            "per_order": per_order,
            "horizon": {k: result.horizon.get(k) for k in GLOSSARY},
        },
        "profit_before_and_after_own_work": {
            "before": result.steady["profit"],
            "own_work": result.steady["own_work"],
            "after": result.steady["profit_after_work"],
        },
        "console": (
            {key: result.steady[key] for key in ("acos", "acos_console", "roas", "roas_console")}
            | {"why": console_sentence(result, "en")}
        ),
        "ads_lose_money_on_every_order": bool(ads_sentence(result, "en")),
        "typed_orders": typed_orders(result),
        "not_modelled": list(NOT_FROM_THE_FUNNEL),
        "no_figure": {k: why for k in GLOSSARY if (why := why_none(result, k, "en"))},
        "ledger": {
            "steady_month": _ledger(result, None),
            "per_order": _ledger(result, "order"),
            "per_customer": _ledger(result, "customer"),
            "horizon": {k: result.horizon[k] for k in ledger_order()},
            "months": {k: _months(result, k) for k in ("paid_orders", *ledger_order())},
        },
        "channels": {key: dict(flow) for key, flow in result.channels.items()},
        "break_even": {
            a.lever.key: {
                "today": a.current,
                "value": a.value,
                "exclusive": a.exclusive,
                "kind": a.kind,
                "side": a.side,
                "others": list(a.others),
                "met_today": a.met_today,
            }
            for a in answers
        },
        "scenario": result.scenario.plain(),
        **(extra or {}),
    }


def _months(result: Result, key: str) -> list[float] | None:
    series = result.monthly[key]
    return None if series is None else [float(value) + 0.0 for value in series]


def _per_order(result: Result, key: str) -> float | None:
    if key in SPREAD_OVER_ORDERS:
        return result.per(key, "order")
    return result.steady.get(key)


def _ledger(result: Result, unit: Per | None) -> dict[str, float | None]:
    return {k: result.per(k, unit) if unit else result.steady[k] for k in ledger_order()}
