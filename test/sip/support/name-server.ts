import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** A record as it is put into an answer: its owner, type, and what it says. */
export interface ZoneRecord {
  readonly owner: string;
  readonly type: keyof typeof TYPES;
  readonly ttl?: number;
  readonly data: Uint8Array;
}

const TYPES = { A: 1, CNAME: 5, SRV: 33, NAPTR: 35 } as const;
const NO_SUCH_NAME = 3;

/** A name server (RFC 1035) that says what a test wants, true or not. */
export class NameServer {
  /** As `SRV _sip._udp.example.org`. */
  readonly asked: string[] = [];
  /** A name that its answers pretend to have been asked for. */
  pretends: string | undefined;
  readonly #socket: Socket;
  /** Answers to a question; undefined says nothing at all. */
  answer: (name: string, type: string) => readonly ZoneRecord[] | undefined = () => [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (query, from) => this.#onQuery(query, from));
  }

  /** At any port of 127.0.0.1 where nothing else is said; the port of name servers takes root. */
  static async open(host = '127.0.0.1', port = 0): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(port, host, resolve));
    return new NameServer(socket);
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  close(): void {
    this.#socket.close();
  }

  #onQuery(query: Buffer, from: RemoteInfo): void {
    const { name, end } = readName(query, 12);
    const code = query.readUInt16BE(end);
    const type = Object.entries(TYPES).find(([, each]) => each === code)?.[0] ?? String(code);
    this.asked.push(`${type} ${name}`);
    const records = this.answer(name, type);
    if (!records) return;
    const head = Buffer.alloc(12);
    head.writeUInt16BE(query.readUInt16BE(0), 0);
    // Response, recursion desired and available.
    head.writeUInt16BE(0x8180 | (records.length === 0 ? NO_SUCH_NAME : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    const question = Buffer.concat([
      this.pretends === undefined ? query.subarray(12, end) : nameOctets(this.pretends),
      query.subarray(end, end + 4),
    ]);
    this.#socket.send(
      Buffer.concat([head, question, ...records.map(octetsOf)]),
      from.port,
      from.address,
    );
  }
}

export function srv(
  owner: string,
  name: string,
  { priority = 1, weight = 1, port = 5060, ttl = 60 } = {},
): ZoneRecord {
  const numbers = Buffer.alloc(6);
  for (const [place, each] of [priority, weight, port].entries()) {
    numbers.writeUInt16BE(each, 2 * place);
  }
  return { owner, type: 'SRV', ttl, data: Buffer.concat([numbers, nameOctets(name)]) };
}

export function naptr(
  owner: string,
  service: string,
  replacement: string,
  { order = 1, preference = 1, flags = 's', regexp = '', ttl = 60 } = {},
): ZoneRecord {
  const numbers = Buffer.alloc(4);
  for (const [place, each] of [order, preference].entries()) {
    numbers.writeUInt16BE(each, 2 * place);
  }
  const texts = [flags, service, regexp].map((each) =>
    Buffer.concat([Buffer.of(each.length), Buffer.from(each)]),
  );
  const data = Buffer.concat([numbers, ...texts, nameOctets(replacement)]);
  return { owner, type: 'NAPTR', ttl, data };
}

export function address(owner: string, ipv4: string): ZoneRecord {
  return { owner, type: 'A', data: Uint8Array.from(ipv4.split('.').map(Number)) };
}

export function cname(owner: string, name: string): ZoneRecord {
  return { owner, type: 'CNAME', data: nameOctets(name) };
}

function octetsOf({ owner, type, ttl = 60, data }: ZoneRecord): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(TYPES[type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameOctets(owner), fixed, data]);
}

function nameOctets(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]),
    Buffer.of(0),
  ]);
}

function readName(query: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}
