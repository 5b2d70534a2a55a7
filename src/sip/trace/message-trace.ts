import { BoundedMap, type Clock, type Logger } from '../../platform';
import { formatHostPort, ownText } from '../message';
import type { Destination, Flow, SocketAddress, TransportProtocol } from '../transport';
import { Heading, summaryOf } from './heading';
import { maskMessage } from './mask';
import { type KeptMessage, MessageRing, type RingLimits } from './message-ring';

/** What a message belongs to. */
export const TRACE_ROOMS = ['call', 'registration', 'other'] as const;
export type TraceRoom = (typeof TRACE_ROOMS)[number];

/**
 * Each has room of its own: neither strangers nor a registration that is refreshed for months push the last calls
 * out. A call takes some 8 KB.
 */
const LIMITS: Readonly<Record<TraceRoom, RingLimits>> = {
  call: { bytes: 128 * 1024, messages: 512 },
  registration: { bytes: 32 * 1024, messages: 128 },
  other: { bytes: 32 * 1024, messages: 128 },
};

/** Of one message no more is kept. */
const MESSAGE_OCTETS = 8 * 1024;
/** Call-IDs that are known to be ours; far more than there is room for messages of. */
const MAX_OURS = 128;
/** Of one answer, as it is on the wire: it fits into a datagram, whatever is in the messages. */
const PAGE_OCTETS = 40 * 1024;

export interface TracedMessage {
  /** From 1 at the start of the agent. */
  readonly number: number;
  /** Civil time, ISO 8601. */
  readonly at: string;
  readonly direction: 'in' | 'out';
  /** Address and port, as `192.0.2.7:5060` or `[2001:db8::7]:5060`. */
  readonly from: string;
  readonly to: string;
  readonly transport: TransportProtocol;
  /** As `INVITE sip:home@example.org` or `200 OK (INVITE)`. */
  readonly summary: string;
  /** How long it was on the wire. */
  readonly octets: number;
  /** The message, its secrets masked; its first 8 KB. Only when it was asked for. */
  readonly text?: string;
}

export interface TracedDialog {
  readonly callId: string;
  /** `call`, `registration`, or `other`: requests of others that began no call, as OPTIONS. */
  readonly kind: TraceRoom;
  /** Oldest first. */
  readonly messages: readonly TracedMessage[];
}

export interface TraceQuery {
  /** Only of these Call-IDs. */
  readonly callIds?: readonly string[];
  /** At most so many messages, the newest. */
  readonly limit: number;
  /** Only messages with lower numbers. */
  readonly before?: number;
  readonly withText: boolean;
}

export interface TracePage {
  /** By their first message. */
  readonly dialogs: readonly TracedDialog[];
  /** To ask before next time, when there are older ones. */
  readonly before?: number;
  /** Messages that gave way to newer ones since the start. */
  readonly dropped: Readonly<Record<TraceRoom, number>>;
}

