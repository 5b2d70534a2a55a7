import { type CliCommand, type OptionName, optionsOf } from './cli-command';

/** Options with a value that only the user knows. */
const FREE: readonly OptionName[] = ['control', 'seconds', 'capture', 'playback'];

/** A script for bash that completes commands, their options and files. */
export function bashCompletion(commands: readonly CliCommand[]): string {
  const names = commands.map(({ name }) => name);
  const cases = commands.map((command) => {
    const options = optionsOf(command).map((option) => `--${option}`);
    const choices = (command.arguments ?? []).flatMap((argument) => argument.choices ?? []);
    const words = [...choices, ...options];
    return `    ${command.name}) words="${words.join(' ')}" ;;`;
  });
  return [
    '# Completion for bash: eval "$(dashvoip completion)"',
    '_dashvoip() {',
    '  local current="$2" words=""',
    '  case "$3" in',
    '    --config) COMPREPLY=($(compgen -f -- "$current")); return ;;',
    `    ${FREE.map((option) => `--${option}`).join(' | ')}) COMPREPLY=(); return ;;`,
    '  esac',
    `  set -- "\${COMP_WORDS[@]}"`,
    '  case "$2" in',
    ...cases,
    `    help) words="${names.join(' ')}" ;;`,
    '  esac',
    `  [ "$COMP_CWORD" != 1 ] || words="${[...names, 'help'].join(' ')}"`,
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -F _dashvoip dashvoip',
  ].join('\n');
}
