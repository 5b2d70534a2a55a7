// Shows RFC 3327, 3608, 5626, 5627.

import { describe, expect, it } from 'vitest';
import type { SipAccount } from '../../../src/sip/account';
import { type HeaderList, parseSipUri, type SipRequest } from '../../../src/sip/message';
import { contactOn } from '../../../src/sip/request';
import type { ScriptedPeer } from '../support/scripted-peer';
import { FakeMedia, type Phone, World } from '../support/world';

const INSTANCE = 'urn:uuid:00000000-0000-5000-8000-00000000000a';
const PUBLIC = `sip:car@example.org;gr=${INSTANCE}`;
const TEMPORARY = 'sip:tgruu.7hs==@example.org;gr';
const OUTBOUND: HeaderList = [['Require', 'outbound']];

interface Granted {
  readonly seconds?: number;
  readonly headers?: HeaderList;
  readonly hasGruu?: boolean;
}

const grant = (by: ScriptedPeer, { seconds = 300, headers = [], hasGruu }: Granted = {}): void => {
  const request = by.request('REGISTER');
  const bound = request.contacts[0]?.withParam('expires', String(seconds));
  const named = hasGruu
    ? bound?.withParam('pub-gruu', `"${PUBLIC}"`).withParam('temp-gruu', `"${TEMPORARY}"`)
    : bound;
  by.answer(request, 200, { headers, ...(named ? { contact: named } : {}) });
};

/** A camera with an instance and its registrar. */
const setUp = (account: Partial<SipAccount> = {}) => {
  const world = new World();
  const car = world.phone('car', { instance: INSTANCE });
  const registrar = world.peer(car);
  const other = world.peer(car);
  const full: SipAccount = {
    uri: 'sip:car@example.org',
    registrar: `sip:${registrar.address.address}`,
    ...account,
  };
  const registration = car.userAgent.register(full);
  world.run(100);
  return { world, car, registrar, other, registration, account: full };
};

const registered = (granted: Granted = {}, account: Partial<SipAccount> = {}) => {
  const set = setUp(account);
  grant(set.registrar, granted);
  set.world.run(20);
  return set;
};

/** Two edges of a registrar; what has come to each. */
const atEdges = () => {
  const world = new World();
  const car = world.phone('car', { instance: INSTANCE });
  const edges = [world.peer(car), world.peer(car)] as const;
  const account: SipAccount = {
    uri: 'sip:car@example.org',
    registrar: 'sip:example.org',
    outboundProxies: edges.map(({ address }) => `sip:${address.address}`),
  };
  const registration = car.userAgent.register(account);
  const states: string[] = [];
  registration.events.on('state', (state) =>
    states.push(`${state} ${registration.flows.map((flow) => flow.state).join()}`),
  );
  world.run(100);
  return { world, car, edges, registration, account, states };
};

const atBoth = () => {
  const set = atEdges();
  for (const edge of set.edges) {
    grant(edge, { seconds: 600, headers: OUTBOUND });
    set.world.run(100);
  }
  return set;
};

const call = (car: Phone, account: SipAccount, target = 'sip:bob@example.org', options = {}) =>
  car.userAgent.invite(target, account, () => new FakeMedia('car'), options);
const routes = (request: SipRequest): string[] => request.routes.map(String);
const contact = (request: SipRequest): string => String(request.contacts[0]);

describe('REGISTER of an instance', () => {
  it('names it, its flow, and what it can do', () => {
    const { registrar } = setUp();
    const request = registrar.request('REGISTER');
    expect(contact(request)).toBe(`<sip:car@10.0.0.1:5060>;+sip.instance="<${INSTANCE}>";reg-id=1`);
    expect(request.supported).toEqual(['path', 'outbound', 'gruu']);
  });

  it('goes without outbound at once where the first hop lacks it (439), and stays so', () => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 439);
    world.run(100);
    const second = registrar.request('REGISTER');
    expect(second.supported).toEqual(['path', 'gruu']);
    expect(contact(second)).toBe(`<sip:car@10.0.0.1:5060>;+sip.instance="<${INSTANCE}>"`);
    grant(registrar);
    world.run(20);
    expect(registration.state).toBe('registered');
    registration.refresh();
    world.run(100);
    expect(registrar.request('REGISTER').supported).toEqual(['path', 'gruu']);
    // Who says it again has refused.
    registrar.answer(registrar.request('REGISTER'), 439);
    world.run(100);
    expect(registration.state).toBe('failed');
  });

  it('knows its binding by instance and flow, whatever the address, and no other', () => {
    const { world, registrar, registration } = setUp();
    const list = [
      `<sip:car@10.0.0.1:5060>;+sip.instance="<${INSTANCE}>";reg-id=2;expires=20`,
      '<sip:car@10.0.0.1:5060>;+sip.instance="<urn:uuid:other>";reg-id=1;expires=30',
      `<sip:x@edge.example.org>;+sip.instance="<${INSTANCE}>";reg-id=1;expires=240`,
    ];
    registrar.answer(registrar.request('REGISTER'), 200, {
      headers: list.map((one) => ['Contact', one] as const),
    });
    world.run(20);
    expect(registration.expiresIn).toBe(239);
  });

  it('removes on leaving the very binding that it made', async () => {
    const { world, registrar, registration } = registered({ headers: OUTBOUND });
    void registration.unregister();
    await world.settle(100);
    const request = registrar.request('REGISTER');
    expect(request.expires).toBe(0);
    expect(contact(request)).toBe(`<sip:car@10.0.0.1:5060>;+sip.instance="<${INSTANCE}>";reg-id=1`);
  });
});

