// Shows RFC 6881, 7090.

import { describe, expect, it } from 'vitest';
import type { AgentOptions, EmergencySettings } from '../../src/agent';
import { activeCall, refusalOf } from './calls';
import { type Bench, type Comer, type FakeSession, phone, startedBench } from './fakes';

const account = { uri: 'sip:car@example.org', registrar: 'sip:192.0.2.1' };
const ADDRESS = { address: '192.0.2.1', port: 5060 };
const EMERGENCY: EmergencySettings = {
  calls: ['home', 'sip:office@example.org', '112'],
  ringSeconds: 30,
  confirmSeconds: 20,
  rounds: 2,
  callBackMinutes: 60,
};

async function benchWith(
  emergency: Partial<EmergencySettings> = {},
  options: Partial<AgentOptions> = {},
) {
  const all = await startedBench({
    account,
    emergency: { ...EMERGENCY, ...emergency },
    ...options,
  });
  for (const registration of all.userAgent.registrations) registration.boundTo = [ADDRESS];
  const told: string[] = [];
  all.agent.events.on('emergency', ({ state, to }) => told.push(`${state} ${to}`));
  return { ...all, told };
}

/** Whom the agent has called last. */
function called({ userAgent }: Bench): { target: string | undefined; session: FakeSession } {
  const session = userAgent.sessions.at(-1);
  if (!session) throw new Error('nobody was called');
  return { target: userAgent.invited.at(-1)?.target, session };
}

const key = (session: FakeSession): void => {
  session.events.emit('key', { digit: '1', durationMs: 100 });
};

const comes = (all: Bench, from: Partial<Comer>): FakeSession =>
  all.userAgent.ringUp(phone(), { calledUser: 'car', source: ADDRESS, ...from });

