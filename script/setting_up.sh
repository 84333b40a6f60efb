# The slow path of script/bootstrap: what is missing on the system, the virtual environment, the packages, the words.

log=$(mktemp)
child=""
trap 'rm -f "$log"' EXIT
trap 'halt 130' INT
trap 'halt 143' TERM HUP

set_up() {
  wait_for_turn
  up_to_date || make_everything
  let_others_go
}

make_everything() {
  local python; python=$(find_python) || exit 1
  install_system_parts "$python"
  make_environment "$python"
  install_packages
  [ -z "$dev" ] || install_browser
  [ -z "$dev" ] || install_dovecot
  ! stale_words || step "Compiling the translations" .venv/bin/pybabel -q compile -d translations -D "messages je" || fail "The translations could not be compiled: $(last_line)"
  wanted "$dev" > ".venv/stamp-${dev:-run}"
}

# ---- what a person sees ----

fail() { printf '\nError: %s\n' "$1" >&2; exit 1; }
halt() { [ -z "$child" ] || kill "$child" 2>/dev/null; printf '\n' >&2; exit "$1"; }
last_line() { grep -vE '^[[:space:]]*$|^\[?(notice|WARNING)' "$log" | tail -n 1; }

# step "Doing this" command…: one line with its time; what the command says goes to the log.
step() {
  local what=$1 begin=$SECONDS code=0; shift
  printf '%s …' "$what" >&2
  : > "$log"
  "$@" >>"$log" 2>&1 </dev/null &
  child=$!
  [ ! -t 2 ] || count_seconds "$what" "$begin"
  wait "$child" || code=$?
  child=""
  [ ! -t 2 ] || printf '\r%s …' "$what" >&2
  if [ "$code" = 0 ]; then printf ' done in %s s\n' $((SECONDS - begin)) >&2; else printf ' failed\n' >&2; fi
  return "$code"
}

count_seconds() {
  while kill -0 "$child" 2>/dev/null; do
    printf '\r%s … %s s' "$1" $((SECONDS - $2)) >&2
    sleep 0.3
  done
}

# ---- one at a time: two that install into one environment spoil it ----

wait_for_turn() {
  command -v flock >/dev/null || return 0
  exec 9>.bootstrap.lock || fail "This folder cannot be written to: $PWD. Run this as its owner."
  flock -n 9 || { echo "Another script/bootstrap is at work; waiting for it." >&2; flock 9; }
}

let_others_go() { exec 9>&-; rm -f "$log"; trap - EXIT INT TERM HUP; }

# ---- Python ----

find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if new_enough "$candidate"; then echo "$candidate"; return 0; fi
  done
  local found; found=$(python3 -V 2>/dev/null) || found="no Python 3"
  printf '\nError: Python 3.11, 3.12, 3.13 or 3.14 is needed; here is %s. Install it (%s) and run this again.\n' "$found" "$(python_remedy)" >&2
  return 1
}

new_enough() { [ "$("$1" -c 'import sys; print((3, 11) <= sys.version_info < (3, 15))' 2>/dev/null)" = True ]; }
python_remedy() { if [ "$(uname)" = Darwin ]; then echo "brew install python"; else echo "Debian 12, Ubuntu 24.04 and later have it: apt-get install python3"; fi; }

# ---- what the system must have ----

install_system_parts() {
  local python=$1 missing=()
  has_venv "$python" || missing+=("$(venv_package "$python")")
  has_pango "$python" || missing+=("$(pango_package)")
  [ -z "$dev" ] || has_browser || ! command -v apt-cache >/dev/null || ! debian_chromium || missing+=(chromium)
  [ -z "$dev" ] || has_libatomic || ! command -v apt-get >/dev/null || missing+=(libatomic1)
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then without_apt "${missing[@]}"; return 0; fi
  as_root || { without_rights "$python" "${missing[@]}"; return 0; }
  install_from_apt "${missing[@]}"
}

has_venv() { [ -x .venv/bin/pip ] || command -v uv >/dev/null || "$1" -c 'import ensurepip, venv' 2>/dev/null; }
venv_package() { [ "$1" = python3 ] && echo python3-venv || echo "$1-venv"; }

has_pango() {
  "$1" - 2>/dev/null <<'PY'
import ctypes, sys
folders = ("", "/opt/homebrew/lib/", "/usr/local/lib/") if sys.platform == "darwin" else ("",)
names = [f + n for f in folders for n in ("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib")]
def loads(name):
    try: return bool(ctypes.CDLL(name))
    except OSError: return False
sys.exit(not any(map(loads, names)))
PY
}
pango_package() { if command -v apt-get >/dev/null; then echo libpangoft2-1.0-0; else echo pango; fi; }

has_dovecot() { command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ]; }

