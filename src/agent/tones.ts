import type { ToneSettings } from '../media';

export const TONE_COUNTRIES = ['kr', 'us', 'gb', 'de'] as const;
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
  /** This call is recorded. */
  | 'record';

/** A part of a cadence: frequencies, then how long, ms. */
type Part = readonly [frequencies: readonly number[], ms: number];

/** ITU-T E.180 Supplement 2 for the four that a network sends; the others have no country. */
const NATIONAL: Readonly<
  Record<
    ToneCountry,
    Readonly<Record<'ringback' | 'busy' | 'congestion' | 'waiting', readonly Part[]>>
  >
> = {
  kr: {
    ringback: [
      [[440, 480], 1000],
      [[], 2000],
    ],
    busy: [
      [[480, 620], 500],
      [[], 500],
    ],
    congestion: [
      [[480, 620], 300],
      [[], 200],
    ],
    waiting: [
      [[350, 440], 250],
      [[], 250],
      [[350, 440], 250],
      [[], 3250],
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
      [[], 9700],
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
      [[], 2500],
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
};

const OWN: Readonly<Record<'ring' | 'hold' | 'record', readonly Part[]>> = {
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
  // ITU-T P.340 and most countries: 1400 Hz, a short beep every 15 s; ours is once at the beginning.
  record: [
    [[1400], 500],
    [[], 100],
  ],
};

export function toneOf(name: ToneName, country: ToneCountry): ToneSettings {
  const parts =
    name === 'ring' || name === 'hold' || name === 'record' ? OWN[name] : NATIONAL[country][name];
  return { parts: parts.map(([frequencies, ms]) => ({ frequencies, ms })) };
}
