import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COMMANDS,
  exampleOf,
  IDLE_MS,
  MAX_SESSIONS,
  MAX_SESSIONS_PER_ADDRESS,
} from '../../../src/control';
import { TransportException } from '../../../src/sip';
import { bench, phone } from '../../agent/fakes';
import { APP, type Desk, desk, startedDesk } from './desk';

const client = (port: number, address = APP.address) => ({ address, port });

describe('sessions', () => {
  it('get a token that nobody can guess: a positive number of 31 bits', async () => {
    const { send, start, clock } = await startedDesk();
    expect(await send({ msg_id: 257, token: 0, heartbeat: 1 })).toEqual({
      rval: 0,
      msg_id: 257,
      param: expect.any(Number),
    });
    const tokens = [];
    for (let count = 0; count < 200; count++) {
      tokens.push(await start());
      clock.advance(10);
    }
    expect(new Set(tokens).size).toBe(200);
    for (const token of tokens)
      expect(Number.isInteger(token) && token > 0 && token < 2 ** 31).toBe(true);
    // All bits are used: the mean lies near the middle, and no order shows.
    const mean = tokens.reduce((sum, token) => sum + token, 0) / tokens.length;
    expect(mean / 2 ** 30).toBeGreaterThan(0.8);
    expect(mean / 2 ** 30).toBeLessThan(1.2);
    expect([...tokens].sort((one, other) => one - other)).not.toEqual(tokens);
  });

  it('are replaced by a new one of the same client', async () => {
    const { send, start } = await startedDesk();
    const old = await start();
    await start();
    expect(await send({ token: old, msg_id: 2560 })).toMatchObject({ rval: -4, msg_id: 2560 });
  });

  it('end with STOP_SESSION', async () => {
    const { send, start } = await startedDesk();
    const token = await start();
    expect(await send({ token, msg_id: 258 })).toEqual({ rval: 0, msg_id: 258 });
    expect(await send({ token, msg_id: 258 })).toMatchObject({ rval: -4 });
  });

  const isAlive = async ({ send }: Desk, token: number, address = APP.address) =>
    (await send({ token, msg_id: 2051 }, client(9, address)))?.rval === 0;

  it('of one address are so many, and the eldest idle one gives way', async () => {
    const all = await startedDesk();
    const tokens: number[] = [];
    for (let port = 1; port <= MAX_SESSIONS_PER_ADDRESS; port++) {
      tokens.push(await all.start(client(port)));
      all.clock.advance(1000);
    }
    const [first = 0, second = 0, third = 0] = tokens;
    await all.send({ token: first, msg_id: 2051 });
    const late = await all.start(client(100));
    expect(all.dispatcher.sessions.all).toHaveLength(MAX_SESSIONS_PER_ADDRESS);
    const alive = [];
    for (const token of [first, second, third, late]) alive.push(await isAlive(all, token));
    expect(alive).toEqual([true, false, true, true]);
  });

  it('that were never used give way before those that were', async () => {
    const all = await startedDesk();
    const used = await all.start(client(1));
    await all.send({ token: used, msg_id: 2051 }, client(1));
    all.clock.advance(1000);
    for (let port = 2; port < 40; port++) await all.start(client(port));
    expect(await isAlive(all, used)).toBe(true);
  });

  it('never lock an address out, nor does one address take what another has', async () => {
    const all = await startedDesk();
    const lone = await all.start(client(1, '127.0.0.21'));
    for (let port = 1; port <= 20; port++) await all.start(client(port));
    const other = await all.start(client(1, '127.0.0.22'));
    const third = await all.start(client(1, '127.0.0.23'));
    expect(all.dispatcher.sessions.all).toHaveLength(MAX_SESSIONS);
    expect(await isAlive(all, lone, '127.0.0.21')).toBe(true);
    expect(await isAlive(all, other, '127.0.0.22')).toBe(true);
    expect(await isAlive(all, third, '127.0.0.23')).toBe(true);
  });

  it('expire when nothing is heard, and not before', async () => {
    const { send, start, clock } = await startedDesk();
    const token = await start();
    clock.advance(IDLE_MS);
    expect(await send({ token, msg_id: 2051 })).toEqual({ rval: 0, msg_id: 2051 });
    clock.advance(IDLE_MS + 1);
    expect(await send({ token, msg_id: 2051 })).toMatchObject({ rval: -4 });
  });

  it('are good from another port and not from another address', async () => {
    const { send, start, dispatcher } = await startedDesk();
    const token = await start();
    expect(await send({ token, msg_id: 2051 }, { ...APP, port: 50001 })).toMatchObject({ rval: 0 });
    expect(dispatcher.sessions.all[0]?.client.port).toBe(50001);
    const stranger = { address: '127.0.0.9', port: APP.port };
    expect(await send({ token, msg_id: 2051 }, stranger)).toMatchObject({ rval: -4 });
  });
});

