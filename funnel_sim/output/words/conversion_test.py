"""The comparison of two conversion rates in words and tables."""

import math
from typing import Any

from funnel_sim.decisions.conversion_test.compare import RateComparison, rate_spread
from funnel_sim.decisions.conversion_test.posterior import PosteriorSpread
from funnel_sim.decisions.conversion_test.sample_size import VisitsNeeded
from funnel_sim.decisions.conversion_test.trial import Trial
from funnel_sim.output.words import formats
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.rate_settings import constant, prior_words
from funnel_sim.words import Lang, say

_HUGE = 10.0  # a relative difference from here on is told as "more than"

_SURE = 0.001  # probabilities nearer to none or all than this are told as "below" and "above"

_PER = 10_000  # visits to which expected losses refer


def chance_text(share: float) -> str:
    """Return a probability with as many digits as it can bear; never 0 % or 100 %, for neither is
    known.

    >>> chance_text(0.9611), chance_text(0.99996), chance_text(0.00002)
    ('96.1%', '> 99.9%', '< 0.1%')
    """
    if share > 1 - _SURE:
        return f"> {formats.percent(1 - _SURE, 1)}"
    return f"< {formats.percent(_SURE, 1)}" if share < _SURE else formats.percent(share, 1)


def rate_text(rate: float) -> str:
    """Return a conversion rate, or a share of one, in percent: small ones with more digits.

    >>> rate_text(0.0472), rate_text(0.00037), rate_text(0.5), rate_text(0.0)
    ('4.72%', '0.0370%', '50.0%', '0.00%')
    """
    return formats.percent(rate, _digits(rate))


def _digits(rate: float, meant: int = 3) -> int:
    """Return the decimals of a percentage that leave so many digits to read, at least one."""
    return 2 if not rate else min(8, max(1, meant - 1 - math.floor(math.log10(abs(rate) * 100))))


def lift_text(lift: float | None) -> str:
    """Return a relative difference with its sign; beyond ten times the size is no matter.

    >>> lift_text(0.18), lift_text(30.0), lift_text(None)
    ('+18.0%', '> +1,000%', '–')
    """
    if lift is None:
        return formats.NOTHING
    return f"> {formats.signed_percent(_HUGE, 0)}" if lift > _HUGE else formats.signed_percent(lift)


def points_text(points: float, lang: Lang) -> str:
    """Return a difference of two rates in percentage points, with its sign.

    Args:
        points: B − A [fraction]: 0.01 is one percentage point.
    """
    return say(lang, "unit.points", value=_points(points))


def _points(points: float) -> str:
    text = formats.number(points * 100, max(2, _digits(points, 1)))
    return f"+{text}" if points > 0 else text


def _amount(value: float | None, currency: str, lang: Lang) -> str:
    if value is None:
        return formats.NOTHING
    if not currency:
        return formats.number(value, 2)
    return formats.compact(value, currency, lang)


def _signed_amount(value: float | None, currency: str, lang: Lang) -> str:
    text = _amount(value, currency, lang)
    return f"+{text}" if value is not None and value > 0 else text


def _months(months: float | None, lang: Lang) -> str:
    """Return how long a test takes: in days below a month."""
    if months is None:
        return formats.NOTHING
    if months < 1:
        return say(lang, "unit.days", value=formats.number(math.ceil(months * _DAYS - 1e-9)))
    return say(lang, "rates.months", value=formats.number(months, 1))


_DAYS = 365 / 12


def _visits(visits: float) -> str:
    return formats.number(visits) if math.isfinite(visits) else formats.NOTHING


def _about(visits: float) -> str:
    """Return a number of visits to speak of: beyond 10,000 three digits, rounded up."""
    step = 10 ** (math.floor(math.log10(visits)) - 2) if visits >= _PER else 1
    return formats.number(math.ceil(visits / step - 1e-9) * step)


