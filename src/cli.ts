import { parseArgs } from 'node:util';
import { ConfigException, closestTo } from './config';
import {
  CommandClient,
  CommandException,
  isStatusReply,
  MESSAGE_ID,
  NoAgentException,
  type StatusReply,
  statusInWords,
  VERSION,
  watch,
} from './control';
import type { EngineFeatures } from './media';
import type { UserFacts } from './probe';

/** Exit codes: done, could not be done, wrongly asked. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** A re-INVITE may take this long until it fails (64 times T1, RFC 3261 §17.1.1.2), and a little more. */
const RENEGOTIATION_MS = 35_000;

/** A command that cannot be carried out, with the reason for whoever asked. */
class CannotException extends Error {
  override readonly name = 'CannotException';
}

/** Wrong words on the command line. */
class UsageException extends Error {
  override readonly name = 'UsageException';
  constructor(
    message: string,
    /** The command whose help would have told. */
    readonly command?: string,
  ) {
    super(message);
  }
}

interface Invocation {
  readonly json: boolean;
  readonly control: { readonly address: string; readonly port: number };
  readonly config: string | undefined;
  readonly capture: string | undefined;
  readonly playback: string | undefined;
  readonly seconds: number;
  readonly argument: string | undefined;
}

type OptionName = 'config' | 'capture' | 'playback' | 'seconds' | 'control' | 'json' | 'help';

interface CliCommand {
  readonly name: string;
  /** The one argument, in brackets when it may be left out. */
  readonly argument?: string;
  readonly summary: string;
  readonly details?: string;
  /** Those it has beside --json and --help; without the list --control alone. */
  readonly options?: readonly OptionName[];
  readonly run: (invocation: Invocation) => Promise<number>;
}

const WHICH_CALL = 'CALL is a number that "status" shows. Without it the call that fits is meant.';

const COMMANDS: readonly CliCommand[] = [
  {
    name: 'run',
    summary: 'start the agent, in the foreground',
    details:
      'Runs until SIGTERM or Ctrl-C, then hangs up, un-registers and leaves the camera in order.\nThe log goes to standard error. Without --config every setting has its default.',
    options: ['config'],
    run: runAgentHere,
  },
  {
    name: 'status',
    summary: 'what the agent does, and what is wrong',
    run: (invocation) => withAgent(invocation, showStatus),
  },
  {
    name: 'call',
    argument: 'URI',
    summary: 'call someone',
    details:
      'URI is a SIP URI as sip:home@192.0.2.7. "sip:" may be left out, and a bare name or number\nis looked for at the domain of the account. Returns at once; "watch" shows how it goes on.',
    run: (invocation) => withAgent(invocation, placeCall),
  },
  callCommand('answer', MESSAGE_ID.answer, 'answer an incoming call', 'answered'),
  callCommand('reject', MESSAGE_ID.reject, 'refuse an incoming call as busy', 'rejected'),
  callCommand('hangup', MESSAGE_ID.hangup, 'end a call', 'hung up'),
  callCommand('hold', MESSAGE_ID.hold, 'put a call on hold', 'on hold'),
  callCommand('resume', MESSAGE_ID.resume, 'take up a call that is on hold', 'resumed'),
  {
    name: 'watch',
    summary: 'show state and quality until Ctrl-C',
    details:
      'On a terminal one line is redrawn in place, and events are written above it. Otherwise\neach look is a line of its own. With --json each line is an object: notifications as the\nagent sends them, and its status every second as "voip_status".',
    run: (invocation) => withAgent(invocation, watchAgent),
  },
  {
    name: 'bridge',
    summary: 'make a sound card of the camera’s microphone and speaker',
    details:
      'Connects the camera with snd-aloop, so that every ALSA program here records its microphone\nand plays through its speaker; no agent is needed for that, nor may one run. Runs in the\nforeground until SIGTERM or Ctrl-C. With --json one object every five seconds and at the end.',
    options: ['config', 'capture', 'playback', 'control'],
    run: runBridgeHere,
  },
  {
    name: 'probe',
    summary: 'find out about this camera, and what to do about it',
    details:
      'Looks at the machine, reads the camera’s live stream for a while, lets one queue run full and\nplays silence to its speaker; docs/probe.md says what each finding means. Prints a summary with\nadvice, or with --json one object to send to us; no passwords, keys, names of networks or MAC\naddresses are in it. A camera that an agent has is left alone. Progress goes to standard error.',
    options: ['seconds', 'control'],
    run: runProbeHere,
  },
  {
    name: 'version',
    summary: 'version, features and libraries of this installation',
    options: [],
    run: showVersion,
  },
];

