import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform';
import { ipVersion } from './address';
import { directionOf, receives, sends } from './direction';
import { type Direction, SdpException } from './types';

/** More media lines than any phone offers; each would cost a line in our answer. */
const MAX_MEDIA_LINES = 32;

/** One payload format of a media line, with RFC 3551 §6 defaults for static types applied. */
export interface Format {
  readonly payloadType: number;
  /** Encoding name in capitals. */
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
  /** Parameters of a=fmtp, names in lower case; empty when there is none. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface MediaLine {
  readonly type: string;
  /** 0 refuses the line, RFC 3264 §6. */
  readonly port: number;
  readonly protocol: string;
  /** The format list as written. */
  readonly formatList: string;
  readonly formats: readonly Format[];
  /** Unicast address the peer receives at; empty when the line names none that is numeric. */
  readonly address: string;
  readonly rtcpPort: number;
  /** The peer's direction, an old-style hold by c=0.0.0.0 included. */
  readonly direction: Direction;
  readonly ptimeMs: number | undefined;
  readonly maxptimeMs: number | undefined;
  /** Feedback the peer understands, as `nack pli`. */
  readonly feedback: readonly string[];
}

export interface Description {
  readonly media: readonly MediaLine[];
}

/** Reads a session description, RFC 8866. @throws SdpException `malformed`. */
export function parseDescription(text: string): Description {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== '');
  if (lines[0]?.trim() !== 'v=0') {
    throw malformed(`expected "v=0" as its first line, found ${quote(lines[0])}`);
  }
  if (!lines.some((line) => /^o=\S+ \S+ \S+ \S+ \S+ \S+/.test(line))) {
    throw malformed('expected an o= line with six fields, found none');
  }
  const heads = lines.filter((line) => line.startsWith('m=')).map(parseMediaHead);
  if (heads.length > MAX_MEDIA_LINES) {
    throw malformed(`expected at most ${MAX_MEDIA_LINES} media lines, found ${heads.length}`);
  }
  const session = parse(text);
  return { media: heads.map((head, index) => mediaLine(head, session.media[index], session)) };
}

interface MediaHead {
  readonly type: string;
  readonly port: number;
  readonly protocol: string;
  readonly formatList: string;
}

/** The m= line, RFC 8866 §5.14, read here because sdp-transform drops what it does not know. */
function parseMediaHead(line: string): MediaHead {
  const match = /^m=(\S+) +(\d{1,5})(?:\/\d+)? +(\S+) +(\S.*?) *$/.exec(line);
  const [, type, port, protocol, formatList] = match ?? [];
  if (!type || !port || !protocol || !formatList || Number(port) > 65535) {
    throw malformed(`expected "m=media port protocol formats", found ${quote(line)}`);
  }
  return { type, port: Number(port), protocol, formatList };
}

function mediaLine(
  head: MediaHead,
  parsed: MediaDescription | undefined,
  session: SessionDescription,
): MediaLine {
  const address = numericAddress(parsed?.connection?.ip ?? session.connection?.ip);
  const direction = parsed?.direction ?? session.direction ?? 'sendrecv';
  return {
    ...head,
    formats: formatsOf(head.formatList, parsed),
    address,
    rtcpPort: rtcpPortOf(head.port, parsed?.rtcp?.port),
    // RFC 3264 §8.4: an address of zeros is how RFC 2543 put a call on hold.
    direction: address === '0.0.0.0' ? directionOf(sends(direction), false) : direction,
    ptimeMs: milliseconds(parsed?.ptime),
    maxptimeMs: milliseconds(parsed?.maxptime),
    feedback: (parsed?.rtcpFb ?? []).map(({ type, subtype }) => `${type} ${subtype ?? ''}`.trim()),
  };
}

function formatsOf(formatList: string, parsed: MediaDescription | undefined): Format[] {
  return formatList.split(/ +/).flatMap((item) => {
    const payloadType = /^\d{1,3}$/.test(item) ? Number(item) : 128;
    if (payloadType > 127) return [];
    const map = parsed?.rtp.find((entry) => entry.payload === payloadType);
    const { encoding, clockRate, channels } = map
      ? {
          encoding: String(map.codec).toUpperCase(),
          clockRate: Number(map.rate ?? 0),
          channels: Number(map.encoding ?? 1),
        }
      : staticFormat(payloadType);
    const config = parsed?.fmtp.find((entry) => entry.payload === payloadType)?.config ?? '';
    return [{ payloadType, encoding, clockRate, channels, parameters: parameterMap(config) }];
  });
}

/** RFC 3551 §6, table 4, as far as we speak it. */
function staticFormat(payloadType: number): Pick<Format, 'encoding' | 'clockRate' | 'channels'> {
  const encoding = payloadType === 0 ? 'PCMU' : payloadType === 8 ? 'PCMA' : '';
  return { encoding, clockRate: encoding ? 8000 : 0, channels: 1 };
}

function parameterMap(config: string | number): ReadonlyMap<string, string> {
  const entries = String(config)
    .split(';')
    .flatMap((part): [string, string][] => {
      const [name = '', ...value] = part.split('=');
      return name.trim() ? [[name.trim().toLowerCase(), value.join('=').trim()]] : [];
    });
  return new Map(entries);
}

/** RFC 3605: RTCP where a=rtcp says, otherwise on the next port (RFC 3550 §11). */
function rtcpPortOf(rtpPort: number, attribute: unknown): number {
  if (typeof attribute === 'number' && attribute > 0 && attribute <= 65535) return attribute;
  return Math.min(rtpPort + 1, 65535);
}

function numericAddress(text: string | number | undefined): string {
  const address = String(text ?? '').split('/')[0] ?? '';
  return ipVersion(address) ? address : '';
}

function milliseconds(value: unknown): number | undefined {
  const number = Number(value);
  return value !== undefined && Number.isFinite(number) && number > 0 ? number : undefined;
}

/** Whether the peer, by its direction, put us on hold. */
export function holdsUs(line: MediaLine): boolean {
  return !receives(line.direction);
}

function malformed(message: string): SdpException {
  return new SdpException('malformed', `session description: ${message}`);
}

function quote(line: string | undefined): string {
  return line === undefined ? 'nothing' : JSON.stringify(line.slice(0, 80));
}
