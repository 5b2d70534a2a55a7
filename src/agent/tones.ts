import type { ToneSettings } from '../media';
import type { Sound } from './playback';

export const TONE_COUNTRIES = ['kr', 'us', 'gb', 'de', 'tw'] as const;
export type ToneCountry = (typeof TONE_COUNTRIES)[number];

export type ToneName =
  /** The far end is being called. */
  | 'ringback'
  | 'busy'
  /** No way there. */
  | 'congestion'
  /** Somebody calls while another call is up. */
  | 'waiting'
  /** Somebody calls: the cabin’s bell. */
  | 'ring'
  /** To a far end that is held. */
  | 'hold'
  /** To a far end that is recorded. */
  | 'record';

/** A part of a cadence: frequencies, then how long, ms. */
type Part = readonly [frequencies: readonly number[], ms: number];

interface NationalTones {
  readonly ringback: readonly Part[];
  readonly busy: readonly Part[];
  /** Absent: not found out; busy is heard instead. */
  readonly congestion?: readonly Part[];
  /** Absent: not found out; a tone of our own is heard instead. */
  readonly waiting?: readonly Part[];
}

/**
 * ITU-T E.180 Supplement 2, as these quote it: libtonezone (zonedata.c of dahdi-tools; gb there after
 * BT SIN 350), `dialtone.txt` of PA1688's kit (de), AN93 of Silicon Laboratories (waiting tone of us). Of
 * Korea ringing tone after ko.wikipedia.org/wiki/통화연결음 and busy tone after F. Durda's
 * International Busy Signal Reference; nothing public was found on the other two.
 */
const NATIONAL: Readonly<Record<ToneCountry, NationalTones>> = {
  kr: {
    ringback: [
      [[440, 480], 1000],
      [[], 2000],
    ],
    busy: [
      [[480, 620], 500],
      [[], 500],
    ],
  },
  us: {
    ringback: [
      [[440, 480], 2000],
      [[], 4000],
    ],
    busy: [
      [[480, 620], 500],
      [[], 500],
    ],
    congestion: [
      [[480, 620], 250],
      [[], 250],
    ],
    waiting: [
      [[440], 300],
      [[], 10000],
    ],
  },
  gb: {
    ringback: [
      [[400, 450], 400],
      [[], 200],
      [[400, 450], 400],
      [[], 2000],
    ],
    busy: [
      [[400], 375],
      [[], 375],
    ],
    congestion: [
      [[400], 400],
      [[], 350],
      [[400], 225],
      [[], 525],
    ],
    waiting: [
      [[400], 100],
      [[], 4000],
    ],
  },
  de: {
    ringback: [
      [[425], 1000],
      [[], 4000],
    ],
    busy: [
      [[425], 480],
      [[], 480],
    ],
    congestion: [
      [[425], 240],
      [[], 240],
    ],
    waiting: [
      [[425], 200],
      [[], 200],
      [[425], 200],
      [[], 5000],
    ],
  },
  tw: {
    ringback: [
      [[440, 480], 1000],
      [[], 2000],
    ],
    busy: [
      [[480, 620], 500],
      [[], 500],
    ],
    congestion: [
      [[480, 620], 250],
      [[], 250],
    ],
    waiting: [
      [[350, 440], 250],
      [[], 250],
      [[350, 440], 250],
      [[], 3250],
    ],
  },
};

/** What no network sends, or not everywhere. */
const OWN: Readonly<Record<'waiting' | 'ring' | 'hold' | 'record' | 'live', readonly Part[]>> = {
  waiting: [
    [[440], 200],
    [[], 200],
    [[440], 200],
    [[], 5000],
  ],
  ring: [
    [[660, 880], 400],
    [[], 200],
    [[660, 880], 400],
    [[], 2000],
  ],
  hold: [
    [[425], 200],
    [[], 200],
    [[425], 200],
    [[], 7400],
  ],
  // The recorder warning tone of E.180 Supplement 2 (us): every 15 s.
  record: [
    [[1400], 500],
    [[], 10000],
    [[], 5000],
  ],
  // Upwards, once.
  live: [
    [[523], 120],
    [[659], 120],
    [[784], 200],
  ],
};

/** By configuration: a tone of our own, a file, or nothing. */
export function soundOf(
  choice: string | undefined,
  name: 'hold' | 'record' | 'live',
): Sound | undefined {
  if (choice === undefined) return undefined;
  return choice === 'tone' ? { tone: rendered(OWN[name]) } : { file: choice };
}

export function toneOf(name: ToneName, country: ToneCountry): ToneSettings {
  return rendered(partsOf(name, NATIONAL[country]));
}

function rendered(parts: readonly Part[]): ToneSettings {
  return { parts: parts.map(([frequencies, ms]) => ({ frequencies, ms })) };
}

function partsOf(
  name: ToneName,
  { ringback, busy, congestion, waiting }: NationalTones,
): readonly Part[] {
  switch (name) {
    case 'ringback':
      return ringback;
    case 'busy':
      return busy;
    case 'congestion':
      return congestion ?? busy;
    case 'waiting':
      return waiting ?? OWN.waiting;
    case 'ring':
    case 'hold':
    case 'record':
      return OWN[name];
  }
}
