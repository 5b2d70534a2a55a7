import { describe, expect, it } from 'vitest';
import type { CameraReport, EngineFeatures, ProbedSpeaker, ProbedTrack } from '../../../src/media';
import { adviceOn } from '../../../src/probe/advice';
import type { ProbeFacts } from '../../../src/probe/report';
import { AUDIO, CAMERA, FIRST_HOUR, GOOD, SPEAKER, VIDEO } from '../support/facts';

const inShort = (facts: ProbeFacts): string[] =>
  adviceOn(facts).map(({ severity, found }) => `${severity}: ${found}`);

const withCamera = (changes: Partial<CameraReport>, interrupted = false): ProbeFacts => ({
  ...GOOD,
  camera: { state: 'examined', interrupted, ...CAMERA, ...changes },
});
const withAudio = (changes: Partial<ProbedTrack>): ProbeFacts =>
  withCamera({ tracks: [VIDEO, { ...AUDIO, ...changes }] });
const withVideo = (changes: Partial<ProbedTrack>): ProbeFacts =>
  withCamera({ tracks: [{ ...VIDEO, ...changes }, AUDIO] });
type Speaker = Extract<ProbedSpeaker, { present: true }>;
const speaker = (changes: Partial<Speaker>): ProbeFacts =>
  withCamera({ speaker: { ...SPEAKER, ...changes } });

describe('advice', () => {
  it('is empty where all is well', () => {
    expect(adviceOn(GOOD)).toEqual([]);
  });

  it('begins with the worst', () => {
    const order = adviceOn(FIRST_HOUR).map(({ severity }) => severity);
    const rank = { error: 0, warning: 1, note: 2 };
    expect(order.map((severity) => rank[severity])).toEqual(
      order.map((severity) => rank[severity]).sort((a, b) => a - b),
    );
  });

  it('says on a camera’s first hour what its makers had to find out', () => {
    expect(inShort(FIRST_HOUR)).toEqual([
      'error: the live stream has no sound',
      'error: the camera takes no sound for its speaker (stream-in)',
      'warning: the kernel prints a dump of registers for every system call that it does not know',
      'warning: there is no default route',
      'warning: /etc/resolv.conf names no server',
      'warning: another program has UDP 8778, probably the camera’s own command server',
      'note: AmbaRTSPServer uses NetFIFO too',
      'note: one processor core is online',
      'note: the kernel has no sound',
      'note: /pref is full',
      'note: the kernel has no IPv6',
      'note: the camera’s JSON server listens on TCP 7878',
    ]);
  });
});