function callCommand(name: string, id: number, summary: string, done: string): CliCommand {
  return {
    name,
    argument: '[CALL]',
    summary,
    details: WHICH_CALL,
    run: (invocation) => {
      const call = callNumber(invocation.argument);
      return withAgent(invocation, async (client) => {
        await client.command(id, call === undefined ? {} : { call }, RENEGOTIATION_MS);
        print(invocation.json ? JSON.stringify({ ok: true }) : done);
        return EXIT.ok;
      });
    },
  };
}

function callNumber(argument: string | undefined): number | undefined {
  if (argument === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(argument)) return Number(argument);
  throw new UsageException(`expected the number of a call, found "${argument}"`);
}

async function runAgentHere({ config, json }: Invocation): Promise<number> {
  // Loaded here only: every other command is a small client.
  const { runAgent } = await import('./main');
  return runAgent(config, (report) => {
    if (json) print(JSON.stringify(report));
    const { version, sip, control, startToReadyMs } = report;
    process.stderr.write(
      `dashvoip ready: version ${version}, SIP on UDP ${sip}, commands on UDP ${control}, after ${startToReadyMs} ms\n`,
    );
  });
}

async function runBridgeHere(invocation: Invocation): Promise<number> {
  const agent = await agentAt(invocation.control);
  if (agent && (agent.engine?.camera.state ?? 'none') !== 'none') {
    throw new CannotException(
      `an agent runs already (process ${agent.pid}) and has the camera: stop it first, or do without the bridge, which it does not need`,
    );
  }
  const { config, capture, playback, json } = invocation;
  const [{ runBridge }, { MediaException }] = await Promise.all([
    import('./bridge'),
    import('./media'),
  ]);
  try {
    await runBridge({ configFile: config, capture, playback, json, output: process.stdout });
    return EXIT.ok;
  } catch (error) {
    throw error instanceof MediaException ? new CannotException(error.message) : error;
  }
}

async function runProbeHere({ seconds, json, control }: Invocation): Promise<number> {
  const [{ HostMachine, isInterrupted, runProbe, summaryOf }, { endSignal, systemClock }] =
    await Promise.all([import('./probe'), import('./platform')]);
  const ended = endSignal();
  const report = await runProbe({
    version: VERSION,
    seconds,
    machine: new HostMachine(),
    clock: systemClock,
    cameraTakenBy: (users) => cameraTakenBy(users, control),
    onProgress: (step) => process.stderr.write(`${step} ...\n`),
    ended,
  });
  print(json ? JSON.stringify(report) : summaryOf(report));
  const looked = report.kernel.release !== undefined && !isInterrupted(report);
  return looked ? EXIT.ok : EXIT.failed;
}

/**
 * Which dashvoip has the camera. Nothing is sent to the control port unless an agent runs here: on a
 * camera the vendor's own server may have that port.
 */
async function cameraTakenBy(
  { processes }: UserFacts,
  control: Invocation['control'],
): Promise<string | undefined> {
  // One that has another libnetfifo loaded, or none, has another camera.
  const ours = processes.filter(
    ({ dashvoip, library }) => dashvoip !== undefined && library !== false,
  );
  for (const { pid, dashvoip } of ours) {
    // One that does not answer as expected keeps its camera.
    const agent = dashvoip === 'run' ? await agentAt(control).catch(() => undefined) : undefined;
    const without = agent?.pid === pid && (agent.engine?.camera.state ?? 'none') === 'none';
    if (!without) return `dashvoip ${dashvoip} (process ${pid})`;
  }
  return undefined;
}

