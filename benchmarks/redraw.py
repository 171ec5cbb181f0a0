"""Change one input: how long until Unit economics, Risk and Cash are redrawn, against an empty page's
number to text.

All pages run at once, in one Chromium, changes taken in turn, so that the machine's mood falls on
all alike. Unit economics counts as redrawn when the headline, the waterfall and the ledger all show
the new price; Risk when the key figures, the headline, the distribution (16,384 paths simulated
anew) and the fan are all new, in the DOM: looked for every 2 ms, not every frame, because without a
graphics card the frames of a large window come slowly and would be what is measured.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Literal

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page

from benchmarks._goals import finish, report
from benchmarks.quotes import five_quotes
from funnel_sim.chance.simulation import simulate
from funnel_sim.decisions.cash.answer import cash_answer
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.moves import lowered, offer_settings
from funnel_sim.output.words.counter_offer import change_name
from funnel_sim.scenario.links import encode
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.cash import cash_sentence, cash_tiles
from funnel_sim.output.words.chance import believed
from funnel_sim.output.words.formats import money
from funnel_sim.output.words.kpi import believed_probability, kpi_text
from funnel_sim.output.words.quote import verdict_sentence
from tests.browser.chromium import browser, free_port
from funnel_sim.ui.server.serve import start

ROUNDS = 15
TABLE_SHOWS = (
    "[...document.querySelectorAll('.st-key-ledger *')].some(e =>"
    " e.shadowRoot?.textContent.includes('{text}'))"
)


def gross(price: str) -> str:
    """Return gross sales per order as the ledger shows them: the price without 19 % tax."""
    return money(float(price) / 1.19, "EUR", "en")


def time_change(
    page: Page,
    label: str,
    value: str,
    done: str,
    role: Literal["textbox", "spinbutton"] = "textbox",
) -> float:
    """Return the milliseconds from Enter to the moment at which `done` (a JavaScript condition)
    holds.
    """
    box = page.get_by_role(role, name=label).first
    box.fill(value)
    page.evaluate(
        """done => { window.__took = null; const test = new Function('return ' + done);
           const press = e => { if (e.key !== 'Enter') return; document.removeEventListener('keydown', press, true);
             const began = performance.now();
             const timer = setInterval(() => { if (test()) { window.__took = performance.now() - began; clearInterval(timer); } }, 2); };
           document.addEventListener('keydown', press, true); }""",
        done,
    )
    box.press("Enter")
    page.wait_for_function("window.__took !== null", timeout=20_000, polling=50)
    return float(page.evaluate("window.__took"))


def worked(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds of processor time that a server has used since it was started; 0 where the
    system does not tell (it does on Linux).
    """
    try:
        told = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:  # pages are opened and timed one after the other
    """Measure and report."""
    port, empty_port = free_port(), free_port()
    server = start(port)
    empty = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(Path(__file__).with_name("empty_page.py")),
            "--server.port",
            str(empty_port),
            "--server.address",
            "127.0.0.1",
            "--server.headless",
            "true",
            "--browser.gatherUsageStats",
            "false",
        ]
    )
    try:
        with browser() as chromium:
            ours, risk, floor = (
                chromium.new_page(viewport={"width": 1366, "height": 1400}) for _ in range(3)
            )
            plain = encode(priced("29.99"))  # a typed price keeps the width of a range around it
            risk.goto(f"http://127.0.0.1:{port}/risk-and-odds?lang=en&s={plain}")
            risk.wait_for_function(
                risk_shows("29.99").replace(FAN + " !== window.__fan", FAN + " !== ''"),
                timeout=60_000,
            )
            ours.goto(f"http://127.0.0.1:{port}/unit-economics?lang=en")
            ours.wait_for_selector("text=Of €29.99", timeout=60_000)
            ours.wait_for_function(TABLE_SHOWS.format(text=gross("29.99")), timeout=60_000)
            ours.wait_for_timeout(2000)
            for _ in range(50):
                try:
                    floor.goto(f"http://127.0.0.1:{empty_port}/")
                    break
                except Exception:  # the second server is still starting
                    time.sleep(0.2)
            floor.wait_for_selector("text=shown 1", timeout=60_000)
            kpi = chromium.new_page(viewport={"width": 1366, "height": 1400})
            kpi.goto(f"http://127.0.0.1:{port}/kpi-check?lang=en&s={encode(promised(0.4))}")
            kpi.wait_for_function(kpi_shows(0.4), timeout=60_000)
            quote = chromium.new_page(viewport={"width": 1366, "height": 1400})
            quote.goto(f"http://127.0.0.1:{port}/quote-test?lang=en&s={encode(offered(20000.0))}")
            quote.wait_for_function(quote_shows(20000.0), timeout=60_000)
            quote.get_by_role("textbox", name="Monthly base (CNY)").first.wait_for(timeout=60_000)
            cash = chromium.new_page(viewport={"width": 1366, "height": 1400})
            cash.goto(f"http://127.0.0.1:{port}/cash-flow?lang=en&s={plain}")
            cash.wait_for_function(cash_shows("29.99"), timeout=60_000)
            page_times, risk_times, floor_times, kpi_times, quote_times = [], [], [], [], []
            risk_work, quote_work = [], []
            cash_times = []
            for i in range(ROUNDS + 3):
                price = f"{20 + i * 0.5:.2f}"
                # textContent, not innerText: reading the latter lays the page out anew in every
                # frame, and would measure the measuring
                drawn = (
                    "document.querySelector('[data-testid=stMain] h4')?.textContent.includes('Of"
                    f" €{price} that') &&"
                    f" document.querySelector('[data-testid=stVegaLiteChart]')?.textContent.includes('€{price}')"
                    f" && {TABLE_SHOWS.format(text=gross(price))}"
                )
                took = time_change(ours, "Price (EUR)", price, drawn)
                risk.evaluate(f"window.__fan = {FAN}")
                shown, before = risk_shows(price), worked(server)
                odds = time_change(risk, "Price (EUR)", price, shown)
                risk_worked = worked(server) - before
                opening = f"{10_000 + 1_000 * i}"
                lasts = time_change(
                    cash, "Cash on the first day (CNY)", opening, cash_shows("29.99", opening)
                )
                target = 0.05 + 0.01 * i
                checked = time_change(kpi, "Target (%)", f"{target * 100:.2f}", kpi_shows(target))
                base = 15000.0 + 100 * i
                shown, before = quote_shows(base), worked(server)
                quoted = time_change(quote, "Monthly base (CNY)", f"{base:.0f}", shown)
                quote_worked = worked(server) - before
                least = time_change(
                    floor,
                    "number",
                    str(i + 2),
                    "document.querySelector('[data-testid=stMarkdown]')?.textContent.includes('shown"
                    f" {i + 2}')",
                    "spinbutton",
                )
                if i >= 3:
                    page_times.append(took)
                    risk_times.append(odds)
                    cash_times.append(lasts)
                    kpi_times.append(checked)
                    quote_times.append(quoted)
                    floor_times.append(least)
                    risk_work.append(risk_worked)
                    quote_work.append(quote_worked)
    finally:
        for process in (server, empty):
            process.terminate()
            process.wait()
    page_time, risk_time, floor_time, kpi_time, quote_time, cash_time = (
        statistics.median(times)
        for times in (page_times, risk_times, floor_times, kpi_times, quote_times, cash_times)
    )
    sys.stdout.write(
        f"unit economics {page_time:.0f} ms, risk {risk_time:.0f} ms, cash {cash_time:.0f} ms, KPI check {kpi_time:.0f} ms,"
        f" quote test {quote_time:.0f} ms, empty page {floor_time:.0f} ms (medians of {ROUNDS})\n"
    )
    work = sum(quote_work) / max(sum(risk_work), 1e-9)
    if sum(risk_work):
        sys.stdout.write(
            f"processor time of the server: risk {1000 * sum(risk_work) / ROUNDS:.0f} ms, quote test"
            f" {1000 * sum(quote_work) / ROUNDS:.0f} ms a change\n"
        )
    else:
        work = quote_time / risk_time  # the system tells no processor time
    scenario = four_channels()
    evaluate(scenario)
    began = time.perf_counter()
    for _ in range(50):
        evaluate(scenario)
    one = (time.perf_counter() - began) / 50 * 1000
    finish(
        [
            report("redraw of Unit economics against an empty page", page_time / floor_time, 3),
            report(
                "redraw of Risk (16,384 paths simulated) against an empty page",
                risk_time / floor_time,
                5,
            ),
            report(
                "redraw of Cash (16,384 paths by day) against an empty page",
                cash_time / floor_time,
                5,
            ),
            report(
                "redraw of the KPI check (3 × 16,384 paths simulated) against an empty page",
                kpi_time / floor_time,
                5,
            ),
            report(
                "redraw of the Quote test (five quotes and four alternatives, 16,384 paths) against"
                " Risk",
                quote_time / risk_time,
                3,
            ),
            report("the same in processor time of the server, whatever else runs", work, 3),
            report(
                "one evaluation (12 months, 4 channels) against an empty page",
                100 * one / floor_time,
                5,
                unit="%",
            ),
        ]
    )


