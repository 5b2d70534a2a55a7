import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRequest,
  createResponse,
  type HeaderList,
  NameAddr,
  Params,
  parseMessage,
  parseUri,
  replyToFailure,
  type SipMessage,
  SipUri,
  serializeMessage,
  Via,
  validateRequest,
  validateResponse,
} from '../../../src/sip/message';
import { invite, readAll } from './samples';
import { parsed, readTorture, SERVES } from './torture';

/** All that the layers above do with a datagram; whatever throws is a bug. */
function handle(bytes: Uint8Array): SipMessage | undefined {
  const message = parseMessage(bytes);
  if (message.kind === 'failure') {
    replyToFailure(message, 'tag');
    return undefined;
  }
  readAll(message);
  if (message.kind === 'response') {
    validateResponse(message);
    return message;
  }
  message.replaceTopVia(message.topVia.withParam('received', '192.0.2.1'));
  const verdict = validateRequest(message, SERVES);
  const headers: HeaderList = verdict.kind === 'reject' ? verdict.headers : [];
  const response = createResponse(message, 400, { toTag: 'tag', headers });
  readAll(response);
  parsed(serializeMessage(response));
  // What a dialog does: the peer's address, taken apart and put together, becomes ours to write.
  message.set('To', message.from.withParam('x')).set('From', message.to.withParam('y'));
  readAll(message);
  return message;
}

/** Everything as text. */
function tell(message: SipMessage): string[] {
  const values = readAll(message);
  return values.map((value) => (Array.isArray(value) ? value.join(' | ') : String(value)));
}

/** Serialized, parsed and serialized again, a message stays what it was. */
function expectStable(message: SipMessage): void {
  const first = serializeMessage(message);
  const again = parsed(first);
  expect(tell(again)).toEqual(tell(message));
  expect(Buffer.compare(again.body, message.body)).toBe(0);
  expect(Buffer.compare(serializeMessage(again), first)).toBe(0);
}

const TOKEN_CHARACTERS = "abcXYZ019-.!%*_+`'~";
const token = fc.string({
  unit: fc.constantFrom(...TOKEN_CHARACTERS),
  minLength: 1,
  maxLength: 12,
});
/** Any text that fits on one line, in whatever script. */
const line = fc
  .string({ unit: 'binary', maxLength: 20 })
  .map((text) => text.replace(/[\r\n\ud800-\udfff]/g, '').replace(/^[ \t]+|[ \t]+$/g, ''));
const host = fc.oneof(fc.domain(), fc.ipV4(), fc.constantFrom('2001:db8::1', '::ffff:192.0.2.1'));
const port = fc.option(fc.integer({ min: 0, max: 65535 }), { nil: undefined });

function paramsOf(value: fc.Arbitrary<string>): fc.Arbitrary<Params> {
  const pair = fc.tuple(token, fc.option(value, { nil: undefined }));
  return fc.array(pair, { maxLength: 3 }).map((pairs) => Params.fromItems(pairs.flat()));
}
const headerParams = paramsOf(
  fc.oneof(
    token,
    line.map((text) => JSON.stringify(text)),
  ),
);
const uri = fc
  .tuple(fc.option(line.filter(Boolean), { nil: undefined }), host, port, paramsOf(token))
  .map(([user, name, number, params]) => SipUri.of(user, name, number, params));
const anyUri = fc.oneof(uri, fc.constantFrom('tel:+1;x=y', 'urn:service:sos').map(parseUri));
const nameAddr = fc
  .tuple(fc.option(line.filter(Boolean), { nil: undefined }), anyUri, headerParams)
  .map(([name, address, params]) => new NameAddr(name, address, params));
const via = fc
  .tuple(fc.constantFrom('UDP', 'TCP', 'TLS', 'WS'), host, port, headerParams)
  .map(([transport, name, number, params]) => new Via(transport, name, number, params));
const extra: fc.Arbitrary<HeaderList> = fc.array(
  fc.tuple(
    token.map((name) => `X-${name}`),
    line,
  ),
  { maxLength: 4 },
);
const body = fc.option(
  fc.uint8Array({ maxLength: 40 }).map((content) => ({ contentType: 'x/y', content })),
  { nil: undefined },
);
const request = fc
  .record({
    method: token,
    uri: anyUri,
    via,
    from: nameAddr,
    to: nameAddr,
    callId: token,
    cseq: fc.nat(),
    contact: nameAddr,
    routes: fc.array(nameAddr, { maxLength: 2 }),
    headers: extra,
    body,
  })
  .map(({ method, uri: target, body: content, ...parts }) =>
    createRequest(method, target, content ? { ...parts, body: content } : parts),
  );

