import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform';
import { isUnspecified, readAddress } from './address';
import { type Bandwidth, pictureLimit } from './bandwidth';
import { type CryptoLine, parseCrypto } from './crypto';
import { directionOf, sends } from './direction';
import { type Encoding, staticEncoding } from './payload-types';
import { type ExtendedReports, readRtcpXr } from './rtcp-xr';
import type { Section } from './sections';
import type { Direction, RemoteEndpoint, WrittenLine } from './types';

/** One payload format of a media line, with RFC 3551 §6 defaults for static types applied. */
export interface Format extends Encoding {
  readonly payloadType: number;
  /** Parameters of a=fmtp, names in lower case; empty when there is none. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface MediaLine extends WrittenLine {
  /** 0 disables the line, RFC 3264 §6. */
  readonly port: number;
  /** The format list as written; may be empty. */
  readonly formatList: string;
  readonly formats: readonly Format[];
  /** Where the peer receives; the address is empty when the line names none. */
  readonly remote: RemoteEndpoint;
  /** The peer's direction, an old-style hold by c=0.0.0.0 included. */
  readonly direction: Direction;
  readonly ptimeMs: number | undefined;
  readonly maxptimeMs: number | undefined;
  /** RTCP may share RTP's port (RFC 5761 §5.1.1). */
  readonly rtcpMux: boolean;
  /** Of RFC 3611 what the peer asks for; undefined when it does not speak of it. */
  readonly rtcpXr: ExtendedReports | undefined;
  /** Those that we can use, in the peer's order (RFC 4568 §4). */
  readonly crypto: readonly CryptoLine[];
  /** Feedback the peer understands, as `nack pli`. */
  readonly feedback: readonly string[];
  /** Of a picture on this line, bit/s. */
  readonly maxBitrate: number | undefined;
}

/** One m= line with its attributes, over the session's own where it has none. */
export function parseMediaLine(
  { head: text, lines }: Section,
  session: SessionDescription,
  above: readonly string[],
): MediaLine {
  const head = parseHead(text);
  const own = parseAttributes(lines);
  const remote = remoteOf(head.port, own, session);
  const direction = own.direction ?? session.direction ?? 'sendrecv';
  return {
    ...head,
    lines,
    above,
    formats: formatsOf(head, own),
    remote,
    // RFC 3264 §8.4: an address of zeros is how RFC 2543 put a call on hold; with ICE it says nothing.
    direction:
      isUnspecified(remote.address) && !/^UDP/i.test(head.protocol)
        ? directionOf(sends(direction), false)
        : direction,
    ptimeMs: milliseconds(own.ptime),
    maxptimeMs: milliseconds(own.maxptime),
    rtcpMux: own.rtcpMux !== undefined,
    rtcpXr: readRtcpXr([...unknown(own), ...unknown(session)]),
    crypto: lines.flatMap(cryptoOf),
    feedback: (own.rtcpFb ?? []).map(({ type, subtype }) => `${type} ${subtype ?? ''}`.trim()),
    maxBitrate: pictureLimit(bandwidths(own), bandwidths(session)),
  };
}

/** Not by sdp-transform, which leaves out all parameters but one. */
function cryptoOf(line: string): CryptoLine[] {
  const crypto = line.startsWith('a=crypto:')
    ? parseCrypto(line.slice('a=crypto:'.length))
    : undefined;
  return crypto ? [crypto] : [];
}

type Head = Pick<MediaLine, 'type' | 'port' | 'protocol' | 'formatList'>;

/**
 * RFC 8866 §5.14. A line that cannot be read is one that cannot be served, and no reason to lose the
 * others: it has port 0. Behind port 0 formats mean nothing (RFC 3264 §6) and are often left out.
 */
function parseHead(value: string): Head {
  const [type = '', port = '', protocol = '', ...formats] = value.split(' ');
  const formatList = formats.join(' ');
  return {
    type: type || 'unknown',
    port: formatList === '' ? 0 : portNumber(port.split('/')[0] ?? ''),
    protocol: protocol || 'RTP/AVP',
    formatList,
  };
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 65535 ? 0 : port;
}

function parseAttributes(lines: readonly string[]): MediaDescription {
  const [media] = parse(['m=any 0 any 0', ...lines].join('\r\n')).media;
  if (!media) throw new Error('a section with an m= line has none');
  return media;
}

function formatsOf({ type, formatList }: Head, own: MediaDescription): Format[] {
  const maps = firstOfEach(own.rtp);
  const configs = new Map<number, string>();
  for (const { payload, config } of own.fmtp) {
    const former = configs.get(payload);
    configs.set(payload, former === undefined ? String(config) : `${former};${config}`);
  }
  const payloadTypes = formatList.split(' ').flatMap((item) => {
    const isNumber = /^\d{1,3}$/.test(item) && Number(item) < 128;
    return isNumber ? [Number(item)] : [];
  });
  return [...new Set(payloadTypes)].map((payloadType) => {
    const map = maps.get(payloadType);
    return {
      payloadType,
      ...(map ? encodingOf(map, type) : staticEncoding(payloadType)),
      parameters: parameterMap(configs.get(payloadType) ?? ''),
    };
  });
}

type RtpMap = MediaDescription['rtp'][number];

function firstOfEach(maps: readonly RtpMap[]): ReadonlyMap<number, RtpMap> {
  const first = new Map<number, RtpMap>();
  for (const map of maps) if (!first.has(map.payload)) first.set(map.payload, map);
  return first;
}

/** RFC 8866 §6.6; a clock rate that was forgotten is the usual one. */
function encodingOf({ codec, rate, encoding }: RtpMap, type: string): Encoding {
  return {
    encoding: String(codec).toUpperCase(),
    clockRate: Number(rate ?? (type === 'video' ? 90_000 : 8000)),
    channels: Number(encoding ?? 1),
  };
}

function parameterMap(config: string): ReadonlyMap<string, string> {
  const entries = config.split(';').flatMap((part): [string, string][] => {
    const [name = '', ...value] = part.split('=');
    return name.trim() ? [[name.trim().toLowerCase(), value.join('=').trim()]] : [];
  });
  return new Map(entries);
}

/** RFC 3605: RTCP where a=rtcp says, otherwise on the next port (RFC 3550 §11). */
function remoteOf(
  rtpPort: number,
  own: MediaDescription,
  session: SessionDescription,
): RemoteEndpoint {
  const address = readAddress(own.connection?.ip ?? session.connection?.ip);
  const { port, address: other } = own.rtcp ?? {};
  const rtcpPort = port !== undefined && port > 0 && port <= 65535 ? port : rtpPort + 1;
  const rtcpAddress = readAddress(other);
  return {
    address,
    rtpPort,
    rtcpPort: Math.min(rtcpPort, 65535),
    ...(rtcpAddress === '' || rtcpAddress === address ? {} : { rtcpAddress }),
  };
}

/** RFC 3611 §5.1: the attribute may stand above all media lines, too. */
function unknown({ invalid = [] }: Pick<SessionDescription, 'invalid'>): string[] {
  return invalid.map(({ value }) => value);
}

function bandwidths({ bandwidth = [] }: Pick<SessionDescription, 'bandwidth'>): Bandwidth[] {
  return bandwidth.flatMap(({ type, limit }) =>
    String(limit) === '' ? [] : [{ type, limit: Number(limit) }],
  );
}

function milliseconds(value: unknown): number | undefined {
  const number = Number(value);
  return value !== undefined && Number.isFinite(number) && number > 0 ? number : undefined;
}