FAN = "(document.querySelectorAll('[data-testid=stVegaLiteChart]')[1]?.innerHTML ?? '')"


def priced(price: str) -> Scenario:
    """Return a store with a price that is no range."""
    return preset("amazon-de-kitchen").replace({"product.price": float(price)})


def risk_shows(price: str) -> str:
    """Return the condition under which the Risk page shows a price: its mean in the strip, its
    median in headline and chart, another fan.
    """
    scenario = priced(price)
    found = simulate(scenario, ["profit"]).estimate("profit")
    mean, middle = (
        believed(one, "money", "EUR", "CNY", "en") for one in (found.mean, found.quantiles[0.5])
    )
    return (
        "[...document.querySelectorAll('.st-key-risk_strip *')].some(e =>"
        f" e.shadowRoot?.textContent.includes('{mean}')) &&"
        " document.querySelector('[data-testid=stMain]').textContent.includes('chance of more than"
        f" {middle}') &&"
        f" document.querySelector('[data-testid=stVegaLiteChart]')?.textContent.includes('{middle}')"
        f" && {FAN} !== window.__fan"
    )


def cash_shows(price: str, opening: str = "0") -> str:
    """Return the condition under which the page of cash shows an opening cash: its sentence, and
    the lowest balance in its tile.
    """
    found = cash_answer(priced(price).replace({"cash.opening_cash": float(opening)}))
    sentence = cash_sentence(found, "en").replace("'", "\\'")
    lowest = next(one for one in cash_tiles(found, "en") if one.key == "lowest").value
    return (
        "[...document.querySelectorAll('.st-key-cash_card h5')].some(e =>"
        f" e.textContent.includes('{sentence}'))"
        f" && document.querySelector('.st-key-cash_tile_lowest')?.textContent.includes('{lowest}')"
        " && document.querySelectorAll('[data-testid=stVegaLiteChart]').length > 1"
    )


