"""Further answers on quotes in words: what clauses are worth, what each side would choose, what
knowing an input is worth.
"""

from collections.abc import Sequence

from funnel_sim.chance.estimates import Estimate
from funnel_sim.decisions.quote.clause_prices import (
    STOP_MONTHS,
    STOP_SHARES,
    ClausePrice,
    StopLossEffect,
    protection,
)
from funnel_sim.decisions.quote.incentives import TRIED_DISCOUNT, Incentives
from funnel_sim.decisions.quote.measure_first import MeasureFirst
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import input_name
from funnel_sim.output.words.quote_amounts import CENT, heavy_sentence, middle_money, money
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def clauses_note(option: Option, lang: Lang) -> str:
    """Return what the worth of a clause is, and which rows hold each other because one clause is
    counted on another.
    """
    on_base = [
        key
        for key in ("bonus", "penalty")
        if any(one.kind == key and one.form == "base" for one in option.rewards)
    ]
    on_base += ["exit"] if option.exit_months or option.exit_share else []
    out = [say(lang, "quote.clauses_note")]
    if option.base and on_base:
        names = say(lang, "risk.listed").join(clause_name(key, option, lang) for key in on_base)
        out.append(
            say(lang, "quote.clauses_on_base", base=clause_name("base", option, lang), names=names)
        )
    return (" " if lang == "en" else "").join(out)


def clause_name(key: str, option: Option, lang: Lang) -> str:
    """Return a clause's name with what decides it.

    Args:
        key: of the clause, as `clause_prices` names it.
        option: a contract that has it.
        lang: the language.
    """
    if key == "trial" and option.trial_exit and option.decided_by:
        return say(
            lang,
            "quote.clause_trial_below",
            trial=option.trial,
            below=formats.percent(option.misses_below, 0),
        )
    return say(
        lang,
        f"quote.clause_{key}",
        share=formats.percent(option.stop_share, 0),
        months=option.stop_months,
    )


def clause_rows(
    found: Sequence[ClausePrice], option: Option, scenario: Scenario, lang: Lang
) -> list[Row]:
    """Return what each clause is worth to either side; where that has no mean its median, unless
    the clause changes nothing in most futures.

    Args:
        found: one a clause.
    """

    def cell(side: Estimate) -> str:
        if side.heavy and abs(side.centre.value) < CENT:
            return say(lang, "quote.mostly_nothing")
        return middle_money(side, scenario, lang)

    rows = []
    added = protection(scenario, option)
    for one in found:
        cells = tuple(cell(side) for side in (one.client, one.agency))
        where = say(lang, "quote.has_it" if one.there else "quote.could_add")
        rows.append(
            Row("", clause_name(one.key, added.get(one.key, option), lang), (where, *cells))
        )
    return rows


def stop_rows(found: Sequence[StopLossEffect], scenario: Scenario, lang: Lang) -> list[Row]:
    """Return money saved and good and bad deals ended, a row a threshold, a column a number of
    months.

    Args:
        found: one a threshold and number of months.
    """
    by = {(one.share, one.months): one for one in found}

    def cell(one: StopLossEffect) -> str:
        shares = [
            say(lang, "quote.no_good") if part is None else formats.percent(part.value, 0)
            for part in (one.good_ended, one.bad_ended)
        ]
        return " / ".join([money(one.saved, scenario, lang), *shares])

    return [
        Row("", formats.percent(share, 0), tuple(cell(by[share, months]) for months in STOP_MONTHS))
        for share in STOP_SHARES
    ]


def stop_heads(lang: Lang) -> list[str]:
    """Return the heads of `stop_rows`."""
    return [
        say(lang, "quote.stop_head"),
        *(say(lang, "quote.stop_cell", months=months) for months in STOP_MONTHS),
    ]


def budget_sentences(
    found: Incentives, option: Option, scenario: Scenario, lang: Lang
) -> list[str]:
    """Return what each side would choose, and what the difference costs."""
    choice = found.budget
    parts = {
        "agency": formats.number(choice.agencys, 2),
        "client": formats.number(choice.clients, 2),
        "costs": money(choice.costs, scenario, lang),
    }
    if choice.indifferent:
        out = [say(lang, "quote.incentives_flat", client=parts["client"])]
    elif choice.agencys == choice.clients:
        out = [say(lang, "quote.incentives_same", client=parts["client"])]
    else:
        out = [say(lang, "quote.incentives_differ", **parts)]
    if option.ad_budget != 1:
        out.append(say(lang, "quote.budget_asked"))
    if choice.at_the_edge:
        out.append(say(lang, "quote.incentives_edge"))
    if choice.by_median:
        out.append(say(lang, "quote.incentives_middle"))
    if found.assumed is not None:
        out.append(
            say(lang, "quote.incentives_assumed", elasticity=formats.number(found.assumed, 1))
        )
    return out


def discount_sentences(found: Incentives, scenario: Scenario, lang: Lang) -> list[str]:
    """Return from which price elasticity a discount pays for each side, and what each would choose
    where one is given.
    """
    depth, out = formats.percent(TRIED_DISCOUNT, 0), []
    for side, start in (("agency", found.agency_from), ("client", found.client_from)):
        key = "never" if start is None else "any" if start == 0 else "from"
        out.append(
            say(
                lang,
                f"quote.discount_{side}_{key}",
                depth=depth,
                elasticity=formats.number(start or 0.0, 1),
            )
        )
    agency, client = found.agency_from, found.client_from
    if agency is not None and (client is None or agency < client):
        out.append(say(lang, "quote.discount_between"))
    if found.discount is not None and scenario.comparison.price_elasticity is not None:
        choice = found.discount
        out.append(
            say(
                lang,
                "quote.discount_chosen",
                elasticity=formats.number(scenario.comparison.price_elasticity, 1),
                agency=formats.percent(choice.agencys, 0),
                client=formats.percent(choice.clients, 0),
                costs=money(choice.costs, scenario, lang),
            )
        )
    return out


def knowing_name(path: str, scenario: Scenario, lang: Lang) -> str:
    """Return an uncertain input in words.

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".
    """
    if not path.startswith("options."):
        return input_name(scenario, path, lang)
    _, option, name = path.split(".")
    title = option_name(alternatives.option_of(scenario, option), lang)
    if name in ("effect", "ramp"):
        return say(lang, f"quote.measure_{name}", name=title)
    return say(lang, "quote.measure_other", name=title, field=specs_of(Option)[name].label.of(lang))


def measure_rows(found: MeasureFirst, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return what knowing each input is worth, those worth anything."""
    worth = [one for one in found.inputs if one.worth.value > one.worth.margin]
    return [
        Row(
            "",
            knowing_name(one.path, scenario, lang),
            (money(one.worth, scenario, lang),),
        )
        for one in worth
    ]


def measure_sentence(found: MeasureFirst, scenario: Scenario, lang: Lang) -> str:
    """Return what knowing everything would be worth, and what would be chosen now; where there is
    no mean, why nothing has such a worth.
    """
    choice = (
        option_name(alternatives.option_of(scenario, found.choice), lang)
        if found.choice
        else say(lang, "quote.alone")
    )
    if found.no_mean:
        return (
            heavy_sentence(found.no_mean, scenario, lang, "measure_heavy")
            + (" " if lang == "en" else "")
            + say(lang, "quote.measure_choice", choice=choice)
        )
    return say(
        lang, "quote.measure_all", value=money(found.everything, scenario, lang), choice=choice
    )
