"""A portfolio in a link: its rows, the scenarios that they start from, what is asked of the ad
budget of all and what may be lost, compressed, in the query string.

The text is base64url(zlib(JSON)) after the number of its form; a scenario within it is the text of
its own link. Only short portfolios travel so; the file takes the place of a longer one.
"""

import base64
import binascii
import json
import zlib
from typing import Any

from funnel_sim.errors import refuse
from funnel_sim.scenario.budget import changed_budget
from funnel_sim.scenario.files import MODEL_VERSION, check_extent, parsed, read_date
from funnel_sim.scenario.links import decode, encode
from funnel_sim.scenario.portfolio import TAGS, Portfolio, PortfolioRow, one_line
from funnel_sim.scenario.portfolio_files import read_budget
from funnel_sim.scenario.portfolio_loss import losses_plain, read_losses

LONGEST_PORTFOLIO_LINK = 20_000
MOST_LINKED = 1_000
"""Rows beyond which no link is tried: it would be too long in any case."""
_FORM = "1"
_LARGEST_JSON = 2_000_000
_LEVEL = 9


def encode_portfolio(portfolio: Portfolio) -> str | None:
    """Return the text of a portfolio for the query string; None where it is too long for one.

    Args:
        portfolio: the rows.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> mug = PortfolioRow("Mug", "amazon-de-kitchen", {"product.price": 24.0})
        >>> small = Portfolio((mug,), DATA_DATE)
        >>> decode_portfolio(encode_portfolio(small)) == small
        True
    """
    if len(portfolio.rows) > MOST_LINKED:
        return None
    body: dict[str, Any] = {
        "m": MODEL_VERSION,
        "on": portfolio.as_of.isoformat(),
        "c": portfolio.currency,
        "b": {name: encode(one) for name, one in portfolio.bases.items()},
        "r": [[row.name, row.base, dict(row.changes), *_tags(row)] for row in portfolio.rows],
    }
    asked = changed_budget(portfolio.budget.model_dump(mode="json"))
    if asked:
        body["q"] = asked
    if portfolio.exact:
        body["x"] = True
    if lost := losses_plain(portfolio.losses):
        body["l"] = lost
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    text = _FORM + base64.urlsafe_b64encode(zlib.compress(raw, _LEVEL)).rstrip(b"=").decode()
    return text if len(text) <= LONGEST_PORTFOLIO_LINK else None


def _tags(row: PortfolioRow) -> list[str]:
    """Return a row's tags in the order of `TAGS`, without empty ones at the end."""
    found = [str(getattr(row, name)) for name in TAGS]
    while found and not found[-1]:
        found.pop()
    return found


def decode_portfolio(text: str) -> Portfolio:
    """Return the portfolio of a link's text.

    Args:
        text: of the query string.

    Raises:
        InputError: if it is damaged, cut, hostile or too long, or its rows are not allowed.
    """
    if len(text) > LONGEST_PORTFOLIO_LINK:
        raise refuse("link", f"{len(text)} characters", "link_long", limit=LONGEST_PORTFOLIO_LINK)
    try:
        if text[:1] != _FORM:
            raise ValueError
        packed = base64.b64decode(
            text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True
        )
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(packed, _LARGEST_JSON)
        if unpacker.unconsumed_tail or not unpacker.eof or unpacker.unused_data:
            raise ValueError
        body = parsed(raw)
        rows = [_row(one) for one in body["r"]]
        bases = {str(name): str(one) for name, one in dict(body["b"]).items()}
        day, currency = str(body["on"]), str(body["c"])
        asked = body.get("q", {})  # links of before have none
        exact, lost = body.get("x", False), body.get("l", [])
        if not isinstance(exact, bool):
            raise ValueError
    except (ValueError, KeyError, TypeError, zlib.error, binascii.Error, RecursionError):
        raise refuse("link", text, "link_damaged") from None
    for row in rows:
        check_extent(row.changes, "link")
    check_extent(asked, "link")
    check_extent(lost, "link")
    read = {name: decode(one).scenario for name, one in bases.items()}
    more = read_budget(asked), exact, read_losses(lost)
    return Portfolio(tuple(rows), read_date(day), currency, read, *more)


def _row(one: Any) -> PortfolioRow:
    """Return a row of the link; raises ValueError where it is none."""
    name, base, changes, *tags = one
    texts = (name, base, *tags)
    if not isinstance(changes, dict) or not all(isinstance(part, str) for part in texts):
        raise ValueError
    if len(tags) > len(TAGS):
        raise ValueError
    tagged = dict(zip(TAGS, map(one_line, tags), strict=False))
    return PortfolioRow(one_line(name), base, changes, **tagged)
