import type { EngineFeatures } from '../media';
import { endSignal, systemClock, VERSION } from '../platform';
import type { UserFacts } from '../probe';
import { agentAt } from './agent-commands';
import {
  CannotException,
  type CliCommand,
  complain,
  EXIT,
  type Invocation,
  print,
} from './cli-command';
import { SET_CALLER } from './set-caller';
import { SET_PASSWORD } from './set-password';

/** Commands that do their work in this process and need no agent. */
export const LOCAL_COMMANDS: readonly CliCommand[] = [
  {
    name: 'bridge',
    summary: 'Makes a sound card of the camera’s microphone and speaker.',
    details:
      'Connects the camera with snd-aloop, so that every ALSA program here records its microphone and plays through its speaker; no agent is needed for that, nor may one run. Runs in the foreground until SIGTERM or Ctrl-C. With --json one object every five seconds and at the end.',
    options: ['config', 'capture', 'playback', 'control'],
    run: runBridgeHere,
  },
  {
    name: 'probe',
    summary: 'Finds out about this camera, and what to do about it.',
    details:
      'Looks at the machine, reads the camera’s live stream for a while, lets one queue run full and plays silence to its speaker; docs/probe.md says what each finding means. Prints a summary with advice, or with --json one object to send to us; no passwords, keys, names of networks or MAC addresses are in it. A camera that an agent has is left alone. Progress goes to standard error.',
    options: ['seconds', 'control'],
    run: runProbeHere,
  },
  SET_PASSWORD,
  SET_CALLER,
  {
    name: 'version',
    summary: 'Version, features and libraries of this installation.',
    options: [],
    run: showVersion,
  },
];

async function runBridgeHere(invocation: Invocation): Promise<number> {
  const agent = await agentAt(invocation.control);
  if (agent && (agent.engine?.camera.state ?? 'none') !== 'none') {
    throw new CannotException(
      `an agent runs already (process ${agent.pid}) and has the camera: stop it first, or do without the bridge, which it does not need`,
    );
  }
  const { config, capture, playback, json } = invocation;
  const [{ runBridge }, { MediaException }] = await Promise.all([
    import('../bridge'),
    import('../media'),
  ]);
  try {
    await runBridge({ configFile: config, capture, playback, json, output: process.stdout });
    return EXIT.ok;
  } catch (error) {
    throw error instanceof MediaException ? new CannotException(error.message) : error;
  }
}

async function runProbeHere({ seconds, json, control }: Invocation): Promise<number> {
  const { HostMachine, isInterrupted, runProbe, summaryOf } = await import('../probe').catch(
    explainMissingProbe,
  );
  const ended = endSignal();
  const report = await runProbe({
    version: VERSION,
    seconds,
    machine: new HostMachine(),
    clock: systemClock,
    cameraTakenBy: (users) => cameraTakenBy(users, control),
    onProgress: (step) => process.stderr.write(`${step} ...\n`),
    ended,
  });
  print(json ? JSON.stringify(report) : summaryOf(report));
  const looked = report.kernel.release !== undefined && !isInterrupted(report);
  return looked ? EXIT.ok : EXIT.failed;
}

/** It is a file of its own, which some leave out. */
function explainMissingProbe(error: unknown): never {
  const isMissing = error instanceof Error && error.message.includes('dashvoip-probe.cjs');
  if (!isMissing) throw error;
  throw new CannotException(
    'the probe is not installed: expected the file dashvoip-probe.cjs beside dashvoip.cjs',
  );
}

/**
 * Which dashvoip has the camera. Nothing is sent to the control port unless an agent runs here: on a
 * camera the vendor's own server may have that port.
 */
async function cameraTakenBy(
  { processes }: UserFacts,
  control: Invocation['control'],
): Promise<string | undefined> {
  // One that has another libnetfifo loaded, or none, has another camera.
  const ours = processes.filter(
    ({ dashvoip, library }) => dashvoip !== undefined && library !== false,
  );
  for (const { pid, dashvoip } of ours) {
    // One that does not answer as expected keeps its camera.
    const agent = dashvoip === 'run' ? await agentAt(control).catch(() => undefined) : undefined;
    const without = agent?.pid === pid && (agent.engine?.camera.state ?? 'none') === 'none';
    if (!without) return `dashvoip ${dashvoip} (process ${pid})`;
  }
  return undefined;
}

async function showVersion({ json }: Invocation): Promise<number> {
  const { loadFeatures, loadSctp } = await import('../media');
  const base = { version: VERSION, node: process.version };
  try {
    const features = loadFeatures();
    // That of the build and of the kernel.
    const sctp = await loadSctp().then(
      () => true,
      () => false,
    );
    print(json ? JSON.stringify({ ...base, features, sctp }) : versionInWords(features, sctp));
    return EXIT.ok;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    print(json ? JSON.stringify({ ...base, error: reason }) : `dashvoip ${VERSION}`);
    if (!json) complain(reason);
    return EXIT.failed;
  }
}

function versionInWords(features: EngineFeatures, sctp: boolean): string {
  const { cameraLink, alsa, aac, rtsp, still, codecs, srtp, libraries } = features;
  const yesNo = (value: boolean): string => (value ? 'yes' : 'no');
  return [
    `dashvoip ${VERSION}, node ${process.version.slice(1)}`,
    `  camera link  ${cameraLink}`,
    `  ALSA         ${yesNo(alsa)}`,
    `  AAC          ${yesNo(aac)}`,
    `  RTSP         ${yesNo(rtsp)}`,
    `  stills       ${yesNo(still)}`,
    `  codecs       ${codecs.join(' ')}`,
    `  SRTP         ${srtp ? 'yes' : 'no: this node has no OpenSSL, calls are not encrypted'}`,
    `  SCTP         ${yesNo(sctp)}`,
    ...Object.entries(libraries).map(([name, version]) => `  ${name.padEnd(12)} ${version}`),
  ].join('\n');
}
