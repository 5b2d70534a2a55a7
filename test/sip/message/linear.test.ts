import { afterEach, describe, expect, it, test, vi } from 'vitest';
import {
  createResponse,
  parseMessage,
  parseUri,
  replyToFailure,
  sameUri,
  serializeMessage,
  validateRequest,
} from '../../../src/sip/message';
import { invite, readAll } from './samples';
import { SERVES } from './torture';

/** Characters looked at through the string methods that the parser is made of. */
function countSteps(work: () => void): number {
  let steps = 0;
  const { charCodeAt, indexOf, includes, startsWith } = String.prototype;
  vi.spyOn(String.prototype, 'charCodeAt').mockImplementation(function (this: string, at) {
    steps++;
    return charCodeAt.call(this, at);
  });
  vi.spyOn(String.prototype, 'startsWith').mockImplementation(function (this: string, text, at) {
    steps += text.length;
    return startsWith.call(this, text, at);
  });
  vi.spyOn(String.prototype, 'includes').mockImplementation(function (this: string, text, from) {
    steps += this.length - (from ?? 0);
    return includes.call(this, text, from);
  });
  vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, text, from) {
    const found = indexOf.call(this, text, from);
    steps += (found < 0 ? this.length : found) - (from ?? 0) + 1;
    return found;
  });
  try {
    work();
  } finally {
    vi.restoreAllMocks();
  }
  return steps;
}

/** Times that a name was brought into one case, by which parameters are told apart. */
function countLowerCased(work: () => void): number {
  const { toLowerCase } = String.prototype;
  let count = 0;
  vi.spyOn(String.prototype, 'toLowerCase').mockImplementation(function (this: string) {
    count++;
    return toLowerCase.call(this);
  });
  try {
    work();
  } finally {
    vi.restoreAllMocks();
  }
  return count;
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** The whole way of a datagram through this layer and back. */
function handle(bytes: Uint8Array): void {
  const message = parseMessage(bytes);
  if (message.kind === 'failure') {
    replyToFailure(message, 'tag');
    return;
  }
  readAll(message);
  if (message.kind === 'response') return;
  message.replaceTopVia(message.topVia.withParam('received', '192.0.2.1'));
  validateRequest(message, SERVES);
  serializeMessage(createResponse(message, 200, { toTag: 'tag' }));
}

/** Makes a hostile message of about `size` octets out of a repeated piece. */
type Maker = (size: number) => string;

function filled(name: string, piece: string, around: readonly [string, string] = ['', '']): Maker {
  return (size) => {
    const value = piece.repeat(Math.ceil(size / piece.length));
    return invite([`${name}: ${around[0]}${value}${around[1]}`]);
  };
}

function lines(piece: string, end = '\r\n'): Maker {
  return (size) => {
    const count = Math.ceil(size / (piece.length + end.length));
    return invite([(piece + end).repeat(count) + piece]);
  };
}

const HOSTILE: readonly (readonly [what: string, make: Maker])[] = [
  ['commas in Contact', filled('Contact', ',')],
  ['commas in Via', filled('Via', ',')],
  ['commas in Supported', filled('Supported', ',')],
  ['addresses without brackets', filled('Contact', 'sip:a,')],
  ['addresses with nothing but colons', filled('Route', 'sip::,')],
  ['addresses in brackets', filled('Contact', '<sip:a@b>,', ['', '<sip:c>'])],
  ['brackets that never close', filled('Contact', '<sip:a,')],
  ['tokens that lead to no bracket', filled('Contact', 'a ')],
  ['Via values', filled('Via', 'SIP/2.0/UDP a;branch=b,', ['', 'SIP/2.0/UDP c'])],
  ['parameters', filled('Contact', ';a=b', ['<sip:a>', ''])],
  ['URI parameters', filled('Contact', ';a=b', ['<sip:a', '>'])],
  ['URI headers', filled('Contact', '&a=b', ['<sip:a?a=b', '>'])],
  ['escaped quotes in a display name', filled('Contact', '\\"', ['"', '" <sip:a>'])],
  ['a display name that never ends', filled('Contact', '\\"', ['"', ''])],
  ['quoted strings one after the other', filled('Contact', '"",')],
  ['colons where a host is wanted', filled('Contact', ':', ['<sip:[', ']>'])],
  ['at signs', filled('Contact', '@', ['<sip:a', '>'])],
  ['percent signs', filled('Contact', '%4', ['<sip:', '@b>'])],
  ['blanks', filled('Subject', ' ', ['a', 'b'])],
  ['digits', filled('Content-Length', '9')],
  ['credentials', filled('Authorization', ',a="b"', ['Digest a="b"', ''])],
  ['challenges', filled('WWW-Authenticate', 'A b=c, ')],
  ['challenges without parameters', filled('WWW-Authenticate', 'A,')],
  ['a challenge whose quotes never close', filled('WWW-Authenticate', '\\"', ['A b="', ''])],
  ['a long token', filled('Require', 'a')],
  ['a field name without an end', (size) => invite(['a'.repeat(size)])],
  ['short fields', lines('a:')],
  ['short fields ending in LF', lines('a:', '\n')],
  ['lines without a colon', lines('a')],
  ['Via fields', lines('v: SIP/2.0/UDP a')],
  ['folded lines', lines(' ,', '\r\n')],
  ['empty folded lines', (size) => invite([`Subject: a${'\r\n '.repeat(size / 3)}`])],
  ['carriage returns', filled('Subject', '\r')],
  ['octets that are no UTF-8', filled('Subject', '\xff')],
  ['a long Request-URI', (size) => invite().replace('bob@', `${';'.repeat(size)}@`)],
  ['a start line of blanks', (size) => invite().replace(' ', ' '.repeat(size))],
  ['line breaks before the start line', (size) => '\r\n'.repeat(size / 2) + invite()],
];

describe('work grows no faster than the datagram', () => {
  const SMALL = 4 * 1024;
  const LARGE = 32 * 1024;

  test.each(HOSTILE)('%s', (_what, make) => {
    const steps = [SMALL, LARGE].map((size) => {
      const bytes = Buffer.from(make(size), 'latin1');
      return countSteps(() => handle(bytes)) / bytes.length;
    });
    const [small = 0, large = 0] = steps;
    // Eight times the octets: quadratic work would take eight times the steps for each of them.
    expect(large).toBeLessThan(Math.max(1, small) * 1.5);
    expect(large).toBeLessThan(60);
  });

  test.each([
    ['parameters', (i: number) => `;p${i}`],
    ['headers', (i: number) => (i === 0 ? '?h0=1' : `&h${i}=1`)],
  ])('two URIs are compared: %s', (_what, piece) => {
    const times = [SMALL, LARGE].map((size) => {
      const text = `sip:a@b${Array.from({ length: size / 32 }, (_, i) => piece(i)).join('')}`;
      const [one, other] = [parseUri(text), parseUri(text)];
      // Of each name, which a Map looks at once and a list looks through.
      return countLowerCased(() => expect(sameUri(one, other)).toBe(true)) / size;
    });
    expect(times[1]).toBeLessThan((times[0] ?? 0) * 1.5);
  });

  it('is seen by the counter: a search from the start each time is not linear', () => {
    const search = (size: number): number => {
      const text = 'a'.repeat(size);
      return countSteps(() => {
        for (let i = 0; i < size; i += 64) text.indexOf('b', i);
      });
    };
    expect(search(LARGE) / LARGE).toBeGreaterThan((search(SMALL) / SMALL) * 4);
  });
});
