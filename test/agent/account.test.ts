import { beforeEach, describe, expect, it } from 'vitest';
import { Account, type AgentAccount, type RegistrationStatus } from '../../src/agent/account';
import { silentLogger } from '../../src/platform';
import { NameAddr, parseSipUri } from '../../src/sip/message';
import { seededRandom } from '../support/seeded-random';
import { VirtualClock } from '../support/virtual-clock';
import { FakeUserAgent } from './fakes';

const CAR: AgentAccount = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };

const told: RegistrationStatus[] = [];

const account = (configured?: AgentAccount, host = '192.0.2.1'): Account =>
  new Account(configured, {
    ...{ policy: { autoAnswer: false }, localHost: () => host, log: silentLogger },
    clock: new VirtualClock(),
    random: seededRandom(1),
    onRegistration: (status) => told.push(status),
    onMailbox: () => undefined,
    onWatched: () => undefined,
  });

beforeEach(() => {
  told.length = 0;
});

describe('whom a person means', () => {
  it.each([
    ['sip:a@b', 'sip:a@b'],
    ['SIPS:a@b', 'SIPS:a@b'],
    ['tel:+4930', 'tel:+4930'],
    ['x-y.z+1:a', 'x-y.z+1:a'],
    ['home', 'sip:home@example.org'],
    ['+4930', 'sip:+4930@example.org'],
    ['home@other.example', 'sip:home@other.example'],
    ['192.0.2.7', 'sip:192.0.2.7'],
    ['[2001:db8::7]', 'sip:[2001:db8::7]'],
    ['phone.example', 'sip:phone.example'],
    ['phone:5070', 'sip:phone:5070'],
    ['phone:5070x', 'phone:5070x'],
    ['a@phone:5070', 'sip:a@phone:5070'],
  ])('by %s is %s', (target, uri) => {
    expect(account(CAR).complete(target)).toBe(uri);
  });

  it.each([
    ['sip:car@example.org;transport=tcp', 'sip:home@example.org'],
    ['sips:car@example.org:5061?x=y', 'sip:home@example.org:5061'],
    ['sip:example.org', 'sip:home'],
    ['tel:+4930', 'sip:home'],
  ])('by a name is at the domain of %s: %s', (uri, home) => {
    expect(account({ uri }).complete('home')).toBe(home);
  });

  it('by a name is just that without an account', () => {
    expect(account().complete('home')).toBe('sip:home');
  });
});

describe('who the camera is', () => {
  it('is its account, or a name at the address of the moment', () => {
    expect(account(CAR).identity).toBe(CAR);
    expect(account(undefined, '192.0.2.1').identity).toEqual({ uri: 'sip:dashvoip@192.0.2.1' });
    expect(account(undefined, '2001:db8::1').identity).toEqual({
      uri: 'sip:dashvoip@[2001:db8::1]',
    });
  });

  it('is called by its own name; without an account by any', () => {
    expect(account(CAR).isCalledBy('car')).toBe(true);
    expect(account(CAR).isCalledBy('cat')).toBe(false);
    expect(account(CAR).isCalledBy(undefined)).toBe(false);
    expect(account({ uri: 'sip:example.org' }).isCalledBy(undefined)).toBe(true);
    for (const user of ['car', undefined]) expect(account().isCalledBy(user)).toBe(true);
  });
});

describe('the registration', () => {
  it('is told as it changes, in whole seconds', () => {
    const car = account(CAR);
    const userAgent = new FakeUserAgent();
    const unregistered = {
      account: 'car@example.org',
      uri: CAR.uri,
      registrar: CAR.registrar,
      state: 'unregistered',
      detail: '',
      expiresInS: 0,
    };
    expect(car.hasRegistrar).toBe(true);
    expect(car.boundTo).toEqual([]);
    expect(car.status(true)?.registration).toEqual(unregistered);
    car.refresh();
    car.start(userAgent);
    const [registration] = userAgent.registrations;
    if (!registration) throw new Error('nothing was registered');
    registration.become('registered', 'until noon', 241.6);
    registration.boundTo = [{ address: '192.0.2.5', port: 5060 }];
    const registered = {
      ...unregistered,
      state: 'registered',
      detail: 'until noon',
      expiresInS: 242,
    };
    expect(told).toEqual([registered]);
    expect(car.status(true)?.registration).toEqual(registered);
    expect(car.boundTo).toEqual([{ address: '192.0.2.5', port: 5060 }]);
    car.refresh();
    expect(registration.refreshed).toBe(1);
  });

  it('tells what the registrar has said, and of each of several proxies', () => {
    const car = account(CAR);
    const userAgent = new FakeUserAgent();
    car.start(userAgent);
    const [registration] = userAgent.registrations;
    if (!registration) throw new Error('nothing was registered');
    const route = (text: string): NameAddr => new NameAddr(undefined, parseSipUri(text));
    const grant = {
      remote: { address: '192.0.2.5', port: 5060 },
      serviceRoute: [route('sip:home;lr')],
      path: [route('sip:edge;lr')],
      isOutbound: true,
      publicGruu: parseSipUri('sip:car@example.org;gr=x'),
      temporaryGruu: undefined,
    };
    const flow = (host: string, state: 'registered' | 'failed', detail: string) => ({
      ...{ edge: parseSipUri(`sip:${host}`), state, detail, expiresIn: 12.4 },
      ...{ isUp: state === 'registered', grant: state === 'registered' ? grant : undefined },
    });
    registration.flows = [flow('e1', 'failed', 'refused'), flow('e2', 'registered', '200 OK')];
    registration.become('registered', '200 OK', 12.4);
    expect(car.status(true)?.registration).toMatchObject({
      gruu: 'sip:car@example.org;gr=x',
      path: ['<sip:edge;lr>'],
      serviceRoute: ['<sip:home;lr>'],
      flows: [
        { proxy: 'sip:e1', state: 'failed', detail: 'refused', expiresInS: 12 },
        { proxy: 'sip:e2', state: 'registered', detail: '200 OK', expiresInS: 12 },
      ],
    });
    // With one way there is nothing to tell apart.
    registration.flows = [flow('e2', 'registered', '200 OK')];
    expect(car.status(true)?.registration).not.toHaveProperty('flows');
  });

  it.each([undefined, { uri: 'sip:car@example.org' }])('is none without a registrar', (of) => {
    const userAgent = new FakeUserAgent();
    const car = account(of);
    car.start(userAgent);
    expect(userAgent.registrations).toEqual([]);
    expect(car.hasRegistrar).toBe(false);
    expect(car.status(true)?.registration).toBeUndefined();
    expect(told).toEqual([]);
  });
});
