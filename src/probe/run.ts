import { type CameraProbe, isRandomReady, loadCameraProbe, loadFeatures } from '../media';
import type { Clock } from '../platform';
import { adviceOn } from './advice';
import {
  kernelFacts,
  libraryFacts,
  type Machine,
  memoryFacts,
  networkFacts,
  priorityFacts,
  randomnessFacts,
  soundFacts,
  storageFacts,
  userFacts,
} from './readers';
import {
  type CameraFacts,
  PROBE_VERSION,
  type ProbeFacts,
  type ProbeReport,
  type RuntimeFacts,
} from './report';

export interface ProbeOptions {
  readonly version: string;
  /** How long the live stream is watched; silence is played half as long. */
  readonly seconds: number;
  readonly machine: Machine;
  readonly clock: Clock;
  /** Who has the camera, if an agent does: then it is left alone. */
  readonly cameraTakenBy: (users: ProbeFacts['users']) => Promise<string | undefined>;
  /** Told what is being done, once per step. */
  readonly onProgress: (step: string) => void;
  /** Resolves when it is to end early. */
  readonly ended: Promise<unknown>;
}

const LOOK_MS = 100;
/** For the steps that have no length of their own: connecting, asking, opening, ending. */
const PATIENCE_MS = 15_000;

/** Finds out all it can; what cannot be found out is said in the report, and nothing throws. */
export async function runProbe(options: ProbeOptions): Promise<ProbeReport> {
  const { machine, clock, onProgress } = options;
  const began = clock.now();
  const at = clock.wallTime().toISOString();
  onProgress('looking at the machine');
  const runtime = runtimeFacts(options.version);
  const users = userFacts(machine, process.pid);
  const machineFacts = {
    runtime,
    kernel: kernelFacts(machine),
    memory: memoryFacts(machine),
    priority: priorityFacts(machine),
    sound: soundFacts(machine),
    randomness: randomnessFacts(machine, runtime.features ? isRandomReady() : undefined),
    network: networkFacts(machine),
    storage: storageFacts(machine),
    library: libraryFacts(machine),
    users,
  };
  const facts: ProbeFacts = {
    ...machineFacts,
    camera: await cameraFacts(runtime, users, options),
  };
  return {
    probeVersion: PROBE_VERSION,
    at,
    tookS: Math.round((clock.now() - began) / 100) / 10,
    ...facts,
    unread: machine.unread(),
    advice: adviceOn(facts),
  };
}

function runtimeFacts(dashvoip: string): RuntimeFacts {
  const base = { dashvoip, node: process.version, arch: process.arch };
  try {
    return { ...base, features: loadFeatures(), error: undefined };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { ...base, features: undefined, error: words };
  }
}

async function cameraFacts(
  runtime: RuntimeFacts,
  users: ProbeFacts['users'],
  options: ProbeOptions,
): Promise<CameraFacts> {
  const { features } = runtime;
  if (!features || features.cameraLink === 'none') {
    const why = features ? 'this build has no NetFIFO' : 'the media plane cannot be loaded';
    return { state: 'unknown', why };
  }
  const by = await options.cameraTakenBy(users);
  if (by !== undefined) return { state: 'taken', by };
  const watchMs = options.seconds * 1000;
  const settings = { watchMs, playMs: Math.ceil(watchMs / 2) };
  const probe = loadCameraProbe(settings);
  try {
    const limitMs = settings.watchMs + settings.playMs + PATIENCE_MS;
    const interrupted = await untilDone(probe, limitMs, options);
    return { state: 'examined', interrupted, ...probe.report() };
  } finally {
    probe.close();
  }
}

/** @return whether it was ended early. */
async function untilDone(
  probe: CameraProbe,
  limitMs: number,
  { clock, onProgress, ended }: ProbeOptions,
): Promise<boolean> {
  const until = clock.now() + limitMs;
  let told = '';
  let interrupted = false;
  void ended.then(() => {
    interrupted = true;
  });
  while (!interrupted && clock.now() < until) {
    const { done, stage } = probe.report();
    if (done) return false;
    if (stage !== told && stage !== '') onProgress(stage);
    told = stage;
    await new Promise<void>((resolve) => {
      clock.setTimer(LOOK_MS, resolve);
    });
  }
  return interrupted;
}
