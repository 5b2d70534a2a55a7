import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  ASK_EVERY_MS,
  ASK_TIMES,
  CHALLENGE_MS,
  encode,
  HEARTBEAT_MS,
  KEPT_MS,
  REPEATED_ID_MS,
  REPEATED_MS,
  type Reply,
  SOCKET_RATE,
} from '../../../src/control';
import { phone, startedBench } from '../../agent/fakes';
import { APP, type Desk, desk, startedDesk } from './desk';

const OTHER = { address: '127.0.0.1', port: 50_001 };
const STATUS = 2560;
const CALL = 2561;
const HANGUP = 2564;
const DTMF = 2567;
const HISTORY = 2572;

/** Lets what waits on a promise go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a repeated datagram', () => {
  const call = (token: number, more: object = {}) => ({
    token,
    msg_id: CALL,
    param: { uri: 'sip:phone@192.0.2.9' },
    ...more,
  });

  it('is answered as before and not carried out again', async () => {
    const { send, start, userAgent, dispatcher } = await startedDesk();
    const token = await start();
    const reply = await send(call(token));
    expect(reply).toEqual({ rval: 0, msg_id: CALL, param: { call: 1 } });
    expect(await send(call(token))).toEqual(reply);
    expect(userAgent.sessions).toHaveLength(1);
    expect(dispatcher.counters).toMatchObject({ repeated: 1, answered: 3 });
  });

  it('is answered once the first has been, while that takes its time', async () => {
    const { send, start, agent, userAgent } = await startedDesk();
    const token = await start();
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.pickUp();
    const hold = { token, msg_id: 2565 };
    expect(await Promise.all([send(hold), send(hold)])).toEqual([
      { rval: 0, msg_id: 2565 },
      { rval: 0, msg_id: 2565 },
    ]);
    expect(userAgent.sessions[0]?.did.filter((word) => word === 'renegotiate')).toHaveLength(1);
  });

  it('is a new request after a while, from another socket, or after another command', async () => {
    const { send, start, userAgent, clock } = await startedDesk();
    const token = await start();
    const hangup = { token, msg_id: HANGUP };
    await send(call(token));
    userAgent.sessions[0]?.pickUp();
    expect(await send(hangup)).toMatchObject({ rval: 0 });
    await send(call(token));
    expect(userAgent.sessions).toHaveLength(2);
    expect(await send(hangup)).toMatchObject({ rval: 0 });
    expect(userAgent.sessions[1]?.did).toContain('hangup');
    clock.advance(REPEATED_MS);
    expect(await send(hangup)).toMatchObject({ rval: -14 });
    await send(call(token), OTHER);
    expect(userAgent.sessions).toHaveLength(3);
  });

  it('that leaves open which call it is about is a new one when something has happened', async () => {
    const { send, start, userAgent } = await startedDesk();
    const token = await start();
    const reject = { token, msg_id: 2563 };
    for (const _ of [1, 2, 3]) {
      const session = userAgent.ringUp();
      expect(await send(reject)).toMatchObject({ rval: 0 });
      expect(session.did).toEqual(['ring', 'reject 486']);
    }
    // Nothing has happened since.
    expect(await send(reject)).toMatchObject({ rval: 0 });
    // Of a call by its number there is but one.
    const [first] = [userAgent.ringUp()];
    const named = { ...reject, param: { call: 4 } };
    expect(await send(named)).toMatchObject({ rval: 0 });
    userAgent.ringUp();
    expect(await send(named)).toMatchObject({ rval: 0 });
    expect(first.did).toEqual(['ring', 'reject 486']);
  });

  it('with a mark of its own is known for a minute, whatever lies between', async () => {
    const { send, start, userAgent, clock } = await startedDesk();
    const token = await start();
    const first = await send(call(token, { id: 'a' }));
    expect(first).toMatchObject({ rval: 0, id: 'a' });
    await send({ token, msg_id: HANGUP, id: 'b' });
    clock.advance(REPEATED_ID_MS - 1);
    expect(await send(call(token, { id: 'a' }))).toEqual(first);
    clock.advance(1);
    expect(await send(call(token, { id: 'a' }))).toMatchObject({ rval: 0, param: { call: 2 } });
    expect(userAgent.sessions).toHaveLength(2);
  });

  it('that was refused is tried again', async () => {
    const { send, start, userAgent } = await startedDesk();
    const token = await start();
    expect(await send({ token, msg_id: 2562 })).toMatchObject({ rval: -14 });
    userAgent.ringUp();
    expect(await send({ token, msg_id: 2562 })).toMatchObject({ rval: 0 });
  });

  it('that only asks, or presses a key, is meant each time', async () => {
    const { send, start, agent, userAgent, engine } = await startedDesk();
    const token = await start();
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.pickUp(
      phone()
        .replace('RTP/AVP 8', 'RTP/AVP 8 101')
        .replace('a=send', 'a=rtpmap:101 telephone-event/8000\r\na=send'),
    );
    const press = { token, msg_id: DTMF, param: { digits: '5' } };
    await send(press);
    await send(press);
    expect(engine.sessions[0]?.dtmf).toEqual(['5', '5']);
    const one = await send({ token, msg_id: STATUS });
    await send({ token, msg_id: 2570, param: { on: true } });
    const two = await send({ token, msg_id: STATUS });
    expect(one).not.toEqual(two);
  });

  it.each([[{ id: 'x'.repeat(65) }], [{ id: {} }], [{ id: null }], [{ id: true }]])(
    'has a mark that is short: %j is refused',
    async (odd) => {
      const { send } = await startedDesk();
      expect(await send({ msg_id: STATUS, ...odd })).toMatchObject({ rval: -25, param: 'id' });
    },
  );
});

describe('a long reply', () => {
  async function pagesOf(all: Desk, request: object): Promise<Reply[]> {
    const pages: Reply[] = [];
    for (let page = 1; page <= (pages[0]?.pages ?? 1); page++) {
      const reply = await all.send({ ...request, page });
      if (reply) pages.push(reply);
    }
    return pages;
  }

  it('comes in parts that each fit into the camera’s relay, of one moment', async () => {
    const all = await startedDesk();
    const token = await all.start();
    const request = { token, msg_id: STATUS, id: 7 };
    const first = await all.send({ ...request, page: 1 });
    // What changes in between does not tear the parts.
    await all.send({ token, msg_id: 2570, param: { on: true } });
    const pages = first ? [first] : [];
    for (let page = 2; page <= (first?.pages ?? 0); page++) {
      const reply = await all.send({ ...request, page });
      if (reply) pages.push(reply);
    }
    const joined: unknown = JSON.parse(pages.map(({ param }) => param).join(''));
    expect(joined).toMatchObject({ switches: { doNotDisturb: false } });
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) {
      expect(encode(page).length).toBeLessThan(1024);
      expect(page).toMatchObject({ rval: 0, msg_id: STATUS, id: 7 });
    }
    expect(pages.map(({ page }) => page)).toEqual(pages.map((_, place) => place + 1));
  });

  it('is whole again when its parts are joined, whatever letters are in it', async () => {
    const all = await startedDesk();
    const token = await all.start();
    for (let count = 0; count < 12; count++) {
      const session = all.userAgent.ringUp();
      Object.assign(session.remote, { displayName: `집 "${'😀\\'.repeat(20)}" ${count}` });
      await all.send({ token, msg_id: 2563, id: count });
    }
    const request = { token, msg_id: HISTORY, param: { limit: 50 } };
    const whole = await all.send(request);
    const pages = await pagesOf(all, request);
    expect(pages.length).toBeGreaterThan(2);
    expect(JSON.parse(pages.map(({ param }) => param).join(''))).toEqual(whole?.param);
  });

  it('has no part that was not made, nor one after a while', async () => {
    const all = await startedDesk();
    const token = await all.start();
    const page = (number: unknown) => all.send({ token, msg_id: STATUS, page: number });
    expect(await page(2)).toMatchObject({ rval: -25, param: 'page' });
    const pages = (await page(1))?.pages ?? 0;
    expect(await page(pages + 1)).toMatchObject({ rval: -25, param: 'page' });
    expect(await page(pages)).toMatchObject({ rval: 0 });
    all.clock.advance(KEPT_MS);
    expect(await page(2)).toMatchObject({ rval: -25, param: 'page' });
    for (const odd of [0, 1.5, '1', null, 1e9]) {
      expect(await page(odd)).toMatchObject({ rval: -25, param: 'page' });
    }
  });

  it('that is none is refused as ever', async () => {
    const all = await startedDesk();
    const token = await all.start();
    expect(await all.send({ token, msg_id: 2562, page: 1 })).toMatchObject({ rval: -14 });
  });
});

describe('a key', () => {
  const KEY = 'correct horse battery';
  const FAR = { address: '192.0.2.7', port: 4000 };
  const answerTo = (nonce: string, key = KEY) => ({
    nonce,
    response: createHmac('sha256', key).update(nonce).digest('hex'),
  });
  async function challenge(all: Desk, from = FAR): Promise<string> {
    const reply = await all.send({ token: 0, msg_id: 257 }, from);
    expect(reply).toMatchObject({ rval: -29, msg_id: 257 });
    const { nonce }: { nonce?: unknown } = Object(reply?.param);
    return String(nonce);
  }
  const start = (all: Desk, param: object, from = FAR) =>
    all.send({ token: 0, msg_id: 257, param }, from);

  it('lets in from afar whoever answers the nonce, with a token of 53 bits', async () => {
    const all = await startedDesk({ key: KEY });
    const reply = await start(all, answerTo(await challenge(all)));
    expect(reply).toMatchObject({ rval: 0 });
    expect(Number(reply?.param)).toBeGreaterThan(2 ** 31);
    expect(Number.isSafeInteger(reply?.param)).toBe(true);
    expect(await all.send({ token: reply?.param, msg_id: STATUS }, FAR)).toMatchObject({ rval: 0 });
    const elsewhere = { address: '192.0.2.8', port: 4000 };
    expect(await all.send({ token: reply?.param, msg_id: STATUS }, elsewhere)).toMatchObject({
      rval: -4,
    });
  });

  it('is proved once for a nonce, in time, from where it was given, and by the right key', async () => {
    const all = await startedDesk({ key: KEY });
    const used = answerTo(await challenge(all));
    expect(await start(all, used)).toMatchObject({ rval: 0 });
    expect(await start(all, used)).toMatchObject({ rval: -29 });
    const late = answerTo(await challenge(all));
    all.clock.advance(CHALLENGE_MS);
    expect(await start(all, late)).toMatchObject({ rval: -29 });
    const moved = answerTo(await challenge(all));
    expect(await start(all, moved, { ...FAR, address: '192.0.2.8' })).toMatchObject({ rval: -29 });
    const nonce = await challenge(all);
    expect(await start(all, answerTo(nonce, `${KEY}!`))).toMatchObject({ rval: -29 });
    // A wrong answer costs the nonce nothing.
    expect(await start(all, answerTo(nonce))).toMatchObject({ rval: 0 });
  });

  it.each([
    [undefined],
    [{}],
    [{ nonce: 'x', response: 'y' }],
    [{ nonce: 5, response: 6 }],
    [{ nonce: 'NaN.00.00', response: '' }],
    ['text'],
  ])('is not proved by %j', async (param) => {
    const all = await startedDesk({ key: KEY });
    expect(await all.send({ token: 0, msg_id: 257, param }, FAR)).toMatchObject({ rval: -29 });
    expect(all.dispatcher.sessions.all).toHaveLength(0);
  });

  it('is wanted of this machine too, and its challenges keep nothing', async () => {
    const all = await startedDesk({ key: KEY });
    const seen = new Set<string>();
    for (let count = 0; count < 50; count++) {
      all.clock.advance(1000);
      seen.add(await challenge(all, APP));
    }
    expect(seen.size).toBe(50);
  });

  it('that there is none serves this machine alone', async () => {
    const all = await startedDesk();
    expect(await all.send({ token: 0, msg_id: 257 }, FAR)).toMatchObject({
      rval: -29,
      reason: expect.stringContaining('control.keyFile'),
    });
    expect(await all.send({ token: 0, msg_id: 257 })).toMatchObject({ rval: 0 });
    const own = await startedDesk({ ownAddress: FAR.address });
    expect(await own.send({ token: 0, msg_id: 257 }, FAR)).toMatchObject({ rval: 0 });
  });
});

describe('behind the camera’s own server', () => {
  const relayed = () => startedDesk({ isBehindRelay: true, firstId: 4000 });

  it('commands need no session of ours, and replies go back as they are', async () => {
    const { send, userAgent } = await relayed();
    const call = { token: 5, msg_id: 4001, param: { uri: 'sip:phone@192.0.2.9' } };
    expect(await send(call)).toEqual({ rval: 0, msg_id: 4001, param: { call: 1 } });
    expect(userAgent.sessions).toHaveLength(1);
  });

  it('other ids are not ours, those of sessions neither', async () => {
    const { send } = await relayed();
    for (const id of [1, 257, 258, 2051, 2560, 3999, 4100]) {
      expect(await send({ token: 5, msg_id: id })).toMatchObject({ rval: -23, msg_id: id });
    }
  });

  it('what happens is told to the one who passes commands on', async () => {
    const { send, dispatcher } = await relayed();
    expect(dispatcher.listeners).toEqual([]);
    await send({ msg_id: 4100 }, OTHER);
    expect(dispatcher.listeners).toEqual([]);
    await send({ token: 5, msg_id: 4000 }, APP);
    expect(dispatcher.listeners).toEqual([APP]);
  });
});

describe('the one holder of the session', () => {
  const alone = () => startedDesk({ hasOneHolder: true });

  it('is asked when another comes, and keeps it when he answers', async () => {
    const all = await alone();
    const token = await all.start(APP);
    const other = all.send({ token: 0, msg_id: 257 }, OTHER);
    await settle();
    expect(all.asked).toEqual([APP]);
    await all.send({ rval: 0, msg_id: 1793, token }, APP);
    expect(await other).toMatchObject({ rval: -3, msg_id: 257 });
    expect(await all.send({ token, msg_id: 2051 }, APP)).toMatchObject({ rval: 0 });
  });

  it('loses it when he is silent', async () => {
    const all = await alone();
    const token = await all.start(APP);
    const other = all.send({ token: 0, msg_id: 257 }, OTHER);
    await settle();
    all.clock.advance(ASK_EVERY_MS * ASK_TIMES);
    expect(await other).toMatchObject({ rval: 0 });
    expect(all.asked).toHaveLength(ASK_TIMES);
    expect(await all.send({ token, msg_id: 2051 }, APP)).toMatchObject({ rval: -4 });
    expect(all.dispatcher.sessions.all).toHaveLength(1);
  });

  it('begins anew without being asked', async () => {
    const all = await alone();
    await all.start(APP);
    expect(await all.start(APP)).toBeGreaterThan(0);
    expect(all.asked).toEqual([]);
  });

  it('is not betrayed by one who guesses', async () => {
    const all = await alone();
    await all.start(APP);
    const other = all.send({ token: 0, msg_id: 257 }, OTHER);
    await settle();
    await all.send({ rval: 0, msg_id: 1793, token: 1 }, OTHER);
    all.clock.advance(ASK_EVERY_MS * ASK_TIMES);
    expect(await other).toMatchObject({ rval: 0 });
  });
});

describe('a heartbeat', () => {
  const begin = (all: Desk) => all.send({ token: 0, msg_id: 257, heartbeat: 1 });

  it('is asked for in silence, and a client that does not answer is forgotten', async () => {
    const all = await startedDesk();
    const token = (await begin(all))?.param;
    all.clock.advance(HEARTBEAT_MS);
    await settle();
    expect(all.asked).toEqual([APP]);
    await all.send({ msg_id: 1793, rval: 0, token });
    await settle();
    expect(all.dispatcher.sessions.all).toHaveLength(1);
    all.clock.advance(HEARTBEAT_MS + ASK_EVERY_MS * ASK_TIMES + HEARTBEAT_MS);
    await settle();
    expect(all.dispatcher.sessions.all).toHaveLength(0);
  });

  it('is not asked for of those who did not want it, nor of those who speak', async () => {
    const all = await startedDesk();
    await all.start(OTHER);
    const token = (await begin(all))?.param;
    for (let count = 0; count < 20; count++) {
      all.clock.advance(HEARTBEAT_MS / 4);
      await all.send({ token, msg_id: 2051 });
    }
    await settle();
    expect(all.asked).toEqual([]);
    all.dispatcher.close();
    all.clock.advance(10 * HEARTBEAT_MS);
    expect(all.asked).toEqual([]);
  });
});

describe('a flood of datagrams', () => {
  it('of one socket leaves the others their turn, and is thrown away unread', async () => {
    const { dispatcher, send, start } = desk(await startedBench());
    const token = await start();
    const loud = { address: '127.0.0.1', port: 6 };
    for (let count = 0; count < 5000; count++) await dispatcher.handle(Buffer.from('x'), loud);
    expect(dispatcher.counters.limited).toBe(5000 - SOCKET_RATE.burst);
    expect(await send({ token, msg_id: STATUS })).toMatchObject({ rval: 0 });
  });

  it('of many sockets leaves those with a session their turn', async () => {
    const { dispatcher, send, start } = desk(await startedBench());
    const token = await start();
    for (let port = 1; port < 5000; port++) {
      await dispatcher.handle(Buffer.from('{'), { address: '127.0.0.1', port });
    }
    expect(dispatcher.counters.limited).toBeGreaterThan(3900);
    expect(await send({ token, msg_id: STATUS })).toMatchObject({ rval: 0 });
  });

  it('of one client slows itself alone, and is served again in the next second', async () => {
    const { dispatcher, send, start, clock } = desk(await startedBench());
    const [token, calm] = [await start(APP), await start(OTHER)];
    for (let count = 0; count < 1000; count++) await send({ token, msg_id: 2051, id: count });
    expect(dispatcher.counters.limited).toBeGreaterThan(750);
    expect(await send({ token: calm, msg_id: 2051 }, OTHER)).toMatchObject({ rval: 0 });
    clock.advance(1000);
    expect(await send({ token, msg_id: 2051 })).toMatchObject({ rval: 0 });
  });
});