describe('who guesses tokens', () => {
  it('is believed no longer, while who has one goes on from his own socket', async () => {
    const all = await startedDesk();
    const token = await all.start(client(1));
    const isTaken = async (port: number, tried: number): Promise<boolean> =>
      (await all.send({ token: tried, msg_id: 2051 }, client(port)))?.rval === 0;
    for (let wrong = 1; wrong <= 20; wrong++) await isTaken(2, wrong);
    expect(await isTaken(2, token)).toBe(false);
    expect(await isTaken(1, token)).toBe(true);
    // Each try costs the next second, and patience is rewarded.
    for (let second = 0; second < 5; second++) {
      all.clock.advance(1000);
      await isTaken(2, 1);
      expect(await isTaken(2, token)).toBe(false);
    }
    all.clock.advance(1000);
    expect(await isTaken(3, token)).toBe(true);
  });

  it('costs nobody at another address anything', async () => {
    const all = await startedDesk();
    const elsewhere = (port: number) => client(port, '127.0.0.2');
    const token = await all.start(elsewhere(1));
    for (let wrong = 1; wrong <= 50; wrong++) {
      await all.send({ token: wrong, msg_id: 2051 }, client(2));
    }
    expect(await all.send({ token, msg_id: 2051 }, elsewhere(7))).toMatchObject({ rval: 0 });
  });
});

