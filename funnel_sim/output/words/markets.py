"""A product's markets side by side, in sentences and rows; each carried field with where it comes
from.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.portfolio.markets import HERE, MarketAnswer, Markets, ranked_by
from funnel_sim.errors import InputError
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import input_name, value_text
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.formats import money, number, percent, whole_money
from funnel_sim.output.words.joining import apart, listed, run_on
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.reference.preset_cards import preset_cards, preset_rows
from funnel_sim.reference.provenance import first_source
from funnel_sim.scenario.carried import Carried
from funnel_sim.scenario.carried_field import CarriedField
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.price_prior import suggested_elasticity
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused
from funnel_sim.words import Lang, say

_LONGEST = 90
"""Characters of a value in a table; a list of twelve months is cut."""
_SHORT = 24
"""The same on a screen."""
_ALIKE = 0.005
"""Of net revenue: margins no farther apart hide nothing in the blended one."""
_DIGITS = 5
_LEVEL = 1.25
"""Of the level of a place: a price so far above it is said to be dear there."""


def place_name(preset: str, lang: Lang, *, goods: bool = False) -> str:
    """Return where a preset sells: platform and country.

    Args:
        preset: its id.
        lang: "zh" or "en".
        goods: whether its goods are told too.

    >>> place_name("amazon-fr-kitchen", "en")
    'Amazon · France'
    >>> place_name("amazon-de-kitchen", "en", goods=True)
    'Amazon · Germany (fees of Insulated steel bottle 750 ml)'
    """
    card = next(one for one in preset_cards() if one.id == preset)
    place = say(
        lang,
        "markets.place",
        platform=card.platform,
        market=country_words(card.market).of(lang),
    )
    return (
        say(lang, "markets.of_goods", place=place, goods=card.product.of(lang)) if goods else place
    )


def market_name(one: MarketAnswer, found: Markets, lang: Lang) -> str:
    """Return the name of a place in a comparison, with the goods of its preset where another one of
    the same place stands beside it.

    Args:
        one: the product there.
        found: the comparison.
        lang: "zh" or "en".
    """
    if one.name != HERE:
        places = [_place(other.scenario) for other in found.rows]
        return place_name(one.name, lang, goods=places.count(_place(one.scenario)) > 1)
    scenario = one.scenario
    place = say(
        lang,
        "markets.place",
        platform=scenario.platform or formats.NOTHING,
        market=country_words(scenario.market).of(lang) or formats.NOTHING,
    )
    return say(lang, "markets.here", place=place)


def _place(scenario: Scenario) -> tuple[str, str]:
    return scenario.platform, scenario.market


def market_sentences(found: Markets, lang: Lang) -> list[str]:
    """Return what a comparison of places says first: the sum, what its blended margin hides, the
    best and the worst place, the probability of a loss, what could not be carried.

    Args:
        found: the comparison.
        lang: "zh" or "en".
    """
    out = []
    currency = found.currency
    if found.rows:
        out.append(
            say(
                lang,
                "markets.brings",
                places=len(found.rows),
                profit=whole_money(found.profit, currency, lang),
                margin=percent(found.margin),
            )
        )
        out += _ranking(found, lang)
        out += rank_sentences(found, lang)
    if found.simulation is not None:
        one, paths = found.simulation.estimate(), found.simulation.plan.paths
        low, middle = (one.quantiles[p].value for p in (0.1, 0.5))
        out.append(
            say(
                lang,
                "markets.chance",
                loss=probability_text(one.loss, paths, lang),
                paths=f"{paths:,}",
                middle=whole_money(middle, currency, lang),
                low=whole_money(low, currency, lang),
            )
        )
    out += _doubts(found, lang)
    if found.volume == "orders" and found.rows:
        out.append(say(lang, "markets.same_orders"))
    out += [_refused(place, error, lang) for place, error in found.refused.items()]
    return out


def _ranking(found: Markets, lang: Lang) -> list[str]:
    every = sorted(found.every, key=lambda one: -ranked_by(one, found.rank))
    tail = "_cautious" if found.rank == "cautious" else ""
    best, worst = (
        say(
            lang,
            f"markets.{key}{tail}",
            place=market_name(one, found, lang),
            profit=whole_money(one.profit, found.currency, lang),
            cautious=whole_money(ranked_by(one, found.rank), found.currency, lang),
        )
        for key, one in (
            ("none_pays" if every[0].name == HERE else "best", every[0]),
            ("worst", every[-1]),
        )
    )
    out = [run_on([best, worst], lang)]
    margins = sorted(
        (one.margin, market_name(one, found, lang)) for one in every if one.margin is not None
    )
    if margins and found.margin is not None and margins[-1][0] - margins[0][0] > _ALIKE:
        out.append(
            say(
                lang,
                "markets.hides",
                margin=percent(found.margin),
                least=percent(margins[0][0]),
                worst=margins[0][1],
                most=percent(margins[-1][0]),
                best=margins[-1][1],
            )
        )
    return out


def _doubts(found: Markets, lang: Lang) -> list[str]:
    """Return what is to be checked before a place is relied on."""
    told: dict[str, Callable[[MarketAnswer], bool]] = {
        "no_price": lambda one: not one.kept_margin,
        "dear": is_dear,
        "duty_of_others": lambda one: _says(one, "tax.duty_rate", "other_goods"),
        "size_of_others": lambda one: any(
            _says(one, f"fulfilment.{name}", "example_size") for name in _SENT
        ),
    }
    out = []
    for key, holds in told.items():
        places = [market_name(one, found, lang) for one in found.rows if holds(one)]
        if places:
            out.append(say(lang, f"markets.{key}", places=listed(places, lang)))
    return out


_SENT = ("fulfilment_per_unit", "fulfilment_per_order", "parcel_per_order")


def _says(one: MarketAnswer, path: str, why: str) -> bool:
    told = one.carried.fields.get(path)
    return told is not None and told.why == why


def _refused(place: str, error: InputError, lang: Lang) -> str:
    return say(
        lang,
        "markets.refused",
        place=place_name(place, lang),
        why=error.sentences(lang)[0],
    )


def market_heads(found: Markets, lang: Lang) -> list[str]:
    """Return the heads of `market_rows`, that of the names first."""
    drawn = found.simulation is not None
    keys = ["place", "price", "orders", "profit", *(["cautious", "loss"] if drawn else [])]
    keys += ["evidence", "order", "margin", "break_even", "cash", "limit"]
    return [say(lang, f"markets.head_{key}") for key in keys]


def market_rows(found: Markets, lang: Lang) -> Sequence[Row]:
    """Return a row for the product where it is, and for each place, as they are ranked.

    Args:
        found: the comparison.
        lang: "zh" or "en".
    """
    currency = found.currency
    out = []
    for one in found.every:
        cells = [
            _price(one, lang),
            formats.count(one.orders),
            whole_money(one.profit, currency, lang),
        ]
        if found.simulation is not None:
            plan = found.simulation.plan
            lost = one.loss or 0.0
            error = math.sqrt(lost * (1 - lost) / plan.paths)
            loss = Figure(lost, error, plan.replicates)
            cells.append(whole_money(one.cautious or 0.0, currency, lang))
            cells.append(probability_text(loss, plan.paths, lang))
        cells += [
            evidence_text(one, lang),
            money(one.per_order, currency, lang),
            percent(one.margin),
            percent(one.break_even_acos),
            whole_money(one.cash_low, currency, lang),
            limit_text(one, found.here, lang),
        ]
        tone = "bad" if one.profit < 0 else "middle" if is_dear(one) else ""
        out.append(Row("", market_name(one, found, lang), tuple(cells), tone=tone))
    return out


def _price(one: MarketAnswer, lang: Lang) -> str:
    """Return a price with what it is of the level of its place."""
    shown = money(one.price, one.scenario.currency, lang)
    if one.price_level is None:
        return shown
    return say(lang, "markets.priced", price=shown, level=number(one.price_level, 2))


def limit_text(one: MarketAnswer, here: MarketAnswer, lang: Lang) -> str:
    """Return what limits a place: the part with how much more of what shoppers pay it takes than
    now, or its share where it takes no more.

    Args:
        one: the product there.
        here: where it is.
        lang: "zh" or "en".
    """
    if one.limit is None:
        return formats.NOTHING
    share = one.shares[one.limit]
    part = say(lang, f"markets.part_{one.limit}")
    now = here.shares.get(one.limit)
    if one.name == HERE or now is None or share <= now:
        return f"{part} {percent(share)}"
    return f"{part} {formats.change(now, share, 'rate', '', '', lang)}"


def evidence_text(one: MarketAnswer, lang: Lang) -> str:
    """Return how well click price and conversion are known at a place.

    Args:
        one: the product there.
        lang: "zh" or "en".
    """
    known = {figure: say(lang, f"markets.grade_{grade}") for figure, grade in one.grades.items()}
    if len(set(known.values())) < len(_BOTH):
        return next(iter(known.values()), say(lang, "markets.grade_own"))
    return say(lang, "markets.grades", **known)


_BOTH = ("clicks", "sales")


def rank_sentences(found: Markets, lang: Lang) -> list[str]:
    """Return by what places are ranked, which one the likely values would put first in place of the
    first one, and what moves the first one most.

    Args:
        found: the comparison.
        lang: "zh" or "en".
    """
    if not found.rows or found.rank == "likely":
        return [say(lang, "markets.ranked_likely")] if found.rows else []
    elasticity = number(suggested_elasticity(found.here.scenario.as_of).likely, 1)
    out = [say(lang, "markets.ranked_cautious", elasticity=elasticity)]
    first, likely = found.rows[0], max(found.rows, key=lambda one: one.profit)
    if likely.name != first.name:
        out.append(
            say(
                lang,
                "markets.likely_first",
                place=market_name(likely, found, lang),
                profit=whole_money(likely.profit, found.currency, lang),
                cautious=whole_money(likely.cautious or 0.0, found.currency, lang),
                evidence=evidence_text(likely, lang),
            )
        )
    moves = [
        say(
            lang,
            f"markets.moved_by_{figure}",
            change=formats.whole_money(effect, found.currency, lang),
        )
        for figure, effect in sorted(first.moved_by.items(), key=lambda one: one[1])
    ]
    if moves:
        place = market_name(first, found, lang)
        out.append(say(lang, "markets.moved_by", place=place, moves=apart(moves, lang)))
    return out


def is_dear(one: MarketAnswer) -> bool:
    """Say whether a price lies so far above the level of its place that it has to be said."""
    return one.price_level is not None and one.price_level > _LEVEL


# ---- fields --------------------------------------------------------------------------------------


def carried_sentences(carried: Carried, here: Scenario, lang: Lang) -> list[str]:
    """Return how many fields come from where, and which channels are left out.

    Args:
        carried: the product in another place.
        here: the scenario that was carried.
        lang: "zh" or "en".
    """
    out = [
        say(
            lang,
            "markets.counts",
            fields=len(carried.fields),
            own=carried.count("own"),
            target=carried.count("target"),
            moved=carried.count("moved"),
        )
    ]
    if carried.left_out:
        names = listed([channel_name(here, one, lang) for one in carried.left_out], lang)
        place = place_name(carried.target, lang)
        out.append(say(lang, "markets.left_out", place=place, names=names))
    return [*out, say(lang, "markets.money_is_home")]


def field_heads(lang: Lang) -> list[str]:
    """Return the heads of `field_rows`, that of the names first."""
    keys = ("field", "now", "there", "from", "source")
    return [say(lang, f"markets.head_{key}") for key in keys]


def field_rows(
    carried: Carried, here: Scenario, lang: Lang, *, every: bool = False, short: bool = False
) -> Sequence[Row]:
    """Return the fields of a carried product with what each was and is, and where it comes from.

    Args:
        carried: the product in another place.
        here: the scenario that was carried.
        lang: "zh" or "en".
        every: all fields that do something; else those of which something is to be said.
        short: likely values and hosts only, for a screen.
    """
    fields = carried.told()
    if every:
        fields = tuple(
            one for one in carried.fields.values() if not unused(carried.scenario, one.path)
        )
    out = []
    for one in fields:
        spec = spec_of(one.path)
        if spec is None:
            continue
        now = formats.NOTHING if one.before is None else _value(here, one, lang, short=short)
        out.append(
            Row(
                "",
                input_name(carried.scenario, one.path, lang),
                (
                    now,
                    _value(carried.scenario, one, lang, short=short),
                    apart(
                        [
                            part
                            for part in (kind_text(one, lang), why_text(one, carried, lang))
                            if part
                        ],
                        lang,
                    ),
                    source_text(one, lang, short=short),
                ),
                tone="middle" if one.weak and one.kind == "moved" else "",
            )
        )
    return out


def _value(scenario: Scenario, one: CarriedField, lang: Lang, *, short: bool) -> str:
    spec = spec_of(one.path)
    assert spec is not None
    value = scenario.get(one.path)
    value = _rounded(point_value(value) if short and is_range(value) else value)
    text = value_text(scenario, one.path, spec, value, lang)
    most = _SHORT if short else _LONGEST
    return text if len(text) <= most else f"{text[:most]}…"


def _rounded(value: Any) -> Any:
    """Return a number or a range to five digits: one that was converted has as many as it can."""
    if is_range(value):
        parts = {
            name: _rounded(getattr(value, name))
            for name in ("low", "likely", "high", "mean", "sd", "median")
            if hasattr(value, name)
        }
        return value.but(**parts)
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def kind_text(one: CarriedField, lang: Lang) -> str:
    """Return whose a carried figure is: the reader's, the product's example's, the place's, moved.

    Args:
        one: the field.
        lang: "zh" or "en".
    """
    kind = "product" if one.kind == "own" and not one.typed else one.kind
    return say(lang, f"markets.kind_{kind}")


def why_text(one: CarriedField, carried: Carried, lang: Lang) -> str:
    """Return what is to be said of a carried field; "" where nothing is.

    Args:
        one: the field.
        carried: the product there.
        lang: "zh" or "en".
    """
    row = preset_rows().get(carried.target, {})
    parts = {
        "ratio": formats.NOTHING if one.ratio is None else f"{one.ratio:.4g}",
        "size": _size(row),
        "category": category_words(
            str(row.get("platform", "")), str(row.get("fee_category", ""))
        ).of(lang),
    }
    told = f"× {parts['ratio']}" if one.kind == "moved" else ""
    if one.why is not None:
        told = say(lang, f"markets.why_{one.why}", **parts)
    notes = [told] if told else []
    notes += [say(lang, "markets.doubted")] if one.doubt else []
    notes += [say(lang, "markets.lowered", dear=number(one.dear, 2))] if one.dear > 1 else []
    return apart(notes, lang)


def _size(row: dict[str, object]) -> str:
    size = row.get("size")
    if not isinstance(size, dict):
        return formats.NOTHING
    sides = " × ".join(f"{side:g}" for side in size["cm"])
    return f"{size['kg']:g} kg, {sides} cm"


def source_text(one: CarriedField, lang: Lang, *, short: bool = False) -> str:
    """Return the dated sources of a carried figure, weak ones marked.

    Args:
        one: the field.
        lang: "zh" or "en".
        short: the host of an address only.
    """
    told = []
    for source in one.sources:
        weak = source.weak and source.evidence != "assumed"
        known = say(lang, f"evidence.{source.evidence}")
        if source.evidence == "assumed":
            told.append(known)
            continue
        place = first_source(source.source)
        place = (urlsplit(place).hostname or place) if short else place
        parts = [place, source.as_of, known]
        told.append(", ".join([*parts, *([say(lang, "markets.weak")] if weak else [])]))
    if len(told) > 1 and told[0] != told[1]:
        return say(lang, "markets.sources", here=told[0], there=told[1])
    return apart(dict.fromkeys(told), lang)
