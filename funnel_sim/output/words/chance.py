"""A simulation in words and tables: estimates, odds, drivers."""

import math
from collections.abc import Sequence

from funnel_sim.chance.conditions import Condition
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.drivers import MONTHS, Drivers, Flip
from funnel_sim.chance.estimates import QUANTILE_NAMES, Estimate, Figure, percentiles, probability
from funnel_sim.chance.left_out import LeftOut
from funnel_sim.chance.simulation import Simulation
from funnel_sim.decisions.kpi.draws import comes_back
from funnel_sim.model.economics import evaluate
from funnel_sim.model.metrics import less_is_better
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import channel_name, name_of, unit_of
from funnel_sim.output.words.headlines import figure_name
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.chance import EFFECT_WORDS
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.operator_effect import OperatorEffect
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import rate_of
from funnel_sim.words import Lang, say

RESULTS = (
    "profit",
    "margin",
    "cm3",
    "cm2",
    "cm1",
    "order_profit",
    "gross_margin",
    "goods_margin",
    "markup",
    "profit_after_work",
    "margin_after_work",
    "roi_goods",
    "roi_landed",
    "roi_total",
    "safety_margin",
)
"""Figures that can be a loss."""

SMALLEST_CUT = 1e-6

_SHOWN = (0.05, 0.50, 0.95)


_THREE_DIGITS = 100.0


def money_step(found: Figure) -> float:
    """Return the unit of the last digit of an amount that can be believed; three digits at most.

    Args:
        found: the amount, finite, with its error.

    Examples:
        >>> money_step(Figure(27_065.36, 8.0, 16))
        100.0
    """
    if abs(found.value) < _THREE_DIGITS:
        return found.unit
    return max(found.unit, 10.0 ** (math.floor(math.log10(abs(found.value))) - 2))


def believed(
    found: Figure,
    unit: str,
    currency: str,
    cost_currency: str,
    lang: Lang,
    toward: formats.Direction = "near",
) -> str:
    """Return an estimate as text, with only the digits that can be believed, of money three at
    most: an estimate is not known to more.

    Args:
        unit: of the figure: "money", "cost_money", "rate", "count", "months", "days" or "ratio".
        currency: ISO code of the amounts, "USD".
        cost_currency: ISO code of amounts that the seller bears in another currency.
        toward: the side to which it is rounded: "up" for an amount that is to be enough.
    """
    if math.isinf(found.value):
        return "∞" if found.value > 0 else f"{formats.MINUS}∞"
    if not math.isfinite(found.value):
        return formats.NOTHING
    if unit == "money":
        found, currency = found.times(rate_of(currency)), str(currency)
    step = money_step(found) if unit in ("money", "cost_money") else found.unit
    shown = float(formats.half_up(found.value / step, 0, toward)) * step if step else found.value
    if unit == "rate" and step:
        return formats.percent(shown, max(0, min(2, -round(math.log10(step)) - 2)))
    if unit in ("money", "cost_money") and step >= 1:
        code = currency if unit == "money" else cost_currency
        return formats.whole_money(shown, code, lang, toward)
    if unit in ("count", "ratio") and step:
        return formats.number(shown, max(0, min(4, -round(math.log10(step)))))
    return formats.figure(shown, unit, currency, cost_currency, lang)


def margin_text(found: Figure, unit: str, currency: str, cost_currency: str, lang: Lang) -> str:
    """Return half the 95 % interval of an estimate as text, "± €120".

    Args:
        unit: of the figure: "money", "cost_money", "rate", "count", "months", "days" or "ratio".
        currency: ISO code of the amounts, "USD".
        cost_currency: ISO code of amounts that the seller bears in another currency.
    """
    if not math.isfinite(found.value) or not found.error or not math.isfinite(found.error):
        return ""
    if unit == "money":
        found, currency = found.times(rate_of(currency)), str(currency)
    fine = found.unit / 10  # two digits of the margin
    margin = math.ceil(found.margin / fine - 1e-9) * fine if fine else 0.0
    if unit == "rate":
        digits = max(0, min(3, 1 - round(math.log10(found.unit)) - 2)) if fine else 0
        return f"± {formats.percent(margin, digits)}"
    if unit in ("money", "cost_money") and fine >= 1:
        return (
            f"± {formats.whole_money(margin, currency if unit == 'money' else cost_currency, lang)}"
        )
    return f"± {formats.figure(margin, unit, currency, cost_currency, lang)}"