describe('advice on the link', () => {
  const link = (changes: Partial<ProbeFacts>): string[] => inShort({ ...GOOD, ...changes });
  const features = (cameraLink: EngineFeatures['cameraLink']): ProbeFacts['runtime'] => ({
    ...GOOD.runtime,
    features: {
      cameraLink,
      alsa: true,
      aac: true,
      rtsp: true,
      still: true,
      codecs: [],
      srtp: true,
      libraries: {},
    },
  });
  const rtspServer: ProbeFacts['users'] = {
    ...GOOD.users,
    processes: [
      { pid: 5, name: 'AmbaRTSPServer', dashvoip: undefined, library: true, devices: [] },
    ],
  };
  const library = (changes: Partial<NonNullable<ProbeFacts['library']>>): ProbeFacts['library'] =>
    GOOD.library && { ...GOOD.library, ...changes };
  const refused: ProbeFacts['camera'] = {
    state: 'examined',
    interrupted: false,
    ...CAMERA,
    connected: false,
    error: 'no camera answers',
  };

  it.each<[string, Partial<ProbeFacts>, string[]]>([
    [
      'an addon that does not load',
      {
        runtime: { ...GOOD.runtime, features: undefined, error: 'no such file' },
        camera: { state: 'unknown', why: '' },
      },
      ['error: the media plane cannot be loaded'],
    ],
    [
      'a stand-in',
      { runtime: features('stand-in') },
      ['warning: this build talks to the stand-in, not to a camera'],
    ],
    ['no link', { runtime: features('none') }, ['error: this build has no NetFIFO']],
    [
      'a direct library',
      { library: library({ style: 'direct' }) },
      ['note: libnetfifo is the DIRECT build'],
    ],
    [
      'a daemon',
      { library: library({ style: 'daemon' }) },
      ['note: libnetfifo works by AmbaNetFifoDaemon'],
    ],
    [
      'missing calls',
      { library: library({ missing: ['AmbaNetFifo_X'] }) },
      ['error: libnetfifo has no AmbaNetFifo_X'],
    ],
    [
      'a damaged library',
      { library: library({ error: 'cut short' }) },
      ['warning: /usr/lib/libnetfifo.so: cut short'],
    ],
    [
      'the vendor’s daemon, which is no rival',
      {
        users: {
          ...GOOD.users,
          processes: [
            { pid: 4, name: 'AmbaNetFifoDaem', dashvoip: undefined, library: true, devices: [] },
          ],
        },
      },
      [],
    ],
    ['a server that shares', { users: rtspServer }, ['note: AmbaRTSPServer uses NetFIFO too']],
    [
      'a server that does not',
      { users: rtspServer, camera: refused },
      [
        'error: AmbaRTSPServer uses NetFIFO too',
        'error: the camera does not answer: no camera answers',
      ],
    ],
    [
      'a server that cannot share',
      { users: rtspServer, library: library({ style: 'direct' }) },
      ['error: AmbaRTSPServer uses NetFIFO too', 'note: libnetfifo is the DIRECT build'],
    ],
    [
      'processes that are closed to us',
      { users: { ...GOOD.users, closed: 9 } },
      ['note: processes of other users (9) could not be looked into'],
    ],
    [
      'an agent',
      { camera: { state: 'taken', by: 'dashvoip run (process 7)' } },
      ['note: dashvoip run (process 7) has the camera'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(link(changes)).toEqual(expected);
  });

  it('tells where the camera hangs, unless we went away', () => {
    const hanging = { done: false, stage: 'reading the live stream' };
    expect(inShort(withCamera(hanging))).toEqual([
      'error: the camera did not answer while reading the live stream',
    ]);
    expect(inShort(withCamera(hanging, true))).toEqual([]);
  });
});

describe('advice on the camera', () => {
  it.each<[string, ProbeFacts, string[]]>([
    ['no tracks', withCamera({ tracks: [] }), ['error: the camera encodes nothing']],
    ['no sound', withCamera({ tracks: [VIDEO] }), ['error: the live stream has no sound']],
    ['no picture', withCamera({ tracks: [AUDIO] }), ['warning: the live stream has no picture']],
    ['AAC', withAudio({ codec: 'AAC' }), ['note: the sound is AAC']],
    ['Opus', withAudio({ codec: 'OPUS', mediaId: 39 }), ['error: the sound is OPUS (media id 39)']],
    [
      'H.265',
      withVideo({ codec: 'H265', mediaId: 4 }),
      ['error: the picture is H265 (media id 4)'],
    ],
    [
      'no frames',
      withAudio({ frames: 0, watchedS: 0, copiedS: 0 }),
      ['error: the audio track gave no frame'],
    ],
    [
      'another limit',
      withVideo({ outsideRing: 3 }),
      ['error: 3 of 360 video frames lie outside the ring'],
    ],
    [
      'lost pictures',
      withVideo({ sequenceGaps: 2 }),
      ['warning: video frames were missing twice beside 360 that came'],
    ],
    [
      'lost sound',
      withAudio({ sequenceGaps: 2 }),
      ['warning: audio frames were missing twice beside 560 that came'],
    ],
    [
      'constant numbers',
      withAudio({ sequenceGaps: 559 }),
      ['note: numbers of sound frames cannot be trusted'],
    ],
    ['jumps', withVideo({ ptsJumps: 1 }), ['note: time stamps of the video jumped once']],
    [
      'a slow ring',
      withVideo({ copiedS: 1.2 }),
      ['warning: copying the video takes 10 % of the time'],
    ],
    ['a long group', withVideo({ gop: 150 }), ['warning: a key frame comes every 5.0 s']],
    ['a high rate', withVideo({ bytes: 12_000_000 }), ['warning: the picture takes 8.0 Mbit/s']],
    [
      'what is unsaid',
      withAudio({ toldTimescale: 0, toldChannels: 0 }),
      [
        'note: the sound’s track does not say its time scale (90000 was assumed) and its channels (2 were assumed)',
      ],
    ],
    [
      'a clock that runs away',
      withAudio({ clock: { seconds: 60, driftPpm: -900, spreadUs: 500 } }),
      ['warning: the audio has a clock that is 900 ppm too slow'],
    ],
    [
      'a clock not measured well enough',
      withAudio({ clock: { seconds: 2, driftPpm: -900, spreadUs: 4000 } }),
      [],
    ],
    [
      'no stream-in',
      withCamera({ speaker: { present: false } }),
      ['error: the camera takes no sound for its speaker (stream-in)'],
    ],
    [
      'a speaker that does not play',
      speaker({ error: 'no room' }),
      ['error: the speaker: no room'],
    ],
    [
      'half duplex',
      speaker({ microphoneFrames: 0 }),
      ['warning: no sound came from the microphone while the speaker played'],
    ],
    [
      'a fast speaker',
      speaker({ clock: { seconds: 6, driftPpm: 4000, spreadUs: 500 } }),
      ['warning: the speaker has a clock that is 4000 ppm too fast'],
    ],
    [
      'an end in between',
      withCamera({ error: 'the camera ended its stream while it was watched' }),
      ['warning: the camera ended its stream while it was watched'],
    ],
  ])('%s', (_, facts, expected) => {
    expect(inShort(facts)).toEqual(expected);
  });

  it('does not take our own look at a full queue for loss', () => {
    const overflow = { ...CAMERA.overflow, drops: 'newest' } as const;
    const tracks = [VIDEO, { ...AUDIO, sequenceGaps: 1 }];
    expect(inShort(withCamera({ overflow, tracks }))).toEqual([
      'warning: a full queue drops the newest frames',
    ]);
  });

  it('tells of queues that were not filled, or are short', () => {
    const overflow = { ...CAMERA.overflow, totalEntries: 32, heldEntries: 12 };
    expect(inShort(withCamera({ overflow: { ...overflow, drops: 'not-reached' } }))).toEqual([
      'warning: a queue holds 32 entries',
      'note: what a full queue drops was not seen: 12 of 32 entries filled up',
    ]);
  });

  it('adds up what the calls cost', () => {
    const latency = { count: 900, minUs: 100, medianUs: 2000, maxUs: 300_000 };
    const rpc = { trackTable: latency, peek: latency, remove: latency };
    expect(inShort(withCamera({ rpc }))).toEqual([
      'warning: a frame costs 4.0 ms of calls to the RTOS, 31 % of the time',
      'warning: one call to the RTOS took 300 ms',
    ]);
  });
});

describe('advice on machine and network', () => {
  it.each<[string, Partial<ProbeFacts>, string[]]>([
    [
      'little memory',
      { memory: { ...GOOD.memory, availableKb: 20_480 } },
      ['warning: 20 MB of memory are available'],
    ],
    [
      'no real-time priority',
      { priority: { ...GOOD.priority, realtime: false } },
      ['warning: this user may not have real-time priority'],
    ],
    [
      'unseeded randomness',
      { randomness: { ready: false, entropyBits: 12, poolBits: 4096, hardware: undefined } },
      ['error: random numbers are not seeded (12 bits, no hardware generator)'],
    ],
    [
      'a loopback card',
      { sound: { ...GOOD.sound, cards: [{ number: 0, id: 'Loopback', driver: 'Loopback' }] } },
      ['note: snd-aloop is loaded'],
    ],
    [
      'no address',
      { network: { ...GOOD.network, interfaces: [], routes: [], nameServers: [] } },
      ['warning: no network interface has an IPv4 address'],
    ],
    [
      'another phone',
      { network: { ...GOOD.network, udpPorts: [5060] } },
      ['warning: another program has UDP 5060'],
    ],
    [
      'our own agent',
      {
        network: { ...GOOD.network, udpPorts: [5060, 8778] },
        users: {
          ...GOOD.users,
          processes: [{ pid: 7, name: 'node', dashvoip: 'run', library: true, devices: [] }],
        },
      },
      [],
    ],
  ])('%s', (_, changes, expected) => {
    expect(inShort({ ...GOOD, ...changes })).toEqual(expected);
  });
});
