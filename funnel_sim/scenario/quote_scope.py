"""What a quote is to serve, and what its agency shows of itself."""

from typing import Annotated, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.quote_payment import ContractPayment
from funnel_sim.scenario.quote_specs import rate_spec, scope_spec, text_spec
from funnel_sim.words import Words

Stage = Literal["running", "launch", "troubled"]
STAGE_WORDS: dict[Stage, Words] = {
    "running": Words("正常运营", "Running"),
    "launch": Words("新店起步", "Launch of a new shop"),
    "troubled": Words("接手整改", "Taken over, to be put right"),
}


class ServiceScope(ContractPayment):
    """The fields on what a quote is to serve, and on the record of its agency."""

    # what it is to serve, where that is said (decisions/quote/serving_hours.py)
    scope_platforms: Annotated[
        int | None, scope_spec("几个平台", "Platforms", "留空按 1 个。", "Empty: one.", 20)
    ] = None
    scope_sites: Annotated[
        int | None,
        scope_spec(
            "每个平台几个站点",
            "Sites of each platform",
            "国家站点数；留空按 1 个。",
            "Country sites; empty: one.",
            30,
        ),
    ] = None
    scope_products: Annotated[
        int | None,
        scope_spec(
            "几款商品",
            "Products",
            "父体（链接）数；留空按普通规模。",
            "Parents, without their variations; empty: a usual number.",
            10_000,
        ),
    ] = None
    scope_languages: Annotated[
        int | None,
        scope_spec(
            "几种语言",
            "Languages",
            "要写、要答的语言；留空按 1 种。",
            "In which it writes and answers; empty: one.",
            20,
        ),
    ] = None
    scope_support: Annotated[
        bool,
        text_spec(
            "含客服",
            "Customer service",
            "买家咨询与售后全部由对方答复。",
            "It answers every shopper, before and after the sale.",
        ),
    ] = False
    scope_offsite: Annotated[
        bool,
        text_spec("含站外引流", "Off-site traffic", "站外广告、达人。", "Ads elsewhere, creators."),
    ] = False
    scope_manager: Annotated[
        bool,
        text_spec(
            "专属客户经理",
            "Dedicated manager",
            "每周开会、随时沟通。",
            "A call a week, and somebody to write to.",
        ),
    ] = False
    scope_tools: Annotated[
        bool,
        text_spec(
            "含数据工具",
            "Data tools included",
            "选品、关键词、广告工具由对方付费；填了服务的其他成本时以那里为准。",
            "It pays for research, keyword and ad tools; its other cost, where typed, holds them.",
        ),
    ] = False
    scope_hard: Annotated[
        bool,
        text_spec(
            "KPI 难度高",
            "Demanding KPIs",
            "类目竞争激烈，或目标远高于现状。",
            "A crowded category, or targets far above today.",
        ),
    ] = False
    scope_stage: Annotated[
        Stage,
        text_spec(
            "店铺现状",
            "State of the shop",
            "新店起步和接手整改更费时。",
            "A launch and a shop that has to be put right take more time.",
            dict(STAGE_WORDS),
        ),
    ] = "running"
    # what it shows of itself; empty: the record of the scenario's promise (docs/decisions/0060)
    record_met: Annotated[
        float | None,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="达标客户数",
            en="Clients who met their KPIs",
            help_zh="这家服务商的；留空取本方案承诺里的记录。",
            help_en="Of this agency; empty: the record of the scenario's promise.",
        ),
    ] = None
    record_shown: Annotated[
        float | None,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="展示的客户数",
            en="Clients shown",
            help_zh="这家服务商展示了多少家。",
            help_en="How many clients this agency shows.",
        ),
    ] = None
    record_trust: Annotated[
        float | None,
        rate_spec(
            "业绩记录的可信度",
            "How far the record is trusted",
            "每一家只按这个比例计入；自己实测的为 100%。留空取本方案承诺里的比例。",
            "Each client counts as this share of one; measured by yourself it is 100%. Empty: as"
            " the scenario's promise has it.",
        ),
    ] = None
    record_measured: Annotated[
        bool,
        text_spec(
            "记录为实测",
            "The record was measured",
            "由以往合作的文件算出，不是对方展示的案例。",
            "Worked out from files of past engagements, not cases that were shown.",
        ),
    ] = False

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