describe('any octets', () => {
  it('are read or refused, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        handle(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('are so behind a start line and among header fields too', () => {
    const octets = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    const name = fc.constantFrom('Via', 'Contact', 'Route', 'Content-Length', 'Require', 'x', '');
    fc.assert(
      fc.property(name, octets, octets, (field, value, tail) => {
        const head = invite().slice(0, -2);
        handle(Buffer.concat([Buffer.from(`${head}${field}: `), value, tail]));
        handle(
          Buffer.concat([Buffer.from(`${head}${field}: `), value, Buffer.from('\r\n\r\n'), tail]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('of a value leave as they came, UTF-8 or not', () => {
    const lead = fc.constantFrom(0xc0, 0xc3, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5);
    const octet = fc.oneof(
      lead,
      fc.integer({ min: 0x80, max: 0xbf }),
      fc.integer({ min: 0x21, max: 0xff }),
    );
    fc.assert(
      fc.property(fc.array(octet, { minLength: 1, maxLength: 30 }), (octets) => {
        const [head, tail] = invite(['X-A: |', 'Content-Length: 0']).split('|');
        const value = Buffer.from(octets);
        const sent = Buffer.concat([Buffer.from(head ?? ''), value, Buffer.from(tail ?? '')]);
        expect(Buffer.from(serializeMessage(parsed(sent))).toString('hex')).toBe(
          sent.toString('hex'),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('of the grammar make values that are read or refused', () => {
    const pieces = fc.constantFrom(
      ...['"', '\\', '<', '>', ';', ',', '=', '?', '&', '@', ':', '[', ']', '/', '%', ' ', '\t'],
      ...[
        'sip:',
        'SIP/2.0/UDP ',
        'a',
        '::1',
        '5060',
        'tag',
        '\r\n ',
        '\r',
        '\0',
        'ü',
        '\ud83d\ude00',
      ],
    );
    const name = fc.constantFrom('Via', 'From', 'To', 'Contact', 'Route', 'CSeq', 'Authorization');
    fc.assert(
      fc.property(name, fc.array(pieces, { maxLength: 25 }), (field, parts) => {
        const text = invite([`${field}: ${parts.join('')}`]);
        handle(Buffer.from(text));
        handle(Buffer.from(text.replace(new RegExp(`${field}: .*\r\n`), '')));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('any message that can be built', () => {
  it('survives the wire', () => {
    fc.assert(fc.property(request, expectStable), { numRuns: 500 });
  });

  it('has responses that survive it too', () => {
    const status = fc.integer({ min: 100, max: 699 });
    fc.assert(
      fc.property(request, status, line, token, (received, code, reason, toTag) => {
        expectStable(createResponse(received, code, { reason, toTag }));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every URI that is built from text', () => {
    fc.assert(
      fc.property(uri, (built) => {
        const read = parseUri(`${built}`);
        expect(`${read}`).toBe(`${built}`);
        expect(read.kind === 'sip' && read.userText).toBe(built.userText);
      }),
    );
  });
});

const CORPUS = (['rfc4475', 'rfc5118'] as const).flatMap((folder) =>
  readdirSync(fileURLToPath(new URL(`../../data/${folder}`, import.meta.url))).map((file) =>
    readTorture(folder, file),
  ),
);

describe('torture messages', () => {
  it('that parse survive the wire', () => {
    let count = 0;
    for (const message of CORPUS.map(parseMessage)) {
      if (message.kind === 'failure') continue;
      expectStable(message);
      count++;
    }
    expect(count).toBeGreaterThan(45);
  });

  it('are survived when mutated', () => {
    const mutation = fc.record({
      at: fc.nat(),
      remove: fc.integer({ min: 0, max: 20 }),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc
          .constantFrom('\r\n', '\n', ' ', '\r\n ', '"', ',', ';', '<', ':')
          .map((text) => Buffer.from(text)),
      ),
    });
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...CORPUS), mutations, (original, changes) => {
        let bytes = original;
        for (const { at, remove, insert } of changes) {
          const place = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, place), insert, bytes.subarray(place + remove)]);
        }
        handle(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('are survived when cut anywhere', () => {
    for (const bytes of CORPUS) {
      for (let length = 0; length < bytes.length; length += 7) handle(bytes.subarray(0, length));
    }
  });
});