def promised(target: float) -> Scenario:
    """Return a store that was promised more GMV."""
    return preset("amazon-de-kitchen").replace(
        {"kpis": [{"id": "gmv", "metric": "gmv", "target": round(target, 4), "relative": True}]}
    )


def kpi_shows(target: float) -> str:
    """Return the condition under which the KPI check shows a target: its odds in the verdict and at
    the bar.
    """
    found = check(promised(target))
    odds = believed_probability(found.joint, found, "en")
    name = kpi_text(found.answers[0].kpi, found.scenario, "en")
    return (
        "[...document.querySelectorAll('.st-key-kpi_card h5')].some(e =>"
        f" e.textContent.includes('{odds}'))"
        f" && document.querySelector('[data-testid=stVegaLiteChart]')?.textContent.includes('{name}')"
        f" && document.querySelector('[data-testid=stVegaLiteChart]')?.textContent.includes('{odds}')"
    )


def offered(base: float) -> Scenario:
    """Return a store with five quotes, the first with a monthly base."""
    scenario = five_quotes()
    return scenario.replace({f"options.{scenario.options[0].id}.base": base})


def quote_shows(base: float) -> str:
    """Return the condition under which the Quote test shows a monthly base: the verdict's sentence,
    and what to ask for instead, where the base comes down from the one that was typed.
    """
    scenario = offered(base)
    found = compare(scenario)
    answer = found.options[0]
    verdict = verdict_sentence(answer, found, "en").split(" over ")[0]
    option = answer.option
    less = lowered(option, "base", offer_settings()["first_level"])
    asked = change_name(less, option, scenario, "en")
    return (
        "[...document.querySelectorAll('.st-key-quote_card h5')].some(e =>"
        f" e.textContent.includes('{verdict}'))"
        f" && document.querySelector('.st-key-counter_list')?.textContent.includes('{asked}')"
    )


def four_channels():
    """Return a scenario of 12 months with four channels of different kinds."""
    base = preset("shopify-us-beauty")
    rows = base.plain()["channels"]
    rows.append(
        {
            "id": "creators",
            "kind": "share",
            "impressions": 100_000.0,
            "ctr": 0.01,
            "affiliate_rate": 0.15,
        }
    )
    rows = rows[:3] + rows[-1:]
    return base.read(base.plain() | {"channels": rows})


if __name__ == "__main__":
    main()