describe('Path', () => {
  it('that the registrar has noted is kept with the binding', () => {
    const { registration } = registered({ headers: [['Path', '<sip:edge.example.org;lr;ob>']] });
    expect(registration.flows[0]?.grant?.path.map(String)).toEqual([
      '<sip:edge.example.org;lr;ob>',
    ]);
  });
});

describe('Service-Route', () => {
  const WAY: HeaderList = [['Service-Route', '<sip:10.0.0.3;lr>, <sip:home.example.org;lr>']];

  it('leads what goes outside of dialogs, of whatever domain', () => {
    const { world, car, other, account } = registered({ headers: WAY });
    call(car, account, 'sip:bob@elsewhere.example');
    void car.userAgent.message('sip:bob@example.org', account, 'hello');
    car.userAgent.subscribe(
      'sip:car@example.org',
      account,
      { event: 'message-summary', accept: [], expiresS: 60 },
      { onState: () => undefined, onNotice: () => undefined },
    );
    world.run(100);
    for (const method of ['INVITE', 'MESSAGE', 'SUBSCRIBE']) {
      expect(routes(other.request(method))).toEqual([
        '<sip:10.0.0.3;lr>',
        '<sip:home.example.org;lr>',
      ]);
    }
    expect(String(other.request('INVITE').uri)).toBe('sip:bob@elsewhere.example');
  });

  it('leads to whoever finds the service that is called for help', () => {
    const { world, car, other, account } = registered({ headers: WAY });
    call(car, account, 'urn:service:sos');
    world.run(100);
    expect(String(other.request('INVITE').uri)).toBe('urn:service:sos');
    expect(routes(other.request('INVITE'))).toEqual([
      '<sip:10.0.0.3;lr>',
      '<sip:home.example.org;lr>',
    ]);
  });

  it('comes behind the proxy of the account, and does not name it twice', () => {
    const proxy = { outboundProxy: 'sip:10.0.0.2' };
    const { world, car, registrar, account } = registered({ headers: WAY }, proxy);
    call(car, account);
    world.run(100);
    expect(routes(registrar.request('INVITE'))).toEqual([
      '<sip:10.0.0.2;lr>',
      '<sip:10.0.0.3;lr>',
      '<sip:home.example.org;lr>',
    ]);
    const named: HeaderList = [['Service-Route', '<sip:10.0.0.2;lr>, <sip:home.example.org;lr>']];
    const again = registered({ headers: named }, proxy);
    call(again.car, again.account);
    again.world.run(100);
    expect(routes(again.registrar.request('INVITE'))).toEqual([
      '<sip:10.0.0.2;lr>',
      '<sip:home.example.org;lr>',
    ]);
  });

  it('is no route of REGISTER, and another one with the next 200', () => {
    const { world, car, registrar, account, registration } = registered({ headers: WAY });
    registration.refresh();
    world.run(100);
    expect(registrar.request('REGISTER').routes).toEqual([]);
    grant(registrar);
    world.run(20);
    call(car, account);
    world.run(100);
    expect(routes(registrar.request('INVITE'))).toEqual(['<sip:10.0.0.2;lr>']);
  });

  it.each([
    ['the registration is taken back', 0],
    ['its time is over', 301_000],
  ])('is forgotten when %s', async (_, ms) => {
    const { world, car, registrar, other, account, registration } = registered({ headers: WAY });
    if (ms === 0) {
      void registration.unregister();
      await world.settle(3000);
    } else world.run(ms);
    call(car, account);
    world.run(100);
    expect(other.methods).toEqual([]);
    expect(routes(registrar.request('INVITE'))).toEqual(['<sip:10.0.0.2;lr>']);
  });

  it.each([
    '<tel:+4930>, <sip:10.0.0.3;lr>',
    '<sip:10.0.0.3;lr',
    Array.from({ length: 9 }, (_, n) => `<sip:10.0.0.${n};lr>`).join(),
  ])('of no use is none: %s', (text) => {
    const { world, car, registrar, account } = registered({ headers: [['Service-Route', text]] });
    call(car, account);
    world.run(100);
    expect(routes(registrar.request('INVITE'))).toEqual(['<sip:10.0.0.2;lr>']);
  });
});

