import type { CallStatus } from '../../control';

/** How a call was at one moment; undefined where nothing was known. */
export interface Sample {
  /** Seconds, of the reader's clock. */
  readonly at: number;
  /** Of what the far end sent since the last sample, percent. */
  readonly loss: number | undefined;
  readonly jitter: number | undefined;
  readonly buffer: number | undefined;
  readonly delay: number | undefined;
  readonly roundTrip: number | undefined;
  readonly mos: number | undefined;
  /** dBov, no lower than what is drawn. */
  readonly levelHere: number | undefined;
  readonly levelThere: number | undefined;
}

/** What one call was like. */
export interface CallSamples {
  readonly call: number;
  readonly remote: string;
  readonly samples: readonly Sample[];
  /** Counters of the last status, to tell from the next. */
  readonly counted: { readonly lost: number; readonly packets: number };
}

/** What is softer is silence to a listener, dBov. */
export const LOWEST_LEVEL = -70;
/** Five minutes. */
const SAMPLE_LIMIT = 300;
/** Calls that are remembered, ended ones among them. */
const CALL_LIMIT = 4;

/** Adds how the calls are now; a call that has ended keeps what it has. */
export function withSamples(
  known: readonly CallSamples[],
  calls: readonly CallStatus[],
  at: number,
): readonly CallSamples[] {
  const talking = calls.filter(({ media }) => media?.audio !== undefined);
  if (talking.length === 0) return known;
  const others = known.filter(({ call }) => !talking.some((status) => status.call === call));
  const renewed = talking.map((status) =>
    withSample(
      known.find(({ call }) => call === status.call),
      status,
      at,
    ),
  );
  return [...others, ...renewed].slice(-CALL_LIMIT);
}

function withSample(known: CallSamples | undefined, status: CallStatus, at: number): CallSamples {
  const audio = status.media?.audio;
  const received = audio?.received;
  const counted = { lost: received?.lost ?? 0, packets: received?.packets ?? 0 };
  const lost = counted.lost - (known?.counted.lost ?? 0);
  const sent = lost + counted.packets - (known?.counted.packets ?? 0);
  const sample: Sample = {
    at,
    // A packet that comes late after all makes it less than none.
    loss: sent > 0 ? Math.max(0, (100 * lost) / sent) : undefined,
    jitter: received?.jitterMs,
    buffer: audio?.bufferMs,
    delay: audio?.delayMs,
    roundTrip: audio?.roundTripMs,
    mos: audio?.recentMos ?? audio?.mos,
    levelHere: drawnLevel(audio?.sentLevelDbov),
    levelThere: drawnLevel(audio?.heardLevelDbov),
  };
  return {
    call: status.call,
    remote: status.contact ?? status.displayName ?? status.remote,
    samples: [...(known?.samples ?? []), sample].slice(-SAMPLE_LIMIT),
    counted,
  };
}

/** Silence is -127: a line that falls so far shows nothing else. */
function drawnLevel(dbov: number | undefined): number | undefined {
  return dbov === undefined ? undefined : Math.max(LOWEST_LEVEL, dbov);
}
