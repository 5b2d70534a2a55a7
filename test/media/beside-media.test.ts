import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type MediaComponent,
  type MediaEngine,
  MediaException,
  type MediaSession,
  type PeerAddress,
} from '../../src/media';
import { quietSettings, startEngine, useBuiltAddon } from './native-engine';

// Shows RFC 7983.

beforeAll(useBuiltAddon);

const engines: MediaEngine[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

const eventually = { timeout: 20_000, interval: 20 };
const STUN = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
const ZRTP = Buffer.from('10000001' + '5a525450' + '00000001' + '505a0003', 'hex');
const CHANNEL = 0x4001;

async function peer(): Promise<{ socket: Socket; at: PeerAddress; packets: Buffer[] }> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const packets: Buffer[] = [];
  socket.on('message', (packet) => packets.push(packet));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, at: { address: '127.0.0.1', port: socket.address().port }, packets };
}

interface Heard {
  readonly component: MediaComponent;
  readonly bytes: string;
  readonly from: PeerAddress;
}

function open(
  ports: readonly [number, number],
  withVideo = false,
): { session: MediaSession; heard: Heard[] } {
  const engine = startEngine(quietSettings(ports));
  engines.push(engine);
  const session = engine.openSession('127.0.0.1', withVideo);
  const heard: Heard[] = [];
  engine.events.on('datagram', (id, component, bytes, from) => {
    if (id === session.id)
      heard.push({ component, bytes: Buffer.from(bytes).toString('hex'), from });
  });
  return { session, heard };
}

function toward({ address, port }: PeerAddress): Parameters<MediaSession['configure']>[0] {
  return {
    audio: {
      codec: 'PCMA',
      payloadType: 8,
      receive: [{ payloadType: 8, codec: 'PCMA' }],
      remote: { address, rtpPort: port, rtcpPort: port, rtcpMux: true },
      direction: 'sendrecv',
      ptimeMs: 20,
    },
  };
}

function rtp(sequence: number): Buffer {
  const packet = Buffer.alloc(172, 0xd5);
  packet.writeUInt16BE(0x8008, 0);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(sequence * 160, 4);
  packet.writeUInt32BE(7, 8);
  return packet;
}

function inChannel(payload: Buffer, channel = CHANNEL): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(channel, 0);
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

const refusal = (act: () => void): MediaException | undefined => {
  try {
    act();
  } catch (error) {
    if (error instanceof MediaException) return error;
  }
  return undefined;
};

describe('what comes beside media', () => {
  it('is told with its socket and its sender before any description, where the session listens', async () => {
    const { session, heard } = open([35_600, 35_699], true);
    const { audioRtpPort, videoRtpPort = 0 } = session.ports;
    const far = await peer();
    session.listen();
    far.socket.send(STUN, audioRtpPort, '127.0.0.1');
    far.socket.send(ZRTP, audioRtpPort + 1, '127.0.0.1');
    far.socket.send(STUN, videoRtpPort, '127.0.0.1');
    far.socket.send(ZRTP, videoRtpPort + 1, '127.0.0.1');
    await vi.waitFor(() => expect(heard).toHaveLength(4), eventually);
    const told = heard.map(({ component, bytes }) => `${component} ${bytes}`).sort();
    expect(told).toEqual([
      `audioRtcp ${ZRTP.toString('hex')}`,
      `audioRtp ${STUN.toString('hex')}`,
      `videoRtcp ${ZRTP.toString('hex')}`,
      `videoRtp ${STUN.toString('hex')}`,
    ]);
    expect(heard.map(({ from }) => from)).toEqual(Array(4).fill(far.at));
  });

  it('is answered from the very socket, while nothing flows', async () => {
    const { session } = open([35_700, 35_799]);
    const far = await peer();
    const senders: number[] = [];
    far.socket.on('message', (_, { port }) => senders.push(port));
    session.listen();
    session.sendDatagram('audioRtcp', far.at, STUN);
    session.sendDatagram('audioRtp', far.at, ZRTP);
    await vi.waitFor(() => expect(far.packets).toHaveLength(2), eventually);
    expect(far.packets).toEqual([STUN, ZRTP]);
    expect(senders).toEqual([session.ports.audioRtpPort + 1, session.ports.audioRtpPort]);
  });

  it('is dropped without, and says why what cannot be done is not', async () => {
    const { session, heard } = open([35_800, 35_899]);
    const far = await peer();
    expect(refusal(() => session.sendDatagram('audioRtp', far.at, STUN))?.message).toBe(
      'the session does not listen',
    );
    session.configure(toward(far.at));
    far.socket.send(STUN, session.ports.audioRtpPort, '127.0.0.1');
    far.socket.send(rtp(1), session.ports.audioRtpPort, '127.0.0.1');
    await vi.waitFor(() => expect(session.snapshot().audio?.received.packets).toBe(1), eventually);
    expect(heard).toEqual([]);
    session.listen();
    expect(refusal(() => session.sendDatagram('videoRtp', far.at, STUN))?.message).toBe(
      'the session was opened without video',
    );
    expect(refusal(() => session.aim('audioRtp', { address: '::1', port: 9 }))?.message).toBe(
      'the address is not of the family (IPv4 or IPv6) of ours',
    );
    const long = new Uint8Array(1281);
    expect(refusal(() => session.sendDatagram('audioRtp', far.at, long))?.message).toBe(
      'expected 1280 bytes at most, found 1281',
    );
    const low = { ...far.at, channel: 0x3fff };
    expect(refusal(() => session.aim('audioRtp', low))?.message).toBe(
      'target.channel: expected a whole number 16384..20479, found 16383',
    );
  });
});

