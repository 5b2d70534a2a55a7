import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const HOOK = resolve('board/h22/rootfs-overlay/usr/share/dashvoip/network-changed');
const folder = mkdtempSync(join(tmpdir(), 'dashvoip-hook-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the hook where the command ends like that. @returns how the hook ended, what it said, and what it ran. */
function hookWith(status: number): object {
  const told = join(folder, 'told');
  writeFileSync(told, '');
  const command = join(folder, 'dashvoip');
  writeFileSync(command, `#!/bin/sh\necho "$@" >>${told}\necho words >&2\nexit ${status}\n`);
  chmodSync(command, 0o755);
  const {
    status: ended,
    stdout,
    stderr,
  } = spawnSync('busybox', ['sh', HOOK], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  return { ended, said: stdout + stderr, told: readFileSync(told, 'utf8') };
}

describe('the hook of a changed network', () => {
  it('tells the agent, in a call too, and never restarts it', () => {
    expect(hookWith(0)).toEqual({ ended: 0, said: '', told: 'network-changed\n' });
  });

  it('troubles nobody where no agent runs', () => {
    expect(hookWith(1)).toEqual({ ended: 0, said: '', told: 'network-changed\n' });
  });
});
