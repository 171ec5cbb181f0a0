"""The operator's promise behind KPIs: what it claims to bring, and what its record is worth."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Unit
from funnel_sim.scenario.kpi_specs import count_spec
from funnel_sim.words import Words


class Promise(Section):
    """What the operator claims to bring, and what its record is worth as evidence."""

    believed: Annotated[
        Literal["none", "sceptical", "weighed", "claimed"],
        Spec(
            unit=Unit.TEXT,
            zh="采用哪种效果",
            en="Which effect to believe",
            help_zh="默认采用实测研究支持的保守效果；对方承诺的效果只作对照。",
            help_en=(
                "By default the sceptical effect that measured studies support; the claim is shown"
                " for comparison."
            ),
            choices={
                "none": Words("没有效果", "No effect"),
                "sceptical": Words("保守（实测研究）", "Sceptical (measured studies)"),
                "weighed": Words("按业绩记录加权", "Weighed by the record"),
                "claimed": Words("完全采信承诺", "As claimed"),
            },
        ),
    ] = "sceptical"
    claimed: Annotated[
        float | None,
        Spec(
            unit=Unit.RATE,
            above=-1,
            at_most=9,
            zh="承诺的销售提升",
            en="Claimed uplift of sales",
            help_zh="服务商承诺能带来的全店销售提升；留空则取各家案例的自述值。",
            help_en="The uplift of sales that the agency claims; empty: what case studies claim.",
        ),
    ] = None
    promise_ramp: Annotated[
        float,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=LONGEST_HORIZON,
            zh="见效月数",
            en="Months until the full effect",
            help_zh="经过几个月直线达到全部效果；空着按通常的月数（灰字）算。",
            help_en=(
                "Months to the full effect, in a straight line; empty: the usual ones (in grey)."
            ),
        ),
    ] = 3.0
    record_met: Annotated[
        float | None,
        count_spec(
            "达标客户数",
            "Clients who met their KPIs",
            "例如 10 家里 8 家达标，填 8。",
            "8 of 10: type 8.",
        ),
    ] = None
    record_shown: Annotated[
        float | None,
        count_spec(
            "展示的客户数",
            "Clients shown",
            "服务商展示了多少家。",
            "How many clients the agency shows.",
        ),
    ] = None
    record_trust: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="业绩记录的可信度",
            en="How far the record is trusted",
            help_zh="案例是挑选过的：每一家只按这个比例计入。100% 表示完全可信，0% 表示不算。",
            help_en=(
                "Cases are chosen: each counts as this share of an independent one. 100% is full"
                " trust, 0% none."
            ),
        ),
    ] = 0.25

    @model_validator(mode="after")
    def _record(self) -> Self:
        if (
            self.record_met is not None
            and self.record_shown is not None
            and self.record_met > self.record_shown
        ):
            raise PydanticCustomError(
                "kpi_share",
                "more than all",
                {
                    "field": "record_met",
                    "shown": f"{self.record_met:g}",
                    "most": f"{self.record_shown:g}",
                },
            )
        return self