has_browser() { command -v chromium >/dev/null || command -v google-chrome >/dev/null; }
has_libatomic() { compgen -G "/usr/lib/*/libatomic.so.1" >/dev/null; }  # what drives the browser was linked with it
debian_chromium() { grep -qs '^ID=debian' /etc/os-release; }  # Ubuntu's package is a snap, which needs a service

as_root() {
  if [ "$(id -u)" = 0 ]; then root=(env); return 0; fi
  command -v sudo >/dev/null || return 1
  root=(sudo -n env)
  sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ] && echo "System packages are missing; sudo may ask for your password to install them." >&2 && sudo -v; }
}

apt() { "${root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@"; }
apt_install() { apt install -y --no-install-recommends "$@" || { apt update && apt install -y --no-install-recommends "$@"; }; }

install_from_apt() {
  step "Installing $*" apt_install "$@" || fail "apt-get could not install $*: $(apt_reason)"
}

apt_reason() {
  if grep -q 'No space left' "$log"; then echo "the disk is full. Make room and run this again."
  elif grep -qE 'Could not resolve|Temporary failure|Connection (failed|refused|timed out)|Could not connect|Unable to locate' "$log"; then
    echo "the network or the package mirror cannot be reached. Run this again when it can."
  else grep '^E:' "$log" | tail -n 1; fi
}

without_rights() {
  local python=$1; shift
  local remedy="Run as root, then this again:  apt-get update && apt-get install -y $*"
  if [ "$*" = libpangoft2-1.0-0 ]; then echo "PDF reports need Pango, and this user may not install it. $remedy" >&2
  else fail "$* must be installed, and this user may not. $remedy"; fi
}

without_apt() {
  if [ "$*" = pango ]; then echo "PDF reports need Pango. Install it with:  $(other_installer) pango" >&2
  else fail "$* must be installed. Try:  $(other_installer) $*"; fi
}
other_installer() { if [ "$(uname)" = Darwin ]; then echo "brew install"; elif command -v dnf >/dev/null; then echo "sudo dnf install"; else echo "your system's installer:"; fi; }

# ---- the environment ----

make_environment() {
  usable_environment && return 0
  if "$1" -c 'import ensurepip, venv' 2>/dev/null; then
    step "Making .venv with $("$1" -V)" "$1" -m venv --clear .venv || fail "The virtual environment could not be made: $(pip_reason)"
  else
    step "Making .venv with $("$1" -V)" uv venv --quiet --seed --python "$1" .venv || fail "uv could not make the virtual environment: $(last_line)"
  fi
}

# One that was moved, was made by another Python or was interrupted is made anew.
usable_environment() { [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$PWD/.venv" ] && .venv/bin/pip --version >/dev/null 2>&1; }

install_packages() {
  local list=requirements${dev:+-dev}.txt
  local count; count=$(cat requirements.txt ${dev:+requirements-dev.txt} | grep -c ==)
  local what="Installing $count Python packages"
  if command -v uv >/dev/null && step "$what with uv" uv pip install --python .venv/bin/python -r "$list"; then return 0; fi
  step "$what" .venv/bin/pip install --disable-pip-version-check --progress-bar off --no-input --retries 3 -r "$list" || fail "$(pip_reason)"
}

pip_reason() {
  if grep -q 'No space left' "$log"; then echo "The disk is full. Make room and run this again; what was installed is kept."
  elif grep -qE 'NewConnectionError|NameResolution|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Temporary failure|Network is unreachable|Connection (refused|reset)' "$log"; then
    echo "The Python packages cannot be fetched: no network, or the package index does not answer. Run this again when it does; what was fetched is kept."
  else echo "pip stopped: $(grep -m 1 '^ERROR' "$log"). Its own words: .venv/pip.log"; cp "$log" .venv/pip.log 2>/dev/null; fi
}

# The tests of incoming mail need it; where it cannot be had they are said to be "not run". Its own service is never started here.
install_dovecot() {
  has_dovecot && return 0
  command -v apt-get >/dev/null && as_root || { echo "Dovecot is not here, so the tests over IMAP are not run." >&2; return 0; }
  [ ! -d /run/systemd/system ] || "${root[@]}" systemctl mask --quiet dovecot.service dovecot.socket 2>/dev/null || true
  step "Installing dovecot-imapd" apt_install dovecot-imapd || echo "Dovecot could not be installed ($(apt_reason)), so the tests over IMAP are not run." >&2
}

install_browser() {
  has_browser || .venv/bin/python -c 'import os, playwright.sync_api as p; c = p.sync_playwright().start(); os._exit(not os.path.exists(c.chromium.executable_path))' 2>/dev/null && return 0
  local with=""
  ! command -v apt-get >/dev/null || ! as_root || with=--with-deps
  step "Installing a browser for the tests" .venv/bin/playwright install $with chromium || fail "The tests need Chromium, which could not be fetched: $(last_line)"
}
