import type { AudioSnapshot } from '../media';

/** What a call sounds like, in few numbers. Absent where nothing is known. */
export interface AudioQuality {
  readonly codec: string;
  /** Of what the far end sent, RFC 3550. */
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly bufferMs: number;
  /** Of what was played. */
  readonly concealedPercent: number;
  /** Deviation of our packets from their grid. */
  readonly pacingP99Ms: number;
  /** From the far end's mouth to our ear, as far as it is known. */
  readonly delayMs: number;
  readonly roundTripMs?: number;
  /** ITU-T G.107 for what is heard here, 1 to 4.5. */
  readonly mos?: number;
  /** The same of the last ten seconds. */
  readonly recentMos?: number;
  /** For what the far end hears: its own word, or by the loss that it reports. */
  readonly remoteMos?: number;
  /** Of what we sent, that the far end last reported. */
  readonly remoteLossPercent?: number;
  readonly remoteJitterMs?: number;
  /** How loud the two ends are, dBov. */
  readonly sentLevelDbov?: number;
  readonly heardLevelDbov?: number;
}

export function audioQuality(audio: AudioSnapshot): AudioQuality {
  const { received, playedFrames, concealedFrames } = audio;
  return {
    codec: audio.codec,
    lossPercent: percent(received.lost, received.lost + received.packets),
    jitterMs: rounded(received.jitterMs, 10),
    bufferMs: Math.round(audio.bufferMs),
    concealedPercent: percent(concealedFrames, playedFrames + concealedFrames),
    pacingP99Ms: Math.round(audio.pacingP99Us) / 1000,
    delayMs: audio.delayMs,
    ...known({
      roundTripMs: rounded(audio.roundTripMs, 10),
      mos: rounded(audio.mos, 100),
      recentMos: rounded(audio.recentMos, 100),
      remoteMos: rounded(audio.remoteMos, 100),
      remoteLossPercent: rounded(times100(audio.remoteLossFraction), 10),
      remoteJitterMs: rounded(audio.remoteJitterMs, 10),
      sentLevelDbov: rounded(audio.sentLevelDbov, 10),
      heardLevelDbov: rounded(audio.heardLevelDbov, 10),
    }),
  };
}

/** The members that are there. */
function known<Name extends string>(
  values: Readonly<Record<Name, number | undefined>>,
): { readonly [Key in Name]?: number } {
  const there: { [Key in Name]?: number } = {};
  for (const name of Object.keys(values) as Name[]) {
    const value = values[name];
    if (value !== undefined) there[name] = value;
  }
  return there;
}

function percent(part: number, whole: number): number {
  return whole > 0 ? Math.max(0, rounded((part / whole) * 100, 10)) : 0;
}

function times100(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 100;
}

function rounded(value: number, parts: number): number;
function rounded(value: number | undefined, parts: number): number | undefined;
function rounded(value: number | undefined, parts: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * parts) / parts;
}
