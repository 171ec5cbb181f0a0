"""The cash of a quote in words: what its payment terms put at risk, and when each fee is due."""

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.quote_cash import QuoteCash
from funnel_sim.model.cash.cents import HALF_A_CENT
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import money
from funnel_sim.output.words.cash_tables import SIGNED
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.tables import Row
from funnel_sim.words import Lang, say


def quote_rows(found: QuoteCash, paths: int, lang: Lang) -> list[Row]:
    """Return the balance with the quote beside that without an agency.

    Args:
        found: the comparison.
        paths: how many futures.
        lang: language of the words.
    """
    code = found.currency

    def amounts(name: str, level: float) -> Row:
        one, other = found.lowest.quantiles[level], found.lowest_alone.quantiles[level]
        return Row("", name, (money(one, code, lang), money(other, code, lang)), tone=SIGNED)

    def odds(key: str, one: Figure, other: Figure) -> Row:
        cells = tuple(probability_text(each, paths, lang) for each in (one, other))
        return Row("", say(lang, key), cells)

    rows = [
        amounts(f"{say(lang, 'cash.quote_lowest')} ({say(lang, 'risk.p50')})", 0.50),
        amounts(f"{say(lang, 'cash.quote_lowest')} ({say(lang, 'risk.p5')})", 0.05),
        odds("cash.quote_below", found.below, found.below_alone),
    ]
    if found.stock_out.value or found.stock_out_alone.value:
        rows.append(odds("cash.quote_stock_out", found.stock_out, found.stock_out_alone))
    return rows


def quote_heads(lang: Lang) -> list[str]:
    """Return the heads of `quote_rows`."""
    return ["", say(lang, "cash.quote_with"), say(lang, "cash.quote_without")]


def fee_rows(found: QuoteCash, lang: Lang) -> list[Row]:
    """Return what the quote is paid, by month and kind: the day on which it is due first, the mean
    amount.
    """
    return [
        Row(
            "",
            say(lang, f"cash.fee_{fee.line}"),
            (
                found.days.date(fee.day).isoformat(),
                formats.money(fee.amount, found.fee_currency, lang),
            ),
        )
        for fee in found.fees
        if abs(fee.amount) >= HALF_A_CENT
    ]


def fee_heads(lang: Lang) -> list[str]:
    """Return the heads of `fee_rows`."""
    return [say(lang, f"cash.{key}") for key in ("fee_line", "fee_day", "amount")]
