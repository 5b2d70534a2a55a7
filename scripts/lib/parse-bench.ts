import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parseMessage } from '../../src/sip/message';

/** Microseconds to read one INVITE and touch its main fields: medians of the same run. */
export interface ParseBench {
  readonly ours: number;
  readonly sip: number;
  readonly jssip: number;
  readonly sipjs: number;
}

const SDP = [
  'v=0',
  'o=alice 2890844526 2890844526 IN IP4 192.0.2.101',
  's=-',
  'c=IN IP4 192.0.2.101',
  't=0 0',
  'm=audio 49172 RTP/AVP 8 0 101',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

const INVITE = Buffer.from(
  [
    'INVITE sip:bob@biloxi.example.com SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.101:5060;rport;branch=z9hG4bK74bf9a3c1d',
    'Max-Forwards: 70',
    'From: "Alice" <sip:alice@atlanta.example.com>;tag=9fxced76sl',
    'To: Bob <sip:bob@biloxi.example.com>',
    'Call-ID: 3848276298220188511@atlanta.example.com',
    'CSeq: 1 INVITE',
    'Contact: <sip:alice@192.0.2.101:5060;transport=udp>',
    'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, NOTIFY',
    'Supported: replaces, timer, 100rel',
    'Session-Expires: 1800',
    'User-Agent: Example Phone 3.2.1',
    'Allow-Events: refer, hold, talk',
    'Content-Type: application/sdp',
    `Content-Length: ${SDP.length}`,
    '',
    SDP,
  ].join('\r\n'),
);

/** What every candidate has to read out of the INVITE; all must agree before they are timed. */
interface MainFields {
  readonly method: string;
  readonly uri: Address;
  readonly via: { readonly branch: string; readonly host: string; readonly port: number };
  readonly from: Address & { readonly tag: string };
  readonly to: Address;
  readonly callId: string;
  readonly cseq: { readonly sequence: number; readonly method: string };
  readonly contact: Address & { readonly port: number };
  readonly contentLength: number;
  readonly bodyLength: number;
}
interface Address {
  readonly user: string;
  readonly host: string;
}

type Candidate = (bytes: Buffer) => MainFields;

function readWithOurs(bytes: Buffer): MainFields {
  const message = parseMessage(bytes);
  const contact = message.kind === 'request' ? message.contacts[0] : undefined;
  if (message.kind !== 'request' || !contact) throw new Error('ours did not read the INVITE');
  const { topVia, from, to, cseq } = message;
  return {
    method: message.method,
    uri: { user: message.uri.user ?? '', host: message.uri.host ?? '' },
    via: { branch: topVia.branch ?? '', host: topVia.host, port: topVia.port ?? 0 },
    from: { user: from.uri.user ?? '', host: from.uri.host ?? '', tag: from.tag ?? '' },
    to: { user: to.uri.user ?? '', host: to.uri.host ?? '' },
    callId: message.callId,
    cseq: { sequence: cseq.sequence, method: cseq.method },
    contact: {
      user: contact.uri.user ?? '',
      host: contact.uri.host ?? '',
      port: contact.uri.kind === 'sip' ? (contact.uri.port ?? 0) : 0,
    },
    contentLength: message.contentLength ?? 0,
    bodyLength: message.body.length,
  };
}

/** The part of npm's `sip` that reads messages; URIs stay text until asked for. */
interface NpmSip {
  parse(bytes: Buffer): {
    method: string;
    uri: string;
    headers: {
      via: { host: string; port: number; params: { branch: string } }[];
      from: { uri: string; params: { tag: string } };
      to: { uri: string };
      contact: { uri: string }[];
      'call-id': string;
      cseq: { seq: number; method: string };
      'content-length': number;
    };
    content: string;
  };
  parseUri(text: string): { user: string; host: string; port: number };
}

function isNpmSip(module: unknown): module is NpmSip {
  return hasFunction(module, 'parse') && hasFunction(module, 'parseUri');
}

function readWithSip(sip: NpmSip, bytes: Buffer): MainFields {
  const message = sip.parse(bytes);
  const { headers } = message;
  const via = headers.via[0];
  const contact = headers.contact[0];
  if (!via || !contact) throw new Error('sip did not read the INVITE');
  const from = sip.parseUri(headers.from.uri);
  const contactUri = sip.parseUri(contact.uri);
  return {
    method: message.method,
    uri: addressOf(sip.parseUri(message.uri)),
    via: { branch: via.params.branch, host: via.host, port: via.port },
    from: { user: from.user, host: from.host, tag: headers.from.params.tag },
    to: addressOf(sip.parseUri(headers.to.uri)),
    callId: headers['call-id'],
    cseq: { sequence: headers.cseq.seq, method: headers.cseq.method },
    contact: { user: contactUri.user, host: contactUri.host, port: contactUri.port },
    contentLength: headers['content-length'],
    bodyLength: message.content.length,
  };
}

/** What JsSIP and SIP.js, which are cousins, call a message; they parse each URI with its field. */
interface PegMessage {
  method: string;
  ruri: Address;
  via: { branch: string; host: string; port: number };
  from: { uri: Address };
  to: { uri: Address };
  cseq: number;
  body: string;
  parseHeader(name: 'contact', index: number): { uri: Address & { port: number } };
  parseHeader(name: 'cseq', index: number): { method: string };
  getHeader(name: 'content-length'): string;
}
interface JsSipMessage extends PegMessage {
  from_tag: string;
  call_id: string;
}
interface SipJsMessage extends PegMessage {
  fromTag: string;
  callId: string;
}
interface PegParser<Message extends PegMessage> {
  parseMessage(text: string, context: unknown): Message | undefined;
}

function isJsSipParser(module: unknown): module is PegParser<JsSipMessage> {
  return hasFunction(module, 'parseMessage');
}

function isSipJsParser(module: unknown): module is PegParser<SipJsMessage> {
  return hasFunction(module, 'parseMessage');
}

function readPegMessage(message: PegMessage, tag: string, callId: string): MainFields {
  const contact = message.parseHeader('contact', 0).uri;
  return {
    method: message.method,
    uri: addressOf(message.ruri),
    via: { branch: message.via.branch, host: message.via.host, port: message.via.port },
    from: { user: message.from.uri.user, host: message.from.uri.host, tag },
    to: addressOf(message.to.uri),
    callId,
    cseq: { sequence: message.cseq, method: message.parseHeader('cseq', 0).method },
    contact: { user: contact.user, host: contact.host, port: contact.port },
    contentLength: Number(message.getHeader('content-length')),
    bodyLength: message.body.length,
  };
}

function addressOf(uri: Address): Address {
  return { user: uri.user, host: uri.host };
}

function hasFunction(module: unknown, name: string): boolean {
  return (
    typeof module === 'object' && module !== null && typeof Reflect.get(module, name) === 'function'
  );
}

async function loadCandidates(): Promise<Readonly<Record<keyof ParseBench, Candidate>>> {
  const require = createRequire(import.meta.url);
  const sip: unknown = require('sip');
  const jssip: unknown = require('jssip/lib/Parser.js');
  const sipjs: unknown = (await import('sip.js/lib/core/messages/parser.js')).Parser;
  if (!isNpmSip(sip)) throw new Error("expected npm's sip with parse(), found none");
  if (!isJsSipParser(jssip)) throw new Error('expected the parser of jssip, found none');
  if (!isSipJsParser(sipjs)) throw new Error('expected the parser of sip.js, found none');
  return {
    ours: readWithOurs,
    sip: (bytes) => readWithSip(sip, bytes),
    jssip: (bytes) => {
      const message = jssip.parseMessage(bytes.toString(), undefined);
      if (!message) throw new Error('jssip did not read the INVITE');
      return readPegMessage(message, message.from_tag, message.call_id);
    },
    sipjs: (bytes) => {
      const message = sipjs.parseMessage(bytes.toString(), console);
      if (!message) throw new Error('sip.js did not read the INVITE');
      return readPegMessage(message, message.fromTag, message.callId);
    },
  };
}

/** Messages per batch, so that a batch of each takes about the same time. */
const BATCH: Readonly<Record<keyof ParseBench, number>> = {
  ours: 3000,
  sip: 1500,
  jssip: 100,
  sipjs: 6,
};
const WARM_UP_ROUNDS = 5;
const ROUNDS = 41;

/**
 * Times all candidates in turn, batch by batch, so that a noisy machine is noisy for all of them.
 * @throws Error when a candidate reads something else out of the INVITE than the others
 */
export async function benchParse(): Promise<ParseBench> {
  const candidates = await loadCandidates();
  const expected = JSON.stringify(candidates.ours(INVITE));
  const names = ['ours', 'sip', 'jssip', 'sipjs'] as const;
  for (const name of names) {
    const found = JSON.stringify(candidates[name](INVITE));
    if (found !== expected) throw new Error(`expected ${expected}, ${name} found ${found}`);
  }
  const samples: Record<keyof ParseBench, number[]> = { ours: [], sip: [], jssip: [], sipjs: [] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const name of names) {
      const microseconds = timeBatch(candidates[name], BATCH[name]);
      if (round >= 0) samples[name].push(microseconds);
    }
  }
  return {
    ours: median(samples.ours),
    sip: median(samples.sip),
    jssip: median(samples.jssip),
    sipjs: median(samples.sipjs),
  };
}

/** Microseconds per message; the sum keeps the optimizer from dropping the work. */
function timeBatch(read: Candidate, count: number): number {
  let octets = 0;
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) octets += read(INVITE).bodyLength;
  const elapsed = Number(process.hrtime.bigint() - start) / 1000;
  if (octets !== count * SDP.length) throw new Error('a candidate lost the body');
  return elapsed / count;
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
  const result = await benchParse();
  console.log(`one INVITE of ${INVITE.length} octets, microseconds per message`);
  for (const [name, value] of Object.entries(result)) {
    const ratio = (value / result.ours).toFixed(2);
    console.log(`${name.padEnd(6)} ${value.toFixed(2).padStart(9)}   ${ratio} x ours`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