describe('media that are aimed', () => {
  it('go where ICE has found the far end, and come from there alone', async () => {
    const { session } = open([35_900, 35_999]);
    const described = await peer();
    const found = await peer();
    session.listen();
    session.configure(toward(described.at));
    await vi.waitFor(() => expect(described.packets.length).toBeGreaterThan(0), eventually);
    session.aim('audioRtp', found.at);
    await vi.waitFor(() => expect(found.packets.length).toBeGreaterThan(2), eventually);
    for (let i = 0; i < 20; ++i)
      described.socket.send(rtp(i), session.ports.audioRtpPort, '127.0.0.1');
    for (let i = 0; i < 3; ++i)
      found.socket.send(rtp(100 + i), session.ports.audioRtpPort, '127.0.0.1');
    await vi.waitFor(() => expect(session.snapshot().audio?.received.packets).toBe(3), eventually);
    // Another description does not lead them away, no aim does.
    session.configure(toward(described.at));
    const before = found.packets.length;
    await vi.waitFor(() => expect(found.packets.length).toBeGreaterThan(before + 2), eventually);
    session.aim('audioRtp');
    const count = described.packets.length;
    await vi.waitFor(() => expect(described.packets.length).toBeGreaterThan(count + 2), eventually);
  });

  it('go to and come from a TURN server in their channel, with what is beside them told as it came', async () => {
    const { session, heard } = open([36_000, 36_099]);
    const server = await peer();
    session.listen();
    session.aim('audioRtp', { ...server.at, channel: CHANNEL });
    session.configure(toward({ address: '192.0.2.7', port: 4000 }));
    await vi.waitFor(() => expect(server.packets.length).toBeGreaterThan(2), eventually);
    for (const packet of server.packets) {
      expect(packet.readUInt16BE(0)).toBe(CHANNEL);
      expect(packet.readUInt16BE(2)).toBe(packet.length - 4);
      expect(packet.readUInt8(4)).toBe(0x80);
    }
    const send = (packet: Buffer): void =>
      server.socket.send(packet, session.ports.audioRtpPort, '127.0.0.1');
    send(rtp(1)); // in no channel, and yet from there
    for (let i = 2; i < 5; ++i) send(inChannel(rtp(i)));
    send(inChannel(STUN));
    send(inChannel(rtp(9), CHANNEL + 1));
    send(inChannel(rtp(10)).subarray(0, 100)); // shorter than it says
    await vi.waitFor(() => {
      expect(session.snapshot().audio?.received.packets).toBe(4);
      expect(heard).toHaveLength(2);
    }, eventually);
    expect(heard.map(({ bytes }) => bytes)).toEqual([
      inChannel(STUN).toString('hex'),
      inChannel(rtp(9), CHANNEL + 1).toString('hex'),
    ]);
  });
});
