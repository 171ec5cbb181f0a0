#!/usr/bin/env bash
# Run a program of the project's .venv, on any system: bash scripts/in_venv.sh ruff check
set -eu
for place in .venv/bin .venv/Scripts; do
  [ -x "$place/$1" ] || [ -x "$place/$1.exe" ] || continue
  exec "$place/$1" "${@:2}"
done
echo "$1 is not in .venv: run make check once (Windows: see CONTRIBUTING.md)" >&2
exit 1
