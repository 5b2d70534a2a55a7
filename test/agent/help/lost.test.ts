// Shows RFC 6881.

import { afterEach, describe, expect, it } from 'vitest';
import type { EmergencySettings } from '../../../src/agent';
import { deadPort, type LostServer, lostServer, mappingTo, say } from '../../support/lost-server';
import { waitUntil } from '../../toolkit/process/wait';
import { type Bench, startedBench } from '../fakes';

const SOS = 'urn:service:sos';
const PSAP = 'sip:psap@example.net';
const HERE = { latitude: 48.1173, longitude: 11.5 };

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** An agent whose LoST server answers so. */
async function setUp(
  answer: LostServer['answer'] = (response) => say(response, mappingTo([PSAP])),
  { calls = [SOS], ...settings }: Partial<EmergencySettings> = {},
) {
  const lost = await lostServer(answer);
  endings.push(() => lost.close());
  const all = await startedBench({
    account: { uri: 'sip:car@example.org' },
    emergency: {
      ...{ calls, ringSeconds: 30, confirmSeconds: 20, rounds: 2, callBackMinutes: 60 },
      ...{ lost: lost.url, ...settings },
    },
  });
  endings.push(() => all.agent.stop());
  await all.agent.helpData.tell(HERE);
  return { ...all, lost };
}

const asked = ({ lost }: { readonly lost: LostServer }): string[] =>
  lost.asked.map(({ document }) => /<service>(.*)<\/service>/.exec(document)?.[1] ?? '');

/** Of the calls so far: whom, by whom, and whether the position went along. */
const called = ({ userAgent }: Bench) =>
  userAgent.invited.map(({ target, options }) => [
    target,
    options?.route,
    options?.enclosing !== undefined,
  ]);
const states = ({ agent }: Bench) => {
  const { emergency } = agent.status();
  return [emergency?.state, emergency?.to, emergency?.positionAgeS];
};

/** Calls for help, and waits until the call is out. */
async function callForHelp(all: Bench): Promise<void> {
  all.agent.startEmergency();
  await waitUntil('the call', () => all.userAgent.invited.length > 0);
}

describe('a call for help', () => {
  it('goes to who answers where the car is, with the position', async () => {
    const all = await setUp();
    await callForHelp(all);
    expect(called(all)).toEqual([[SOS, PSAP, true]]);
    expect(states(all)).toEqual(['calling', SOS, 0]);
  });

  it('goes out at once where that is known already', async () => {
    const all = await setUp();
    await waitUntil('the answer', () => all.agent.helpData.find(SOS) === undefined);
    all.agent.startEmergency();
    expect(called(all)).toEqual([[SOS, PSAP, true]]);
    expect(all.lost.asked).toHaveLength(1);
  });

  it.each<[string, LostServer['answer']]>([
    ['has nobody', (response) => response.destroy()],
    ['answers something else', (response) => say(response, '<html/>')],
    ['names nobody who is called', (response) => say(response, mappingTo(['xmpp:a@b']))],
  ])('goes out by the account’s server where LoST %s', async (_, answer) => {
    const all = await setUp(answer);
    await callForHelp(all);
    expect(called(all)).toEqual([[SOS, undefined, true]]);
  });

  it('waits for an answer for two seconds', async () => {
    const all = await setUp(() => undefined);
    all.agent.startEmergency();
    expect(states(all)).toEqual(['calling', SOS, undefined]);
    all.clock.advance(1999);
    await new Promise(setImmediate);
    expect(called(all)).toEqual([]);
    all.clock.advance(1);
    await new Promise(setImmediate);
    expect(called(all)).toEqual([[SOS, undefined, true]]);
  });

  it('that is cancelled meanwhile does not go out', async () => {
    const all = await setUp(() => undefined);
    all.agent.startEmergency();
    all.agent.cancelEmergency();
    all.clock.advance(2000);
    await new Promise(setImmediate);
    expect(called(all)).toEqual([]);
    expect(states(all)).toEqual(['cancelled', SOS, undefined]);
  });

  it.each<[string, (bench: Bench) => void]>([
    [
      'is not there',
      ({ userAgent }) => userAgent.sessions.at(-1)?.end({ by: 'network', status: 503, reason: '' }),
    ],
    [
      'does not take it',
      ({ userAgent }) => userAgent.sessions.at(-1)?.end({ by: 'remote', status: 403, reason: '' }),
    ],
    ['never says a word', ({ clock }) => clock.advance(30_000)],
  ])('goes out once more by the account’s server where who answers %s', async (_, fail) => {
    const all = await setUp();
    await callForHelp(all);
    fail(all);
    await waitUntil('another call', () => {
      all.clock.advance(100);
      return all.userAgent.invited.length > 1;
    });
    expect(called(all)).toEqual([
      [SOS, PSAP, true],
      [SOS, undefined, true],
    ]);
  });

  it('goes on to the next of the list where who answers is busy, or has rung', async () => {
    const calls = [SOS, '112'];
    for (const hasRung of [false, true]) {
      const all = await setUp(undefined, { calls });
      await callForHelp(all);
      const session = all.userAgent.sessions.at(-1);
      if (hasRung) session?.events.emit('progress', 180, 'Ringing');
      session?.end({ by: 'remote', status: hasRung ? 480 : 486, reason: '' });
      all.clock.advance(1000);
      expect(called(all).map(([target]) => target)).toEqual([SOS, 'sip:112@example.org']);
    }
  });

  it('by hand goes where it is known to go, too', async () => {
    const all = await setUp();
    await waitUntil('the answer', () => all.agent.helpData.find(SOS) === undefined);
    all.agent.call(SOS);
    all.userAgent.sessions.at(-1)?.end({ by: 'remote', status: 486, reason: '' });
    all.agent.call('sip:home@example.org');
    expect(called(all)).toEqual([
      [SOS, PSAP, true],
      ['sip:home@example.org', undefined, false],
    ]);
  });

  it('asks nobody about numbers, nor where the position is not known', async () => {
    const all = await setUp(undefined, { calls: ['112', SOS] });
    await waitUntil('the answer', () => all.agent.helpData.find(SOS) === undefined);
    all.agent.startEmergency();
    expect(called(all)).toEqual([['sip:112@example.org', undefined, false]]);
    expect(asked(all)).toEqual([SOS]);
  });

  it('of a car asks for what is called, by hand or by the car', async () => {
    const eCall = { vin: 'WM9VDSVDSYA123456', vehicleType: 'M1', propulsion: ['electric'] };
    const all = await setUp(undefined, { calls: ['urn:service:sos.ecall'], eCall });
    await waitUntil('the questions', () => all.lost.asked.length === 2);
    expect(asked(all).sort()).toEqual([`${SOS}.ecall.automatic`, `${SOS}.ecall.manual`]);
  });
});

describe('a LoST server that is not there', () => {
  it('is a problem before anybody needs it, until the configuration is another one', async () => {
    const dead = `http://127.0.0.1:${await deadPort()}/`;
    const all = await setUp(undefined, { lost: dead });
    const problem = await waitUntil('a problem', () =>
      all.agent.status().problems.find((words) => words.startsWith('emergency: LoST: ')),
    );
    expect(problem).toContain('ECONNREFUSED');
    all.agent.reconfigure({ emergency: { value: undefined } });
    await waitUntil('none', () => !all.agent.status().problems.includes(problem));
  });
});
