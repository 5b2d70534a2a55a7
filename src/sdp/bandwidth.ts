/** A b= line, RFC 8866 §5.8. */
export interface Bandwidth {
  readonly type: string;
  readonly limit: number;
}

/** Of packets of some 1200 bytes: AS counts the headers of IP, UDP and RTP (RFC 3890 §6.2). */
const PAYLOAD_SHARE = 0.96;

/** No encoder of a camera comes near, bit/s. */
const NO_LIMIT = 1_000_000_000;

/** What the sound takes of a limit for the whole session: G.711 in packets of 20 ms, bit/s. */
const SOUND = { TIAS: 64_000, AS: 80_000 } as const;

/**
 * The most that the peer will take of a picture, bit/s of payload; undefined when it sets no limit, 0
 * when it wants none (RFC 3264 §5). TIAS counts no headers (RFC 3890 §6.2). A limit of the session
 * holds for sound and picture together.
 */
export function pictureLimit(
  media: readonly Bandwidth[],
  session: readonly Bandwidth[],
): number | undefined {
  const limits = [
    ...media.flatMap((line) => payloadRate(line, 0)),
    ...session.flatMap((line) => payloadRate(line, 1)),
  ];
  const least = Math.min(...limits);
  return least < NO_LIMIT ? least : undefined;
}

function payloadRate({ type, limit }: Bandwidth, sounds: 0 | 1): number[] {
  switch (type) {
    case 'TIAS':
      return [Math.max(0, limit - sounds * SOUND.TIAS)];
    // CT is the total of a conference, of which this session is one (RFC 8866 §5.8).
    case 'AS':
    case 'CT':
      return [Math.max(0, Math.floor((limit * 1000 - sounds * SOUND.AS) * PAYLOAD_SHARE))];
    // RR and RS share out RTCP (RFC 3556).
    default:
      return [];
  }
}
