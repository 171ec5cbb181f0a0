"""What a portfolio comes to, for machines."""

from collections.abc import Sequence
from typing import Any

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.chance.portfolio_cash import PooledCash
from funnel_sim.decisions.portfolio.dependence import Dependence
from funnel_sim.decisions.portfolio.losses import LossFound
from funnel_sim.decisions.portfolio.products import Products, Total
from funnel_sim.output.json.dependence import dependence_json, losses_json, pooled_json
from funnel_sim.output.json.numbers import estimate_json, plain_number
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.portfolio import TAGS


def portfolio_json(
    found: Products,
    simulated: PortfolioSimulation | None = None,
    rests: Sequence[Dependence] = (),
    pooled: PooledCash | None = None,
    lost: Sequence[LossFound] = (),
) -> dict[str, Any]:
    """Return what the rows of a portfolio bring, loss makers first, totals in its currency, on what
    it rests, and its futures and the cash of all where they were worked out.

    Args:
        found: of the steady month.
        simulated: the futures; None where there are none.
        rests: the shares of each kind.
        pooled: the cash of all rows; None where it was not asked for.
        lost: the parts that may be lost, with what that comes to.
    """
    portfolio = found.portfolio
    return {
        "model_version": MODEL_VERSION,
        "currency": portfolio.currency,
        "as_of": portfolio.as_of.isoformat(),
        "exact": portfolio.exact,
        "total": _total(found.total),
        "share_of_rows_with_a_sale": plain_number(found.selling_share),
        "by": {
            tag: {one.name: _total(one) for one in found.by_tag[tag]}
            for tag in TAGS
            if any(one.name for one in found.by_tag[tag])
        },
        "rows": _rows(found, simulated),
        **({} if simulated is None else {"chance": _chance(simulated)}),
        **({"dependence": dependence_json(rests)} if rests else {}),
        **({"losses": losses_json(lost)} if lost else {}),
        **({} if pooled is None else {"cash": pooled_json(pooled)}),
    }


def _total(one: Total) -> dict[str, float | int | None]:
    return {
        "rows": one.rows,
        "losing": one.losing,
        "orders": plain_number(one.orders),
        "gmv": plain_number(one.gmv),
        "net_revenue": plain_number(one.net_revenue),
        "profit": plain_number(one.profit),
        "margin": plain_number(one.margin),
        "lost_by_loss_makers": plain_number(one.lost),
    }


def _rows(found: Products, simulated: PortfolioSimulation | None) -> Sequence[dict[str, Any]]:
    """Return each row, the largest loss first; amounts in its own currency, profit in that of
    totals too.
    """
    portfolio = found.portfolio
    place = {int(index): number for number, index in enumerate(found.losing)}
    currencies = [("", "")] * len(portfolio.rows)
    for group in portfolio.groups:
        for index in group.rows.tolist():
            currencies[index] = (group.scenario.currency, group.scenario.cost_currency)
    tags = {tag: portfolio.tags(tag) for tag in TAGS}
    out = []
    for index in found.worst_first.tolist():
        row = portfolio.rows[index]
        one: dict[str, Any] = {
            "name": row.name,
            "base": row.base,
            **{tag: some[index] for tag, some in tags.items() if some[index]},
            "currency": currencies[index][0],
            "orders": plain_number(found.orders[index]),
            "profit_per_month": plain_number(found.profit[index]),
            "profit_per_order": plain_number(found.per_order[index]),
            "margin": plain_number(found.margin[index]),
            "ad_share": plain_number(found.ad_share[index]),
            "profit_in_currency_of_totals": plain_number(found.profit_shown[index]),
        }
        if index in place:
            number, turning = place[index], found.turning
            one["breaks_even_at"] = {
                "price": plain_number(turning.price[number]),
                "unit_cost": plain_number(turning.unit_cost[number]),
                "unit_cost_currency": currencies[index][1],
                "ad_share": plain_number(turning.ad_share[number]),
            }
        if simulated is not None:
            levels = zip(("p10", "p50", "p90"), simulated.percentiles[index], strict=True)
            one["chance"] = {
                "odds_of_loss": plain_number(simulated.loss[index]),
                "mean": plain_number(simulated.mean[index]),
                **{name: plain_number(value) for name, value in levels},
            }
        out.append(one)
    return out


def _chance(simulated: PortfolioSimulation) -> dict[str, Any]:
    """Return the odds of the sums, over the months of the rows' plans."""
    return {
        "seed": simulated.plan.seed,
        "paths": simulated.plan.paths,
        "shared_demand": simulated.shared,
        "numbers_stated": simulated.portfolio.numbers,
        "numbers_drawn_as_ranges": int(simulated.drawn.sum()),
        "total": estimate_json(simulated.estimate()),
        "by": {
            tag: {word: estimate_json(simulated.estimate(tag, word)) for word in some}
            for tag, some in simulated.by_tag.items()
            if any(some)
        },
    }