describe('a call for help', () => {
  it('goes on to the next when somebody does not answer, is busy, or is a machine', async () => {
    const all = await benchWith();
    all.agent.startEmergency();
    expect(called(all).target).toBe('sip:home@example.org');
    all.clock.advance(29_999);
    expect(called(all).session.state).toBe('early');
    all.clock.advance(1001);
    expect(called(all).target).toBe('sip:office@example.org');
    called(all).session.pickUp();
    all.clock.advance(19_999);
    expect(called(all).session.state).toBe('confirmed');
    all.clock.advance(1001);
    expect(called(all).target).toBe('sip:112@example.org');
    called(all).session.end({ by: 'remote', status: 486, reason: 'Busy Here' });
    expect(all.told).toEqual([
      ...['calling home', 'waiting home', 'calling sip:office@example.org'],
      ...['answered sip:office@example.org', 'waiting sip:office@example.org'],
      ...['calling 112', 'waiting 112'],
    ]);
    expect(all.agent.history({}).map(({ ended }) => ended)).toEqual([
      'busy',
      'answered, and no key was pressed (emergency.confirmSeconds)',
      'not answered in time (emergency.ringSeconds)',
    ]);
    // The next round, after ten seconds.
    all.clock.advance(9999);
    expect(all.userAgent.sessions).toHaveLength(3);
    all.clock.advance(1);
    expect(called(all).target).toBe('sip:home@example.org');
    expect(all.agent.status().emergency).toMatchObject({ state: 'calling', round: 2, call: 4 });
  });

  it('has found help when a key is pressed, and ends when that call does', async () => {
    const all = await benchWith();
    all.agent.startEmergency();
    const { session } = called(all);
    key(session);
    expect(all.agent.status().emergency?.state).toBe('calling');
    session.pickUp();
    key(session);
    all.clock.advance(3_600_000);
    expect(session.state).toBe('confirmed');
    session.end({ by: 'remote', status: 200, reason: '' });
    all.clock.advance(60_000);
    expect(all.told).toEqual(['calling home', 'answered home', 'confirmed home', 'ended home']);
    expect(all.userAgent.sessions).toHaveLength(1);
  });

  it('is announced to who answers, not before', async () => {
    const all = await benchWith({ announcement: '/help.wav' });
    const heard = (): unknown[] => [...all.engine.heard.values()];
    const announced = expect.objectContaining({ file: '/help.wav' });
    all.agent.startEmergency();
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard()).not.toContainEqual(announced);
    called(all).session.pickUp();
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard()).toContainEqual(announced);
  });

  it('awaits no key of an emergency number', async () => {
    const all = await benchWith({ calls: ['112'] });
    all.agent.startEmergency();
    called(all).session.pickUp();
    all.clock.advance(60_000);
    expect(all.told).toEqual(['calling 112', 'confirmed 112']);
    expect(called(all).session.state).toBe('confirmed');
  });

  it('calls again where the network has lost who helps', async () => {
    const all = await benchWith();
    all.agent.startEmergency();
    called(all).session.pickUp();
    key(called(all).session);
    called(all).session.drop(408, 'gone');
    all.clock.advance(1000);
    expect(called(all).target).toBe('sip:office@example.org');
  });

  it('fails when the list was gone through as often as it is configured', async () => {
    const all = await benchWith({ calls: ['home'] });
    all.agent.startEmergency();
    all.clock.advance(30_000 + 10_000 + 30_000);
    expect(all.told.at(-1)).toBe('failed home');
    all.clock.advance(600_000);
    expect(all.userAgent.sessions).toHaveLength(2);
    // And can be made anew.
    all.agent.startEmergency();
    expect(all.userAgent.sessions).toHaveLength(3);
  });

  it('goes on where one of the list cannot be called at all', async () => {
    const all = await benchWith({ calls: ['sip:', 'home'] });
    all.agent.startEmergency();
    expect(all.agent.status().emergency).toMatchObject({ state: 'waiting', to: 'sip:' });
    all.clock.advance(1000);
    expect(called(all).target).toBe('sip:home@example.org');
  });

  it('ends what is in its way', async () => {
    const all = await benchWith();
    const other = await activeCall(all);
    all.agent.startEmergency();
    expect(other.state).toBe('ended');
    expect(all.agent.history({})[0]?.ended).toBe('ended here for an emergency call');
  });

  it('is one at a time, needs somebody to call, and can be cancelled', async () => {
    const all = await benchWith();
    expect(refusalOf(() => all.agent.cancelEmergency())).toBe('wrong-state');
    all.agent.startEmergency();
    all.agent.startEmergency();
    expect(all.userAgent.sessions).toHaveLength(1);
    all.agent.cancelEmergency();
    expect(called(all).session.state).toBe('ended');
    all.clock.advance(600_000);
    expect(all.userAgent.sessions).toHaveLength(1);
    expect(all.told.at(-1)).toBe('cancelled home');
    const without = await startedBench({ account });
    expect(refusalOf(() => without.agent.startEmergency())).toBe('wrong-state');
  });

  it('is not cancelled by hanging up on one of the list', async () => {
    const all = await benchWith();
    all.agent.startEmergency();
    all.agent.hangup();
    all.clock.advance(1000);
    expect(called(all).target).toBe('sip:office@example.org');
  });

  it('is over when the agent stops', async () => {
    const all = await benchWith();
    all.agent.startEmergency();
    await all.agent.stop();
    all.clock.advance(600_000);
    expect(all.userAgent.sessions).toHaveLength(1);
    expect(refusalOf(() => all.agent.startEmergency())).toBe('not-ready');
  });
});

describe('no policy', () => {
  it('ends it: not the greatest length, not another configuration', async () => {
    const policy = { autoAnswer: false, maxCallMinutes: 1, doNotDisturb: true };
    const all = await benchWith({}, { policy });
    all.agent.startEmergency();
    all.agent.reconfigure({ emergency: { value: undefined } });
    called(all).session.end({ by: 'remote', status: 486, reason: 'Busy Here' });
    all.clock.advance(1000);
    expect(called(all).target).toBe('sip:office@example.org');
    all.agent.reconfigure({ emergency: { value: { ...EMERGENCY, calls: ['police'] } } });
    called(all).session.end({ by: 'remote', status: 486, reason: 'Busy Here' });
    all.clock.advance(1000);
    expect(called(all).target).toBe('sip:112@example.org');
    all.agent.reconfigure({ emergency: { value: undefined } });
    called(all).session.end({ by: 'remote', status: 486, reason: 'Busy Here' });
    all.clock.advance(10_000);
    expect(called(all).target).toBe('sip:home@example.org');
    called(all).session.pickUp();
    key(called(all).session);
    all.clock.advance(3_600_000);
    expect(called(all).session.state).toBe('confirmed');
    called(all).session.end({ by: 'remote', status: 200, reason: '' });
    expect(refusalOf(() => all.agent.startEmergency())).toBe('wrong-state');
  });
});

