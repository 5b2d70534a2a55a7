import { type CliWords, optionsOf, synopsis } from './cli-command';

/** Of a serial console. */
const COLUMNS = 100;
/** Widest of two. */
const LEFT_COLUMN = 36;

/** Help on all commands. */
export function topHelp(commands: readonly CliWords[]): string {
  const rows = commands.map((command) => [synopsis(command), brief(command.summary)] as const);
  return [
    'dashvoip: a telephone inside a dashcam',
    '',
    'usage: dashvoip COMMAND [OPTIONS]',
    '',
    ...aligned(rows),
    '',
    ...wrapped(
      'Every command knows --help, and --json for programs. "run" is the agent itself; "bridge", "probe", "config schema", "version" and "completion" need none; all others talk to one that runs, at --control ADDRESS:PORT (127.0.0.1:8778 if not given).',
      COLUMNS,
    ),
    '',
    'Exit codes: 0 done, 1 it could not be done, 2 wrongly asked.',
  ].join('\n');
}

/** Help on one command. */
export function commandHelp(command: CliWords): string {
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
    ['limit', '--limit N', 'how many messages, the newest; 100 if not given'],
    ['text', '--text', 'with the messages themselves, secrets masked'],
    ['for', '--for TIME', 'how long the link is good, as 90s, 10m or 2h; 10m if not given'],
    ['account', '--account NAME', 'by which account, by its name or address as in status'],
    ['pcap', '--pcap FILE', 'writes them for Wireshark, secrets masked'],
    ['control', '--control ADDRESS:PORT', 'where the agent listens, 127.0.0.1:8778 if not given'],
    [
      'key',
      '--key FILE',
      'the key that the agent there wants (control.keyFile), on its first line',
    ],
    ['json', '--json', 'output for programs'],
    ['help', '--help', 'this text'],
  ] as const;
  return [
    ...wrapped(`dashvoip ${command.name}: ${plain(command.summary)}`, COLUMNS),
    '',
    `usage: dashvoip ${synopsis(command)} [OPTIONS]`,
    ...(command.details ? ['', ...wrapped(plain(command.details), COLUMNS)] : []),
    ...argumentLines(command),
    '',
    ...aligned(
      options.flatMap(([name, option, words]) =>
        allowed.includes(name) ? [[option, words] as const] : [],
      ),
    ),
  ].join('\n');
}

function argumentLines({ arguments: list = [] }: CliWords): string[] {
  const described = list.map(({ label, description = '' }) => [label, plain(description)] as const);
  return described.length === 0 ? [] : ['', ...aligned(described)];
}

/** The first sentence of a summary, as it stands in a list. */
function brief(summary: string): string {
  const [sentence = ''] = plain(summary).split(/\.(?: |$)/);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** Without the marks of the reference. */
function plain(text: string): string {
  return text.replace(/`([^`]*)`/g, '"$1"');
}

/** Two columns, the right one wrapped within itself; what is too long for the left one has a line of its own. */
function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const fitting = rows.map(([left]) => left.length).filter((length) => length <= LEFT_COLUMN);
  const width = Math.max(0, ...fitting);
  return rows.flatMap(([left, right]) => {
    const lines = wrapped(right, COLUMNS - width - 4);
    const isLong = left.length > width;
    return [
      ...(isLong ? [`  ${left}`] : []),
      ...lines.map((line, place) => {
        const label = place === 0 && !isLong ? left : '';
        return `  ${label.padEnd(width)}  ${line}`;
      }),
    ];
  });
}

function wrapped(text: string, columns: number): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.length - 1;
    const line = lines[last] ?? '';
    if (line === '') lines[last] = word;
    else if (line.length + 1 + word.length <= columns) lines[last] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
