"""Quotes and alternatives as inputs: what an option brings, what it costs the client itself, and
its contract, clause by clause.

What each clause means to the month: docs/contracts.md. A contract's money is in the currency that
`fee_currency` names.
"""

from collections.abc import Collection
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import Section, Spec, Unit
from funnel_sim.scenario.head import Head
from funnel_sim.scenario.quantity import Quantity, is_range, point_value
from funnel_sim.scenario.quote_effect import OptionKind
from funnel_sim.scenario.quote_rows import MOST_ROWS
from funnel_sim.scenario.quote_scope import ServiceScope
from funnel_sim.scenario.quote_specs import cost_spec, rate_spec, text_spec

MOST_QUOTES = 5

NEW_QUOTE: dict[str, Any] = {"share_bound": "from"}
"""What a quote that is begun today says where nobody says otherwise: contracts write "reaches"; a
file that does not say keeps the lower tier (ADR 0037).
"""

_SAME = "__"
_STEM = 20


def counter_id(name: str, taken: Collection[str]) -> str:
    """Return an id for a counter-offer to a quote, which is drawn as the quote is.

    Args:
        name: the id of the quote.
        taken: ids in use.

    Examples:
        >>> counter_id("quote", ["quote"]), counter_id("quote__2", ["quote", "quote__2"])
        ('quote__2', 'quote__3')
    """
    stem = name.partition(_SAME)[0][:_STEM]
    return next(one for n in range(2, 100) if (one := f"{stem}{_SAME}{n}") not in taken)


PAID = ("quote", "flat_fee")
"""Kinds of option with somebody on the other side, who claims an effect and earns a fee."""
ALTERNATIVES: tuple[OptionKind, ...] = ("own_team", "flat_fee", "consultant", "tools")


_COSTS = (
    "setup",
    "base",
    "trial_base",
    "share_tiers",
    "spend_rate",
    "order_fee",
    "rewards",
    "instalments",
    "floor",
    "extras",
    "tools_monthly",
    "start_cost",
)
"""What of an option costs its client money."""