def _share(share: float) -> str:
    """Return a level in percent, without decimals that say nothing.

    >>> _share(0.95), _share(0.999), _share(0.1234)
    ('95%', '99.9%', '12.34%')
    """
    return formats.exact_percent(round(share, 6))


def verdict_sentence(found: RateComparison, lang: Lang) -> str:
    """Return the answer in one sentence: better, worse, or how many visits are missing."""
    parts = {
        "points": points_text(found.points.measured or 0.0, lang),
        "lift": lift_text(found.lift.measured),
    }
    if found.verdict != "unclear":
        odds = found.better if found.verdict == "better" else 1 - found.better
        key = found.verdict if found.lift.measured is not None else f"{found.verdict}_from_none"
        return say(lang, f"rates.verdict_{key}", odds=chance_text(odds), **parts)
    need, odds_b = found.wanted, chance_text(found.better)
    effect = _share(found.settings.effect)
    if not math.isfinite(need.more):
        return say(lang, "rates.verdict_unclear_never", odds=odds_b)
    if not need.more:
        return say(lang, "rates.verdict_unclear_enough", odds=odds_b, effect=effect)
    return say(lang, "rates.verdict_unclear", odds=odds_b, effect=effect, more=_about(need.more))


def answer_sentences(found: RateComparison, currency: str, lang: Lang) -> list[str]:
    """Return what belongs right below the answer: how large the difference may be, and what it is
    worth.

    Args:
        currency: ISO code of the amounts, "USD".
    """
    low, high = found.points.wide
    level = _share(found.settings.level)
    ends = {
        "low": points_text(low, lang),
        "high": points_text(high, lang),
        "lift_low": lift_text(found.lift.wide[0]),
        "lift_high": lift_text(found.lift.wide[1]),
    }
    out = [say(lang, "rates.range", level=level, **ends)]
    if found.money is None:
        return out
    money = found.money
    amounts = {
        name: _signed_amount(value, currency, lang)
        for name, value in (
            ("gain", money.gain.measured),
            ("low", money.gain.wide[0]),
            ("high", money.gain.wide[1]),
        )
    }
    visits, orders = formats.number(found.store.visits_month), _signed(money.orders.measured or 0.0)
    out.append(
        say(
            lang,
            "rates.money",
            visits=visits,
            orders=orders,
            level=level,
            odds=chance_text(money.better),
            **amounts,
        )
    )
    if (found.better >= 0.5) != (money.better >= 0.5):
        out.append(say(lang, "rates.money_differs"))
    return out


def detail_sentences(found: RateComparison, currency: str, lang: Lang) -> list[str]:
    """Return what a wrong choice costs, what certainty is worth, and the classical test, a sentence
    a line.

    Args:
        currency: ISO code of the amounts, "USD".
    """
    out = [
        say(
            lang,
            "rates.loss",
            per=formats.number(_PER),
            loss_b=_orders(found.loss_b * _PER),
            loss_a=_orders(found.loss_a * _PER),
        )
    ]
    if found.money is not None:
        out.append(
            say(
                lang,
                "rates.certainty",
                worth=_amount(found.money.certainty, currency, lang),
                months=formats.number(found.settings.horizon),
            )
        )
    return [*out, classical_sentence(found, lang)]


def _orders(count: float) -> str:
    return formats.number(count, 1 if count >= 1 or not count else 2)


def _signed(count: float) -> str:
    text = formats.count(count)
    return f"+{text}" if count > 0 else text


def classical_sentence(found: RateComparison, lang: Lang) -> str:
    """Return what the classical test says beside it; named, for two tests give two p-values."""
    if found.p_value is None:
        return say(lang, "rates.test_none")
    p = (
        "< 0.0001"
        if found.p_value < 1e-4
        else f"= {found.p_value:.4f}"
        if found.p_value < 0.1
        else f"= {found.p_value:.2f}"
    )
    least = formats.number(constant("fewest_expected").value)
    out = say(lang, f"rates.test_{found.test}", p=p, least=least)
    seen = found.p_value < found.settings.alpha
    if seen != (found.verdict != "unclear"):
        out += say(
            lang,
            "rates.test_only" if seen else "rates.test_not",
            alpha=_share(found.settings.alpha),
        )
    return out