def probability_text(found: Figure, paths: int, lang: Lang) -> str:
    """Return odds as text; none or all of the paths is said as a bound, for a simulation never
    proves 0 or 100 %.

    Args:
        paths: how many were drawn: one of them bounds what can be said.
    """
    if found.value in (0.0, 1.0):
        few = 3 / paths  # no case in n: below 3/n with 95 % confidence
        digits = math.ceil(-math.log10(few)) - 2
        if found.value == 0:
            return say(lang, "risk.below", value=formats.percent(few, digits, "up"))
        return say(lang, "risk.above", value=formats.percent(1 - few, digits, "down"))
    return believed(found, "rate", "", "", lang)


def run_words(simulation: Simulation) -> dict[str, str]:
    """Return what the sentence on the run needs."""
    plan = simulation.plan
    return {
        "paths": formats.number(plan.paths),
        "seed": str(plan.seed),
        "version": simulation.model_version,
        "replicates": str(plan.replicates),
    }


def estimate_heads(lang: Lang, levels: Sequence[float] = ()) -> list[str]:
    """Return the heads of `estimate_rows`.

    Args:
        levels: further percentiles, as probabilities (0.8 for P80).
    """
    usual = {p: say(lang, f"risk.{QUANTILE_NAMES[p]}") for p in _SHOWN}
    at = [usual.get(p) or level_name(p) for p in _all_levels(levels)]
    return [
        *(say(lang, f"risk.{key}") for key in ("mean", "sd")),
        *at,
        *(say(lang, f"risk.{key}") for key in ("worst", "loss")),
    ]


def _all_levels(levels: Sequence[float]) -> list[float]:
    return sorted({*_SHOWN, *levels})


def level_name(level: float) -> str:
    """Return the short name of a percentile.

    >>> level_name(0.2), level_name(0.025)
    ('P20', 'P2.5')
    """
    return f"P{formats.exact(100 * level)}"


def estimate_rows(
    simulation: Simulation, keys: Sequence[str], lang: Lang, levels: Sequence[float] = ()
) -> list[Row]:
    """Return one row a figure over the horizon: mean, sd, P5, P50, P95, percentiles at levels of
    one's choice, worst 5 %, odds of being negative.

    Args:
        keys: of the figures, in the order of the rows.
        levels: further percentiles, as probabilities (0.8 for P80).
    """
    scenario = simulation.scenario
    rows = []
    for key in keys:
        found = simulation.estimate(key)
        shown = (
            found.mean,
            found.sd,
            *percentiles(simulation.of(key), _all_levels(levels), simulation.plan.replicates),
            found.expected_shortfall,
        )
        cells = tuple(
            believed(one, unit_of(key), scenario.shown, scenario.cost_currency, lang)
            for one in shown
        )
        loss = (
            probability_text(found.loss, simulation.plan.paths, lang)
            if key in RESULTS
            else formats.NOTHING
        )
        mark = " *" if found.defined < 1 or found.infinite or found.heavy else ""
        rows.append(Row(key, figure_name(key, scenario, lang) + mark, (*cells, loss)))
    return rows


