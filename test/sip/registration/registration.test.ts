import { describe, expect, it } from 'vitest';
import type { SipAccount } from '../../../src/sip/account';
import { createResponse, NameAddr, parseSipUri, serializeMessage } from '../../../src/sip/message';
import type { Registration } from '../../../src/sip/registration';
import type { ScriptedPeer } from '../support/scripted-peer';
import { World } from '../support/world';

const setUp = (account: Partial<SipAccount> = {}) => {
  const world = new World();
  const car = world.phone('car');
  const registrar = world.peer(car);
  const registration = car.userAgent.register({
    uri: 'sip:car@example.org',
    registrar: `sip:${registrar.address.address}`,
    ...account,
  });
  const states: string[] = [];
  registration.events.on('state', (state, detail) => states.push(`${state}: ${detail}`));
  world.run(100);
  return { world, car, registrar, registration, states };
};

const grant = (registrar: ScriptedPeer, seconds: number): void => {
  const request = registrar.request('REGISTER');
  const contact = request.contacts[0]?.withParam('expires', String(seconds));
  registrar.answer(request, 200, contact ? { contact } : {});
};

/** Requests, however often each was sent. */
const count = (registrar: ScriptedPeer): number =>
  new Set(registrar.requests.map(({ cseq }) => cseq.sequence)).size;

const challenge = (nonce: string, stale = false) => ({
  headers: [
    ['WWW-Authenticate', `Digest realm="r", nonce="${nonce}"${stale ? ', stale=true' : ''}`],
  ] as const,
});

const registered = (seconds = 100) => {
  const set = setUp();
  grant(set.registrar, seconds);
  set.world.run(20);
  return set;
};

describe('REGISTER', () => {
  it('asks the registrar to bind our Contact to the address of record', () => {
    const { registrar, registration } = setUp({ expires: 600, displayName: 'The Car' });
    const request = registrar.request('REGISTER');
    expect(String(request.uri)).toBe('sip:10.0.0.2');
    expect(String(request.to)).toBe('The Car <sip:car@example.org>');
    expect(request.from.tag).toBeDefined();
    expect(String(request.contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
    expect(request.expires).toBe(600);
    expect(request.supported).toEqual(['path']);
    expect(registration.state).toBe('trying');
  });

  it('tells where calls come from while the binding lasts, and no longer', () => {
    const { world, registrar, registration } = setUp();
    expect(registration.boundTo).toBeUndefined();
    grant(registrar, 100);
    world.run(20);
    expect(registration.boundTo).toEqual(registrar.address);
    void registration.unregister();
    expect(registration.boundTo).toBeUndefined();
  });

  it('goes through the outbound proxy', () => {
    const world = new World();
    const car = world.phone('car');
    const proxy = world.peer(car);
    car.userAgent.register({
      uri: 'sip:car@example.org',
      registrar: 'sip:registrar.example.org',
      outboundProxy: 'sip:10.0.0.2',
    });
    world.run(100);
    expect(String(proxy.request('REGISTER').uri)).toBe('sip:registrar.example.org');
    expect(proxy.request('REGISTER').routes).toHaveLength(1);
  });

  it('is registered by a 200, for as long as the registrar grants', () => {
    const { world, registration, states } = registered(100);
    expect(registration.state).toBe('registered');
    expect(registration.detail).toBe('200 OK');
    expect(registration.expiresIn).toBe(99);
    world.run(10_000);
    expect(registration.expiresIn).toBe(89);
    expect(states).toEqual(['registered: 200 OK']);
  });

  it('reads the Expires of the response where its Contact says nothing', () => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 200, { headers: [['Expires', 50]] });
    world.run(20);
    expect(registration.expiresIn).toBe(49);
  });

  it('reads its own binding among others', () => {
    const { world, registrar, registration } = setUp();
    const request = registrar.request('REGISTER');
    const other = new NameAddr(undefined, parseSipUri('sip:car@10.3.3.3')).withParam(
      'expires',
      '9',
    );
    const own = request.contacts[0]?.withParam('expires', '70') ?? '';
    registrar.answer(request, 200, {
      headers: [
        ['Contact', other],
        ['Contact', own],
      ],
    });
    world.run(20);
    expect(registration.expiresIn).toBe(69);
  });
});

