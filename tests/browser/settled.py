"""When a page has come to rest: a watch inside the page, asked frame by frame, instead of waits
that are too long on a quiet machine and too short on a busy one.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from playwright.sync_api import TimeoutError as NoRest

CALM_FRAMES = 3  # drawn without a change, one after the other
PATIENCE = 10_000  # milliseconds after which somebody presses although the page still moves
# Inside of each page before anything of it runs. Of the messages between page and server only two
# kinds matter, told by the number of their field (streamlit/proto/BackMsg.proto 11 rerun_script;
# ForwardMsg.proto 4 new_session, 6 script_finished, whose 2 is "ended early for another run").
WATCH = """(() => {
  if (window.top !== window || window.__rest) return;
  const rest = window.__rest = {run: 'none', changes: 0, seen: -1, calm: 0};
  const Plain = window.WebSocket;
  const varint = (bytes, at) => {
    let value = 0, shift = 0, byte;
    do { byte = bytes[at++]; value += (byte & 127) * 2 ** shift; shift += 7; } while (byte > 127);
    return [value, at];
  };
  const kind = bytes => {
    for (let at = 0, tag, value; at < bytes.length;) {
      [tag, at] = varint(bytes, at);
      [value, at] = varint(bytes, at);
      if (tag === 34) return 'begun';
      if (tag === 48) return value === 2 ? 'early' : 'ended';
      if ((tag & 7) !== 2 || tag > 90) return 'other';
      at += value;
    }
    return 'other';
  };
  window.WebSocket = class extends Plain {
    constructor(...all) {
      super(...all);
      this.addEventListener('message', ({data}) => {
        const told = data instanceof ArrayBuffer ? kind(new Uint8Array(data)) : 'other';
        if (told === 'begun') rest.run = 'begun';
        if (told === 'ended' && rest.run === 'begun') rest.run = 'none';
      });
      this.addEventListener('close', () => { rest.run = 'none'; });
    }
    send(data) {
      const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
      if (bytes[0] === 90) rest.run = 'asked';
      super.send(data);
    }
  };
  new MutationObserver(() => { rest.changes += 1; })
    .observe(document, {childList: true, subtree: true, attributes: true, characterData: true});
  const at_work = () => rest.run !== 'none'
    || document.querySelector('[data-testid=stApp][data-test-script-state=running]')
    || document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
    || document.querySelector('[data-testid=stAppSkeleton]')
    || document.fonts.status === 'loading'
    || [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
      .some(one => !one.querySelector('svg, canvas'))
    || window.__fsMenuSoon || window.__fsSwapSoon || window.__fsHintsSoon || window.__takeSoon
    || document.getAnimations().some(one => one.playState === 'running'
      && one.effect?.getComputedTiming().endTime < 3000);  // longer: a countdown, a spinner
  rest.still = frames => {
    rest.calm = rest.seen === rest.changes && !at_work() ? rest.calm + 1 : 0;
    rest.seen = rest.changes;
    if (rest.calm <= frames) return false;
    rest.calm = 0;
    return true;
  };
})()"""


def watched(browser: Browser) -> Browser:
    """Return a browser whose every new context watches its pages."""
    opened, page = browser.new_context, browser.new_page

    def new_context(**how: object) -> BrowserContext:
        context = opened(**how)
        context.add_init_script(WATCH)
        return context

    def new_page(**how: object) -> Page:
        one = page(**how)
        one.add_init_script(WATCH)
        return one

    browser.new_context, browser.new_page = new_context, new_page
    return browser


def settled(page: Page) -> None:
    """Wait until the page has come to rest.

    That is: what was asked of the server is answered, nothing on the page is left from before,
    loading, moving or about to be rewritten, and some frames were drawn without a change.
    """
    page.wait_for_function("frames => window.__rest.still(frames)", arg=CALM_FRAMES, timeout=30_000)


def escape(page: Page) -> None:
    """Press Escape once the page has come to rest: what it closes while an answer is under way
    is drawn again by that answer.
    """
    settled(page)
    page.keyboard.press("Escape")


@contextmanager
def patient() -> Iterator[None]:
    """Let every click wait until the page has come to rest, as a person looks before the next act:
    what is pressed while an answer is drawn can be drawn over, and the press is lost.
    """
    click = Locator.click

    def patient_click(self: Locator, **how: Any) -> None:
        with suppress(NoRest):  # a page that never rests, as one without its server
            self.page.wait_for_function(
                "frames => !window.__rest || window.__rest.still(frames)",
                arg=CALM_FRAMES,
                timeout=PATIENCE,
            )
        click(self, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", patient_click)
        yield
