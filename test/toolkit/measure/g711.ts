import type { RtpStream } from './rtp-stream';
import type { Sound } from './wav';

const PCMU = 0;
const PCMA = 8;

/**
 * What a G.711 stream says (ITU-T G.711, payload types 0 and 8 of RFC 3551), packet after packet, without regard to
 * their times. A second opinion, independent of the agent's codec.
 * @throws Error for another payload type.
 */
export function decodeG711(stream: RtpStream): Sound {
  if (stream.payloadType !== PCMU && stream.payloadType !== PCMA) {
    throw new Error(`payload type ${stream.payloadType} is not G.711`);
  }
  const expand = stream.payloadType === PCMU ? expandMu : expandA;
  const bytes = Buffer.concat(stream.packets.map((packet) => packet.payload));
  return { rate: 8000, samples: Float64Array.from(bytes, (byte) => expand(byte) / 32768) };
}

function expandMu(byte: number): number {
  const inverted = ~byte & 0xff;
  const magnitude = (((inverted & 15) << 3) + 132) << ((inverted >> 4) & 7);
  return inverted & 0x80 ? 132 - magnitude : magnitude - 132;
}

function expandA(byte: number): number {
  const toggled = byte ^ 0x55;
  const segment = (toggled >> 4) & 7;
  const step = ((toggled & 15) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 256) << (segment - 1);
  return toggled & 0x80 ? magnitude : -magnitude;
}