def left_out(simulation: Simulation, keys: Sequence[str], lang: Lang) -> list[str]:
    """Return one sentence for each figure that some futures do not have, or have without limit.

    Args:
        keys: of the figures, in the order of the rows.
    """
    out = []
    for key in keys:
        found = simulation.estimate(key)
        if 0 < found.defined < 1:
            out.append(
                "* "
                + say(
                    lang,
                    "risk.partly",
                    metric=name_of(key, lang),
                    share=formats.percent(found.defined),
                )
            )
        if found.heavy:
            out.append("* " + heavy_sentence(simulation.scenario, key, found, lang))
        if found.infinite:
            out.append(
                "* "
                + say(
                    lang,
                    "risk.endless",
                    metric=name_of(key, lang),
                    share=formats.percent(found.infinite),
                )
            )
    return out


def heavy_sentence(scenario: Scenario, key: str, found: Estimate, lang: Lang) -> str:
    """Return why a figure has no average, and how it gets one back.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
    """
    names = say(lang, "risk.listed").join(input_name(scenario, path, lang) for path in found.heavy)
    return say(lang, "risk.heavy", metric=name_of(key, lang), inputs=names)


def left_out_sentence(scenario: Scenario, missing: Sequence[LeftOut], lang: Lang) -> str:
    """Return which decisive inputs the odds leave out because they have no range; nothing where
    there is none.

    Args:
        missing: the inputs, the one that decides most first.
    """
    if not missing:
        return ""
    return say(
        lang,
        "risk.left_out",
        names=say(lang, "risk.listed").join(
            input_name(scenario, one.path, lang) for one in missing
        ),
    )


def cut_sentences(scenario: Scenario, lang: Lang, least: float = SMALLEST_CUT) -> list[str]:
    """Return one sentence for each range of which a part lies outside what is possible and is cut
    off.

    Args:
        least: the smallest part of a range that is told of [fraction].
    """
    out = []
    for path, one in Sources(scenario).inputs.items():
        if one.cut > least:
            out.append(
                say(
                    lang,
                    "risk.cut",
                    input=input_name(scenario, path, lang),
                    share=formats.percent(one.cut, 1 if one.cut >= 0.001 else 3),
                )
            )
    return out


def probability_sentence(text: str, one: Condition, simulation: Simulation, lang: Lang) -> str:
    """Return the odds of a condition in words.

    Args:
        text: the condition as it was typed, "roas>=3".
    """
    found = probability(one.met(simulation.of(one.metric)), simulation.plan.replicates)
    return say(
        lang,
        "risk.odds_of",
        condition=text,
        odds=probability_text(found, simulation.plan.paths, lang),
        margin=margin_text(found, "rate", "", "", lang),
    )


def input_name(scenario: Scenario, path: str, lang: Lang) -> str:
    """Return an input's name, with its channel or event where it has one.

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".
    """
    group, *rest = path.split(".")
    if path == MONTHS:
        return say(lang, "risk.months_chance")
    if group == "shocks":
        shock = next(s for s in scenario.shocks if s.id == rest[0])
        event = shock.name or EFFECT_WORDS[shock.effect].of(lang)
        return event if len(rest) == 1 else f"{event} · {field_label(path, lang)}"
    if group == "conversion":
        using = [
            c.id
            for c in scenario.channels
            if c.channel_cvr is None and c.channel_checkout_rate is None
        ]
        if rest[0] in ("cvr", "checkout_rate") and 0 < len(using) < len(scenario.channels):
            return (
                f"{field_label(path, lang)}"
                f" ({', '.join(channel_name(scenario, key, lang) for key in using)})"
            )
    if group == "channels":
        return f"{channel_name(scenario, rest[0], lang)} · {field_label(path, lang)}"
    return field_label(path, lang)


def field_label(path: str, lang: Lang) -> str:
    """Return the label of a field, its path where it has none.

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".
    """
    spec = spec_of(path)
    return spec.label.of(lang) if spec else path


def value_text(
    scenario: Scenario, path: str, value: float, lang: Lang, toward: formats.Direction = "near"
) -> str:
    """Return a value of an input as text, in its unit.

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".
        value: as the field keeps it, rates as fractions.
    """
    spec = spec_of(path)
    return formats.field(
        value,
        spec.unit if spec else Unit.FACTOR,
        scenario.currency,
        scenario.cost_currency,
        lang,
        toward,
    )


