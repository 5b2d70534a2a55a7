import { readFileSync, writeFileSync } from 'node:fs';

/** Mono sound, samples in -1..1. */
export interface Sound {
  readonly rate: number;
  readonly samples: Float64Array;
}

/**
 * Reads a RIFF WAVE file of 16-bit PCM or 32-bit float; channels are averaged. A data chunk whose length
 * was never filled in (a recorder that was killed) reaches to the end of the file.
 * @throws Error naming the file and what is wrong with it.
 */
export function readWav(path: string): Sound {
  const file = readFileSync(path);
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF') {
    throw new Error(`${path} is no RIFF WAVE file (${file.length} bytes)`);
  }
  let format: { tag: number; channels: number; rate: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'fmt ') {
      format = {
        tag: file.readUInt16LE(body),
        channels: file.readUInt16LE(body + 2),
        rate: file.readUInt32LE(body + 4),
        bits: file.readUInt16LE(body + 14),
      };
    } else if (id === 'data') {
      if (!format) throw new Error(`${path}: data chunk before fmt chunk`);
      const known = size > 0 && size !== 0xffffffff && body + size <= file.length;
      const data = file.subarray(body, known ? body + size : file.length);
      return { rate: format.rate, samples: decode(path, data, format) };
    }
    at = body + size + (size % 2);
  }
  throw new Error(`${path} has no data chunk`);
}

function decode(
  path: string,
  data: Buffer,
  format: { tag: number; channels: number; bits: number },
): Float64Array {
  const { channels, bits } = format;
  if (bits !== 16 && !(bits === 32 && format.tag === 3)) {
    throw new Error(`${path}: ${bits}-bit samples, expected 16-bit PCM or 32-bit float`);
  }
  const width = bits / 8;
  const frames = Math.floor(data.length / (width * channels));
  const samples = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      const at = (frame * channels + channel) * width;
      sum += bits === 16 ? data.readInt16LE(at) / 32768 : data.readFloatLE(at);
    }
    samples[frame] = sum / channels;
  }
  return samples;
}

/** Writes 16-bit mono PCM. */
export function writeWav(path: string, sound: Sound): void {
  const bytes = sound.samples.length * 2;
  const file = Buffer.alloc(44 + bytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + bytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sound.rate, 24);
  file.writeUInt32LE(sound.rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(bytes, 40);
  sound.samples.forEach((sample, index) => {
    const value = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
    file.writeInt16LE(value, 44 + 2 * index);
  });
  writeFileSync(path, file);
}

/** One sound after the other; all of one rate. */
export function concatenate(sounds: readonly Sound[]): Sound {
  const rate = sounds[0]?.rate ?? 8000;
  const samples = new Float64Array(sounds.reduce((sum, sound) => sum + sound.samples.length, 0));
  let at = 0;
  for (const sound of sounds) {
    if (sound.rate !== rate) throw new Error(`sounds of ${rate} and ${sound.rate} Hz do not join`);
    samples.set(sound.samples, at);
    at += sound.samples.length;
  }
  return { rate, samples };
}
