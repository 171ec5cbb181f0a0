"""What cash comes to, for machines."""

from collections.abc import Sequence
from typing import Any

from funnel_sim.chance.cash import BANDS, CashFutures
from funnel_sim.decisions.cash.answer import CashAnswer, WorkingCapital
from funnel_sim.decisions.cash.cycle import CashCycle, CyclePart
from funnel_sim.decisions.cash.drive import NeedDrive
from funnel_sim.decisions.cash.exposure import CashExposure
from funnel_sim.decisions.cash.found import CashFound
from funnel_sim.decisions.cash.growth import CashGrowth
from funnel_sim.decisions.cash.levers import CashLever
from funnel_sim.decisions.cash.quote_cash import QuoteCash
from funnel_sim.decisions.cash.what_if import CashWhatIfs
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.goods import GoodsOrder
from funnel_sim.output.json.numbers import (
    estimate_json,
    figure_json,
    plain_number,
    probability_json,
)


def cash_json(found: CashFound, what_ifs: Sequence[CashWhatIfs] = ()) -> dict[str, Any]:
    """Return every answer on cash, for machines: money in the currency of the balance.

    Args:
        found: the answers.
        what_ifs: events that happen for certain, where they were asked for.
    """
    futures = found.answer.futures
    return {
        "model_version": futures.model_version,
        "seed": futures.plan.seed,
        "paths": futures.plan.paths,
        "currency": found.answer.currency,
        **_answer(found.answer),
        "balance": _balance(futures),
        "flows": _flows(futures),
        "supplier_orders": [_order(one, futures.days) for one in found.orders],
        "cycle": _cycle(found.cycle),
        "levers": [_lever(one) for one in found.levers],
        "growth": _growth(found.growth),
        "exposure": _exposure(found.exposure),
        "quotes": [_quote(one) for one in found.quotes],
        "what_if": [_what_ifs(one) for one in what_ifs],
        "scenario": found.scenario.plain(),
    }


def _money(found: Any) -> dict[str, Any]:
    """Return an estimate without its probability of loss, which has a field of its own."""
    told = estimate_json(found)
    for fields in (told, told["standard_errors"]):
        del fields["odds_of_loss"]
    return told


def _answer(answer: CashAnswer) -> dict[str, Any]:
    stock = answer.stock_out
    return {
        "lowest_balance": _money(answer.lowest),
        "lowest_date": answer.lowest_date.isoformat(),
        "below_zero": probability_json(answer.below),
        "below_zero_by_month": [probability_json(one) for one in answer.below_by_month],
        "below_credit_line": probability_json(answer.overdrawn),
        "credit_used_at_most": _money(answer.credit_peak),
        "end_balance": _money(answer.end),
        "working_capital": _capital(answer.capital),
        "working_capital_driver": _drive(answer.drive),
        "opening_stock_taken_as_there": (
            None
            if answer.taken is None
            else {"units": answer.taken.units, "value": answer.taken.value}
        ),
        "stock_out": {
            "probability": probability_json(stock.probability),
            "orders_lost": _money(stock.orders),
            "profit_lost": _money(stock.profit),
        },
    }


def _order(order: GoodsOrder, days: CashDays) -> dict[str, Any]:
    return {
        "date": days.date(order.day).isoformat(),
        "units": order.units,
        "paid": [
            {"for": kind, "date": days.date(day).isoformat(), "amount": amount}
            for kind, day, amount in order.paid
        ],
        "can_be_sold": None if order.shelf is None else days.date(order.shelf).isoformat(),
    }


def _what_ifs(found: CashWhatIfs) -> dict[str, Any]:
    return {
        "month": found.month,
        "plan": {
            "lowest_balance": _money(found.lowest),
            "below_zero": probability_json(found.below),
        },
        "events": [
            {
                "effect": one.event.fields["effect"],
                "lowest_balance": _money(one.lowest),
                "below_zero": probability_json(one.below),
                "working_capital_more": figure_json(one.capital),
            }
            for one in found.events
        ],
    }


