// Shows RFC 5222, 6881.

import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import type { Place } from '../../../src/agent/help/nmea-sentence';
import { ServiceFinder } from '../../../src/agent/help/service-finder';
import { selfSigned, silentLogger } from '../../../src/platform';
import { deadPort, type LostServer, lostServer, mappingTo, say } from '../../support/lost-server';
import { WatchedClock } from '../../support/watched-clock';
import { waitUntil } from '../../toolkit/process/wait';

const SOS = 'urn:service:sos';
const FIRE = 'urn:service:sos.fire';
const PSAP = 'sip:psap@example.org';
const SQUARE = '48 11 48 12 49 12 49 11 48 11';
const HOUR = 3_600_000;

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function serverWho(answer: LostServer['answer']): Promise<LostServer> {
  const server = await lostServer(answer);
  endings.push(() => server.close());
  return server;
}

/** By a clock of 2026-01-01 that the test moves. */
function finderAt(url: string, services: readonly string[] = [], place?: Place) {
  const clock = new WatchedClock();
  const here: { place: Place | undefined } = { place };
  const warned: string[] = [];
  const log = { ...silentLogger, warn: (words: string) => warned.push(words) };
  const finder = new ServiceFinder(url, services, { clock, log, position: () => here.place });
  endings.push(() => finder.close());
  const move = (latitude: number, longitude = 11.5): void => {
    here.place = { latitude, longitude };
    finder.moved();
  };
  const known = (service = SOS) => waitUntil('a mapping', () => finder.routeOf(service));
  return { clock, finder, move, warned, known };
}

const HERE = { latitude: 48.1173, longitude: 11.5 };
const asks = ({ document }: { readonly document: string }): string =>
  /<service>(.*)<\/service>/.exec(document)?.[1] ?? '';

