"""What an operator changes in the funnel."""

from typing import Annotated

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Unit
from funnel_sim.scenario.quantity import Quantity


def _effect(zh: str, en: str) -> Spec:
    return Spec(
        unit=Unit.FACTOR,
        at_least=0,
        at_most=10,
        zh=zh,
        en=en,
        help_zh="1 表示没有影响；1.05 表示提高 5%。",
        help_en="1 is no effect; 1.05 is 5% more.",
    )


class OperatorEffect(Section):
    """What an operator (代运营) changes in the funnel, as multipliers; 1 changes nothing."""

    effect_ctr: Annotated[Quantity, _effect("对点击率的影响", "Effect on CTR")] = 1.0
    effect_add_to_cart: Annotated[Quantity, _effect("对加购率的影响", "Effect on add-to-cart")] = (
        1.0
    )
    effect_checkout: Annotated[
        Quantity, _effect("对加购到下单的影响", "Effect on cart-to-order")
    ] = 1.0
    effect_cpc: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            at_most=10,
            zh="对点击单价的影响",
            en="Effect on the price of traffic",
            help_zh="1 表示没有影响；0.95 表示便宜 5%。",
            help_en="1 is no effect; 0.95 is 5% cheaper.",
        ),
    ] = 1.0
    effect_organic: Annotated[
        Quantity, _effect("对自然曝光的影响", "Effect on organic impressions")
    ] = 1.0
    effect_aov: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            at_most=10,
            zh="对客单价的影响",
            en="Effect on order value",
            help_zh="作用在每单件数上。",
            help_en="Acts on the units per order.",
        ),
    ] = 1.0
    effect_ramp_months: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=LONGEST_HORIZON,
            zh="见效月数",
            en="Months until the full effect",
            help_zh="经过几个月直线达到全部效果；0 表示立刻。",
            help_en="Months to the full effect, in a straight line; 0 means at once.",
        ),
    ] = 0.0