def driver_heads(lang: Lang) -> list[str]:
    """Return the heads of `driver_rows`."""
    return [say(lang, f"risk.{key}") for key in ("total", "first", "rank", "knowing")]


def driver_rows(found: Drivers, lang: Lang) -> list[Row]:
    """Return one row a factor: share decided with interactions and alone, rank correlation, what
    knowing it is worth.

    Shares and worth rest on variance and mean: a figure that has none shows the rank correlation
    only.
    """
    heavy = bool(found.simulation.estimate(found.metric).heavy)

    def share(one: Figure) -> str:
        return formats.NOTHING if heavy else _share(one)

    scenario = found.simulation.scenario
    unit = unit_of(found.metric)
    rows = []
    for factor in found.factors:
        name = " + ".join(input_name(scenario, path, lang) for path in factor.paths) or input_name(
            scenario, factor.name, lang
        )
        single = factor.paths[0] if len(factor.paths) == 1 else None
        rank = formats.number(found.ranks[single].value, 2) if single else formats.NOTHING
        worth = (
            _worth(found.value_of_information[single], unit, scenario, lang)
            if single and not heavy
            else formats.NOTHING
        )
        rows.append(
            Row("", name, (share(factor.index.total), share(factor.index.first), rank, worth))
        )
        rows += [
            Row(
                "",
                f"  {input_name(scenario, p, lang)}",
                (
                    formats.NOTHING,
                    formats.NOTHING,
                    formats.number(found.ranks[p].value, 2),
                    formats.NOTHING
                    if heavy
                    else _worth(found.value_of_information[p], unit, scenario, lang),
                ),
            )
            for p in factor.paths
            if not single
        ]
    return rows


def _share(one: Figure) -> str:
    return f"{formats.percent(max(0.0, one.value), 0)} ± {formats.number(100 * one.margin, 1)}"


def _worth(one: Figure, unit: str, scenario: Scenario, lang: Lang) -> str:
    if one.value <= one.margin:
        zero = Figure(0.0, 1.0, one.replicates)
        return believed(zero, unit, scenario.shown, scenario.cost_currency, lang)
    return believed(one, unit, scenario.shown, scenario.cost_currency, lang)


def flip_sentences(found: Drivers, lang: Lang) -> list[str]:
    """Return one sentence an input: at which value of it the result turns."""
    return [flip_sentence(found, one, lang) for one in found.flips]


def flip_sentence(found: Drivers, one: Flip, lang: Lang) -> str:
    """Return at which value of one input the result turns, and how likely its range is to pass
    it.
    """
    scenario, metric = found.simulation.scenario, found.metric
    name = input_name(scenario, one.path, lang)
    losing = metric == "profit" and found.threshold == 0
    goal = formats.figure(
        found.threshold, unit_of(metric), scenario.shown, scenario.cost_currency, lang
    )
    miss, meet = ("exceed", "within") if less_is_better(metric) else ("short", "reach")
    short = (
        say(lang, "flip.lose")
        if losing
        else say(lang, f"flip.{miss}", metric=name_of(metric, lang), goal=goal)
    )
    fine = (
        say(lang, "flip.earn")
        if losing
        else say(lang, f"flip.{meet}", metric=name_of(metric, lang), goal=goal)
    )
    if one.value is None:
        always = say(lang, "flip.lose_always") if losing else short
        return say(lang, "flip.never", input=name, what=always if one.short_now else fine)
    # rounded to the side on which nothing is lost, as every threshold is: typed back, it holds
    value = value_text(
        scenario, one.path, one.value, lang, "up" if one.losing == "below" else "down"
    )
    likely_now = value_text(scenario, one.path, one.likely, lang)
    text = say(lang, f"flip.{one.losing}", input=name, value=value, what=short, likely=likely_now)
    if one.probability is not None:
        text += " " + (
            say(lang, "flip.unreached")
            if one.probability == 0
            else say(lang, "flip.odds", odds=_small(one.probability))
        )
    return text


