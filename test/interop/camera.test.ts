import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Datagram } from '../toolkit/measure/pcap';
import { rtpStreams, splitAtPauses } from '../toolkit/measure/rtp-stream';
import { waitUntil } from '../toolkit/process/wait';
import { Stage, type TestAgent } from './support/stage';

const stage = await Stage.open('camera');
const agent = await stage.agent({ cameraSocket: stage.cameraSocket });
const phone = await stage.baresip('phone', { video: 'receive' });

/** Pictures sent on the first call so far. */
async function picturesSent(of: TestAgent): Promise<number> {
  return (await of.status()).calls[0]?.media?.video?.frames ?? 0;
}

async function untilMorePictures(of: TestAgent, more = 15): Promise<void> {
  const before = await picturesSent(of);
  await waitUntil(
    `${more} more pictures`,
    async () => (await picturesSent(of)) >= before + more,
    20_000,
  );
}

/** What reached the wire in each stretch without a pause of a second: packets that end a picture (RFC 6184 §5.1). */
function picturesOnWire(datagrams: readonly Datagram[]): number[] {
  return rtpStreams(datagrams)
    .filter(({ payloadType }) => payloadType >= 96)
    .flatMap((stream) => splitAtPauses(stream, 1000))
    .map(({ packets }) => packets.filter(({ marker }) => marker).length);
}

describe('the camera', () => {
  it('may be absent: the agent says so, and calls go on without it', async () => {
    await agent.untilProblem(/camera/);
    await agent.call(phone.uri);
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    await agent.untilIdle();
  });

  it('may start later, die in mid-call and come back', async () => {
    const first = await stage.camera();
    await agent.untilCamera('streaming');
    expect((await agent.status()).problems).toEqual([]);
    const datagrams = await stage.captured('back', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await untilMorePictures(agent);

      await first.process.stop('SIGKILL');
      await agent.untilProblem(/camera/);
      await agent.untilHears(60);

      const second = await stage.camera();
      await agent.untilCamera('streaming', 20_000);
      await untilMorePictures(agent);
      await agent.untilHears();
      await agent.hangup();
      await agent.untilIdle();
      await second.stop();
    });
    const pictures = picturesOnWire(datagrams);
    expect(pictures).toHaveLength(2);
    for (const each of pictures) expect(each).toBeGreaterThanOrEqual(14);
  });

  it('may stop encoding in mid-call, and begin again with another stream', async () => {
    const camera = await stage.camera(['--control']);
    await agent.untilCamera('streaming', 20_000);
    const datagrams = await stage.captured('again', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await untilMorePictures(agent);
      const { engine } = await agent.status();
      const generation = engine?.camera.generation ?? 0;
      camera.process.writeLine('stopenc');
      await agent.untilCamera('idle');
      await agent.untilHears(60);
      camera.process.writeLine('startenc');
      await agent.untilCamera('streaming');
      expect((await agent.status()).engine?.camera.generation).toBeGreaterThan(generation);
      await untilMorePictures(agent);
      await agent.hangup();
      await agent.untilIdle();
    });
    const pictures = picturesOnWire(datagrams);
    expect(pictures).toHaveLength(2);
    for (const each of pictures) expect(each).toBeGreaterThanOrEqual(14);
    await camera.stop();
  });

  it('is told END when the agent is ended by a signal, in a call', async () => {
    const camera = await stage.camera();
    const other = await stage.agent({ name: 'agent-signal', cameraSocket: stage.cameraSocket });
    await agent.stop();
    await other.untilCamera('streaming', 20_000);
    await other.call(phone.uri);
    await other.until('active');
    await untilMorePictures(other);
    const exit = await other.agent.process.stop('SIGTERM');
    expect(exit).toEqual({ code: 0, signal: null });
    const counters = await camera.stop();
    expect(readFileSync(camera.process.logPath, 'latin1')).not.toMatch(/without END/);
    expect(counters).toMatchObject({ sessions: 1 });
  });
});
