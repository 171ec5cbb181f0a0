"""A bonus or a penalty in one phrase: what is paid, and which KPI it goes by."""

from funnel_sim.output.words import formats
from funnel_sim.output.words.counter_offer import contract_money, monthly_kpi
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def comes_to_nothing(reward: Reward, option: Option) -> bool:
    """Say whether a bonus or penalty cannot come to anything: its amount is nothing, or it is a
    share of a base fee that the contract has not.

    >>> half = Reward(kpi="gmv", form="base", amount=0.5)
    >>> [comes_to_nothing(half, Option(id="a", base=base)) for base in (0.0, 100.0)]
    [True, False]
    """
    if not reward.amount:
        return True
    return reward.form == "base" and not option.base and not option.trial_base


def amount_words(
    reward: Reward, kpi: Kpi | None, option: Option, scenario: Scenario, lang: Lang
) -> str:
    """Return what is paid or taken off: an amount, or a share and of what; that it is nothing where
    it cannot come to anything.

    Args:
        kpi: what it hangs on; None where the scenario no longer has it.
    """
    if comes_to_nothing(reward, option):
        return say(lang, "quote.reward_none" if reward.amount else "quote.reward_no_amount")
    if reward.form == "fixed":
        return contract_money(reward.amount, option, scenario, lang)
    form: str = reward.form
    if form == "excess":
        if kpi is not None and kpi.comparator == "at_most":
            return say(lang, "quote.reward_upper")
        form = "excess" if reward.kind == "bonus" else "shortfall"
    rate = formats.exact_percent(reward.amount)
    basis = say(lang, f"clause.short_{option.share_basis}")
    key = {
        "base": "quote.reward_base",
        "sales": "quote.reward_sales",
        "excess": "quote.reward_excess",
        "shortfall": "quote.reward_shortfall",
    }[form]
    return say(lang, key, rate=rate, basis=basis)


def reward_text(reward: Reward, option: Option, scenario: Scenario, lang: Lang) -> str:
    """Return a bonus or penalty in one phrase, such as "Bonus CN¥1,200 for each month that meets
    GMV +40%": its kind, its amount or share, its KPI.

    Args:
        reward: the bonus or penalty.
        option: the contract that has it.
        scenario: the store with the contract's KPIs.
        lang: language of the words.
    """
    kpi = next((one for one in scenario.kpis if one.id == reward.kpi), None)
    shown = (
        reward.kpi
        if kpi is None
        else (monthly_kpi if reward.each == "month" else kpi_text)(kpi, scenario, lang)
    )
    return say(
        lang,
        f"quote.reward_{reward.kind}_{reward.each}",
        name=say(lang, f"quote.line_{reward.kind}"),
        what=amount_words(reward, kpi, option, scenario, lang),
        kpi=shown,
    )
