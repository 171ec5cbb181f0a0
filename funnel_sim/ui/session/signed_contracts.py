"""What a signed contract comes to: its bill, its next term, each provider's result; remembered for
the screen (calls.py says how).
"""

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote.counter_offer import CounterOffer, counter_offer
from funnel_sim.decisions.quote.store_alone import option_of, without_operator
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.otherwise import Otherwise, otherwise
from funnel_sim.decisions.review.providers import Provider, provider
from funnel_sim.decisions.review.quarrels import quarrels
from funnel_sim.decisions.review.renewal import AsQuote, Renewal, as_quote, renewal
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import remembered


@remembered(8)
def bill_of_actuals(scenario: Scenario, option: str) -> Bill:
    """Return what a contract's actual months come to.

    Args:
        option: the id of the option that was signed.
    """
    return bill_of(scenario, option_of(scenario, option))


@remembered(8)
def otherwise_of(scenario: Scenario, option: str) -> tuple[Otherwise, ...]:
    """Return what each other definition would make of that bill.

    Args:
        option: the id of the option that was signed.
    """
    return otherwise(scenario, bill_of_actuals(scenario, option))


@remembered(8)
def quarrels_of(scenario: Scenario, option: str) -> tuple[Otherwise, ...]:
    """Return what else the other side may have counted than that bill says.

    Args:
        option: the id of the option that was signed.
    """
    return quarrels(scenario, bill_of_actuals(scenario, option))


@remembered(8)
def renewal_of(scenario: Scenario, option: str) -> Renewal:
    """Return what is known of a contract's next term.

    Args:
        option: the id of the option that was signed.
    """
    return renewal(scenario, option_of(scenario, option), paths=LIVE)


@remembered(8)
def renewal_as_quote(scenario: Scenario, option: str) -> AsQuote:
    """Return a contract's next term as the page of quotes tells it.

    Args:
        option: the id of the option that was signed.
    """
    return as_quote(scenario, renewal_of(scenario, option), paths=LIVE)


@remembered(8)
def next_counter_of(scenario: Scenario, option: str) -> CounterOffer:
    """Return what to ask for in a contract's next term, with the effect as it is known.

    Args:
        option: the id of the option that was signed.
    """
    found = renewal_of(scenario, option)
    alone = Context(without_operator(found.store))
    return counter_offer(found.store, found.staying, LIVE, alone)


@remembered(16)
def provider_of(name: str, scenario: Scenario, option: str) -> Provider:
    """Return one provider's result.

    Args:
        name: what the provider is called on the screen.
        option: the id of the option that was signed.
    """
    return provider(name, scenario, option_of(scenario, option))
