import type { Format, MediaLine } from './description';
import type { AudioCodec } from './types';

/** RFC 3551 §6. */
export const STATIC_PAYLOAD_TYPE: Readonly<Record<AudioCodec, number>> = { PCMU: 0, PCMA: 8 };

export interface AudioFormat {
  readonly codec: AudioCodec;
  readonly payloadType: number;
}

/** The peer's first format that we speak: the order is the peer's preference (RFC 3264 §6.1). */
export function chooseAudio(
  line: MediaLine,
  codecs: readonly AudioCodec[],
): AudioFormat | undefined {
  for (const format of line.formats) {
    const codec = codecs.find((name) => isG711(format, name));
    if (codec) return { codec, payloadType: format.payloadType };
  }
  return undefined;
}

function isG711(format: Format, codec: AudioCodec): boolean {
  return format.encoding === codec && format.clockRate === 8000 && format.channels === 1;
}

/**
 * Packet length to send: what the peer asks for by ptime, within its maxptime, as a multiple of
 * 10 ms between 10 and 60; `ours` when it asks for nothing.
 */
export function packetTime(line: MediaLine, ours: number): number {
  const wanted = Math.min(line.ptimeMs ?? ours, line.maxptimeMs ?? Number.POSITIVE_INFINITY);
  return Math.min(60, Math.max(10, Math.floor(wanted / 10) * 10));
}
