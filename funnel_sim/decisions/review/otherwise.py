"""What each other reading of a contract's definitions would make of its bill."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from funnel_sim.decisions.kpi.definitions import ways_of
from funnel_sim.decisions.quote.worked_examples import agreed, named_kpis
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.unmeasured import Lacks, for_kpi, for_share
from funnel_sim.scenario.quote_fees import SHARE_BASIS_WORDS
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Otherwise:
    """The bill if a definition meant something else: `kind` "basis" or "kpi", `what` the basis or
    the KPI's id, `way` how it is counted then; `total` of all months and its difference to the bill
    as agreed, None where it is open; `bill` is that bill. `lacks` are the figures of the series
    that the definition would have to be measured by, with the months that nobody typed them in:
    what it comes to is then not known, and it explains no amount.
    """

    kind: str
    what: str
    way: str
    total: Decimal | None
    difference: Decimal | None
    bill: Bill | None = field(default=None, repr=False, compare=False)
    lacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def otherwise(
    scenario: Scenario,
    found: Bill,
    *,
    counted: Mapping[str, Sequence[float | None]] | None = None,
    happened: Mapping[int, Collection[str]] | None = None,
) -> tuple[Otherwise, ...]:
    """Return what each other definition would make of a bill: of the share's basis, of refunds, and
    of each KPI that it names; those that change nothing are left out. A target that is a change
    against the store's own months moves with the definition, for both are counted alike; a target
    or baseline that is a number in the contract stays.

    Args:
        scenario: the store with its series of months.
        found: the bill.
        counted: the months of KPIs that the funnel does not produce, by id; None: the scenario's.
        happened: months in which an extra that comes by events fell due, by its place; None: those
            of the bill.

    Returns:
        One entry a definition; one that was not measured has no amount (`Otherwise.lacks`).
    """
    option, months = found.option, found.months
    fx = found.fx.tolist()
    cases: list[tuple[str, str, str, Scenario, Option, Lacks]] = []
    if option.share_tiers:
        based = [
            (basis, "basis", option.but(share_basis=basis))
            for basis in SHARE_BASIS_WORDS
            if basis != option.share_basis
        ]
        turned = option.but(clawback=not option.clawback)
        way = "refunds_out" if turned.clawback else "refunds_in"
        cases += [
            ("basis", basis, how, scenario, one, for_share(scenario, found, one))
            for basis, how, one in (*based, (option.share_basis, way, turned))
        ]
    for kpi in named_kpis(scenario, option):
        restated = kpi.relative and kpi.baseline is None  # its baseline is counted otherwise too
        fixed = (
            kpi
            if restated
            else kpi.but(relative=False, target=agreed(scenario, kpi).target, baseline=None)
        )
        for way, changes in ways_of(kpi):
            if way != "typed":
                counts = fixed.but(**changes)
                other = [counts if one.id == kpi.id else one for one in scenario.kpis]
                lacks = for_kpi(scenario, found, counts, restated=restated)
                cases.append(("kpi", kpi.id, way, scenario.but(kpis=other), option, lacks))
    out = []
    for kind, what, way, store, contract, lacks in cases:
        if lacks:
            out.append(Otherwise(kind, what, way, None, None, None, lacks))
            continue
        fell = found.happened if happened is None else happened
        made = bill_of(store, contract, months, counted=counted, happened=fell, fx=fx)
        total = made.total
        gap = None if total is None or found.total is None else total - found.total
        if gap != 0:
            out.append(Otherwise(kind, what, way, total, gap, made))
    return tuple(out)
