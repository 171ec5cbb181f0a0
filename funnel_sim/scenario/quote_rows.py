"""The rows of a contract: steps of a share, rewards on KPIs, instalments, extra fees."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Text, Unit
from funnel_sim.scenario.quote_specs import money_spec, months_spec, rate_spec, text_spec
from funnel_sim.words import Words

MOST_ROWS = 12
RewardForm = Literal["fixed", "base", "sales", "excess"]
EVERY_WORDS: dict[str, Words] = {
    "once": Words("签约时一次", "Once, at the start"),
    "month": Words("每月", "Every month"),
    "year": Words("每年", "Every year"),
    "event": Words("按次发生", "Each time it happens"),
}


class ShareTier(Section):
    """One step of a share: up to an amount of the basis (sales currency, a month or since the
    start), its rate.
    """

    upto: Annotated[
        float | None,
        Spec(unit=Unit.MONEY, above=0, zh="上限（销售币种）", en="Up to (sales currency)"),
    ] = None
    rate: Annotated[float, rate_spec("提成比例", "Share")]


class Reward(Section):
    """A bonus where a KPI is met, or a penalty where it is missed."""

    kpi: Annotated[
        str,
        text_spec(
            "哪个 KPI",
            "Which KPI",
            "本方案 KPI 列表里的一条。",
            "One of the KPIs of this scenario.",
        ),
    ]
    kind: Annotated[
        Literal["bonus", "penalty"],
        text_spec(
            "奖或罚",
            "Bonus or penalty",
            "达标奖励，或未达标扣款。",
            "Paid where it is met, or taken off where it is missed.",
            {"bonus": Words("奖励", "Bonus"), "penalty": Words("扣款", "Penalty")},
        ),
    ] = "bonus"
    form: Annotated[
        RewardForm,
        text_spec(
            "怎么算",
            "How it is worked out",
            "固定金额、基础费的比例、销售额的比例，或超额（缺口）部分的比例。",
            "A fixed amount, a share of the base fee, of sales, or of the excess (shortfall).",
            {
                "fixed": Words("固定金额", "Fixed amount"),
                "base": Words("基础费的比例", "Share of the base fee"),
                "sales": Words("提成基数的比例", "Rate on the basis of the share"),
                "excess": Words("超额／缺口的比例", "Share of the excess or shortfall"),
            },
        ),
    ] = "fixed"
    amount: Annotated[
        float,
        money_spec(
            "金额或比例",
            "Amount or share",
            "固定金额，或比例（10% 填 0.1）。",
            "The amount, or the share (10% is 0.1).",
        ),
    ] = 0.0
    bound: Annotated[
        Literal["from", "above"],
        text_spec(
            "恰好等于目标",
            "Exactly on the target",
            "达到目标即算达标，或必须超过目标（越低越好的指标为低于目标）。",
            "Reaching the target counts as met, or only what is better than the target does.",
            {
                "from": Words("算达标（达到）", "Counts as met (reaches)"),
                "above": Words("不算达标（须超过）", "Counts as missed (must be better)"),
            },
        ),
    ] = "from"
    each: Annotated[
        Literal["month", "window"],
        text_spec(
            "何时结算",
            "When it is settled",
            "按月，或在考核期结束时。",
            "Month by month, or at the end of the KPI's window.",
            {
                "month": Words("按月", "By month"),
                "window": Words("考核期末", "At the end of the window"),
            },
        ),
    ] = "window"


class Instalment(Section):
    """A part of the fee that is due in a month, or when a KPI is met."""

    amount: Annotated[float, money_spec("金额", "Amount")]
    month: Annotated[
        int | None, months_spec("到期月份", "Due in month", least=1, most=LONGEST_HORIZON)
    ] = None
    kpi: Annotated[
        str,
        text_spec(
            "达到哪个 KPI 时",
            "Due when this KPI is met",
            "留空则按月份到期。",
            "Empty: due by month.",
        ),
    ] = ""

    @model_validator(mode="after")
    def _due(self) -> Self:
        if (self.month is None) == (not self.kpi):
            raise PydanticCustomError("instalment_due", "month or KPI", {"field": "month"})
        return self


class Extra(Section):
    """A fee beside the quote: appeals, urgency, a yearly system fee."""

    name: Text = ""
    amount: Annotated[float, money_spec("金额", "Amount")]
    every: Annotated[
        Literal["once", "month", "year", "event"],
        text_spec("何时发生", "When", "多久收一次。", "How often it is charged.", EVERY_WORDS),
    ] = "month"
    chance: Annotated[
        float,
        rate_spec(
            "每月发生概率",
            "Probability a month",
            "只用于按次发生。",
            "Only for what is charged each time it happens.",
        ),
    ] = 0.0