def _small(share: float) -> str:
    return formats.percent(share, 0 if share in (0.0, 1.0) or 0.1 <= share <= 0.9 else 1)


def measure_first(found: Drivers, lang: Lang) -> str:
    """Return which input to measure before deciding, and what that is worth."""
    scenario = found.simulation.scenario
    unit = unit_of(found.metric)
    estimated = found.simulation.estimate(found.metric)
    if estimated.heavy:
        return heavy_sentence(scenario, found.metric, estimated, lang)
    useful = sorted(
        (
            (one.value, path)
            for path, one in found.value_of_information.items()
            if one.value > one.margin
        ),
        reverse=True,
    )
    if not useful:
        return say(
            lang,
            (
                "risk.measure_none"
                if estimated.mean.value > found.threshold
                else "risk.measure_none_stop"
            ),
        )
    worth = _worth(found.value_of_information[useful[0][1]], unit, scenario, lang)
    return say(
        lang, "risk.measure_first", input=input_name(scenario, useful[0][1], lang), worth=worth
    )


_APART = 0.03
"""From this share of the larger of the two on, a median and so many usual months are told apart:
our judgement.
"""


def apart_sentence(scenario: Scenario, median: float, shown: str, lang: Lang) -> str:
    """Return why the median profit of all months, `shown` as text, is not as many times that of the
    usual month; empty where they differ by less than a few per cent.

    The difference falls into two parts: the months themselves at the likely values, exactly, and
    what chance makes of them, to two digits.

    Args:
        median: of the profit over the horizon [sales currency].
    """
    result, months = evaluate(scenario), scenario.plan.horizon_months
    usual, likely_total = result.steady["profit"], result.horizon["profit"]
    if usual is None or likely_total is None or not math.isfinite(median):
        return ""
    flat = usual * months
    if abs(median - flat) <= _APART * max(abs(median), abs(flat)):
        return ""

    def money(value: float, *, signed: bool = False) -> str:
        return ("+" if signed and value >= 0 else "") + formats.compact(value, scenario.shown, lang)

    names = [say(lang, f"risk.apart_{name}") for name in _apart(scenario)]
    why = (
        say(lang, "risk.apart_months", names=say(lang, "risk.apart_list").join(names))
        if names
        else say(lang, "risk.apart_months_plain")
    )
    sources = Sources(scenario)
    earlier = scenario.history.had_customers and comes_back(scenario)
    key = (
        "history"
        if sources.outlook is not None
        else "chance"
        if not earlier
        else "earlier"
        if sources.certain
        else "earlier_chance"
    )
    chance = say(lang, f"risk.apart_{key}")
    parts = {
        "months": months,
        "usual": money(usual),
        "flat": money(flat),
        "median": shown,
        "why": why,
        "chance": chance,
    }
    return say(
        lang,
        "risk.apart",
        **parts,
        own=money(likely_total - flat, signed=True),
        luck=money(float(f"{median - likely_total:.2g}"), signed=True),
    )


def _apart(scenario: Scenario) -> list[str]:
    """Return what makes the months of the plan differ from its usual month."""
    plan = scenario.plan
    seasons = [plan.season_at(month + 1) for month in range(plan.horizon_months)]
    there = {
        "ramp": point_value(plan.ramp_months) > 0 and point_value(plan.ramp_start) < 1,
        "season": not math.isclose(sum(seasons) / len(seasons), 1.0, abs_tol=1e-6),
        "budget": any(not math.isclose(one, 1.0) for one in plan.budget_plan),
        "again": comes_back(scenario),
        "one_off": bool(scenario.fixed.one_off),
        "effect": scenario.effect != OperatorEffect(),
    }
    return [name for name, is_there in there.items() if is_there]
