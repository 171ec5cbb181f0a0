"""Ranges on screen: under a number stands its range, drawn in small; behind a click low, likely and
high, its shape and its meaning.
"""

import io
import math
import re
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from funnel_sim.chance.distributions import Drawable, drawable, usual_shape
from funnel_sim.output.words import formats
from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.typed_numbers import number_or_text
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.number import NumberKind, currency_of, number
from funnel_sim.units import PERCENT
from funnel_sim.words import Lang, say

_ENDS = ("pert", "logpert", "triangular", "uniform", "normal", "lognormal")
_THREE = (
    "pert",
    "logpert",
    "triangular",
    "uniform",
)  # given by their ends, which may be limits or P10 and P90
_PARTS: dict[str, tuple[str, ...]] = {
    "pert": ("low", "likely", "high"),
    "logpert": ("low", "likely", "high"),
    "triangular": ("low", "likely", "high"),
    "uniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "beta": ("successes", "trials"),
    "sample": (),
}
_PLAIN = frozenset({"sigma", "successes", "trials"})  # not in the field's own unit
_BLOCKS = "▁▂▃▄▅▆▇█"
_SPARK = 8  # as many as fit under one of six numbers
_SMALLEST = 1e-6
_DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+\s*%?$")
_PARTS_OF_A_LINE = re.compile(r"[;\s]+|,\s+")
_THEN, _TO = "  \n", "\u00a0–\u00a0"  # a new line in Markdown; a dash that does not break

_SHAPE_CSS = static("shape.css")
_SHAPE_JS = static("shape.js")
_shape = st.components.v2.component("funnel_sim_shape", css=_SHAPE_CSS, js=_SHAPE_JS)


def factor_of(spec: Spec) -> float:
    """Return by what a value is multiplied to be typed: rates are typed in percent."""
    return PERCENT if spec.unit is Unit.RATE else 1.0


def short_text(scenario: Scenario, path: str, lang: Lang) -> str:
    """Return a range in short: its shape in block characters, and from where to where it goes.

    Args:
        path: of a field, "product.price" or "options.quote.base".
    """
    spec = spec_of(path)
    assert spec is not None
    one = drawable(scenario.get(path), spec.domain)
    low, high = one.quantile(0.1), one.quantile(0.9)
    if spec.unit is Unit.RATE:
        digits = 2 if abs(high) < 0.1 else 1
        return (
            f"{spark(one)}{_THEN}{formats.percent(low, digits)}{_TO}{formats.percent(high, digits)}"
        )
    ends = (
        formats.field(end, spec.unit, scenario.currency, scenario.cost_currency, lang)
        for end in (low, high)
    )
    return f"{spark(one)}{_THEN}{_TO.join(ends)}"


def spark(one: Drawable) -> str:
    """Return the shape of a range as a few block characters."""
    _, heights = one.curve()
    if heights.size < _SPARK:
        return _BLOCKS[-1]
    parts = np.array([piece.mean() for piece in np.array_split(heights, _SPARK)])
    levels = np.round(parts / parts.max() * (len(_BLOCKS) - 1)).astype(int)
    return "".join(_BLOCKS[level] for level in levels)


def editor(path: str) -> None:
    """Draw the button that shows a field's range and, behind it, what makes it."""
    lang, scenario = state.lang(), state.scenario()
    value = scenario.get(path)
    # the words of the button never change: a popover with another label would be another one, and
    # shut
    with st.popover(
        say(lang, "range.open"),
        key=_key(path, "open"),
        on_change="rerun",
        width="stretch",
        type="tertiary",
    ) as box:  # what it is for is said inside: on focus a hint would lie over the field above
        if box.open:
            _body(path)
    if is_range(value):
        st.caption(short_text(scenario, path, lang).replace("$", "\\$"), text_alignment="center")
    before = tab.range_before.get(path)
    if before is not None:
        st.caption(say(lang, "range.moved" if is_range(value) else "range.replaced"))
        st.button(
            say(lang, "range.undo"),
            key=_key(path, "undo"),
            icon=":material/undo:",
            type="tertiary",
            on_click=_undo,
            args=(path,),
        )


def _key(path: str, name: str) -> str:
    page = tab.page
    return f"r:{page}:{state.lang()}:{tab.revision}:{path}:{name}"


