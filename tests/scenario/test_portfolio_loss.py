"""Parts of a portfolio that may be lost: kept by file and link; what is none is refused."""

import json

import pytest

from funnel_sim.errors import InputError
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_files import portfolio_from_bytes, portfolio_text
from funnel_sim.scenario.portfolio_links import decode_portfolio, encode_portfolio
from funnel_sim.scenario.portfolio_loss import MOST_LOSSES, LossEvent, read_losses

MUG = Portfolio((PortfolioRow("Mug", "amazon-de-kitchen"),), DATA_DATE)
EVENTS = (
    LossEvent("market", ("DE", "店铺"), 0.1),
    LossEvent("channel", ("ads",)),
    LossEvent("product", ("gone once",), 1.0),
)


def test_file_and_link_keep_them():
    made = MUG.with_losses(EVENTS)
    assert portfolio_from_bytes(portfolio_text(made).encode()) == made
    assert decode_portfolio(encode_portfolio(made)) == made
    assert "losses" not in json.loads(portfolio_text(MUG))


def test_an_event_that_names_nothing_stays_on_screen_only():
    made = MUG.with_losses([LossEvent("market", ()), *EVENTS])
    assert portfolio_from_bytes(portfolio_text(made).encode()).losses == EVENTS
    assert decode_portfolio(encode_portfolio(made)).losses == EVENTS


@pytest.mark.parametrize(
    ("plain", "where", "rule"),
    [
        ({}, "losses", "list"),
        ([5], "losses.1", "group"),
        ([{"by": "market", "names": ["DE"]}, {"names": ["DE"]}], "losses.2.by", "missing"),
        ([{"by": 5, "names": ["DE"]}], "losses.1.by", "text"),
        ([{"by": "shelf", "names": ["DE"]}], "losses.1.by", "choice"),
        ([{"by": "market"}], "losses.1.names", "missing"),
        ([{"by": "market", "names": []}], "losses.1.names", "list"),
        ([{"by": "market", "names": [None]}], "losses.1.names", "text"),
        ([{"by": "market", "names": ["x" * 201]}], "losses.1.names", "text_long"),
        ([{"by": "market", "names": ["\0"]}], "losses.1.names", "unreadable"),
        ([{"by": "market", "names": [f"m{n}" for n in range(201)]}], "losses.1.names", "between"),
        ([{"by": "source", "names": ["ads", "repeat"]}], "losses.1.names", "loss_alone"),
        ([{"by": "market", "names": ["DE"], "odds": True}], "losses.1.odds", "number"),
        ([{"by": "market", "names": ["DE"], "odds": -0.01}], "losses.1.odds", "between"),
        ([{"by": "market", "names": ["DE"], "odds": 10**400}], "losses.1.odds", "between"),
        ([{"by": "market", "names": ["DE"], "at": 3}], "losses.1.at", "unknown_field"),
        ([{"by": "market", "names": ["DE"]}] * (MOST_LOSSES + 1), "losses", "between"),
    ],
)
def test_what_is_none_is_refused_in_both_languages(plain, where, rule):
    with pytest.raises(InputError) as error:
        read_losses(plain)
    [problem] = error.value.problems
    assert (problem.where, problem.rule) == (where, rule)
    assert all("{" not in one for lang in ("zh", "en") for one in error.value.sentences(lang))


def test_what_it_just_takes():
    ends = [{"by": "market", "names": ["DE", "DE"], "odds": odds} for odds in (0, 1)]
    assert read_losses(ends) == tuple(LossEvent("market", ("DE",), odds) for odds in (0.0, 1.0))


def test_a_portfolio_is_not_made_with_an_event_that_is_none():
    with pytest.raises(InputError):
        Portfolio(MUG.rows, DATA_DATE, losses=(LossEvent("market", ("DE",), 1.5),))
    with pytest.raises(InputError):
        MUG.with_losses([LossEvent("market", ("DE",), float("nan"))])
