"""What people do on a page: values set on its fields, buttons pressed, files uploaded, in an order
that nobody would choose; after each, the page stands, and shows no number that is none.
"""

import json
import logging
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1 import element_tree as tree

from funnel_sim.decisions.review.example import example_after_signing
from funnel_sim.errors import InputError
from funnel_sim.scenario.files import from_bytes
from funnel_sim.scenario.links import LONGEST_LINK, encode
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.frame import GROUPS
from funnel_sim.words import LANGS, say
from tests.fuzz import contracts, portfolios, scenarios, tables
from tests.fuzz.luck import MARKDOWN, Luck
from tests.fuzz.steps import Steps, WrongError, written

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 45.0
"""Processor time of one redraw: some open a page that simulates for the first time."""
FEWER_PATHS = 1024
_WALL = 600.0
_FAILED = frozenset(say(lang, "shell.failed") for lang in LANGS)
_NO_NUMBER = re.compile(r"(?<![\w.])(?:nan|NaN|-?inf|Infinity)(?![\w.])")
_TYPED = (
    "", "0", "-1", "1", "12", "0.5", "1e400", "-1e400", "1e308", "1e-300", "9" * 400, "nan", "inf",
    "-inf", "abc", "1,5", "1.234,56", "1,234.56", "$5", "5%", "150%", "5万", "3k", "１２", "٣",
    "=1+1", "1/0", "--5", "12 13", "x" * 3000, "店铺", "\u202eabc", "\ud800", "\x00", "a\nb",
    "2026-05",
    "2026-13", "<script>alert(1)</script>", *MARKDOWN,
)  # fmt: skip
_KINDS = (
    "text_input", "number_input", "text_area", "selectbox", "multiselect", "radio", "slider",
    "checkbox", "toggle", "button", "date_input", "button_group", "file_uploader",
    "segmented_control", "pills",
)  # fmt: skip


def pages() -> tuple[str, ...]:
    """Return the pages of the menu."""
    return tuple(one.name for group in GROUPS for one in group.places)


def _scenario(luck: Luck) -> bytes:
    pick = luck.random()
    if pick < 0.35:
        made = example_after_signing("en")
    elif pick < 0.6:
        made = preset(luck.one(("amazon-de-kitchen", "etsy-us-jewelry", "shopee-sg")))
    else:
        return contracts.make(luck) if pick < 0.85 else scenarios.make(luck)
    return json.dumps({"funnel_sim": 1, "scenario": made.plain()}).encode()


def make(luck: Luck) -> bytes:
    """Return a scenario, a page, and what is done on it: each act by chance of its own, so that it
    can be left out and the others stay.
    """
    acts = [
        {"pick": luck.random(), "kind": luck.one(_KINDS + ("text_input",) * 8 + ("button",) * 2)}
        | {"value": luck.one(_TYPED) if luck.odds(0.6) else f"{luck.wide(0.01, 1e4):.4g}"}
        | {"chance": luck.randrange(2**31)}
        for _ in range(luck.randint(2, 5))
    ]
    try:
        plain = json.loads(_scenario(luck))
    except (ValueError, RecursionError):
        plain = None
    return json.dumps(
        {"page": luck.one(pages()), "lang": luck.one(LANGS), "scenario": plain, "acts": acts},
        indent=1,
    ).encode()


class Chosen(str):
    """An option as its label stands on the page, which a browser sends as it is."""


_formatted = tree._format_value_for_widget


def _as_sent(format_func: Any, value: Any) -> str:
    return str(value) if isinstance(value, Chosen) else _formatted(format_func, value)


class _Log(logging.Handler):
    """Keeps what the frame of the pages writes down of a failure."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the exception of a line."""
        if record.exc_info and record.exc_info[1] is not None:
            self.errors.append(record.exc_info[1])