describe('the time that is granted', () => {
  /** `OURS` stands for our Contact without brackets; `via` for what the registrar adds to our Via. */
  const granted = (
    contact: string,
    { expires, via = '' }: { expires?: number; via?: string } = {},
  ) => {
    const { world, registrar, registration } = setUp();
    const request = registrar.request('REGISTER');
    const ours = String(request.contacts[0]?.uri);
    const response = createResponse(request, 200, {
      toTag: 'r',
      headers: [
        ...(expires === undefined ? [] : [['Expires', expires] as const]),
        ...(contact === '' ? [] : [['Contact', contact.replaceAll('OURS', ours)] as const]),
      ],
    });
    // As wire text: a Via of ours with `rport` filled in.
    registrar.sendBytes(
      Buffer.from(
        Buffer.from(serializeMessage(response))
          .toString()
          .replace(';rport', via || ';rport'),
      ),
    );
    world.run(20);
    return { world, registrar, registration };
  };
  const seconds = (...args: Parameters<typeof granted>): number =>
    // 10 ms have passed since it was granted.
    granted(...args).registration.expiresIn + 1;
  const NAT = { via: ';received=203.0.113.7;rport=40001' };

  it.each([
    ['<OURS>;expires=90', 90],
    ['OURS;expires=90', 90],
    ['"x, y" <OURS>;q=1.0;expires=90;+sip.instance="<urn:uuid:1>"', 90],
    ['<OURS>;Expires="90"', 90],
    ['<sip:car@10.0.0.1>;expires=90', 90],
    ['<sip:car@10.0.0.1;transport=udp;line=ab12>;expires=90', 90],
    ['<sip:%63ar@10.0.0.1:5060>;expires=90', 90],
    ['<sips:car@10.0.0.1:5060>;expires=90', 90],
    ['<OURS>', 300],
    ['<OURS>;expires=', 300],
    ['<OURS>;expires=soon', 300],
    ['<OURS>;expires=-5', 300],
    ['<OURS>;expires=90s', 300],
    ['<OURS>;expires=" 90 "', 90],
    ['', 300],
  ])('is that of our Contact: %s', (contact, expected) => {
    expect(seconds(contact)).toBe(expected);
  });

  it.each([
    ['<sip:car@192.0.2.1>;expires=10, <OURS>;expires=90, <sip:car@192.0.2.2>;expires=7', 90],
    ['<tel:+4930>;expires=10, <OURS>;expires=90', 90],
    ['<tel:car@10.0.0.1>;expires=10, <OURS>;expires=90', 90],
    ['<sip:bob@10.0.0.1:5060>;expires=10, <OURS>;expires=90', 90],
    ['<sip:car@10.0.0.1:5062>;expires=10, <OURS>;expires=90', 90],
    ['<sip:car@203.0.113.7:40001>;expires=10, <OURS>;expires=90', 90],
  ])('is not that of others: %s', (contact, expected) => {
    expect(seconds(contact)).toBe(expected);
  });

  it.each([
    ['<sip:car@203.0.113.7:40001>;expires=60', 60],
    ['<sip:car@203.0.113.7:40001;ob>;expires=60, <sip:car@203.0.113.7:40002>;expires=9', 60],
    ['<sip:car@203.0.113.7:40001>;expires=60, <OURS>;expires=90', 60],
    ['<sip:car@203.0.113.7:40001>;expires=0, <OURS>;expires=90', 90],
  ])('is that of our Contact as a NAT shows it: %s', (contact, expected) => {
    expect(seconds(contact, NAT)).toBe(expected);
  });

  it('is the shortest of those that are ours, and no removed one', () => {
    expect(seconds('<OURS>;expires=120, <OURS;ob>;expires=45')).toBe(45);
    expect(seconds('<OURS>;expires=0, <OURS;ob>;expires=45')).toBe(45);
  });

  it('is never longer than the Expires of the response, nor than a day', () => {
    expect(seconds('<OURS>;expires=3600', { expires: 60 })).toBe(60);
    expect(seconds('<OURS>;expires=60', { expires: 3600 })).toBe(60);
    expect(seconds('<OURS>', { expires: 120 })).toBe(120);
    expect(seconds('<OURS>;expires=4294967295')).toBe(86_400);
    expect(seconds('', { expires: 999_999_999 })).toBe(86_400);
  });

  it('is none when our binding has none left', () => {
    const { registration } = granted('<OURS>;expires=0, <sip:car@192.0.2.1>;expires=600', {
      expires: 600,
    });
    expect(registration.detail).toBe('the registrar keeps no binding');
  });

  it('is looked at a second time, soon, when our Contact cannot be told among the bindings', () => {
    const { world, registrar, registration } = granted(
      '<sip:car@198.51.100.1>;expires=900, <sip:car@198.51.100.2>;expires=200, <sip:x@h>;expires=9',
    );
    expect(registration.expiresIn).toBe(199);
    expect(registration.detail).toBe('200 OK, but our address is not in its list');
    expect(count(registrar)).toBe(1);
    world.run(20_000);
    expect(count(registrar)).toBe(2);
    grant(registrar, 600);
    world.run(100);
    expect([registration.detail, registration.expiresIn]).toEqual(['200 OK', 599]);
    world.run(400_000);
    expect(count(registrar)).toBe(2);
  });

  it('that stays in doubt is refreshed in time by the shortest, and not looked at for ever', () => {
    const contact = '<sip:car@198.51.100.1>;expires=900, <sip:car@198.51.100.2>;expires=200';
    const { world, registrar } = granted(contact);
    const answer = () =>
      registrar.answer(registrar.request('REGISTER'), 200, { headers: [['Contact', contact]] });
    world.run(20_000);
    answer();
    world.run(100_000);
    expect(count(registrar)).toBe(2);
    world.run(80_000);
    expect(count(registrar)).toBe(3);
  });

  it.each([1, 2, 5])('of %d s does not make a storm', (short) => {
    const { world, registrar } = setUp();
    for (let i = 0; i < 600; i++) {
      const request = registrar.request('REGISTER');
      if (request.cseq.sequence === count(registrar)) grant(registrar, short);
      world.run(100);
    }
    expect(count(registrar)).toBeLessThanOrEqual(13);
    expect(count(registrar)).toBeGreaterThanOrEqual(10);
  });

  it.each([20, 60, 100, 600, 3600, 86_400])('of %d s is renewed before it is over', (time) => {
    const { world } = registered(time);
    world.run(time * 1000);
    const sent = world.network.sent.filter(({ text }) => text.startsWith('REGISTER'));
    const at = sent.find(({ text }) => text.includes('CSeq: 2 '))?.at ?? Infinity;
    expect(at).toBeGreaterThan(time * 1000 * 0.44);
    expect(at).toBeLessThan(time * 1000 * 0.91);
    // One attempt can be lost (32 s) and another succeed.
    if (time >= 100) expect(at).toBeLessThan(time * 1000 - 39_000);
  });
});