describe('who was called for help and calls back', () => {
  const policy = { autoAnswer: false, doNotDisturb: true, denyFrom: ['sip:home@*'] };
  const home = { name: 'sip:home@example.org' };

  it('is answered at once, do-not-disturb or not, and nobody else is called', async () => {
    const all = await benchWith({}, { policy });
    all.agent.startEmergency();
    all.clock.advance(31_000);
    const office = called(all).session;
    const back = comes(all, home);
    expect(back.did).toEqual(['accept']);
    back.acknowledge();
    expect(office.state).toBe('ended');
    all.clock.advance(600_000);
    expect(all.told.at(-1)).toBe('confirmed sip:home@example.org');
    expect(back.state).toBe('confirmed');
    back.end({ by: 'remote', status: 200, reason: '' });
    expect(all.told.at(-1)).toBe('ended sip:home@example.org');
  });

  it('is one of those that were called this time', async () => {
    const all = await benchWith({}, { policy });
    all.agent.startEmergency();
    all.agent.cancelEmergency();
    all.agent.reconfigure({ emergency: { value: { ...EMERGENCY, calls: ['police'] } } });
    all.agent.startEmergency();
    all.agent.cancelEmergency();
    expect(comes(all, home).did).toEqual(['reject 603']);
    expect(comes(all, { name: 'sip:police@example.org' }).did).toEqual(['accept']);
  });

  it('is so for an hour after it, and for nobody who was not called', async () => {
    const all = await benchWith({}, { policy });
    expect(comes(all, home).did).toEqual(['reject 603']);
    all.agent.startEmergency();
    all.agent.cancelEmergency();
    all.clock.advance(3_599_000);
    expect(comes(all, { name: 'sip:office@example.org' }).did).toEqual(['reject 486']);
    const back = comes(all, home);
    expect(back.did).toEqual(['accept']);
    back.end({ by: 'remote', status: 200, reason: '' });
    all.clock.advance(1000);
    expect(comes(all, home).did).toEqual(['reject 603']);
  });

  it('does not cut off who helps already, and is not for a stranger to say', async () => {
    const all = await benchWith({}, { policy: { autoAnswer: false, directCalls: 'ring' } });
    all.agent.startEmergency();
    all.clock.advance(31_000);
    const office = called(all).session;
    const source = { address: '203.0.113.5', port: 5060 };
    expect(comes(all, { ...home, source }).did).toEqual(['reject 486']);
    office.pickUp();
    key(office);
    expect(comes(all, home).did).toEqual(['ring']);
    expect(office.state).toBe('confirmed');
  });
});

