import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { concatenate, readWav, type Sound } from '../measure/wav';
import { ManagedProcess } from '../process/process';
import { readyMs } from '../process/sip-probe';
import { waitUntil } from '../process/wait';

export interface BaresipOptions {
  readonly name: string;
  /** Folder for its configuration, recordings and log. */
  readonly folder: string;
  readonly sipPort: number;
  readonly controlPort: number;
  readonly rtpPorts: readonly [number, number];
  /** WAV file that it speaks, mono. Baresip hangs up at its end, so it must be long enough. */
  readonly speech: string;
  /** Default: it answers by itself. */
  readonly autoAnswer?: boolean;
  /** Seconds that it rings before it gives up; default 120. */
  readonly ringSeconds?: number;
  /** `receive` shows H.264; `send` also encodes `film` at `videoBitrate`. Default: no video. */
  readonly video?: 'none' | 'receive' | 'send';
  /** A film that stands for its camera; without one, a still picture. */
  readonly film?: string;
  readonly videoBitrate?: number;
  /** Records what it hears; default true. */
  readonly record?: boolean;
  /** As if it had a machine of its own; default true, wrong where its own regularity is measured. */
  readonly realtime?: boolean;
  /** Writes what it does to its log, which costs it some time; default true. */
  readonly verbose?: boolean;
  /** Default: PCMU, then PCMA. */
  readonly audioCodecs?: string;
  /** Its `mediaenc`, where it encrypts. */
  readonly encryption?: 'srtp' | 'srtp-mand';
  /** Default: udp. */
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** For TLS, at the port after `sipPort`: a file with certificate and key. */
  readonly certificate?: string;
  /** Without an account: what it answers a challenge with. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** A URI whose presence it watches. */
  readonly watches?: string;
  /** With an account: publishes its presence there, which the command `presence` sets. */
  readonly publishes?: boolean;
  /** Instead of a stand-alone address: an account at a registrar. */
  readonly account?: {
    readonly registrar: string;
    readonly user: string;
    readonly password: string;
  };
}

/** An event of baresip's control interface, as `CALL_ESTABLISHED`. */
export interface BaresipEvent {
  readonly type: string;
  readonly param: string;
}

const MODULES = '/usr/lib/baresip/modules';

/** A baresip without sound card: speaks a WAV file, records what it hears, obeys its TCP control port. */
export class Baresip {
  readonly name: string;
  readonly uri: string;
  readonly process: ManagedProcess;
  /** From the start of the process to the first answer at its SIP port. */
  readonly readyMs: number;
  readonly events: BaresipEvent[] = [];
  readonly #folder: string;
  readonly #control: Socket;
  #pending = Buffer.alloc(0);
  readonly #replies: ((data: string) => void)[] = [];

