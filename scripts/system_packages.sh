#!/usr/bin/env bash
# Install system packages where that is allowed; else end with the one command to run.
set -u
packages=("$@")
install="apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
if ! command -v apt-get >/dev/null; then
  echo "Missing: ${packages[*]}. Install them with your system's package manager, then run make again." >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  bash -c "export DEBIAN_FRONTEND=noninteractive; $install" >/tmp/funnel_sim_apt.log 2>&1 && exit 0
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  sudo -n bash -c "export DEBIAN_FRONTEND=noninteractive; $install" >/tmp/funnel_sim_apt.log 2>&1 && exit 0
fi
echo "Missing: ${packages[*]}. Run this once, then make again:" >&2
echo "  sudo bash -c \"$install\"" >&2
exit 1