describe('refresh', () => {
  it('comes in time, with the same Call-ID and the next CSeq', () => {
    const { world, registrar, registration, states } = registered(100);
    const first = registrar.request('REGISTER');
    world.run(50_000);
    expect(count(registrar)).toBe(1);
    world.run(15_000);
    expect(count(registrar)).toBe(2);
    const second = registrar.request('REGISTER');
    expect(second.callId).toBe(first.callId);
    expect(second.cseq.sequence).toBe(2);
    expect(registration.state).toBe('registered');
    grant(registrar, 100);
    world.run(20);
    expect(registration.expiresIn).toBe(99);
    expect(states).toEqual(['registered: 200 OK']);
  });

  it('comes at once when asked for, in place of one in progress', () => {
    const { world, registrar, registration } = setUp();
    registration.refresh();
    registration.refresh();
    world.run(100);
    expect(registrar.requests.map(({ cseq }) => cseq.sequence)).toEqual([1, 2, 3]);
    world.run(600);
    expect(registrar.requests.at(-1)?.cseq.sequence).toBe(3);
  });

  it('that is refused says so, while the binding still runs', () => {
    const { world, registrar, registration } = registered(100);
    registration.refresh();
    world.run(20);
    registrar.answer(registrar.request('REGISTER'), 500);
    world.run(20);
    expect(registration.state).toBe('failed');
    expect(registration.detail).toBe('500 Server Internal Error');
    expect(registration.expiresIn).toBeGreaterThan(90);
  });
});

