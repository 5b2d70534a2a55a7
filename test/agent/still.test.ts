import { describe, expect, it } from 'vitest';
import type { Still } from '../../src/agent';
import { MediaException } from '../../src/media';
import { FAKE_JPEG, startedBench } from './fakes';

/** What a still was refused with, as `refusal: words`. */
async function refusalOf(still: Promise<Still>): Promise<string> {
  return await still.then(
    () => 'none',
    (error: unknown) =>
      error instanceof Error && 'refusal' in error ? `${error.refusal}: ${error.message}` : 'other',
  );
}

/** A still that the test makes when it likes. */
function slowStill() {
  const { promise, resolve } = withResolvers<Still>();
  return { promise, done: (jpeg: Uint8Array) => resolve({ jpeg, width: 16, height: 16 }) };
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('a still', () => {
  it('is the camera’s picture and its size', async () => {
    const { agent } = await startedBench();
    expect(await agent.still()).toEqual({ jpeg: FAKE_JPEG, width: 1280, height: 720 });
  });

  it('is made once for all who ask meanwhile and within a second, then anew', async () => {
    const { agent, engine, clock } = await startedBench();
    const slow = slowStill();
    engine.makeStill = () => slow.promise;
    const both = Promise.all([agent.still(), agent.still()]);
    clock.advance(5000);
    slow.done(FAKE_JPEG);
    const [one, other] = await both;
    expect(other).toBe(one);
    clock.advance(999);
    expect(await agent.still()).toBe(one);
    expect(engine.stillsMade).toBe(1);
    clock.advance(1);
    engine.makeStill = async () => ({ jpeg: FAKE_JPEG, width: 640, height: 360 });
    expect(await agent.still()).toMatchObject({ width: 640 });
    expect(engine.stillsMade).toBe(2);
  });

  it('that fails is not tried again within a second either', async () => {
    const { agent, engine, clock } = await startedBench();
    engine.makeStill = async () => {
      throw new MediaException('no-picture', 'the camera sends no picture');
    };
    const words = 'no-resource: the camera sends no picture';
    expect(await refusalOf(agent.still())).toBe(words);
    expect(await refusalOf(agent.still())).toBe(words);
    expect(engine.stillsMade).toBe(1);
    clock.advance(1000);
    expect(await refusalOf(agent.still())).toBe(words);
    expect(engine.stillsMade).toBe(2);
  });

  it.each([
    ['none', 'wrong-state: no camera'],
    ['absent', 'no-resource: no picture: no camera answers'],
    ['idle', 'no-resource: no picture: nothing is encoded'],
  ] as const)(
    'is refused at once when the camera is %s, and had as soon as it streams',
    async (state, words) => {
      const { agent, engine } = await startedBench();
      engine.setCamera(state);
      expect(await refusalOf(agent.still())).toBe(words);
      expect(engine.stillsMade).toBe(0);
      engine.setCamera('streaming');
      expect(await agent.still()).toMatchObject({ jpeg: FAKE_JPEG });
    },
  );

  it('is refused while the camera sends sound alone, or no picture is wanted of it', async () => {
    const { agent, engine } = await startedBench();
    engine.state = { ...engine.state, camera: { ...engine.state.camera, hasVideo: false } };
    expect(await refusalOf(agent.still())).toMatch(/^no-resource: .*none in H\.264$/);
    const without = await startedBench({
      media: {
        microphone: 'null',
        speaker: 'null',
        picture: false,
        codecs: ['PCMA'],
        encryption: { srtp: 'preferred', sdesWithoutTls: false },
        rtpTimeout: 20,
      },
    });
    expect(await refusalOf(without.agent.still())).toMatch(/^wrong-state: .*media\.video/);
    expect(without.engine.stillsMade).toBe(0);
  });

  it('is refused by an agent that stops, and leaves no timer behind', async () => {
    const { agent, engine, clock } = await startedBench();
    const slow = slowStill();
    engine.makeStill = () => slow.promise;
    const asked = agent.still();
    await agent.stop();
    slow.done(FAKE_JPEG);
    await asked;
    expect(await refusalOf(agent.still())).toBe('not-ready: not ready: the agent is stopping');
    expect(clock.pendingTimers).toBe(0);
  });
});
