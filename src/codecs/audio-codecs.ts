/**
 * The one table of audio codecs: what a session description offers and understands, what the
 * configuration takes, what the reference says of it, and what the media plane is built with
 * (`native/include/dashvoip/codec/audio_codec_table.h`, written from here by scripts/docs).
 *
 * A codec has one row here and one class in `native/src/codec`: built in, or in a module that is
 * loaded when a call has agreed on it.
 */
export interface AudioCodecRow {
  /** Encoding name of a=rtpmap, as it is written; it is read without regard to case (RFC 8866 §6.6). */
  readonly encoding: string;
  /** Of RTP timestamps, Hz. */
  readonly clockRate: number;
  /** Of the sound, Hz: RFC 3551 §4.5.2 has G.722 count at half of it. */
  readonly sampleRate: number;
  /** In a=rtpmap, which need not be what is sent (RFC 7587 §7); 1 if absent. */
  readonly channels?: number;
  /** The payload type that needs no a=rtpmap, RFC 3551 §6. */
  readonly staticPayloadType?: number;
  /** Lengths of packets that may be sent, ms, the shortest first. */
  readonly packetMs: readonly number[];
  /** The library behind it: `opus` is in dashvoip-opus.so. Without one it is built in. */
  readonly module?: string;
  /** It has a way of its own to send less in pauses, and needs no comfort noise beside it. */
  readonly hasPauses?: true;
  /** Offered where the configuration says nothing. */
  readonly byDefault: boolean;
  /** For the reader of the reference. */
  readonly meaning: string;
}

const TENS = [10, 20, 30, 40, 50, 60];
const TWENTIES = [20, 40, 60];
const THIRTIES = [30, 60];

/** RFC 3551 §4.5.4. */
const G726 = {
  clockRate: 8000,
  sampleRate: 8000,
  packetMs: TENS,
  byDefault: false,
};

/** RFC 5574. */
const speex = (rate: number) => ({
  encoding: 'speex',
  clockRate: rate,
  sampleRate: rate,
  packetMs: TWENTIES,
  module: 'speex',
  byDefault: false,
});

/** RFC 4867. */
const AMR = {
  encoding: 'AMR',
  clockRate: 8000,
  sampleRate: 8000,
  packetMs: TWENTIES,
  module: 'amr',
  byDefault: false,
};

/** RFC 3952: two lengths of frame, which `mode` tells apart. */
const ILBC = {
  encoding: 'iLBC',
  clockRate: 8000,
  sampleRate: 8000,
  module: 'ilbc',
  byDefault: false,
};

