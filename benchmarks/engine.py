"""The engine against its peers, all in one run: sampling nine inputs, the error of the mean, and
the whole ledger against a compiled loop.

Everybody draws the same nine PERT inputs and works out the same profit (`profit`), with NumPy
arrays where the peer allows it. Each time is the median of several runs after a first one, changes
taken in turn. Ours is what a change of an input costs on screen: the points of the seed are
remembered, shapes are set up once; the very first run is reported beside it.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy.stats import sampling

from benchmarks._goals import finish, report
from funnel_sim.chance import distributions
from funnel_sim.chance.distributions import drawable
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.simulation import BLOCK
from funnel_sim.chance.streams import batches, plan_of, uniforms
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import BetaCounts, LogPert, Pert, Range
from funnel_sim.model.values import Values
from funnel_sim.model.economics import evaluate, figures

PATHS = 10_000
ROUNDS = 7
BUDGET, FIXED = 10_000.0, 4_000.0
NINE: dict[str, tuple[str, float, float, float]] = {
    "cpc": ("channels.ads.cpc", 0.5, 0.7, 1.2),
    "landing": ("conversion.landing_rate", 0.8, 0.9, 0.98),
    "cvr": ("conversion.cvr", 0.02, 0.03, 0.05),
    "price": ("product.price", 25.0, 30.0, 33.0),
    "returns": ("fulfilment.return_rate", 0.03, 0.08, 0.2),
    "commission": ("commission.order_fee", 0.12, 0.15, 0.17),
    "cost": ("product.unit_cost", 4.0, 5.0, 7.0),
    "freight": ("product.inbound_freight", 0.8, 1.2, 2.5),
    "fulfilment": ("fulfilment.fulfilment_per_order", 3.0, 3.6, 5.0),
}


def profit(cpc, landing, cvr, price, returns, commission, cost, freight, fulfilment):
    """Return the month's profit of the nine inputs."""
    orders = BUDGET / cpc * landing * cvr
    return (
        orders * (price * (1 - returns) * (1 - commission) - cost - freight - fulfilment)
        - BUDGET
        - FIXED
    )


# ---- the nine inputs, by everybody
# ----------------------------------------------------------------------


def ours(seed: int = 1, paths: int = PATHS):
    """Draw by scrambled Sobol points and SciPy's numerical inversion, replicate by replicate."""
    plan = plan_of(paths, seed)
    shapes = {
        name: (path, drawable(Pert(low=a, likely=m, high=b)))
        for name, (path, a, m, b) in NINE.items()
    }
    out = np.empty(plan.paths)
    for which in batches(plan):
        streams = uniforms(plan, which, [path for path, _ in shapes.values()])
        out[which.start * plan.points : which.stop * plan.points] = profit(
            **{n: one.values(streams[path]) for n, (path, one) in shapes.items()}
        )
    return out


def by_squigglepy(seed: int):
    """Draw with squigglepy."""
    import squigglepy

    squigglepy.set_seed(seed)
    return profit(**{n: squigglepy.pert(a, m, b) @ PATHS for n, (_, a, m, b) in NINE.items()})


def by_openturns(seed: int):
    """Draw with OpenTURNS, its model as a symbolic function of a random vector."""
    import openturns

    openturns.RandomGenerator.SetSeed(seed)
    parts = [_beta(openturns, a, m, b) for _, a, m, b in NINE.values()]
    vector = openturns.RandomVector(openturns.JointDistribution(parts))
    names = list(NINE)
    formula = (
        f"{BUDGET}/cpc*landing*cvr*(price*(1-returns)*(1-commission)-cost-freight-fulfilment)"
        f"-{BUDGET}-{FIXED}"
    )
    model = openturns.SymbolicFunction(names, [formula])
    return np.asarray(openturns.CompositeRandomVector(model, vector).getSample(PATHS)).ravel()


def _beta(openturns, a, m, b):
    turn = (m - a) / (b - a)
    return openturns.Beta(1 + 4 * turn, 5 - 4 * turn, a, b)


def by_openturns_sobol(seed: int):
    """Draw with OpenTURNS from scrambled Sobol points, as ours are."""
    import openturns

    openturns.RandomGenerator.SetSeed(seed)
    joint = openturns.JointDistribution([_beta(openturns, a, m, b) for _, a, m, b in NINE.values()])
    experiment = openturns.LowDiscrepancyExperiment(openturns.SobolSequence(), joint, PATHS, False)
    experiment.setRandomize(True)
    return profit(*np.asarray(experiment.generate()).T)