def forget(path: str) -> None:
    """Seed a range's widgets anew from the scenario, after its value was changed elsewhere."""
    start = _key(path, "part")
    tab.drop_all(lambda key: key.startswith(start))
    _waiting(path).clear()


def _waiting(path: str) -> dict[str, float | None]:
    """Return the parts of a range that were typed and do not make one yet."""
    key = _key(path, "waiting")
    tab.seed(key, {})
    kept: dict[str, float | None] = tab.typed(key)
    return kept


def _body(path: str) -> None:
    lang, scenario = state.lang(), state.scenario()
    spec = spec_of(path)
    assert spec is not None
    value = scenario.get(path)
    shape_key = _key(path, "shape")
    tab.seed(shape_key, value.dist if is_range(value) else "pert")
    shape = tab.typed(shape_key)
    st.caption(say(lang, "range.help"))
    if is_range(value):
        _preview(path, spec, lang)
    _way(path, spec, shape, shape_key, lang)
    parts = _PARTS[shape]
    if shape == "sample":
        _sample(path, spec, lang)
    else:
        columns = st.columns(len(parts))
        for column, part in zip(columns, parts, strict=True):
            key = _key(path, f"part:{shape}:{part}")
            with column:
                _part(path, spec, shape, part, value, key, lang)
    problem = state.problem_at(_place(path))
    if problem is not None:
        st.markdown(
            ":red[:material/error:"
            f" {literal(' '.join(one.short(lang, path) for one in problem.problems))}"
            f" {say(lang, 'field.kept')}]"
        )
    if shape in _ENDS:
        with st.expander(
            say(lang, "range.more"), key=_key(path, "more"), on_change="rerun"
        ) as more:
            if more.open:
                _more(path, shape, shape_key, value, lang)
    else:
        st.caption(say(lang, f"range.about_{shape}"))
    if is_range(value):
        st.button(
            say(lang, "range.drop"),
            key=_key(path, "drop"),
            icon=":material/close:",
            type="tertiary",
            on_click=_drop,
            args=(path,),
        )


def _part(path: str, spec: Spec, shape: str, part: str, value: Any, key: str, lang: Lang) -> None:
    """Draw one number of a range; parts of a range that is not complete yet wait in this tab."""
    waiting = _waiting(path)
    kind = (
        NumberKind(digits=0)
        if part in _PLAIN
        else NumberKind(spec.unit, currency_of(path, spec, state.scenario()), digits=0)
    )

    def changed(typed: float | None) -> None:
        waiting[part] = typed
        _changed(path, shape)

    now = waiting[part] if part in waiting else _seed(value, part, spec)
    help_ = say(lang, f"range.{part}_help") if shape in ("normal", "lognormal", "beta") else ""
    number(
        say(lang, f"range.{part}"),
        now,
        changed,
        key=key,
        kind=kind,
        help_=help_,
        place=_place(path),
    )


def _way(path: str, spec: Spec, shape: str, shape_key: str, lang: Lang) -> None:
    """Draw the choice of how a range is known: from ends, from counts (rates only), from a
    sample.
    """
    ways = ["ends", *(["beta"] if spec.unit in (Unit.RATE, Unit.FACTOR) else []), "sample"]
    key = _key(path, "way")
    tab.put(key, "ends" if shape in _ENDS else shape)

    def chosen() -> None:
        way = tab.typed(key)
        if way and way != ("ends" if shape in _ENDS else shape):
            tab.put(shape_key, "pert" if way == "ends" else way)
            _changed_shape(path, shape_key)

    st.segmented_control(
        say(lang, "range.way"),
        ways,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        on_change=chosen,
        format_func=lambda w: say(lang, f"range.way_{w}"),
    )


def _more(path: str, shape: str, shape_key: str, value: Any, lang: Lang) -> None:
    st.selectbox(
        say(lang, "range.shape"),
        _ENDS,
        key=shape_key,
        format_func=lambda s: say(lang, f"range.shape_{s}") if s in _ENDS else str(s),
        on_change=_changed_shape,
        args=(path, shape_key),
    )
    st.caption(say(lang, f"range.about_{shape}"))
    if shape in _THREE:
        key = _key(path, "meaning")
        tab.seed(key, getattr(value, "meaning", "p80"))
        st.segmented_control(
            say(lang, "range.meaning"),
            ["p80", "limits"],
            key=key,
            required=True,
            on_change=_changed,
            args=(path, shape),
            format_func=lambda m: say(lang, f"range.meaning_{m}"),
        )