describe('a service that is called for help', () => {
  const policy = { autoAnswer: false, maxCallMinutes: 1, hideIdentity: true, doNotDisturb: true };
  const PLACE = { latitude: 37.5665, longitude: 126.978 };
  const sos = async (options: Partial<AgentOptions> = {}) =>
    benchWith({ calls: ['urn:service:sos', 'home'] }, { policy, ...options });
  const locations = ({ userAgent }: Bench) =>
    userAgent.invited.map(({ target, options }) => [target, options?.enclosing !== undefined]);

  it('is called by its name, with where the car is, and nobody else is told that', async () => {
    const all = await sos();
    await all.agent.helpData.tell(PLACE);
    all.clock.advance(5000);
    all.agent.call('112');
    called(all).session.hangup();
    all.agent.startEmergency();
    expect(called(all).target).toBe('urn:service:sos');
    expect(all.agent.status().emergency).toMatchObject({ state: 'calling', positionAgeS: 5 });
    called(all).session.end({ by: 'remote', status: 404, reason: 'Not Found' });
    all.clock.advance(1000);
    expect(locations(all)).toEqual([
      ['sip:112@example.org', false],
      ['urn:service:sos', true],
      ['sip:home@example.org', false],
    ]);
    expect(all.agent.status().emergency?.positionAgeS).toBeUndefined();
    expect(all.agent.history({}).map(({ remote }) => remote)).toContain('urn:service:sos');
  });

  it('is called once more without it where who answers cannot read it', async () => {
    const all = await sos();
    await all.agent.helpData.tell(PLACE);
    all.agent.startEmergency();
    // As of a far end that has found no description, and sends one of its own.
    called(all).session.end({ by: 'local', status: 488, reason: 'answer cannot be used' });
    all.clock.advance(1000);
    called(all).session.end({ by: 'local', status: 488, reason: 'answer cannot be used' });
    all.clock.advance(1000);
    expect(locations(all)).toEqual([
      ['urn:service:sos', true],
      ['urn:service:sos', false],
      ['sip:home@example.org', false],
    ]);
    called(all).session.end({ by: 'remote', status: 486, reason: '' });
    all.clock.advance(10_000);
    expect(locations(all).at(-1)).toEqual(['urn:service:sos', false]);
    all.agent.cancelEmergency();
    all.agent.startEmergency();
    expect(locations(all).at(-1)).toEqual(['urn:service:sos', true]);
  });

  it('is called without a position where none was told', async () => {
    const all = await sos();
    all.agent.startEmergency();
    expect(all.userAgent.invited).toEqual([
      { target: 'urn:service:sos', account: expect.anything() },
    ]);
    expect(all.agent.status().emergency?.positionAgeS).toBeUndefined();
  });

  it('needs no key, is ended by no policy, and hears of nobody else meanwhile', async () => {
    const all = await sos();
    const friend = { name: 'sip:friend@example.org' };
    all.agent.setSwitch('doNotDisturb', false);
    all.agent.startEmergency();
    const { session } = called(all);
    session.pickUp();
    expect(all.told.at(-1)).toBe('confirmed urn:service:sos');
    expect(comes(all, friend).did).toEqual(['reject 486']);
    all.clock.advance(3_600_000);
    expect(session.state).toBe('confirmed');
    session.hangup();
    expect(comes(all, friend).did).toEqual(['ring']);
  });

  it.each(['urn:service:sos', '112'])('is not ended either when it is dialled: %s', async (to) => {
    const all = await sos();
    all.agent.call(to);
    expect(all.userAgent.invited.at(-1)?.options).toBeUndefined();
    called(all).session.pickUp();
    all.clock.advance(3_600_000);
    expect(called(all).session.state).toBe('confirmed');
  });

  it('calls back by whatever number, and the registrar says that it does', async () => {
    const back = { name: 'sip:+82212345@example.net', isHelpCallingBack: true };
    const all = await sos();
    expect(comes(all, back).did).toEqual(['reject 486']);
    all.agent.startEmergency();
    called(all).session.pickUp();
    called(all).session.end({ by: 'remote', status: 200, reason: '' });
    const source = { address: '203.0.113.5', port: 5060 };
    expect(comes(all, { ...back, source }).did).toEqual(['reject 403']);
    expect(comes(all, { ...back, isHelpCallingBack: false }).did).toEqual(['reject 486']);
    expect(comes(all, back).did).toEqual(['accept']);
    all.clock.advance(3_600_000);
    expect(comes(all, back).did).not.toEqual(['accept']);
  });

  it('that was not called calls nobody back', async () => {
    const all = await benchWith({ calls: ['home'] });
    all.agent.startEmergency();
    const back = { name: 'sip:+82212345@example.net', isHelpCallingBack: true };
    expect(comes(all, back).did).toEqual(['reject 486']);
  });
});