def needed_sentence(need: VisitsNeeded, lang: Lang, *, measured: bool) -> str:
    """Return how many visits are still needed to see one difference, and how long that takes.

    Args:
        measured: whether the difference is the one counted, rather than the one wished for.
    """
    kind = "measured" if measured else "wanted"
    if need.effect is None or not math.isfinite(need.more):
        return say(lang, f"rates.need_{kind}_never")
    effect = lift_text(need.effect)
    if not need.more:
        return say(lang, f"rates.need_{kind}_enough", effect=effect, total=_visits(need.size.total))
    months = (
        say(lang, "rates.need_end")
        if need.months is None
        else say(lang, "rates.need_months", months=_months(need.months, lang))
    )
    return (
        say(
            lang,
            f"rates.need_{kind}",
            effect=effect,
            more=_visits(need.more),
            total=_visits(need.size.total),
        )
        + months
    )


def caution_sentences(lang: Lang) -> list[str]:
    """Return what makes a comparison worthless, whatever the numbers say: looking until it pleases,
    and two versions at different times.
    """
    looks, alpha, wrong = constant("looks"), constant("looks_alpha"), constant("looks_false")
    told = say(
        lang,
        "rates.peeking",
        looks=formats.number(looks.value),
        alpha=formats.percent(alpha.value, 0),
        wrong=formats.percent(wrong.value, 0),
    )
    return [told, say(lang, "rates.same_time")]


def basis_sentence(found: RateComparison, lang: Lang) -> str:
    """Return the choices beside the numbers: prior, its strength, kind of interval, kind of
    test.
    """
    a, b = found.prior
    return say(
        lang,
        "rates.basis",
        prior=prior_words(found.settings.prior).of(lang),
        strength=formats.number(a + b, 0 if (a + b).is_integer() else 1),
        interval=say(lang, f"rates.{found.settings.interval}"),
        alpha=_share(found.settings.alpha),
        power=_share(found.settings.power),
        decide=_share(found.settings.decide),
    )


def trial_sentences(trial: Trial, currency: str, lang: Lang) -> list[str]:
    """Return what a test needs, costs and is worth, the answer first.

    Args:
        currency: ISO code of the amounts, "USD".
    """
    effect = _share(trial.settings.effect)
    size = {
        "base": rate_text(trial.base),
        "other": rate_text(trial.base * (1 + trial.settings.effect)),
        "effect": effect,
        "total": _visits(trial.size.total),
        "a": _visits(trial.size.a),
        "b": _visits(trial.size.b),
    }
    out = [say(lang, "rates.plan_size", **size)]
    if trial.months is not None:
        out.append(
            say(
                lang,
                "rates.plan_months",
                months=_months(trial.months, lang),
                visits=formats.number(trial.store.visits_month),
            )
        )
    if trial.cost is None or trial.worth is None or trial.ads is None:
        return out
    months, rest = formats.number(trial.settings.horizon), trial.cost - trial.ads
    told = {
        "cost": _amount(trial.cost, currency, lang),
        "worth": _amount(trial.worth, currency, lang),
        "months": months,
        "rest": _amount(rest, currency, lang),
        "ads": _amount(trial.ads, currency, lang),
        "back": _amount(trial.back, currency, lang),
    }
    kind = (
        "pays"
        if trial.worth >= trial.cost
        else (
            "pays_without_ads"
            if trial.worth >= rest
            else "too_dear"
            if trial.ads
            else "too_dear_no_ads"
        )
    )
    kind = kind if trial.cost else "free"
    out.append(say(lang, f"rates.plan_{kind}", **told))
    now = {
        "lift": lift_text(trial.lift),
        "gain": _signed_amount(trial.now, currency, lang),
        "months": months,
    }
    out.append(
        say(lang, "rates.plan_now_b" if (trial.now or 0.0) > 0 else "rates.plan_now_a", **now)
    )
    if trial.ads:
        out.append(say(lang, "rates.plan_ads", **told))
    return out


