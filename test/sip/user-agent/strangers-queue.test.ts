import { describe, expect, it } from 'vitest';
import { StrangersQueue } from '../../../src/sip/user-agent/strangers-queue';
import { VirtualClock } from '../../support/virtual-clock';

function queue() {
  const clock = new VirtualClock();
  const strangers = new StrangersQueue(clock);
  const done: string[] = [];
  const take = (name: string) =>
    strangers.take(
      () => done.push(`${clock.now()} ${name}`),
      () => done.push(`${clock.now()} ${name} later`),
    );
  return { clock, strangers, done, take };
}

describe('calls of strangers', () => {
  it('are taken at once, and one for each turn after that', () => {
    const { clock, done, take } = queue();
    expect([take('a'), take('b'), take('c')]).toEqual([true, true, true]);
    expect(done).toEqual(['0 a']);
    clock.advance(1);
    expect(done).toHaveLength(1);
    clock.advance(10);
    expect(done).toEqual(['0 a', '2 b later', '4 c later']);
    expect(clock.pendingTimers).toBe(0);
    expect(take('d')).toBe(true);
    expect(done.at(-1)).toBe('11 d');
  });

  it('wait in a queue of eight; who comes then has no room', () => {
    const { clock, done, take } = queue();
    take('first');
    const taken = Array.from({ length: 10 }, (_, index) => take(`${index}`));
    expect(taken).toEqual([...Array(8).fill(true), false, false]);
    clock.advance(2);
    expect([take('8'), take('9')]).toEqual([true, false]);
    clock.advance(100);
    expect(done.map((line) => line.split(' ')[1])).toEqual([
      ...['first', '0', '1', '2', '3', '4', '5', '6', '7', '8'],
    ]);
  });

  it('have their turn from the end of the work before', () => {
    const { clock, strangers, done } = queue();
    strangers.take(
      () => clock.pass(50),
      () => undefined,
    );
    strangers.take(
      () => undefined,
      () => done.push(`${clock.now()}`),
    );
    clock.advance(1);
    expect(done).toEqual([]);
    clock.advance(1);
    expect(done).toEqual(['52']);
  });

  it('go on behind one that fails', () => {
    const { clock, strangers, done, take } = queue();
    const fails = (): void => {
      throw new Error('a bug');
    };
    expect(() => strangers.take(fails, fails)).toThrow('a bug');
    take('next');
    clock.advance(2);
    expect(done).toEqual(['2 next later']);
  });

  it('are forgotten at the end', () => {
    const { clock, strangers, done, take } = queue();
    take('a');
    take('b');
    strangers.close();
    clock.advance(100);
    expect([done, clock.pendingTimers]).toEqual([['0 a'], 0]);
    queue().strangers.close();
  });
});