describe('return values', () => {
  it('-4: no token, a wrong one, or one of the wrong type', async () => {
    const { send, start } = await startedDesk();
    await start();
    for (const token of [undefined, 0, 99, '1', null, [1]]) {
      expect(await send({ token, msg_id: 2560 })).toMatchObject({ rval: -4, msg_id: 2560 });
    }
  });

  it('-7: too long, or no object', async () => {
    const { send } = await startedDesk();
    expect(await send(Buffer.alloc(1024, 0x20))).toMatchObject({ rval: -7 });
    for (const text of ['5', '"x"', '[]', 'null', 'true']) {
      expect(await send(text)).toMatchObject({ rval: -7 });
    }
  });

  it('-9: not JSON', async () => {
    const { send } = await startedDesk();
    for (const text of ['{', '{"msg_id":257', 'hello', '{"a":1}{"b":2}', '\u00ff']) {
      expect(await send(text)).toEqual({ rval: -9, msg_id: 0, reason: 'not JSON' });
    }
  });

  it('-23: unknown id, whatever the token', async () => {
    const { send } = await startedDesk();
    expect(await send({ msg_id: 513 })).toEqual({
      rval: -23,
      msg_id: 513,
      reason: 'there is no message 513',
    });
    expect(await send({ msg_id: 2999, token: 1 })).toMatchObject({ rval: -23 });
  });

  it.each([
    [2561, undefined, 'uri', 'nothing'],
    [2561, {}, 'uri', 'nothing'],
    [2561, { uri: 5 }, 'uri', '5'],
    [2561, { uri: '' }, 'uri', '""'],
    [2561, { uri: 'sip:a@b\n' }, 'uri', '"sip:a@b\\n"'],
    [2561, { url: 'sip:a@b' }, 'url', 'an unknown key'],
    [2561, 'sip:a@b', 'param', '"sip:a@b"'],
    [2562, { call: '1' }, 'call', '"1"'],
    [2563, { call: 0 }, 'call', '0'],
    [2564, { call: 1.5 }, 'call', '1.5'],
    [2565, [], 'param', '[]'],
    [2566, { cal: 1 }, 'cal', 'an unknown key'],
  ])('-25: %i with %j names %s', async (id, param, name, found) => {
    const { send, start } = await startedDesk();
    const token = await start();
    const reply = await send({ token, msg_id: id, param });
    expect(reply).toMatchObject({ rval: -25, msg_id: id, param: name });
    expect(reply?.reason).toContain(`found ${found}, expected`);
  });

  it('-25: no message id, or a wrong one', async () => {
    const { send } = await startedDesk();
    for (const id of [undefined, '257', 1.5, null, 1e300]) {
      expect(await send({ token: 1, msg_id: id })).toMatchObject({ rval: -25, param: 'msg_id' });
    }
  });

  it('-25: a target that is no URI', async () => {
    const { send, start } = await startedDesk();
    const token = await start();
    expect(await send({ token, msg_id: 2561, param: { uri: 'mailto:me' } })).toMatchObject({
      rval: -25,
      param: 'uri',
      reason: 'expected a URI as sip:user@host, found "mailto:me"',
    });
  });

  it('-14: not in this state', async () => {
    const { send, start } = await startedDesk();
    const token = await start();
    for (const id of [2562, 2563, 2564, 2565, 2566]) {
      expect(await send({ token, msg_id: id })).toMatchObject({ rval: -14, msg_id: id });
    }
  });

  it('VOIP_DTMF presses keys, and says which way they took', async () => {
    const { send, start, agent, userAgent, engine } = await startedDesk();
    const token = await start();
    const press = (digits: unknown): object => ({ token, msg_id: 2567, param: { digits } });
    expect(await send(press('1'))).toMatchObject({ rval: -14, reason: 'no call is up' });
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.pickUp(
      phone()
        .replace('RTP/AVP 8', 'RTP/AVP 8 101')
        .replace('a=send', 'a=rtpmap:101 telephone-event/8000\r\na=send'),
    );
    expect(await send(press('0*#9dA'))).toEqual({ rval: 0, msg_id: 2567, param: { by: 'rtp' } });
    expect(engine.sessions[0]?.dtmf).toEqual(['0*#9dA']);
    for (const odd of ['', 'E', '1 2', '1'.repeat(33), 5, undefined]) {
      expect(await send(press(odd))).toMatchObject({ rval: -25, param: 'digits' });
    }
    userAgent.sessions[0]?.reinvite(phone());
    Object.assign(userAgent.sessions[0] ?? {}, { takesKeys: false });
    expect(await send(press('1'))).toMatchObject({ rval: -14 });
  });

  it('-14: the far end refuses a hold', async () => {
    const { send, start, agent, userAgent } = await startedDesk();
    const token = await start();
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.pickUp();
    Object.assign(userAgent.sessions[0] ?? {}, { agreesWith: undefined });
    expect(await send({ token, msg_id: 2565 })).toMatchObject({ rval: -14 });
  });

  it('-21: a call is up', async () => {
    const { send, start } = await startedDesk();
    const token = await start();
    const call = { token, msg_id: 2561, param: { uri: 'sip:phone@192.0.2.9' } };
    expect(await send(call)).toEqual({ rval: 0, msg_id: 2561, param: { call: 1 } });
    const another = { ...call, id: 2 };
    expect(await send(another)).toMatchObject({ rval: -21, msg_id: 2561, id: 2 });
  });

  it('-22: the agent is not ready', async () => {
    const { send, start } = desk(bench());
    const token = await start();
    expect(await send({ token, msg_id: 2561, param: { uri: 'sip:a@b' } })).toMatchObject({
      rval: -22,
    });
    expect(await send({ token, msg_id: 2560 })).toMatchObject({ rval: 0 });
  });

  it('-1: no way there, or a bug', async () => {
    const { send, start, userAgent } = await startedDesk();
    const token = await start();
    const call = { token, msg_id: 2561, param: { uri: 'sip:phone@192.0.2.9' } };
    userAgent.refusal = new TransportException('send-failed', 'no route to 192.0.2.9');
    expect(await send(call)).toMatchObject({ rval: -1, reason: 'no route to 192.0.2.9' });
    userAgent.refusal = new TypeError('a bug');
    expect(await send(call)).toMatchObject({
      rval: -1,
      reason: 'internal error; the log has more',
    });
  });
});