def _seed(value: Any, part: str, spec: Spec) -> float | None:
    """Return what a part of a range starts with: the range's own, or a first guess around the
    number.
    """
    if hasattr(value, part):
        return float(getattr(value, part))
    if value is None:
        return None
    point = point_value(value)
    one = drawable(value, spec.domain) if is_range(value) else None
    guesses = {
        "likely": point,
        "mean": point,
        "median": point,
        "low": one.quantile(0.1) if one else None,
        "high": one.quantile(0.9) if one else None,
        "sd": (
            (one.quantile(0.9) - one.quantile(0.1)) / 2.563 if one else None
        ),  # 2 × 1.2816 deviations hold 80 %
    }
    if part == "sigma" and one and one.quantile(0.1) > 0:
        return round(math.log(one.quantile(0.9) / one.quantile(0.1)) / 2.563, 4)
    guess = guesses.get(part)
    return None if guess is None else float(f"{guess:.6g}")


def _place(path: str) -> str:
    return f"{path}~range"


def _changed(path: str, shape: str) -> None:
    spec = spec_of(path)
    assert spec is not None
    waiting, now = _waiting(path), state.scenario().get(path)
    typed = {
        part: waiting[part] if part in waiting else _seed(now, part, spec) for part in _PARTS[shape]
    }
    if any(one is None for one in typed.values()):
        return  # not complete yet: the number counts
    new: dict[str, Any] = {"dist": shape} | typed
    if shape in _THREE:
        held = getattr(now, "meaning", "p80")
        new["meaning"] = tab.typed(_key(path, "meaning")) or held
    if (
        shape == "pert"
        and not is_range(state.scenario().get(path))
        and not tab.typed(_key(path, "chosen"))
    ):
        new["dist"] = usual_shape(
            new["low"], new["likely"], new["high"], new["meaning"], spec.domain
        )
    if _store(path, new):
        waiting.clear()
        if new["dist"] != shape:
            forget(path)
            tab.put(_key(path, "shape"), new["dist"])


def _changed_shape(path: str, shape_key: str) -> None:
    shape = str(tab.typed(shape_key))
    tab.put(_key(path, "chosen"), True)
    value, spec = state.scenario().get(path), spec_of(path)
    assert spec is not None
    forget(path)
    if shape == "sample" or not is_range(value):
        return
    _waiting(path).update({part: _seed(value, part, spec) for part in _PARTS[shape]})
    if shape != "beta":
        _changed(path, shape)


def _store(path: str, new: Any) -> bool:
    stored = state.change_all({path: new}, _place(path))
    if stored:
        state.forget_widget(path)
        tab.range_before.pop(path, None)
    return stored


def _drop(path: str) -> None:
    _store(path, point_value(state.scenario().get(path)))
    forget(path)
    tab.drop(_key(path, "shape"))


def remember(path: str, before: Any) -> None:
    """Keep a range that a typed number moved or replaced, so that it can be put back.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        before: the range, as the scenario's file has it.
    """
    kept = tab.range_before
    kept.setdefault(path, before)


def _undo(path: str) -> None:
    before = tab.range_before.pop(path, None)
    if before is not None:
        _store(path, before.model_dump(mode="json"))
        forget(path)


def _preview(path: str, spec: Spec, lang: Lang) -> None:
    scenario = state.scenario()
    one = drawable(scenario.get(path), spec.domain)
    values, heights = one.curve()

    def show(value: float) -> str:
        if spec.unit is Unit.RATE:
            return formats.percent(value, 2 if abs(p90) < 0.1 else 1)
        return formats.field(value, spec.unit, scenario.currency, scenario.cost_currency, lang)

    p10, p50, p90 = (one.quantile(p) for p in (0.1, 0.5, 0.9))
    low, high = float(values[0]), float(values[-1])
    marks = [(m - low) / (high - low) for m in (p10, p50, p90)] if high > low else []
    drawn = one.values((np.arange(2000) + 0.5) / 2000)
    lines = [
        say(
            lang,
            "range.reads",
            p10=show(p10),
            p50=show(p50),
            p90=show(p90),
            mean=show(float(drawn.mean())),
        )
    ]
    if one.cut > _SMALLEST:
        lines.append(
            say(lang, "range.cut", share=formats.percent(one.cut, 1 if one.cut >= 0.001 else 2))
        )
    _shape(
        key=_key(path, "picture"),
        data={"heights": heights.tolist(), "marks": marks, "lines": lines, "label": lines[0]},
    )


