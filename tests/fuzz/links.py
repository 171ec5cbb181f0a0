"""Links: real ones damaged, cut and put together anew; bodies that no program of ours would write;
and packages that grow when they are opened.
"""

import base64
import json
import zlib
from typing import Any
from urllib.parse import quote

from funnel_sim.model.economics import evaluate
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.files import Opened, from_bytes, to_text
from funnel_sim.scenario.links import LONGEST_LINK, _names, decode, encode
from funnel_sim.scenario.presets import preset
from tests.fuzz import scenarios
from tests.fuzz.luck import Luck
from tests.fuzz.steps import Steps, WrongError, written

_PATHS = (
    "product.price",
    "product",
    "channels",
    "channels.ads",
    "channels.0.cpc",
    "kpis",
    "fx_rate",
    "channels.ads.cpc",
    "product.unit_cost",
    "options",
    "",
    ".",
    "..",
    "a.b.c.d",
    "product.price.low",
    "__class__",
    "x" * 500,
    "\ud800",
    "currency",
    "history.seen_gmv",
    "chance.correlations",
    "as_of",
    "name",
    "platform",
    "preset",
)


def _pack(raw: bytes, version: str = "2", level: int = 9) -> str:
    packer = zlib.compressobj(
        level, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, _names()[version]
    )
    return (
        version
        + base64.urlsafe_b64encode(packer.compress(raw) + packer.flush()).rstrip(b"=").decode()
    )


def _real(luck: Luck) -> str:
    if luck.odds(0.6):
        return encode(
            preset(luck.one(preset_cards()).id).replace({"product.price": luck.wide(0.1, 1000)})
        )
    try:
        return encode(from_bytes(scenarios.make(luck)))
    except Exception:  # what goes wrong there is another kind's find
        return encode(preset("amazon-de-kitchen"))


def _body(luck: Luck) -> Any:
    """Return what a link holds, as JSON data: plausible, with some of it wrong."""
    body: dict[str, Any] = {"v": 1, "m": "2"}
    if luck.odds(0.6):
        body |= {
            "p": luck.one(preset_cards()).id,
            "on": luck.one(("2026-11-22", "2026-11-22", "2026-10-01", "1999-01-01", "9999-12-31")),
            "c": luck.one(("", "00000000", 7, None)),
        }
        changes = {
            luck.one(
                _PATHS
                if luck.odds(0.3)
                else _PATHS[:1] + _PATHS[6:9] + ("fulfilment.return_rate", "plan.season")
            ): luck.one(
                (
                    luck.hostile(),
                    luck.wide(0.01, 100),
                    {"dist": "pert", "low": 0.1, "likely": 1, "high": 2},
                )
            )
            for _ in range(luck.randint(0, 5))
        }
        if changes:
            body["d"] = changes
    else:
        try:
            body["s"] = json.loads(scenarios.make(luck)).get("scenario", {})
        except (ValueError, AttributeError, RecursionError):
            body["s"] = {}
    if luck.odds(0.4):
        body[luck.one(("v", "m", "p", "on", "c", "d", "s", "x"))] = luck.hostile()
    return luck.hostile() if luck.odds(0.05) else body


def make(luck: Luck) -> bytes:
    """Return the text of a link."""
    if luck.odds(0.12):
        return _real(luck).encode()
    match luck.randrange(8):
        case 0 | 1:  # some characters changed
            text = list(_real(luck))
            for _ in range(luck.randint(1, 5)):
                text[luck.randrange(len(text))] = luck.one(
                    ("A", "-", "_", "+", "/", "=", " ", "%", "\n", "é", "０", "\x00", "&", "#")
                )
            return "".join(text).encode()
        case 2:  # cut, lengthened, doubled, escaped
            text = _real(luck)
            at = luck.randrange(len(text) + 1)
            return str(
                luck.one(
                    (
                        text[:at],
                        text[at:],
                        text + text,
                        text + "====",
                        quote(text, safe=""),
                        f"https://x/?lang=en&s={text}&a=1",
                        text[0] + text[1:][::-1],
                        "1" + text[1:],
                        "3" + text[1:],
                        text[1:],
                        "",
                    )
                )
            ).encode()
        case 3:  # the bytes inside changed
            text = _real(luck)
            inside = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
            return text[:1].encode() + base64.urlsafe_b64encode(
                luck.damaged(inside)[:LONGEST_LINK]
            ).rstrip(b"=")
        case 4:  # text that is not JSON
            raw = luck.damaged(json.dumps(_body(luck)).encode()[:400_000])
            return _pack(raw, luck.one(tuple(_names()))).encode()
        case 5 if luck.odds(0.4):  # a package that grows
            many = luck.one((400_000, 600_000, 5_000_000, 50_000_000))
            filled = luck.one(
                (
                    b"0" * many,
                    b"[" * many,
                    b'{"v":1,"s":{"name":"' + b"a" * many + b'"}}',
                    b'{"v":1,"d":{' + b'"a":1,' * (many // 6) + b'"b":1}}',
                )
            )
            return _pack(filled).encode()
        case _:
            return _pack(
                scenarios._swollen(json.dumps(_body(luck))).encode(), luck.one(tuple(_names()))
            ).encode()


def go(content: bytes, steps: Steps) -> None:
    """Open a link as the address bar would, and make links and files of what it held."""
    text = content.decode("utf-8", "replace")
    opened = steps.take("open", lambda: decode(text))
    if opened is None:
        return
    steps.accepted = True
    steps.take("link again", lambda: _again(opened))
    steps.take("file", lambda: written(to_text(opened.scenario), "file"))
    steps.take("figures", lambda: evaluate(opened.scenario))


def _again(opened: Opened) -> None:
    text = encode(opened.scenario)
    if len(text) <= LONGEST_LINK and decode(text).scenario != opened.scenario:
        raise WrongError("another scenario comes back from the link")
