"""Sentences on KPIs as somebody signs them: one name for one KPI, no inner part of the model's
funnel in a contract.
"""

import pytest

from funnel_sim.output.words.counter_offer import monthly_kpi
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.output.words.kpi_contract import formula_text
from funnel_sim.scenario.kpis import FUNNEL, Kpi
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-de-kitchen")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_contract_names_one_ad_spend(lang):
    """The funnel holds a budget and a share of sales apart, of which a store has one: "(media spend
    + media spend as a share of all sales)" is nothing that two parties can read off a report.
    """
    part = {"zh": "按全店销售比例", "en": "share of all sales"}[lang]
    for metric in FUNNEL:
        assert part not in formula_text(Kpi(id="a", metric=metric, target=1.0), lang), metric
    roas = formula_text(Kpi(id="a", metric="roas_console", target=3.0), lang)
    assert roas.count("÷") == 1 and "+" not in roas and "(" not in roas.split("÷")[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_kpi_has_the_same_name_by_the_month_and_over_its_window(lang):
    """Amazon in Germany counts GMV with tax; the counter-offer called it by another name than the
    KPI beside it.
    """
    kpi = Kpi(id="a", metric="gmv", target=0.4, relative=True, month_to=12)
    name = {"zh": "GMV（含税）", "en": "GMV (with tax)"}[lang]
    assert kpi_text(kpi, STORE, lang).startswith(name)
    assert name in monthly_kpi(kpi, STORE, lang)
