/**
 * The one table of audio codecs: what a session description offers and understands, what the
 * configuration takes, what the reference says of it, and what the media plane is built with
 * (`native/include/dashvoip/codec/audio_codec_table.h`, written from here by scripts/docs).
 *
 * A codec has one row here and one class in `native/src/codec`, whose `AudioCoder::Create` does not
 * compile without it.
 */
export interface AudioCodecRow {
  /** Encoding name of a=rtpmap, in capitals (RFC 8866 §6.6). */
  readonly encoding: string;
  /** Of RTP timestamps, Hz. Rows that are offered together have the same: keys go by it (RFC 4733 §2.1). */
  readonly clockRate: number;
  /** Of the sound, Hz: RFC 3551 §4.5.2 has G.722 count at half of it. */
  readonly sampleRate: number;
  /** The payload type that needs no a=rtpmap, RFC 3551 §6. */
  readonly staticPayloadType: number;
  /** Offered where the configuration says nothing. */
  readonly byDefault: boolean;
  /** For the reader of the reference. */
  readonly meaning: string;
}

export const AUDIO_CODECS = {
  PCMA: {
    encoding: 'PCMA',
    clockRate: 8000,
    sampleRate: 8000,
    staticPayloadType: 8,
    byDefault: true,
    meaning: 'G.711 A-law',
  },
  PCMU: {
    encoding: 'PCMU',
    clockRate: 8000,
    sampleRate: 8000,
    staticPayloadType: 0,
    byDefault: true,
    meaning: 'G.711 µ-law',
  },
  G722: {
    encoding: 'G722',
    clockRate: 8000,
    sampleRate: 16_000,
    staticPayloadType: 9,
    byDefault: false,
    meaning: 'wideband at the same bit rate',
  },
} as const satisfies Readonly<Record<string, AudioCodecRow>>;

/** A codec as the configuration and the media plane call it. */
export type AudioCodec = keyof typeof AUDIO_CODECS;

/** All of them, in the order of the table. */
export const AUDIO_CODEC_NAMES = Object.keys(AUDIO_CODECS) as readonly AudioCodec[];

/** The rate at which sound passes between devices and calls: no codec of the list needs a higher one. */
export function busRateFor(codecs: readonly AudioCodec[]): number {
  return Math.max(8000, ...codecs.map((codec) => AUDIO_CODECS[codec].sampleRate));
}