/** What an agent there says of itself; undefined when there is none. */
async function agentAt({ address, port }: Invocation['control']): Promise<StatusReply | undefined> {
  try {
    const client = await CommandClient.connect(address, port);
    try {
      return await readStatus(client);
    } finally {
      await client.close();
    }
  } catch (error) {
    if (error instanceof NoAgentException) return undefined;
    throw error;
  }
}

async function withAgent(
  invocation: Invocation,
  act: (client: CommandClient, invocation: Invocation) => Promise<number>,
): Promise<number> {
  const { address, port } = invocation.control;
  const client = await CommandClient.connect(address, port);
  try {
    return await act(client, invocation);
  } finally {
    await client.close();
  }
}

async function readStatus(client: CommandClient): Promise<StatusReply> {
  const status = await client.command(MESSAGE_ID.status);
  if (!isStatusReply(status)) {
    throw new NoAgentException('what answers is no dashvoip agent, or one of another version');
  }
  return status;
}

async function showStatus(client: CommandClient, { json }: Invocation): Promise<number> {
  const status = await readStatus(client);
  print(json ? JSON.stringify(status) : statusInWords(status));
  return EXIT.ok;
}

async function placeCall(client: CommandClient, invocation: Invocation): Promise<number> {
  const uri = invocation.argument ?? '';
  const result = await client.command(MESSAGE_ID.call, { uri });
  const call = typeof result === 'object' && result !== null && 'call' in result ? result.call : 0;
  print(invocation.json ? JSON.stringify({ call }) : `call ${call}: calling ${uri}`);
  return EXIT.ok;
}

async function watchAgent(client: CommandClient, { json }: Invocation): Promise<number> {
  return (await watch(client, () => readStatus(client), json, process.stdout))
    ? EXIT.ok
    : EXIT.failed;
}

async function showVersion({ json }: Invocation): Promise<number> {
  const { loadFeatures } = await import('./media');
  const base = { version: VERSION, node: process.version };
  try {
    const features = loadFeatures();
    print(json ? JSON.stringify({ ...base, features }) : versionInWords(features));
    return EXIT.ok;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    print(json ? JSON.stringify({ ...base, error: reason }) : `dashvoip ${VERSION}`);
    if (!json) complain(reason);
    return EXIT.failed;
  }
}

function versionInWords(features: EngineFeatures): string {
  const { cameraLink, alsa, aac, rtsp, libraries } = features;
  const yesNo = (value: boolean): string => (value ? 'yes' : 'no');
  return [
    `dashvoip ${VERSION}, node ${process.version.slice(1)}`,
    `  camera link  ${cameraLink}`,
    `  ALSA         ${yesNo(alsa)}`,
    `  AAC          ${yesNo(aac)}`,
    `  RTSP         ${yesNo(rtsp)}`,
    ...Object.entries(libraries).map(([name, version]) => `  ${name.padEnd(12)} ${version}`),
  ].join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageException('expected a command');
  if (name === '--help' || name === '-h' || name === 'help') {
    print(helpOn(rest[0]));
    return EXIT.ok;
  }
  if (name === '--version') return main(['version', ...rest]);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command)
    throw new UsageException(
      unknown(
        'command',
        name,
        COMMANDS.map((c) => c.name),
      ),
    );
  const invocation = parse(command, rest);
  if (invocation === 'help') {
    print(helpOn(name));
    return EXIT.ok;
  }
  return report(command, invocation);
}

/** Runs a command and puts its failure into words, or into JSON if that was asked for. */
async function report(command: CliCommand, invocation: Invocation): Promise<number> {
  try {
    return await command.run(invocation);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (invocation.json) {
      const rval = error instanceof CommandException ? { rval: error.reply.rval } : {};
      print(JSON.stringify({ ok: false, ...rval, error: error.message }));
    } else {
      complain(error.message);
    }
    return EXIT.failed;
  }
}

