import type { CameraReport, ProbedSpeaker, ProbedTrack } from '../../../src/media';
import { kernelFacts } from '../../../src/probe/readers/kernel';
import { memoryFacts } from '../../../src/probe/readers/memory';
import { networkFacts } from '../../../src/probe/readers/network';
import { priorityFacts } from '../../../src/probe/readers/priority';
import { randomnessFacts } from '../../../src/probe/readers/randomness';
import { soundFacts } from '../../../src/probe/readers/sound';
import { storageFacts } from '../../../src/probe/readers/storage';
import { userFacts } from '../../../src/probe/readers/users';
import type { ProbeFacts } from '../../../src/probe/report';
import { FakeMachine } from './fake-machine';
import { H22 } from './h22';

const clock = { seconds: 12, driftPpm: 20, spreadUs: 400 };

export const VIDEO: ProbedTrack = {
  kind: 'video',
  codec: 'H264',
  mediaId: 2,
  timescale: 60_000,
  ticksPerFrame: 2000,
  initDelayMs: 0,
  width: 1280,
  height: 720,
  gop: 30,
  id: 0,
  toldTimescale: 60_000,
  ringBytes: 4 << 20,
  frames: 360,
  bytes: 3_000_000,
  largestFrame: 60_000,
  keyFrames: 12,
  nalTypes: [1, 5, 7, 8, 9, 26],
  wraps: 1,
  outsideRing: 0,
  copiedBytes: 3_000_000,
  copiedS: 0.1,
  sequenceGaps: 0,
  ptsJumps: 0,
  watchedS: 12,
  ptsOriginS: 100,
  clock,
};

export const AUDIO: ProbedTrack = {
  kind: 'audio',
  codec: 'PCM',
  mediaId: 0x22,
  timescale: 60_000,
  ticksPerFrame: 1280,
  initDelayMs: 0,
  sampleRate: 48_000,
  channels: 2,
  bits: 16,
  id: 1,
  toldTimescale: 60_000,
  toldChannels: 2,
  ringBytes: 1 << 20,
  frames: 560,
  bytes: 2_293_760,
  largestFrame: 4096,
  wraps: 2,
  outsideRing: 0,
  copiedBytes: 2_293_760,
  copiedS: 0.05,
  sequenceGaps: 0,
  ptsJumps: 0,
  watchedS: 12,
  ptsOriginS: 100,
  clock,
};

const latency = { count: 900, minUs: 100, medianUs: 300, maxUs: 4000 };

export const SPEAKER: Extract<ProbedSpeaker, { present: true }> = {
  present: true,
  format: {
    kind: 'audio',
    codec: 'PCM',
    mediaId: 0x22,
    timescale: 48_000,
    ticksPerFrame: 1024,
    initDelayMs: 0,
    sampleRate: 48_000,
    channels: 1,
    bits: 16,
  },
  bufferBytes: 10 << 20,
  error: '',
  clock,
  microphoneFrames: 250,
};

/** A camera with nothing wrong. */
export const CAMERA: CameraReport = {
  done: true,
  stage: '',
  connected: true,
  error: '',
  encoding: true,
  tracks: [VIDEO, AUDIO],
  rpc: { trackTable: latency, peek: latency, remove: latency },
  overflow: { drops: 'oldest', track: 1, totalEntries: 256, heldEntries: 256, seconds: 5.5 },
  speaker: SPEAKER,
};

/** Facts of a machine where all is well: a board that is not short of anything. */
export const GOOD: ProbeFacts = {
  runtime: {
    dashvoip: '0.1.0',
    node: 'v20.0.0',
    arch: 'arm64',
    features: {
      cameraLink: 'sdk',
      alsa: true,
      aac: true,
      rtsp: true,
      srtp: true,
      still: true,
      codecs: ['PCMA', 'PCMU', 'G722'],
      libraries: { glibc: '2.36' },
    },
    error: undefined,
  },
  kernel: {
    release: '6.1.0',
    version: 'Linux version 6.1.0',
    model: 'Good board',
    cpusOnline: 2,
    cpus: ['0x41/0xd03'],
    uptimeS: 100,
    load: [0, 0, 0],
    exceptionTrace: true,
    consoleLevel: 4,
    modules: [],
  },
  memory: {
    totalKb: 500_000,
    freeKb: 200_000,
    availableKb: 300_000,
    swapKb: 0,
    cmaKb: 0,
    probeKb: 50_000,
  },
  priority: {
    realtime: true,
    realtimeLimit: 0,
    capSysNice: true,
    realtimeUsPerS: 950_000,
    lockableKb: 64,
  },
  sound: {
    alsa: 'k6.1.0',
    cards: [{ number: 0, id: 'Headset', driver: 'USB-Audio' }],
    devices: [],
    nodes: [],
  },
  randomness: { ready: true, entropyBits: 256, poolBits: 256, hardware: undefined },
  network: {
    interfaces: [
      {
        name: 'wlan0',
        ipv4: ['192.168.1.7'],
        ipv6: [],
        received: { bytes: 1, packets: 1000, errors: 0, dropped: 0 },
        sent: { bytes: 1, packets: 1000, errors: 0, dropped: 0 },
        wireless: undefined,
      },
    ],
    routes: [{ interface: 'wlan0', to: 'default', gateway: '192.168.1.1' }],
    nameServers: ['192.168.1.1'],
    ipv6: true,
    receiveBufferMax: 1,
    sendBufferMax: 1,
    udpPorts: [],
    tcpPorts: [],
  },
  storage: { rootReadOnly: true, fileSystems: [] },
  library: {
    path: '/usr/lib/libnetfifo.so',
    mapped: true,
    bytes: 40_000,
    style: 'unknown',
    soname: 'libnetfifo.so',
    needed: [],
    buildId: undefined,
    compiler: undefined,
    versions: [],
    symbols: [],
    missing: [],
    rpc: [],
    error: undefined,
  },
  users: { processes: [], devices: [], closed: 0 },
  camera: { state: 'examined', interrupted: false, ...CAMERA },
};

const camera = new FakeMachine(H22);

/** What a real H22 is likely to give on its first hour: no sound yet, no stream-in, and the vendor's server beside us. */
export const FIRST_HOUR: ProbeFacts = {
  ...GOOD,
  kernel: kernelFacts(camera),
  memory: memoryFacts(camera),
  priority: priorityFacts(camera),
  sound: soundFacts(camera),
  randomness: randomnessFacts(camera, true),
  network: networkFacts(camera),
  storage: storageFacts(camera),
  users: userFacts(camera, 999),
  camera: {
    state: 'examined',
    interrupted: false,
    ...CAMERA,
    tracks: [VIDEO],
    overflow: { ...CAMERA.overflow, track: 0 },
    speaker: { present: false },
  },
};