export const AUDIO_CODECS = {
  PCMA: {
    encoding: 'PCMA',
    clockRate: 8000,
    sampleRate: 8000,
    staticPayloadType: 8,
    packetMs: TENS,
    byDefault: true,
    meaning: 'G.711 A-law',
  },
  PCMU: {
    encoding: 'PCMU',
    clockRate: 8000,
    sampleRate: 8000,
    staticPayloadType: 0,
    packetMs: TENS,
    byDefault: true,
    meaning: 'G.711 µ-law',
  },
  G722: {
    encoding: 'G722',
    clockRate: 8000,
    sampleRate: 16_000,
    staticPayloadType: 9,
    packetMs: TENS,
    byDefault: false,
    meaning: 'wideband at the same bit rate',
  },
  OPUS: {
    encoding: 'opus',
    clockRate: 48_000,
    sampleRate: 48_000,
    channels: 2,
    // RFC 6716 §2.1.4; what is longer than one frame costs delay and saves nothing here.
    packetMs: [10, 20, 40, 60],
    module: 'opus',
    hasPauses: true,
    byDefault: false,
    meaning: 'narrowband to fullband, survives loss',
  },
  'L16-16': {
    encoding: 'L16',
    clockRate: 16_000,
    sampleRate: 16_000,
    // Longer ones would not fit a link.
    packetMs: [10, 20, 30, 40],
    byDefault: false,
    meaning: 'samples as they are, 16 kHz',
  },
  'L16-8': {
    encoding: 'L16',
    clockRate: 8000,
    sampleRate: 8000,
    packetMs: TENS,
    byDefault: false,
    meaning: 'samples as they are, 8 kHz',
  },
  'G726-40': { ...G726, encoding: 'G726-40', meaning: 'ADPCM, 40 kbit/s' },
  'G726-32': { ...G726, encoding: 'G726-32', meaning: 'ADPCM, 32 kbit/s' },
  'G726-24': { ...G726, encoding: 'G726-24', meaning: 'ADPCM, 24 kbit/s' },
  'G726-16': { ...G726, encoding: 'G726-16', meaning: 'ADPCM, 16 kbit/s' },
  'AAL2-G726-40': { ...G726, encoding: 'AAL2-G726-40', meaning: 'the same with AAL2’s packing' },
  'AAL2-G726-32': { ...G726, encoding: 'AAL2-G726-32', meaning: 'the same with AAL2’s packing' },
  'AAL2-G726-24': { ...G726, encoding: 'AAL2-G726-24', meaning: 'the same with AAL2’s packing' },
  'AAL2-G726-16': { ...G726, encoding: 'AAL2-G726-16', meaning: 'the same with AAL2’s packing' },
  GSM: {
    encoding: 'GSM',
    clockRate: 8000,
    sampleRate: 8000,
    staticPayloadType: 3,
    packetMs: TWENTIES,
    module: 'gsm',
    byDefault: false,
    meaning: 'full rate, 13 kbit/s',
  },
  'SPEEX-32': { ...speex(32_000), meaning: 'ultra-wideband' },
  'SPEEX-16': { ...speex(16_000), meaning: 'wideband' },
  'SPEEX-8': { ...speex(8000), meaning: 'narrowband' },
  AMR: { ...AMR, meaning: 'narrowband, 4.75 to 12.2 kbit/s, bandwidth-efficient' },
  'AMR-OA': { ...AMR, meaning: 'the same octet-aligned' },
  G723: {
    encoding: 'G723',
    clockRate: 8000,
    sampleRate: 8000,
    staticPayloadType: 4,
    packetMs: THIRTIES,
    module: 'g723',
    hasPauses: true,
    byDefault: false,
    meaning: 'G.723.1, 6.3 kbit/s; 5.3 is understood',
  },
  ILBC: { ...ILBC, packetMs: THIRTIES, meaning: '13.3 kbit/s, made for loss' },
  'ILBC-20': { ...ILBC, packetMs: TWENTIES, meaning: 'the same in frames of 20 ms, 15.2 kbit/s' },
  G729: {
    encoding: 'G729',
    clockRate: 8000,
    sampleRate: 8000,
    staticPayloadType: 18,
    packetMs: TENS,
    module: 'g729',
    hasPauses: true,
    byDefault: false,
    meaning: '8 kbit/s',
  },
} as const satisfies Readonly<Record<string, AudioCodecRow>>;

/** A codec as the configuration and the media plane call it. */
export type AudioCodec = keyof typeof AUDIO_CODECS;

/** All of them, in the order of the table. */
export const AUDIO_CODEC_NAMES = Object.keys(AUDIO_CODECS) as readonly AudioCodec[];

export function rowOf(codec: AudioCodec): AudioCodecRow {
  return AUDIO_CODECS[codec];
}

/** Rates at which sound may pass between devices and calls, Hz. */
const BUS_RATES = [8000, 16_000, 48_000];

/**
 * The rate at which sound passes between devices and calls: no codec of the list needs a higher one.
 * @param opusRate up to which Opus is wanted; it codes sound of any of these rates.
 */
export function busRateFor(codecs: readonly AudioCodec[], opusRate = 48_000): number {
  const wanted = codecs.map((codec) => (codec === 'OPUS' ? opusRate : rowOf(codec).sampleRate));
  return BUS_RATES.find((rate) => wanted.every((other) => other <= rate)) ?? 48_000;
}

/** The longest packet of `codec` within `mostMs`; its shortest where all are longer. */
export function packetLength(codec: AudioCodec, mostMs: number): number {
  const { packetMs } = rowOf(codec);
  return packetMs.filter((length) => length <= mostMs).at(-1) ?? packetMs[0] ?? mostMs;
}
