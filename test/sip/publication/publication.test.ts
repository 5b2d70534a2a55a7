// Shows RFC 3863, 3903, 4480.

import { describe, expect, it } from 'vitest';
import { SipResponse } from '../../../src/sip/message';
import { presenceDocument } from '../../../src/sip/publication/presence-document';
import { Publication, type PublishRequest } from '../../../src/sip/publication/publication';
import type { SingleAnswer } from '../../../src/sip/request';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';

const OPEN = { isOpen: true, isOnThePhone: false };
const TALKING = { isOpen: true, isOnThePhone: true };

interface Answer {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
}

/** A publication between a virtual clock and a server that is played by the test. */
function published(...answers: Answer[]) {
  const clock = new VirtualClock();
  const requests: PublishRequest[] = [];
  const told: string[] = [];
  const waiting: ((answer: SingleAnswer) => void)[] = [];
  const publication = new Publication(OPEN, {
    clock,
    random: seededRandom(),
    entity: 'sip:car@example.org',
    product: 'car/1',
    send: (request) => {
      requests.push(request);
      return new Promise((resolve) => waiting.push(resolve));
    },
    onState: (state, detail) => told.push(`${state} ${detail}`.trim()),
  });
  const answer = async ({ status = 200, reason = 'OK', headers = {} }: Answer): Promise<void> => {
    const response = new SipResponse(status, reason, []);
    waiting.shift()?.({ status, reason, response: response.appendAll(Object.entries(headers)) });
    await Promise.resolve();
    await Promise.resolve();
  };
  const ready = (async () => {
    for (const each of answers) await answer(each);
  })();
  /** What each said, in short. */
  const said = () =>
    requests.map(({ headers, body }) => {
      const { 'SIP-If-Match': tag = 'new', Expires } = Object.fromEntries(headers);
      return [tag, Expires, body ? stateIn(String(body.content)) : 'same'].join(' ');
    });
  return { clock, publication, told, answer, said, ready };
}

const stateIn = (document: string): string =>
  [
    /<basic>(\w+)<\/basic>/.exec(document)?.[1],
    ...(document.includes('on-the-phone') ? ['talking'] : []),
  ].join(' ');

describe('a presence document', () => {
  it('says whether somebody can be called, and talks', () => {
    expect(stateIn(presenceDocument(OPEN, 'sip:a@b'))).toBe('open');
    expect(stateIn(presenceDocument({ isOpen: false, isOnThePhone: true }, 'sip:a@b'))).toBe(
      'closed talking',
    );
    expect(presenceDocument(OPEN, 'sip:a&"@b')).toContain('entity="sip:a&#38;&#34;@b"');
  });
});

describe('a publication', () => {
  it('stands, and is refreshed by its tag without a body in time', async () => {
    const { clock, said, told, answer, ready } = published({
      headers: { 'SIP-ETag': 'a', Expires: 600 },
    });
    await ready;
    expect(said()).toEqual(['new 3600 open']);
    expect(told).toEqual(['trying', 'published']);
    clock.advance(480_000);
    expect(said()).toHaveLength(1);
    clock.advance(60_000);
    expect(said()).toEqual(['new 3600 open', 'a 3600 same']);
    await answer({ headers: { 'SIP-ETag': 'b', Expires: 600 } });
    clock.advance(540_000);
    expect(said().at(-1)).toBe('b 3600 same');
  });

  it('is another one at once, but one request at a time and the last state of several', async () => {
    const { publication, said, answer } = published();
    publication.availability = TALKING;
    publication.availability = { isOpen: false, isOnThePhone: true };
    expect(said()).toEqual(['new 3600 open']);
    await answer({ headers: { 'SIP-ETag': 'a' } });
    expect(said().slice(1)).toEqual(['a 3600 closed talking']);
    await answer({ headers: { 'SIP-ETag': 'b' } });
    publication.availability = { isOpen: false, isOnThePhone: true };
    expect(said()).toHaveLength(2);
  });

  it('is made anew where the server has forgotten it (412)', async () => {
    const { publication, said, answer, ready } = published({ headers: { 'SIP-ETag': 'a' } });
    await ready;
    publication.availability = TALKING;
    await answer({ status: 412, reason: 'Conditional Request Failed' });
    expect(said().at(-1)).toBe('new 3600 open talking');
    // Without a tag it is no answer to that.
    await answer({ status: 412, reason: 'Conditional Request Failed' });
    expect(said()).toHaveLength(3);
  });

  it('is made for as long as the server wants (423)', async () => {
    const { said, answer, ready } = published({ status: 423, headers: { 'Min-Expires': 7200 } });
    await ready;
    expect(said().at(-1)).toBe('new 7200 open');
    await answer({ status: 423, headers: { 'Min-Expires': 7200 } });
    expect(said()).toHaveLength(2);
  });

  it('is tried again after a while, longer each time, and with what is true by then', async () => {
    const { publication, clock, said, told, answer, ready } = published({
      status: 503,
      reason: 'Busy',
      headers: { 'Retry-After': 30 },
    });
    await ready;
    expect(told.at(-1)).toBe('waiting 503 Busy');
    publication.availability = TALKING;
    clock.advance(29_999);
    expect(said()).toHaveLength(1);
    clock.advance(15_001);
    expect(said().slice(1)).toEqual(['new 3600 open talking']);
    await answer({ status: 408, reason: 'no answer' });
    clock.advance(7999);
    expect(said()).toHaveLength(2);
    clock.advance(4001);
    expect(said()).toHaveLength(3);
  });

  it('is given up where the server knows no presence (489)', async () => {
    const { publication, clock, said, told, ready } = published({
      status: 489,
      reason: 'Bad Event',
    });
    await ready;
    publication.availability = TALKING;
    clock.advance(86_400_000);
    expect(said()).toHaveLength(1);
    expect(told).toEqual(['trying', 'refused 489 Bad Event']);
  });

  it('is taken back at the end', async () => {
    const { publication, clock, said, told, ready } = published({ headers: { 'SIP-ETag': 'a' } });
    await ready;
    publication.stop();
    publication.stop();
    publication.availability = TALKING;
    expect(said().slice(1)).toEqual(['a 0 same']);
    expect(told.at(-1)).toBe('ended');
    clock.advance(86_400_000);
    expect(said()).toHaveLength(2);
  });

  it('is taken back as soon as it is known by which tag', async () => {
    const { publication, said, answer } = published();
    publication.stop();
    expect(said()).toEqual(['new 3600 open']);
    await answer({ headers: { 'SIP-ETag': 'a' } });
    expect(said().slice(1)).toEqual(['a 0 same']);
    const refused = published();
    refused.publication.stop();
    await refused.answer({ status: 403 });
    expect(refused.said()).toHaveLength(1);
  });
});