  private constructor(
    options: BaresipOptions,
    child: ManagedProcess,
    ready: number,
    control: Socket,
  ) {
    this.readyMs = ready;
    this.name = options.name;
    this.uri = `sip:${options.name}@127.0.0.1:${options.sipPort}`;
    this.process = child;
    this.#folder = options.folder;
    this.#control = control;
    control.on('data', (chunk) => this.#receive(chunk));
    control.on('error', () => undefined);
  }

  /** @throws ProcessError when it does not come up. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    const folder = join(options.folder, options.name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config'), configuration(options, folder));
    writeFileSync(join(folder, 'accounts'), `${account(options)}\n`);
    const { watches } = options;
    const contacts = watches === undefined ? '' : `<${watches}>;presence=p2p\n`;
    writeFileSync(join(folder, 'contacts'), contacts);
    const child = ManagedProcess.start({
      name: `baresip ${options.name}`,
      command: 'baresip',
      args: ['-f', folder, ...(options.verbose === false ? [] : ['-v'])],
      logPath: join(options.folder, `${options.name}.log`),
      realtime: options.realtime !== false,
    });
    const ready = await child.whileRunning(readyMs(options.sipPort, child.startedAt));
    const control = await waitUntil(`control port of ${options.name}`, () =>
      tryConnect(options.controlPort),
    );
    return new Baresip({ ...options, folder }, child, ready, control);
  }

  /** Sends a command and gives what baresip said to it. */
  command(name: string, params = ''): Promise<string> {
    const json = JSON.stringify({ command: name, params, token: name });
    this.#control.write(`${Buffer.byteLength(json)}:${json},`);
    return new Promise((resolve) => {
      this.#replies.push(resolve);
    });
  }

  dial(uri: string): Promise<string> {
    return this.command('dial', uri);
  }

  accept(): Promise<string> {
    return this.command('accept');
  }

  hangup(): Promise<string> {
    return this.command('hangup');
  }

  hold(): Promise<string> {
    return this.command('hold');
  }

  resume(): Promise<string> {
    return this.command('resume');
  }

  /** Waits for the next event of this type after the first `from` events. */
  waitForEvent(type: string, timeoutMs = 10_000, from = 0): Promise<BaresipEvent> {
    return waitUntil(
      `${type} of ${this.name}; it saw: ${this.events.map((event) => event.type).join(' ')}`,
      () => this.events.slice(from).find((event) => event.type === type),
      timeoutMs,
    );
  }

  /** What it heard, the recordings of its streams one after the other. */
  heard(): Sound {
    const names = readdirSync(this.#folder).filter((name) => name.endsWith('-dec.wav'));
    return concatenate(names.sort().map((name) => readWav(join(this.#folder, name))));
  }

  async stop(): Promise<void> {
    this.#control.destroy();
    await this.process.stop();
  }

  /** Netstrings of JSON: a reply for every command, and events in between. */
  #receive(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const colon = this.#pending.indexOf(':');
      if (colon < 0) return;
      const length = Number(this.#pending.toString('latin1', 0, colon));
      if (this.#pending.length < colon + length + 2) return;
      const json = this.#pending.toString('utf8', colon + 1, colon + 1 + length);
      this.#pending = this.#pending.subarray(colon + length + 2);
      const message: unknown = JSON.parse(json);
      if (typeof message !== 'object' || message === null) continue;
      if ('event' in message) {
        this.events.push({ type: textOf(message, 'type'), param: textOf(message, 'param') });
      } else {
        this.#replies.shift()?.(textOf(message, 'data'));
      }
    }
  }
}

function textOf(message: object, key: string): string {
  const value: unknown = Object.entries(message).find(([name]) => name === key)?.[1];
  return typeof value === 'string' ? value : '';
}

function tryConnect(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

function account({
  name,
  sipPort,
  autoAnswer,
  audioCodecs,
  encryption,
  account: login,
  credentials,
  publishes,
  transport = 'udp',
}: BaresipOptions): string {
  const common = `answermode=${autoAnswer === false ? 'manual' : 'auto'};audio_codecs=${audioCodecs ?? 'PCMU,PCMA'}${encryption ? `;mediaenc=${encryption}` : ''}`;
  if (!login) {
    const proof = credentials
      ? `auth_user=${credentials.user};auth_pass=${credentials.password};`
      : '';
    return `<sip:${name}@127.0.0.1:${sipPort}>;${proof}regint=0;${common}`;
  }
  const { registrar, user, password } = login;
  return `<sip:${user}@${registrar};transport=${transport}>;auth_user=${user};auth_pass=${password};regint=600;${publishes ? 'pubint=60;' : ''}${common}`;
}

const CODEC_MODULES = [
  ['G722', 'g722'],
  ['opus', 'opus'],
  ['G726', 'g726'],
  ['GSM', 'gsm'],
  ['L16', 'l16'],
  ['AMR', 'amr'],
] as const;

function configuration(options: BaresipOptions, folder: string): string {
  const video = options.video ?? 'none';
  return `${[
    'poll_method epoll',
    `sip_listen 127.0.0.1:${options.sipPort}`,
    `sip_trans_def ${options.transport ?? 'udp'}`,
    ...(options.certificate === undefined ? [] : [`sip_certificate ${options.certificate}`]),
    `call_local_timeout ${options.ringSeconds ?? 120}`,
    'call_max_calls 4',
    `audio_player aubridge,${options.name}`,
    `audio_source aufile,${options.speech}`,
    `audio_alert aubridge,${options.name}alert`,
    ...['ausrc_srate 8000', 'auplay_srate 8000', 'ausrc_channels 1', 'auplay_channels 1'],
    ...['ausrc_format s16', 'auplay_format s16', 'auenc_format s16', 'audec_format s16'],
    'audio_level no',
    'audio_buffer 20-160',
    'rtp_tos 184',
    `rtp_ports ${options.rtpPorts[0]}-${options.rtpPorts[1]}`,
    'rtcp_mux no',
    'jitter_buffer_delay 1-10',
    'rtp_stats yes',
    'net_interface 127.0.0.1',
    ...(video === 'none' ? [] : videoConfiguration(options)),
    `module_path ${MODULES}`,
    ...['module g711.so', 'module aufile.so', 'module aubridge.so'],
    ...CODEC_MODULES.filter(([codec]) => options.audioCodecs?.includes(codec)).map(
      ([, module]) => `module ${module}.so`,
    ),
    ...(options.encryption ? ['module srtp.so'] : []),
    ...(options.record === false ? [] : ['module sndfile.so', `snd_path ${folder}`]),
    ...['module_tmp uuid.so', 'module_tmp account.so'],
    ...(options.watches === undefined && !options.publishes
      ? []
      : ['module_app contact.so', 'module_app presence.so']),
    ...['module_app menu.so', 'module_app ctrl_tcp.so'],
    `ctrl_tcp_listen 127.0.0.1:${options.controlPort}`,
  ].join('\n')}\n`;
}

function videoConfiguration(options: BaresipOptions): string[] {
  return [
    ...(options.video === 'send'
      ? [options.film ? `video_source avformat,${options.film}` : 'video_source fakevideo,']
      : []),
    'video_display fakevideo,',
    ...['video_size 1280x720', 'video_fps 30', 'video_fullscreen no'],
    `video_bitrate ${options.videoBitrate ?? 2_000_000}`,
    ...['videnc_format yuv420p', 'module avcodec.so', 'module fakevideo.so'],
    ...(options.film === undefined ? [] : ['module avformat.so']),
    ...['avcodec_h264enc libx264', 'avcodec_h264dec h264'],
    ...['avcodec_h265enc libx265', 'avcodec_h265dec hevc'],
  ];
}
