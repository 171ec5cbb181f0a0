"""A hand that counts what it does: a click, a choice, a typed field are one act each."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.settled import settled

PRESSES = 3
"""How often a person presses an option of a list that stays open."""


class Hand:
    """One person's hand on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.done: list[str] = []

    @property
    def acts(self) -> int:
        """How many acts there were."""
        return len(self.done)

    def click(self, what: Locator) -> None:
        """Click something."""
        what.click(timeout=30_000)
        self.did(f"click {what}")

    def type(self, label: str, text: str) -> None:
        """Type into the first field of that name, and leave it."""
        box = self.page.get_by_role("textbox", name=re.compile(re.escape(label))).first
        expect(box).to_be_visible(timeout=30_000)
        box.fill(text)
        box.press("Enter")
        self.did(f"type {label} {text}")

    def choose(self, box: Locator, option: str) -> None:
        """Open a list and take one of its options: one choice."""
        box.scroll_into_view_if_needed()
        settled(self.page)  # a list closes when the page still moves
        box.click()
        line = self.page.get_by_role("option", name=option).first
        line.scroll_into_view_if_needed(timeout=30_000)
        settled(self.page)
        for _ in range(PRESSES):  # a press while the list draws its options anew is lost: once more
            line.click(timeout=30_000)
            if self._closed():
                break
        expect(self.page.get_by_role("listbox")).to_have_count(0)
        self.did(f"choose {option}")

    def _closed(self) -> bool:
        """Say whether the list has closed, as it does once an option is taken."""
        try:
            expect(self.page.get_by_role("listbox")).to_have_count(0, timeout=4_000)
        except AssertionError:
            return False
        return True

    def upload(self, box: Locator, name: str, content: str, **more: str) -> None:
        """Give one or several files to a field: one choice in the system's own window."""
        every = {name: content} | {f"{one}.csv": text for one, text in more.items()}
        told = [
            {"name": one, "mimeType": "text/csv", "buffer": text.encode()}
            for one, text in every.items()
        ]
        box.set_input_files(told)
        self.did(f"upload {', '.join(every)}")

    def did(self, what: str) -> None:
        """Count one act, and wait until the page has come to rest."""
        self.done.append(what)
        settled(self.page)
