import { type CliWords, type OptionName, optionsOf } from './cli-command';

/** Options with a value that only the user knows. */
const FREE: readonly OptionName[] = [
  ...(['control', 'account', 'for', 'seconds', 'limit', 'capture', 'playback'] as const),
];

/** A script for bash that completes commands, their options and files. */
export function bashCompletion(commands: readonly CliWords[]): string {
  const names = commands.map(({ name }) => name.split(' '));
  const firsts = [...new Set(names.map(([first = '']) => first))];
  const groups = firsts.filter((word) =>
    names.some(([first, second]) => first === word && second !== undefined),
  );
  const line = (pattern: string, words: readonly string[]): string =>
    `    ${pattern}) words="${words.join(' ')}" ;;`;
  return [
    '# Completion for bash: eval "$(dashvoip completion)"',
    '_dashvoip() {',
    '  local current="$2" words=""',
    '  case "$3" in',
    '    --config | --key | --pcap) COMPREPLY=($(compgen -f -- "$current")); return ;;',
    `    ${FREE.map((option) => `--${option}`).join(' | ')}) COMPREPLY=(); return ;;`,
    '  esac',
    `  set -- "\${COMP_WORDS[@]}"`,
    '  case "$2 $3" in',
    ...commands.map((command) =>
      line(command.name.includes(' ') ? `"${command.name}"*` : `"${command.name} "*`, [
        ...(command.arguments ?? []).flatMap(({ choices = [] }) => choices),
        ...optionsOf(command).map((option) => `--${option}`),
      ]),
    ),
    line('"help "*', firsts),
    '  esac',
    '  [ "$COMP_CWORD" != 2 ] || case "$2" in',
    ...groups.map((group) =>
      line(
        group,
        names.flatMap(([first, second]) => (first === group && second ? [second] : [])),
      ),
    ),
    '  esac',
    `  [ "$COMP_CWORD" != 1 ] || words="${[...firsts, 'help'].join(' ')}"`,
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -F _dashvoip dashvoip',
  ].join('\n');
}
