"""A counter-offer in words: what each change says, what it is worth to either side, and what the
set makes of the verdict; and all of it for machines.
"""

from collections.abc import Sequence

from funnel_sim.chance.estimates import Estimate
from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.decisions.quote.changes import ContractChange, Offer
from funnel_sim.decisions.quote.counter_offer import CounterOffer
from funnel_sim.decisions.quote.effect import full_month
from funnel_sim.decisions.quote.instead import OwnBudget, better_options
from funnel_sim.decisions.quote.moves import (
    RESULTS,
    Move,
    applied,
    offer_settings,
)
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.kpi import counted_name, kpi_text, sign, value_text
from funnel_sim.output.words.quote_amounts import middle_money, money
from funnel_sim.output.words.quote_further import clause_name
from funnel_sim.output.words.shares import threshold
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_CENT = 0.005


def contract_money(value: float, option: Option, scenario: Scenario, lang: Lang) -> str:
    """Return an amount in the contract's own currency.

    Args:
        value: in the contract's currency.
    """
    code = option.currency(scenario)
    shown = formats.whole_money if float(value).is_integer() else formats.compact
    return shown(value, code, lang)


def change_name(move: Move, option: Option, scenario: Scenario, lang: Lang) -> str:
    """Return what one change to a quote says, from what it is today to what is asked for.

    >>> from funnel_sim.scenario.presets import preset
    >>> change_name(
    ...     Move("base", {"base": 8400.0}, 0.84),
    ...     Option(id="a", base=10000.0),
    ...     preset("amazon-de-kitchen"),
    ...     "en",
    ... )
    'Monthly base CN¥8,400 in place of CN¥10,000'
    """
    made = applied(option, [move])

    def pay(value: float) -> str:
        return contract_money(value, option, scenario, lang)

    def rates(one: Option) -> str:
        least = threshold(one)  # below it nothing is shared: a bound, no rate
        if least is None:
            return " / ".join(formats.exact_percent(tier.rate) for tier in one.share_tiers)
        paying = one.share_tiers[
            next(place for place, tier in enumerate(one.share_tiers) if tier.rate) :
        ]
        return say(
            lang,
            "counter.share_past" if one.share_mode == "whole" else "counter.share_above",
            rates=" / ".join(formats.exact_percent(tier.rate) for tier in paying),
            bound=formats.compact(least, scenario.currency, lang),
        )

    def bonuses(one: Option) -> str:
        paid = [row for row in one.rewards if row.kind == "bonus"]
        return " / ".join(
            pay(row.amount) if row.form == "fixed" else formats.exact_percent(row.amount)
            for row in paid
        )

    parts: dict[str, object] = {}
    match move.key:
        case "base" | "setup" | "orders":
            name = {"base": "base", "setup": "setup", "orders": "order_fee"}[move.key]
            parts = {"before": pay(getattr(option, name)), "after": pay(getattr(made, name))}
        case "share" | "bonus":
            told = rates if move.key == "share" else bonuses
            parts = {"before": told(option), "after": told(made)}
        case "spend":
            parts = {
                "before": formats.exact_percent(option.spend_rate),
                "after": formats.exact_percent(made.spend_rate),
            }
        case "instalments":
            before, after = (sum(row.amount for row in one.instalments) for one in (option, made))
            parts = {"before": pay(before), "after": pay(after)}
        case "notice" | "stop_from":
            parts = {"before": getattr(option, move.key), "after": getattr(made, move.key)}
        case "ad_budget":
            parts = {"before": formats.exact(option.ad_budget)}
        case "cap":
            return _cap_text(option, made, pay(made.cap or 0.0), lang)
        case "floor":
            parts = {"before": pay(option.floor or 0.0)}
        case "extras" | "exit" | "renewal":
            pass
        case key if key in RESULTS:
            parts = _by_results(move, option, made, scenario, lang)
        case _:
            return _clause(move, option, made, scenario, lang)
    if move.key in ("base", "setup", "orders", "share", "spend", "instalments", "bonus"):
        key = "counter.fee_off" if move.left is not None and not move.left else "counter.fee_from"
        text = say(lang, key, name=say(lang, f"quote.clause_{move.key}"), **parts)
        return say(lang, "counter.and_floor", change=text) if "floor" in move.fields else text
    return say(lang, f"counter.{move.key}", **parts)


def _cap_text(option: Option, made: Option, after: str, lang: Lang) -> str:
    """Return the cap asked for, and what it is: where nothing is promised no promise comes true."""
    paid = any(row.kind == "bonus" for row in made.rewards)
    key = "counter.cap_bonus" if paid else "counter.cap"
    if option.claimed is None:
        key = "counter.cap_bonus_unpromised" if paid else "counter.cap_unpromised"
    return say(lang, key, after=after)


