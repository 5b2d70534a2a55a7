import type { Machine } from './machine';
import { linesOf } from './proc-text';

export interface SoundCard {
  readonly number: number;
  readonly id: string;
  readonly driver: string;
}

export interface SoundFacts {
  /** Version of ALSA in the kernel; undefined where the kernel has no sound. */
  readonly alsa: string | undefined;
  readonly cards: readonly SoundCard[];
  /** Devices, as `00-00: Loopback PCM: playback 8: capture 8`. */
  readonly devices: readonly string[];
  /** Names in /dev/snd. */
  readonly nodes: readonly string[];
}

export function soundFacts(machine: Machine): SoundFacts {
  return {
    alsa: /Version\s+(\S+?)\.?\s*$/m.exec(machine.text('/proc/asound/version') ?? '')?.[1],
    cards: linesOf(machine.text('/proc/asound/cards')).flatMap(card),
    devices: linesOf(machine.text('/proc/asound/pcm')).map(device),
    nodes: [...machine.names('/dev/snd')].sort(),
  };
}

/** ` 0 [Loopback       ]: Loopback - Loopback 1`; the line below each may hold a serial number. */
function card(line: string): SoundCard[] {
  const [, number, id, driver] = /^\s*(\d+)\s+\[(.{1,16}?)\s*\]:\s+(.*?) - /.exec(line) ?? [];
  return number !== undefined && id !== undefined && driver !== undefined
    ? [{ number: Number(number), id, driver }]
    : [];
}

/** `00-00: Loopback PCM : Loopback PCM : playback 8 : capture 8`: id and name are mostly alike. */
function device(line: string): string {
  const [where = '', id = '', , ...directions] = line.split(/\s*:\s*/);
  return [where, id, ...directions].join(': ').trim();
}
