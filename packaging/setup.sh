#!/usr/bin/env bash
# Makes .venv from the lock file, and sees that the system has what Qt and the demo need.
# Installs missing system packages where it is root on Debian or Ubuntu, else names them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'PS Buddy cannot be set up: %s\n' "$*" >&2; exit 1; }
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"; return
    fi
  done
  die "Python 3.11 or newer is needed and was not found. Install it, or name it: make run PYTHON=/path/to/python3"
}

# The dynamic linker is asked, not a package list: a library counts wherever it came from.
has_library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }
has_command() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || [ -x "/usr/local/sbin/$1" ]; }

missing_packages() {
  local probe package _rest
  while read -r probe package _rest; do
    case "$probe" in
      lib:*) has_library "${probe#lib:}" || echo "$package" ;;
      command:*) has_command "${probe#command:}" || echo "$package" ;;
    esac
  done < packaging/system-packages.txt
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    echo "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
}

install_packages() {
  local policy=/usr/sbin/policy-rc.d made_policy="" had_sshd=""
  has_command sshd && had_sshd=1
  # The demo starts its own sshd on loopback. The system's must not start because of us.
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"; chmod 755 "$policy"; made_policy=1
  fi
  local status=0
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
    > build/apt.log 2>&1 || status=$?
  [ -z "$made_policy" ] || rm -f "$policy"
  if [ -z "$had_sshd" ] && command -v systemctl >/dev/null; then
    systemctl disable ssh.service ssh.socket >/dev/null 2>&1 || true
  fi
  [ "$status" = 0 ] || { tail -5 build/apt.log >&2; die "apt-get could not install: $* (all of its output: build/apt.log)"; }
}

mkdir -p build
python=$(find_python)
mapfile -t missing < <(missing_packages)
if [ "${#missing[@]}" -gt 0 ]; then
  if can_install; then
    say "Installing system packages: ${missing[*]}"
    install_packages "${missing[@]}"
  else
    say "Missing system packages. Please run: sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
fi

if [ ! -x .venv/bin/python ]; then
  say "Making .venv with $("$python" --version)"
  "$python" -m venv .venv || die "no virtual environment could be made with $python (python3-venv missing?)"
fi
say "Installing the locked Python packages (about 250 MB the first time)"
bar=off; [ -t 2 ] && bar=on
# The lock is whole, so nothing is resolved: an older pip that resolves may choose a release newer than the
# lock for a package that another asks for with an extra, and refuse it for want of a hash.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar "$bar" \
  --no-deps --require-hashes -r packaging/requirements-dev.lock ||
  die "pip could not install packaging/requirements-dev.lock; is the package index reachable?"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ||
  die "PS Buddy itself could not be installed into .venv"
# What is installed as editable nobody compiles: its first start would be a slow one.
.venv/bin/python -m compileall -q psbuddy ui collectors || true
touch .venv/ready
say "Ready"
