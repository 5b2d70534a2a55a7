import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { StandIn } from '../toolkit/peers/stand-in';
import { Stage } from './support/stage';

const PROGRAM = resolve('dist/dashvoip.cjs');

const stage = await Stage.open('probe');

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  /** Words in front of node. */
  readonly prefix?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
}

/** `dashvoip probe` among the processes of this machine. */
function probe(args: readonly string[], surroundings: Surroundings = {}): Promise<Result> {
  const { prefix = [], env = {}, program = PROGRAM } = surroundings;
  const [command = '', ...words] = [...prefix, process.execPath, program, 'probe', ...args];
  const options = {
    env: { ...process.env, H22_SIM_SOCKET: stage.cameraSocket, ...env },
    maxBuffer: 1 << 24,
  };
  return new Promise((done) => {
    execFile(command, words, options, (error, out, err) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
      done({ code, out, err });
    });
  });
}

/** Processes of its own, as on a camera: no agent of another test is in sight. */
const ALONE = ['unshare', '--pid', '--fork', '--mount-proc'];

function probeAlone(args: readonly string[], surroundings: Surroundings = {}): Promise<Result> {
  return probe(args, { ...surroundings, prefix: [...ALONE, ...(surroundings.prefix ?? [])] });
}

interface Report {
  readonly camera: Readonly<Record<string, unknown>>;
  readonly advice: readonly { readonly severity: string; readonly found: string }[];
  readonly [name: string]: unknown;
}

function isReport(value: unknown): value is Report {
  return (
    typeof value === 'object' &&
    value !== null &&
    'advice' in value &&
    Array.isArray(value.advice) &&
    'camera' in value &&
    typeof value.camera === 'object'
  );
}

function reportIn({ out }: Result): Report {
  const report: unknown = JSON.parse(out);
  expect(report).toMatchObject({ probeVersion: 1 });
  if (!isReport(report)) throw new Error(`expected a report, found ${out.slice(0, 200)}`);
  return report;
}

const findings = (report: Report): string[] => report.advice.map(({ found }) => found);

let camera: StandIn | undefined;

afterEach(async () => {
  await camera?.stop();
  camera = undefined;
});

