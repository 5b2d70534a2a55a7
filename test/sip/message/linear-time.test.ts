import { describe, expect, it } from 'vitest';
import {
  createResponse,
  parseMessage,
  replyToFailure,
  serializeMessage,
  validateRequest,
  validateResponse,
} from '../../../src/sip/message';
import { KNOWN_NAMES } from '../../../src/sip/message/header-name';
import { expectLinear } from '../../support/linear';
import { invite, ok, readAll } from './samples';
import { SERVES } from './torture';

/** What an attacker would repeat: each is the weak spot of some value's grammar. */
const FILLERS = [
  ...[',', ';', '\\"', '<', '=', ' ', '\t', '%4', ':', '@', '9', '\t;', '\xff', 'a', '/', '[', '>'],
  ...[
    '<sip:a',
    ';a="',
    'a="b",',
    ';tag=',
    ';handling =',
    '\r\n ',
    '" <sip:a',
    'sip:a:',
    'nextnonce="',
  ],
];
const BEGINNINGS = ['', '<sip:a@b>;x'];
/** Read of responses only. */
const OF_RESPONSES = new Set(['Retry-After', 'WWW-Authenticate', 'Proxy-Authenticate', 'Warning']);

/** The whole way of a datagram through this layer and back. */
function run(text: string): void {
  const message = parseMessage(Buffer.from(text, 'latin1'));
  if (message.kind === 'failure') {
    replyToFailure(message, 'tag');
    return;
  }
  readAll(message);
  void message.description;
  if (message.kind === 'response') {
    validateResponse(message);
    return;
  }
  message.replaceTopVia(message.topVia.withParam('received', '192.0.2.1'));
  validateRequest(message, SERVES);
  serializeMessage(createResponse(message, 200, { toTag: 'tag' }));
}

/** A message whose field of that name, which it may have already, has that value. */
function withField(name: string, value: string): string {
  const text = OF_RESPONSES.has(name) ? ok() : invite();
  const own = new RegExp(`^${name}: .*$`, 'm');
  const line = `${name}: ${value}`;
  return own.test(text)
    ? text.replace(own, () => line)
    : text.replace('CSeq', () => `${line}\r\nCSeq`);
}

/** `linear.test.ts` counts the steps of strings; what expressions and buffers do shows in time only. */
describe('the time that a message takes grows with its length and no faster', () => {
  it.each([...KNOWN_NAMES, 'X-Unknown'])('in %s', (name) => {
    for (const beginning of BEGINNINGS) {
      for (const filler of FILLERS) {
        expectLinear(
          (length) => withField(name, beginning + filler.repeat(length / filler.length)),
          run,
        );
      }
    }
  });

  it.each(FILLERS)('in a start line of %j', (filler) => {
    for (const make of [
      (text: string) => invite().replace('sip:bob@biloxi.example.com SIP/2.0', () => text),
      (text: string) => invite().replace('sip:bob', () => `sip:${text}`),
      (text: string) => ok().replace('200 OK', () => `200 ${text}`),
    ]) {
      expectLinear((length) => make(filler.repeat(length / filler.length)), run);
    }
  });

  it('would notice a quadratic step', () => {
    // As long as it says, whatever the processor makes of a loop.
    const quadratic = (text: string): void => {
      const begun = process.cpuUsage();
      const microseconds = 200_000 * (text.length / 64_000) ** 2;
      let seen = 0;
      while (process.cpuUsage(begun).user < microseconds) {
        for (let at = 0; at < 10_000; at += 1) seen += text.charCodeAt(at % text.length);
      }
      expect(seen).toBeGreaterThan(0);
    };
    expect(() => expectLinear((length) => ';'.repeat(length), quadratic)).toThrow(
      /at once for what/,
    );
  });
});
