import type { CallStatus, StatusReply } from '../../control';

/** Seconds that are remembered; more than the widest terminal shows. */
const KEPT = 240;

/** What of a call is drawn as a curve. */
export const CURVES = ['mos', 'loss', 'jitter', 'delay', 'here', 'there'] as const;
export type Curve = (typeof CURVES)[number];

type Samples = Readonly<Record<Curve, readonly (number | undefined)[]>>;

interface Followed {
  samples: Samples;
  lost: number;
  packets: number;
}

const NONE: Samples = { mos: [], loss: [], jitter: [], delay: [], here: [], there: [] };

/** How the calls went over the last minutes, a sample for each look. */
export class CallCurves {
  readonly #calls = new Map<number, Followed>();

  look({ calls }: StatusReply): void {
    for (const number of [...this.#calls.keys()]) {
      if (!calls.some(({ call }) => call === number)) this.#calls.delete(number);
    }
    for (const call of calls) this.#add(call);
  }

  of(call: number): Samples {
    return this.#calls.get(call)?.samples ?? NONE;
  }

  #add(call: CallStatus): void {
    const audio = call.media?.audio;
    if (!audio) return;
    const before = this.#calls.get(call.call);
    const { lost, packets, jitterMs } = audio.received;
    const newest = {
      mos: audio.recentMos ?? audio.mos,
      loss: before ? lossBetween(before, { lost, packets }) : undefined,
      jitter: jitterMs,
      delay: audio.delayMs,
      here: audio.sentLevelDbov,
      there: audio.heardLevelDbov,
    };
    const { samples } = before ?? { samples: NONE };
    const added = (curve: Curve) => [...samples[curve], newest[curve]].slice(-KEPT);
    this.#calls.set(call.call, {
      samples: {
        mos: added('mos'),
        loss: added('loss'),
        jitter: added('jitter'),
        delay: added('delay'),
        here: added('here'),
        there: added('there'),
      },
      lost,
      packets,
    });
  }
}

/** In percent of what was sent since the look before: the loss of the whole call would hide what happens now. */
function lossBetween(
  before: { readonly lost: number; readonly packets: number },
  now: { readonly lost: number; readonly packets: number },
): number | undefined {
  const lost = Math.max(0, now.lost - before.lost);
  const sent = lost + Math.max(0, now.packets - before.packets);
  return sent > 0 ? (lost / sent) * 100 : undefined;
}
