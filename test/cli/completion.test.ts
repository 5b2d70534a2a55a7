import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { AGENT_COMMANDS } from '../../src/cli/agent-commands';
import type { CliCommand } from '../../src/cli/cli-command';
import { bashCompletion } from '../../src/cli/completion';
import { commandHelp } from '../../src/cli/help';
import { LOCAL_COMMANDS } from '../../src/cli/local-commands';

const COMMANDS: readonly CliCommand[] = [
  { name: 'run', summary: '', options: ['config'], run: async () => 0 },
  {
    name: 'reject',
    summary: '',
    arguments: [{ label: 'CALL', optional: true }],
    run: async () => 0,
  },
  { name: 'status', summary: '', run: async () => 0 },
  {
    name: 'config set',
    summary: '',
    arguments: [{ label: 'ON', choices: ['on', 'off'] }],
    run: async () => 0,
  },
  { name: 'config get', summary: '', run: async () => 0 },
];

/** What bash offers for the last word of a command line. */
function offered(...words: string[]): string[] {
  const [current = '', previous = ''] = [words.at(-1), words.at(-2)];
  const script = [
    bashCompletion(COMMANDS),
    `COMP_WORDS=(${words.map((word) => JSON.stringify(word)).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    `_dashvoip dashvoip ${JSON.stringify(current)} ${JSON.stringify(previous)}`,
    `printf "%s\\n" "\${#COMPREPLY[@]}" "\${COMPREPLY[@]}"`,
  ].join('\n');
  const [count, ...found] = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n');
  return found.slice(0, Number(count));
}

describe('completion in bash', () => {
  it('offers commands, and those that begin so', () => {
    expect(offered('dashvoip', '')).toEqual(['run', 'reject', 'status', 'config', 'help']);
    expect(offered('dashvoip', 're')).toEqual(['reject']);
    expect(offered('dashvoip', 'help', 's')).toEqual(['status']);
  });

  it('offers the options that the command has', () => {
    expect(offered('dashvoip', 'run', '--')).toEqual(['--config', '--json', '--help']);
    expect(offered('dashvoip', 'reject', '3', '--c')).toEqual(['--control']);
  });

  it('offers the second word of a name, and words that may follow it', () => {
    expect(offered('dashvoip', 'config', '')).toEqual(['set', 'get']);
    expect(offered('dashvoip', 'config', 'set', 'o')).toEqual(['on', 'off']);
    expect(offered('dashvoip', 'config', 'get', '--j')).toEqual(['--json']);
  });

  it('offers no option for the value of one', () => {
    const help = [...AGENT_COMMANDS, ...LOCAL_COMMANDS].map(commandHelp).join('\n');
    const withValue = new Set(
      [...help.matchAll(/^ {2}(--\w+) [A-Z]/gm)].map(([, name = '']) => name),
    );
    expect(withValue.size).toBe(10);
    for (const name of withValue) {
      expect([name, offered('dashvoip', 'status', name, '-')]).toEqual([name, []]);
    }
  });

  it('offers files where one is due, and nothing where only the user knows', () => {
    expect(offered('dashvoip', 'run', '--config', 'packag')).toContain('package.json');
    expect(offered('dashvoip', 'status', '--control', '')).toEqual([]);
  });
});
