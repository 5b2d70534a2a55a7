import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = resolve(import.meta.dirname, '../../buildroot-package/package/dashvoip/S95dashvoip');
/** A user of every Debian with a group of its own name, in the place of `dashvoip`. */
const USER = 'daemon';

/**
 * The init script under BusyBox's shell and start-stop-daemon, with a file in the place of each thing of the kernel
 * that it reads or writes, and a node that is a few lines of shell.
 */
class Board {
  readonly folder = mkdtempSync(join(tmpdir(), 'dashvoip-init-'));

  constructor() {
    chmodSync(this.folder, 0o777);
    for (const [name, text] of Object.entries({
      entropy: '256\n',
      trace: '1\n',
      now: '0\n',
      sound: '',
      camera: '',
      starts: '',
      log: '',
    })) {
      writeFileSync(this.path(name), text);
      chmodSync(this.path(name), name === 'starts' ? 0o666 : 0o600);
    }
    writeFileSync(
      this.path('defaults'),
      `
NODE=${this.path('node')}
NODE_FLAGS="--one --two"
BUNDLE=bundle.cjs
CONFIG=config.json
RUN_AS=${USER}
RT_PRIORITY=17
PIDFILE=${this.path('pid')}
SOUND_DEVICES="${this.folder}/soun*"
CAMERA_DEVICES="${this.path('camera')} ${this.path('absent')}"
logger() { if [ $# -gt 2 ]; then echo "$3"; else cat; fi >>${this.path('log')}; }
modprobe() { echo "modprobe $*" >>${this.path('log')}; }
dmesg() { cat ${this.path('dmesg')}; }
sleep() { echo "sleep $1" >>${this.path('log')}; busybox sleep 0.3; }
`,
    );
    this.node('exec busybox sleep 1000');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** What the node does after it has noted who it is and how it was called. */
  node(does: string): void {
    writeFileSync(
      this.path('node'),
      `#!/usr/bin/env -S busybox sh
echo "$$ $(id -un) rt=$(ulimit -r) $*" >>${this.path('starts')}
echo "hello from node"
${does}
`,
    );
    chmodSync(this.path('node'), 0o755);
  }

  run(verb: string): { status: number | null; output: string } {
    const overlay = `
for pair in entropy:/proc/sys/kernel/random/entropy_avail trace:/proc/sys/debug/exception-trace; do
  if [ -e "\${pair#*:}" ]; then mount --bind "$1/\${pair%%:*}" "\${pair#*:}" || exit 99; fi
done
exec busybox sh "$2" "$3"`;
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['--mount', 'sh', '-c', overlay, 'sh', this.folder, SCRIPT, verb],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, DASHVOIP_DEFAULTS: this.path('defaults') },
        timeout: 20_000,
      },
    );
    return { status, output: stdout + stderr };
  }

  starts(): string[] {
    return this.read('starts').split('\n').filter(Boolean);
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    for (let waited = 0; waited < 400; waited += 1) {
      if (holds()) return;
      await pause(50);
    }
    throw new Error(`never came: ${what}\nlog:\n${this.read('log')}`);
  }

  remove(): void {
    this.run('stop');
    rmSync(this.folder, { recursive: true });
  }
}

/** The real-time right that root may give here: a container may lack CAP_SYS_RESOURCE. */
function grantable(priority: number): string {
  const ask = `ulimit -r ${priority} 2>/dev/null; ulimit -r`;
  return spawnSync('busybox', ['sh', '-c', ask], { encoding: 'utf8' }).stdout.trim();
}

/** A process that ended and that init has not asked for yet does not count. */
function alive(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s*[ZX]/m.test(readFileSync(status, 'utf8'));
}

