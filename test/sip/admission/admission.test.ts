import { describe, expect, it } from 'vitest';
import { Admission, MAX_MESSAGE_BYTES, SOURCE_RATES } from '../../../src/sip/admission';
import { peekCallId } from '../../../src/sip/admission/peek';
import { VirtualClock } from '../../support/virtual-clock';

const stranger = { address: '192.0.2.1', port: 5060 };
const forged = (i: number) => ({ address: `10.1.${(i >> 8) & 255}.${i & 255}`, port: 1024 + i });
const message = (method: string, callId: string, padding = 0) =>
  Buffer.from(
    `${method} sip:car@10.0.0.1 SIP/2.0\r\nCall-ID: ${callId}\r\nX: ${'x'.repeat(padding)}\r\n\r\n`,
  );

/** An admission that forged sources have used up. */
const flooded = () => {
  const clock = new VirtualClock();
  clock.advance(1_000_000);
  const admission = new Admission(clock, SOURCE_RATES);
  const flood = (count: number) => {
    let admitted = 0;
    for (let i = 0; i < count; i++) {
      const verdict = admission.judge(message('INVITE', `flood${clock.now()}-${i}`), forged(i));
      if (verdict !== 'drop') admitted++;
    }
    return admitted;
  };
  flood(5000);
  return { clock, admission, flood };
};

describe('what is let in during a flood', () => {
  it('what belongs to a call of ours, from any source', () => {
    const { admission } = flooded();
    admission.calls.add('ours');
    expect(admission.judge(message('BYE', 'ours'), stranger)).toBe('call-only');
    expect(admission.judge(message('BYE', 'theirs'), stranger)).toBe('drop');
    admission.calls.release('ours');
    expect(admission.judge(message('BYE', 'ours'), stranger)).toBe('drop');
  });

  it('but no flood in the name of a call', () => {
    const { admission } = flooded();
    admission.calls.add('ours');
    const verdicts = Array.from({ length: 1000 }, () =>
      admission.judge(message('OPTIONS', 'ours'), stranger),
    );
    expect(verdicts.filter((verdict) => verdict === 'call-only')).toHaveLength(100);
  });

  it('an INVITE that is repeated as a phone repeats it', () => {
    const { clock, admission, flood } = flooded();
    const invite = message('INVITE', 'real');
    expect(admission.judge(invite, stranger)).toBe('drop');
    // At once is no second try, and does not make a later one fail.
    expect(admission.judge(invite, stranger)).toBe('drop');
    clock.advance(500);
    flood(500);
    expect(admission.judge(invite, stranger)).toBe('granted');
  });

  it('an INVITE at once, when the flood comes from one socket', () => {
    const clock = new VirtualClock();
    const admission = new Admission(clock, SOURCE_RATES);
    for (let second = 0; second < 60; second++) {
      const verdicts = Array.from({ length: 160 }, (_, i) =>
        admission.judge(message('INVITE', `flood${second}-${i}`), forged(0)),
      );
      const granted = verdicts.filter((verdict) => verdict === 'granted').length;
      if (second > 0) expect(granted).toBeLessThanOrEqual(SOURCE_RATES.socketInvites.perSecond);
      expect(admission.judge(message('INVITE', `real${second}`), forged(1 + second))).toBe(
        'granted',
      );
      clock.advance(1000);
    }
  });

  it('one INVITE from each of many sockets, as an exchange of many lines opens its doors', () => {
    const admission = new Admission(new VirtualClock(), SOURCE_RATES);
    const verdicts = Array.from({ length: 100 }, (_, i) =>
      admission.judge(message('INVITE', `call${i}`), { address: stranger.address, port: 1024 + i }),
    );
    expect(verdicts.every((verdict) => verdict === 'granted')).toBe(true);
  });

  it('a flood that repeats itself gets no further than its rate', () => {
    const { clock, admission } = flooded();
    let admitted = 0;
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 1000; i++) {
        const verdict = admission.judge(message('INVITE', `same${i}`), forged(i));
        if (verdict !== 'drop') admitted++;
      }
      clock.advance(500);
    }
    // What all strangers are granted in that time, and twenty second tries a second.
    expect(admitted).toBeLessThanOrEqual(1.5 * SOURCE_RATES.invites.perSecond + 20 + 1.5 * 20);
  });

  it('and what is dropped is counted', () => {
    const { admission } = flooded();
    expect(admission.counters.limited).toBe(5000 - SOURCE_RATES.invites.burst);
  });
});

describe('what is too large', () => {
  it('is not read, and counted', () => {
    const admission = new Admission(new VirtualClock(), SOURCE_RATES);
    expect(admission.judge(message('INVITE', 'x', MAX_MESSAGE_BYTES), stranger)).toBe('oversized');
    expect(admission.judge(message('INVITE', 'x', MAX_MESSAGE_BYTES - 200), stranger)).toBe(
      'granted',
    );
    expect(admission.counters.oversized).toBe(1);
  });

  it('not even of a known call', () => {
    const { admission } = flooded();
    admission.calls.add('ours');
    expect(admission.judge(message('BYE', 'ours', MAX_MESSAGE_BYTES), stranger)).toBe('drop');
  });
});

describe('the Call-ID of what has not been read', () => {
  it.each([
    ['BYE sip:a SIP/2.0\r\nCall-ID: abc@host\r\n\r\n', 'abc@host'],
    ['BYE sip:a SIP/2.0\ncall-id:abc\n\n', 'abc'],
    ['BYE sip:a SIP/2.0\r\ni \t: abc \r\n\r\n', 'abc'],
    ['BYE sip:a SIP/2.0\r\nCall-ID:\r\n abc\r\n\r\n', undefined],
    ['BYE sip:a SIP/2.0\r\nX-Call-ID: abc\r\n\r\n', undefined],
    ['', undefined],
  ])('%j: %s', (text, callId) => {
    expect(peekCallId(Buffer.from(text))).toBe(callId);
  });
});