describe('credentials', () => {
  const known = { username: 'car', password: 'secret' };

  it('answers 401', () => {
    const { world, registrar, registration } = setUp(known);
    registrar.answer(registrar.request('REGISTER'), 401, challenge('n1'));
    world.run(100);
    const second = registrar.request('REGISTER');
    expect(second.cseq.sequence).toBe(2);
    expect(second.authorization[0]?.params.get('uri')).toBe('sip:10.0.0.2');
    grant(registrar, 100);
    world.run(20);
    expect(registration.state).toBe('registered');
  });

  it('uses the nonce again for the refresh, and answers when it has become stale', () => {
    const { world, registrar, registration } = setUp(known);
    registrar.answer(registrar.request('REGISTER'), 401, challenge('n1'));
    world.run(100);
    grant(registrar, 100);
    world.run(20);
    registration.refresh();
    world.run(100);
    const nonce = () => registrar.request('REGISTER').authorization[0]?.params.get('nonce');
    expect(nonce()).toBe('n1');
    registrar.answer(registrar.request('REGISTER'), 401, challenge('n2', true));
    world.run(100);
    expect(nonce()).toBe('n2');
    grant(registrar, 100);
    world.run(20);
    expect(registration.state).toBe('registered');
  });

  it('does not hammer a registrar that does not accept them', () => {
    const { world, registrar, registration, states } = setUp(known);
    for (let i = 0; i < 600; i++) {
      const request = registrar.request('REGISTER');
      registrar.answer(request, 401, challenge(`n${i}`));
      world.run(1000);
    }
    expect(registration.state).toBe('failed');
    expect(states[0]).toBe('failed: 401 user name or password not accepted');
    expect(count(registrar)).toBeLessThanOrEqual(2 * 11);
    expect(count(registrar)).toBeGreaterThanOrEqual(2 * 5);
  });

  it('says when there are none', () => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 401, challenge('n'));
    world.run(100);
    expect(registration.detail).toBe('401 no user name and password configured');
  });
});

describe('423 Interval Too Brief', () => {
  it('asks again at once for what the registrar wants', () => {
    const { world, registrar, registration } = setUp({ expires: 30 });
    registrar.answer(registrar.request('REGISTER'), 423, { headers: [['Min-Expires', 300]] });
    world.run(100);
    expect(registrar.request('REGISTER').expires).toBe(300);
    grant(registrar, 300);
    world.run(20);
    expect(registration.state).toBe('registered');
  });

  it.each([86_401, 4_294_967_295])('is a failure when it wants %d s', (wanted) => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 423, { headers: [['Min-Expires', wanted]] });
    world.run(100);
    expect(registration.state).toBe('failed');
    world.run(3000);
    expect(registrar.request('REGISTER').expires).toBe(300);
  });

  it('may want a day', () => {
    const { world, registrar } = setUp();
    registrar.answer(registrar.request('REGISTER'), 423, { headers: [['Min-Expires', 86_400]] });
    world.run(100);
    expect(registrar.request('REGISTER').expires).toBe(86_400);
  });

  it('is a failure when it wants no more than we asked for', () => {
    const { world, registrar, registration } = setUp({ expires: 300 });
    registrar.answer(registrar.request('REGISTER'), 423, { headers: [['Min-Expires', 300]] });
    world.run(100);
    expect(registration.state).toBe('failed');
    expect(count(registrar)).toBe(1);
  });
});

