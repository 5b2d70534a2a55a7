import { packets } from 'rtp.js';
import { describe, expect, it } from 'vitest';
import type { Datagram } from '../toolkit/measure/pcap';
import { sleep } from '../toolkit/process/wait';
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
  await sleep(6500);
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

  it('carry 160 octets of G.711 each 20 ms, the marker at the first only', () => {
    const audio = rtp.filter(({ packet }) => packet.getPayloadType() < 96);
    expect(audio.length).toBeGreaterThan(250);
    audio.forEach(({ packet }, index) => {
      const previous = audio[index - 1]?.packet;
      expect(packet.getPayload().byteLength).toBe(160);
      expect(packet.getMarker()).toBe(index === 0);
      if (!previous) return;
      expect((packet.getSequenceNumber() - previous.getSequenceNumber()) & 0xffff).toBe(1);
      expect((packet.getTimestamp() - previous.getTimestamp()) >>> 0).toBe(160);
    });
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