def by_chaospy(seed: int):
    """Draw with chaospy."""
    import chaospy

    # its own PERT has another deviation: the beta distribution says what is meant
    joint = chaospy.J(
        *(
            chaospy.Beta(1 + 4 * (m - a) / (b - a), 5 - 4 * (m - a) / (b - a), a, b)
            for _, a, m, b in NINE.values()
        )
    )
    return profit(*joint.sample(PATHS, seed=seed))


def by_mcerp(seed: int):
    """Draw with mcerp (Latin hypercube)."""
    import mcerp

    np.random.seed(seed)
    mcerp.npts = PATHS
    inputs = {n: mcerp.PERT(a, m, b) for n, (_, a, m, b) in NINE.items()}
    return np.asarray(profit(**inputs)._mcpts)


def by_monaco(seed: int):
    """Draw and run with monaco, one case at a time, as it is made for."""
    import monaco
    from scipy import stats

    def prepare(case):
        return ([case.invals[name].val for name in NINE],)

    def run(values):
        return (profit(*values),)

    def keep(case, result):
        case.addOutVal("profit", result)

    sim = monaco.Sim(
        name="funnel",
        ndraws=PATHS,
        fcns={"preprocess": prepare, "run": run, "postprocess": keep},
        firstcaseismedian=False,
        samplemethod="sobol_random",
        seed=seed,
        singlethreaded=True,
        verbose=False,
        debug=False,
        savesimdata=False,
        savecasedata=False,
    )
    for name, (_, a, m, b) in NINE.items():
        turn = (m - a) / (b - a)
        sim.addInVar(
            name=name,
            dist=stats.beta,
            distkwargs={"a": 1 + 4 * turn, "b": 5 - 4 * turn, "loc": a, "scale": b - a},
        )
    sim.runSim()
    return (
        np.array([v.val for v in sim.outvars["profit"].vals])
        if hasattr(sim.outvars["profit"].vals[0], "val")
        else np.asarray(sim.outvars["profit"].vals)
    )


def by_salib(seed: int):
    """Draw with SALib's Sobol sampler (the same points, inverted by scipy.stats.beta.ppf)."""
    from SALib.sample import latin
    from scipy import stats

    problem = {"num_vars": 9, "names": list(NINE), "bounds": [[0, 1]] * 9}
    points = latin.sample(problem, PATHS, seed=seed).T
    values = {}
    for u, (name, (_, a, m, b)) in zip(points, NINE.items(), strict=True):
        turn = (m - a) / (b - a)
        values[name] = stats.beta.ppf(u, 1 + 4 * turn, 5 - 4 * turn, a, b - a)
    return profit(**values)


PEERS: dict[str, tuple[Callable[[int], np.ndarray], float | None, int]] = {
    "squigglepy": (by_squigglepy, 1.0, ROUNDS),
    "OpenTURNS, Sobol points like ours": (by_openturns_sobol, 40.0, ROUNDS),
    "OpenTURNS, plain draws": (by_openturns, None, ROUNDS),
    "chaospy": (by_chaospy, 50.0, ROUNDS),
    "mcerp": (by_mcerp, 50.0, 3),
    "monaco": (by_monaco, 150.0, 2),
    "SALib": (by_salib, None, ROUNDS),
}


SIDES = 61
ROUNDS_OF_SHAPES = 3


def shapes() -> list[bool]:
    """Time the setting up of every kind of beta shape against the median one, and drawing from
    them: none hangs, none is slow.
    """
    turns = [left / (1 + left) for left in np.exp(np.linspace(-np.log(50), np.log(50), SIDES))]
    every: dict[str, Range] = {
        f"{kind.__name__} {turn:.3f} {meaning}": kind(
            low=1.0, likely=1.0 + turn if kind is Pert else 2.0**turn, high=2.0, meaning=meaning
        )
        for kind in (Pert, LogPert)
        for turn in turns
        for meaning in ("limits", "p80")
    }
    for hits, trials in (
        (0, 1),
        (0, 50),
        (50, 50),
        (37, 1200),
        (0, 1e6),
        (1e6, 1e6),
        (1, 1e6),
        (5e5, 1e6),
    ):
        every[f"{hits:g} of {trials:g}"] = BetaCounts(successes=float(hits), trials=float(trials))
    setups: dict[str, float] = dict.fromkeys(every, np.inf)
    for _ in range(ROUNDS_OF_SHAPES):
        distributions._prepared.cache_clear()
        distributions._from_p80.cache_clear()
        for (
            name,
            quantity,
        ) in every.items():  # a turn that gives the same shape in both kinds is set up once
            setups[name] = min(
                setups[name], timed(lambda quantity=quantity: drawable(quantity).quantile(0.3))
            )
    fresh = [one for one in setups.values() if one > 1.0]  # those that were set up, not remembered
    usual = statistics.median(fresh)
    slowest = max(setups, key=lambda name: setups[name])
    sys.stdout.write(
        f"{len(every)} shapes: {usual:.1f} ms to set up the median one, {setups[slowest]:.1f} ms"
        f" the slowest ({slowest})\n"
    )
    points = np.random.default_rng(5).random(PATHS)
    draws = {
        name: min(timed(lambda one=one: one.values(points)) for _ in range(19))
        for name in every
        for one in [drawable(every[name])]
    }
    plain = sampling.NumericalInversePolynomial(
        _Plain(), domain=(0.0, 1.0), center=0.4, u_resolution=1e-12
    )
    direct = min(timed(lambda: np.clip(1.0 + 1.0 * plain.ppf(points), 0.0, 3.0)) for _ in range(99))
    return [
        report("the slowest shape to set up against the median one", setups[slowest] / usual, 4),
        report(
            "drawing from the median shape against UNU.RAN's inversion of the density itself",
            statistics.median(draws.values()) / direct,
            1.4,
        ),
    ]


