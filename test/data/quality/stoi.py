#!/usr/bin/env python3
"""STOI and segmental SNR by numpy and scipy, for test/toolkit/measure to be checked against.

    python3 test/data/quality/stoi.py > test/data/quality/vectors.json

Written from the paper (C. H. Taal, R. C. Hendriks, R. Heusdens, J. Jensen, "An Algorithm for Intelligibility
Prediction of Time-Frequency Weighted Noisy Speech", IEEE Trans. ASLP 19, 2011), whole matrices at a time, and not
from the TypeScript. Signals are made by the same few lines of arithmetic there and here.
"""
import json

import numpy as np
from scipy.signal import resample_poly


def noise(seed, count):
    """-1..1 of a 31-bit Lehmer generator."""
    out = np.empty(count)
    for i in range(count):
        seed = seed * 48271 % 2147483647
        out[i] = seed / 2147483647 * 2 - 1
    return out


def voice(rate, seconds):
    """Harmonics of a gliding pitch under two formants, in syllables, with pauses."""
    t = np.arange(int(rate * seconds)) / rate
    phase = 2 * np.pi * (120 * t - 20 / (2 * np.pi * 0.7) * np.cos(2 * np.pi * 0.7 * t))
    sound = np.zeros_like(t)
    for harmonic in range(1, 28):
        f = harmonic * 120
        weight = np.exp(-(((f - 500) / 300) ** 2)) + 0.5 * np.exp(-(((f - 1500) / 400) ** 2))
        sound += weight * np.sin(harmonic * phase)
    syllable = np.maximum(0, np.sin(2 * np.pi * 2.3 * t)) * (np.mod(t, 2) < 1.6)
    return 0.2 * syllable * sound


def bands(x):
    window = np.hanning(258)[1:-1]
    index = np.arange(256)[:, None] + np.arange(0, len(x) - 256, 128)[None, :]
    power = np.abs(np.fft.rfft(x[index] * window[:, None], 512, axis=0)) ** 2
    grid = np.arange(257) * 10000 / 512
    lows = 150 * 2 ** ((2 * np.arange(15) - 1) / 6)
    highs = 150 * 2 ** ((2 * np.arange(15) + 1) / 6)
    rows = []
    for low, high in zip(lows, highs):
        a, b = np.argmin((grid - low) ** 2), np.argmin((grid - high) ** 2)
        rows.append(np.sqrt(power[a:b].sum(axis=0)))
    return np.array(rows)


def speech_only(x, y):
    window = np.hanning(258)[1:-1]
    starts = np.arange(0, len(x) - 256, 128)
    frames_x = np.array([window * x[s : s + 256] for s in starts])
    frames_y = np.array([window * y[s : s + 256] for s in starts])
    level = 20 * np.log10(np.linalg.norm(frames_x, axis=1) + np.finfo(float).eps)
    kept = level > level.max() - 40
    out = []
    for frames in (frames_x[kept], frames_y[kept]):
        joined = np.zeros((len(frames) - 1) * 128 + 256)
        for i, frame in enumerate(frames):
            joined[i * 128 : i * 128 + 256] += frame
        out.append(joined)
    return out


def stoi(x, y):
    x, y = speech_only(x, y)
    big_x, big_y = bands(x), bands(y)
    values = []
    for m in range(30, big_x.shape[1] + 1):
        a, b = big_x[:, m - 30 : m], big_y[:, m - 30 : m]
        alpha = np.sqrt((a**2).sum(axis=1) / ((b**2).sum(axis=1) + np.finfo(float).eps))
        b = np.minimum(alpha[:, None] * b, a * (1 + 10 ** (15 / 20)))
        a = a - a.mean(axis=1, keepdims=True)
        b = b - b.mean(axis=1, keepdims=True)
        norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
        values.append((a * b).sum(axis=1) / (norms + np.finfo(float).eps))
    return float(np.mean(values))


def segmental_snr(x, y, rate):
    size = rate // 50
    count = min(len(x), len(y)) // size
    x, y = x[: count * size].reshape(count, size), y[: count * size].reshape(count, size)
    signal = (x**2).sum(axis=1)
    error = ((x - y) ** 2).sum(axis=1) + np.finfo(float).eps
    spoken = signal > signal.max() * 10**-3.5
    return float(np.clip(10 * np.log10(signal[spoken] / error[spoken]), -10, 35).mean())


def main():
    vectors = []
    for rate, seconds in ((10000, 6), (8000, 6), (16000, 4)):
        x = voice(rate, seconds)
        for amplitude, lost in ((0, 0), (0.01, 0), (0.05, 0), (0.2, 0), (0, 10), (0.01, 4)):
            y = x + amplitude * noise(7, len(x))
            size = rate // 50
            for frame in range(0, len(x) // size):
                if lost > 0 and frame % lost == 0:
                    y[frame * size : (frame + 1) * size] = 0
            at10k = [s if rate == 10000 else resample_poly(s, 10000 // 2000, rate // 2000) for s in (x, y)]
            vectors.append(
                {
                    "rate": rate,
                    "seconds": seconds,
                    "noise": amplitude,
                    "lostEvery": lost,
                    "stoi": round(stoi(*at10k), 6),
                    "segmentalSnr": round(segmental_snr(x, y, rate), 6),
                }
            )
    print("[\n" + ",\n".join("  " + json.dumps(v) for v in vectors) + "\n]")


main()