describe('a probe', () => {
  it('looks at the machine when there is no camera', async () => {
    const result = await probeAlone(['--json']);
    expect(result).toMatchObject({ code: 0 });
    const report = reportIn(result);
    expect(report.camera).toMatchObject({ state: 'examined', connected: false });
    expect(findings(report)).toContain('the camera does not answer: no camera answers');
    expect(report).toMatchObject({
      kernel: { release: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim() },
      runtime: {
        node: process.version,
        features: {
          cameraLink: 'stand-in',
          libraries: { glibc: expect.stringMatching(/^2\.\d+$/) },
        },
      },
      randomness: { ready: true },
    });
  });

  it('finds the camera’s habits', async () => {
    camera = await stage.camera([
      ...['--drop', 'newest', '--descriptors', '48', '--ring-size', '30011'],
      ...['--audio-seq', 'constant', '--audio-timescale', '0', '--audio-channels', '0'],
      ...['--speaker-ppm', '5000', '--stream-in-channels', '1'],
    ]);
    const result = await probeAlone(['--json', '--seconds', '6']);
    expect(result).toMatchObject({ code: 0 });
    expect(result.err).toMatch(/reading the live stream .+playing silence/s);
    const report = reportIn(result);
    expect(report.camera).toMatchObject({
      connected: true,
      done: true,
      error: '',
      header: { handle: 'pointer', entryBytes: 40 },
      overflow: { drops: 'newest', totalEntries: 48, heldEntries: 48 },
      speaker: { present: true, error: '', format: { codec: 'PCM', channels: 1 } },
      tracks: [
        {
          kind: 'video',
          codec: 'H264',
          width: 320,
          height: 240,
          toldTimescale: 60_000,
          ringBytes: 30_011,
          outsideRing: 0,
          nalTypes: expect.arrayContaining([5, 7, 8, 9, 26]),
        },
        { kind: 'audio', codec: 'AAC', toldTimescale: 0, timescale: 90_000, toldChannels: 0 },
      ],
    });
    expect(findings(report)).toEqual(
      expect.arrayContaining([
        'a full queue drops the newest frames',
        'a queue holds 48 entries',
        'numbers of sound frames cannot be trusted',
        'the sound is AAC',
        'the sound’s track does not say its time scale (90000 was assumed) and its channels (2 were assumed)',
        expect.stringMatching(/^the speaker has a clock that is \d{4} ppm too fast$/),
      ]),
    );
    const counters = await camera.stop();
    expect(counters).toMatchObject({ sessions: 1 });
    expect(readFileSync(camera.process.logPath, 'latin1')).not.toMatch(/without END/);
  });

  it('says in words what a camera fresh from its maker lacks', async () => {
    camera = await stage.camera(['--no-audio', '--rpc-latency', '3000-4000'], { mute: true });
    const { code, out } = await probeAlone(['--seconds', '3']);
    expect(code).toBe(0);
    expect(out).toMatch(/^dashvoip probe \d+\.\d+\.\d+, /);
    expect(out).toMatch(/^ {2}video +H264, 320x240, /m);
    expect(out).toMatch(/^ {2}speaker +none \(stream-in is not wired\)$/m);
    expect(out).toContain('error: the live stream has no sound\n');
    expect(out).toContain('-> "t app test rec av" on the RTOS console');
    expect(out).toContain('error: the camera takes no sound for its speaker');
    expect(out).toMatch(/^ {2}calls +peek [3-9]\.\d\d /m);
  });

  it('says when another program has the camera to itself', async () => {
    camera = await stage.camera(['--exclusive']);
    const agent = await stage.agent({ name: 'other', cameraSocket: stage.cameraSocket });
    await agent.untilCamera('streaming');
    // Where it cannot see the agent, the camera refuses it.
    const report = reportIn(await probeAlone(['--json']));
    expect(report.camera).toMatchObject({ connected: false });
    await agent.stop();
  });

  it('leaves the camera to a running agent', async () => {
    camera = await stage.camera();
    const agent = await stage.agent({ name: 'agent', cameraSocket: stage.cameraSocket });
    await agent.untilCamera('streaming');
    const control = `127.0.0.1:${agent.agent.controlPort}`;
    const result = await probe(['--json', '--control', control]);
    expect(result.code).toBe(0);
    const report = reportIn(result);
    expect(report.camera).toMatchObject({
      state: 'taken',
      by: expect.stringMatching(/^dashvoip run \(process \d+\)$/),
    });
    expect(report).toMatchObject({
      users: { processes: expect.arrayContaining([expect.objectContaining({ dashvoip: 'run' })]) },
    });
    await agent.stop();
    expect(await camera.stop()).toMatchObject({ clients: 1 });
  });

  it('comes back from a camera that never answers, and says where it hung', async () => {
    camera = await stage.camera(['--hang-after', '60']);
    const result = await probeAlone(['--json', '--seconds', '1']);
    expect(result.code).toBe(0);
    const report = reportIn(result);
    expect(report.camera).toMatchObject({ done: false, stage: expect.stringMatching(/./) });
    expect(findings(report)).toContainEqual(
      expect.stringMatching(/^the camera did not answer while [a-z]/),
    );
  });

  it('ended by a signal, tells what it has and leaves the camera in order', async () => {
    camera = await stage.camera();
    const prefix = ['timeout', '--preserve-status', '--signal=INT', '4'];
    const result = await probeAlone(['--json', '--seconds', '60'], { prefix });
    expect(result.code).toBe(1);
    expect(reportIn(result).camera).toMatchObject({ interrupted: true, connected: true });
    await camera.stop();
    expect(readFileSync(camera.process.logPath, 'latin1')).not.toMatch(/without END/);
  });

  it('works for an ordinary user, and says when it is not installed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dashvoip-probe-'));
    try {
      const program = join(folder, 'dashvoip.cjs');
      for (const name of ['dashvoip.cjs', 'dashvoip.node', 'libnetfifo.so']) {
        cpSync(resolve('dist', name), join(folder, name));
      }
      expect(await probeAlone([], { program })).toMatchObject({
        code: 2,
        err: expect.stringContaining('expected the file dashvoip-terminal.cjs beside dashvoip.cjs'),
      });
      cpSync(resolve('dist/dashvoip-terminal.cjs'), join(folder, 'dashvoip-terminal.cjs'));
      expect(await probeAlone([], { program })).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^dashvoip: the probe is not installed: .*\n$/),
      });
      cpSync(resolve('dist/dashvoip-probe.cjs'), join(folder, 'dashvoip-probe.cjs'));
      chmodSync(folder, 0o755);
      const prefix = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
      // The first process of its own world, and its shell, belong to root.
      const root = ['sh', '-c', '"$@"; exit $?', 'sh'];
      const result = await probeAlone(['--json'], { prefix: [...root, ...prefix], program });
      expect(result.code).toBe(0);
      const report = reportIn(result);
      expect(report).toMatchObject({ priority: { realtime: false }, users: { closed: 1 } });
      expect(findings(report)).toContain('this user may not have real-time priority');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('passes on no secret of environment, command lines or configuration', async () => {
    const secret = 'Xq7-do-not-tell';
    const agent = await stage.agent({
      name: 'secretive',
      sections: {
        account: {
          uri: 'sip:car@127.0.0.1',
          registrar: 'sip:127.0.0.1',
          username: 'car',
          password: secret,
        },
      },
    });
    const env = { SIP_TOKEN: secret, NODE_OPTIONS: `--title=${secret}` };
    const control = `127.0.0.1:${agent.agent.controlPort}`;
    const json = await probe(['--json', '--control', control], { env });
    const words = await probe(['--control', control], { env });
    expect(readFileSync(agent.agent.configPath, 'utf8')).toContain(secret);
    for (const { code, out, err } of [json, words]) {
      expect(code).toBe(0);
      expect(out.length).toBeGreaterThan(500);
      expect(out + err).not.toContain(secret);
      // Nor a MAC address.
      expect(out).not.toMatch(/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/i);
    }
    await agent.stop();
  });
});