@cache
def _log() -> _Log:
    handler = _Log()
    logging.getLogger("funnel_sim").addHandler(handler)
    for name in ("streamlit", "streamlit.runtime.scriptrunner_utils.script_run_context"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return handler


_scanned = cache(manifest_scanner.scan_component_manifests)
"""Every installed package asked once, as a server does it, not for each app anew."""


def go(content: bytes, steps: Steps) -> None:
    """Open the page with the scenario and do one act after the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", _scanned)
        patch.setattr(tree, "_format_value_for_widget", _as_sent)
        _done(content, steps)


def _done(content: bytes, steps: Steps) -> None:
    data = json.loads(content)
    steps.limit = max(steps.limit, SECONDS)
    _log().errors.clear()
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=_WALL)
    test.query_params["lang"] = str(data.get("lang", "en"))
    link = _link(data.get("scenario"))
    if link:
        test.query_params["s"] = link
    name = str(data.get("page", "start"))
    steps.take("open", lambda: _stands(test.run()), roomy=True)
    steps.accepted = bool(link)
    if name != "start":
        steps.take(
            f"page {name}", lambda: _stands(test.switch_page(f"pages/{name}.py").run()), roomy=True
        )
    for act in data.get("acts", []):
        kind = str(act.get("kind"))
        steps.take(f"{name}: {kind}", lambda act=act, kind=kind: _act(test, kind, act), roomy=True)


def _link(plain: Any) -> str:
    """Return the link of a scenario; none where it is refused, or too long to be one."""
    if plain is None:
        return ""
    try:
        made = from_bytes(json.dumps(plain).encode())
        made = made.replace({"chance.paths": FEWER_PATHS})
        text = encode(made)
    except InputError:
        return ""
    return text if len(text) <= LONGEST_LINK else ""


def _stands(test: AppTest) -> AppTest:
    """Raise where a page failed, or shows a number that is none."""
    if _log().errors:
        raise _log().errors[0]
    for one in test.exception:
        raise WrongError(f"outside the frame: {one.message}")
    for one in test.error:
        if one.value in _FAILED:
            raise WrongError("the page failed")
    for text in _texts(test):
        found = _NO_NUMBER.search(written(text, "page"))
        if found:
            raise WrongError(f"page: …{text[max(0, found.start() - 40) : found.end() + 20]}…")
    return test


def _texts(test: AppTest) -> Iterator[str]:
    """Yield what a page says by itself: not what was typed, which stands in fields and refusals."""
    for kind in ("markdown", "title", "subheader", "caption", "info", "success", "metric"):
        for one in getattr(test, kind):
            if ":material/error:" not in str(one.value):
                yield str(one.value)
    for one in test.table:
        yield one.value.to_csv() if hasattr(one.value, "to_csv") else str(one.value)


def _act(test: AppTest, kind: str, act: dict[str, Any]) -> None:
    """Set one field of a kind, chosen among those that stand on the page."""
    fields = [one for one in getattr(test, kind, []) if not getattr(one, "disabled", False)]
    if not fields:
        return
    luck = Luck(str(act.get("chance", 0)))
    field = fields[min(int(float(act.get("pick", 0)) * len(fields)), len(fields) - 1)]
    _set(field, str(act.get("value", "")), luck)
    _stands(test.run())


def _set(field: Any, value: str, luck: Luck) -> None:
    labels = [Chosen(one) for one in getattr(field, "options", [])]
    match field:
        case tree.TextInput() | tree.TextArea():
            most = field.proto.max_chars or len(value)
            # a browser sends what can be written as UTF-8
            field.set_value(value.encode("utf-8", "replace").decode()[:most])
        case tree.NumberInput():
            low, high = (
                (field.min if field.min is not None else -1e9),
                (field.max if field.max is not None else 1e9),
            )
            field.set_value(type(field.value or 0.0)(luck.one((low, high, (low + high) / 2))))
        case tree.Selectbox() | tree.Radio() if labels:
            field.set_value(luck.one(labels))
        case tree.ButtonGroup() if labels and field._is_single_select:
            field.set_value(luck.one(labels))
        case tree.ButtonGroup() | tree.Multiselect():
            field.set_value([one for one in labels if luck.odds(0.4)])
        case tree.Slider():
            field.set_value(luck.one((field.min, field.max)))
        case tree.Checkbox() | tree.Toggle():
            field.set_value(not field.value)
        case tree.Button():
            field.click()
        case tree.DateInput():
            field.set_value(luck.one((field.min, field.max)) if luck.odds(0.5) else field.value)
        case tree.FileUploader():
            _upload(field, luck)


def _upload(field: Any, luck: Luck) -> None:
    content = luck.one((tables, contracts, portfolios)).make(luck)
    name = "fuzz.xlsx" if content[:4] == b"PK\x03\x04" else "fuzz.json"
    if name == "fuzz.json" and content.lstrip()[:1] != b"{":
        name = "fuzz.csv"
    allowed = [str(one) for one in field.allowed_type]
    if not allowed or any(name.endswith(one) for one in allowed):
        field.set_value((name, content, "application/octet-stream"))
