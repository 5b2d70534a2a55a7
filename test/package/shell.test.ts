import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Every file of the repository, new ones too, whose first line names a shell, and what those source. */
function shellScripts(): string[] {
  const { stdout } = spawnSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 24 },
  );
  return stdout
    .split('\0')
    .filter((name) => name !== '' && !/\.(png|wav|h264|pcap|aac|bin)$/.test(name))
    .filter((name) => name.endsWith('.sh') || firstLine(name).match(/^#!.*\b(ba|da|)sh\b/));
}

function firstLine(name: string): string {
  try {
    return readFileSync(join(ROOT, name)).subarray(0, 80).toString('latin1').split('\n')[0] ?? '';
  } catch {
    return ''; // deleted, or a link to nowhere
  }
}

describe('shell scripts', () => {
  it('have nothing that shellcheck would change', () => {
    const scripts = shellScripts();
    expect(scripts).toContain('scripts/setup');
    expect(scripts).toContain('buildroot-package/package/dashvoip/S95dashvoip');
    const { stdout, stderr } = spawnSync(
      'shellcheck',
      ['--external-sources', '--source-path=.:scripts', '--format=gcc', ...scripts],
      { cwd: ROOT, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(stdout).toBe('');
  });

  it('are understood by the board’s shell where they run there', () => {
    for (const name of ['S95dashvoip', 'dashvoip.sh', 'dashvoip.default']) {
      const path = join(ROOT, 'buildroot-package/package/dashvoip', name);
      const { status, stderr } = spawnSync('busybox', ['sh', '-n', path], { encoding: 'utf8' });
      expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' });
    }
  });
});
