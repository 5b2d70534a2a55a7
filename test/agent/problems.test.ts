import { describe, expect, it } from 'vitest';
import type { AgentStatus, CallStatus } from '../../src/agent';
import { type Expectations, findProblems, isSilent } from '../../src/agent/status';
import { STATUS_EXAMPLE } from '../../src/control';

type Engine = NonNullable<AgentStatus['engine']>;
type RegistrationStatus = NonNullable<AgentStatus['registration']>;

const WELL: AgentStatus = { ...STATUS_EXAMPLE, calls: [], problems: [] };
const ENGINE = STATUS_EXAMPLE.engine as Engine;
const REGISTRATION = STATUS_EXAMPLE.registration as RegistrationStatus;
const ALL: Expectations = { microphone: 'camera', speaker: 'camera', picture: true };
const [TALKING] = STATUS_EXAMPLE.calls as readonly [CallStatus];
type Video = NonNullable<NonNullable<CallStatus['media']>['video']>;

const problems = (status: Partial<AgentStatus>, wanted = ALL): string[] =>
  findProblems({ ...WELL, ...status }, wanted);
const engine = (parts: object): Partial<AgentStatus> => ({
  engine: { ...ENGINE, ...parts },
});
/** One for each account. */
const registrations = (...list: Partial<RegistrationStatus>[]): Partial<AgentStatus> => ({
  accounts: list.map((parts, place) => ({
    ...{ account: `car${place}`, uri: `sip:car${place}@example.org`, isDefault: place === 0 },
    ...{ doNotDisturb: false, autoAnswer: false },
    registration: { ...REGISTRATION, ...parts },
  })),
});
const call = (parts: Partial<CallStatus>): Partial<AgentStatus> => ({
  calls: [{ ...TALKING, call: 3, ...parts }],
});

describe('problems', () => {
  it('are none where all is well', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ ...call({ state: 'active' }) })).toEqual([]);
    const { registration: _, engine: __, ...early } = WELL;
    expect(findProblems(early, ALL)).toEqual([]);
  });

  it('come worst first: SIP, registration, camera, devices, calls', () => {
    const { microphone, speaker, camera } = ENGINE;
    expect(
      problems({
        sip: { ...WELL.sip, detail: 'port 5060 is taken' },
        ...registrations({ state: 'failed', detail: '403 Forbidden' }),
        ...engine({
          camera: { ...camera, hasAudio: false, hasVideo: false, hasSpeaker: false },
          microphone: { ...microphone, error: 'gone' },
          speaker: { ...speaker, error: 'busy' },
        }),
        ...call({ problems: ['no address for a.example', 'no address for b.example'] }),
      }),
    ).toEqual([
      'sip: port 5060 is taken',
      'registration: failed: 403 Forbidden',
      'camera: it sends a picture but no sound ("t app test rec av" on the RTOS adds it)',
      'camera: it sends sound but no picture',
      'camera: it takes no sound for its speaker (stream-in is not wired on the RTOS)',
      'microphone: gone',
      'speaker: busy',
      'call 3: no address for a.example',
      'call 3: no address for b.example',
    ]);
  });

  it('of a registration without a word from the registrar have none', () => {
    expect(problems(registrations({ state: 'trying', detail: '' }))).toEqual([
      'registration: trying',
    ]);
  });

  it('are only of what the agent was asked to have', () => {
    const { camera } = ENGINE;
    const bare = engine({
      camera: { ...camera, hasAudio: false, hasVideo: false, hasSpeaker: false },
    });
    expect(problems(bare, { microphone: 'null', speaker: 'null', picture: false })).toEqual([]);
    const idle = engine({ camera: { ...camera, state: 'idle', hasSpeaker: false } });
    expect(problems(idle)).toEqual(['camera: it answers but encodes nothing']);
  });
});

describe('problems of a call', () => {
  const silent = (silentMs?: number, durationS = 14): Partial<CallStatus> => ({
    durationS,
    media: { ...(silentMs === undefined ? {} : { silentMs }) },
  });

  it.each<[string, Partial<CallStatus>, string | undefined]>([
    ['a while', silent(4999), undefined],
    ['five seconds', silent(5000), 'for 5 s'],
    ['longer', silent(12_900), 'for 12 s'],
    ['ever, four seconds', silent(undefined, 4), undefined],
    ['ever, five seconds', silent(undefined, 5), 'since it was answered'],
  ])('nothing is heard for %s', (_case, parts, words) => {
    const expected =
      words === undefined ? [] : [`call 3: nothing has come from the far end ${words}`];
    expect(problems(call(parts))).toEqual(expected);
    expect(isSilent({ ...TALKING, ...parts })).toBe(words !== undefined);
    for (const state of ['held', 'ringing', 'incoming', 'ended'] as const) {
      expect(problems(call({ ...parts, state }))).toEqual([]);
    }
  });

  it('is not silent before it has media', () => {
    const { media: _, ...without } = TALKING;
    expect(isSilent({ ...without, durationS: 60 })).toBe(false);
  });

  const shown = (video: Partial<Video>): string[] =>
    problems(call({ media: { silentMs: 0, video: video as Video } }));

  it('pictures are too large for the far end, or too many', () => {
    expect(shown({ frames: 90, oversizeFrames: 0, limitedFrames: 0, maxBitrate: 1 })).toEqual([]);
    expect(shown({ limitedFrames: 4 })).toEqual([]);
    expect(shown({ frames: 90, oversizeFrames: 7, limitedFrames: 4, maxBitrate: 64_900 })).toEqual([
      'call 3: the far end asked for single NAL units (packetization-mode 0), and 7 of 90 pictures had slices larger than a packet: they went out in fragments, which it may not show; have the encoder make smaller slices, or the far end use mode 1',
      'call 3: 4 pictures left out: the far end takes 64 kbit/s at most; have the encoder make less',
    ]);
    expect(shown({ limitedFrames: 4, linkBitrate: 400_900 })).toEqual([
      'call 3: pictures are left out: the way to the far end takes 400 kbit/s now',
    ]);
  });
});
