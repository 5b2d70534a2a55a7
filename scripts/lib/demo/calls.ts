import type { AgentCall } from '../../../test/toolkit/peers/agent-status';
import { CpuMeter } from '../../../test/toolkit/process/proc-stats';
import { sleep, waitUntil } from '../../../test/toolkit/process/wait';
import type { Progress } from '../terminal';
import type { Scene } from './scene';

const TALK_SECONDS = 10;
const HOLD_SECONDS = 2;
const AFTER_HOLD_SECONDS = 5;
const RING_SECONDS = 1;
const SAMPLE_MS = 250;
/** Label of the talk after the hold. */
export const RESUMED = 'resumed';

/** A stretch of the demonstration, in nanoseconds of the capture's clock. */
export interface Phase {
  readonly label: string;
  readonly kind: 'call' | 'hold';
  readonly from: bigint;
  readonly to: bigint;
}

/** What the agent said of a call at one moment. */
export interface Sample {
  readonly at: bigint;
  readonly bufferMs: number;
  readonly targetMs: number;
}

export interface CallRecord {
  readonly phases: readonly Phase[];
  readonly samples: readonly Sample[];
  /** The agent's last words on each call before it ended. */
  readonly lastStatus: readonly AgentCall[];
  /** Of the agent, per cent of a core, while it talked. */
  readonly cpuPercent: number;
}

/** Makes the two calls: the camera calls the phone, holds and resumes; then the phone calls the camera. */
export async function makeCalls(scene: Scene, progress: Progress): Promise<CallRecord> {
  const recorder = new Recorder(scene, progress);
  const { agent, phone } = scene;

  progress.step('call 1: the camera calls the phone');
  await agent.call(phone.uri);
  await recorder.untilState('active');
  await recorder.talk('call 1', TALK_SECONDS);
  await agent.json('hold');
  await recorder.untilState('held');
  await recorder.pause('on hold', HOLD_SECONDS);
  await agent.json('resume');
  await recorder.untilState('active');
  await recorder.talk(RESUMED, AFTER_HOLD_SECONDS);
  await agent.json('hangup');
  await recorder.untilNoCall();

  progress.step('call 2: the phone calls the camera');
  await phone.dial(agent.uri);
  await recorder.untilState('incoming');
  await sleep(RING_SECONDS * 1000);
  await agent.json('answer');
  await recorder.untilState('active');
  await recorder.talk('call 2', TALK_SECONDS);
  await phone.hangup();
  await recorder.untilNoCall();
  return recorder.record();
}

/** Follows the calls, tells how they go, and keeps what will be plotted. */
class Recorder {
  readonly #scene: Scene;
  readonly #progress: Progress;
  readonly #phases: Phase[] = [];
  readonly #samples: Sample[] = [];
  readonly #lastStatus = new Map<number, AgentCall>();
  readonly #cpuPercents: number[] = [];

  constructor(scene: Scene, progress: Progress) {
    this.#scene = scene;
    this.#progress = progress;
  }

  async untilState(state: AgentCall['state']): Promise<void> {
    await waitUntil(`a call that is ${state}`, async () => (await this.#look())?.state === state);
  }

  async untilNoCall(): Promise<void> {
    await waitUntil('the call to end', async () => !(await this.#look()));
    await this.#scene.phone.waitForEvent('CALL_CLOSED');
  }

  async talk(label: string, seconds: number): Promise<void> {
    const cpu = new CpuMeter(this.#scene.agent.process.pid);
    await this.#spend(label, 'call', seconds);
    this.#cpuPercents.push(cpu.percent());
  }

  pause(label: string, seconds: number): Promise<void> {
    return this.#spend(label, 'hold', seconds);
  }

  record(): CallRecord {
    return {
      phases: this.#phases,
      samples: this.#samples,
      lastStatus: [...this.#lastStatus.values()],
      cpuPercent:
        this.#cpuPercents.reduce((sum, percent) => sum + percent, 0) / this.#cpuPercents.length,
    };
  }

  async #spend(label: string, kind: Phase['kind'], seconds: number): Promise<void> {
    const from = wallNanoseconds();
    const begin = performance.now();
    while (performance.now() - begin < seconds * 1000) {
      const call = await this.#look();
      if (!call) throw new Error(`the call ended by itself while it should have lasted (${label})`);
      const passed = ((performance.now() - begin) / 1000).toFixed(1);
      this.#progress.update(`  ${label}  ${passed} s of ${seconds} s  ${describe(call)}`);
      await sleep(SAMPLE_MS);
    }
    this.#phases.push({ label, kind, from, to: wallNanoseconds() });
  }

  async #look(): Promise<AgentCall | undefined> {
    const [call] = (await this.#scene.status()).calls;
    if (!call) return undefined;
    this.#lastStatus.set(call.call, call);
    const audio = call.media?.audio;
    if (audio && (call.state === 'active' || call.state === 'held')) {
      const { bufferMs, bufferTargetMs } = audio;
      this.#samples.push({ at: wallNanoseconds(), bufferMs, targetMs: bufferTargetMs });
    }
    return call;
  }
}

function describe({ state, media }: AgentCall): string {
  const { audio, video } = media ?? {};
  return [
    state,
    ...(audio
      ? [
          `heard ${audio.received.packets} packets`,
          `lost ${audio.received.lost}`,
          `jitter ${audio.received.jitterMs.toFixed(1)} ms`,
          `buffer ${audio.bufferMs.toFixed(0)} ms`,
          `pacing p99 ${(audio.pacingP99Us / 1000).toFixed(2)} ms`,
        ]
      : []),
    ...(audio?.mos === undefined ? [] : [`MOS ${audio.mos.toFixed(1)}`]),
    ...(video ? [`pictures ${video.frames}`] : []),
  ].join('  ');
}

function wallNanoseconds(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
