import { type CliCommand, optionsOf, synopsis } from './cli-command';

/** Help on all commands. */
export function topHelp(commands: readonly CliCommand[]): string {
  const rows = commands.map((command) => [synopsis(command), command.summary] as const);
  return [
    'dashvoip: a telephone inside a dashcam',
    '',
    'usage: dashvoip COMMAND [OPTIONS]',
    '',
    ...aligned(rows),
    '',
    'Every command knows --help, and --json for programs. "run" is the agent itself; "bridge",',
    '"probe", "version" and "completion" need none; all others talk to one that runs, at --control ADDRESS:PORT',
    '(127.0.0.1:8778 if not given).',
    '',
    'Exit codes: 0 done, 1 it could not be done, 2 wrongly asked.',
  ].join('\n');
}

/** Help on one command. */
export function commandHelp(command: CliCommand): string {
  const allowed = optionsOf(command);
  const options = [
    ['config', '--config FILE', 'configuration, a JSON file'],
    [
      'capture',
      '--capture DEVICE',
      'where what programs play arrives, hw:Loopback,1,0 if not given',
    ],
    [
      'playback',
      '--playback DEVICE',
      'where the microphone is played for programs, hw:Loopback,1,1',
    ],
    ['seconds', '--seconds N', 'how long the live stream is watched, 12 if not given'],
    ['control', '--control ADDRESS:PORT', 'where the agent listens, 127.0.0.1:8778 if not given'],
    ['json', '--json', 'output for programs'],
    ['help', '--help', 'this text'],
  ] as const;
  return [
    `dashvoip ${command.name}: ${command.summary}`,
    '',
    `usage: dashvoip ${synopsis(command)} [OPTIONS]`,
    ...(command.details ? ['', command.details] : []),
    '',
    ...aligned(
      options.flatMap(([name, option, words]) =>
        allowed.includes(name) ? [[option, words] as const] : [],
      ),
    ),
  ].join('\n');
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
