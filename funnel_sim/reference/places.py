"""Countries and categories in words."""

from funnel_sim.reference.customs import tax_rules
from funnel_sim.reference.platform_fees import commission_rules
from funnel_sim.words import Words


def category_words(platform: str, category: str) -> Words:
    """Return the name of a fee category in both languages; the category as it was given where the
    table does not know it.

    Args:
        platform: the platform of the table.
        category: its code in the fee table.
    """
    row = next(
        (r for r in commission_rules() if (r.platform, r.category) == (platform, category)), None
    )
    return Words(row.category_zh, row.category) if row else Words(category, category)


def country_words(market: str) -> Words:
    """Return a market's name in both languages; its code where the tax table does not know it."""
    row = next((r for r in tax_rules() if r.market == market), None)
    return Words(row.country_zh, row.country_en) if row else Words(market, market)
