import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import {
  Agent,
  type AgentDependencies,
  type AgentOptions,
  KeptEchoDelay,
  KeptHistory,
  KeptMutes,
  KeptPhoneBook,
  MAX_SESSIONS,
  MESSAGE_LIMIT,
  type OpenedUserAgent,
  StillFolder,
  type TextMessage,
} from './agent';
import { watchCertificates } from './certificate-watch';
import { busRateFor } from './codecs';
import {
  type Config,
  ConfigException,
  checkConfig,
  configWarnings,
  listensToAnybody,
  loadConfig,
  placeOf,
  type VoiceConfig,
} from './config';
import { CommandServer, type Control, Journal, NO_COMMANDS } from './control';
import { agentFollows, LiveConfiguration, logFollows } from './live-configuration';
import {
  type EngineSettings,
  loadMediaEngine,
  loadSctp,
  type MediaEngine,
  type VoiceSettings,
} from './media';
import {
  endSignal,
  Log,
  type Logger,
  LogOutput,
  machineUuid,
  NetworkWatch,
  randomToken,
  Syslog,
  systemClock,
  systemLogger,
  systemNetwork,
  systemRandom,
  VERSION,
} from './platform';
import { createUserAgent, systemLookup, TransportException } from './sip';
import { accountsFor, helpOf, policyOf, tlsOf } from './sip-settings';
import { Surfaces } from './surfaces';

/** Leaves room for IP, UDP, SRTP and a tunnel below an MTU of 1500 bytes. */
const MAX_VIDEO_PAYLOAD = 1200;
/** A stop that takes longer than this is cut short, ms: the whole end shall take three seconds. */
const STOP_MS = 2500;

/** What was opened, for whoever started the agent. */
export interface ReadyReport {
  readonly version: string;
  readonly pid: number;
  readonly sip: string;
  readonly control: string;
  readonly startToReadyMs: number;
}

/**
 * Runs the agent until a signal ends it.
 * @param configFile none means an empty configuration.
 * @returns the exit code: 0 after a signal, 1 when it cannot run, which one line on standard error
 *   explains.
 */
export async function runAgent(
  configFile: string | undefined,
  onReady: (report: ReadyReport) => void,
): Promise<number> {
  try {
    const config = configFile === undefined ? checkConfig({}, 'defaults') : loadConfig(configFile);
    return await run(config, configFile, onReady);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const prefix = error instanceof ConfigException ? 'configuration: ' : '';
    for (const line of wordsOf(error).split('\n')) writeLine(`dashvoip: ${prefix}${line}`);
    return 1;
  }
}

async function run(
  config: Config,
  configFile: string | undefined,
  onReady: (report: ReadyReport) => void,
): Promise<number> {
  const toStderr = (line: string): void => void process.stderr.write(line);
  const syslog = new Syslog(systemLogger(`dashvoip[${process.pid}]`), systemClock, (reason) =>
    logs.logger('log').warn('syslog takes nothing', { reason }),
  );
  const output = new LogOutput(config.log.target, toStderr, syslog);
  const logs = new Log(
    config.log.level,
    (line, level) => output.write(line, level),
    () => new Date(),
  );
  const log = logs.logger('agent');
  const ended = untilSignal(log);
  const warnings = configWarnings(config, configFile);
  for (const warning of warnings) log.area('configuration').warn(warning);
  if (listensToAnybody(config)) {
    log.warn('any phone that reaches this machine can make it ring: see docs/security.md', {
      address: config.sip.address,
    });
  }
  const directory = stateDirectory(config, configFile);
  const history = directory === undefined ? undefined : await KeptHistory.open(directory);
  const messages =
    directory === undefined
      ? undefined
      : await KeptHistory.open<TextMessage>(directory, 'messages.jsonl', MESSAGE_LIMIT);
  const echo =
    directory === undefined || !config.voice
      ? undefined
      : await KeptEchoDelay.open(directory, config.media, log);
  const phoneBook = directory === undefined ? undefined : new KeptPhoneBook(directory);
  const mutes = directory === undefined ? undefined : await KeptMutes.open(directory, log);
  const zrtp = await openZrtp(config, directory, log);
  const keepers = {
    zrtp,
    ...(history ? { historyKeeper: history } : {}),
    ...(messages ? { messageKeeper: messages } : {}),
    ...(phoneBook ? { phoneBookKeeper: phoneBook } : {}),
    ...(mutes ? { muteKeeper: mutes } : {}),
    ...(directory === undefined ? {} : { stillKeeper: new StillFolder(join(directory, 'stills')) }),
  };
  const { address } = config.sip;
  const network = new NetworkWatch(
    () => systemNetwork(address),
    systemClock,
    () => agent.networkChanged(),
  );
  const agent = createAgent(config, configFile, warnings, log, keepers, () => {
    const engine = openEngine(config, log, echo?.delayMs);
    engine.events.on('network', () => network.told());
    return engine;
  });
  echo?.follow(agent);
  const configuration = new LiveConfiguration(configFile, config, [
    agentFollows(agent, configFile),
    logFollows(logs, output),
  ]);
  const control: Control = {
    agent,
    journal: new Journal(agent, systemClock.wallTime, systemRandom),
    log: logs,
    configuration,
    counters: { ...NO_COMMANDS },
    surfaces: {},
    clock: systemClock,
    random: systemRandom,
  };
  const server = await openCommandServer(config, control, log);
  // The telephone does not wait for them.
  const surfaces = new Surfaces({ configFile, directory }, control, log);
  void surfaces.open(config);
  configuration.follow(surfaces.follow);
  configuration.reloadOnHangUp(log.area('configuration'));
  agent.events.on('ready', (startToReadyMs) => {
    const { port } = agent.status().sip;
    onReady({
      version: VERSION,
      pid: process.pid,
      sip: `${config.sip.address}:${port}`,
      control: `${config.control.address}:${server.port}`,
      startToReadyMs,
    });
  });
  network.start();
  const certificates = watchCertificates(control, log);
  let code = 1;
  try {
    // A start that hangs does not keep us from ending.
    code = await Promise.race([ended, agent.start().then(() => ended)]);
  } finally {
    network.stop();
    certificates.cancel();
    await inTime(
      agent
        .stop()
        .then(() => Promise.all([server.close(), surfaces.close()]))
        .then(() =>
          Promise.all(
            [history, messages, echo, phoneBook, mutes, zrtp].map((kept) => kept?.settled()),
          ),
        )
        .then(() => undefined),
      log,
    );
  }
  return code;
}

