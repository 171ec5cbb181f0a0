"""What serving a store costs the agency, and the fee that needs it, in sentences."""

import math

from funnel_sim.chance.distributions import drawable, mean_of
from funnel_sim.decisions.quote.answer import OptionAnswer
from funnel_sim.decisions.quote.fee_from_cost import FeeFromCost, ServingCost, serving_cost
from funnel_sim.decisions.quote.serving_hours import (
    HoursLine,
    UsualPrice,
    serving_hours,
    tools_cost,
    usual_price,
)
from funnel_sim.decisions.quote.store_alone import orders_without_operator
from funnel_sim.output.words import formats
from funnel_sim.output.words.quote_amounts import DIGITS, whole_amount
from funnel_sim.output.words.tables import Row
from funnel_sim.reference import serving
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.provenance import first_source
from funnel_sim.reference.serving import Span
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quantity import ends, is_range, point_value
from funnel_sim.scenario.quote_effect import SERVICE_WORDS
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def rebate_sentences(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> list[str]:
    """Return where the media rebate on the ad spend goes: a month to the agency, a month off the
    client's bill; nothing where the quote names none.
    """
    found, option = answer.believed, answer.option
    if not option.rebate_rate:
        return []
    parts = {
        "rate": formats.percent(option.rebate_rate),
        "kept": whole_amount(found.rebate / found.lasts, scenario, lang),
    }
    parts["passed"] = whole_amount(-found.lines.get("rebate", 0.0) / found.lasts, scenario, lang)
    key = (
        "kept"
        if not option.rebate_to_client
        else "passed"
        if option.rebate_to_client == 1
        else "shared"
    )
    return [say(lang, f"quote.rebate_{key}", **parts)]


def serving_parts(cost: ServingCost, scenario: Scenario, lang: Lang) -> dict[str, str]:
    """Return the parts of what serving costs a month, as text with digits enough to compute it
    again: the means that are counted.
    """

    def pay(value: float) -> str:
        return formats.money(value, scenario.cost_currency, lang)

    people, on_cost = (
        formats.exact(round(value, DIGITS)) for value in (cost.people, cost.on_cost * 100)
    )
    return {
        "people": people,
        "pay": pay(cost.pay),
        "on_cost": f"{on_cost}%",
        "other": pay(cost.other),
        "cost": formats.compact(cost.total, scenario.cost_currency, lang),
    }


def serving_ranges(cost: ServingCost, scenario: Scenario, lang: Lang) -> str:
    """Return which parts of what serving costs are means of ranges, with the likely value and the
    ends of each; nothing where none is.
    """

    def shown(name: str, value: float) -> str:
        if name in ("pay", "other"):
            return formats.compact(value, scenario.cost_currency, lang)
        return (
            formats.exact(round(value, DIGITS)) if name == "people" else formats.percent(value, 1)
        )

    told = []
    for name, value in cost.ranges.items():
        low, high = ends(value) or tuple(
            drawable(value, specs_of(Option)[f"serving_{name}"].domain).quantile(p)
            for p in (0.1, 0.9)
        )
        what = (
            "range_p80"
            if not ends(value) or getattr(value, "meaning", "") == "p80"
            else "range_limits"
        )
        span = say(lang, f"quote.serving_{what}", low=shown(name, low), high=shown(name, high))
        told.append(
            say(
                lang,
                "quote.serving_mean_of",
                name=say(lang, f"quote.serving_{name}"),
                likely=shown(name, point_value(value)),
                span=span,
            )
        )
    return (
        say(lang, "quote.serving_means", parts=say(lang, "quote.serving_and").join(told))
        if told
        else ""
    )


def serving_sentence(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> str:
    """Return what the cost of serving rests on: the means that are counted, so that it can be
    computed again, then the ranges they are of.
    """
    option = answer.option
    cost = serving_cost(scenario, option)
    first = say(
        lang,
        "quote.serving_text",
        service=SERVICE_WORDS[option.service].of(lang),
        **serving_parts(cost, scenario, lang),
    )
    return (
        say(
            lang,
            "quote.serving_with_ranges",
            first=first,
            ranges=serving_ranges(cost, scenario, lang),
        )
        if cost.ranges
        else first
    )


def fee_sentences(found: FeeFromCost, option: Option, scenario: Scenario, lang: Lang) -> list[str]:
    """Return the fee that a cost and a margin need as a formula with its numbers, and what of it
    the quote's other fees bring.
    """

    def pay(value: float) -> str:
        return formats.money(value, scenario.cost_currency, lang)

    cost = found.cost
    parts = serving_parts(cost, scenario, lang) | {"cost": pay(cost.total)}
    parts |= {
        "rebate": pay(cost.rebate),
        "margin": formats.exact_percent(found.margin),
        "fee": pay(found.fee),
    }
    out = [
        say(lang, "quote.fee_from_cost_rebate" if cost.rebate else "quote.fee_from_cost", **parts)
    ]
    if cost.ranges:
        out.append(serving_ranges(cost, scenario, lang))
    if found.others:
        base, _ = base_that_brings(found, option, scenario, lang)
        key = "fee_others" if found.base else "fee_others_all"
        out.append(say(lang, f"quote.{key}", others=pay(found.others), base=base))
    return out


def base_that_brings(
    found: FeeFromCost, option: Option, scenario: Scenario, lang: Lang
) -> tuple[str, float]:
    """Return the monthly base that brings the fee, as text and as a number: whole units of the
    contract's currency, rounded up, so that the margin is not missed.
    """
    base = float(math.ceil(round(found.base, 6)))
    currency = option.currency(scenario)
    return formats.whole_money(base, currency, lang), base


# ---- hours


def hours_sentences(answer: OptionAnswer, scenario: Scenario, lang: Lang) -> list[str]:
    """Return what serving takes in hours and money, beside what the quote is paid an hour, and what
    such hours usually sell for.
    """
    option = answer.option
    found, cost = serving_hours(scenario, option), serving_cost(scenario, option)
    price = usual_price(scenario, cost.total, found.mean)
    if not price.hours:
        return []
    rate, shown = point_value(scenario.fx_rate), scenario.shown
    fee = max(answer.band.now, 0.0)
    key = "hours" if fee > 0 else "hours_no_fee"
    return [
        say(
            lang,
            f"quote.{key}",
            low=formats.number(found.total("low")),
            high=formats.number(found.total("high")),
            mean=formats.number(price.hours),
            cost=formats.rough(price.cost / rate, shown, lang),
            hour=formats.whole_money(price.hour / rate, shown, lang),
            per=formats.whole_money(fee / price.hours, shown, lang),
        ),
        _price_sentence(price, scenario, lang),
    ]


def _price_sentence(price: UsualPrice, scenario: Scenario, lang: Lang) -> str:
    least, most = price.margin
    rate, shown = point_value(scenario.fx_rate), scenario.shown
    return say(
        lang,
        "quote.hours_price",
        least=formats.percent(least, 0),
        most=formats.percent(most, 0),
        price_low=formats.rough(price.low / rate, shown, lang),
        price_high=formats.rough(price.high / rate, shown, lang),
    )


def price_sentence(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return what the hours of an option usually sell for."""
    found, cost = serving_hours(scenario, option), serving_cost(scenario, option)
    return _price_sentence(usual_price(scenario, cost.total, found.mean), scenario, lang)


def hours_rows(scenario: Scenario, option: Option, lang: Lang) -> list[Row]:
    """Return the hours a month that serving takes, factor by factor."""
    found = serving_hours(scenario, option)
    rows = []
    for one in found.lines:
        cells = (_hours(one.likely), _span(one.low, one.high))
        rows.append(Row("", _factor_name(one, scenario, option, lang), cells))
    ends = (found.total("low"), found.total("likely"), found.total("high"))
    if len(rows) > 1:
        cells = (_hours(ends[1]), _span(ends[0], ends[2]))
        rows.append(Row("", say(lang, "quote.hours_sum"), cells, kind="total"))
    mean = say(lang, "quote.hours_mean")
    return [*rows, Row("", mean, (_hours(found.mean), ""), kind="total")]


def hours_heads(lang: Lang) -> list[str]:
    """Return the heads of the hours, the name's first."""
    return [say(lang, f"quote.hours_head_{name}") for name in ("factor", "likely", "span")]


def _hours(value: float) -> str:
    return formats.number(value, 1)


def _span(low: float, high: float) -> str:
    return f"{_hours(low)}–{_hours(high)}"


def _factor_name(one: HoursLine, scenario: Scenario, option: Option, lang: Lang) -> str:
    count = getattr(option, f"scope_{one.factor}", None)
    orders = ""
    if one.factor == "support":
        orders = formats.number(orders_without_operator(scenario) or 0.0)
    return say(
        lang,
        f"quote.hours_of_{one.factor}",
        n=count if isinstance(count, int) else "",
        service=SERVICE_WORDS[option.service].of(lang),
        usual=formats.number(serving.span("usual", "products", scenario.as_of).likely),
        term=option.term,
        orders=orders,
    )


def _basis(one: HoursLine, lang: Lang) -> str:
    """Return what a factor rests on: its sources, or that it is an assumption."""
    return "" if one.basis is None else _sources(one.basis, lang)


def _sources(span: Span, lang: Lang) -> str:
    """Return the hosts of a span's sources, weak ones called so, or that it is an assumption."""
    if not span.rows:
        return say(lang, "quote.hours_basis_assumed")
    told = " / ".join(dict.fromkeys(_host(row.provenance.source) for row in span.rows))
    return f"{told} ({say(lang, 'evidence.weak')})" if span.weak else told


def _host(source: str) -> str:
    address = first_source(source)
    return address.split("/")[2] if address.startswith("http") else address


def hours_notes(scenario: Scenario, option: Option, lang: Lang) -> list[str]:
    """Return what stands below the hours: how they add up, what is assumed, tools, and the same
    hours by module.
    """
    found = serving_hours(scenario, option)
    out = [say(lang, "quote.hours_typed" if found.typed else "quote.hours_note")]
    for one in found.lines:
        if one.basis is not None:
            name = _factor_name(one, scenario, option, lang)
            parts = (_basis(one, lang), one.basis.note.of(lang))
            basis = say(lang, "contract.join").join(part for part in parts if part)
            out.append(say(lang, "quote.hours_rests", name=name, basis=basis))
    tools = tools_cost(scenario, option)
    if is_range(tools):
        low, high = (formats.whole_money(end, scenario.cost_currency, lang) for end in ends(tools))
        out.append(say(lang, "quote.hours_tools", low=low, high=high))
    if option.service == "full":
        spans = serving.modules(scenario.as_of)
        told = {name: _span(one.low, one.high) for name, one in spans.items()}
        low, high = (sum(getattr(one, end) for one in spans.values()) for end in ("low", "high"))
        out.append(say(lang, "quote.hours_modules", low=_hours(low), high=_hours(high), **told))
    return out


def hourly_rows(scenario: Scenario, lang: Lang) -> list[Row]:
    """Return what an hour costs by who serves, in the cost currency."""
    on_cost = mean_of(alternatives.serving(scenario, "full", "on_cost").value)
    out = []
    for one in serving.hourly_costs(scenario.as_of):
        rate = exchange(one.currency, scenario.cost_currency, scenario.as_of)
        span = one.pay.times(rate * (1.0 if one.alone else 1.0 + on_cost))
        low, likely, high = (
            formats.compact(end, scenario.cost_currency, lang)
            for end in (span.low, span.likely, span.high)
        )
        out.append(Row("", one.words.of(lang), (likely, f"{low} – {high}")))
    return out


def hourly_heads(lang: Lang) -> list[str]:
    """Return the heads of the hourly costs, the name's first."""
    return [say(lang, "quote.hourly_head"), *hours_heads(lang)[1:]]


def hourly_words(scenario: Scenario, lang: Lang) -> tuple[str, str]:
    """Return the title of the hourly costs, and what stands below them: how they were made, and
    their sources.
    """
    month = serving.span("usual", "month", scenario.as_of).likely
    on_cost = mean_of(alternatives.serving(scenario, "full", "on_cost").value)
    return (
        say(lang, "quote.hourly_title", month=formats.number(month, 1)),
        say(
            lang,
            "quote.hourly_note",
            on_cost=formats.percent(on_cost, 0),
            day=scenario.as_of.isoformat(),
            sources=say(lang, "contract.join").join(
                f"{one.words.of(lang)} {_sources(one.pay, lang)}"
                for one in serving.hourly_costs(scenario.as_of)
            ),
        ),
    )
