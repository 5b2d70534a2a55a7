import { describe, expect, it } from 'vitest';
import type { CallStatus } from '../../src/agent';
import { Monitor } from '../../src/agent/monitor';
import { STATUS_EXAMPLE } from '../../src/control';
import { VirtualClock } from '../support/virtual-clock';

const [EXAMPLE] = STATUS_EXAMPLE.calls as readonly [CallStatus];

function watched() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const calls: CallStatus[] = [];
  const monitor = new Monitor(() => calls, clock, {
    onTick: () => told.push(`${clock.now()} tick`),
    onQuality: ({ call }) => told.push(`${clock.now()} quality ${call}`),
    onSilence: ({ call }, silent) =>
      told.push(`${clock.now()} ${silent ? 'silent' : 'heard'} ${call}`),
  });
  const set = (...now: { call: number; state?: CallStatus['state']; silentMs?: number }[]) => {
    calls.length = 0;
    for (const { call, state = 'active', silentMs = 0 } of now) {
      calls.push({ ...EXAMPLE, call, state, media: { silentMs } });
    }
  };
  const since = () => told.splice(0).filter((line) => !line.endsWith('tick'));
  return { clock, told, monitor, set, since };
}

describe('the monitor', () => {
  it('looks at the calls every second while there are any, and then rests', () => {
    const { clock, told, monitor, set } = watched();
    set({ call: 1, state: 'ringing' });
    monitor.wake();
    monitor.wake();
    clock.advance(3000);
    expect(told).toEqual(['1000 tick', '2000 tick', '3000 tick']);
    set();
    clock.advance(1000);
    expect(clock.pendingTimers).toBe(0);
    set({ call: 2, state: 'ringing' });
    monitor.wake();
    clock.advance(1000);
    expect(told.slice(3)).toEqual(['5000 tick']);
    monitor.stop();
    expect(clock.pendingTimers).toBe(0);
    monitor.wake();
    clock.advance(1000);
    expect(told.slice(4)).toEqual(['6000 tick']);
  });

  it('tells the quality of calls that talk, every five seconds', () => {
    const { clock, monitor, set, since } = watched();
    set({ call: 1 }, { call: 2, state: 'held' }, { call: 3 });
    monitor.wake();
    clock.advance(10_000);
    expect(since()).toEqual([
      ...['5000 quality 1', '5000 quality 3', '10000 quality 1', '10000 quality 3'],
    ]);
  });

  it('tells when a far end falls silent and when it is heard again, once each', () => {
    const { clock, monitor, set, since } = watched();
    set({ call: 1 }, { call: 2, silentMs: 9000 });
    monitor.wake();
    clock.advance(2000);
    expect(since()).toEqual(['1000 silent 2']);
    set({ call: 1, silentMs: 5000 }, { call: 2 });
    clock.advance(2000);
    expect(since()).toEqual(['3000 silent 1', '3000 heard 2']);
    // One that has gone is forgotten: its number tells nothing of another's silence.
    set({ call: 2, state: 'held' });
    clock.advance(500);
    clock.advance(500);
    set({ call: 1, silentMs: 6000 }, { call: 2, state: 'held' });
    clock.advance(1000);
    expect(since()).toEqual(['6000 silent 1']);
  });
});