describe('who answers for a service', () => {
  it('is asked for as soon as a position is known, of each service, and not again', async () => {
    const server = await serverWho((response) => say(response, mappingTo([PSAP])));
    const { clock, finder, move, known } = finderAt(server.url, [SOS, FIRE]);
    expect(finder.find(SOS)).toBeUndefined();
    expect(server.asked).toEqual([]);
    move(48.1173);
    expect(await known()).toBe(PSAP);
    await known(FIRE);
    expect(server.asked.map(asks).sort()).toEqual([SOS, FIRE]);
    expect(server.asked[0]?.type).toBe('application/lost+xml;charset=utf-8');
    expect(server.asked[0]?.document).toContain('<gml:pos>48.117300 11.500000</gml:pos>');
    move(48.1174);
    clock.advance(HOUR);
    expect(finder.find(SOS)).toBeUndefined();
    expect(server.asked).toHaveLength(2);
  });

  it('is asked for anew when the position leaves the boundary, and once in a minute at most', async () => {
    const server = await serverWho((response) =>
      say(response, mappingTo([PSAP], { boundary: SQUARE })),
    );
    const { clock, finder, move, known } = finderAt(server.url, [SOS], HERE);
    await known();
    server.answer = (response) => say(response, mappingTo(['sip:other@example.org']));
    move(48.9);
    clock.advance(60_000);
    move(48.95);
    expect(server.asked).toHaveLength(1);
    move(49.1);
    await waitUntil('another', () => finder.routeOf(SOS) === 'sip:other@example.org');
    move(52);
    move(53);
    expect(server.asked).toHaveLength(2);
    clock.advance(60_000);
    move(53);
    await waitUntil('a third question', () => server.asked.length === 3);
  });

  it('is asked for anew a kilometre away, where no boundary is told', async () => {
    const server = await serverWho((response) => say(response, mappingTo([PSAP])));
    const { clock, finder, move, known } = finderAt(server.url, [SOS], HERE);
    await known();
    clock.advance(60_000);
    move(48.1173, 11.513);
    expect(finder.find(SOS)).toBeUndefined();
    move(48.1173, 11.514);
    await waitUntil('another question', () => server.asked.length === 2);
  });

  it.each([
    ['by our clock', undefined, '2026-01-01T03:00:00Z', 3 * HOUR],
    [
      'by the server’s clock, where ours is wrong',
      'Thu, 01 Jun 2034 00:00:00 GMT',
      '2034-06-01T02:00:00Z',
      2 * HOUR,
    ],
    ['after a day at the latest', undefined, 'NO-EXPIRATION', 24 * HOUR],
    ['after a minute at the earliest', undefined, '2025-01-01T00:00:00Z', 60_000],
  ])('is asked for anew when that is over: %s', async (_, date, expires, ms) => {
    const server = await serverWho((response) =>
      say(response, mappingTo([PSAP], { expires }), date),
    );
    const { clock, finder, known } = finderAt(server.url, [SOS], HERE);
    await known();
    await waitUntil('the wait', () => clock.pendingTimers === 1);
    clock.advance(ms - 1);
    expect(finder.find(SOS)).toBeUndefined();
    expect(server.asked).toHaveLength(1);
    clock.advance(1);
    await waitUntil('another question', () => server.asked.length === 2);
    // Until there is an answer what was good before is better than nothing.
    expect(finder.routeOf(SOS)).toBe(PSAP);
  });

  it('is for one call alone where the server wants it so', async () => {
    const server = await serverWho((response) =>
      say(response, mappingTo([PSAP], { expires: 'NO-CACHE' })),
    );
    const { clock, finder, known } = finderAt(server.url, [SOS], HERE);
    await known();
    clock.advance(10_000);
    expect(finder.routeOf(SOS)).toBeUndefined();
    clock.advance(48 * HOUR);
    expect(server.asked).toHaveLength(1);
    await finder.find(SOS);
    expect(finder.routeOf(SOS)).toBe(PSAP);
    expect(server.asked).toHaveLength(2);
  });

  it('that could not be reached is let be for five minutes: the next one is called', async () => {
    const server = await serverWho((response) =>
      say(response, mappingTo([PSAP, 'sip:b@example.org'])),
    );
    const { clock, finder, known } = finderAt(server.url, [SOS], HERE);
    expect(await known()).toBe(PSAP);
    finder.giveUp(PSAP);
    expect(finder.routeOf(SOS)).toBe('sip:b@example.org');
    finder.giveUp('sip:b@example.org');
    expect(finder.routeOf(SOS)).toBeUndefined();
    clock.advance(300_000);
    expect(finder.routeOf(SOS)).toBe(PSAP);
  });
});

describe('a call', () => {
  it('of a service that nobody has asked for waits for the answer', async () => {
    const server = await serverWho((response) => say(response, mappingTo([PSAP])));
    const { finder } = finderAt(server.url, [], HERE);
    await finder.find(FIRE);
    expect(finder.routeOf(FIRE)).toBe(PSAP);
    expect(server.asked.map(asks)).toEqual([FIRE]);
  });

  it('waits two seconds and no longer, and what comes later is known then', async () => {
    const late: (() => void)[] = [];
    const server = await serverWho((response) => {
      late.push(() => say(response, mappingTo([PSAP])));
    });
    const { clock, finder, known } = finderAt(server.url, [], HERE);
    let isOver = false;
    const found = finder.find(SOS)?.then(() => {
      isOver = true;
    });
    await waitUntil('the question', () => late.length === 1);
    clock.advance(1999);
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    clock.advance(1);
    await found;
    expect(finder.routeOf(SOS)).toBeUndefined();
    late[0]?.();
    expect(await known()).toBe(PSAP);
  });
});