class _Plain:
    """Beta(3, 4) on 0 … 1, smooth at both ends, as UNU.RAN takes it."""

    def pdf(self, x: float) -> float:
        return 60.0 * x**2 * (1.0 - x) ** 3


def timed(call: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def throughput() -> list[bool]:
    """Time everybody on the nine inputs."""
    first = timed(lambda: ours(seed=99))
    exact = ours(paths=1_048_576).mean()
    times: dict[str, list[float]] = {"ours": [timed(ours) for _ in range(3)][1:]}
    for name, (draw, _, rounds) in PEERS.items():
        values = draw(0)
        error = abs(values.mean() - exact) / (values.std() / np.sqrt(PATHS))
        assert error < 5, (name, values.mean(), exact)  # they all work out the same profit
        times[name] = []
        for round_ in range(rounds):
            times["ours"] += [timed(ours) for _ in range(3)]
            times[name].append(timed(lambda draw=draw, seed=round_ + 1: draw(seed)))
    own = statistics.median(times["ours"])
    sys.stdout.write(
        f"ours {own:.2f} ms for {plan_of(PATHS, 1).paths} paths; the first run of a seed in a"
        f" process {first:.0f} ms\n"
    )
    out = []
    for name, (_, goal, _) in PEERS.items():
        ratio = statistics.median(times[name]) / own
        if goal is None:
            sys.stdout.write(
                f"{name} against ours, {PATHS} paths: {ratio:.3g} × the time (no goal)\n"
            )
        else:
            out.append(report(f"{name} against ours, {PATHS} paths", ratio, goal, at_most=False))
    return out


def error_of_the_mean() -> list[bool]:
    """Hold the error of the mean at 1,024 points against that of plain draws, over 256 independent
    sets of each.
    """
    exact = ours(paths=1_048_576).mean()
    shapes = [drawable(Pert(low=a, likely=m, high=b)) for _, a, m, b in NINE.values()]
    generator = np.random.default_rng(7)
    sets = np.concatenate(
        [ours(seed=seed, paths=16_384).reshape(16, 1024).mean(axis=1) for seed in range(16)]
    )
    plain = np.array(
        [profit(*(one.values(generator.random(1024)) for one in shapes)).mean() for _ in range(256)]
    )
    rms = [float(np.sqrt(np.mean(np.square(means - exact)))) for means in (plain, sets)]
    return [
        report(
            "error of the mean at 1,024 paths, plain draws against ours",
            rms[0] / rms[1],
            40,
            at_most=False,
        )
    ]


# ---- the whole ledger against a compiled loop
# ------------------------------------------------------------


def ledger() -> list[bool]:
    """Time the 12-month ledger of a preset, drawn inputs given, against one fused Numba loop of the
    same ledger, line by line.
    """
    scenario = preset("amazon-de-kitchen").replace({"chance.counting": False})
    sources, plan, base = Sources(scenario), plan_of(16_384, 1), Values(scenario)
    draws = sources.draw(plan, range(plan.replicates))
    values = [
        sources.model_values(draws.part(slice(s, s + BLOCK)), base)
        for s in range(0, plan.paths, BLOCK)
    ]
    loop = compiled(scenario)
    inputs = (
        "conversion.cvr",
        "channels.ads.cpc",
        "fulfilment.return_rate",
        "channels.organic.channel_cvr",
    )

    def by_us():
        return [figures(one, {"total": ["profit"], "month": ["profit"]}) for one in values]

    def by_loop():
        return [
            loop(one.by_chance.conversion, *(one.given[path] for path in inputs)) for one in values
        ]

    for found, (months, total) in zip(by_us(), by_loop(), strict=True):
        assert np.allclose(found["profit", "month"], months, rtol=1e-9, atol=1e-6)
        assert np.allclose(found["profit", "total"][0], total, rtol=1e-9, atol=1e-6)
    pairs = [(timed(by_us), timed(by_loop)) for _ in range(15)]
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    sys.stdout.write(
        f"the ledger, 16,384 paths × 12 months: ours {mine:.1f} ms, the fused loop {theirs:.1f}"
        " ms\n"
    )
    return [report("the ledger against a fused compiled loop", mine / theirs, 2)]


def compiled(scenario):
    """Return the ledger of a scenario like amazon-de-kitchen as one compiled loop: every line of
    every month of every path.
    """
    import numba

    now = evaluate(scenario)
    s = now.steady
    season = np.array(
        [scenario.plan.season[(scenario.plan.start_month - 1 + m) % 12] for m in range(12)]
    )
    ads, organic = scenario.channels
    repeat, interval = (
        float(scenario.customers.repeat_probability),
        scenario.customers.repeat_interval,
    )
    one = {
        k: float(s[k])
        for k in (
            "order_gross",
            "order_output_tax",
            "order_refund",
            "units",
            "purchase",
            "freight",
            "duty",
            "packing",
            "import_tax_cost",
            "landed_cost",
            "order_fulfilment",
            "order_commission",
            "order_commission_back",
            "order_payment_fee",
            "order_net",
            "order_parcel",
        )
    }
    f, p, x = scenario.fulfilment, scenario.payment, scenario.fixed
    fx = float(scenario.fx_rate)
    k = np.array(
        [
            *one.values(),
            f.storage_per_unit_month * f.months_in_storage,
            f.return_handling,
            f.resellable_share,
            p.chargeback_rate,
            p.chargeback_fee,
            p.fx_spread,
            ads.budget,
            organic.impressions,
            organic.ctr if isinstance(organic.ctr, float) else 0.02,
            x.operator_monthly / fx,
            x.operator_rate,
            x.localisation_monthly / fx,
            x.compliance_monthly / fx,
            x.saas_monthly / fx + x.platform_monthly,
            x.staff_monthly / fx,
            x.other_monthly / fx,
        ],
        dtype=float,
    )

    @numba.njit
    def run(noise, cvr, cpc, returns, organic_cvr):
        months, paths = noise.shape
        by_month, total = np.empty((months, paths)), np.empty(paths)
        lines = np.empty(26)
        acquired = np.empty(months)
        for i in range(paths):
            sums = np.zeros(26)
            for m in range(months):
                boost = season[m] * noise[m, i]
                first = k[22] / cpc[i] * min(1.0, cvr[i] * boost) + k[23] * k[24] * min(
                    1.0, organic_cvr[i] * boost
                )
                acquired[m] = first
                again, level = 0.0, 1.0
                for age in range(interval, m + 1, interval):
                    level *= repeat
                    again += acquired[m - age] * level
                orders = first + again
                back, lost, shipped = orders * returns[i], orders * k[19], orders * k[3]
                recovered = back * k[3] * k[18]
                lines[0], lines[1], lines[2] = orders * k[0], -orders * k[1], -back * k[2]
                net = lines[0] + lines[1] + lines[2]
                lines[3], lines[4], lines[5] = -shipped * k[4], -shipped * k[5], -shipped * k[6]
                lines[6], lines[7], lines[8] = -shipped * k[7], -shipped * k[8], recovered * k[9]
                lines[9], lines[10], lines[11] = -orders * k[10], -shipped * k[16], -back * k[17]
                lines[12], lines[13], lines[14] = (
                    -orders * k[11] + back * k[12],
                    -orders * k[13],
                    -lost * (k[14] + k[20]),
                )
                home = max(
                    net
                    + lines[9]
                    + orders * k[15]
                    + lines[10]
                    + lines[11]
                    + lines[12]
                    + lines[13]
                    + lines[14],
                    0.0,
                )
                lines[15], lines[16], lines[17], lines[18] = -home * k[21], -k[22], 0.0, 0.0
                lines[19] = -(k[25] + k[26] * max(net, 0.0))
                lines[20], lines[21], lines[22], lines[23], lines[24], lines[25] = (
                    -k[27],
                    -k[28],
                    -k[29],
                    -k[30],
                    -k[31],
                    0.0,
                )
                profit = 0.0
                for j in range(26):
                    profit += lines[j]
                    sums[j] += lines[j]
                by_month[m, i] = profit
            whole = 0.0
            for j in range(26):
                whole += sums[j]
            total[i] = whole
        return by_month, total

    return run


if __name__ == "__main__":
    finish([*shapes(), *throughput(), *error_of_the_mean(), *ledger()])