class Option(ServiceScope):
    """One way to run the store: what it brings, what it costs the client itself, and what its
    contract says.
    """

    # what its answers to the contract check are
    says_yes: Annotated[list[str], text_spec("合同检查：是", "Contract check: yes", "", "")] = (
        Field(default_factory=list)
    )
    says_no: Annotated[list[str], text_spec("合同检查：否", "Contract check: no", "", "")] = Field(
        default_factory=list
    )
    # what serving it costs the agency
    serving_people: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=1000,
            zh="服务人数（折合全职）",
            en="People serving (full-time)",
            help_zh="对方为您投入的人力；留空取默认假设。",
            help_en="What the agency puts in; empty: the default, an assumption.",
        ),
    ] = None
    serving_pay: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="服务人员月薪",
            en="Their monthly pay",
            help_zh="留空取招聘数据的常见值。",
            help_en="Empty: the usual pay in recruiters' figures.",
        ),
    ] = None
    serving_on_cost: Annotated[
        Quantity | None,
        rate_spec(
            "工资之外的用人成本（占工资）",
            "On-cost, as a share of their pay",
            "单位社保公积金，也可含按工资分摊的管理费；留空取上海的单位社保与公积金比例。",
            "The employer's contributions, and overhead where you count it by pay; empty:"
            " Shanghai's contributions and housing fund.",
            most=2.0,
        ),
    ] = None
    serving_other: Annotated[
        Quantity,
        cost_spec(
            "服务的其他成本",
            "Other cost of serving, a month",
            "软件、管理分摊。",
            "Software, overhead.",
        ),
    ] = 0.0

    @model_validator(mode="after")
    def _fits(self) -> Self:
        bounds = [tier.upto for tier in self.share_tiers]
        inner = [bound for bound in bounds[:-1] if bound is not None]
        if self.share_tiers and (
            bounds[-1] is not None or len(inner) != len(bounds) - 1 or inner != sorted(set(inner))
        ):
            shown = " / ".join("∞" if bound is None else f"{bound:g}" for bound in bounds)
            raise PydanticCustomError(
                "tiers_order", "rising, the last open", {"field": "share_tiers", "shown": shown}
            )
        for name in ("share_tiers", "rewards", "instalments", "extras"):
            if len(getattr(self, name)) > MOST_ROWS:
                raise PydanticCustomError(
                    "rows_count",
                    "too many",
                    {"field": name, "shown": str(len(getattr(self, name))), "most": MOST_ROWS},
                )
        if self.cap is not None and self.floor is not None and self.floor > self.cap:
            raise PydanticCustomError(
                "floor_cap",
                "floor over cap",
                {"field": "floor", "shown": f"{self.floor:g}", "most": f"{self.cap:g}"},
            )
        if self.trial > self.term:
            raise PydanticCustomError(
                "trial_term",
                "trial over term",
                {"field": "trial", "shown": str(self.trial), "most": self.term},
            )
        if self.stop_loss and not self.decided_by:
            raise PydanticCustomError("stop_kpi", "needs a KPI", {"field": "decided_by"})
        return self

    @property
    def drawn_as(self) -> str:
        """The id under which its effect and ranges are drawn: a quote and its counter-offers
        (`counter_id`) are one agency, so that they stand in the same futures.

        >>> Option(id="quote__2").drawn_as, Option(id="quote_2").drawn_as
        ('quote', 'quote_2')
        """
        return self.id.partition(_SAME)[0]

    @property
    def misses_below(self) -> float:
        """The share of the target below which a month misses for trial, renewal and patience."""
        return self.stop_share if self.miss_share is None else self.miss_share

    @property
    def paid(self) -> bool:
        """Whether somebody is on the other side, who claims an effect and earns a fee."""
        return self.kind in PAID

    def currency(self, head: Head) -> str:
        """Return the currency of the contract's money, by the currencies of its scenario."""
        return head.cost_currency if self.fee_currency == "cost" else head.currency

    def rate(self, head: Head) -> float:
        """Return what one unit of the sales currency is in the contract's currency, at the point
        value of the exchange rate.
        """
        return float(point_value(head.fx_rate)) if self.fee_currency == "cost" else 1.0

    @property
    def priced(self) -> bool:
        """Whether anything is named that it costs: without, there is nothing to sign for.

        >>> Option(id="quote", claimed=0.4).priced, Option(id="quote", base=9000.0).priced
        (False, True)
        """
        return any(
            point_value(worth) if is_range(worth := getattr(self, name)) else bool(worth)
            for name in _COSTS
        )

    def kpis_named(self) -> list[tuple[str, str]]:
        """Return (field, KPI id) of every KPI that the contract names."""
        named = [("rewards", one.kpi) for one in self.rewards] + [
            ("instalments", one.kpi) for one in self.instalments if one.kpi
        ]
        return [*named, ("decided_by", self.decided_by)] if self.decided_by else named


LATER: dict[str, Any] = {
    name: info.default
    for name, info in Option.model_fields.items()
    if name.startswith(("scope_", "record_", "due_", "deposit"))
}
"""Fields that came later, with what they are where nobody said anything: a link leaves them out."""


class Comparison(Section):
    """How options are compared."""

    alike: Annotated[
        float | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=1,
            zh="两家效果有多相似（0–1）",
            en="How alike agencies do (0 to 1)",
            help_zh="同一家店里不同服务商效果的相关程度；留空取默认假设。",
            help_en=(
                "Correlation of what different agencies bring to one store; empty: the default, an"
                " assumption."
            ),
        ),
    ] = None
    sign_odds: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            below=1,
            zh="签约所需的划算概率",
            en="Probability of being better off that signing needs",
            help_zh="平均划算且划算概率不低于此值才建议签。",
            help_en=(
                "Sign only where the mean gain is above zero and the probability of being better"
                " off is at least this."
            ),
        ),
    ] = 0.5
    price_elasticity: Annotated[
        float | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=20,
            zh="价格弹性",
            en="Price elasticity",
            help_zh=(
                "降价 1% 订单增加百分之几；留空则用店铺的需求价格弹性；那里也没填，就不估计折扣"
                "深度，只给出分界点。"
            ),
            help_en=(
                "How many per cent more orders a price lower by 1% brings; empty: the store's own"
                " elasticity of demand, and where there is none, only the break-even points are"
                " given."
            ),
        ),
    ] = None