def _clause(move: Move, option: Option, made: Option, scenario: Scenario, lang: Lang) -> str:
    """Return a clause that is added; of a baseline, which threshold it takes the place of."""
    name, least = clause_name(move.key, made, lang), threshold(option)
    if move.key != "baseline" or least is None:
        return name
    bound = formats.compact(least, scenario.currency, lang)
    return say(lang, "counter.baseline_for_threshold", change=name, bound=bound)


def _by_results(
    move: Move, option: Option, made: Option, scenario: Scenario, lang: Lang
) -> dict[str, object]:
    if move.key.startswith("by_results"):
        name, amount, rest = made.rewards[-1].kpi, made.rewards[-1].amount, made.base
    else:
        name = next(row.kpi for row in reversed(made.instalments) if row.kpi)
        due = (
            option.setup
            if move.key == "setup_by_results"
            else sum(one.amount for one in option.instalments)
        )
        amount, rest = due, 0.0
    kpi = next((one for one in scenario.kpis if one.id == name), None)
    shown = (
        name
        if kpi is None
        else (monthly_kpi if move.key.startswith("by_results") else kpi_text)(kpi, scenario, lang)
    )
    return {
        "amount": contract_money(amount, option, scenario, lang),
        "rest": contract_money(rest, option, scenario, lang),
        "kpi": shown,
    }


