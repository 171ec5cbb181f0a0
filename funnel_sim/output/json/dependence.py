"""On what a portfolio rests, and the cash of all rows as one account, for machines."""

from collections.abc import Sequence
from typing import Any

from funnel_sim.chance.portfolio_cash import PooledCash
from funnel_sim.decisions.portfolio.dependence import Dependence, DependenceShare
from funnel_sim.decisions.portfolio.losses import LossFound
from funnel_sim.errors import InputError
from funnel_sim.output.json.numbers import estimate_json, plain_number, probability_json


def dependence_json(found: Sequence[Dependence]) -> dict[str, Any]:
    """Return the shares of each kind, the largest profit first.

    Args:
        found: one a kind.
    """
    return {one.by: _kind(one) for one in found}


def _kind(found: Dependence) -> dict[str, Any]:
    worst = found.worst
    return {
        "profit_per_month": plain_number(found.profit),
        "gmv": plain_number(found.gmv),
        "earned_by_those_that_earn": plain_number(found.earned),
        "lost_by_those_that_lose": plain_number(found.lost),
        "effective_number": plain_number(found.effective),
        "effective_number_of_gmv": plain_number(found.effective_gmv),
        "earned_together": plain_number(found.rest),
        "shares": [_share(one) for one in found.shares],
        "worst_5_percent": None
        if worst is None
        else {
            "together": plain_number(worst.together),
            "each_alone_added_up": plain_number(worst.alone),
            "taken_off": plain_number(worst.taken_off),
        },
    }


def _share(one: DependenceShare) -> dict[str, Any]:
    return {
        "name": one.name,
        "rows": one.rows,
        "profit_per_month": plain_number(one.profit),
        "gmv": plain_number(one.gmv),
        "share_of_what_earns": plain_number(one.profit_share),
        "share_of_gmv": plain_number(one.gmv_share),
        "left_without": plain_number(one.left),
        "left_while_fixed_costs_go_on": plain_number(one.left_fixed),
        "plan_without": None if one.after is None else estimate_json(one.after),
    }


def losses_json(found: Sequence[LossFound]) -> list[dict[str, Any]]:
    """Return the parts of a portfolio that may be lost, with what that comes to.

    Args:
        found: the events, in the order of the portfolio.
    """
    return [_loss(one) for one in found]


def _loss(found: LossFound) -> dict[str, Any]:
    event, comes_to = found.event, found.losses
    out: dict[str, Any] = {
        "by": event.by,
        "names": list(event.names),
        "probability": plain_number(event.odds),
        "not_there": list(found.gone),
    }
    if comes_to is None:
        return out
    odds = event.odds
    return out | {
        "cost_per_month": plain_number(comes_to.cost),
        "left_per_month": plain_number(comes_to.left),
        "expected_cost_per_month": None if odds is None else plain_number(comes_to.expected(odds)),
        "plan_with_all": None if comes_to.now is None else estimate_json(comes_to.now),
        "plan_without": None if comes_to.after is None else estimate_json(comes_to.after),
        "odds_of_loss_with_event": None if odds is None else plain_number(comes_to.loss(odds)),
    }


def pooled_json(found: PooledCash | InputError) -> dict[str, Any]:
    """Return the cash of all rows as one account, or why it cannot be told.

    Args:
        found: the cash of all rows.
    """
    if isinstance(found, InputError):
        return {"refused": found.sentences("en")}
    out: dict[str, Any] = {
        "currency": found.portfolio.currency,
        "first_day": found.first.isoformat(),
        "lowest_balance": plain_number(found.lowest),
        "lowest_balance_day": found.lowest_day.isoformat(),
        "needed_by_one_account": plain_number(found.pooled),
        "needed_by_an_account_a_row": plain_number(found.separate),
        "saved_by_pooling": plain_number(found.saved),
        "balance": [plain_number(one) for one in found.balance],
        "lowest_balance_of_rows": {
            row.name: plain_number(low)
            for row, low in zip(found.portfolio.rows, found.row_lowest, strict=True)
        },
    }
    needs = found.needs()
    if needs is not None and found.below is not None and found.below_separate is not None:
        assert found.plan is not None
        out["chance"] = {
            "seed": found.plan.seed,
            "paths": found.plan.paths,
            "needed_by_one_account": estimate_json(needs[0]),
            "needed_by_an_account_a_row": estimate_json(needs[1]),
            "below_zero": probability_json(found.below),
            "any_row_below_zero": probability_json(found.below_separate),
        }
    return out
