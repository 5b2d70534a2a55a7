import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LogLevel, LogOutput, Syslog, systemClock, systemLogger } from '../../src/platform';
import { VirtualClock } from '../support/virtual-clock';

const LINE = 'time=2026-11-23T05:36:28.055Z level=info area=agent msg="x"\n';

/** Loggers played by the test. */
function bench() {
  const clock = new VirtualClock();
  const started: {
    priority: string;
    lines: string[];
    pending: number;
    end: (why: string) => void;
    ended: boolean;
  }[] = [];
  const troubles: string[] = [];
  const refusing = { is: false };
  const syslog = new Syslog(
    (priority, onEnd) => {
      if (refusing.is) throw new Error('no memory');
      const one = { priority, lines: [] as string[], pending: 0, end: onEnd, ended: false };
      started.push(one);
      return {
        get pending() {
          return one.pending;
        },
        write: (line) => void one.lines.push(line),
        end: () => {
          one.ended = true;
        },
      };
    },
    clock,
    (reason) => troubles.push(reason),
  );
  const write = (level: LogLevel = 'info', line = LINE) => syslog.write(line, level);
  return { clock, started, troubles, refusing, syslog, write };
}

describe('syslog', () => {
  it('gets each line under its priority, without a time of ours', () => {
    const { started, write } = bench();
    for (const level of ['info', 'error', 'warn', 'debug', 'info'] as const)
      expect(write(level)).toBe(true);
    expect(started.map(({ priority, lines }) => [priority, lines.length])).toEqual([
      ['daemon.info', 2],
      ['daemon.err', 1],
      ['daemon.warning', 1],
      ['daemon.debug', 1],
    ]);
    expect(started[0]?.lines[0]).toBe('level=info area=agent msg="x"\n');
  });

  it('gets a long line cut to what a packet holds, between characters', () => {
    const { started, write } = bench();
    write('info', `${'가'.repeat(1000)}\n`);
    expect(started[0]?.lines[0]).toBe(`${'가'.repeat(300)}...\n`);
  });

  it('that takes nothing makes nobody wait: lines are dropped and counted', () => {
    const { started, syslog, write } = bench();
    write();
    for (const one of started) one.pending = 33 * 1024;
    expect([write(), write()]).toEqual([false, false]);
    expect(syslog.dropped).toBe(2);
    // Another priority has another child.
    expect(write('warn')).toBe(true);
    for (const one of started) one.pending = 0;
    expect(write()).toBe(true);
  });

  it('that is dead is tried again, ever more seldom', () => {
    const { clock, started, troubles, write } = bench();
    for (let second = 0; second < 600; second += 1) {
      write();
      // As one that finds no /dev/log.
      started[started.length - 1]?.end('it ended (1)');
      clock.advance(1000);
    }
    expect(started.length).toBeGreaterThan(8);
    expect(started.length).toBeLessThan(20);
    expect(troubles).toHaveLength(started.length);
    // One that worked for long is back soon.
    clock.advance(120_000);
    write();
    clock.advance(120_000);
    started[started.length - 1]?.end('killed');
    clock.advance(1001);
    expect(write()).toBe(true);
  });

  it('that cannot even be started kills nobody', () => {
    const { clock, refusing, started, troubles, write } = bench();
    refusing.is = true;
    expect([write(), write()]).toEqual([false, false]);
    expect(troubles).toEqual(['no memory']);
    refusing.is = false;
    clock.advance(2001);
    expect(write()).toBe(true);
    expect(started).toHaveLength(1);
  });

  it('is closed without a word about it', () => {
    const { started, syslog, troubles, write } = bench();
    write();
    syslog.close();
    started[0]?.end('it ended (0)');
    expect([started[0]?.ended, troubles]).toEqual([true, []]);
  });
});

describe('where lines go', () => {
  it.each([
    ['stderr', true, ['stderr']],
    ['syslog', true, ['syslog']],
    ['both', true, ['syslog', 'stderr']],
    // Not lost.
    ['syslog', false, ['syslog', 'stderr']],
    ['both', false, ['syslog', 'stderr']],
  ] as const)('%s, which syslog takes: %s', (target, takes, found) => {
    const went: string[] = [];
    const write = (): boolean => {
      went.push('syslog');
      return takes;
    };
    const syslog = { write, close: () => undefined };
    new LogOutput(target, () => went.push('stderr'), syslog).write(LINE, 'info');
    expect(went).toEqual(found);
  });
});

describe('logger', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dashvoip-logger-'));
  const seen = join(folder, 'seen');
  const devLog = join(folder, 'log');
  const path = process.env.PATH;

  beforeAll(() => {
    const program = join(folder, 'logger');
    writeFileSync(program, `#!/bin/sh\necho "$@" >>${seen}\ncat >>${seen}\necho end >>${seen}\n`);
    chmodSync(program, 0o755);
  });
  beforeEach(() => {
    process.env.PATH = `${folder}:${path}`;
    rmSync(seen, { force: true });
  });
  afterEach(() => {
    process.env.PATH = path;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Somebody who takes datagrams at that socket, as syslogd does. */
  async function listener(): Promise<() => void> {
    const script = `import socket,sys; s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); s.bind(${JSON.stringify(devLog)}); print("up",flush=True); sys.stdin.read()`;
    const child = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return () => void child.kill('SIGKILL');
  }

  function started() {
    const troubles: string[] = [];
    const start = systemLogger('dashvoip[7]', devLog);
    const syslog = new Syslog(start, systemClock, (reason) => troubles.push(reason));
    return { syslog, troubles };
  }
  const IN_TIME = { timeout: 10_000 };

  it('is a child that is told tag and priority, gets lines as they come, and ends with us', async () => {
    const stop = await listener();
    const { syslog } = started();
    syslog.write(LINE, 'warn');
    const text = () => readFileSync(seen, 'utf8');
    await vi.waitFor(() => expect(text()).toContain('msg="x"'), IN_TIME);
    expect(text()).toBe('-t dashvoip[7] -p daemon.warning\nlevel=info area=agent msg="x"\n');
    syslog.close();
    await vi.waitFor(() => expect(text()).toMatch(/\nend\n$/), IN_TIME);
    stop();
    rmSync(devLog);
  });

  it('is of no use where nobody listens, or nobody any more, and that is told', async () => {
    const nobody = started();
    nobody.syslog.write(LINE, 'info');
    await vi.waitFor(() => expect(nobody.troubles.join()).toMatch(/^connect ENOENT /), IN_TIME);
    expect(nobody.syslog.write(LINE, 'info')).toBe(false);
    const stop = await listener();
    stop();
    await vi.waitFor(async () => {
      const dead = started();
      dead.syslog.write(LINE, 'info');
      await vi.waitFor(() => expect(dead.troubles.join()).toMatch(/^connect ECONNREFUSED /), 2000);
    }, IN_TIME);
    rmSync(devLog);
  });

  it('that is not there is told, and no more', async () => {
    process.env.PATH = join(folder, 'nowhere');
    const { syslog, troubles } = started();
    syslog.write(LINE, 'info');
    await vi.waitFor(() => expect(troubles).toHaveLength(1), IN_TIME);
    expect(syslog.write(LINE, 'info')).toBe(false);
  });
});
