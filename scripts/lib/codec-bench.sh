#!/usr/bin/env bash
# scripts/bench --codecs: what each codec of this build costs, faster than time.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=build/bench/codecs
mkdir -p "$out"
flags=(-G Ninja -DDASHVOIP_ADDON=OFF -DDASHVOIP_BENCH=ON "$@")
if ! { cmake -S native -B build/bench-native "${flags[@]}" && ninja -C build/bench-native codec_bench; } >"$out/build.log" 2>&1; then
  echo "bench: codec_bench does not build: see $out/build.log" >&2
  exit 1
fi
exec build/bench-native/bin/codec_bench
