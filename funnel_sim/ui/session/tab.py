"""Everything that one browser tab keeps, each key declared once: the only module that touches
`st.session_state`.

`tab.revision` reads and writes the key "revision"; a name that is not declared here is refused by
the type checker, and when it runs. Widgets keep what was typed under keys of their own, which a
page makes up; these go through `typed`, `seed`, `put`, `drop` and `fired`.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, Literal, TypeVar, get_args, overload

import streamlit as st

from funnel_sim.decisions.customer.fitted import Fitted
from funnel_sim.decisions.kpi.store_history import FittedChange
from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.model.periods import Whole
from funnel_sim.scenario.channels import ChannelKind
from funnel_sim.scenario.files import Aside
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang

Role = Literal["client", "sales", "seller"]
ROLES: tuple[Role, ...] = get_args(Role)
QuotePart = Literal["counter", "contract"]
RenewalPart = Literal["term", "providers"]
RENEWAL_PARTS: tuple[RenewalPart, ...] = get_args(RenewalPart)
QUOTE_PARTS: tuple[QuotePart, ...] = get_args(QuotePart)
T = TypeVar("T")


class Key(Generic[T]):
    """One key of a tab: its name, its type, and what stands in until something is put there."""

    def __init__(self, default: Callable[[], T] | None = None) -> None:
        self._default = default
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the attribute's name as the key."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "Key[T]": ...

    @overload
    def __get__(self, instance: "Tab", owner: type) -> T: ...

    def __get__(self, instance: "Tab | None", owner: type) -> "T | Key[T]":
        """Return the value, or the key itself where the class is asked."""
        if instance is None:
            return self
        held = st.session_state
        try:  # asked hundreds of times in a run: Streamlit looks a key up in two places each time
            value: T = held[self.name]
        except KeyError:
            if self._default is None:
                raise AttributeError(f"nothing was put at {self.name} yet") from None
            value = held[self.name] = self._default()
        return value

    def __set__(self, instance: "Tab", value: T) -> None:
        """Put a value there."""
        st.session_state[self.name] = value

    def put(self, value: T) -> None:
        """Put a value there; for callbacks, in which nothing can be assigned."""
        st.session_state[self.name] = value


class Tab:
    """What a tab keeps. There is no instance state: each attribute lives in Streamlit's session."""

    __slots__ = ()

    # the scenario, and what was said about it
    scenario = Key[Scenario]()
    lang = Key[Lang](lambda: "en")
    role = Key[Role](lambda: "client")
    revision = Key[int](lambda: 0)
    problems = Key[dict[str, InputError]](dict)
    problem_revisions = Key[dict[str, int]](dict)
    notices = Key[list[tuple[str, str]]](list)
    range_before = Key[dict[str, Any]](dict)
    compared = Key[list[Aside]](list)
    private = Key[dict[str, dict[str, float | None]]](dict)
    private_gives = Key[str](str)
    private_given = Key[int](lambda: 0)
    private_follows = Key[bool](lambda: False)
    remembered = Key[dict[str, "OrderedDict[Hashable, Any]"]](dict)

    # steps to undo, and what was taken away last
    steps = Key[list[Any]](list)
    step_at = Key[int](lambda: 0)
    touched = Key[bool](lambda: False)
    removed = Key[str](str)
    removals = Key[int](lambda: 0)
    toast = Key[str](str)
    by = Key[str](str)
    sent = Key[tuple[str, str]](lambda: ("", ""))
    sent_offer = Key[bool](lambda: False)
    forget_saved = Key[int](lambda: 0)
    shop_why = Key[str](str)
    shop_wanted = Key[Scenario | None](lambda: None)
    saved = Key[dict[str, Any]](dict)
    # a name of this session, for the browser to notice another one
    born = Key[str](lambda: secrets.token_hex(8))

    # the frame
    pages = Key[dict[str, Any]](dict)
    paths = Key[list[str]](list)  # of all pages, those of earlier versions as well
    page = Key[str](str)
    page_before = Key[str](lambda: "my_shop")
    configured = Key[tuple[str, ...]](tuple)
    slide = Key[int](lambda: 0)
    present_leave = Key[bool](lambda: False)
    present_inputs = Key[bool](lambda: False)
    go_to = Key[str](str)
    explained = Key[list[str]](list)
    explain_open = Key[bool](lambda: False)

    # what a page shows
    view = Key[str](lambda: "waterfall")
    target_metric = Key[str](lambda: "profit")
    target_period = Key[Whole](lambda: "steady")
    target_values = Key[dict[str, float]](dict)
    price_tried = Key[float | None](lambda: None)
    heat_pair = Key[list[str]](lambda: ["price", "cvr"])
    risk_view = Key[str](lambda: "odds")
    risk_metric = Key[str](lambda: "profit")
    risk_level = Key[int](lambda: 20)
    risk_base = Key[str](lambda: "preset")
    risk_kept = Key[Scenario | None](lambda: None)
    risk_explained = Key[str | None](lambda: None)
    markets_chosen = Key[list[str] | None](lambda: None)
    markets_price = Key[str](lambda: "same")
    markets_volume = Key[str](lambda: "budget")
    markets_rank = Key[str](lambda: "cautious")
    markets_place = Key[str](str)
    markets_row = Key[str | None](lambda: None)
    markets_every = Key[bool](lambda: False)
    dependence_by = Key[str](str)
    pooled_drawn = Key[bool](lambda: False)
    cash_view = Key[str](lambda: "balance")
    cash_month = Key[int](lambda: 0)
    cash_every = Key[bool](bool)
    cash_quote = Key[str](str)
    cash_event_month = Key[int](lambda: 0)
    customers_view = Key[str](lambda: "payback")
    orders_used = Key[Fitted | None](lambda: None)
    two_budgets = Key[dict[str, float]](dict)
    kpi_view = Key[str](lambda: "answer")
    kpi_opened = Key[dict[str, bool]](dict)
    kpi_dropping = Key[str](str)
    history_taken = Key[tuple[str, Scenario, tuple[FittedChange, ...]] | None](lambda: None)
    months_open = Key[list[str]](list)
    months_shown = Key[list[str]](list)
    months_shut = Key[list[str]](list)
    actuals_way = Key[str](lambda: "type")
    actuals_figure = Key[str](lambda: "gmv")
    pasted = Key[str](str)
    review_view = Key[str](lambda: "kpis")
    review_period = Key[str](str)
    review_against = Key[str](lambda: "before")
    review_other = Key[str](str)
    review_figure = Key[str](lambda: "profit")
    review_taken = Key[dict[str, dict[str, bytes]]](dict)
    review_making = Key[bool](lambda: False)
    quote_view = Key[str](lambda: "answer")
    quote_part = Key[QuotePart](lambda: "counter")
    quote_shown = Key[str](str)
    quote_opened = Key[dict[str, bool]](dict)
    quote_ticks = Key[dict[str, tuple[str, dict[str, float | None]]]](dict)
    quote_asked = Key[dict[str, str]](dict)
    quote_bound = Key[dict[str, float | None]](dict)
    quote_growth = Key[dict[str, float | None]](dict)
    own_rates = Key[dict[str, float]](dict)
    contract_opened = Key[dict[str, bool]](dict)
    quote_brought = Key[dict[str, set[str]]](dict)
    contract_option = Key[str](str)
    contract_ticks = Key[dict[str, set[str]]](dict)
    margin_wanted = Key[dict[str, float | None]](dict)
    rates = Key[dict[str, Any]](dict)
    rates_typed = Key[dict[str, float | None]](dict)
    diary_came = Key[dict[str, float | None]](dict)
    numbers = Key[dict[str, Any]](dict)
    numbers_typed = Key[int](lambda: 0)
    rates_view = Key[str](lambda: "compare")
    rates_again = Key[int](lambda: 0)
    kinds_before = Key[dict[str, ChannelKind]](dict)
    five_go = Key[bool](lambda: False)

    # after the signature
    settled_months = Key[list[str]](list)
    theirs = Key[dict[str, float | None]](dict)
    theirs_line = Key[str](str)
    renewal_part = Key[RenewalPart](lambda: "term")

    # many store-items
    portfolio = Key[Portfolio | None](lambda: None)
    portfolio_number = Key[int](lambda: 0)
    portfolio_view = Key[str](lambda: "answers")
    portfolio_search = Key[str](str)
    portfolio_losing = Key[bool](lambda: False)
    portfolio_sort = Key[tuple[str, bool]](lambda: ("", False))
    portfolio_page = Key[int](lambda: 0)
    portfolio_shown = Key[list[str]](list)
    portfolio_seen = Key[int](lambda: 0)
    portfolio_renamed = Key[dict[str, str]](dict)
    portfolio_splitting = Key[bool](bool)
    portfolio_wrong = Key[dict[tuple[str, str], tuple[str, str]]](dict)
    portfolio_asked = Key[tuple[Any, ...]](tuple)
    portfolio_row = Key[str](str)
    portfolio_totals = Key[str](lambda: "market")
    portfolio_go = Key[str](str)
    portfolio_making = Key[bool](lambda: False)

    # files that were opened and made
    uploads = Key[int](lambda: 0)
    tables = Key[dict[str, dict[str, Table]]](dict)
    stopped = Key[frozenset[str]](frozenset)
    taken = Key[dict[tuple[str, Lang], dict[str, bytes]]](dict)
    taking = Key[bool](lambda: False)
    letter_for = Key[str](str)
    letter_on = Key[str](str)
    letter_chapters = Key[dict[bool, list[str]]](dict)

    # ---- what widgets keep under keys that a page makes up
    # -----------------------------------------

    def typed(self, key: str, default: Any = None) -> Any:
        """Return what a widget holds; the default where it was not drawn yet.

        Args:
            key: Streamlit's key of the widget.
            default: for a widget that was not drawn.
        """
        return st.session_state.get(key, default)

    def has(self, key: str) -> bool:
        """Say whether a widget holds something already."""
        return key in st.session_state

    def seed(self, key: str, value: Any) -> None:
        """Put a first value into a widget that holds none yet.

        Args:
            key: Streamlit's key of the widget.
            value: of the kind that the widget holds.
        """
        st.session_state.setdefault(key, value)

    def put(self, key: str, value: Any) -> None:
        """Put a value into a widget before it is drawn.

        Args:
            key: Streamlit's key of the widget.
            value: of the kind that the widget holds.
        """
        st.session_state[key] = value

    def drop(self, key: str) -> None:
        """Forget what a widget holds; it is seeded anew."""
        st.session_state.pop(key, None)

    def drop_all(self, like: Callable[[str], bool]) -> None:
        """Forget what every widget holds whose key is like that."""
        for key in [key for key in st.session_state if like(str(key))]:
            del st.session_state[key]

    def fired(self, component: str, event: str) -> str:
        """Return what a component of plain HTML has just told, without the moment that follows "|".

        Args:
            component: its key.
            event: the name of what happened.
        """
        value = str(self.typed(component, {}).get(event) or "")
        return value.rsplit("|", maxsplit=1)[0]

    def holds(self, key: "Key[Any]") -> bool:
        """Say whether something was put at a key yet."""
        return key.name in st.session_state

    def once(self, key: "Key[T]") -> T:
        """Return what stands at a key and take it away: what it asks for is done once."""
        found = key.__get__(self, Tab)
        st.session_state.pop(key.name, None)
        return found


def keys() -> dict[str, Key[Any]]:
    """Return every key that is declared, by its name."""
    return {name: one for name, one in vars(Tab).items() if isinstance(one, Key)}


tab = Tab()
"""The tab of whoever's run this is."""
