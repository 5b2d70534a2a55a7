import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const COMMANDS = readdirSync('scripts').filter((name) => statSync(join('scripts', name)).isFile());

describe('--help of the commands in scripts/', () => {
  it('is there for each of them', () => {
    expect(COMMANDS).toContain('test');
    for (const name of COMMANDS) accessSync(join('scripts', name), constants.X_OK);
  });

  it.each(COMMANDS)('scripts/%s tells what it does and how it is called', (name) => {
    const path = join('scripts', name);
    const help = execFileSync(path, ['--help'], { encoding: 'utf8' });
    expect(help).toMatch(new RegExp(`^\\S[^\\n]*\\n(.*\\n)*? *scripts/${name}( |\\n)`));
    // All of its head, and no code.
    const lines = readFileSync(path, 'utf8').split('\n').slice(1);
    const head = lines.slice(
      0,
      lines.findIndex((line) => !line.startsWith('#')),
    );
    expect(help.trimEnd().split('\n')).toHaveLength(head.length);
  });
});