describe.skipIf(process.getuid?.() !== 0)('S95dashvoip (as root)', () => {
  let board: Board;

  beforeEach(() => {
    board = new Board();
  });

  afterEach(() => {
    board.remove();
  });

  it('starts the agent as its own user, with the one real-time right and nothing else of root', async () => {
    expect(board.run('start')).toEqual({ status: 0, output: 'Starting dashvoip: OK\n' });
    await board.until('a start', () => board.starts().length === 1);
    const right = grantable(17);
    expect(board.starts()[0]?.replace(/^\d+ /, '')).toBe(
      `daemon rt=${right} --one --two bundle.cjs run --config config.json`,
    );
    expect(board.read('log').includes('ulimit -r refused')).toBe(right !== '17');
  });

  it('brings what the agent says to the system log', async () => {
    board.run('start');
    await board.until('the words', () => board.read('log').includes('hello from node'));
  });

  it('quiets the dump of unknown system calls and loads the loopback card', async () => {
    board.run('start');
    await board.until('a start', () => board.starts().length === 1);
    if (existsSync('/proc/sys/debug/exception-trace')) expect(board.read('trace')).toBe('0\n');
    expect(board.read('log')).toContain('modprobe snd-aloop');
  });

  it('gives the sound cards to the group audio and the camera to the agent’s group', async () => {
    board.run('start');
    await board.until('a start', () => board.starts().length === 1);
    const group = (name: string): string =>
      readFileSync('/etc/group', 'utf8').match(new RegExp(`^${name}:[^:]*:(\\d+)`, 'm'))?.[1] ?? '';
    for (const [device, owner] of [
      ['sound', 'audio'],
      ['camera', USER],
    ] as const) {
      const { gid, mode } = statSync(board.path(device));
      expect({ device, gid: String(gid), mode: mode & 0o777 }).toEqual({
        device,
        gid: group(owner),
        mode: 0o660,
      });
    }
  });

  it('waits until the kernel’s random pool is seeded', async () => {
    writeFileSync(board.path('entropy'), '20\n');
    writeFileSync(board.path('dmesg'), '[0.1] Booting\n');
    board.run('start');
    await board.until('waiting', () => board.read('log').includes('sleep 1'));
    expect(board.starts()).toEqual([]);
    appendFileSync(board.path('dmesg'), '[0.4] random: fast init done\n');
    await board.until('a start', () => board.starts().length === 1);
  });

  it('starts it again when it dies, waiting twice as long each time up to a minute', async () => {
    board.node('exit 3');
    board.run('start');
    const delays = (): number[] =>
      [...board.read('log').matchAll(/ended with status 3, starting again in (\d+) s/g)].map(
        (found) => Number(found[1]),
      );
    await board.until('eight deaths', () => delays().length >= 8);
    expect(delays().slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('waits a second only when the agent had lived for a minute', async () => {
    appendFileSync(
      board.path('defaults'),
      `date() { t=$(cat ${board.path('now')}); echo $((t + 60)) >${board.path('now')}; echo "$t"; }\n`,
    );
    board.node('exit 3');
    board.run('start');
    const again = (): string[] => board.read('log').match(/starting again in \d+ s/g) ?? [];
    await board.until('three deaths', () => again().length >= 3);
    expect(new Set(again())).toEqual(new Set(['starting again in 1 s']));
  });

  it('stops the agent and does not start it again', async () => {
    board.run('start');
    await board.until('a start', () => board.starts().length === 1);
    const agent = Number.parseInt(board.starts()[0] ?? '', 10);
    const supervisor = Number(board.read('pid'));
    expect([alive(agent), alive(supervisor)]).toEqual([true, true]);
    expect(board.run('stop')).toEqual({ status: 0, output: 'Stopping dashvoip: OK\n' });
    expect([alive(agent), alive(supervisor), existsSync(board.path('pid'))]).toEqual([
      false,
      false,
      false,
    ]);
    expect(board.starts()).toHaveLength(1);
  });

  it('restarts an agent that hears no signal: by force, within seconds, and another one runs', async () => {
    board.node('trap "" TERM INT; while :; do busybox sleep 1; done');
    board.run('start');
    await board.until('a start', () => board.starts().length === 1);
    const deaf = Number.parseInt(board.starts()[0] ?? '', 10);
    expect(board.run('restart')).toEqual({
      status: 0,
      output: 'Stopping dashvoip: OK\nStarting dashvoip: OK\n',
    });
    await board.until('another start', () => board.starts().length === 2);
    expect(alive(deaf)).toBe(false);
    expect(alive(Number.parseInt(board.starts()[1] ?? '', 10))).toBe(true);
    // Seconds asked for until it was killed, and until it had ended.
    const slept = board.read('log').match(/sleep 1/g)?.length ?? 0;
    expect(slept).toBeGreaterThanOrEqual(5);
    expect(slept).toBeLessThanOrEqual(11);
    board.node('exec busybox sleep 1000');
  });

  it('restarts one that does as it is told, and another one runs', async () => {
    board.run('start');
    await board.until('a start', () => board.starts().length === 1);
    board.run('restart');
    await board.until('another start', () => board.starts().length === 2);
    expect(board.starts().map((line) => alive(Number.parseInt(line, 10)))).toEqual([false, true]);
  });

  it('ends an agent whose supervisor was killed before it starts another', async () => {
    board.node('busybox sleep 1000');
    board.run('start');
    await board.until('a start', () => board.starts().length === 1);
    process.kill(Number(board.read('pid')), 'SIGKILL');
    await board.until('its end', () => !alive(Number(board.read('pid'))));
    const [orphan = 0] = board.starts().map((line) => Number.parseInt(line, 10));
    expect(alive(orphan)).toBe(true);
    expect(board.run('start').output).toBe('Starting dashvoip: OK\n');
    await board.until('another start', () => board.starts().length === 2);
    expect(alive(orphan)).toBe(false);
  });

  it('starts once only, and stops what does not run without a complaint', async () => {
    board.run('start');
    await board.until('a start', () => board.starts().length === 1);
    expect(board.run('start').output).toContain('already running');
    board.run('stop');
    expect(board.run('stop')).toEqual({ status: 0, output: 'Stopping dashvoip: not running\n' });
    expect(board.starts()).toHaveLength(1);
  });

  it('says what is missing when there is no node', () => {
    rmSync(board.path('node'));
    const { status, output } = board.run('start');
    expect(status).toBe(1);
    expect(output).toContain(`no node at ${board.path('node')}: set NODE in`);
  });
});
