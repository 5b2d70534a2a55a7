import { describe, expect, it } from 'vitest';
import { glyphsOf, type Line } from '../../../src/cli/screen';
import { CallCurves } from '../../../src/cli/watch/call-curves';
import { dashboard } from '../../../src/cli/watch/dashboard';
import { STATUS_EXAMPLE, type StatusReply } from '../../../src/control';

const NOW = new Date(Date.UTC(2026, 10, 23, 5, 36, 28));
const BLOCKS = glyphsOf({ LANG: 'C.UTF-8' });
const CALL = STATUS_EXAMPLE.calls[0] ?? fail();
const media = CALL.media ?? fail();
const audio = media.audio ?? fail();

function fail(): never {
  throw new Error('the example has no call');
}

const textOf = (line: Line): string => line.map(({ text }) => text).join('');

/** The example's call after some seconds, of which so many packets were lost in each. */
function talking(losses: readonly number[], changes: Partial<typeof audio> = {}) {
  const curves = new CallCurves();
  let status: StatusReply = STATUS_EXAMPLE;
  let [lost, packets] = [0, 0];
  for (const more of losses) {
    lost += more;
    packets += 50 - more;
    const received = { ...audio.received, lost, packets };
    const call = { ...CALL, media: { ...media, audio: { ...audio, ...changes, received } } };
    status = { ...STATUS_EXAMPLE, calls: [call] };
    curves.look(status);
  }
  return { status, curves };
}

function shown(
  { status, curves }: { status: StatusReply; curves: CallCurves },
  events: readonly string[] = [],
  size = { columns: 80, rows: 24 },
): string[] {
  return dashboard({ status, curves, events, now: NOW }, size, BLOCKS).map((line) =>
    textOf(line).trimEnd(),
  );
}

describe('the dashboard', () => {
  it('shows what there is to know on 80 columns and 24 rows', () => {
    const lines = shown(talking([0, 0, 5, 0]), ['05:36:20  camera: state streaming']);
    expect(lines).toHaveLength(24);
    expect(lines.slice(0, 19)).toEqual([
      `dashvoip ${STATUS_EXAMPLE.version}  up 1:00:01  auto-answer${' '.repeat(28)}05:36:28 UTC`,
      'registration  sip:car@example.org at sip:example.org, for 241 s more',
      'camera        streaming, 1076 frames, 0 lost',
      'microphone    camera, open, 40 ms queued',
      'speaker       camera, open, 32 ms queued',
      '',
      'call 2: active 0:14, to sip:home@example.org',
      '  MOS              4.36  ████',
      '  loss            2.5 %   ▁█▁',
      '  jitter         1.4 ms  ▁▁▁▁',
      '  delay          162 ms  ▇▇▇▇',
      '  microphone     -25 dB  ▆▆▆▆',
      '  far end        -21 dB  ▆▆▆▆',
      '  PCMA sendrecv, 702 packets out, 195 in; H264 sendonly, 1934 kbit/s',
      '  encryption: AEAD_AES_128_GCM, keys by SDES over TLS',
      '',
      'events',
      '05:36:20  camera: state streaming',
      '',
    ]);
    expect(lines[23]).toBe(' q quit  a answer  h hang up');
  });

  it('gives curves and events the room that a larger terminal has', () => {
    const losses = Array.from({ length: 150 }, () => 1);
    const events = Array.from({ length: 60 }, (_, number) => `event ${number}`);
    const lines = shown(talking(losses), events, { columns: 120, rows: 40 });
    expect(lines).toHaveLength(40);
    expect(lines[7]?.length).toBeGreaterThan(115);
    expect(lines[7]?.length).toBeLessThanOrEqual(120);
    expect(lines.filter((line) => line.startsWith('event '))).toHaveLength(22);
    expect(lines).toContain('event 59');
  });

  it('shows every call, the first ones whole, and keeps room for events', () => {
    const { status, curves } = talking([0]);
    const calls = [1, 2, 3, 4].map((call) => ({ ...status.calls[0], call }));
    const many = { ...status, calls: calls as unknown as StatusReply['calls'] };
    const lines = shown({ status: many, curves }, ['something happened']);
    expect(lines.filter((line) => /^call \d: /.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /^[234] active/.test(line))).toHaveLength(3);
    expect(lines).toContain('something happened');
    expect(shown({ status: many, curves }, [], { columns: 80, rows: 60 }).join('\n')).toMatch(
      /call 1: [\s\S]*call 2: [\s\S]*call 3: [\s\S]*call 4: /,
    );
  });

  it('shows the last calls while there is none, and what is wrong in red', () => {
    const problems = ['sip: port taken', 'b', 'c', 'd', 'e'];
    const status = { ...STATUS_EXAMPLE, calls: [], problems };
    const picture = { status, curves: new CallCurves(), events: [], now: NOW };
    const lines = dashboard(picture, { columns: 80, rows: 24 }, BLOCKS);
    const wrong = lines.filter((line) => line.some(({ style }) => style === 'red'));
    expect(wrong.map(textOf)).toEqual(['! sip: port taken', '! b', '! c']);
    const text = lines.map(textOf).join('\n');
    expect(text).toContain('and 2 more: dashvoip status');
    expect(text).toMatch(/no call\n\nlast calls\n {2}2026-11-23 05:36/);
  });

  it.each([
    ['mos', { mos: 4.2 }, 'plain'],
    ['mos', { mos: 3.5 }, 'yellow'],
    ['mos', { mos: 2 }, 'red'],
    ['delay', { mos: 4.2, delayMs: 350 }, 'yellow'],
    ['delay', { mos: 4.2, delayMs: 500 }, 'red'],
  ])('judges a value: %s %j', (_, changes, style) => {
    const { status, curves } = talking([0], changes);
    const lines = dashboard(
      { status, curves, events: [], now: NOW },
      { columns: 80, rows: 24 },
      BLOCKS,
    );
    const values = lines.slice(7, 11).flatMap((line) => line[1]?.style ?? []);
    expect(values.filter((found) => found !== 'plain')).toEqual(style === 'plain' ? [] : [style]);
  });

  it('fits into the smallest terminal, and knows what is not there yet', () => {
    const { engine: _, ...rest } = STATUS_EXAMPLE;
    const status = {
      ...rest,
      accounts: [],
      calls: [{ ...CALL, media: undefined }],
    } as unknown as StatusReply;
    for (const rows of [1, 2, 5, 10]) {
      expect(
        shown({ status, curves: new CallCurves() }, ['x'], { columns: 20, rows }),
      ).toHaveLength(rows);
    }
    const text = shown({ status, curves: new CallCurves() }).join('\n');
    expect(text).toContain('media         not up yet');
    expect(text).toContain('registration  none: called by address');
    expect(text).toContain('no media yet');
    expect(text).toMatch(/MOS +\?/);
  });
});

describe('the curves of calls', () => {
  it('forget a call that has ended, and old samples', () => {
    const { curves } = talking(Array.from({ length: 500 }, () => 0));
    expect(curves.of(2).mos).toHaveLength(240);
    curves.look({ ...STATUS_EXAMPLE, calls: [] });
    expect(curves.of(2).mos).toEqual([]);
  });

  it('have the loss of each second, not of the whole call', () => {
    const { curves } = talking([0, 25, 50, 0]);
    expect(curves.of(2).loss).toEqual([undefined, 50, 100, 0]);
  });
});