def _sample(path: str, spec: Spec, lang: Lang) -> None:
    unit = "%" if spec.unit is Unit.RATE else ""
    text_key, file_key = _key(path, "text"), _key(path, "file")
    st.text_area(
        say(lang, "range.paste", unit=unit),
        key=text_key,
        height=90,
        on_change=lambda: _read_sample(path, str(tab.typed(text_key) or "")),
    )
    st.file_uploader(
        say(lang, "range.file"),
        type=["csv", "txt"],
        key=file_key,
        on_change=lambda: _read_file(path, file_key),
    )


def _read_file(path: str, key: str) -> None:
    upload = tab.typed(key)
    if upload is None:
        return
    _read_sample(path, upload.getvalue().decode("utf-8-sig", errors="replace"))


def _read_sample(path: str, text: str) -> None:
    spec = spec_of(path)
    assert spec is not None
    if not text.strip():
        return
    factor = factor_of(spec)
    numbers: list[Any] = [
        round(float(v) / factor, 12) if isinstance(v, float) else v for v in numbers_in(text)
    ]
    _store(path, {"dist": "sample", "values": numbers})


def numbers_in(text: str) -> list[float | str]:
    """Return the numbers of a pasted column or a CSV: of the first column that holds numbers.

    What cannot be read stays text.

    A comma between digits is a decimal comma where no other separator could be meant (one number a
    line, or cells parted by semicolons, tabs or spaces); before three digits it might part
    thousands, and then it stays text: the reader asks.

    >>> numbers_in("rate" + chr(10) + "3.1" + chr(10) + "2.9%"), numbers_in("1;x" + chr(10) + "2;y")
    ([3.1, 2.9], [1.0, 2.0])
    >>> (
    ...     numbers_in("8,5" + chr(10) + "10,2"),
    ...     numbers_in("8.5, 10.2"),
    ...     numbers_in("1,200" + chr(10) + "1,3"),
    ... )
    ([8.5, 10.2], [8.5, 10.2], ['1,200', 1.3])
    """
    lines = [
        line.strip()
        for line in text.replace("，", ",").replace("；", ";").splitlines()
        if line.strip()
    ]
    if len(lines) == 1:
        parts = (
            _PARTS_OF_A_LINE.split(lines[0])
            if _PARTS_OF_A_LINE.search(lines[0])
            else lines[0].split(",")
        )
        return [_number(part) for part in parts if part]
    if all(
        line.count(",") <= 1
        and not re.search(r"[;\t]", line)
        and (_DECIMAL_COMMA.match(line) or "," not in line)
        for line in lines
    ):
        return _without_heading([_number(line) for line in lines])
    separator = next(
        (mark for mark in ("\t", ";", ",") if any(mark in line for line in lines)), None
    )
    if separator is None:
        return _without_heading([_number(line) for line in lines])
    table = pd.read_csv(
        io.StringIO("\n".join(lines)),
        sep=separator,
        header=None,
        dtype=str,
        keep_default_na=False,
        on_bad_lines="skip",
    )
    readable = [
        sum(isinstance(_number(str(cell)), float) for cell in table[name]) for name in table.columns
    ]
    column = [str(cell).strip() for cell in table[table.columns[int(np.argmax(readable))]]]
    return _without_heading([_number(cell) for cell in column if cell])


def _without_heading(read: list[float | str]) -> list[float | str]:
    return read[1:] if read and isinstance(read[0], str) and not re.search(r"\d", read[0]) else read


def _number(text: str) -> float | str:
    plain = text.strip().removesuffix("%").removesuffix("％")
    return text if re.fullmatch(r"\D*\d{1,3},\d{3}", plain) else number_or_text(plain)
