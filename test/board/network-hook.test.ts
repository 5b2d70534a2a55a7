import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const OVERLAY = resolve('board/h22/rootfs-overlay');
const HOOK = readFileSync(join(OVERLAY, 'usr/share/dashvoip/network-changed'), 'utf8');
const folder = resolve('build/test/board/network-hook');

/** Runs the hook where `dashvoip status --json` says this. @returns what the init script was told. */
function hookWith(status: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const told = join(folder, 'told');
  const script = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  writeFileSync(join(folder, 'status'), status);
  script('dashvoip', `[ "$*" = "status --json" ] && cat ${join(folder, 'status')}`);
  const init = script('S95dashvoip', `echo "$@" >${told}`);
  const hook = script('hook', HOOK.replaceAll('/etc/init.d/S95dashvoip', init));
  writeFileSync(told, '');
  execFileSync('sh', [hook], { env: { PATH: `${folder}:${process.env.PATH}` } });
  return readFileSync(told, 'utf8').trim();
}

describe('the hook of a changed network', () => {
  it('starts an idle agent anew', () => {
    expect(hookWith('{"pid":1,"calls":[],"recent":[]}')).toBe('restart');
  });

  it('leaves a call alone', () => {
    expect(hookWith('{"pid":1,"calls":[{"call":1}],"recent":[]}')).toBe('');
  });

  it('leaves an agent alone that does not run', () => {
    expect(hookWith('')).toBe('');
  });
});