def _capital(capital: WorkingCapital) -> dict[str, Any]:
    return {
        "level": capital.level,
        "needed": figure_json(capital.needed),
        "opening_cash": capital.opening,
        "missing": figure_json(capital.more),
    }


def _drive(drive: NeedDrive | None) -> dict[str, Any] | None:
    """Return what the futures that need most have in common."""
    if drive is None:
        return None
    low, high = drive.between
    return {
        "driver": drive.driver,
        "sales_over_plan": drive.sales,
        "share_with_profit": drive.earning,
        "needed_in_middle_half": figure_json(drive.usual),
        "sales_over_plan_of_middle_half": [low, high],
    }


def _balance(futures: CashFutures) -> dict[str, Any]:
    return {
        "dates": [futures.days.date(int(day)).isoformat() for day in futures.band_days],
        "percentiles": {
            f"p{round(level * 100)}": [plain_number(float(one)) for one in futures.bands[:, place]]
            for place, level in enumerate(BANDS)
        },
    }


def _flows(futures: CashFutures) -> dict[str, list[float | None]]:
    return {
        kind: [plain_number(float(one)) for one in amounts[: futures.days.months]]
        for kind, amounts in futures.mean_flows.items()
    }


def _parts(parts: Sequence[CyclePart]) -> dict[str, float]:
    return {part.key: part.days for part in parts}


def _cycle(cycle: CashCycle) -> dict[str, Any]:
    dio, dso, dpo = cycle.ratios
    return {
        "days": cycle.days,
        "dio": cycle.dio,
        "dso": cycle.dso,
        "dpo": cycle.dpo,
        "inventory": _parts(cycle.inventory),
        "receivable": _parts(cycle.receivable),
        "payable": _parts(cycle.payable),
        "supplier_to_bank": cycle.days_to_home,
        "supplier_to_bank_parts": _parts(cycle.to_home),
        "of_mean_balances": {"dio": dio, "dso": dso, "dpo": dpo},
    }


def _lever(lever: CashLever) -> dict[str, Any]:
    return {
        "key": lever.key,
        "size": lever.size,
        "fields": [path for path, _ in lever.changes],
        "capital_freed": figure_json(lever.frees),
        "lowest_balance": figure_json(lever.lowest),
        "below_zero": probability_json(lever.below),
        "profit": figure_json(lever.profit),
    }


def _growth(growth: CashGrowth) -> dict[str, Any]:
    return {
        "level": growth.level,
        "per_month": growth.rate,
        "at_least": growth.open_end,
        "profit_of_slower": None if growth.profit is None else figure_json(growth.profit),
        "tried": [
            {"per_month": rate, "not_below_zero": probability_json(one)}
            for rate, one in growth.tried
        ],
    }


def _exposure(exposure: CashExposure) -> dict[str, Any]:
    def plain(values: Array) -> list[float | None]:
        return [plain_number(float(one)) for one in values]

    return {
        "kept_in": exposure.kept,
        "currencies": [
            {
                "currency": one.currency,
                "in": plain(one.incoming),
                "out": plain(one.outgoing),
                "net": plain(one.net),
            }
            for one in exposure.flows
        ],
        "converted": plain(exposure.converted),
        "not_locked": plain(exposure.open),
    }


def _quote(quote: QuoteCash) -> dict[str, Any]:
    return {
        "option": quote.option,
        "lowest_balance": _money(quote.lowest),
        "lowest_balance_alone": _money(quote.lowest_alone),
        "below_zero": probability_json(quote.below),
        "below_zero_alone": probability_json(quote.below_alone),
        "cash_at_risk": _money(quote.at_risk),
        "out_of_stock": probability_json(quote.stock_out),
        "out_of_stock_alone": probability_json(quote.stock_out_alone),
        "working_capital_more": figure_json(quote.capital),
        "balance_changed_by_month": [plain_number(float(one)) for one in quote.by_month],
        "fee_currency": quote.fee_currency,
        "fees": [
            {
                "date": quote.days.date(one.day).isoformat(),
                "day": one.day,
                "line": one.line,
                "amount": plain_number(one.amount),
            }
            for one in quote.fees
        ],
    }
