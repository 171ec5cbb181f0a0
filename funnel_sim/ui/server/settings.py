"""What whoever runs a server may decide, on the command line or, in a container, by the
environment.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from funnel_sim.errors import refuse

EMBED, BASE, COUNTERS, LOG = (
    "FUNNEL_SIM_EMBED_IN",
    "FUNNEL_SIM_BASE_PATH",
    "FUNNEL_SIM_COUNTERS",
    "FUNNEL_SIM_LOG",
)
_SITE = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")
_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
LOGS = ("text", "json")


@dataclass(frozen=True)
class Settings:
    """How a server answers.

    `embed_in`: sites that may show it in a frame, beside its own; `base_path`: where it lies below
    the root of its host, without slashes around it; `counters`: whether /metrics counts redraws;
    `log`: lines for readers ("text") or for programs ("json").
    """

    embed_in: tuple[str, ...] = ()
    base_path: str = ""
    counters: bool = False
    log: str = "text"

    def environment(self) -> dict[str, str]:
        """Return the settings as the environment of the process that serves."""
        return {
            EMBED: " ".join(self.embed_in),
            BASE: self.base_path,
            COUNTERS: "1" if self.counters else "",
            LOG: self.log,
        }


def settings_of(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that an environment holds.

    Args:
        environment: texts by name; those of this process by default.

    Raises:
        InputError: where a text is none that the setting can have.

    Examples:
        >>> settings_of({BASE: "/funnel/", LOG: "json"})
        Settings(embed_in=(), base_path='funnel', counters=False, log='json')
    """
    sites = tuple(environment.get(EMBED, "").replace(",", " ").split())
    for site in sites:
        if not _SITE.fullmatch(site):
            raise refuse("embed-in", site, "site")
    base = environment.get(BASE, "").strip("/")
    if base and not _PATH.fullmatch(base):
        raise refuse("base-path", base, "base_path")
    counted = environment.get(COUNTERS, "").lower()
    if counted not in (*_YES, *_NO):
        raise refuse("counters", counted, "one_of", options=", ".join((*_YES, *_NO[1:])))
    log = environment.get(LOG, "") or "text"
    if log not in LOGS:
        raise refuse("log", log, "one_of", options=", ".join(LOGS))
    return Settings(sites, base, counted in _YES, log)
