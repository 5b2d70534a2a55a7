/**
 * Networks as a phone in a car meets them, made by rules and a seed: the way of each packet of 20 ms beyond the
 * fastest, ms, or a lost one. They look like recordings, and are none: nobody's traffic is in them.
 */
export interface NetworkTrace {
  readonly name: string;
  /** What it is like, for its head. */
  readonly words: string;
  /** ms, a whole number; undefined for a lost packet. */
  readonly ways: readonly (number | undefined)[];
}

/** Where `npx tsx scripts/lib/network-traces/main.ts` writes them. */
export const TRACE_FOLDER = 'native/test/voice/scenarios/traces';

const STEP_MS = 20;
const PACKETS = (120 * 1000) / STEP_MS;
const WORDS_IN_A_LINE = 50;

export function networkTraces(): NetworkTrace[] {
  return [
    {
      name: 'lte-driving',
      words:
        'LTE on the road: grants, repetitions, fades of some seconds, a handover each 25 s or so',
      ways: lteDriving(new Dice(20_261)),
    },
    {
      name: 'wifi-crowded',
      words: 'a Wi-Fi with many neighbours: contention, repetitions, an oven at times, scans',
      ways: wifiCrowded(new Dice(20_262)),
    },
  ];
}

export function traceText({ name, words, ways }: NetworkTrace): string {
  const lines = [
    `# ${name}: ${words}.`,
    '# ms beyond the fastest packet for each 20 ms of sending, - for a lost one.',
    '# Written by scripts/lib/network-traces/main.ts: change that instead.',
  ];
  for (let at = 0; at < ways.length; at += WORDS_IN_A_LINE) {
    const line = ways.slice(at, at + WORDS_IN_A_LINE);
    lines.push(line.map((way) => way ?? '-').join(' '));
  }
  return `${lines.join('\n')}\n`;
}

/** Grants of the base station, repetitions of HARQ (8 ms each) and, in a fade, of RLC. */
function lteDriving(dice: Dice): (number | undefined)[] {
  const fade = new Spells(dice, { everyS: 14, lengthS: 2.5 });
  const handover = new Spells(dice, { everyS: 25, lengthS: 0.17 });
  return packets((second) => {
    const isFading = fade.at(second);
    let way = 8 * dice.unit();
    while (dice.happens(isFading ? 0.5 : 0.1)) way += 8;
    if (isFading && dice.happens(0.15)) way += 35 + 30 * dice.unit();
    const interruption = handover.leftAt(second) * 1000;
    if (interruption > 0) return dice.happens(0.25) ? undefined : Math.max(way, interruption + 4);
    return dice.happens(isFading ? 0.03 : 0.001) ? undefined : way;
  });
}

/** Contention, repetitions, bursts of loss beside an oven, and scans of other channels. */
function wifiCrowded(dice: Dice): (number | undefined)[] {
  const oven = new Spells(dice, { everyS: 25, lengthS: 4 });
  const scan = new Spells(dice, { everyS: 30, lengthS: 0.13 });
  let isBad = false;
  return packets((second) => {
    const isOven = oven.at(second);
    isBad = dice.happens(isBad ? 0.5 : isOven ? 0.04 : 0.003);
    let way = 3 * dice.exponential();
    while (dice.happens(isOven ? 0.45 : 0.2)) way += 3 + 6 * dice.unit();
    const away = scan.leftAt(second) * 1000;
    if (away > 0) return Math.max(way, away + 2);
    return isBad ? undefined : way;
  });
}

function packets(wayAt: (second: number) => number | undefined): (number | undefined)[] {
  return Array.from({ length: PACKETS }, (_, index) => {
    const way = wayAt((index * STEP_MS) / 1000);
    return way === undefined ? undefined : Math.round(way);
  });
}

interface SpellForm {
  /** Mean of the time between two beginnings, and of a spell. */
  readonly everyS: number;
  readonly lengthS: number;
}

/** Times in which something lasts; to be asked in the order of time. */
class Spells {
  readonly #dice: Dice;
  readonly #form: SpellForm;
  #begin: number;
  #end: number;

  constructor(dice: Dice, form: SpellForm) {
    this.#dice = dice;
    this.#form = form;
    this.#begin = form.everyS * dice.unit();
    this.#end = this.#begin + this.#length();
  }

  at(second: number): boolean {
    return this.leftAt(second) > 0;
  }

  /** Seconds until its end, 0 outside. */
  leftAt(second: number): number {
    if (second >= this.#end) {
      this.#begin = this.#end + this.#form.everyS * (0.5 + this.#dice.unit());
      this.#end = this.#begin + this.#length();
    }
    return second >= this.#begin ? this.#end - second : 0;
  }

  #length(): number {
    return this.#form.lengthS * (0.5 + this.#dice.unit());
  }
}

/** SplitMix32: the same numbers on every machine. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 to 1. */
  unit(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  }

  happens(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Mean 1. */
  exponential(): number {
    return -Math.log(1 - this.unit());
  }
}
