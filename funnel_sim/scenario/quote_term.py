"""How long a contract lasts: its term, its trial, how it renews, and how one gets out of it."""

from typing import Annotated, Literal

from funnel_sim.scenario.fields import LONGEST_HORIZON, Spec, Unit
from funnel_sim.scenario.quote_effect import OptionEffect
from funnel_sim.scenario.quote_specs import (
    LONGEST_TERM,
    money_spec,
    months_spec,
    rate_spec,
    text_spec,
)
from funnel_sim.words import Words

Renewal = Literal["ends", "automatic", "open"]


class ContractTerm(OptionEffect):
    """The fields on how long a contract lasts and what ends it."""

    fee_currency: Annotated[
        Literal["cost", "sales"],
        text_spec(
            "合同币种",
            "Currency of the contract",
            "合同金额用哪种货币。",
            "Which currency its amounts are in.",
            {
                "cost": Words("成本币种", "Cost currency"),
                "sales": Words("销售币种", "Sales currency"),
            },
        ),
    ] = "cost"
    term: Annotated[
        int,
        months_spec("合同期（月）", "Term in months", "首个合同期。", "The first term.", least=1),
    ] = 12
    trial: Annotated[
        int, months_spec("试用期（月）", "Trial in months", "0 表示没有。", "0 is none.")
    ] = 0
    trial_base: Annotated[
        float | None,
        money_spec(
            "试用期月费", "Monthly base in the trial", "留空与正式期相同。", "Empty: as after it."
        ),
    ] = None
    trial_exit: Annotated[
        bool,
        text_spec(
            "试用期满可无责退出",
            "May leave after the trial",
            "未达标即可无责终止。",
            "Free to leave after a trial that misses the KPI.",
        ),
    ] = True
    notice: Annotated[
        int,
        months_spec(
            "提前通知期（月）",
            "Notice period in months",
            "解约要提前几个月通知。",
            "Months from notice to the end.",
        ),
    ] = 1
    renewal: Annotated[
        Renewal,
        text_spec(
            "到期之后",
            "After the term",
            "到期后怎样。",
            "What happens at the end of the term.",
            {
                "ends": Words("到期结束，可续签", "Ends; may be signed again"),
                "automatic": Words("自动续约", "Renews itself"),
                "open": Words("转为按月，可随时通知", "Goes on month by month"),
            },
        ),
    ] = "ends"
    renewal_months: Annotated[
        int,
        months_spec(
            "续约期（月）",
            "Months of each renewal",
            "自动续约或续签多久。",
            "For how long it is renewed.",
            least=1,
        ),
    ] = 12
    exit_fixed: Annotated[
        float,
        money_spec(
            "提前解约：固定金额",
            "Early exit: fixed amount",
            "您在合同期内提前解约要付的固定违约金。",
            "What you owe when you leave before the term ends.",
        ),
    ] = 0.0
    exit_months: Annotated[
        float,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=LONGEST_TERM,
            zh="提前解约：几个月基础费",
            en="Early exit: months of base fee",
            help_zh="提前解约要付几个月的基础月费。",
            help_en="How many months of the base fee you owe when you leave early.",
        ),
    ] = 0.0
    exit_share: Annotated[
        float,
        rate_spec(
            "提前解约：剩余期基础费的比例",
            "Early exit: share of the base fee that is left",
            "提前解约要付合同剩余月份基础费的百分之几。",
            "How much of the base fee of the months left you owe when you leave early.",
        ),
    ] = 0.0
    decided_by: Annotated[
        str,
        text_spec(
            "去留看哪个 KPI",
            "KPI that decides about leaving",
            "止损、试用期和续约都看它；留空则不因 KPI 离开。",
            "For stop-loss, trial and renewal; empty: no KPI ends the contract.",
        ),
    ] = ""
    stop_loss: Annotated[
        bool,
        text_spec(
            "止损条款",
            "Stop-loss",
            "连续不达标即可无责终止。",
            "After missed months in a row you may leave free of cost.",
        ),
    ] = False
    stop_share: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            at_most=2,
            zh="低于目标的多少算不达标",
            en="A month misses below this share of the target",
            help_zh="例如 80%。",
            help_en="Such as 80%.",
        ),
    ] = 0.8
    miss_share: Annotated[
        float | None,
        Spec(
            unit=Unit.RATE,
            above=0,
            at_most=2,
            zh="试用期、续约和您自己解约所用的门槛",
            en="Threshold for trial, renewal and your own notice",
            help_zh="留空与止损的门槛相同。",
            help_en="Empty: the same as the stop-loss's.",
        ),
    ] = None
    stop_months: Annotated[
        int,
        months_spec(
            "连续几个月",
            "Months in a row",
            "连续几个月不达标触发。",
            "How many missed months in a row.",
            least=1,
            most=LONGEST_HORIZON,
        ),
    ] = 2
    stop_from: Annotated[
        int,
        months_spec(
            "从第几个月起算",
            "Counted from month",
            "爬坡期可以不算。",
            "Months of the ramp may be left out.",
            least=1,
            most=LONGEST_HORIZON,
        ),
    ] = 1
    patience: Annotated[
        int | None,
        months_spec(
            "您的耐心：连续几个月不达标就通知解约",
            "Your patience: missed months in a row before you give notice",
            "您自己的做法，不是条款；留空则坚持到期满。",
            "Your own rule, not a clause; empty: you stay to the end of the term.",
            least=1,
            most=LONGEST_HORIZON,
        ),
    ] = None