describe('commands', () => {
  it('do what they say', async () => {
    const { send, start, userAgent } = await startedDesk();
    const token = await start();
    const rval = async (id: number, param?: object): Promise<number | undefined> =>
      (await send({ token, msg_id: id, param }))?.rval;
    const session = userAgent.ringUp();
    expect(await rval(2562, { call: 1 })).toBe(0);
    session.acknowledge();
    expect(await rval(2565)).toBe(0);
    expect(await rval(2566)).toBe(0);
    expect(await rval(2564)).toBe(0);
    expect(session.did).toEqual(['ring', 'accept', 'renegotiate', 'renegotiate', 'hangup']);
    userAgent.ringUp();
    expect(await rval(2563)).toBe(0);
    expect(await send({ token, msg_id: 2560 })).toMatchObject({
      rval: 0,
      param: { version: '1.2.3', calls: [], problems: [], commands: { complaints: 0 } },
    });
  });

  it('may end in white space or NUL', async () => {
    const { send } = await startedDesk();
    for (const tail of ['\n', '\0', ' \r\n\0\0']) {
      expect(await send(`{"token":0,"msg_id":257}${tail}`)).toMatchObject({ rval: 0 });
    }
  });

  it('have an example that they accept themselves', () => {
    for (const command of COMMANDS) {
      expect(command.prepare(exampleOf(command.name).param)).toHaveProperty('run');
    }
  });
});

describe('noise', () => {
  it('that is itself a reply or a notification is never answered', async () => {
    const { send, dispatcher } = await startedDesk();
    for (const message of [{ rval: -9 }, { rval: 0, msg_id: 257 }, { msg_id: 7, type: 'x' }]) {
      expect(await send(message)).toBeUndefined();
    }
    expect(await send('')).toBeUndefined();
    expect(await send(' \0\n')).toBeUndefined();
    expect(dispatcher.counters).toEqual({
      received: 5,
      answered: 0,
      complaints: 0,
      suppressed: 0,
      ignored: 5,
      limited: 0,
      repeated: 0,
    });
  });

  it('is answered at a bounded rate, and then again', async () => {
    const { send, dispatcher, clock } = await startedDesk();
    for (let count = 0; count < 100; count++) await send('noise');
    expect(dispatcher.counters).toEqual({
      received: 100,
      answered: 20,
      complaints: 100,
      suppressed: 80,
      ignored: 0,
      limited: 0,
      repeated: 0,
    });
    clock.advance(1000);
    expect(await send('noise')).toMatchObject({ rval: -9 });
  });

  it('does not keep a session from its commands', async () => {
    const { send, start } = await startedDesk();
    const token = await start();
    for (let count = 0; count < 100; count++) await send('noise');
    expect(await send({ token, msg_id: 2560 })).toMatchObject({ rval: 0 });
  });

  it('of any kind is answered or counted and never breaks anything', async () => {
    const json = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)));
    const request = fc
      .record(
        {
          token: fc.oneof(fc.constant(1), fc.jsonValue()),
          msg_id: fc.oneof(
            fc.constantFrom(7, 257, 258, 2051, 2560, 2561, 2562, 2563, 2564, 2565, 2566, 2567),
            fc.jsonValue(),
          ),
          param: fc.oneof(
            fc.record({ uri: fc.string() }),
            fc.record({ call: fc.nat(3) }),
            fc.jsonValue(),
          ),
        },
        { requiredKeys: [] },
      )
      .map((value) => Buffer.from(JSON.stringify(value)));
    const datagrams = fc.array(fc.oneof(fc.uint8Array({ maxLength: 1500 }), json, request), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(datagrams, async (rows) => {
        const { send, start, dispatcher } = await startedDesk();
        await start();
        let answered = 1;
        for (const datagram of rows) {
          const reply = await send(new Uint8Array(datagram));
          if (!reply) continue;
          answered += 1;
          expect(Number.isInteger(reply.rval)).toBe(true);
        }
        const { counters } = dispatcher;
        expect(counters.received).toBe(rows.length + 1);
        expect(counters.answered).toBe(answered);
        expect(counters.answered + counters.ignored + counters.suppressed).toBe(counters.received);
      }),
      { numRuns: 200 },
    );
  });
});
