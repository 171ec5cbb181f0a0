"""What a contract check says: amounts, findings, and all of them with their grade."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.decisions.kpi.stop_loss import OfferedStopLoss
from funnel_sim.errors import InputError
from funnel_sim.reference.contract_items import Grade, Item
from funnel_sim.reference.studies import AgencyPrice
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

State = Literal["bad", "open", "good"]


class Amount(NamedTuple):
    """A figure of a finding: `unit` "money" (sales currency), "fee" (contract currency), "rate",
    "odds", "months", "count", "ratio" or "kpi:" and its metric; with its error where it was
    simulated.
    """

    value: float
    unit: str
    figure: Figure | None = None


@dataclass(frozen=True)
class ContractFinding:
    """What was found of one item: `case` names its sentence ("" where nothing but the answer is
    known), `judged` whether contract or simulation say so; `points` what it counts.
    """

    item: Item
    state: State
    judged: bool
    points: float
    case: str = ""
    figures: Mapping[str, Amount] = field(default_factory=dict)
    kpis: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    prices: tuple[AgencyPrice, ...] = ()

    @property
    def answer(self) -> Literal["yes", "no", "unknown"]:
        """What was answered to the item's question."""
        if self.judged or self.state == "open":
            return "unknown"
        other: Literal["yes", "no"] = "no" if self.item.bad == "yes" else "yes"
        return self.item.bad or "unknown" if self.state == "bad" else other


@dataclass(frozen=True)
class ContractCheck:
    """Every item of one option's contract, the gravest first; `risk` the points found over all
    points; `clauses` figures that sentences to add are filled from; `stop` the stop-loss to ask
    for, None where no line is; `problem` why nothing could be simulated; `no_mean` the inputs that
    leave amounts without a mean, so that medians stand for them; `promised` what is promised of a
    rate, by metric, also where no clause names it [fraction].
    """

    scenario: Scenario
    option: Option
    paths: int
    findings: tuple[ContractFinding, ...]
    risk: float
    grade: Grade
    clauses: Mapping[str, Amount]
    decider: Kpi | None
    problem: InputError | None = None
    no_mean: tuple[str, ...] = ()
    stop: OfferedStopLoss | None = None
    promised: Mapping[str, float] = field(default_factory=dict)

    def cost(self, finding: ContractFinding) -> float:
        """Return what a finding costs, as the table of findings shows and orders it; nothing where
        it has no price.

        Args:
            finding: one of these.

        Returns:
            Money, over a year where the finding says so [sales currency].
        """
        amount = finding.figures.get("cost")
        if amount is None:
            return 0.0
        rate = self.option.rate(self.scenario) if amount.unit == "fee" else 1.0
        return max(amount.value / rate, 0.0)

    @property
    def costliest(self) -> ContractFinding | None:
        """The finding against the client that costs most; None where none has a price."""
        found = [one for one in self.findings if one.state == "bad" and self.cost(one) > 0]
        return max(found, key=self.cost, default=None)

    def of(self, name: str) -> ContractFinding:
        """Return the finding of one item."""
        return next(one for one in self.findings if one.item.id == name)

    def count(self, state: State, weight: int | None = None) -> int:
        """Return how many findings have a state.

        Args:
            state: "good", "bad" or "open".
            weight: the weight that they must have; any where None.

        Returns:
            The number of findings.
        """
        return sum(
            one.state == state and weight in (None, one.item.weight) for one in self.findings
        )


class Judgement(NamedTuple):
    """What a judge says; without a state the answer to the question decides, and `unanswered` holds
    while there is none.
    """

    state: State | None
    case: str
    figures: Mapping[str, Amount] = {}
    kpis: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    prices: tuple[AgencyPrice, ...] = ()
    unanswered: State = "open"
