"""Whether the server of this machine answers, for the health check of a container:
`python -m funnel_sim.ui.server.healthy [PORT]`; ends with 0 where it does.
"""

import sys
import urllib.error
import urllib.request

from funnel_sim.ui.server.settings import settings_of

_PATIENCE = 4.0


def healthy(port: int, base_path: str = "") -> bool:
    """Return whether the app answers at a port of this machine.

    Args:
        port: where it listens.
        base_path: where it lies below the root of its host.
    """
    place = f"{base_path}/_stcore/health" if base_path else "_stcore/health"
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with directly.open(f"http://127.0.0.1:{port}/{place}", timeout=_PATIENCE) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if healthy(int([*sys.argv, "8501"][1]), settings_of().base_path) else 1)
