"""What names a scenario, and the declarations of its lists: below the paths, which both know."""

import datetime as dt
from functools import cache
from typing import Annotated, Literal

from babel.numbers import list_currencies
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import Section, Spec, Text, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.words import Words


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies("en"))


def _known_currency(code: str) -> str:
    if code not in _currencies():
        raise PydanticCustomError("currency", "not a currency code", {"shown": code})
    return code


Currency = Annotated[str, AfterValidator(_known_currency)]


class Head(Section):
    """What names a scenario: its name, day, store and currencies."""

    name: Annotated[Text, Spec(unit=Unit.TEXT, zh="名称", en="Name")] = ""
    preset: Annotated[Text, Spec(unit=Unit.TEXT, zh="预设", en="Preset")] = ""
    as_of: Annotated[
        dt.date,
        Field(strict=False),
        Spec(
            unit=Unit.TEXT,
            zh="参数日期",
            en="Parameters as of",
            help_zh="税率、佣金等参数取这一天有效的值。",
            help_en="Rates and fees are those in force on this day.",
        ),
    ]
    platform: Annotated[Text, Spec(unit=Unit.TEXT, zh="平台", en="Platform")] = ""
    market: Annotated[Text, Spec(unit=Unit.TEXT, zh="市场", en="Market")] = ""
    category: Annotated[Text, Spec(unit=Unit.TEXT, zh="类目", en="Category")] = ""
    currency: Annotated[Currency, Spec(unit=Unit.TEXT, zh="销售币种", en="Sales currency")]
    cost_currency: Annotated[Currency, Spec(unit=Unit.TEXT, zh="成本币种", en="Cost currency")]
    fx_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            zh="汇率",
            en="Exchange rate",
            help_zh="1 单位销售币种等于多少成本币种，例如 1 EUR = 8.2 CNY 填 8.2。",
            help_en="Cost currency per one unit of the sales currency: 1 EUR = 8.2 CNY is 8.2.",
        ),
    ] = 1.0
    shown_in: Annotated[
        Literal["sales", "home"],
        Spec(
            unit=Unit.TEXT,
            zh="结果币种",
            en="Results shown in",
            help_zh="结果按销售币种还是按您自己的币种显示；输入和合同金额保持原来的币种。",
            help_en=(
                "Results in the sales currency, or in your own at home; what is typed, and what a"
                " contract says, stays in its currency."
            ),
            choices={
                "sales": Words("销售币种", "Sales currency"),
                "home": Words("本国币种", "Home currency"),
            },
        ),
    ] = "sales"


LISTED: dict[str, Spec] = {
    "channels": Spec(unit=Unit.TEXT, zh="渠道", en="Channels"),
    "shocks": Spec(
        unit=Unit.TEXT,
        zh="风险事件",
        en="Risk events",
        help_zh="可能发生一次的事：涨费、加税、封号、断货等，各有概率、月份、时长和影响。",
        help_en=(
            "What may happen once: a fee rise, a tariff, a suspension, a stock-out; each with"
            " probability, month, length and effect."
        ),
    ),
    "kpis": Spec(
        unit=Unit.TEXT,
        zh="KPI",
        en="KPIs",
        help_zh="要检验的 KPI。",
        help_en="The KPIs to be tested.",
    ),
    "options": Spec(
        unit=Unit.TEXT,
        zh="报价与替代方案",
        en="Quotes and alternatives",
        help_zh="要比较的报价，以及改动过的替代方案。",
        help_en="The quotes to be compared, and alternatives that were changed.",
    ),
}
"""Declarations of the lists of a scenario: what it has several of."""
