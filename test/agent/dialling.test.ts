// Shows RFC 3966.

import { describe, expect, it } from 'vitest';
import type { AgentOptions } from '../../src/agent';
import { NO_DIAL_PLAN } from '../../src/agent/dial-plan';
import { refusalOf } from './calls';
import { type Comer, phone, startedBench } from './fakes';

const account = { uri: 'sip:car@example.org', registrar: 'sip:192.0.2.1' };
const dialPlan = {
  ...NO_DIAL_PLAN,
  countryCode: '82',
  rules: [
    { prefix: '9', strip: 1 },
    { prefix: '1', strip: 1, add: '5' },
  ],
};
const ADDRESS = { address: '192.0.2.1', port: 5060 };

async function benchWith(options: Partial<AgentOptions> = {}) {
  const all = await startedBench({ account, dialPlan, ...options });
  await all.agent.phoneBook.takeIn([
    { name: 'Home', numbers: ['sip:home@example.org'], short: '1' },
    { name: 'Office', numbers: ['02-1234-5678', '1001'] },
    { name: 'Police', numbers: ['112'], short: '112' },
    { name: '119', numbers: ['sip:prank@example.org'] },
    { name: 'Workshop', numbers: ['sip:phone@192.0.2.9'] },
  ]);
  // Its calls come from there, and are the registrar's word.
  for (const registration of all.userAgent.registrations) registration.boundTo = [ADDRESS];
  return all;
}

const comes = (all: Awaited<ReturnType<typeof benchWith>>, from: Partial<Comer>) => {
  all.userAgent.ringUp(phone(), { calledUser: 'car', source: ADDRESS, ...from });
  return all.agent.status().calls.at(-1);
};

describe('what is dialled', () => {
  it.each([
    ['1', 'sip:home@example.org', 'Home', ['phone book: Home, sip:home@example.org']],
    ['home', 'sip:home@example.org', 'Home', ['phone book: Home, sip:home@example.org']],
    [
      'OFFICE',
      'sip:+82212345678@example.org',
      'Office',
      ['phone book: Office, 02-1234-5678', 'international form: +82212345678'],
    ],
    [
      '90212345678',
      'sip:+82212345678@example.org',
      'Office',
      ['rule for 9: without 1 digits: 0212345678', 'international form: +82212345678'],
    ],
    ['tel:+82-2-1234-5678', 'sip:+82212345678@example.org', 'Office', []],
    ['sip:9@other.example', 'sip:9@other.example', undefined, []],
    ['192.0.2.7', 'sip:192.0.2.7', undefined, []],
    ['bob', 'sip:bob@example.org', undefined, []],
  ])('%s calls %s', async (target, uri, contact, steps) => {
    const { agent, userAgent } = await benchWith();
    expect(agent.planOf(target)).toEqual({ uri, steps, ...(contact ? { contact } : {}) });
    agent.call(target);
    expect(userAgent.invited.at(-1)?.target).toBe(uri);
    expect(agent.status().calls[0]?.contact).toBe(contact);
  });

  it('is an emergency number before anything else, and then left alone', async () => {
    const all = await benchWith();
    for (const number of ['112', '119', '1-1-9'])
      expect(all.agent.planOf(number)).toEqual({
        uri: `sip:${number.replaceAll('-', '')}@example.org`,
        steps: ['an emergency number: never rewritten'],
      });
    // By a name, too.
    expect(all.agent.planOf('police').uri).toBe('sip:112@example.org');
    const own = await benchWith({ dialPlan: { ...dialPlan, emergencyNumbers: ['120'] } });
    expect(own.agent.planOf('120').uri).toBe('sip:120@example.org');
    expect(own.agent.planOf('911').uri).toBe('sip:11@example.org');
  });

  it('is texted to, handed over to and sent on to by name as well', async () => {
    const all = await benchWith({ policy: { autoAnswer: false, forward: { always: '1' } } });
    await all.agent.sendMessage('office', 'x');
    expect(all.userAgent.messages[0]?.target).toBe('sip:+82212345678@example.org');
    comes(all, { name: 'sip:bob@example.org' });
    expect(all.userAgent.sessions.at(-1)?.did).toEqual([
      'redirect sip:home@example.org unconditional',
    ]);
  });

  it('goes by another plan from the moment that it is configured', async () => {
    const { agent } = await benchWith();
    agent.reconfigure({ dialPlan: NO_DIAL_PLAN });
    expect(agent.planOf('90212345678').uri).toBe('sip:90212345678@example.org');
  });

  it('without an account is no address, if it is a number alone', async () => {
    const { agent } = await startedBench();
    expect(refusalOf(() => agent.call('sip:'))).toBe('bad-target');
  });
});

describe('who calls, by the phone book', () => {
  it.each([
    ['sip:home@example.org', 'Home'],
    ['sip:home@EXAMPLE.org', 'Home'],
    ['sip:+82212345678@gateway.example', 'Office'],
    ['sip:0212345678@gateway.example', 'Office'],
    ['sip:1001@example.org', 'Office'],
    ['sip:1001@gateway.example', undefined],
    ['sip:other@example.org', undefined],
  ])('%s is %s', async (name, contact) => {
    expect(comes(await benchWith(), { name })?.contact).toBe(contact);
  });

  it('is who the registrar says, not who he says', async () => {
    const all = await benchWith();
    all.agent.call('sip:home@example.org');
    const home = all.userAgent.sessions[0]?.remote;
    all.agent.hangup();
    const assertedIdentity = home ? { assertedIdentity: home } : {};
    const name = 'sip:anonymous@anonymous.invalid';
    expect(comes(all, { name, ...assertedIdentity })?.contact).toBe('Home');
  });

  it('is nobody known where it is not proved, unless he comes from where that one is', async () => {
    const options = { policy: { autoAnswer: false, directCalls: 'ring' } as const };
    const source = { address: '192.0.2.9', port: 5060 };
    const forged = comes(await benchWith(options), { name: 'sip:home@example.org', source });
    expect(forged?.state).toBe('incoming');
    expect(forged?.contact).toBeUndefined();
    const there = comes(await benchWith(options), { name: 'sip:phone@192.0.2.9', source });
    expect(there?.contact).toBe('Workshop');
  });

  it('is told in events and remembered, and found by that name', async () => {
    const all = await benchWith();
    const told: unknown[] = [];
    all.agent.events.on('call', ({ contact }) => told.push(contact));
    comes(all, { name: 'sip:home@example.org' });
    all.agent.reject();
    expect(told).toEqual(['Home', 'Home']);
    expect(all.agent.history({ search: 'home' })[0]?.contact).toBe('Home');
  });
});
