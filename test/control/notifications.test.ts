import { describe, expect, it } from 'vitest';
import { COMMANDS, type Notification } from '../../src/control';
import { notify } from '../../src/control/notifications';
import { startedBench } from '../agent/fakes';
import { controlOf } from './fakes';

const ACCOUNT = { account: { uri: 'sip:car@example.org', registrar: 'sip:example.org' } };

describe('notifications', () => {
  it('tell what happened, in the words of the reference', async () => {
    const { agent, engine, userAgent } = await startedBench(ACCOUNT);
    const told: Notification[] = [];
    notify(agent, (notification) => told.push(notification));
    agent.events.emit('ready', 5);
    userAgent.registrations[0]?.become('registered', '', 300);
    engine.setCamera('idle');
    engine.events.emit('device', 'speaker', false, 'gone');
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.pickUp();
    engine.events.emit('dtmf', 1, '5', 160);
    agent.events.emit('stopping');
    const call = { call: 1, direction: 'outgoing', remote: 'sip:phone@192.0.2.9', durationS: 0 };
    expect(told).toEqual([
      { type: 'ready', param: { startToReadyMs: 5 } },
      {
        type: 'registration',
        param: expect.objectContaining({
          uri: 'sip:car@example.org',
          state: 'registered',
          expiresInS: 300,
        }),
      },
      { type: 'camera', param: { state: 'idle' } },
      { type: 'device', param: { device: 'speaker', open: false, error: 'gone' } },
      { type: 'call', param: expect.objectContaining({ ...call, state: 'dialing' }) },
      { type: 'call', param: expect.objectContaining({ ...call, state: 'active' }) },
      { type: 'dtmf', param: { call: 1, digit: '5', durationMs: 160, by: 'rtp' } },
      { type: 'stopping' },
    ]);
    for (const { param } of told) expect(param ?? {}).not.toHaveProperty('media');
    const watched = { account: 'car', kind: 'line', of: 'sip:200@example.org' } as const;
    agent.events.emit('watched', { ...watched, state: 'idle', calls: [] });
    expect(told.at(-1)).toEqual({
      type: 'watched',
      param: { ...watched, state: 'idle', calls: [] },
    });
  });
});

describe('the command network-changed', () => {
  it('has the agent register from where it is now', async () => {
    const all = await startedBench(ACCOUNT);
    const [command] = COMMANDS.filter(({ name }) => name === 'network-changed');
    const prepared = command?.prepare(undefined);
    if (!prepared || 'problems' in prepared) throw new Error('refused');
    expect(await prepared.run(controlOf(all))).toBeUndefined();
    expect(all.userAgent.registrations[0]?.refreshed).toBe(1);
  });
});
