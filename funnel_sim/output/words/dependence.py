"""On what a portfolio or a store rests, in sentences and rows; the cash of all as one account."""

from collections.abc import Sequence

from funnel_sim.chance.portfolio_cash import PooledCash
from funnel_sim.decisions.portfolio.dependence import (
    REFERRAL,
    REPEAT,
    By,
    Dependence,
    DependenceShare,
)
from funnel_sim.decisions.portfolio.losses import Losses, LossFound
from funnel_sim.errors import InputError
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.formats import number, percent, whole_money
from funnel_sim.output.words.joining import listed, run_on
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.words import Lang, say

_KINDS = ("ads", "creators", "free", "list", "typed")
_LOW, _HIGH = 0.5, 0.95


def share_name(found: Dependence, one: DependenceShare, portfolio: Portfolio, lang: Lang) -> str:
    """Return the name of a part: a market by its country, a channel by its own name or its kind, a
    source in words.

    Args:
        found: the shares that it is of.
        one: the part.
        portfolio: whose parts they are.
        lang: "zh" or "en".
    """
    if found.by in ("channel", "source"):
        return _channel(found.by, one.name, portfolio, lang)
    if not one.name:
        return say(lang, "dependence.untagged")
    if found.by == "market":
        return country_words(one.name).of(lang)
    if found.by == "category":
        platforms = dict.fromkeys(portfolio.tags("platform"))
        told = (category_words(platform, one.name).of(lang) for platform in platforms)
        return next((text for text in told if text != one.name), one.name)
    return one.name


def _channel(by: By, name: str, portfolio: Portfolio, lang: Lang) -> str:
    if name in (REPEAT, REFERRAL):
        return say(lang, f"dependence.source_{name}")
    if len(portfolio.rows) == 1:
        told = channel_name(portfolio.scenario_of(0), name, lang)
    else:
        assert name in _KINDS, name
        told = say(lang, f"dependence.channel_{name}")
    return say(lang, "dependence.source_first", channel=told) if by == "source" else told


def dependence_sentences(found: Dependence, portfolio: Portfolio, lang: Lang) -> list[str]:
    """Return what a portfolio rests on most, what is left without it, to how many equal ones the
    shares come, what loses, and what it is worth that there are several.

    Args:
        found: the shares of one kind.
        portfolio: whose they are.
        lang: "zh" or "en".
    """
    currency = found.currency
    first = found.shares[0]
    losing = [one for one in found.shares if one.profit < 0]
    lost = whole_money(-found.lost, currency, lang)
    if found.effective is None or first.profit_share is None:
        return [say(lang, "dependence.nothing", losing=len(losing), lost=lost)]
    parts = {
        "name": share_name(found, first, portfolio, lang),
        "share": percent(first.profit_share, 0),
        "left": whole_money(first.left, currency, lang),
        "profit": whole_money(found.profit, currency, lang),
    }
    earning = sum(one.profit > 0 for one in found.shares)
    out = [say(lang, "dependence.rests" if earning > 1 else "dependence.rests_alone", **parts)]
    more = []
    if found.by not in ("channel", "source"):
        left = whole_money(first.left_fixed, currency, lang)
        more.append(say(lang, "dependence.fixed_on", left=left))
    if first.after is not None:
        more.append(_after(first, found, lang))
    if more:
        out.append(run_on(more, lang))
    if len(found.shares) > 1:
        effective = number(found.effective, 1)
        count = len(found.shares)
        out.append(say(lang, "dependence.effective", number=effective, count=count))
    if losing:
        without = whole_money(found.profit - found.lost, currency, lang)
        words = {"losing": len(losing), "lost": lost, "without": without}
        out.append(say(lang, "dependence.lost", **words))
    if found.worst is not None and len(found.shares) > 1:
        out.append(
            say(
                lang,
                "dependence.worst",
                together=whole_money(found.worst.together, currency, lang),
                alone=whole_money(found.worst.alone, currency, lang),
                taken=whole_money(found.worst.taken_off, currency, lang),
            )
        )
    if found.by in ("channel", "source"):
        out.append(say(lang, "dependence.before_fixed"))
    if found.rest:
        out.append(say(lang, "dependence.rest", rest=whole_money(found.rest, currency, lang)))
    return out


def _after(one: DependenceShare, found: Dependence, lang: Lang) -> str:
    assert one.after is not None
    middle = whole_money(one.after.quantiles[_LOW].value, found.currency, lang)
    return say(
        lang,
        "dependence.after",
        loss=probability_text(one.after.loss, found.paths, lang),
        middle=middle,
    )


def dependence_heads(found: Dependence, lang: Lang) -> list[str]:
    """Return the heads of `dependence_rows`, that of the names first."""
    keys = ["name", "rows", "profit", "share", "gmv", "left", "left_fixed"]
    keys += ["loss"] if any(one.after is not None for one in found.shares) else []
    return [say(lang, f"dependence.head_{key}") for key in keys if _told(found, key)]


def _told(found: Dependence, key: str) -> bool:
    """Say whether a column says something: of channels fixed costs are nobody's."""
    return key != "left_fixed" or found.by not in ("channel", "source")


