"""When a contract is paid: the days on which its fees fall due, what is billed ahead, the deposit.

None of it changes what is owed; it moves payments in the cash (docs/contracts.md, "When it is
paid").
"""

from typing import Annotated, Literal

from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.quote_fees import ContractFees
from funnel_sim.scenario.quote_specs import money_spec, months_spec, text_spec
from funnel_sim.words import Words

LONGEST_DUE = 365
MOST_BILLED = 12
DueBase = Literal["unsaid", "advance", "arrears"]


def _days_spec(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(
        unit=Unit.COUNT,
        at_least=0,
        at_most=LONGEST_DUE,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )


class ContractPayment(ContractFees):
    """The fields on when fees are due, and on a deposit."""

    due_base: Annotated[
        DueBase,
        text_spec(
            "基础月费何时付",
            "When the monthly base is paid",
            "先付后服务，或先服务后付；没写明的按每期第一天付。只影响现金，不影响费用多少。",
            "Before it is served or after; where nothing is said, on the first day of its period."
            " It moves cash and changes no fee.",
            {
                "unsaid": Words("未写明（按每期第一天付）", "Not said (first day of the period)"),
                "advance": Words("预付", "In advance"),
                "arrears": Words("后付", "In arrears"),
            },
        ),
    ] = "unsaid"
    due_base_days: Annotated[
        int,
        _days_spec(
            "基础月费：提前或之后几天",
            "Monthly base: how many days before or after",
            "预付：每期第一天之前几天；后付：每期最后一天之后几天。",
            "In advance: days before the first day of the period; in arrears: days after its last.",
        ),
    ] = 0
    due_every: Annotated[
        int,
        months_spec(
            "基础月费几个月一付",
            "Months of base billed at once",
            "1 按月，3 按季，12 按年。",
            "1 monthly, 3 quarterly, 12 yearly.",
            least=1,
            most=MOST_BILLED,
        ),
    ] = 1
    due_results_days: Annotated[
        int,
        _days_spec(
            "提成、奖励等：月末之后几天付",
            "Shares, bonuses and the rest: days after the month's end",
            "按结果计算的费用在当月结束后结算；0 表示月末当天。",
            "What depends on results is settled after the month; 0 is its last day.",
        ),
    ] = 0
    due_setup_days: Annotated[
        int,
        _days_spec(
            "启动费：签约之后几天付",
            "Setup fee: days after signing",
            "0 表示签约当天；签约日按第 1 个月的第一天计。",
            "0 is the day of signing, taken as the first day of month 1.",
        ),
    ] = 0
    due_refund_days: Annotated[
        int,
        _days_spec(
            "多付的预付款：终止之后几天退",
            "What was paid too far ahead: given back days after the end",
            "预付而未服务的基础月费在合作结束后退还。",
            "Base fees paid for months that are not served come back after the engagement ends.",
        ),
    ] = 0
    deposit: Annotated[
        float,
        money_spec(
            "保证金",
            "Deposit",
            "签约时交付、合作结束后退还；不是费用，0 表示没有。",
            "Paid at signing and given back after the end; it is no fee. 0 is none.",
        ),
    ] = 0.0
    deposit_days: Annotated[
        int,
        _days_spec(
            "保证金：结束之后几天退",
            "Deposit: given back days after the end",
            "合作结束之后几天退还。",
            "Days after the last day of the engagement.",
        ),
    ] = 0