describe('Contact within dialogs', () => {
  it('asks for the same flow where the registrar knows flows, and else does not', () => {
    for (const headers of [OUTBOUND, []]) {
      const { world, car, registrar, account } = registered({ headers });
      call(car, account);
      world.run(100);
      const parameter = headers === OUTBOUND ? ';ob' : '';
      expect(contact(registrar.request('INVITE'))).toBe(`<sip:car@10.0.0.1:5060${parameter}>`);
    }
  });

  it('is the GRUU in calls, re-INVITEs and subscriptions', () => {
    const { world, car, registrar, account } = registered({ hasGruu: true });
    const session = call(car, account);
    car.userAgent.subscribe(
      'sip:car@example.org',
      account,
      { event: 'message-summary', accept: [], expiresS: 60 },
      { onState: () => undefined, onNotice: () => undefined },
    );
    world.run(100);
    expect(contact(registrar.request('INVITE'))).toBe(`<${PUBLIC}>`);
    expect(registrar.request('INVITE').supported).toEqual(
      expect.arrayContaining(['gruu', 'outbound']),
    );
    expect(contact(registrar.request('SUBSCRIBE'))).toBe(`<${PUBLIC}>`);
    registrar.answerOk(registrar.request('INVITE'));
    world.run(100);
    void session.renegotiate();
    world.run(100);
    expect(registrar.methods.filter((one) => one === 'INVITE').length).toBeGreaterThan(1);
    expect(contact(registrar.request('INVITE'))).toBe(`<${PUBLIC}>`);
  });

  it('is the temporary GRUU of who does not want to be known', () => {
    const { world, car, registrar, account } = registered({ hasGruu: true });
    call(car, account, 'sip:bob@example.org', { isAnonymous: true });
    world.run(100);
    expect(contact(registrar.request('INVITE'))).toBe(`<${TEMPORARY}>`);
  });

  it('is the address where a call goes another way, or its scheme is another', () => {
    const { world, car, other, account } = registered({ hasGruu: true, headers: OUTBOUND });
    call(car, account, 'sip:bob@10.0.0.3');
    world.run(100);
    expect(contact(other.request('INVITE'))).toBe('<sip:car@10.0.0.1:5060>');
  });

  it('is the GRUU in the answer to a call that the registrar sends, and to no other', () => {
    const { world, car, registrar, other } = registered({ hasGruu: true });
    car.listen();
    for (const [who, callId] of [
      [registrar, 'by-the-registrar'],
      [other, 'by-a-stranger'],
    ] as const) {
      who.send(who.newInvite({ callId }));
      world.run(100);
    }
    expect(String(registrar.response(200).contacts[0])).toBe(`<${PUBLIC}>`);
    expect(String(other.response(200).contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
  });

  it('is the address where sips is wanted, and the GRUU is none', () => {
    const world = new World();
    const flow = world.network
      .transport({ address: '10.0.0.1', port: 5060 })
      .flowTo(world.peer(world.phone('x')).address);
    const name = { user: 'car', gruu: parseSipUri(PUBLIC) };
    expect(String(contactOn(flow, name, 'sip'))).toBe(`<${PUBLIC}>`);
    expect(String(contactOn(flow, name, 'sips'))).toBe('<sips:car@10.0.0.1:5060>');
  });

  it.each(['sip:car@example.org', 'tel:+4930;gr', 'nonsense'])(
    'is no GRUU that is none: %s',
    (gruu) => {
      const { world, car, registrar, account } = setUp();
      const request = registrar.request('REGISTER');
      const bound = request.contacts[0]?.withParam('pub-gruu', `"${gruu}"`);
      registrar.answer(request, 200, bound ? { contact: bound } : {});
      world.run(20);
      call(car, account);
      world.run(100);
      expect(contact(registrar.request('INVITE'))).toBe('<sip:car@10.0.0.1:5060>');
    },
  );
});

describe('two edges', () => {
  it('are each registered through, the second once the registrar knows flows', () => {
    const { world, edges, registration, states } = atEdges();
    const [first, second] = edges;
    expect(second.methods).toEqual([]);
    grant(first, { headers: OUTBOUND });
    world.run(100);
    const request = second.request('REGISTER');
    expect(routes(request)).toEqual(['<sip:10.0.0.3;lr>']);
    expect(contact(request)).toContain(';reg-id=2');
    expect(request.callId).not.toBe(first.request('REGISTER').callId);
    grant(second, { headers: OUTBOUND });
    world.run(100);
    expect(registration.boundTo).toEqual([first.address, second.address]);
    expect(states).toEqual([
      'registered registered,unregistered',
      'registered registered,trying',
      'registered registered,registered',
    ]);
  });

  it('are one way where the registrar knows no flows: the second is for when the first fails', () => {
    const { world, edges, registration } = atEdges();
    const [first, second] = edges;
    grant(first);
    world.run(100_000);
    expect(second.methods).toEqual([]);
    registration.refresh();
    world.run(100);
    first.answer(first.request('REGISTER'), 500);
    world.run(100);
    grant(second);
    world.run(100);
    expect(registration.state).toBe('registered');
    expect(registration.flows.map(({ state }) => state)).toEqual(['failed', 'registered']);
  });

  it('are kept alive each, and by the time that each says', () => {
    const { world, edges } = atEdges();
    const [first, second] = edges;
    grant(first, { seconds: 3600, headers: [...OUTBOUND, ['Flow-Timer', 100]] });
    world.run(100);
    grant(second, { seconds: 3600, headers: OUTBOUND });
    world.run(600_000);
    const pings = ({ noise }: ScriptedPeer): number =>
      noise.filter((one) => one === '\r\n\r\n').length;
    expect(pings(first)).toBeGreaterThanOrEqual(5);
    expect(pings(first)).toBeLessThanOrEqual(7);
    expect(pings(second)).toBeGreaterThanOrEqual(19);
  });

  it('carry calls by the first that lives', () => {
    const { world, car, edges, registration, account } = atBoth();
    const [first, second] = edges;
    call(car, account);
    world.run(100);
    expect(routes(first.request('INVITE'))).toEqual(['<sip:10.0.0.2;lr>']);
    registration.refresh();
    world.run(100);
    first.answer(first.request('REGISTER'), 500);
    grant(second, { headers: OUTBOUND });
    world.run(100);
    expect(registration.state).toBe('registered');
    call(car, account);
    world.run(100);
    expect(routes(second.request('INVITE'))).toEqual(['<sip:10.0.0.3;lr>']);
  });

  it('bring calls by either', () => {
    const { world, car, edges } = atBoth();
    car.listen();
    for (const [place, edge] of edges.entries()) {
      edge.send(edge.newInvite({ callId: `by-edge-${place}` }));
      world.run(100);
      expect(String(edge.response(200).contacts[0])).toBe('<sip:car@10.0.0.1:5060;ob>');
    }
  });

  it('are renewed without haste while the other one lives, and at once when none does', () => {
    const world = new World();
    const tcp = world.streams.transport({ address: '10.0.9.1', port: 5060 });
    const car = world.phone('car', { instance: INSTANCE, transports: [tcp] });
    const edges = [world.tcpPeer(), world.tcpPeer()] as const;
    for (const edge of edges) edge.headers = OUTBOUND;
    const registration = car.userAgent.register({
      ...{ uri: 'sip:car@example.org', registrar: 'sip:example.org', expires: 3600 },
      outboundProxies: edges.map(({ local }) => `sip:${local.address};transport=tcp`),
    });
    world.run(130_000);
    const [first, second] = edges;
    tcp.lose(first.local);
    world.run(44_000);
    expect([first.registers, second.registers]).toEqual([1, 1]);
    expect(registration.state).toBe('registered');
    expect(registration.flows.map(({ state }) => state)).toEqual(['failed', 'registered']);
    world.run(78_000);
    expect([first.registers, second.registers]).toEqual([2, 1]);
    world.run(130_000);
    tcp.lose();
    world.run(1100);
    expect(first.registers + second.registers).toBe(4);
    expect(registration.state).toBe('registered');
  });

  it('are left each when the user agent closes', async () => {
    const { world, car, edges } = atBoth();
    const closed = car.userAgent.close();
    await world.settle(100);
    for (const edge of edges) {
      expect(edge.request('REGISTER').expires).toBe(0);
      edge.answer(edge.request('REGISTER'), 200);
    }
    await world.settle(100);
    await closed;
  });

  it('are left each', async () => {
    const { world, edges, registration } = atBoth();
    let hasLeft = false;
    void registration.unregister().then(() => {
      hasLeft = true;
    });
    await world.settle(100);
    for (const edge of edges) {
      expect(edge.request('REGISTER').expires).toBe(0);
      expect(hasLeft).toBe(false);
      edge.answer(edge.request('REGISTER'), 200);
      await world.settle(100);
    }
    expect(hasLeft).toBe(true);
    expect([registration.state, registration.boundTo]).toEqual(['unregistered', []]);
  });
});
