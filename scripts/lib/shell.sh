# shellcheck shell=bash
# Sourced by the commands in scripts/: steps with progress, clear ends, root and ownership.

# The compiler cache, where there is one, serves every checkout of this project alike.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}" CCACHE_NOHASHDIR=1

# help_of ARGUMENTS...: for -h or --help, prints the comment at the head of the command, and ends
help_of() {
  case "${1-}" in
    -h | --help) sed -n '2,/^[^#]/{/^[^#]/d;s/^# \{0,1\}//;p}' "$0" && exit 0 ;;
  esac
}

# stop MESSAGE: the one line that says what to do
stop() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# step LABEL COMMAND...: runs it with its output in a log; says how it goes every ten seconds
step() {
  local label=$1 log begin=$SECONDS pid beat
  shift
  log="build/${0##*/}-$(printf '%s' "${label%%:*}" | tr -c 'a-z0-9' -).log"
  echo "${0##*/}: $label ..."
  "$@" >"$log" 2>&1 &
  pid=$!
  (
    trap 'kill "$pause" 2>/dev/null; exit' TERM
    while true; do
      sleep 10 &
      pause=$!
      wait "$pause"
      echo "${0##*/}:   $((SECONDS - begin)) s: $(tail -n 1 "$log" | tr -d '\r' | cut -c1-100)"
    done
  ) &
  beat=$!
  local status=0
  wait "$pid" || status=$?
  kill "$beat" 2>/dev/null || true
  wait "$beat" 2>/dev/null || true
  [ "$status" != 0 ] || return 0
  tail -n 12 "$log" | cut -c1-200 >&2
  stop "$label failed (exit code $status); the whole log is in $log"
}

# need_root ARGUMENTS...: goes on as root, by sudo if need be
need_root() {
  [ "$(id -u)" != 0 ] || return 0
  if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    exec sudo env "PATH=$PATH" "$0" "$@"
  fi
  stop "packet capture and real-time threads need root: run it as root or with sudo"
}

# give_back: what root made belongs to the one who called sudo
give_back() {
  [ -n "${SUDO_UID:-}" ] || return 0
  local made
  for made in build dist node_modules; do
    if [ -e "$made" ]; then chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$made"; fi
  done
}
