"""A link is the whole scenario: what differs from its preset, compressed, in the query string.

The text is base64url(zlib(JSON)): schema version, preset and its date, a fingerprint of that
preset, and the changes by path. A scenario without a preset, or with other channels than its
preset, travels whole. The fingerprint tells when a preset has other values here than where the link
was made; the link then still opens, and says so.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from funnel_sim.errors import InputError, refuse
from funnel_sim.scenario.budget import changed_budget
from funnel_sim.scenario.cash import changed_terms
from funnel_sim.scenario.conversion import UNPRICED
from funnel_sim.scenario.files import (
    MODEL_VERSION,
    MOST_ASIDE,
    SCHEMA_VERSION,
    Aside,
    Opened,
    aside_named,
    check_extent,
    check_schema,
    parsed,
    read_date,
    read_whole,
)
from funnel_sim.scenario.paths import SECTIONS, place
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import LATER
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import ADDED
from funnel_sim.stored import read_data

LONGEST_LINK = 20_000
_LARGEST_JSON = 500_000
_NEWEST = "3"


def code_in(text: str) -> str:
    """Return the scenario's code in what somebody pasted: a whole address, a part of it, or the
    code alone. Another part of an address may end in "s=" too.

    Examples:
        >>> code_in("https://host/shared-verdict?lang=en&as=offer&s=3ePn&by=A"), code_in(" 3ePn ")
        ('3ePn', '3ePn')
    """
    found = re.search(r"(?:^|[?&#])s=([^&#\s]*)", text.strip())
    return found[1] if found else text.strip()


@cache
def _names() -> dict[str, bytes]:
    """Return, by the first character of a link, the names it was compressed with
    (data/link_names.json, append only).
    """
    text = read_data("link_names.json")
    return {version: json.dumps(names).encode() for version, names in json.loads(text).items()}


def fingerprint(scenario: Scenario, *, cash: bool = True) -> str:
    """Return eight digits that change when any value of the scenario does.

    Args:
        scenario: the store and its plan.
        cash: whether its payment terms count; links made before there were any know a preset
            without them.
    """
    plain = scenario.plain()
    plain["history"] = {
        name: value for name, value in plain["history"].items() if value or name not in ADDED
    }  # a preset without them is the same preset as before these fields were there
    if plain["shown_in"] == "sales":  # so is one whose results are shown as they always were
        del plain["shown_in"]
    for name, value in UNPRICED.items():  # and one whose orders do not answer to the price
        if plain["conversion"][name] == value:
            del plain["conversion"][name]
    plain["cash"] = changed_terms(plain["cash"]) if cash else {}
    if not plain["cash"]:
        del plain["cash"]
    plain["budget"] = changed_budget(plain["budget"])
    if not plain["budget"]:
        del plain["budget"]
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return f"{zlib.crc32(text.encode()):08x}"


def differences(scenario: Scenario, base: Scenario) -> dict[str, Any] | None:
    """Return what differs from a base scenario.

    Args:
        scenario: the store and its plan, as typed.
        base: what it is compared with.

    Returns:
        New values by path; None where their channels are not the same ones.
    """
    if [c.id for c in scenario.channels] != [c.id for c in base.channels]:
        return None
    changes: dict[str, Any] = {}
    ours, theirs = scenario.plain(), base.plain()
    for key, value in ours.items():
        if key == "channels":
            for channel, other in zip(value, theirs[key], strict=True):
                changes |= {
                    f"channels.{channel['id']}.{k}": v for k, v in channel.items() if v != other[k]
                }
        # a dictionary need not be a section: a range at the top level is a value
        elif key in SECTIONS:
            changes |= {f"{key}.{k}": v for k, v in value.items() if v != theirs[key][k]}
        elif value != theirs[key]:
            changes[key] = value
    return changes


def encode(scenario: Scenario, aside: Sequence[Aside] = (), role: str = "") -> str:
    """Return the text of a scenario for the query string; `decode` gives back the same scenario.

    Args:
        scenario: the store and its plan, as typed.
        aside: scenarios to be compared with it, of which only what differs from it travels.
        role: who sits before the screen; "" where that was not said.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> decode(encode(preset("etsy-us-jewelry"))).scenario == preset("etsy-us-jewelry")
        True
    """
    body: dict[str, Any] = {"v": SCHEMA_VERSION, "m": MODEL_VERSION}
    changes = None
    try:
        base = preset(scenario.preset, scenario.as_of) if scenario.preset else None
    except InputError:
        base = None
    if base is not None:
        changes = differences(scenario, base)
    if base is not None and changes is not None:
        body |= {"p": scenario.preset, "on": scenario.as_of.isoformat(), "c": fingerprint(base)}
        if changes:
            body["d"] = changes
    else:
        whole = scenario.plain()
        asked = changed_budget(whole.pop("budget"))
        body["s"] = whole | {"cash": changed_terms(whole["cash"])}
        if asked:
            body["s"]["budget"] = asked
    if aside:
        body["k"] = [_packed(one, scenario) for one in aside[:MOST_ASIDE]]
    if role:
        body["r"] = role
    for part in (body.get("d"), body.get("s")):
        if part and "options" in part:
            part["options"] = [_said(one) for one in part["options"]]
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(
        9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, _names()[_NEWEST]
    )
    packed = packer.compress(raw) + packer.flush()
    return _NEWEST + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _said(option: dict[str, Any]) -> dict[str, Any]:
    """Return an option without the later fields of which nobody said anything."""
    return {k: v for k, v in option.items() if k not in LATER or v != LATER[k]}


def _packed(one: Aside, scenario: Scenario) -> list[Any]:
    changes = differences(one.scenario, scenario)
    return [one.name, "s", one.scenario.plain()] if changes is None else [one.name, "d", changes]


def _unpacked(body: dict[str, Any], scenario: Scenario, text: str) -> tuple[Aside, ...]:
    """Return the scenarios that travelled along; raises InputError where they are none."""
    found = []
    rows = body.get("k", [])
    if not isinstance(rows, list) or len(rows) > MOST_ASIDE:
        raise refuse("link", text, "link_damaged")
    for row in rows:
        match row:
            case [str(name), "s", dict(plain)]:
                found.append(aside_named(name, read_whole(plain)))
            case [str(name), "d", dict(changes)]:
                data = scenario.plain()
                for path, value in changes.items():
                    place(data, path, value)
                found.append(aside_named(name, Scenario.read(data)))
            case _:
                raise refuse("link", text, "link_damaged")
    return tuple(found)


def decode(text: str) -> Opened:
    """Return the scenario of a link's text.

    Args:
        text: the text of the query string.

    Raises:
        InputError: if it is damaged, cut, hostile, or longer than a link can be.
    """
    if len(text) > LONGEST_LINK:
        raise refuse("link", f"{len(text)} characters", "link_long", limit=LONGEST_LINK)
    try:
        names = _names().get(text[:1])
        if names is None:
            raise ValueError
        packed = base64.b64decode(
            text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True
        )
        unpacker = zlib.decompressobj(zlib.MAX_WBITS, names)
        raw = unpacker.decompress(packed, _LARGEST_JSON)
        if unpacker.unconsumed_tail or not unpacker.eof or unpacker.unused_data:
            raise ValueError
        body = parsed(raw)
        if not isinstance(body, dict):
            raise ValueError
    except (ValueError, zlib.error, binascii.Error, RecursionError):
        raise refuse("link", text, "link_damaged") from None
    check_extent(body, "link")
    check_schema(body.get("v"), "link")
    role = body.get("r")
    role = role if isinstance(role, str) else ""
    if isinstance(body.get("s"), dict):
        whole = read_whole(body["s"])
        return Opened(whole, False, str(body.get("m", "")), _unpacked(body, whole, text), role)
    changes = body.get("d", {})
    if not isinstance(body.get("p"), str) or not isinstance(changes, dict):
        raise refuse("link", text, "link_damaged")
    base = preset(body["p"], read_date(body.get("on")))
    data = base.plain()
    for path, value in changes.items():
        place(data, path, value)
    found = Scenario.read(data)
    changed = body.get("c") not in (fingerprint(base), fingerprint(base, cash=False))
    return Opened(found, changed, str(body.get("m", "")), _unpacked(body, found, text), role)
