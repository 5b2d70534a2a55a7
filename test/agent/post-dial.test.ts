import { describe, expect, it } from 'vitest';
import { splitPostDial } from '../../src/agent/post-dial';
import { Log } from '../../src/platform';
import { phone, startedBench } from './fakes';

const account = { uri: 'sip:car@example.org', registrar: 'sip:192.0.2.1' };
const WITH_EVENTS = phone()
  .replace('RTP/AVP 8', 'RTP/AVP 8 101')
  .replace('a=sendrecv', 'a=rtpmap:101 telephone-event/8000');

async function dialling(target: string, answer = WITH_EVENTS) {
  const logged: string[] = [];
  const log = new Log(
    'info',
    (line) => logged.push(line),
    () => new Date(0),
  ).logger('agent');
  const all = await startedBench({ account }, { log });
  await all.agent.phoneBook.takeIn([
    { name: 'Room', numbers: ['sip:room@example.org,,1234#'], short: '7' },
    { name: 'Kim,1', numbers: ['sip:kim@example.org'] },
  ]);
  all.agent.call(target);
  const [session] = all.userAgent.sessions;
  if (!session) throw new Error('nobody was called');
  const pressed = (): readonly string[] => all.engine.sessions[0]?.dtmf ?? [];
  return { ...all, logged, session, pressed, pickUp: () => session.pickUp(answer) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what is dialled', () => {
  it.each([
    ['sip:room@example.org,,1234#', 'sip:room@example.org', ',,1234#'],
    ['02-123,1,,2', '02-123', ',1,,2'],
    [' room,a*D ', 'room', ',a*D'],
    [`1,${'2'.repeat(63)}`, '1', `,${'2'.repeat(63)}`],
  ])('%s is called without what follows', (dialled, number, keys) => {
    expect(splitPostDial(dialled)).toEqual({ number, keys });
  });

  it.each([
    'sip:room@example.org',
    'sip:a,1@example.org',
    'Kim, M',
    'room,',
    'room,,12e',
    ',,1234#',
    `1,${'2'.repeat(64)}`,
  ])('%s is all there is', (dialled) => {
    expect(splitPostDial(dialled)).toEqual({ number: dialled, keys: '' });
  });

  it.each([
    ['room', 'sip:room@example.org', ',,1234#'],
    ['7,,1', 'sip:room@example.org', ',,1234#,,1'],
    ['kim,1', 'sip:kim@example.org', undefined],
    ['112,5', 'sip:112@example.org', ',5'],
    ['02-1,5', 'sip:021@example.org', ',5'],
  ])('%s calls %s, then %s', async (dialled, uri, keys) => {
    const { agent, userAgent } = await dialling(dialled);
    const plan = agent.planOf(dialled);
    expect([plan.uri, plan.keys]).toEqual([uri, keys]);
    expect(userAgent.invited[0]?.target).toBe(uri);
    const last = `after the answer: ${keys} (a comma is a pause of 2 s)`;
    expect(plan.steps.includes(last)).toBe(keys !== undefined);
  });

  it('is known by its name when it calls, whatever follows its number', async () => {
    const { agent } = await dialling('room');
    expect(agent.status().calls).toMatchObject([
      { contact: 'Room', remote: 'sip:room@example.org' },
    ]);
  });
});

describe('keys after the answer', () => {
  it('are pressed a pause of 2 s for each comma after it, group by group', async () => {
    const { clock, pickUp, pressed } = await dialling('sip:room@example.org,,1234#,5');
    clock.advance(10_000);
    pickUp();
    clock.advance(3999);
    expect(pressed()).toEqual([]);
    clock.advance(1);
    expect(pressed()).toEqual(['1234#']);
    await settled();
    // Five keys are under way for a second.
    clock.advance(2999);
    expect(pressed()).toEqual(['1234#']);
    clock.advance(1);
    expect(pressed()).toEqual(['1234#', '5']);
    await settled();
    clock.advance(60_000);
    expect(pressed()).toHaveLength(2);
  });

  it('go by INFO to a far end without events', async () => {
    const { clock, pickUp, session } = await dialling('sip:room@example.org,1,2', phone());
    pickUp();
    clock.advance(2000);
    await settled();
    expect(session.did).toEqual(['key 1 100']);
    await settled();
    clock.advance(2000);
    await settled();
    expect(session.did).toEqual(['key 1 100', 'key 2 100']);
  });

  it('end with the call', async () => {
    const { agent, clock, pickUp, pressed } = await dialling('sip:room@example.org,,1');
    pickUp();
    agent.hangup();
    clock.advance(60_000);
    expect(pressed()).toEqual([]);
  });

  it('that cannot be pressed cost neither the call nor anything but themselves, and are told without what they are', async () => {
    const { agent, clock, logged, pickUp, session } = await dialling(
      'sip:room@example.org,1234#,5',
      phone(),
    );
    session.takesKeys = false;
    pickUp();
    clock.advance(2000);
    await settled();
    expect(agent.status().calls).toMatchObject([{ state: 'active' }]);
    const lines = logged.filter((line) => line.includes('keys after the answer'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the far end takes no keys');
    expect(lines[0]).not.toContain('1234');
  });
});
