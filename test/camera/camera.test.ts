import { describe, expect, it } from 'vitest';
import { Camera, cameraProblems } from '../../src/camera';
import type { VideoParameters } from '../../src/media';
import { Log, silentLogger } from '../../src/platform';
import { FakeEngine, PICTURE } from '../agent/fakes';
import { VirtualClock } from '../support/virtual-clock';

function camera(engine: FakeEngine, wanted = true): { camera: Camera; clock: VirtualClock } {
  const clock = new VirtualClock();
  return { camera: new Camera(engine, wanted, clock, silentLogger), clock };
}

describe('the picture', () => {
  it('is there as soon as the parameter sets are', () => {
    const engine = new FakeEngine();
    engine.picture = undefined;
    const { camera: seen, clock } = camera(engine);
    const told: boolean[] = [];
    seen.events.on('picture', (available) => told.push(available));
    clock.advance(500);
    expect(seen.picture).toBeUndefined();
    engine.picture = PICTURE;
    clock.advance(100);
    expect(seen.picture).toBe(PICTURE);
    expect(told).toEqual([true]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('goes with the stream and comes back with it', () => {
    const engine = new FakeEngine();
    const { camera: seen } = camera(engine);
    const told: boolean[] = [];
    seen.events.on('picture', (available) => told.push(available));
    engine.setCamera('idle');
    expect(seen.picture).toBeUndefined();
    engine.setCamera('streaming');
    expect(told).toEqual([false, true]);
  });

  it('that takes something to be offered is there once that is; in words when it never is', async () => {
    const engine = new FakeEngine();
    const asked: string[] = [];
    let ready: (() => void) | undefined;
    let isReady = false;
    const prepare = ({ codec }: VideoParameters) => {
      asked.push(codec);
      return isReady ? undefined : new Promise<void>((done) => (ready = done));
    };
    engine.picture = { ...PICTURE, codec: 'H265' };
    const clock = new VirtualClock();
    const seen = new Camera(engine, true, clock, silentLogger, prepare);
    expect(seen.picture).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
    const told: boolean[] = [];
    seen.events.on('picture', (available) => told.push(available));
    isReady = true;
    ready?.();
    await Promise.resolve();
    expect(seen.picture).toBe(engine.picture);
    expect(told).toEqual([true]);
    expect(asked).toEqual(['H265', 'H265']);

    const lines: string[] = [];
    const log = new Log(
      'info',
      (line) => lines.push(line),
      () => new Date(0),
    ).logger('test');
    const broken = new Camera(engine, true, clock, log, () => Promise.reject(new Error('gone')));
    await Promise.resolve();
    await Promise.resolve();
    expect(broken.picture).toBeUndefined();
    expect(lines.join()).toMatch(/no picture can be offered.*gone/);
  });

  it('is never asked for when it is not wanted', () => {
    const { camera: seen, clock } = camera(new FakeEngine(), false);
    expect(seen.picture).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is looked for no longer once the camera is closed', () => {
    const engine = new FakeEngine();
    engine.picture = undefined;
    const { camera: seen, clock } = camera(engine);
    seen.close();
    expect(clock.pendingTimers).toBe(0);
    engine.setCamera('streaming');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the state', () => {
  it('is that of the engine', () => {
    const engine = new FakeEngine();
    const { camera: seen } = camera(engine);
    const told: string[] = [];
    seen.events.on('state', (state) => told.push(state));
    expect(seen.state).toBe('streaming');
    engine.setCamera('absent');
    expect(seen.state).toBe('absent');
    expect(seen.snapshot().state).toBe('absent');
    expect(told).toEqual(['absent']);
  });
});

describe('what is wrong', () => {
  const snapshot = new FakeEngine().state.camera;
  const all = { sound: true, picture: true };

  it.each([
    [{ state: 'none' }, all, 0],
    [{ state: 'absent' }, all, 1],
    [{ state: 'idle' }, all, 1],
    [{}, all, 0],
    [{ hasAudio: false }, all, 1],
    [{ hasVideo: false }, all, 1],
    [{ hasAudio: false, hasVideo: false }, { sound: false, picture: false }, 0],
  ] as const)('with %j, expecting %j: %i', (change, wanted, count) => {
    expect(cameraProblems({ ...snapshot, ...change }, wanted)).toHaveLength(count);
  });
});
