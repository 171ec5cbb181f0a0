"""Contracts that the tests of clauses and term sheets share: one with every clause, and others that differ where clauses differ."""

from funnel_sim.scenario.presets import preset

KPIS = [
    {"id": "gmv", "metric": "gmv", "target": 0.4, "relative": True, "window": "total", "month_from": 1, "month_to": 6},
    {"id": "roas", "metric": "roas", "target": 4.2, "window": "average", "month_to": 3},
    {"id": "acos", "metric": "acos", "target": 0.25, "comparator": "at_most", "window": "by", "month_to": 5},
    {"id": "reviews", "metric": "negative_review_rate", "comparator": "at_most", "target": 0.02, "seen": 30.0, "seen_of": 1000.0, "seen_months": 3.0, "window": "every", "month_to": 4},
    {"id": "profit", "metric": "profit", "target": 4321.5, "window": "month", "month_to": 3},
]  # fmt: skip
FULL = {
    "id": "full", "name": "Acme", "setup": 10001.0, "base": 8002.0, "trial": 2, "trial_base": 3003.0, "term": 12, "notice": 2, "renewal": "automatic", "renewal_months": 6,
    "share_tiers": [{"upto": 5000.0, "rate": 0.05}, {"upto": 10000.0, "rate": 0.04}, {"rate": 0.0333}], "share_period": "running", "share_over": "baseline",
    "baseline": 12004.5, "baseline_season": True, "clawback": True, "spend_rate": 0.11, "order_fee": 1.125, "floor": 9005.0, "cap": 16006.0, "total_cap": 90007.0,
    "rewards": [
        {"kpi": "gmv", "form": "excess", "amount": 0.02, "each": "month"}, {"kpi": "roas", "form": "fixed", "amount": 5008.0, "each": "window"},
        {"kpi": "gmv", "kind": "penalty", "form": "base", "amount": 0.21, "each": "window"}, {"kpi": "roas", "kind": "penalty", "form": "fixed", "amount": 1009.0, "each": "month"},
        {"kpi": "reviews", "kind": "penalty", "form": "sales", "amount": 0.9, "each": "month"}, {"kpi": "gmv", "form": "sales", "amount": 0.01, "each": "window", "bound": "above"},
        {"kpi": "gmv", "kind": "penalty", "form": "excess", "amount": 0.03, "each": "month"},
    ],
    "instalments": [{"amount": 5010.0, "month": 2}, {"amount": 6011.0, "kpi": "roas"}, {"amount": 7012.0, "kpi": "acos"}],
    "decided_by": "gmv", "stop_loss": True, "stop_share": 0.6, "stop_months": 2, "stop_from": 3, "exit_fixed": 2013.0, "exit_months": 1.5, "exit_share": 0.5, "passed_on": 514.0, "ads_through": True, "rebate_rate": 0.07, "rebate_to_client": 0.45,
    "extras": [{"name": "A1", "amount": 815.0, "every": "event", "chance": 0.1}, {"name": "A2", "amount": 1216.0, "every": "year"}, {"name": "A3", "amount": 317.0, "every": "month"}, {"name": "A4", "amount": 418.0, "every": "once"}],
    "fee_tax": 0.06,
}  # fmt: skip
KEYS = [
    "currency", "setup", "base", "share", "baseline", "clawback", "spend", "orders", "floor", "cap", "bonus.1", "bonus.2", "bonus.3", "penalty.1", "penalty.2", "penalty.3",
    "penalty.4", "limit", "instalment.1", "instalment.2", "instalment.3", "passed_on", "rebate", "extra.1", "extra.2", "extra.3", "extra.4", "total_cap", "tax", "term", "trial",
    "trial_exit", "miss", "stop", "notice", "exit", "renewal",
]  # fmt: skip
OTHERS = [
    {},
    {"share_mode": "whole", "share_period": "month", "renewal": "ends", "clawback": False, "penalty_limited": False, "notice": 0, "cap": None},
    {"share_mode": "whole", "share_bound": "from", "rebate_to_client": 1.0, "renewal": "open", "share_over": "all", "floor": None, "decided_by": "roas", "stop_months": 1, "share_basis": "net_revenue"},
    {"share_basis": "cm3", "decided_by": "acos", "baseline": None, "baseline_season": False, "stop_loss": False, "total_cap": 30000.0},
    {"share_basis": "cm3", "share_over": "all", "decided_by": "profit", "share_period": "month", "trial_exit": False, "fee_currency": "sales", "total_cap": None},
    {"decided_by": "", "stop_loss": False, "rewards": [], "instalments": [], "share_tiers": [{"rate": 0.08}], "share_basis": "ad_sales", "ad_budget": 1.5, "exit_fixed": 0.0, "exit_months": 0.0, "exit_share": 0.0},
    {"decided_by": "reviews", "stop_share": 0.4, "share_tiers": [{"rate": 0.02}], "share_basis": "sales", "floor": 15000.0, "trial": 0, "trial_base": None},
]  # fmt: skip


def contract(changes=None, name="amazon-de-kitchen"):
    """Return a scenario and its one option: the full contract, with changes."""
    season = [0.8, 0.8, 0.9, 0.9, 1.0, 1.0, 1.0, 1.0, 1.0, 1.1, 1.2, 1.3]
    scenario = preset(name).replace({"kpis": KPIS, "options": [FULL | (changes or {})], "plan.season": season})
    return scenario, scenario.options[0]