def version_heads(found: RateComparison, lang: Lang) -> list[str]:
    """Return the heads of `version_rows`."""
    return [
        *(say(lang, f"rates.{key}") for key in ("visits", "orders", "rate")),
        say(lang, "rates.interval_at", level=_share(found.settings.level)),
    ]


def version_rows(found: RateComparison, lang: Lang) -> list[Row]:
    """Return both versions: visits, orders, rate as counted, and the wide interval of the rate."""
    rows = []
    for name, arm in (("a", found.a), ("b", found.b)):
        low, high = rate_spread(found, "a" if name == "a" else "b").wide
        cells = (
            formats.number(arm.visits),
            formats.number(arm.orders),
            rate_text(arm.rate),
            f"{rate_text(low)} – {rate_text(high)}",
        )
        rows.append(Row("", say(lang, f"rates.version_{name}"), cells))
    return rows


def gap_heads(found: RateComparison, lang: Lang) -> list[str]:
    """Return the heads of `gap_rows`: as counted, and the two intervals at their levels."""
    levels = [
        say(lang, "rates.interval_at", level=_share(level))
        for level in (found.settings.inner, found.settings.level)
    ]
    return [say(lang, "rates.counted"), *levels]


def gap_rows(found: RateComparison, currency: str, lang: Lang) -> list[Row]:
    """Return the difference B − A: relative, in points, in orders and money a month, each as
    counted and with its intervals.

    Args:
        currency: ISO code of the amounts, "USD".
    """

    def row(key: str, spread: PosteriorSpread, text: Any) -> Row:
        cells = (
            text(spread.measured),
            *(f"{text(low)} – {text(high)}" for low, high in (spread.narrow, spread.wide)),
        )
        return Row("", say(lang, f"rates.gap_{key}"), cells)

    rows = [row("lift", found.lift, lift_text), row("points", found.points, _points)]
    if found.money is not None:
        rows.append(row("orders", found.money.orders, _signed))
        rows.append(
            row("money", found.money.gain, lambda value: _signed_amount(value, currency, lang))
        )
    return rows


def need_heads(lang: Lang) -> list[str]:
    """Return the heads of `need_rows`."""
    return [
        say(lang, f"rates.{key}")
        for key in ("difference", "need_a", "need_b", "need_more", "takes")
    ]


def need_rows(found: RateComparison, lang: Lang) -> list[Row]:
    """Return the visits needed for the wanted and for the measured difference."""
    rows = []
    for key, need in (("wanted", found.wanted), ("as_counted", found.measured)):
        more = _visits(need.more)
        cells = (
            lift_text(need.effect),
            _visits(need.size.a),
            _visits(need.size.b),
            more,
            _months(need.months, lang),
        )
        rows.append(Row("", say(lang, f"rates.effect_{key}"), cells))
    return rows


def trial_rows(trial: Trial, currency: str, lang: Lang) -> list[Row]:
    """Return a test's size, length, cost by part, and worth.

    Args:
        currency: ISO code of the amounts, "USD".
    """
    rows = [
        Row("", say(lang, f"rates.trial_{key}"), (_visits(value),))
        for key, value in (("a", trial.size.a), ("b", trial.size.b))
    ]
    rows.append(Row("", say(lang, "rates.takes"), (_months(trial.months, lang),)))
    if trial.cost is None:
        return rows
    amounts = (
        ("ads", trial.ads, "line"),
        ("fee", trial.fee, "line"),
        ("loss", trial.loss, "line"),
        ("cost", trial.cost, "total"),
        ("worth", trial.worth, "total"),
        ("certain", trial.certain, "line"),
        ("back", trial.back, "line"),
    )
    return rows + [
        Row("", say(lang, f"rates.trial_{key}"), (_amount(value, currency, lang),), kind)
        for key, value, kind in amounts
    ]
