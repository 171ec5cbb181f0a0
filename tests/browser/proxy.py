"""Replicas of the app behind the proxy that deploy/ configures, as Debian packages that proxy."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

from funnel_sim.ui.server import serve
from funnel_sim.ui.server.settings import Settings
from tests.browser.chromium import free_port

TEMPLATE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf.template"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
PATIENCE = 60.0


@dataclass
class Site:
    """A proxy, its replicas, and where its log lies."""

    url: str
    replicas: dict[int, "subprocess.Popen[bytes]"]
    log: Path


@contextmanager
def proxied(place: Path, settings: Settings, count: int) -> Iterator[Site]:
    """Serve `count` replicas behind nginx with the configuration of deploy/."""
    ports = []
    replicas = {}
    for _ in range(count):
        port = free_port()
        replicas[port] = serve.start(port, settings=settings)
        ports.append(port)
    listen = free_port()
    log = place / "access.log"
    verification = place / "verification"
    verification.mkdir()
    (verification / "MP_verify_abc123.txt").write_text("abc123")
    filled = Template(TEMPLATE.read_text("utf-8")).safe_substitute(
        FUNNEL_SIM_SERVERS="".join(f"server 127.0.0.1:{port};" for port in ports),
        FUNNEL_SIM_LISTEN=f"127.0.0.1:{listen}",
        FUNNEL_SIM_HOST="_",
        FUNNEL_SIM_TLS="",
        FUNNEL_SIM_BASE=f"{settings.base_path}/" if settings.base_path else "",
        FUNNEL_SIM_ACCESS_LOG=str(log),
        FUNNEL_SIM_VERIFICATION=str(verification),
    )
    (place / "site.conf").write_text(filled)
    user = "user root;" if os.name == "posix" and os.getuid() == 0 else ""  # reads what is ours
    (place / "nginx.conf").write_text(
        f"{user} pid {place}/nginx.pid; error_log {place}/error.log;\n"
        "daemon off; worker_processes 1;\n"
        "events { worker_connections 512; }\n"
        f"http {{ include /etc/nginx/mime.types; client_body_temp_path {place}/body;\n"
        f"proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/f; uwsgi_temp_path {place}/u;\n"
        f"scgi_temp_path {place}/s; include {place}/site.conf; }}\n"
    )
    proxy = subprocess.Popen([NGINX, "-p", str(place), "-c", str(place / "nginx.conf")])
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", listen)) == 0:
                break
        assert proxy.poll() is None and time.monotonic() < deadline, "nginx did not start"
        time.sleep(0.1)
    try:
        yield Site(f"http://127.0.0.1:{listen}", replicas, log)
    finally:
        for process in (proxy, *replicas.values()):
            process.terminate()
        for process in (proxy, *replicas.values()):
            process.wait()
