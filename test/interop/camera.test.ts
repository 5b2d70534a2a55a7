import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Datagram } from '../toolkit/measure/pcap';
import { rtpStreams } from '../toolkit/measure/rtp-stream';
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

/** A stretch of time without a picture, by the clock that captures have. */
class Gap {
  #from = 0n;
  #until = 0n;

  begin(): void {
    this.#from = wallNs();
  }

  end(): void {
    this.#until = wallNs();
  }

  /** What reached the wire before it, within and behind it: packets that end a picture (RFC 6184 §5.1). */
  pictures(datagrams: readonly Datagram[]): [before: number, within: number, behind: number] {
    const ends = rtpStreams(datagrams)
      .filter(({ payloadType }) => payloadType >= 96)
      .flatMap(({ packets }) => packets.filter(({ marker }) => marker));
    const count = (isWanted: (at: bigint) => boolean): number =>
      ends.filter(({ at }) => isWanted(at)).length;
    return [
      count((at) => at < this.#from),
      count((at) => at >= this.#from && at <= this.#until),
      count((at) => at > this.#until),
    ];
  }
}

const wallNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** Of fifteen that the agent counts some may still wait for their turn when the call ends. */
const ARRIVED = 10;

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
    const gap = new Gap();
    const datagrams = await stage.captured('back', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await untilMorePictures(agent);

      await first.process.stop('SIGKILL');
      await agent.untilProblem(/camera/);
      // What it had been sent by then is on the wire.
      await agent.untilHears(10);
      gap.begin();
      await agent.untilHears(50);
      gap.end();

      const second = await stage.camera();
      await agent.untilCamera('streaming', 20_000);
      await untilMorePictures(agent);
      await agent.untilHears();
      await agent.hangup();
      await agent.untilIdle();
      await second.stop();
    });
    const [before, within, behind] = gap.pictures(datagrams);
    expect(within).toBe(0);
    expect(before).toBeGreaterThanOrEqual(ARRIVED);
    expect(behind).toBeGreaterThanOrEqual(ARRIVED);
  });

  it('may stop encoding in mid-call, and begin again with another stream', async () => {
    const camera = await stage.camera(['--control']);
    await agent.untilCamera('streaming', 20_000);
    const gap = new Gap();
    const datagrams = await stage.captured('again', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await untilMorePictures(agent);
      const { engine } = await agent.status();
      const generation = engine?.camera.generation ?? 0;
      camera.process.writeLine('stopenc');
      await agent.untilCamera('idle');
      // What it had been sent by then is on the wire.
      await agent.untilHears(10);
      gap.begin();
      await agent.untilHears(50);
      gap.end();
      camera.process.writeLine('startenc');
      await agent.untilCamera('streaming');
      expect((await agent.status()).engine?.camera.generation).toBeGreaterThan(generation);
      await untilMorePictures(agent);
      await agent.hangup();
      await agent.untilIdle();
    });
    const [before, within, behind] = gap.pictures(datagrams);
    expect(within).toBe(0);
    expect(before).toBeGreaterThanOrEqual(ARRIVED);
    expect(behind).toBeGreaterThanOrEqual(ARRIVED);
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
