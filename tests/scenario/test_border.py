"""Duty in layers by date, fees at the border, compliance: published rates and entries, each side of
every change.

Sources of the rates: the US schedule (hts.usitc.gov) with chapter 99 notes 16, 20, 31, FR Doc.
2026-15181 (91 FR 47318) and CBP CSMS 69326983, 68253075; the rows of data/parameters/duty.csv name
them one by one.
"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.model.economics import evaluate
from funnel_sim.reference import border, customs
from funnel_sim.reference.customs import duties, duty_rows, duty_total, import_fees
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.preset_parts.border import duty_of
from funnel_sim.scenario.preset_parts.trade import compliance_of
from funnel_sim.scenario.presets import origins, preset
from funnel_sim.scenario.scenario import Scenario
from tests.conftest import neutral


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("line", "when", "rate"),
    [
        # power bank, lithium-ion: 3.4 + list 4A 7.5 + IEEPA 10 + 10 = 30.9; list 4A became 25 on
        # 2026-01-01: 48.4; IEEPA struck down on 2026-02-20,
        # Section 122 in its place from 2026-02-24: 38.4; it ended on 2026-07-23, forced labour 12.5
        # since: 40.9 (published history of 8507.60.0020)
        ("8507.60.0020", "2025-11-09", 0.409),
        ("8507.60.0020", "2025-11-10", 0.309),  # fentanyl 20 % fell to 10 %
        ("8507.60.0020", "2025-12-31", 0.309),
        ("8507.60.0020", "2026-01-01", 0.484),
        ("8507.60.0020", "2026-02-23", 0.484),
        ("8507.60.0020", "2026-02-24", 0.384),
        ("8507.60.0020", "2026-07-23", 0.384),
        ("8507.60.0020", "2026-07-24", 0.409),
        ("8507.60.0020", "2026-11-27", 0.409),
        # serum: free + list 3 25 + forced labour 12.5
        ("3304.99.5000", "2026-07-23", 0.35),
        ("3304.99.5000", "2026-07-24", 0.375),
        # toys: free, list 4B suspended, NOT exempt from forced labour
        ("9503.00.0073", "2026-02-23", 0.20),
        ("9503.00.0073", "2026-02-24", 0.10),
        ("9503.00.0073", "2026-07-23", 0.10),
        ("9503.00.0073", "2026-07-24", 0.125),
        # stainless organiser: 2 + Section 232 annex I-B 25 on the full value since 2026-04-06,
        # which lifts the forced-labour duty and Section 122
        ("7323.93.0080", "2026-04-06", 0.27),
        ("7323.93.0080", "2026-07-23", 0.27),
        ("7323.93.0080", "2026-07-24", 0.27),
        ("7323.99.9080", "2026-07-24", 0.534),  # coated carbon steel: 3.4 + list 3 25 + 232 25
        ("3924.90.5650", "2026-07-23", 0.209),
        ("3924.90.5650", "2026-07-24", 0.234),  # household plastic: 3.4 + list 4A 7.5 + 12.5
        ("3924.10.4000", "2026-07-23", 0.134),
        ("3924.10.4000", "2026-07-24", 0.159),  # kitchen plastic: 3.4 + 12.5
        # textiles: leggings 28.2 + 7.5 + 12.5, hoodie 16.5 + 7.5 + 12.5
        ("6104.63.2011", "2026-07-23", 0.457),
        ("6104.63.2011", "2026-07-24", 0.482),
        ("6110.20.2079", "2026-11-27", 0.365),
        # a smartwatch is on the list of exempt lines: 7.5 alone
        ("8517.62.0090", "2026-07-24", 0.075),
    ],
)
def test_us_layers_on_each_side_of_every_change(line, when, rate):
    assert duty_total(duties("US", "CN", line, day(when))) == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize(
    ("preset_name", "rate"),
    [
        ("amazon-us-electronics", 0.409),
        ("amazon-us-beauty", 0.375),
        ("amazon-us-toys", 0.125),
        (
            "amazon-us-kitchen",
            0.234,
        ),  # plastic since 0.6.0: general 3.4 % + list 4A 7.5 % + forced labour 12.5 %
        ("amazon-us-clothing", 0.482),
    ],
)
def test_the_corrected_presets_carry_their_layers_by_name(preset_name, rate):
    tax = preset(preset_name).tax
    assert tax.duty_rate + sum(layer.rate for layer in tax.duty_layers) == pytest.approx(rate)
    assert all(
        layer.name.startswith("Section ") and layer.base == "customs" for layer in tax.duty_layers
    )
    assert (
        origins(preset_name)["tax.duty_layers"].topic
        == origins(preset_name)["tax.duty_rate"].topic
        == "duty"
    )


def test_the_duty_of_an_earlier_day_is_that_of_its_day():
    # US fees are known from 2026-08-21 on, so the whole preset is not there that day; its duty is
    assert [
        (layer.name, layer.rate)
        for layer in duty_of("amazon-us-electronics", day("2026-07-23")).layers
    ] == [
        ("Section 301 four-year review", 0.25),
        ("Section 122 surcharge", 0.10),
    ]


def test_lists_without_their_lines_and_blank_rates_never_enter_a_sum():
    assert all(
        not row.adds for row in duty_rows() if row.per == "ad_valorem_if_listed" or row.rate is None
    )
    # 8204.20 (socket wrenches) is on list 3, which is not known here by line: forced labour alone,
    # no 25 %
    assert duty_total(duties("US", "CN", "8204.20.0000", DATA_DATE)) == 0.125
    # candles: the anti-dumping rate was not read; 0 + list 4A 7.5 + 12.5
    assert duty_total(duties("US", "CN", "3406.00.0000", DATA_DATE)) == 0.2


def test_a_layer_that_tops_the_general_rate_up_to_a_total():
    # goods of the EU: general rate and forced labour together 10 %; diffuser 4.2 + 5.8, knitwear 32
    # % alone is more already
    assert duty_total(duties("US", "EU", "8509.80.5095", DATA_DATE)) == 0.10
    assert duty_total(duties("US", "EU", "6110.30.3059", DATA_DATE)) == 0.32


@given(
    st.sampled_from(
        sorted({row.customs_line.split("|")[0] for row in duty_rows() if row.importer == "US"})
    ),
    st.dates(day("2025-01-01"), day("2028-01-01")),
)
def test_every_row_that_is_due_holds_that_day_and_each_layer_is_there_once(line, on):
    found = duties("US", "CN", line, on)
    assert all(row.provenance.holds(on) for row in found)
    assert len({(row.layer, row.adds) for row in found}) == len(found)
    assert 0 <= duty_total(found) < 2.5


def test_the_table_of_lines_and_the_table_of_duty_agree():
    # two transcriptions of the same schedules: the general rate of every classified line of the US,
    # EU, UK and Japan
    lines = [
        row
        for row in customs.customs_lines()
        if row.general_rate is not None and row.importer in ("US", "EU", "GB", "JP")
    ]
    assert len(lines) > 100
    for row in lines:
        assert (
            border.freight(row.importer, "CN", row.customs_line, DATA_DATE).general
            == row.general_rate
        ), row.customs_line


# ---- other markets
# -------------------------------------------------------------------------------------------


def test_a_member_of_a_customs_union_pays_the_unions_duty():
    assert border.freight("DE", "CN", "7323 93 00", DATA_DATE).general == 0.032
    assert (
        border.freight("DE", "CN", "6912 00 21", DATA_DATE).total >= 0.79
    )  # anti-dumping on ceramic tableware since 2026-02-07


@pytest.mark.parametrize(
    ("market", "when", "value", "currency", "rate", "each"),
    [
        ("MX", "2026-11-27", 500.0, "MXN", 0.335 / 1.335, 0),  # 33.5 % in place of duty and IVA
        ("DE", "2026-06-30", 40.0, "EUR", 0, 0),
        ("DE", "2026-07-01", 40.0, "EUR", 0, 3.0),
        ("DE", "2026-07-01", 150.0, "EUR", 0, 3.0),  # EUR 3 an item, (EU) 2026/382
        ("BR", "2026-05-11", 100.0, "BRL", 0.20, 0),
        ("BR", "2026-05-12", 100.0, "BRL", 0, 0),  # Lei 15.502/2026: 0 % up to USD 50
        ("GB", "2026-11-27", 135.0, "GBP", 0, 0),
        ("SG", "2026-11-27", 34.9, "SGD", 0, 0),
        ("MY", "2026-11-27", 39.9, "MYR", 0, 0),
        ("RU", "2026-11-27", 15_000.0, "RUB", 0, 0),
        (
            "RU",
            "2026-11-27",
            30_000.0,
            "RUB",
            0.05,
            0,
        ),  # EAEU: free to EUR 200, then 5 % of the whole
    ],
)
def test_parcels_by_market_and_day(market, when, value, currency, rate, each):
    duty = border.parcel(market, "CN", "6109 10 00", day(when), value, currency, 1.0)
    assert sum(layer.rate for layer in duty.layers) == pytest.approx(rate, abs=1e-6)
    assert sum(layer.per_unit for layer in duty.layers) == each
    assert duty.general == 0 and all(layer.base == "sale" for layer in duty.layers)


def test_the_mexican_courier_rate_on_each_side_of_its_change():
    rates = [
        [row.rate for row in duties("MX", "CN", "8517.62", day(when), parcel=True)]
        for when in ("2025-08-14", "2025-08-15")
    ]
    assert rates == [[0.19], [0.335]]


def test_a_brazilian_parcel_above_the_limit_pays_sixty_percent_less_thirty_dollars():
    # BRL 400 at 1.2841 / 6.7046 = USD 76.61: (0.6 · 76.61 − 30) / 76.61 = 20.84 %
    duty = border.parcel("BR", "CN", "8518.30", DATA_DATE, 400.0, "BRL", 1.0)
    assert duty.layers[0].rate == pytest.approx(0.6 - 30 / (400 * 1.2841 / 6.7046), abs=1e-6)


def test_above_the_european_limit_and_in_the_us_a_parcel_pays_as_freight():
    assert border.parcel("DE", "CN", "6109 10 00", DATA_DATE, 150.01, "EUR", 1.0).general == 0.12
    assert border.parcel("US", "CN", "9503.00.0073", DATA_DATE, 5.0, "USD", 1.0).total == 0.125


# ---- fees and published entries
# -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "least", "most"),
    [
        ("2025-09-30", 32.71, 634.62),
        ("2025-10-01", 33.58, 651.50),
        ("2026-09-30", 33.58, 651.50),
        ("2026-10-01", 34.58, 670.86),
    ],
)
def test_the_merchandise_processing_fee_of_each_fiscal_year(when, least, most):
    # statutory 25 and 485 dollars, indexed: FR 90 FR 34665 (2026), FR Doc. 2026-15530 (2027)
    fee = next(one for one in import_fees("US", day(when)) if one.role == "entry_fee")
    assert (fee.rate, fee.minimum, fee.maximum) == (0.003464, least, most)


def entered(duty, value, *, units, **more):
    """Return the books of an entry of `value` in USD, FOB, spread over units of which each is sold
    once.
    """
    layers = [
        {"name": one.name, "rate": one.rate, "base": one.base, "per_unit": one.per_unit}
        for one in duty.layers
    ]
    changes = {
        "product.unit_cost": value / units,
        "product.units_per_shipment": float(units),
        "tax.customs_includes_freight": False,
        "tax.duty_rate": duty.general,
        "tax.duty_layers": layers,
        "channels.orders.impressions": float(units),
        **more,
    }
    return evaluate(neutral(changes)).steady


def test_a_real_us_entry_of_steel_brackets_to_the_cent():
    # https://github.com/Auxx-Ai/auxx-ai/pull/2255 (2026-09-18), CBP Form 7501: 7326.90.8688 from
    # China, entered value 14,172.00;
    # general 2.9 % 410.99 + Section 301 list 3 25 % 3,543.00 + Section 232 50 % 7,086.00 + forced
    # labour excluded 0.00 = 11,039.99
    duty = border.freight("US", "CN", "7326.90.8688", day("2026-09-01"))
    parts = [
        round(14_172 * rate, 2) for rate in (duty.general, *(layer.rate for layer in duty.layers))
    ]
    assert sorted(parts) == [410.99, 3543.0, 7086.0]
    found = entered(duty, 14_172.0, units=600)
    assert round(found["duty"] * 600, 2) == round(-found["goods_duty"], 2) == 11_039.99


def test_a_published_sea_entry_with_its_fees_to_the_cent():
    # https://tariff.synnaxstudio.com/blog/us-import-fees-explained-mpf-hmf-2026: 50,000.00, duty 10
    # % 5,000.00, MPF 173.20, HMF 62.50, together 5,235.70
    fees = border.fees("US", day("2026-01-15"), "sea")
    mpf, hmf = fees["entry_fee"][0], fees["harbour"][0]
    found = entered(
        border.Duty(0.10, mpf.provenance),
        50_000.0,
        units=1000,
        **{
            "tax.entry_fee_rate": mpf.rate,
            "tax.entry_fee_minimum": mpf.minimum,
            "tax.entry_fee_maximum": mpf.maximum,
            "tax.harbour_rate": hmf.rate,
        },
    )
    assert round(found["entry_fee"] * 1000, 2) == 173.20
    assert round((found["duty"] + found["import_fees"]) * 1000, 2) == 5235.70


def test_a_published_french_parcel_to_the_cent():
    # https://merchants.glopal.com/en-us/blog/eu-customs-changes-on-1st-july-2026: two codes in a
    # parcel, EUR 3 each = 6.00, French VAT of 20 % on it 1.20: 7.20
    duty = border.parcel("FR", "CN", "6109 10 00", day("2026-07-01"), 60.0, "EUR", 1.0)
    found = entered(
        duty,
        0.0,
        units=2,
        **{
            "tax.import_tax_rate": customs.tax("FR", day("2026-07-01")).rate,
            "tax.import_tax_recoverable": False,
        },
    )
    assert round(found["duty"] * 2, 2) == 6.00
    assert round((found["duty"] + found["import_tax_cost"]) * 2, 2) == 7.20


# ---- presets
# --------------------------------------------------------------------------------------------------


def test_a_us_preset_has_the_fees_of_an_entry():
    scenario = preset("amazon-us-kitchen")
    tax = scenario.tax
    assert (tax.entry_fee_rate, tax.entry_fee_minimum, tax.entry_fee_maximum, tax.harbour_rate) == (
        0.003464,
        34.58,
        670.86,
        0.00125,
    )
    assert tax.clearance_per_shipment == 125 + 40  # broker and security filing
    assert (
        scenario.product.customs_line,
        scenario.product.origin,
        tax.customs_includes_freight,
    ) == ("3924.90.5650", "CN", False)
    assert origins("amazon-us-kitchen")["product.units_per_shipment"].evidence == "assumed"


def test_a_tax_that_stands_in_for_vat_is_not_added_to_it():
    scenario = preset("mercadolibre-mx").replace({"product.price": 599.0})
    assert (scenario.tax.situation, scenario.tax.import_tax_rate) == ("not_registered", 0.0)
    # 599 = 448.69 + 33.5 % of 448.69
    assert evaluate(scenario).steady["duty"] == pytest.approx(599 - 599 / 1.335, abs=1e-3)
    # ICMS 17 % of the amount with tax: 0.17 / 0.83 of the net price
    brazil = preset("shopee-br")
    assert brazil.tax.tax_rate == pytest.approx(0.17 / 0.83, abs=1e-6)
    assert brazil.tax.situation == "marketplace_remits"  # it is on the price and not the store's
    assert evaluate(brazil).steady["order_output_tax"] == 0.0


def test_compliance_is_the_sum_of_the_items_that_apply():
    names = {item.item_en for item in compliance_of("amazon-de-electronics", DATA_DATE)}
    assert {
        "VAT registration and filing",
        "WEEE (stiftung ear) with authorised representative",
        "GPSR responsible person (EU authorised representative)",
    } <= names
    assert (
        "Toy safety EN 71 and CE file" not in names
        and "CPNP notification, safety report and responsible person" not in names
    )
    # German kitchen goods a month: VAT 100 + packaging 18 + GPSR 15 = 133 EUR; each rounded at
    # 7.5259: 753 + 135 + 113 = 1,001 CNY
    assert preset("amazon-de-kitchen").fixed.compliance_monthly == 1001
    assert (
        "VAT registration and filing 100 EUR"
        in origins("amazon-de-kitchen")["fixed.compliance_monthly"].note
    )


@pytest.mark.parametrize("name", [card.id for card in preset_cards()])
def test_every_preset_names_its_line_material_and_origin(name):
    product = preset(name).product
    assert len(customs.digits(product.customs_line)) >= 6 and product.material and product.origin


def test_an_old_file_with_one_duty_rate_keeps_its_numbers():
    # 100 orders at cost 10, duty 25 % in one figure, as files before the layers have it: 100 · 10 ·
    # 0.25
    old = Scenario.read(
        {
            **neutral().plain(),
            "tax": {"duty_rate": 0.25, "customs_includes_freight": False},
            "product": {"price": 100.0, "unit_cost": 10.0},
        }
    )
    assert evaluate(old).steady["goods_duty"] == pytest.approx(-250.0)
    assert evaluate(old).steady["goods_entry"] == 0.0