describe('failure', () => {
  it.each([
    [423, {}],
    [500, { headers: [['Min-Expires', 300]] }],
  ] as const)('by %d, which says no time to ask for, is tried again as it was', (status, more) => {
    const { world, registrar, registration } = setUp({ expires: 30 });
    registrar.answer(registrar.request('REGISTER'), status, more);
    world.run(20);
    expect(registration.state).toBe('failed');
    world.run(3000);
    expect(registrar.request('REGISTER').expires).toBe(30);
  });

  const retryTimes = (world: World): number[] =>
    world.network.sent
      .filter(({ text }) => text.startsWith('REGISTER'))
      .map(({ at }) => Math.round(at / 1000));

  it('is followed by a quick retry and then rarer ones, two minutes apart at most', () => {
    const { world, registrar } = setUp();
    for (let i = 0; i < 100; i++) {
      const last = registrar.request('REGISTER');
      if (last.cseq.sequence === count(registrar)) registrar.answer(last, 503);
      world.run(10_000);
    }
    const times = retryTimes(world);
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(gaps[0]).toBeLessThanOrEqual(12);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(130);
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(60);
  });

  it('for want of a network is retried within two seconds, until there is one', () => {
    const world = new World();
    const car = world.phone('car');
    const registrar = world.peer(car);
    world.network.isDown = true;
    const registration = car.userAgent.register({
      uri: 'sip:car@example.org',
      registrar: 'sip:10.0.0.2',
    });
    world.run(100);
    expect(registration.state).toBe('failed');
    expect(registration.detail).toBe('network is down');
    world.network.isDown = false;
    world.run(2000);
    grant(registrar, 100);
    world.run(20);
    expect(registration.state).toBe('registered');
  });

  it('honours Retry-After', () => {
    const { world, registrar } = setUp();
    registrar.answer(registrar.request('REGISTER'), 503, { headers: [['Retry-After', 300]] });
    world.run(299_000);
    expect(count(registrar)).toBe(1);
    world.run(40_000);
    expect(count(registrar)).toBe(2);
  });

  it('is not believed to last for a day', () => {
    const { world, registrar } = setUp();
    registrar.answer(registrar.request('REGISTER'), 503, { headers: [['Retry-After', 86_400]] });
    world.run(1_799_000);
    expect(count(registrar)).toBe(1);
    world.run(182_000);
    expect(count(registrar)).toBe(2);
  });

  it.each([401, 403, 404, 407])(
    'by %d, which no second try gets past, is tried rarely',
    (status) => {
      const { world, registrar } = setUp();
      registrar.answer(registrar.request('REGISTER'), status);
      world.run(59_000);
      expect(count(registrar)).toBe(1);
      world.run(62_000);
      expect(count(registrar)).toBe(2);
    },
  );

  it('is forgotten by success: the next one is retried soon again', () => {
    const { world, registrar, registration } = setUp();
    const fail = () => registrar.answer(registrar.request('REGISTER'), 500);
    let answered = 0;
    for (let i = 0; i < 300; i++) {
      if (count(registrar) > answered) {
        fail();
        answered++;
      }
      world.run(2000);
    }
    expect(answered).toBeGreaterThan(8);
    while (count(registrar) === answered) world.run(1000);
    grant(registrar, 3600);
    world.run(20);
    expect(registration.state).toBe('registered');
    registration.refresh();
    world.run(20);
    const before = count(registrar);
    fail();
    world.run(2100);
    expect(count(registrar)).toBe(before + 1);
  });

  it('by silence is reported after 64*T1', () => {
    const { world, registration } = setUp();
    world.run(32_000);
    expect([registration.state, registration.detail]).toEqual(['failed', 'no answer']);
  });

  it('by redirection is not followed', () => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 302, { contact: registrar.contact() });
    world.run(100);
    expect(registration.detail).toBe('302 Moved Temporarily');
  });

  it('is what a binding for no time means', () => {
    const { world, registrar, registration } = setUp();
    grant(registrar, 0);
    world.run(20);
    expect(registration.detail).toBe('the registrar keeps no binding');
  });
});

