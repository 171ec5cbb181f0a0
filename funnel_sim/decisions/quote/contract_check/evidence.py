"""What the judges of a contract look at: its variants in the same futures, its KPIs, and money by
the year.
"""

from dataclasses import replace
from functools import cached_property

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.kpi.review import Remark, remarks
from funnel_sim.decisions.kpi.stop_loss import OfferedStopLoss, stop_loss
from funnel_sim.decisions.quote import clause_prices
from funnel_sim.decisions.quote.contract import RUNNING
from funnel_sim.decisions.quote.contract_check.findings import Amount
from funnel_sim.decisions.quote.effect import Case, full_month
from funnel_sim.decisions.quote.fee_cap import cap_level, month_to_cap
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.kpi_in_contract import monthly_bonuses
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.errors import InputError
from funnel_sim.scenario.kpi_metrics import STEADY_METRICS
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.units import MONTHS_A_YEAR

_PERCENT = 0.01


class ContractEvidence:
    """One contract and what it comes to: its variants in the same futures, its KPIs, and money by
    the year.
    """

    def __init__(self, scenario: Scenario, option: Option, paths: int):
        self.scenario, self.option, self.paths = scenario, option, paths
        self.months = scenario.plan.horizon_months
        able = [kpi for kpi in scenario.kpis if kpi.metric not in STEADY_METRICS]
        named = next((kpi for kpi in able if kpi.id == option.decided_by), None)
        self.decider = named or next(iter(able), None)
        self.problem: InputError | None = None
        try:
            self.found = self._outcomes()
        except InputError as error:
            self.problem, self.found = error, {}

    def _outcomes(self) -> dict[str, Outcome]:
        option = self.option
        cases = {"as_is": Case(option), "claimed": Case(option, "claimed")}
        cases["clawback"] = Case(option.but(clawback=True))
        cases["over"] = Case(clause_prices.over_baseline(option, season=True))
        if option.ads_through and not option.rebate_rate:
            cases["rebate"] = Case(option.but(rebate_rate=_PERCENT, rebate_to_client=0.0))
        # clauses are taken out and added by the functions of clause_prices, so that a clause has
        # the same worth wherever it is shown
        added = clause_prices.protection(self.scenario, option) if self.decider is not None else {}
        for clause in ("stop_loss", "trial"):
            if clause in added:
                cases |= {clause: Case(added[clause]), f"no_{clause}": Case(option)}
            elif self.decider is not None and clause_prices.has(option, clause):
                cases |= {
                    clause: Case(option),
                    f"no_{clause}": Case(clause_prices.without_clause(option, clause)),
                }
        if "stop_loss" in cases:  # the clause alone, without the others, on the store as it is
            with_it = cases["stop_loss"].option
            cases["unchanged"] = Case(
                with_it.but(trial_exit=False, patience=None, renewal="open"), "none"
            )
        return dict(
            zip(cases, outcomes(self.scenario, list(cases.values()), paths=self.paths), strict=True)
        )

    @cached_property
    def fx(self) -> float:
        """What one unit of the sales currency is in the contract's currency."""
        return self.option.rate(self.scenario)

    def year(self, value: float) -> float:
        """Return an amount of the plan as an amount a year."""
        return value * MONTHS_A_YEAR / self.months

    def worth(self, better: str, worse: str) -> Figure | None:
        """Return what one variant of the contract leaves over another.

        Of variants that last equally long the median stands for a mean that does not exist; one
        that ends the contract changes nothing in most futures, and there a median tells nothing.

        Args:
            better: the name of the variant that is better for the client.
            worse: the name of the other one.

        Returns:
            Over the plan [sales currency], with its error; None where nothing was simulated, or
            there is no mean.
        """
        if better not in self.found or worse not in self.found:
            return None
        one, two = self.found[better], self.found[worse]
        found = clause_prices.variant_worth(one, two)[0]
        return None if found.heavy and (one.last != two.last).any() else found.centre

    def a_year(self, better: str, worse: str) -> dict[str, Amount]:
        """Return what a variant would save a year, as the figure "cost".

        Args:
            better: the name of the variant that is better for the client.
            worse: the name of the other one.

        Returns:
            Money a year [sales currency]; empty where nothing was simulated.
        """
        found = self.worth(better, worse)
        if found is None:
            return {}
        scale = self.year(1.0)
        return {
            "cost": Amount(
                found.value * scale,
                "money",
                replace(found, value=found.value * scale, error=found.error * scale),
            )
        }

    def line(self, *names: str, until: int | None = None) -> float:
        """Return the mean of lines of the fee.

        Args:
            *names: which lines.
            until: over how many first months; all where None.

        Returns:
            The sum of those months [sales currency].
        """
        lines = self.found["as_is"].lines if self.found else {}
        return sum(float(lines[name][:until].sum()) for name in names if name in lines)

    @property
    def paid(self) -> float:
        """The mean of all that is paid over the plan (the median where there is no mean), in the
        sales currency.
        """
        return self.paid_if("as_is") if self.found else 0.0

    def paid_if(self, case: str) -> float:
        """Return the same of any variant."""
        return mean_or_median(self.found[case].paid, self.found[case].no_mean.fee)

    def monthly(self, case: str = "as_is") -> float:
        """Return the mean fee of a running month without setup, instalments and exit, in the sales
        currency.
        """
        if case not in self.found:
            return 0.0
        one = self.found[case]
        return sum(
            float(one.lines[name].sum())
            for name in (*RUNNING, "floor", "bonus", "cap")
            if name in one.lines
        ) / float(one.last.mean())

    @cached_property
    def cap(self) -> float:
        """The fee cap to ask for, the counter-offer's own [currency of the contract]; nothing where
        none is to be asked for.
        """
        if not self.found:
            return 0.0
        month = month_to_cap(self.scenario, self.option, self.paths)
        return cap_level(self.scenario, self.option, month) if month > 0 else 0.0

    @property
    def first_result(self) -> int:
        """The month at whose end a result can first be seen: the last one of the first KPI that is
        settled over a window, else the first with all of the effect.
        """
        apart = monthly_bonuses(self.option, self.scenario.kpis)
        ends = [kpi.months[1] for kpi in self.scenario.kpis if kpi.id not in apart]
        return min(ends) if ends else full_month(self.option)

    @cached_property
    def at(self) -> Context:
        """What the scenario comes to without chance."""
        return Context(self.scenario)

    @cached_property
    def check(self) -> kpis.KpiCheck | None:
        """The probabilities of the KPIs; None without KPIs, or where they cannot be tested."""
        try:
            return kpis.check(self.at, self.paths) if self.scenario.kpis else None
        except InputError:
            return None

    @cached_property
    def stop(self) -> OfferedStopLoss | None:
        """The stop-loss to ask for, against the store's current level; None where no KPI has months
        or a usual month above zero, or where every line trips too often.
        """
        try:
            found = None if self.decider is None else stop_loss(self.at, self.decider)
        except InputError:
            return None
        return found if found is not None and found.offered else None

    @cached_property
    def remarks(self) -> list[Remark]:
        """What is vague in the KPIs."""
        return remarks(self.at)

    @property
    def variable(self) -> bool:
        """Whether the fee grows with sales, ads or KPIs."""
        option = self.option
        return bool(
            option.share_tiers
            or option.spend_rate
            or option.order_fee
            or any(one.kind == "bonus" for one in option.rewards)
        )
