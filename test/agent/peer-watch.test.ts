import { describe, expect, it } from 'vitest';
import type { CallStatus } from '../../src/agent';
import { type Doubt, PeerWatch } from '../../src/agent/peer-watch';
import { STATUS_EXAMPLE } from '../../src/control';

const LIMIT_MS = 20_000;

interface Look {
  readonly state?: CallStatus['state'];
  readonly silentMs?: number;
  readonly unreachable?: number;
  readonly hasTimer?: boolean;
}

/** A call that was answered at 0, looked at as the monitor does. */
class Watched {
  readonly watch = new PeerWatch(LIMIT_MS, 0);

  look(at: number, { state = 'active', unreachable = 0, hasTimer = false, silentMs }: Look): Doubt {
    const audio = audioExample();
    const call: CallStatus = {
      call: 1,
      direction: 'incoming',
      state,
      remote: 'sip:phone@192.0.2.9',
      durationS: Math.floor(at / 1000),
      media: {
        ...(silentMs === undefined ? {} : { silentMs }),
        audio: { ...audio, sent: { ...audio.sent, unreachable } },
      },
    };
    return this.watch.look(call, hasTimer, at);
  }
}

function audioExample() {
  const audio = STATUS_EXAMPLE.calls[0]?.media?.audio;
  if (!audio) throw new Error('the example has no sound');
  return audio;
}

describe('a far end that falls silent', () => {
  it('is asked when nothing has come for the limit', () => {
    const call = new Watched();
    expect(call.look(60_000, { silentMs: LIMIT_MS - 1 })).toBe('none');
    expect(call.look(60_001, { silentMs: LIMIT_MS })).toBe('ask');
  });

  it('is asked when nothing ever came', () => {
    const call = new Watched();
    expect(call.look(LIMIT_MS - 1, {})).toBe('none');
    expect(call.look(LIMIT_MS, {})).toBe('ask');
  });

  it('is not asked twice at once, and again only the limit after its answer', () => {
    const call = new Watched();
    call.watch.asked(20_000);
    expect(call.look(40_000, {})).toBe('none');
    call.watch.answered(41_000);
    expect(call.look(60_999, {})).toBe('none');
    expect(call.look(61_000, {})).toBe('ask');
  });
});

describe('somebody who wants the line', () => {
  it('has it asked unless it is being asked or was proved within 5 s', () => {
    const { watch } = new Watched();
    expect(watch.isDoubtful(4999)).toBe(false);
    expect(watch.isDoubtful(5000)).toBe(true);
    watch.asked(5000);
    expect(watch.isDoubtful(20_000)).toBe(false);
    watch.answered(20_000);
    expect(watch.isDoubtful(24_999)).toBe(false);
    expect(watch.isDoubtful(25_000)).toBe(true);
  });
});

describe('ICMP errors', () => {
  it('have it asked sooner, and given up sooner', () => {
    const call = new Watched();
    expect(call.look(10_000, { silentMs: 4000, unreachable: 50 })).toBe('none');
    expect(call.look(11_000, { silentMs: 5000, unreachable: 100 })).toBe('ask');
    call.watch.asked(11_000);
    expect(call.look(20_999, { silentMs: 14_999, unreachable: 500 })).toBe('none');
    expect(call.look(21_000, { silentMs: 15_000, unreachable: 550 })).toBe('gone');
  });

  it('of its signalling port count alike, as long as they come', () => {
    const call = new Watched();
    call.watch.asked(20_000);
    call.watch.portClosed(22_000);
    expect(call.look(29_999, {})).toBe('none');
    expect(call.look(30_000, {})).toBe('none');
    call.watch.portClosed(30_500);
    expect(call.look(31_000, {})).toBe('gone');
  });

  it('end nothing that has been heard since the question', () => {
    const call = new Watched();
    call.watch.asked(20_000);
    call.watch.portClosed(30_500);
    expect(call.look(31_000, { silentMs: 10_999, unreachable: 50 })).toBe('none');
    expect(call.look(31_000, { silentMs: 11_000, unreachable: 60 })).toBe('gone');
  });

  it('of the past are no sign', () => {
    const call = new Watched();
    call.look(1000, { silentMs: 100, unreachable: 50 });
    expect(call.look(10_000, { silentMs: 6000, unreachable: 50 })).toBe('none');
    call.watch.asked(20_000);
    expect(call.look(40_000, { silentMs: 36_000, unreachable: 50 })).toBe('none');
  });

  it('while it is heard are no sign', () => {
    const call = new Watched();
    expect(call.look(10_000, { silentMs: 20, unreachable: 50 })).toBe('none');
  });
});

describe('a call on hold', () => {
  it('lives by its session timer: silence is right', () => {
    const call = new Watched();
    const held = { state: 'held', silentMs: 3_600_000, hasTimer: true } as const;
    expect(call.look(3_600_000, held)).toBe('none');
  });

  it('without a session timer is asked every 90 s', () => {
    const call = new Watched();
    const held = (silentMs: number) => ({ state: 'held', silentMs }) as const;
    expect(call.look(200_000, held(89_999))).toBe('none');
    expect(call.look(200_001, held(90_000))).toBe('ask');
    call.watch.answered(200_000);
    expect(call.look(289_000, held(180_000))).toBe('none');
  });
});