function iceOf(
  { ice }: Config['media'],
  configFile: string | undefined,
): Partial<Pick<AgentOptions['media'], 'ice'>> {
  if (!ice) return {};
  const { servers, caFile } = ice;
  return {
    ice: { servers, ...(caFile === undefined ? {} : { caFile: placeOf(caFile, configFile) }) },
  };
}

/** Where what outlives the process lies. */
function stateDirectory({ state }: Config, configFile: string | undefined): string | undefined {
  if (state.directory === undefined) return undefined;
  return placeOf(state.directory, configFile);
}

function createAgent(
  config: Config,
  configFile: string | undefined,
  warnings: readonly string[],
  log: Logger,
  keepers: Pick<
    AgentDependencies,
    'historyKeeper' | 'messageKeeper' | 'muteKeeper' | 'stillKeeper' | 'phoneBookKeeper' | 'zrtp'
  >,
  openMedia: () => MediaEngine,
): Agent {
  return new Agent(agentOptions(config, configFile, warnings), {
    ...keepers,
    clock: systemClock,
    random: systemRandom,
    log,
    openEngine: openMedia,
    openUserAgent: () => openUserAgent(config, configFile, log),
    lookup: systemLookup,
    localHost: () => localHost(config.sip.address),
  });
}

function agentOptions(
  { policy, dialPlan, record, tones, sip, media, camera, voice, ...config }: Config,
  configFile: string | undefined,
  warnings: readonly string[],
): AgentOptions {
  const emergency = helpOf(config.emergency, configFile);
  return {
    version: VERSION,
    pid: process.pid,
    listensOn: sip.address,
    warnings,
    policy: policyOf(policy, configFile),
    dialPlan,
    ...(emergency ? { emergency } : {}),
    record,
    tones,
    accounts: accountsFor(config, configFile),
    media: {
      microphone: media.microphone.kind,
      speaker: media.speaker.kind,
      picture: hasPicture({ media, camera }),
      pushToTalk: voice?.duplex === 'push-to-talk',
      codecs: media.codecs,
      audioWishes: audioWishes(media),
      encryption: { srtp: media.srtp, sdesWithoutTls: media.sdesWithoutTls },
      ...iceOf(media, configFile),
      rtpTimeout: media.rtpTimeout,
    },
  };
}

/** From a file that is loaded where it is configured. */
async function openZrtp({ media }: Config, directory: string | undefined, log: Logger) {
  if (media.zrtp === 'off') return undefined;
  const zrtp = await import('./zrtp');
  return zrtp.openZrtp({
    isRequired: media.zrtp === 'required',
    directory,
    log,
  });
}

function audioWishes({ silenceSuppression, opus }: Config['media']) {
  const { bitrate, playbackRate, constantBitrate } = opus;
  const wishes = { bitrate, playbackRate: Number(playbackRate), constantBitrate };
  return { silenceSuppression, opus: wishes };
}