/** The last SIP messages, sent and received, in rooms of fixed size; whoever reads them sees no secrets. */
export class MessageTrace {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #rings = {
    call: new MessageRing(LIMITS.call),
    registration: new MessageRing(LIMITS.registration),
    other: new MessageRing(LIMITS.other),
  };
  readonly #ours = new BoundedMap<TraceRoom>(MAX_OURS);
  #last = 0;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  received(bytes: Uint8Array, flow: Flow): void {
    const heading = new Heading(bytes);
    const { callId } = heading;
    this.#keep('in', bytes, flow, callId, this.#ours.get(callId) ?? 'other');
  }

  sent(bytes: Uint8Array, flow: Flow): void {
    const heading = new Heading(bytes);
    const { callId } = heading;
    this.#keep('out', bytes, flow, callId, this.#ours.get(callId) ?? this.#roomOf(heading, callId));
  }

  /** Of a Call-ID that is not ours yet. A request that we send makes it ours, and so does a call that we take. */
  #roomOf(heading: Heading, callId: string): TraceRoom {
    if (callId === '') return 'other';
    if (!heading.isResponse) {
      const room = heading.isRegister ? 'registration' : 'call';
      this.#ours.set(ownText(callId), room);
      return room;
    }
    if (!heading.makesCall) return 'other';
    this.#ours.set(ownText(callId), 'call');
    // Its INVITE came as a stranger's.
    const isOfCall = ({ bytes }: KeptMessage): boolean => new Heading(bytes).callId === callId;
    for (const message of this.#rings.other.take(hashOf(callId), isOfCall)) {
      this.#rings.call.add(message, message.bytes);
    }
    return 'call';
  }

  #keep(
    direction: 'in' | 'out',
    bytes: Uint8Array,
    { protocol, remote }: Flow,
    callId: string,
    room: TraceRoom,
  ): void {
    this.#last += 1;
    this.#rings[room].add(
      {
        number: this.#last,
        at: this.#clock.now(),
        direction,
        protocol,
        remote,
        hash: hashOf(callId),
        octets: bytes.length,
      },
      bytes.length > MESSAGE_OCTETS ? bytes.subarray(0, MESSAGE_OCTETS) : bytes,
    );
    this.#log.debug(direction === 'in' ? 'received' : 'sent', () => ({
      transport: protocol,
      [direction === 'in' ? 'from' : 'to']: endpoint(remote),
      octets: bytes.length,
      text: textOf(bytes),
    }));
  }

  /** The newest that fit, by their dialogs. */
  read(query: TraceQuery, localTo: LocalTo): TracePage {
    const { limit, before = Number.POSITIVE_INFINITY } = query;
    const older = this.#found(query).filter(({ number }) => number < before);
    const page: (Found & { readonly traced: TracedMessage })[] = [];
    let room = PAGE_OCTETS;
    for (const one of older.sort((a, b) => b.number - a.number).slice(0, limit)) {
      const traced = this.#traced(one, query.withText, localTo);
      room -= Buffer.byteLength(JSON.stringify([one.callId, traced]));
      if (room < 0 && page.length > 0) break;
      page.push({ ...one, traced });
    }
    const first = page[page.length - 1];
    return {
      dialogs: dialogsOf(page.reverse()),
      ...(first && page.length < older.length ? { before: first.number } : {}),
      dropped: {
        call: this.#rings.call.dropped,
        registration: this.#rings.registration.dropped,
        other: this.#rings.other.dropped,
      },
    };
  }

  #found({ callIds }: TraceQuery): Found[] {
    const hashes = callIds?.map(hashOf);
    return TRACE_ROOMS.flatMap((kind) =>
      this.#rings[kind]
        .messages()
        .filter(({ hash }) => hashes?.includes(hash) ?? true)
        .map((message) => ({ ...message, kind, callId: new Heading(message.bytes).callId })),
    ).filter(({ callId }) => callIds?.includes(callId) ?? true);
  }

  #traced(found: Found, withText: boolean, localTo: LocalTo): TracedMessage {
    const { number, at, direction, protocol, remote, octets, bytes } = found;
    const text = textOf(bytes);
    const there = endpoint(remote);
    // Ours as it was then, where the message tells it.
    const here = new Heading(bytes).ourVia(direction) ?? hereNow(localTo({ protocol, remote }));
    const age = this.#clock.now() - at;
    return {
      number,
      at: new Date(this.#clock.wallTime().getTime() - age).toISOString(),
      direction,
      from: direction === 'in' ? there : here,
      to: direction === 'in' ? here : there,
      transport: protocol,
      summary: summaryOf(text),
      octets,
      ...(withText ? { text } : {}),
    };
  }
}

/** Where the remote end reaches us; undefined when there is no way between us now. */
export type LocalTo = (destination: Destination) => SocketAddress | undefined;

interface Found extends KeptMessage {
  readonly kind: TraceRoom;
  readonly callId: string;
}

function dialogsOf(page: readonly (Found & { readonly traced: TracedMessage })[]): TracedDialog[] {
  const dialogs = new Map<string, TracedDialog & { readonly messages: TracedMessage[] }>();
  for (const { callId, kind, traced } of page) {
    const dialog = dialogs.get(callId) ?? { callId, kind, messages: [] };
    dialogs.set(callId, dialog);
    dialog.messages.push(traced);
  }
  return [...dialogs.values()];
}

/** 0.0.0.0 stands for an address that this machine has no more. */
function hereNow(local: SocketAddress | undefined): string {
  return endpoint(local ?? { address: '0.0.0.0', port: 0 });
}

function endpoint({ address, port }: SocketAddress): string {
  return formatHostPort(address, port);
}

function textOf(bytes: Uint8Array): string {
  const { buffer, byteOffset, length } = bytes;
  return maskMessage(Buffer.from(buffer, byteOffset, length).toString());
}

/** FNV-1a, which tells Call-IDs apart well enough to look no further. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  }
  return hash >>> 0;
}