function isRefusal(error: unknown): error is Error {
  return [CommandException, NoAgentException, CannotException, ConfigException].some(
    (kind) => error instanceof kind,
  );
}

const OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  control: { type: 'string' },
  config: { type: 'string' },
  capture: { type: 'string' },
  playback: { type: 'string' },
  seconds: { type: 'string' },
} as const;

function parse(command: CliCommand, args: readonly string[]): Invocation | 'help' {
  const { name, argument: expected } = command;
  const allowed = optionsOf(command);
  for (const arg of args) {
    const option = /^--([^=]*)/.exec(arg)?.[1];
    if (option && !allowed.some((name) => name === option)) {
      throw new UsageException(unknown('option', option, allowed, '--'), name);
    }
  }
  const { values, positionals } = strictly(args);
  if (values.help) return 'help';
  const [argument, ...more] = positionals;
  if (expected && !expected.startsWith('[') && !argument) {
    throw new UsageException(`expected "dashvoip ${name} ${expected}"`, name);
  }
  const surplus = expected ? more[0] : argument;
  if (surplus !== undefined) {
    const synopsisHere = `dashvoip ${synopsis(command)}`;
    throw new UsageException(`expected no more than "${synopsisHere}", found "${surplus}"`, name);
  }
  return {
    json: values.json ?? false,
    control: parseAddress(values.control ?? '127.0.0.1:8778'),
    config: values.config,
    capture: values.capture,
    playback: values.playback,
    seconds: parseSeconds(values.seconds ?? '12'),
    argument,
  };
}

function strictly(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageException(error instanceof Error ? error.message : String(error));
  }
}

function optionsOf({ options = ['control'] }: CliCommand): OptionName[] {
  return [...options, 'json', 'help'];
}

/** `ADDRESS:PORT`, IPv6 addresses in brackets. */
function parseAddress(text: string): Invocation['control'] {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  const port = Number(digits);
  if (address === undefined || port < 1 || port > 65_535) {
    throw new UsageException(`--control: expected ADDRESS:PORT, found "${text}"`);
  }
  return { address, port };
}

function parseSeconds(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 3600) return Number(text);
  throw new UsageException(`--seconds: expected a whole number from 1 to 3600, found "${text}"`);
}

function unknown(what: string, found: string, known: readonly string[], prefix = ''): string {
  const guess = closestTo(found, known);
  const hint = guess ? `; did you mean "${prefix}${guess}"?` : '';
  return `unknown ${what} "${prefix}${found}"${hint}`;
}

function helpOn(name: string | undefined): string {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  return command ? commandHelp(command) : topHelp();
}

function topHelp(): string {
  const rows = COMMANDS.map((command) => [synopsis(command), command.summary] as const);
  return [
    'dashvoip: a telephone inside a dashcam',
    '',
    'usage: dashvoip COMMAND [OPTIONS]',
    '',
    ...aligned(rows),
    '',
    'Every command knows --help, and --json for programs. "run" is the agent itself; "bridge",',
    '"probe" and "version" need none; all others talk to one that runs, at --control ADDRESS:PORT',
    '(127.0.0.1:8778 if not given).',
    '',
    'Exit codes: 0 done, 1 it could not be done, 2 wrongly asked.',
  ].join('\n');
}

function commandHelp(command: CliCommand): string {
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

function synopsis({ name, argument }: CliCommand): string {
  return argument ? `${name} ${argument}` : name;
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(text: string): void {
  process.stderr.write(`dashvoip: ${text}\n`);
}

// Whoever reads our output may leave first. A client has nobody left to tell; the agent goes on.
process.stdout.on('error', () => {
  if (process.argv[2] !== 'run') process.exit(EXIT.ok);
});
process.stderr.on('error', () => undefined);

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof UsageException) {
      const about = error.command ? `${error.command} ` : '';
      complain(`${error.message}\ntry "dashvoip ${about}--help"`);
      process.exit(EXIT.usage);
    }
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(EXIT.failed);
  },
);
