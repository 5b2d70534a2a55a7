#!/usr/bin/env bash
# scripts/bench --echo: echo and noise by themselves, in rooms by the image method, faster than time.
set -euo pipefail
cd "$(dirname "$0")/../.."
rate=16000
out=build/bench/echo
mkdir -p "$out"
scripts/material build/material --quick >&2
flags=(-G Ninja -DDASHVOIP_ADDON=OFF -DDASHVOIP_BENCH=ON)
if ! { cmake -S native -B build/bench-native "${flags[@]}" && ninja -C build/bench-native echo_bench; } >"$out/build.log" 2>&1; then
  echo "bench: echo_bench does not build: see $out/build.log" >&2
  exit 1
fi
sox build/material/phone-voice-48k.wav -r "$rate" -c 1 -b 16 "$out/far.wav"
sox build/material/camera-voice.wav -r "$rate" -c 1 -b 16 "$out/near.wav"
# Tyres and wind, then an engine at 2500 a minute beside them; the same in every run (-R).
sox -R -n -r "$rate" -b 16 -c 1 "$out/road.wav" synth 16 brownnoise gain -n -12
sox -R -n -r "$rate" -b 16 -c 1 "$out/wind.wav" synth 16 pinknoise gain -n -22
sox -R -n -r "$rate" -b 16 -c 1 "$out/harmonics.wav" synth 16 sawtooth 42 gain -20 lowpass 500
sox -m "$out/wind.wav" "$out/harmonics.wav" "$out/engine.wav"
cd "$out"
exec ../../bench-native/bin/echo_bench far.wav near.wav "$rate" road.wav wind.wav engine.wav
