import { readFileSync } from 'node:fs';

/** How a program is run by Node: its flags, and what is set around it. */
export interface NodeSettings {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const DEFAULTS = 'buildroot-package/package/dashvoip/dashvoip.default';

/** As the Buildroot package has it: read from its defaults, so that what is tested is what runs there. */
export const BOARD_NODE: NodeSettings = settingsOf(readFileSync(DEFAULTS, 'utf8'));

/** One word of the shell for a line that is run on a board. */
export function boardNodeCommand({ flags, env }: NodeSettings): string {
  return [...Object.entries(env).map((pair) => pair.join('=')), 'node', ...flags].join(' ');
}

function settingsOf(defaults: string): NodeSettings {
  const flags = /^NODE_FLAGS="(.*)"$/m.exec(defaults)?.[1];
  if (flags === undefined) throw new Error(`${DEFAULTS} has no line NODE_FLAGS="..."`);
  const env = [...defaults.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  return { flags: flags.split(' '), env: Object.fromEntries(env) };
}
