import { packets } from 'rtp.js';
import { describe, expect, it } from 'vitest';
import type { Datagram } from '../toolkit/measure/pcap';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('packets');
await stage.camera();
const firstPort = stage.ports.next(20);
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  rtpPorts: [firstPort, firstPort + 19],
});
const phone = await stage.baresip('phone', { video: 'receive' });
await agent.untilCamera('streaming');

const datagrams = await stage.captured('call', async () => {
  await agent.call(phone.uri);
  await agent.until('active');
  // Sound and picture of five seconds, and a report (RFC 3550 §6.2: five seconds, and half as much again).
  await waitUntil(
    'sound, pictures and reports to be sent',
    async () => {
      const media = (await agent.status()).calls[0]?.media;
      return (media?.audio?.sent.packets ?? 0) >= 325 && (media?.video?.frames ?? 0) >= 60;
    },
    30_000,
    100,
  );
  await agent.hangup();
  await agent.untilIdle();
});
const ours = datagrams.filter(
  ({ sourcePort }) => sourcePort >= firstPort && sourcePort < firstPort + 20,
);
const view = ({ payload }: Datagram): DataView =>
  new DataView(payload.buffer, payload.byteOffset, payload.byteLength);

describe('the agent’s packets, read by rtp.js', () => {
  const rtp = ours
    .filter((datagram) => packets.isRtp(view(datagram)) && !packets.isRtcp(view(datagram)))
    .map((datagram) => ({ datagram, packet: new packets.RtpPacket(view(datagram)) }));

  it('are RTP without extension, padding or contributing sources', () => {
    expect(rtp.length).toBeGreaterThan(400);
    for (const { packet, datagram } of rtp) {
      expect(packet.getCsrcs()).toEqual([]);
      expect(datagram.payload.readUInt8(0)).toBe(0x80);
      expect(packet.getPadding()).toBe(0);
      expect(packet.getByteLength()).toBe(datagram.payload.length);
    }
  });

  it('carry 160 octets of G.711 each 20 ms, the marker at the first and behind what a stall left out', () => {
    const audio = rtp.filter(({ packet }) => packet.getPayloadType() < 96);
    expect(audio.length).toBeGreaterThan(250);
    let stalls = 0;
    audio.forEach(({ packet, datagram }, index) => {
      const previous = audio[index - 1];
      expect(packet.getPayload().byteLength).toBe(160);
      if (!previous) {
        expect(packet.getMarker()).toBe(true);
        return;
      }
      const step = packet.getSequenceNumber() - previous.packet.getSequenceNumber();
      expect(step & 0xffff).toBe(1);
      // RFC 3550 §5.1: the timestamp goes on with the time, and so over slots that the machine kept us from.
      const ticks = (packet.getTimestamp() - previous.packet.getTimestamp()) >>> 0;
      const missed = ticks / 160 - 1;
      expect(Number.isInteger(missed)).toBe(true);
      expect(packet.getMarker()).toBe(missed > 0);
      if (missed === 0) return;
      stalls += 1;
      const ms = Number(datagram.at - previous.datagram.at) / 1e6;
      expect(ms).toBeGreaterThan(20 * missed - 1);
    });
    expect(stalls).toBeLessThan(audio.length / 10);
  });

  it('carry H.264 that fits the path, with the marker at the end of each picture', () => {
    const video = rtp.filter(({ packet }) => packet.getPayloadType() >= 96);
    expect(video.length).toBeGreaterThan(50);
    video.forEach(({ packet, datagram }, index) => {
      expect(datagram.payload.length).toBeLessThanOrEqual(1472);
      const next = video[index + 1]?.packet;
      if (next) expect(packet.getMarker()).toBe(next.getTimestamp() !== packet.getTimestamp());
      const type = packet.getPayload().getUint8(0) & 31;
      // Single NAL units, STAP-A and FU-A; never an access unit delimiter or the vendor's type 26.
      expect([1, 5, 6, 7, 8, 24, 28]).toContain(type);
    });
  });

  it('are reported by compound RTCP: SR or RR first, SDES with a CNAME, BYE at the end', () => {
    const rtcp = ours.filter((datagram) => packets.isRtcp(view(datagram)));
    expect(rtcp.length).toBeGreaterThan(1);
    for (const datagram of rtcp) {
      const compound = new packets.CompoundPacket(view(datagram));
      const [first, second] = compound.getPackets();
      const isReport =
        first instanceof packets.SenderReportPacket ||
        first instanceof packets.ReceiverReportPacket;
      expect(isReport).toBe(true);
      expect(second).toBeInstanceOf(packets.SdesPacket);
      expect(compound.getByteLength()).toBe(datagram.payload.length);
    }
    const all = rtcp.flatMap((datagram) => new packets.CompoundPacket(view(datagram)).getPackets());
    expect(all.some((packet) => packet instanceof packets.ByePacket)).toBe(true);
  });
});