def monthly_kpi(kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return a KPI that is looked at month by month: its metric, its target, its months."""
    target = (
        formats.promised(kpi.target)
        if kpi.relative
        else value_text(kpi.target, kpi.metric, scenario, lang)
    )
    first, last = kpi.months
    parts = {
        "metric": counted_name(kpi, scenario, lang),
        "sign": sign(kpi),
        "target": target,
        "first": first,
        "last": last,
    }
    return say(lang, "counter.kpi_relative" if kpi.relative else "counter.kpi_absolute", **parts)


def early_sentence(made: Option, scenario: Scenario, lang: Lang) -> str:
    """Return that stop-loss or trial look at the whole target before all of the promise should have
    arrived, so that an agency on its promised way can fail them; empty where they do not.

    Args:
        made: the contract as it is asked for.
        scenario: the store and its plan, as typed.
    """
    if not made.claimed or made.claimed <= 0 or not made.decided_by:
        return ""
    full = full_month(made)
    names = []
    if made.stop_loss and made.stop_from < full:
        names.append(say(lang, "counter.early_stop", month=made.stop_from))
    if made.trial and made.trial_exit and made.trial < full:
        names.append(say(lang, "counter.early_trial", month=made.trial))
    if not names:
        return ""
    listed = say(lang, "kpi.list").join(names)
    return say(lang, "counter.early", names=listed, month=full)


def changes_text(moves: Sequence[Move], option: Option, scenario: Scenario, lang: Lang) -> str:
    """Return a set of changes in one phrase.

    Args:
        moves: in the order in which they are told.
    """
    return say(lang, "kpi.semicolon").join(
        change_name(move, option, scenario, lang) for move in moves
    )


def counter_sentence(found: CounterOffer, lang: Lang) -> str:
    """Return what to offer instead in one sentence, or that nothing that can be asked for makes it
    worth signing.
    """
    if found.reach == "already":
        return say(lang, "counter.already")
    if found.ways:
        told = way_sentence(found.ways[0], found, lang)
        rest = ordinary_sentence(found, lang)
        return (" " if lang == "en" else "").join(one for one in (told, rest) if one)
    if found.nearest is None:
        return say(lang, "counter.nothing")
    return say(lang, "counter.nearest", **_short_of(found.nearest, found, lang))


def ordinary_sentence(found: CounterOffer, lang: Lang) -> str:
    """Return which terms that an agency can live on come nearest, and how far they are from
    signing; empty where none is to be named.
    """
    near = found.ordinary
    if near is None:
        return ""
    odds = probability_text(near.found.better, near.found.paths, lang)
    return say(lang, "counter.ordinary", odds=odds, **_short_of(near, found, lang))


def _short_of(near: Offer, found: CounterOffer, lang: Lang) -> dict[str, object]:
    """Return what is told of a set that is not yet signed: its changes, and how far it is from it
    over which months.
    """
    return {
        "changes": changes_text(near.moves, found.option, found.scenario, lang),
        "months": found.scenario.plan.horizon_months,
        "short": formats.whole_money(near.short, found.scenario.shown, lang, "up"),
    }


def way_sentence(way: Offer, found: CounterOffer, lang: Lang) -> str:
    """Return one set that makes the quote "sign": its changes, what is then left, and what the
    agency gives up.
    """
    scenario, gain = found.scenario, way.found.gain
    key = "sign" if way.covers else "below_cost"
    by = "_middle" if gain.heavy else ""
    told = say(
        lang,
        f"counter.{key}{by}",
        changes=changes_text(way.moves, found.option, scenario, lang),
        gain=money(gain.centre, scenario, lang),
        months=scenario.plan.horizon_months,
        odds=probability_text(way.found.better, way.found.paths, lang),
        cost=money(way.cost, scenario, lang),
    )
    if not way.paper:
        return told
    lead = say(lang, "counter.on_paper", verdict=say(lang, "quote.on_paper"), text=told)
    why = paper_sentence(way, lang) if way.paper == "small" else ""
    return (" " if lang == "en" else "").join(one for one in (lead, why) if one)


def paper_sentence(offer: Offer, lang: Lang) -> str:
    """Return why a set is worth signing on paper only; empty where it is not so."""
    if not offer.paper:
        return ""
    if offer.paper == "below_cost":
        return say(lang, "counter.paper_below_cost")
    share = formats.exact_percent(offer_settings()["next_to_nothing"])
    return say(lang, "counter.paper_small", share=share)


def counter_notes(found: CounterOffer, lang: Lang) -> list[str]:
    """Return what a counter-offer rests on: the KPI that was made for it, and what its worths
    mean.
    """
    out = [say(lang, "counter.note")]
    if any(change.move.key in RESULTS for change in found.changes):
        kpi = next((one for one in found.scenario.kpis if one.id == found.kpi), None)
        if kpi is not None:
            out.append(say(lang, "counter.kpi", kpi=monthly_kpi(kpi, found.scenario, lang)))
    return out


def change_heads(lang: Lang) -> list[str]:
    """Return the heads of `change_rows`."""
    return [
        say(lang, f"counter.{key}") for key in ("change", "to_client", "to_agency", "fees_lost")
    ]


def worth_text(side: Estimate, scenario: Scenario, lang: Lang) -> str:
    """Return what a change is worth to one side; that it does nothing in most simulations, where
    its median says so.
    """
    if side.heavy and abs(side.centre.value) < _CENT:
        return say(lang, "quote.mostly_nothing")
    return middle_money(side, scenario, lang)


def change_rows(found: CounterOffer, lang: Lang) -> list[Row]:
    """Return every change alone, those that help first, of these what is worth most."""
    scenario = found.scenario
    return [
        Row(
            "",
            change_name(one.move, found.option, scenario, lang),
            (
                worth_text(one.client, scenario, lang),
                worth_text(one.agency, scenario, lang),
                money(one.cost, scenario, lang),
            ),
            tone="" if one.helps else "bad",
        )
        for one in in_order(found.changes)
    ]


def in_order(changes: Sequence[ContractChange]) -> list[ContractChange]:
    """Return changes that help first, of these what is worth most to the client."""
    return sorted(changes, key=lambda one: (not one.helps, -one.client.centre.value))


def way_heads(lang: Lang) -> list[str]:
    """Return the heads of `way_rows`."""
    return [say(lang, f"counter.{key}") for key in ("way", "leaves", "odds", "cost")]


def way_rows(found: CounterOffer, lang: Lang) -> list[Row]:
    """Return every set that makes the quote "sign"."""
    scenario = found.scenario
    return [
        Row(
            "",
            changes_text(way.moves, found.option, scenario, lang),
            (
                middle_money(way.found.gain, scenario, lang),
                probability_text(way.found.better, way.found.paths, lang),
                money(way.cost, scenario, lang),
            ),
            tone="" if way.covers else "bad",
        )
        for way in found.ways
    ]


# ---- what is worth more without signing
# --------------------------------------------------------------------------


def instead_sentences(
    answers: Answers, name: str, budget: OwnBudget | None, lang: Lang
) -> list[str]:
    """Return what is worth more than a quote without signing it: another ad budget of one's own,
    the best alternative; nothing where nothing is.

    Args:
        name: id of the quote.
        budget: the ad budget that is best for the store alone; None where no other is better.
    """
    scenario, mine = answers.scenario, answers.of(name).believed.gain
    out = []
    if budget is not None and budget.gain.centre.value > max(mine.centre.value, 0.0):
        key = "lower_ads" if budget.level < 1 else "higher_ads"
        text = say(
            lang,
            f"counter.{key}",
            budget=formats.whole_money(budget.budget, scenario.currency, lang),
            level=formats.number(budget.level, 2),
            gain=middle_money(budget.gain, scenario, lang),
            months=scenario.plan.horizon_months,
            odds=probability_text(budget.better, answers.plan.paths, lang),
        )
        assumed = (
            ""
            if budget.assumed is None
            else say(lang, "counter.ads_assumed", elasticity=formats.number(budget.assumed, 1))
        )
        out.append((" " if lang == "en" else "").join(part for part in (text, assumed) if part))
    for one in better_options(answers, name)[:1]:
        gain = middle_money(one.believed.gain, scenario, lang)
        odds = probability_text(one.believed.better, answers.plan.paths, lang)
        out.append(
            say(
                lang,
                "counter.better",
                name=option_name(one.option, lang),
                gain=gain,
                months=scenario.plan.horizon_months,
                odds=odds,
            )
        )
    return out
