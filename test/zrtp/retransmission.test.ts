import { describe, expect, it } from 'vitest';
import { type Pace, Retransmission, T1, T2 } from '../../src/zrtp/retransmission';
import { VirtualClock } from '../support/virtual-clock';

/** When a message is sent, and when it is given up, ms. */
function timesOf(pace: Pace): { readonly sent: number[]; readonly gaveUp: number } {
  const clock = new VirtualClock();
  const sent: number[] = [];
  let gaveUp = 0;
  const retransmission = new Retransmission(clock, () => sent.push(clock.now()));
  retransmission.start(Buffer.alloc(12), pace, () => {
    gaveUp = clock.now();
  });
  clock.advance(60_000);
  expect(retransmission.isUnderWay).toBe(false);
  return { sent, gaveUp };
}

describe('a message that nobody answers (RFC 6189 §6)', () => {
  it('as Hello comes 20 times more, 50 ms apart at first and 200 at most', () => {
    const { sent, gaveUp } = timesOf(T1);
    expect(sent.slice(0, 5)).toEqual([0, 50, 150, 350, 550]);
    expect(sent).toHaveLength(21);
    expect(gaveUp).toBe(sent[20] === undefined ? -1 : sent[20] + 200);
  });

  it('as any other comes 10 times more, 150 ms apart at first and 1.2 s at most', () => {
    const { sent, gaveUp } = timesOf(T2);
    expect(sent).toEqual([0, 150, 450, 1050, 2250, 3450, 4650, 5850, 7050, 8250, 9450]);
    expect(gaveUp).toBe(10_650);
  });
});