describe('leaving', () => {
  const leave = async (world: World, registration: Registration, ms: number) => {
    let hasLeft = false;
    const left = registration.unregister().then(() => {
      hasLeft = true;
    });
    await world.settle(ms);
    return { left, hasLeft: () => hasLeft };
  };

  it('removes the binding that was made', async () => {
    const { world, registrar, registration } = registered();
    const { left } = await leave(world, registration, 100);
    const request = registrar.request('REGISTER');
    expect(request.expires).toBe(0);
    expect(String(request.contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
    registrar.answer(request, 200);
    await world.settle(100);
    await left;
    expect([registration.state, registration.expiresIn]).toEqual(['unregistered', 0]);
    world.run(1_000_000);
    expect(count(registrar)).toBe(2);
  });

  it('removes it even if we have another address by now', async () => {
    const world = new World();
    const here = { address: '10.0.0.1', port: 5060 };
    const inner = world.network.transport(here);
    let local = here;
    const car = world.phone('car', {
      transports: [
        {
          protocol: inner.protocol,
          port: inner.port,
          counters: inner.counters,
          listen: (receiver) => inner.listen(receiver),
          flowTo: (remote) => ({ ...inner.flowTo(remote), local }),
          close: () => inner.close(),
        },
      ],
    });
    const registrar = world.peer(car);
    const registration = car.userAgent.register({
      uri: 'sip:car@example.org',
      registrar: 'sip:10.0.0.2',
    });
    world.run(100);
    grant(registrar, 100);
    world.run(20);
    local = { address: '192.168.1.9', port: 5060 };
    void leave(world, registration, 100);
    await world.settle(100);
    const request = registrar.request('REGISTER');
    expect(request.expires).toBe(0);
    expect(request.topVia.host).toBe('192.168.1.9');
    expect(String(request.contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
  });

  it('with nothing bound yet names the Contact that may have been bound', async () => {
    const { world, registrar, registration } = setUp();
    const first = registrar.request('REGISTER');
    await leave(world, registration, 100);
    const request = registrar.request('REGISTER');
    expect([first.expires, request.expires]).toEqual([300, 0]);
    expect(String(request.contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
  });

  it('is no binding again, though the registrar grants time', async () => {
    const { world, registrar, registration } = registered();
    await leave(world, registration, 100);
    grant(registrar, 100);
    await world.settle(20);
    expect([registration.state, registration.expiresIn]).toEqual(['unregistered', 0]);
    expect(registration.boundTo).toBeUndefined();
  });

  it('takes two seconds at most', async () => {
    const { world, registration } = registered();
    const { hasLeft } = await leave(world, registration, 1900);
    expect(hasLeft()).toBe(false);
    await world.settle(200);
    expect(hasLeft()).toBe(true);
    expect(registration.state).toBe('unregistered');
  });

  it('answers a challenge', async () => {
    const set = setUp({ password: 'secret' });
    grant(set.registrar, 100);
    set.world.run(20);
    const { left } = await leave(set.world, set.registration, 100);
    set.registrar.answer(set.registrar.request('REGISTER'), 401, challenge('n'));
    await set.world.settle(100);
    const request = set.registrar.request('REGISTER');
    expect(request.authorization).toHaveLength(1);
    expect(request.expires).toBe(0);
    set.registrar.answer(request, 200);
    await set.world.settle(100);
    await left;
  });
});

describe('keep-alive', () => {
  const pings = (world: World): number[] =>
    world.network.sent.filter(({ text }) => text === '\r\n\r\n').map(({ at }) => at);

  it('goes to the registrar every 15 to 30 s while registered', () => {
    const { world } = registered(3600);
    world.run(300_000);
    const times = pings(world);
    expect(times.length).toBeGreaterThanOrEqual(10);
    expect(times.length).toBeLessThanOrEqual(20);
    const gaps = times.map((at, n) => at - (times[n - 1] ?? 0)).slice(1);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000);
    // Spread, so that a fleet does not ping at once.
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(5000);
  });

  it('ends with the binding, though the registrar says no more', () => {
    const { world } = registered(60);
    world.run(60_000);
    const before = pings(world).length;
    expect(before).toBeGreaterThanOrEqual(1);
    world.run(300_000);
    expect(pings(world)).toHaveLength(before);
  });

  it('ends with the registration', async () => {
    const { world, registration } = registered(3600);
    void registration.unregister();
    await world.settle(3000);
    const before = pings(world).length;
    world.run(300_000);
    expect(pings(world)).toHaveLength(before);
  });
});
