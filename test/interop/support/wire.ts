import { decodeG711 } from '../../toolkit/measure/g711';
import type { Datagram } from '../../toolkit/measure/pcap';
import { rtpStreams, sequenceGaps, splitAtPauses } from '../../toolkit/measure/rtp-stream';
import { matchSpeech } from '../../toolkit/measure/speech';
import type { Sound } from '../../toolkit/measure/wav';

/** Other words than those spoken correlate far below this. */
const SPOKEN = 0.5;

/**
 * How well the words came through in each G.711 stream of a capture that carries them without a gap and for at least
 * two seconds: one figure for each part between pauses (a hold), in the order in which they were sent.
 */
export function wordsOnWire(datagrams: readonly Datagram[], words: Sound): number[] {
  return rtpStreams(datagrams)
    .filter(({ payloadType }) => payloadType === 8 || payloadType === 0)
    .filter((stream) => sequenceGaps(stream) === 0 && stream.packets.length > 100)
    .flatMap((stream) => splitAtPauses(stream))
    .map((part) => matchSpeech(decodeG711(part), words, true).correlation)
    .filter((correlation) => correlation > SPOKEN);
}
