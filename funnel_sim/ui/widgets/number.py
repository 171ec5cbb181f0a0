"""One field for every number on screen, which reads numbers as people type them.

What is typed is text: 25,99 and ￥38 and 3万 are numbers (scenario/typed_numbers.py). What has two
readings, names another currency or leaps from the value before is asked about below the field, and
nothing changes until one of the buttons is pressed; what is no number stays in the box with a
sentence, and the value before counts.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from funnel_sim.errors import InputError, refuse
from funnel_sim.output.words import formats
from funnel_sim.scenario.converted import rate_between
from funnel_sim.scenario.fields import LARGEST, Spec, Unit
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.typed_numbers import TypedNumber, read_number
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.units import PERCENT
from funnel_sim.words import Lang, say

_WHOLE_FROM = 10_000  # from here on cents are not shown, unless they were typed
_EXACT = (
    4,
    7,
    # so many decimals, and digits in all, are shown as they are; what has more is rounded in the
    # box,
    # never in the scenario
)
_KEPT = 400
_AGAIN = 5
_LONGEST = 80


@dataclass(frozen=True)
class NumberKind:
    """What sort of number a field holds: its unit (a rate is typed in percent), its currency where
    it is money, whether it is whole, its bounds.

    `digits`: decimals shown at least; by default two, more below 1 and none from 10,000. `change`:
    it is growth against something, so that a large one after a small one is no slip.
    """

    unit: Unit = Unit.FACTOR
    currency: str = ""
    whole: bool = False
    digits: int | None = None
    low: float | None = None
    high: float | None = None
    change: bool = False
    rises: bool = False
    """Whether it says by how much something rises, so that one below zero is asked about."""


PLAIN = NumberKind()
RATE = NumberKind(Unit.RATE)
GROWTH = NumberKind(Unit.RATE, change=True)
"""A change in percent: 25 is 25 %, whatever stood there."""
RISE = NumberKind(Unit.RATE, change=True, rises=True)
SHORT = NumberKind(digits=0)
"""A number of which only the decimals that it has are shown."""
WHOLE = NumberKind(Unit.COUNT, whole=True)


@dataclass(frozen=True)
class _Held:
    """What stands behind a field: the value in force when its text was written, and the question or
    the refusal that waits below it.

    `write`: the text to be put into the box when it is drawn next. In a callback nothing is put
    there: a box that is not drawn right after (its fold closed) would come back empty.
    """

    value: float | None
    text: str = ""
    asked: TypedNumber | None = None
    error: InputError | None = None
    write: str | None = None
    label: str = ""
    kept: bool = False
    """Whether its owner did not take what stands in the box."""
    put: tuple[str, str, int] | None = None
    """What stood in the box when another text was put there, that text, and how many fields had
    been typed by then: a browser that has not yet seen it sends the old one along with whatever it
    sends next, which nobody typed then."""
    again: int = 0
    """How often that was sent since; sent more often than `_AGAIN`, it is typed."""


def money(currency: str) -> NumberKind:
    """Return the kind of an amount in a currency."""
    return NumberKind(Unit.MONEY, currency)


def currency_of(path: str, spec: Spec, scenario: Scenario) -> str:
    """Return the currency that a field's amount is in, nothing where it is no amount.

    Args:
        path: of a field, "product.price" or "options.quote.base".
    """
    if spec.unit is Unit.CONTRACT_MONEY:
        option = next(
            (one for one in scenario.options if path.startswith(f"options.{one.id}.")), None
        )
        return scenario.cost_currency if option is None else option.currency(scenario)
    if path.startswith("channels.") and path.endswith(".known_sales"):
        sold = next(c for c in scenario.channels if f".{c.id}." in path)
        return scenario.currency if sold.known_as == "sales" else ""
    return {Unit.MONEY: scenario.currency, Unit.COST_MONEY: scenario.cost_currency}.get(
        spec.unit, ""
    )


def number(
    label: str,
    value: float | None,
    changed: Callable[[Any], bool | None],
    *,
    key: str,
    kind: NumberKind = PLAIN,
    help_: str = "",
    empty: str | None = None,
    width: Any = "stretch",
    place: str = "",
) -> None:
    """Draw a number with what waits below it; call `changed` with a new one (a rate as a fraction,
    nothing where the box was emptied).

    `value` is what is in force and `changed` may return False where it is refused: what was typed
    then stays in the box. `place`: where the owner keeps its refusals.

    Args:
        label: what the reader sees above it.
        value: as the field keeps it; None where it is empty.
        changed: called with the new value; returns False where it was refused.
        key: Streamlit's key of the widget.
        help_: what stands under "?".
        empty: what an empty box says in grey; None for the usual words.
        width: as Streamlit takes it.
        place: path at which a refusal is remembered; "" for none.
    """
    held, shown = _all().get(key), tab.typed(key) if tab.has(key) else None
    if held is None or not _same(held.value, value):
        text = text_of(value, kind)
        if shown != text:  # the same text again would drop what is being typed
            tab.put(key, text)
        held = _all()[key] = _Held(value, put=_put_over(shown, text))
    elif held.write is not None:
        tab.put(key, held.write)
        held = _all()[key] = replace(held, write=None, put=_put_over(shown, held.write))
    elif shown is None:
        tab.put(key, text_of(value, kind))
        held = _all()[key] = _Held(value)
    elif held.put is not None and tab.numbers_typed > held.put[2]:
        held = _all()[key] = replace(held, put=None, again=0)  # the browser has seen it since
    lang = state.lang()
    st.text_input(
        label,
        key=key,
        help=help_ or None,
        on_change=_committed,
        args=(key, label, value, kind, changed, place),
        width=width,
        autocomplete="off",
        placeholder=say(lang, "field.empty") if empty is None else empty,
    )
    if held.error is not None:
        told = " ".join(problem.short(lang, problem.where) for problem in held.error.problems)
        told = literal(say(lang, "number.refused", field=label, told=told))
        st.markdown(f":small[:red[:material/error: {told} {say(lang, 'field.kept')}]]")
    if held.asked is not None:
        _ask(key, held, value, kind, changed, lang)


def _put_over(before: Any, text: str) -> tuple[str, str, int] | None:
    if before is None or str(before) == text:
        return None
    return str(before), text, tab.numbers_typed


def waits(key: str) -> bool:
    """Say whether a question or a refusal stands below the field with this key."""
    held = _all().get(key)
    return held is not None and (held.asked is not None or held.error is not None)


def waiting() -> dict[str, str]:
    """Return the labels of the page's fields in which something stands that is not taken yet, by
    their keys.
    """
    here = tuple(f"{kind}:{tab.page}:{state.lang()}:{tab.revision}:" for kind in ("f", "r"))
    return {
        key: held.label
        for key, held in _all().items()
        if key.startswith(here) and tab.has(key) and held.label and (waits(key) or held.kept)
    }


def text_of(value: float | None, kind: NumberKind = PLAIN, *, exact: bool = False) -> str:
    """Return a value as it stands in its box: thousands parted, a rate in percent; `exact` with all
    its digits.

    Args:
        value: as the field keeps it, rates as fractions; None for an empty box.

    >>> (
    ...     text_of(1200.5),
    ...     text_of(0.0849, RATE),
    ...     text_of(25.9179439941),
    ...     text_of(12.0, WHOLE),
    ...     text_of(None),
    ... )
    ('1,200.50', '8.49', '25.92', '12', '')
    >>> text_of(25.9179439941, exact=True), text_of(0.00042), text_of(21800.0), text_of(2.5, SHORT)
    ('25.9179439941', '0.00042', '21,800', '2.5')
    """
    if value is None or not math.isfinite(value):
        return ""
    shown = value * PERCENT if kind.unit is Unit.RATE else value
    if kind.whole and float(value).is_integer():
        return f"{int(value):,}"
    least = _digits(shown, kind)
    decimals = len(f"{shown:.10f}".rstrip("0").partition(".")[2])
    whole = len(str(int(abs(shown))))
    if not exact and (decimals > _EXACT[0] or decimals + whole > _EXACT[1]):
        decimals = max(least, _small(shown))
    return f"{shown:,.{max(least, decimals)}f}"


def _digits(shown: float, kind: NumberKind) -> int:
    if kind.digits is not None:
        return kind.digits
    return 2 if abs(shown) < _WHOLE_FROM else 0


def _small(shown: float) -> int:
    """Return how many decimals a number needs to show two of its digits, four at least below 1."""
    if not shown or abs(shown) >= 1:
        return 2 if abs(shown) < _WHOLE_FROM else 0
    return min(8, 1 - math.floor(math.log10(abs(shown))))


def _all() -> dict[str, _Held]:
    kept: dict[str, _Held] = tab.numbers
    if len(kept) > _KEPT:
        for gone in [key for key in kept if not tab.has(key)]:
            del kept[gone]
    return kept


def _same(one: float | None, other: float | None) -> bool:
    return (
        one is None and other is None
        if one is None or other is None
        else math.isclose(one, other, rel_tol=1e-9)
    )


def _committed(
    key: str,
    label: str,
    value: float | None,
    kind: NumberKind,
    changed: Callable[[Any], bool | None],
    place: str,
) -> None:
    """Read what was typed: take it, ask about it, or refuse it."""
    sent, held = str(tab.typed(key) or ""), _all().get(key)
    put = held.put if held is not None and held.again < _AGAIN else None
    if held is not None and put is not None and sent == put[0]:
        _all()[key] = replace(held, write=put[1], again=held.again + 1)
        return
    tab.numbers_typed += 1
    text = sent.strip()
    if place:
        state.problems_forget(place)
    if not text:
        _take(key, label, value, None, kind, changed)
        return
    before = None if kind.whole or kind.change else value
    try:
        if len(text) > _LONGEST:
            raise refuse(label, text, "typed_number")
        found = read_number(text, label, unit=kind.unit, currency=kind.currency, before=before)
        if any(abs(one) > LARGEST for one in (*found.readings, found.value or 0.0)):
            raise refuse(label, text, "at_most", limit=f"{LARGEST:,.0f}")
    except InputError as error:
        _all()[key] = _Held(value, text, error=error, label=label)
        return
    if kind.rises and found.value is not None and found.value < 0:
        found = TypedNumber(None, (-found.value, found.value), "below_zero")
    if found.value is None:
        _all()[key] = _Held(value, text, asked=found, label=label)
    else:
        _take(key, label, value, found.value, kind, changed)


def _take(
    key: str,
    label: str,
    before: float | None,
    value: float | None,
    kind: NumberKind,
    changed: Callable[[Any], bool | None],
) -> None:
    """Hand a number over and write it into its box as it was understood; one that is refused leaves
    the box as it is.
    """
    error = _bounds(label, value, kind)
    if error is not None:
        _all()[key] = _Held(before, error=error, label=label)
        return
    _all()[key] = _Held(before, label=label, kept=True)
    if changed(int(value) if value is not None and kind.whole else value) is False:
        return
    _all()[key] = _Held(value, write=text_of(value, kind, exact=True))


def _bounds(label: str, value: float | None, kind: NumberKind) -> InputError | None:
    if value is None:
        return None
    if kind.whole and not float(value).is_integer():
        return refuse(label, _read(value, kind), "whole")
    if kind.low is not None and value < kind.low:
        return refuse(label, _read(value, kind), "at_least", limit=_read(kind.low, kind))
    if kind.high is not None and value > kind.high:
        return refuse(label, _read(value, kind), "at_most", limit=_read(kind.high, kind))
    return None


def _read(value: float, kind: NumberKind, lang: Lang | None = None) -> str:
    """Return a value with its unit, every digit of it."""
    if kind.unit is Unit.RATE:
        return formats.exact_percent(value)
    return (
        formats.exact_money(value, kind.currency, lang or state.lang())
        if kind.currency
        else formats.exact(value)
    )


# ---- the question
# --------------------------------------------------------------------------------------------


def _ask(
    key: str,
    held: _Held,
    value: float | None,
    kind: NumberKind,
    changed: Callable[[Any], bool | None],
    lang: Lang,
) -> None:
    """Draw the readings of what was typed as buttons; nothing is changed until one is pressed."""
    found = held.asked
    assert found is not None
    before = None if value is None else _read(value, kind, lang)
    answers = [(_read(one, kind, lang), one) for one in found.readings if not _same(one, value)]
    if found.why == "currency":
        answers += _converted(found, kind, lang)
    told = say(
        lang,
        f"number.ask_{found.why}",
        text=held.text,
        before=before or formats.NOTHING,
        currency=kind.currency,
    )
    with st.container(key=f"{key}:ask", gap="xsmall"):
        st.markdown(f":small[:orange[:material/help:] {literal(told)}]")
        with st.container(horizontal=True, gap="small"):
            for place, (text, one) in enumerate(answers):
                st.button(
                    literal(text),
                    key=f"{key}:ask:{place}",
                    on_click=_take,
                    args=(key, held.label, value, one, kind, changed),
                )
            kept = (
                say(lang, "number.keep_empty")
                if before is None
                else say(lang, "number.keep", value=before)
            )
            st.button(
                literal(kept),
                key=f"{key}:ask:keep",
                type="tertiary",
                on_click=_keep,
                args=(key, value, kind),
            )


def _converted(found: TypedNumber, kind: NumberKind, lang: Lang) -> list[tuple[str, float]]:
    """Return the readings of an amount in another currency, converted where the rate is known."""
    scenario = state.scenario()
    near = [one for one in found.currencies if one in (scenario.currency, scenario.cost_currency)]
    code = next(iter([*near, *found.currencies]), "")
    rate = rate_between(scenario, code, kind.currency) if code and kind.currency else None
    if rate is None:
        return []
    out = []
    for one in found.readings:
        there = round(one * rate, 2) if abs(one * rate) >= 1 else float(f"{one * rate:.4g}")
        out.append((f"{formats.exact_money(one, code, lang)} = {_read(there, kind, lang)}", there))
    return out


def _keep(key: str, value: float | None, kind: NumberKind) -> None:
    _all()[key] = _Held(value, write=text_of(value, kind))
