"""What is asked of the ad budget: how much there is, what for, and how far each channel may go.

Neutral as it stands: today's total, for the most profit, without bounds; no figure of the model
reads it. A portfolio holds the same about its rows.
"""

from collections import Counter
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import Section, Spec, Text, Unit
from funnel_sim.words import Words

MOST_BOUNDS = 240
BudgetGoal = Literal["profit", "gmv", "cheapest"]


def _amount(
    zh: str,
    en: str,
    help_zh: str = "",
    help_en: str = "",
    *,
    at_least: float | None = None,
    above: float | None = None,
) -> Spec:
    return Spec(
        unit=Unit.MONEY,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
        at_least=at_least,
        above=above,
    )


class BudgetBound(Section):
    """How much one channel may get in a month, and between which amounts its spending was seen."""

    channel: Annotated[Text, Spec(unit=Unit.TEXT, zh="渠道", en="Channel")]
    low: Annotated[float | None, _amount("至少", "At least", at_least=0)] = None
    high: Annotated[float | None, _amount("最多", "At most", at_least=0)] = None
    seen_low: Annotated[
        float | None, _amount("历史月花费最低", "Least spent in a month", at_least=0)
    ] = None
    seen_high: Annotated[
        float | None, _amount("历史月花费最高", "Most spent in a month", at_least=0)
    ] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for low, high in ((self.low, self.high), (self.seen_low, self.seen_high)):
            if low is not None and high is not None and low > high:
                raise PydanticCustomError(
                    "budget_bounds",
                    "out of order",
                    {
                        "field": "low",
                        "shown": f"{low:,.12g}",
                        "high": f"{high:,.12g}",
                        "channel": self.channel,
                    },
                )
        return self


class BudgetTerms(Section):
    """The question about the ad budget of a month."""

    budget_total: Annotated[
        float | None,
        _amount(
            "每月总预算",
            "Total budget a month",
            "按点击或曝光购买的广告一个月一共花多少；留空则为现在的合计。",
            "What ads by click or impression may cost in a month; empty: what they cost today.",
            at_least=0,
        ),
    ] = None
    budget_goal: Annotated[
        BudgetGoal,
        Spec(
            unit=Unit.TEXT,
            zh="目标",
            en="Goal",
            choices={
                "profit": Words("净利润最多", "Most profit"),
                "gmv": Words(
                    "这个总额下 GMV 最多，净利润不低于底线",
                    "Most GMV at this total, with a profit floor",
                ),
                "cheapest": Words("最少的钱达到 GMV 目标", "Cheapest way to a GMV target"),
            },
        ),
    ] = "profit"
    profit_floor: Annotated[
        float | None,
        _amount(
            "每月净利润底线",
            "Profit floor a month",
            "稳定月的净利润不低于这个数；留空则不低于零。",
            "Profit of the steady month is at least this; empty: at least zero.",
        ),
    ] = None
    gmv_target: Annotated[
        float | None,
        _amount(
            "每月 GMV 目标",
            "GMV target a month",
            "稳定月要达到的 GMV。",
            "GMV of the steady month that is to be reached.",
            above=0,
        ),
    ] = None
    budget_step: Annotated[
        float | None,
        _amount(
            "每笔的整数倍",
            "In steps of",
            "各渠道的预算取它的整数倍；总额不是整数倍时，余数放在一个渠道里。留空则精确到分。",
            "Budgets are multiples of it; what the total has beyond whole steps goes to one"
            " channel. Empty: to the cent.",
            above=0,
        ),
    ] = None
    next_spend: Annotated[
        float | None,
        _amount(
            "每月下一笔钱",
            "Next amount a month",
            "每月再多投这么多，最好分给谁，投给每个渠道各带来多少净利润；留空则取 1、10、100、1,000"
            "……中不超过总额的最大一个（填了整数倍时取它的整数倍）。",
            "Where so much more a month is best spent, and what it would bring each channel."
            " Empty: the largest of 1, 10, 100, 1,000 … within the total (in whole steps where"
            " amounts are).",
            above=0,
        ),
    ] = None
    assume_response: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="没填边际递减的渠道按行业假设",
            en="Assume diminishing returns where none are typed",
            help_zh=(
                "没填边际递减的渠道，模型会认为再多的钱都同样有效，分配就没有意义；打开时按有来源的"
                "假设计算，关闭时按所填计算。"
            ),
            help_en=(
                "Without diminishing returns the model takes any amount of money to work as well"
                " as the first, and a split means nothing. On: a sourced assumption stands in;"
                " off: as typed."
            ),
        ),
    ] = True
    bounds: Annotated[
        list[BudgetBound],
        Spec(
            unit=Unit.TEXT,
            zh="各渠道上下限",
            en="Bounds by channel",
            help_zh="每个渠道每月至少、最多花多少；留空为不限。",
            help_en="The least and the most a channel may get in a month; empty: no bound.",
        ),
    ] = Field(default_factory=list)

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(self.bounds) > MOST_BOUNDS:
            raise PydanticCustomError(
                "too_many",
                "too many",
                {"field": "bounds", "shown": str(len(self.bounds)), "most": MOST_BOUNDS},
            )
        twice = [
            name for name, count in Counter(b.channel for b in self.bounds).items() if count > 1
        ]
        if twice:
            raise PydanticCustomError(
                "budget_twice", "twice", {"field": "bounds", "shown": ", ".join(sorted(twice))}
            )
        return self

    def bound(self, channel: str) -> BudgetBound:
        """Return the bounds of a channel; open ones where none are typed.

        >>> BudgetTerms(bounds=[BudgetBound(channel="ads", high=500.0)]).bound("ads").high
        500.0
        """
        found = next((one for one in self.bounds if one.channel == channel), None)
        return found or BudgetBound(channel=channel)


_NEUTRAL = BudgetTerms().model_dump(mode="json")


def changed_budget(plain: dict[str, Any]) -> dict[str, Any]:
    """Return of the plain data of a question about the budget what is not neutral.

    Args:
        plain: the question, as a file holds it.

    >>> changed_budget(BudgetTerms(budget_step=50.0).model_dump(mode="json"))
    {'budget_step': 50.0}
    """
    return {name: value for name, value in plain.items() if value != _NEUTRAL[name]}