function hasPicture({ media, camera }: Pick<Config, 'media' | 'camera'>): boolean {
  return media.video === 'camera' && camera.link !== 'none';
}

function openEngine(config: Config, log: Logger, echoDelay: number | undefined): MediaEngine {
  const { media, camera, voice } = config;
  const settings: EngineSettings = {
    cameraLink: camera.link,
    rtspUrl: camera.rtspUrl,
    microphone: media.microphone,
    speaker: media.speaker,
    videoSource: hasPicture(config) ? 'camera' : 'none',
    rtp: {
      ports: media.rtpPorts,
      // RFC 7022 §4.2: random, the same for all streams of this process.
      cname: randomToken(systemRandom, 96),
      audioDscp: media.audioDscp,
      videoDscp: media.videoDscp,
      maxVideoPayload: MAX_VIDEO_PAYLOAD,
    },
    busRateHz: busRateFor(media.codecs, Number(media.opus.playbackRate)),
    jitterBufferMaxMs: media.jitterBufferMaxMs,
    realtimePriority: media.realtimePriority,
    ...(voice ? { voice: voiceSettings(voice, echoDelay) } : {}),
  };
  const mediaLog = log.area('media');
  return loadMediaEngine(settings, {
    log: mediaLog,
    onListenerError: (error) => mediaLog.error('listener failed', { error: String(error) }),
  });
}

function voiceSettings(
  { echoTail, ...voice }: VoiceConfig,
  echoDelayMs: number | undefined,
): VoiceSettings {
  return { ...voice, echoTailMs: echoTail, ...(echoDelayMs === undefined ? {} : { echoDelayMs }) };
}

async function openUserAgent(
  { sip }: Config,
  configFile: string | undefined,
  log: Logger,
): Promise<OpenedUserAgent> {
  try {
    return await createUserAgent({
      host: sip.address,
      port: sip.port,
      transports: sip.transports,
      ...tlsOf(sip, configFile),
      ...(sip.transports.includes('sctp') ? { sctp: await loadSctp() } : {}),
      sessionExpires: sip.sessionExpires,
      reliableProvisional: sip.reliableProvisional,
      maxSessions: MAX_SESSIONS,
      product: `dashvoip/${VERSION}`,
      // Of two agents of one machine each is another telephone.
      instance: `urn:uuid:${machineUuid(`sip ${sip.port}`)}`,
      clock: systemClock,
      random: systemRandom,
      log,
    });
  } catch (error) {
    // The address may come with the network; a port that another program holds will not.
    const isForGood = ['address-in-use', 'no-certificate'];
    if (!(error instanceof TransportException) || isForGood.includes(error.failure)) throw error;
    return { unavailable: error.message };
  }
}

async function openCommandServer(
  config: Config,
  control: Control,
  log: Logger,
): Promise<CommandServer> {
  const { address, port, server, firstId, holders, key } = config.control;
  try {
    return await CommandServer.open({
      control,
      address,
      port,
      firstId,
      isBehindRelay: server === 'relay',
      hasOneHolder: holders === 'one',
      ...(key === undefined ? {} : { key }),
      log,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const taken = 'code' in error && error.code === 'EADDRINUSE';
    const reason = taken ? 'it is in use: is another agent running?' : error.message;
    throw new Error(`cannot listen for commands on UDP ${address}:${port}: ${reason}`);
  }
}

/** Resolves with the exit code when the process is asked to end, or has met a bug. */
function untilSignal(log: Logger): Promise<number> {
  return new Promise((resolve) => {
    void endSignal().then((signal) => {
      log.info('signal', { signal });
      resolve(0);
    });
    // A bug: leave the camera in order, and let the init script start us anew.
    const onBug = (error: unknown): void => {
      log.error('bug', { error: error instanceof Error ? (error.stack ?? '') : String(error) });
      resolve(1);
    };
    process.on('uncaughtException', onBug);
    process.on('unhandledRejection', onBug);
  });
}

async function inTime(stopped: Promise<unknown>, log: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn('stopping took too long: leaving as it is', { limitMs: STOP_MS });
      resolve();
    }, STOP_MS);
  });
  await Promise.race([stopped, late]);
  clearTimeout(timer);
}

/** The address we listen on, or the first that is not loopback. */
function localHost(listening: string): string {
  if (listening !== '0.0.0.0' && listening !== '::') return listening;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  return outside?.address ?? '127.0.0.1';
}

/** A file that loads on demand may not have been installed. */
function wordsOf({ message }: Error): string {
  const [, missing] = /^Cannot find module '\.\/(dashvoip-\w+\.cjs)'/.exec(message) ?? [];
  if (missing === undefined) return message;
  return `expected the file ${missing} beside dashvoip.cjs, found none: install that of the same build`;
}

function writeLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