def dependence_rows(
    found: Dependence, portfolio: Portfolio, lang: Lang, most: int | None = None
) -> Sequence[Row]:
    """Return a row for each part, the largest profit first.

    Args:
        found: the shares of one kind.
        portfolio: whose they are.
        lang: "zh" or "en".
        most: how many rows; all where None.
    """
    drawn = any(one.after is not None for one in found.shares)
    out = []
    for one in found.shares[:most]:
        cells = [
            f"{one.rows:,}",
            whole_money(one.profit, found.currency, lang),
            percent(one.profit_share),
            percent(one.gmv_share),
            whole_money(one.left, found.currency, lang),
        ]
        if _told(found, "left_fixed"):
            cells.append(whole_money(one.left_fixed, found.currency, lang))
        if drawn:
            cells.append(
                formats.NOTHING
                if one.after is None
                else probability_text(one.after.loss, found.paths, lang)
            )
        name = share_name(found, one, portfolio, lang)
        out.append(Row("", name, tuple(cells), tone="bad" if one.profit < 0 else ""))
    return out


def loss_sentences(
    event: Losses, found: Dependence, portfolio: Portfolio, odds: float | None, lang: Lang
) -> list[str]:
    """Return what the loss of some parts costs, what is left over the plan, and both weighed with
    how likely it is.

    Args:
        event: the parts that are lost.
        found: the shares of their kind.
        portfolio: whose they are.
        odds: how likely the loss is [fraction]; None where nobody said.
        lang: "zh" or "en".
    """
    shares = {one.name: share_name(found, one, portfolio, lang) for one in found.shares}

    def money_(value: float) -> str:
        return whole_money(value, found.currency, lang)

    out = [
        say(
            lang,
            "dependence.event_cost" if event.cost >= 0 else "dependence.event_saves",
            names=listed([shares[one] for one in event.names], lang),
            cost=money_(abs(event.cost)),
            left=money_(event.left),
            profit=money_(found.profit),
        )
    ]
    if event.now is None or event.after is None:
        out.append(say(lang, "dependence.event_not_drawn"))
    else:
        out.append(
            say(
                lang,
                "dependence.event_after",
                loss=probability_text(event.after.loss, found.paths, lang),
                loss_now=probability_text(event.now.loss, found.paths, lang),
                middle=money_(event.after.quantiles[_LOW].value),
                middle_now=money_(event.now.quantiles[_LOW].value),
            )
        )
    if odds is None:
        return [*out, say(lang, "dependence.event_unsaid")]
    likely = percent(odds)
    out.append(
        say(lang, "dependence.event_expected", odds=likely, cost=money_(event.expected(odds)))
    )
    both = event.loss(odds)
    if both is not None:
        out.append(say(lang, "dependence.event_both", odds=likely, loss=percent(both)))
    return out


def lost_sentences(found: LossFound, portfolio: Portfolio, lang: Lang) -> list[str]:
    """Return what an event of a portfolio comes to, and which of its parts there are none of.

    Args:
        found: the event.
        portfolio: whose it is.
        lang: "zh" or "en".
    """
    out = []
    if found.rests is not None and found.losses is not None:
        out = loss_sentences(found.losses, found.rests, portfolio, found.event.odds, lang)
    if found.gone:
        out.append(say(lang, "dependence.event_gone", names=listed(found.gone, lang)))
    return out


def lost_title(found: LossFound, lang: Lang) -> str:
    """Return the kind of the parts of an event, as a title above its sentences."""
    return say(lang, f"dependence.by_{found.event.by}")


# ---- cash of all ---------------------------------------------------------------------------------


def pooled_sentences(found: PooledCash | InputError, lang: Lang) -> list[str]:
    """Return how low the balance of all falls, what one account needs against one for each row, and
    the probability below zero.

    Args:
        found: the cash of all rows, or why it cannot be told.
        lang: "zh" or "en".
    """
    if isinstance(found, InputError):
        return found.sentences(lang)
    currency = found.portfolio.currency
    parts = {
        "day": found.lowest_day.isoformat(),
        "low": whole_money(found.lowest, currency, lang),
        "pooled": whole_money(found.pooled, currency, lang),
        "separate": whole_money(found.separate, currency, lang),
        "saved": whole_money(found.saved, currency, lang),
    }
    out = [say(lang, "pooled.lowest" if found.pooled else "pooled.fine", **parts)]
    needs = found.needs()
    if needs is not None:
        assert found.plan is not None
        assert found.below is not None
        assert found.below_separate is not None
        paths = found.plan.paths
        names = {"pooled": needs[0], "separate": needs[1]}
        amounts = {key: whole_money(one.mean.value, currency, lang) for key, one in names.items()}
        high = {
            f"{key}_high": whole_money(one.quantiles[_HIGH].value, currency, lang)
            for key, one in names.items()
        }
        out.append(
            say(
                lang,
                "pooled.drawn",
                paths=f"{paths:,}",
                below=probability_text(found.below, paths, lang),
                below_row=probability_text(found.below_separate, paths, lang),
                **amounts,
                **high,
            )
        )
        if not any(_opening(found.portfolio)):
            out.append(say(lang, "pooled.zero"))
    return out


def _opening(portfolio: Portfolio) -> Sequence[bool]:
    """Say of each group of rows whether money at hand was typed."""
    return [
        bool(one.scenario.cash.opening_cash) or "cash.opening_cash" in one.given
        for one in portfolio.groups
    ]
