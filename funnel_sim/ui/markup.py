"""Text in Streamlit's Markdown: what is ours keeps its marks, what was typed loses them."""

import re
from collections.abc import Iterator

from streamlit.runtime.scriptrunner import get_script_run_ctx

from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.tab import Tab, tab

_TYPED = frozenset("\\*_[]`#<>:")
_SIGNS = frozenset("$~")
_SIGN_OF_MONEY = re.compile(r"([+±])(?=[$€£¥￥₩₫₱฿₽₺])")
_SHORTEST = 3  # shorter names can hold no link and no pair of marks around something


def _without(text: str, marks: frozenset[str]) -> str:
    return "".join(f"\\{one}" if one in marks else one for one in text)


def said(text: str) -> str:
    r"""Return a sentence of ours with its amounts and ranges as they are: no formula, nothing
    struck out.

    >>> said("**$5** ~ $7")
    '**\\$5** \\~ \\$7'
    >>> said("+€1,700") == "+\u2060€1,700"
    True
    """
    return _without(with_names(_kept_together(text), _names()), _SIGNS)


def _kept_together(text: str) -> str:
    """Return a text in which no line ends between a sign and its amount: browsers break between a
    plus and a currency sign; a minus is joined where it is written (`formats.MINUS`).
    """
    return _SIGN_OF_MONEY.sub("\\1\u2060", text)


def with_names(text: str, names: tuple[str, ...]) -> str:
    r"""Return a sentence in which names that were typed are text, whatever marks they hold.

    Args:
        text: the sentence, with those names in it.
        names: as they were typed.

    >>> with_names("**Gain** of a*b*: 5", ("a*b*",))
    '**Gain** of a\\*b\\*: 5'
    """
    for name in names:
        text = text.replace(name, typed(name))
    return text


def _names() -> tuple[str, ...]:
    """Return the names of the session's scenario that hold marks, the longest first."""
    scenario = (
        tab.scenario
        if get_script_run_ctx(suppress_warning=True) is not None and tab.holds(Tab.scenario)
        else None
    )
    found = (
        set()
        if scenario is None
        else {
            name
            for name in _texts(scenario)
            if len(name) >= _SHORTEST and any(one in _TYPED for one in name)
        }
    )
    return tuple(sorted(found, key=len, reverse=True))


def _texts(scenario: Scenario) -> Iterator[str]:
    yield from (
        scenario.name,
        scenario.preset,
        scenario.platform,
        scenario.market,
        scenario.category,
    )
    for group in (scenario.channels, scenario.shocks, scenario.options, scenario.fixed.one_off):
        yield from (one.name for one in group)
    yield from (extra.name for option in scenario.options for extra in option.extras)
    yield from (one.channel for one in scenario.history.by_channel)


def typed(text: str) -> str:
    r"""Return a name that was typed, to stand inside a sentence that goes through `said`: nothing
    of it is read as markup.

    >>> typed(":red[*a*]")
    '\\:red\\[\\*a\\*\\]'
    """
    return _without(text, _TYPED)


def literal(text: str) -> str:
    """Return text that stands alone, of which Markdown changes nothing."""
    return _without(_kept_together(text), _TYPED | _SIGNS)
