import { spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type BridgeSettings,
  type EngineSettings,
  loadAudioBridge,
  loadCameraProbe,
  loadFeatures,
  type MediaEngine,
  MediaException,
  type SessionSettings,
} from '../../src/media';
import { quietSettings, startEngine, useBuiltAddon } from './native-engine';

const engines: MediaEngine[] = [];
const sockets: Socket[] = [];
const workers: Worker[] = [];

function start(settings: EngineSettings): MediaEngine {
  const engine = startEngine(settings);
  engines.push(engine);
  return engine;
}

async function peer(): Promise<{ socket: Socket; port: number; packets: Buffer[] }> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const packets: Buffer[] = [];
  socket.on('message', (packet) => packets.push(packet));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port, packets };
}

/** A peer on a thread of its own: when packets came, whatever this one's event loop does. */
async function watcher(): Promise<{
  port: number;
  /** How many, at any time. */
  arrived: () => number;
  arrivals: () => Promise<{ at: number; number: number }[]>;
}> {
  const count = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { parentPort, workerData: count } = require('node:worker_threads');
     const socket = require('node:dgram').createSocket('udp4');
     const arrivals = [];
     socket.on('message', (p) => {
       arrivals.push({ at: Date.now(), number: p.readUInt16BE(2) });
       Atomics.add(count, 0, 1);
     });
     socket.bind(0, '127.0.0.1', () => parentPort.postMessage(socket.address().port));
     parentPort.on('message', () => parentPort.postMessage(arrivals));`,
    { eval: true, workerData: count },
  );
  workers.push(worker);
  const [port] = await once(worker, 'message');
  return {
    port,
    arrived: () => Atomics.load(count, 0),
    arrivals: async () => {
      worker.postMessage('now');
      const [arrivals] = await once(worker, 'message');
      return arrivals;
    },
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function audioTo(port: number, address = '127.0.0.1'): SessionSettings {
  return {
    audio: {
      codec: 'PCMA',
      payloadType: 8,
      receive: [{ payloadType: 8, codec: 'PCMA' }],
      remote: { address, rtpPort: port, rtcpPort: port + 1 },
      direction: 'sendrecv',
      ptimeMs: 20,
    },
  };
}

function refusal(call: () => unknown): MediaException {
  try {
    call();
  } catch (error) {
    if (error instanceof MediaException) return error;
    throw error;
  }
  throw new Error('expected a MediaException');
}

const eventually = { timeout: 5000, interval: 20 };

beforeAll(useBuiltAddon);

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  for (const socket of sockets.splice(0)) socket.close();
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

describe('features', () => {
  it('tells what was built in', () => {
    const features = loadFeatures();
    expect(['stand-in', 'sdk', 'none']).toContain(features.cameraLink);
    expect(typeof features.alsa).toBe('boolean');
    expect(typeof features.aac).toBe('boolean');
    expect(typeof features.rtsp).toBe('boolean');
    // Every official node has OpenSSL.
    expect(features.srtp).toBe(true);
    expect(features.libraries.openssl).toBe(process.versions.openssl);
  });

  it('names the remedy when the addon is not there', () => {
    vi.stubEnv('DASHVOIP_ADDON', '/nonexistent/dashvoip.node');
    expect(() => loadFeatures()).toThrow(/scripts\/build.*DASHVOIP_ADDON/);
    vi.unstubAllEnvs();
  });
});

describe('settings', () => {
  const settings = quietSettings([34000, 34099]);
  const wrong: [string, unknown, string][] = [
    ['nothing', undefined, 'settings: expected an object, found nothing'],
    [
      'a DSCP out of range',
      { ...settings, rtp: { ...settings.rtp, audioDscp: 64 } },
      'settings.rtp.audioDscp: expected a whole number 0..63, found 64',
    ],
    [
      'a word that is none',
      { ...settings, cameraLink: 'usb' },
      "settings.cameraLink: expected one of 'netfifo', 'rtsp', 'none', found 'usb'",
    ],
    [
      'RTSP without a URL',
      { ...settings, cameraLink: 'rtsp' },
      'settings.rtspUrl: expected a string that is not empty, found nothing',
    ],
    [
      'a device without its path',
      { ...settings, microphone: { kind: 'file' } },
      'settings.microphone.path: expected a string that is not empty, found nothing',
    ],
    [
      'a field that nobody declared',
      { ...settings, rtp: { ...settings.rtp, dscp: 46 } },
      'settings.rtp.dscp: expected nothing of that name, found 46',
    ],
    [
      'a field of another kind of device',
      { ...settings, speaker: { kind: 'null', path: '/tmp/speaker.wav' } },
      "settings.speaker.path: expected nothing of that name, found '/tmp/speaker.wav'",
    ],
    [
      'a CNAME that fits into no RTCP item (RFC 3550 §6.5)',
      { ...settings, rtp: { ...settings.rtp, cname: 'c'.repeat(256) } },
      'settings.rtp.cname: expected a string of 255 bytes at most, found one of 256',
    ],
    [
      'a number of another type',
      { ...settings, busRateHz: 16_000n },
      'settings.busRateHz: expected a whole number 8000..48000, found 16000',
    ],
    [
      'a list in place of an object',
      { ...settings, rtp: [] },
      'settings.rtp: expected an object, found an array',
    ],
    [
      'a function',
      { ...settings, speaker: () => ({ kind: 'null' }) },
      'settings.speaker: expected an object, found a function',
    ],
    [
      'a range without a pair',
      { ...settings, rtp: { ...settings.rtp, ports: [34001, 34002] } },
      'settings.rtp.ports: expected two ports with an even one and the next one between them, found an array',
    ],
  ];
  it.each(wrong)('%s is named with path, expected and found', (_, value, message) => {
    const error = refusal(() => start(value as EngineSettings));
    expect(error.code).toBe('bad-settings');
    expect(error.message).toBe(message);
  });

  it('that do not fit are one TypeError, and a getter that throws is heard itself', () => {
    const cause = refusal(() => start({ ...settings, busRateHz: 9000 })).cause;
    expect(cause).toBeInstanceOf(TypeError);
    const own = new RangeError('not today');
    const throwing = {
      ...settings,
      get busRateHz(): number {
        throw own;
      },
    };
    expect(() => start(throwing)).toThrow(own);
  });

  it('of the bridge and the probe are checked as well', () => {
    const cable = { kind: 'alsa', device: 'hw:Loopback,1,0' } as const;
    const bridge = { cameraLink: 'none', capture: cable, playback: cable, realtimePriority: 0 };
    expect(
      refusal(() => loadAudioBridge({ ...bridge, realtimePriority: 100 } as BridgeSettings))
        .message,
    ).toBe('settings.realtimePriority: expected a whole number 0..99, found 100');
    expect(
      refusal(() => loadAudioBridge({ ...bridge, capture: { kind: 'alsa' } } as BridgeSettings))
        .message,
    ).toBe('settings.capture.device: expected a string that is not empty, found nothing');
    expect(refusal(() => loadCameraProbe({ watchMs: 0, playMs: 1 })).message).toBe(
      'settings.watchMs: expected a whole number 1..3600000, found 0',
    );
  });

  it('of a session are checked as well', () => {
    const session = start(settings).openSession('127.0.0.1', false);
    const audio = audioTo(4000).audio;
    expect(
      refusal(() => session.configure({ audio: { ...audio, ptimeMs: 25 } } as SessionSettings))
        .message,
    ).toBe('session.audio.ptimeMs: expected a multiple of 10, found 25');
    expect(refusal(() => session.configure(audioTo(4000, 'phone.example'))).message).toBe(
      "session.audio.remote.address: expected a numeric IPv4 or IPv6 address, found 'phone.example'",
    );
    expect(refusal(() => session.configure(audioTo(4000, '::1'))).code).toBe('bad-settings');
    const elsewhere = { ...audio, remote: { ...audio?.remote, rtcpAddress: 'relay.example' } };
    expect(refusal(() => session.configure({ audio: elsewhere } as SessionSettings)).message).toBe(
      "session.audio.remote.rtcpAddress: expected a numeric IPv4 or IPv6 address, found 'relay.example'",
    );
    const shared = { ...audio, remote: { ...audio?.remote, rtcpMux: 'yes' } };
    expect(
      refusal(() => session.configure({ audio: shared } as unknown as SessionSettings)).message,
    ).toBe("session.audio.remote.rtcpMux: expected true or false, found 'yes'");
    expect(
      refusal(() => session.configure({ audio: { ...audio, receive: [] } } as SessionSettings))
        .message,
    ).toBe('session.audio.receive: expected an array that is not empty, found an array');
    const many = Array.from({ length: 129 }, () => audio?.receive[0]);
    expect(
      refusal(() => session.configure({ audio: { ...audio, receive: many } } as SessionSettings))
        .message,
    ).toBe('session.audio.receive: expected an array of 128 at most, found one of 129');
    expect(
      refusal(() => session.configure({ audio, text: {} } as unknown as SessionSettings)).message,
    ).toBe('session.text: expected nothing of that name, found an object');
    expect(
      refusal(() =>
        session.configure({ audio: { ...audio, telephoneEvent: 128 } } as SessionSettings),
      ).message,
    ).toBe('session.audio.telephoneEvent: expected a whole number 0..127, found 128');
  });

  it('refuses keys that cannot be sent, and says why', () => {
    const session = start(settings).openSession('127.0.0.1', false);
    const { audio } = audioTo(4000);
    session.configure({ audio } as SessionSettings);
    expect(refusal(() => session.sendDtmf('1')).code).toBe('no-telephone-event');
    session.configure({ audio: { ...audio, telephoneEvent: 101 } } as SessionSettings);
    expect(refusal(() => session.sendDtmf('1e')).message).toBe(
      "digits: expected 1 to 32 of 0-9, *, #, A-D, found '1e'",
    );
    expect(refusal(() => session.sendDtmf('1', { toneMs: 39 })).message).toBe(
      'tone and gap: expected 40..6000 ms, found 39 and 100',
    );
    expect(() => session.sendDtmf('159*#AD')).not.toThrow();
  });
});

describe('sessions', () => {
  it('opens on an even port, and refuses when the range is used up', () => {
    const engine = start(quietSettings([34100, 34103]));
    const first = engine.openSession('127.0.0.1', true);
    const { audioRtpPort, videoRtpPort = 0 } = first.ports;
    expect([audioRtpPort, videoRtpPort].sort()).toEqual([34100, 34102]);
    expect(refusal(() => engine.openSession('127.0.0.1', false)).code).toBe('no-ports');
    expect(refusal(() => engine.openSession('192.0.2.1', false)).code).toBe('bind-failed');
  });

  it('exchanges sound between two sessions and counts it', async () => {
    const engine = start(quietSettings([34200, 34299]));
    const byes: unknown[] = [];
    engine.events.on('remoteBye', (...bye) => byes.push(bye));
    const one = engine.openSession('127.0.0.1', false);
    const two = engine.openSession('127.0.0.1', false);
    one.configure(audioTo(two.ports.audioRtpPort));
    two.configure(audioTo(one.ports.audioRtpPort));
    await vi.waitFor(() => {
      expect(one.snapshot().audio?.playedFrames).toBeGreaterThan(10);
      expect(two.snapshot().audio?.playedFrames).toBeGreaterThan(10);
    }, eventually);
    const { audio, video, silentMs } = one.snapshot();
    expect(audio).toMatchObject({
      codec: 'PCMA',
      direction: 'sendrecv',
      sent: { sendErrors: 0 },
      received: { lost: 0, late: 0, duplicates: 0, rejected: 0 },
    });
    expect(audio?.mos).toBeGreaterThan(4);
    expect(silentMs).toBeGreaterThanOrEqual(0);
    expect(video).toBeUndefined();
    one.close();
    one.close();
    expect(one.snapshot().audio?.playedFrames).toBeGreaterThan(10);
    expect(() => one.configure(audioTo(4000))).not.toThrow();
    await vi.waitFor(() => expect(byes).toEqual([[two.id, 'audio']]), eventually);
  });

  it('goes on sending while the event loop is blocked, evenly and not in a burst', async () => {
    const { port, arrived, arrivals } = await watcher();
    const engine = start(quietSettings([34300, 34399]));
    const session = engine.openSession('127.0.0.1', false);
    session.configure(audioTo(port));
    await vi.waitFor(async () => expect((await arrivals()).length).toBeGreaterThan(2), eventually);
    // Blocked until it has come to that: watched from another thread, when they came and not when we were free to look.
    const begin = Date.now();
    const aim = arrived() + 25;
    while (arrived() < aim && Date.now() < begin + 20_000);
    const end = Date.now();
    expect(arrived()).toBeGreaterThanOrEqual(aim);
    const all = await arrivals();
    const times = all.map(({ at }) => at).filter((at) => at >= begin && at <= end);
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    // A stall of the machine moves some of them; a burst would move all.
    expect(median(gaps)).toBeGreaterThanOrEqual(10);
    expect(median(gaps)).toBeLessThanOrEqual(30);
    expect(all.map(({ number }) => number)).toEqual(
      all.map((_, i) => ((all[0]?.number ?? 0) + i) & 0xffff),
    );
  });

  it('counts and serves key frame requests of the far end', async () => {
    const { socket, port } = await peer();
    const engine = start({ ...quietSettings([34400, 34499]), videoSource: 'camera' });
    const session = engine.openSession('127.0.0.1', true);
    const remote = { address: '127.0.0.1', rtpPort: port, rtcpPort: port };
    session.configure({
      video: {
        codec: 'H264',
        payloadType: 96,
        remote,
        direction: 'sendonly',
        packetizationMode: 1,
      },
    });
    await vi.waitFor(() => expect(session.snapshot().video).toBeDefined(), eventually);
    const ssrc = session.snapshot().video?.sent.ssrc ?? 0;
    const pli = Buffer.alloc(12); // RFC 4585 6.3.1
    pli.writeUInt32BE(0x81ce0002, 0);
    pli.writeUInt32BE(7, 4);
    pli.writeUInt32BE(ssrc, 8);
    socket.send(pli, (session.ports.videoRtpPort ?? 0) + 1, '127.0.0.1');
    await vi.waitFor(
      () => expect(session.snapshot().video).toMatchObject({ keyFrameRequests: 1, rejected: 0 }),
      eventually,
    );
    engine.requestKeyFrame(); // by SIP INFO; without a camera nobody minds
    expect(engine.videoParameters()).toBeUndefined();
  });
});

describe('the engine', () => {
  it('shows its devices, and tells of one that fails', async () => {
    const engine = start({
      ...quietSettings([34500, 34599]),
      microphone: { kind: 'file', path: '/nonexistent/voice.wav' },
    });
    const failed = new Promise<string>((resolve) => {
      engine.events.on('device', (which, open, error) => {
        if (which === 'microphone' && !open) resolve(error);
      });
    });
    engine.openSession('127.0.0.1', false).configure(audioTo(4000));
    expect(await failed).toContain('/nonexistent/voice.wav');
    expect(engine.snapshot()).toMatchObject({
      camera: { state: 'none' },
      microphone: { kind: 'file', open: false },
      speaker: { kind: 'null', open: true },
      droppedEvents: 0,
    });
  });

  it('closes once and for all', async () => {
    const engine = start(quietSettings([34600, 34699]));
    const session = engine.openSession('127.0.0.1', false);
    session.configure(audioTo(4000));
    await engine.close();
    await engine.close();
    expect(refusal(() => engine.openSession('127.0.0.1', false)).code).toBe('closed');
    expect(refusal(() => session.configure(audioTo(4000))).code).toBe('closed');
    expect(() => session.close()).not.toThrow();
  });

  // A fresh process each: what happens when nobody closes the engine.
  const endings: [string, string, number][] = [
    ['nothing is left to do', '', 0],
    ['the process exits in mid-call', 'setTimeout(() => process.exit(3), 100);', 3],
    ['an error is not caught', "setTimeout(() => { throw new Error('lost'); }, 100);", 1],
    ['the engine is collected', 'engine = undefined; gc(); setTimeout(gc, 50);', 0],
  ];
  it.each(endings)('ends in order when %s', async (_, ending, status) => {
    const { port, packets } = await peer();
    const rtcp = await peer();
    const script = `
      const holder = { exports: {} };
      process.dlopen(holder, process.env.DASHVOIP_ADDON);
      let engine = new holder.exports.Engine(${JSON.stringify(quietSettings([34700, 34799]))}, () => {});
      const { id } = engine.openSession('127.0.0.1', false);
      const settings = ${JSON.stringify(audioTo(port))};
      settings.audio.remote.rtcpPort = ${rtcp.port};
      engine.configure(id, settings);
      const end = performance.now() + 200;
      while (performance.now() < end);
      ${ending}`;
    const run = spawnSync(process.execPath, ['--expose-gc', '-e', script], { timeout: 10_000 });
    expect(run.signal).toBeNull();
    expect(run.status).toBe(status);
    // RTCP BYE (packet type 203) shows that the threads were stopped, not torn off.
    await vi.waitFor(
      () => expect(rtcp.packets.some((packet) => packet.includes(Buffer.of(0x81, 203)))).toBe(true),
      eventually,
    );
    // Sound was under way until then.
    expect(packets.length).toBeGreaterThan(2);
  });
});
