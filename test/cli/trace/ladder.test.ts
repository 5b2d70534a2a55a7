import { describe, expect, it } from 'vitest';
import { paletteOf } from '../../../src/cli/screen';
import { ladder } from '../../../src/cli/trace/ladder';
import type { TraceReply } from '../../../src/control';

const PLAIN = paletteOf({ isTTY: false });
const COLOURED = paletteOf({ isTTY: true }, { TERM: 'xterm' });
type Dialog = TraceReply['dialogs'][number];
type Message = Dialog['messages'][number];

const NONE = { call: 0, registration: 0, other: 0 };
const US = '192.0.2.1:5060';
const THEM = '192.0.2.7:5060';

function message(
  direction: 'in' | 'out',
  ms: number,
  summary: string,
  more: Partial<Message> = {},
): Message {
  return {
    number: ms + 1,
    at: new Date(Date.UTC(2026, 10, 23, 5, 36, 28, 55) + ms).toISOString(),
    direction,
    ...(direction === 'in' ? { from: THEM, to: US } : { from: US, to: THEM }),
    transport: 'UDP',
    summary,
    octets: 400,
    ...more,
  };
}

const CALL: Dialog = {
  callId: 'abc@192.0.2.1',
  call: 2,
  kind: 'call',
  messages: [
    message('out', 0, 'INVITE sip:home@example.org'),
    message('in', 12, '100 Trying (INVITE)'),
    message('in', 4012, '486 Busy Here (INVITE)'),
    message('out', 4013, 'ACK sip:home@example.org'),
    message('out', 700_000, 'OPTIONS sip:home@example.org'),
  ],
};

const drawn = (...dialogs: Dialog[]) => ladder({ dialogs, dropped: NONE }, PLAIN);

describe('a ladder', () => {
  it('has an arrow for each message, its words, and the time between', () => {
    expect(drawn(CALL).split('\n')).toEqual([
      'call 2, 2026-11-23, Call-ID abc@192.0.2.1',
      '             192.0.2.1:5060                                    192.0.2.7:5060',
      '05:36:28.055 |-- INVITE sip:home@example.org ------------------------------>|',
      '      +12 ms |<-------------------------------------- 100 Trying (INVITE) --|',
      '    +4.000 s |<----------------------------------- 486 Busy Here (INVITE) --|',
      '       +1 ms |-- ACK sip:home@example.org --------------------------------->|',
      '     +12 min |-- OPTIONS sip:home@example.org ----------------------------->|',
    ]);
  });

  it('fits into 80 columns, whatever is in it', () => {
    const long = 'x'.repeat(300);
    const address = '[2001:db8:1111:2222:3333:4444:5555:6666]:65535';
    const odd = { ...CALL, callId: long, messages: [message('in', 0, `INVITE sip:${long}`)] };
    for (const line of drawn(odd).split('\n')) expect(line.length).toBeLessThan(80);
    const wide = drawn({ ...CALL, messages: [message('in', 0, 'BYE', { from: address })] });
    expect(wide).toMatch(/^ {13}192\.0\.2\.1:5060 +\[2001:db8:1111:[\d:]+\]:65535$/m);
  });

  it('names the ends anew where they change, and a stream', () => {
    const text = drawn({
      ...CALL,
      messages: [
        message('out', 0, 'INVITE sip:a@b'),
        message('out', 1, 'INVITE sip:a@b', { to: '192.0.2.8:5060' }),
        message('in', 2, '200 OK (INVITE)', { from: '192.0.2.8:5060', transport: 'TCP' }),
      ],
    });
    expect(text.match(/^ {13}192.*$/gm)).toEqual([
      expect.stringMatching(/192\.0\.2\.1:5060 +192\.0\.2\.7:5060$/),
      expect.stringMatching(/192\.0\.2\.1:5060 +192\.0\.2\.8:5060$/),
      expect.stringMatching(/192\.0\.2\.1:5060 + TCP 192\.0\.2\.8:5060$/),
    ]);
  });

  it('says what it is of, where there is nothing, and what gave way', () => {
    const registration: Dialog = { callId: 'r', kind: 'registration', messages: [] };
    expect(drawn(registration)).toMatch(/^registration, /);
    expect(drawn({ ...registration, kind: 'other' })).toMatch(/^stranger, /);
    expect(drawn({ callId: 'c', kind: 'call', messages: [] })).toMatch(/^call, /);
    expect(drawn()).toBe('no messages');
    const dropped = { call: 3, registration: 0, other: 40 };
    expect(ladder({ dialogs: [], dropped }, PLAIN)).toMatch(
      /older messages gave way: 3 of calls, 40 of strangers$/,
    );
  });

  it('shows messages themselves when they are there, and never moves the cursor', () => {
    const text = drawn({
      callId: 'a\x1b[2Jb',
      kind: 'call',
      messages: [
        message('in', 0, 'BYE\x1b[1m', { text: 'BYE sip:a SIP/2.0\r\nX: \x1b[31m\r\n\r\n' }),
      ],
    });
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    expect(text.split('\n').slice(-2)).toEqual([
      '             | BYE sip:a SIP/2.0',
      '             | X: .[31m',
    ]);
  });

  it('sets off what was refused, where colours are welcome', () => {
    const text = ladder({ dialogs: [CALL], dropped: NONE }, COLOURED);
    expect(text).toContain('\x1b[31m486 Busy Here (INVITE)\x1b[0m');
    expect(text).not.toContain('\x1b[31m100');
    // The same but for the colours.
    expect(text.replace(/\x1b\[\d+m/g, '')).toBe(drawn(CALL));
  });
});

describe('colours', () => {
  it.each([
    [true, { TERM: 'xterm' }, true],
    [true, { TERM: 'vt100', NO_COLOR: '' }, true],
    [true, { TERM: 'xterm', NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [true, {}, false],
    [false, { TERM: 'xterm' }, false],
  ])(
    'are used on a terminal that has them, unless NO_COLOR forbids it: %j %j',
    (isTTY, environment, are) => {
      expect(paletteOf({ isTTY }, environment).red('x') !== 'x').toBe(are);
    },
  );
});