describe('a server that has no answer', () => {
  const redirectTo =
    (location: string, status = 307): LostServer['answer'] =>
    (response) => {
      response.writeHead(status, { Location: location });
      response.end();
    };

  it.each<[string, LostServer['answer'], string | RegExp]>([
    [
      'is one of the web',
      (response) => {
        response.writeHead(404, { 'Content-Type': 'text/html' });
        response.end('<html/>');
      },
      'it answers 404 with text/html, expected 200 with application/lost+xml',
    ],
    [
      'tears its answer off',
      (response) => {
        response.writeHead(200, { 'Content-Type': 'application/lost+xml', 'Content-Length': 5000 });
        response.write(mappingTo([PSAP]));
        setImmediate(() => response.destroy());
      },
      /aborted|torn off/,
    ],
    [
      'never ends',
      (response) => {
        response.writeHead(200, { 'Content-Type': 'application/lost+xml' });
        const more = (): void => {
          if (!response.destroyed) response.write(' '.repeat(10_000), more);
        };
        more();
      },
      'its answer has more than 65536 octets',
    ],
    [
      'says so',
      (response) =>
        say(response, '<errors xmlns="urn:ietf:params:xml:ns:lost1"><forbidden/></errors>'),
      'the server says: forbidden',
    ],
    ['goes in circles', redirectTo('/again'), 'it sends on more than 2 times'],
    [
      'sends on to a file',
      redirectTo('file:///etc/passwd'),
      'it sends on to file:, which is not followed',
    ],
    ['sends on to nowhere', redirectTo('http://['), /Invalid URL/],
    ['hangs up', (response) => response.destroy(), /socket hang up|ECONNRESET/],
  ])('%s: that is a problem', async (_, answer, problem) => {
    const server = await serverWho(answer);
    const { finder, warned } = finderAt(server.url, [], HERE);
    await finder.find(SOS);
    expect(finder.problem).toMatch(problem);
    expect(finder.routeOf(SOS)).toBeUndefined();
    expect(warned).toEqual(['lost: no mapping']);
    server.answer = (response) => say(response, mappingTo([PSAP]));
    await finder.find(SOS);
    expect(finder.problem).toBeUndefined();
  });

  it('may send on to where there is one', async () => {
    const server = await serverWho((response) => say(response, mappingTo([PSAP])));
    const first = await serverWho(redirectTo(server.url, 302));
    const { finder } = finderAt(first.url, [], HERE);
    await finder.find(SOS);
    expect(finder.routeOf(SOS)).toBe(PSAP);
    expect(server.asked[0]?.document).toBe(first.asked[0]?.document);
  });

  it('is asked again after one, two, four minutes, an hour at most; and is left when that is over', async () => {
    const dead = `http://127.0.0.1:${await deadPort()}/`;
    const { clock, finder } = finderAt(dead, [SOS, FIRE], HERE);
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await waitUntil('the wait', () => clock.pendingTimers === 1 && clock.waits.at(-1) !== 10_000);
      expect(finder.problem).toContain('ECONNREFUSED');
      expect(clock.waits.at(-1)).toBe(minutes * 60_000);
      clock.advance(minutes * 60_000);
    }
    finder.close();
    await waitUntil('the end', () => clock.pendingTimers === 0);
  });

  it('that says nothing for ten seconds has none', async () => {
    let isLeft = false;
    const server = await serverWho((_, request) => {
      request.on('close', () => {
        isLeft = true;
      });
    });
    const { clock, finder } = finderAt(server.url, [SOS], HERE);
    await waitUntil('the question', () => server.asked.length === 1);
    clock.advance(10_000);
    expect(await waitUntil('a problem', () => finder.problem)).toBe('no answer within 10 s');
    await waitUntil('the end of the connection', () => isLeft);
  });

  it('is not believed over TLS without a certificate that is known', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const cert = selfSigned(privateKey, ['127.0.0.1'], Buffer.of(1));
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const server = createServer({ cert, key }, (_, response) => say(response, mappingTo([PSAP])));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endings.push(() => server.close());
    const { finder } = finderAt(`https://127.0.0.1:${Object(server.address()).port}/`, [], HERE);
    await finder.find(SOS);
    expect(finder.problem).toMatch(/self.signed certificate/);
    expect(finder.routeOf(SOS)).toBeUndefined();
  });
});
