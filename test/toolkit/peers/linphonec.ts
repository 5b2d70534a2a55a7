import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav, type Sound } from '../measure/wav';
import { ManagedProcess } from '../process/process';
import { readyMs } from '../process/sip-probe';
import { sleep, waitUntil } from '../process/wait';

export interface LinphonecOptions {
  readonly name: string;
  readonly folder: string;
  readonly sipPort: number;
  /** Even; RTCP is the next one. */
  readonly audioPort: number;
  readonly videoPort: number;
  /** WAV file that it speaks. */
  readonly speech: string;
  readonly autoAnswer?: boolean;
  /** Sends a still picture, H.264 encoded by openh264. */
  readonly video?: boolean;
  readonly record?: boolean;
  /** Default: PCMU, then PCMA. */
  readonly audioCodecs?: readonly LinphonecCodec[];
  /** What it answers a challenge of that realm with. */
  readonly credentials?: {
    readonly user: string;
    readonly password: string;
    readonly realm: string;
  };
  /** SRTP with keys by SDES, or nothing. */
  readonly encrypted?: boolean;
  /** SRTP with keys by ZRTP, where the far end has it. */
  readonly zrtp?: boolean;
}

export interface LinphonecCodec {
  readonly mime: string;
  readonly rate: number;
}

const G711: readonly LinphonecCodec[] = [
  { mime: 'PCMU', rate: 8000 },
  { mime: 'PCMA', rate: 8000 },
];

/** A linphonec without sound card: files instead, driven by its standard input. */
export class Linphonec {
  readonly name: string;
  readonly uri: string;
  readonly process: ManagedProcess;
  /** From the start of the process to the first answer at its SIP port. */
  readonly readyMs: number;
  readonly #recording: string;

  private constructor(options: LinphonecOptions, child: ManagedProcess, ready: number) {
    this.name = options.name;
    this.uri = `sip:${options.name}@127.0.0.1:${options.sipPort}`;
    this.process = child;
    this.readyMs = ready;
    this.#recording = recordingPath(options);
  }

  static async start(options: LinphonecOptions): Promise<Linphonec> {
    const home = join(options.folder, options.name);
    mkdirSync(join(home, '.local/share/linphone'), { recursive: true });
    mkdirSync(join(home, '.config/linphone'), { recursive: true });
    const rc = join(home, 'linphonerc');
    writeFileSync(rc, linphonerc({ ...options, address: '127.0.0.1' }));
    rmSync(recordingPath(options), { force: true });
    const child = ManagedProcess.start({
      name: `linphonec ${options.name}`,
      command: 'linphonec',
      args: [
        ...['-c', rc, '-d', '0', '-l', '/dev/null'],
        ...(options.autoAnswer === false ? [] : ['-a']),
        ...(options.video === true ? ['-V'] : []),
      ],
      logPath: join(options.folder, `${options.name}.log`),
      env: { HOME: home },
    });
    const ready = await child.whileRunning(readyMs(options.sipPort, child.startedAt));
    // "use files" must come before the names of the files, or it falls back to a sound card.
    child.writeLine('soundcard use files');
    child.writeLine(`play ${options.speech}`);
    if (options.record !== false) child.writeLine(`record ${recordingPath(options)}`);
    await sleep(500);
    return new Linphonec(options, child, ready);
  }

  dial(uri: string): void {
    this.process.writeLine(`call ${uri}`);
  }

  answer(): void {
    this.process.writeLine('answer');
  }

  hangup(): void {
    this.process.writeLine('terminate');
  }

  /** Pauses its newest call. Resolves when that is done: it would ignore a `resume` before. */
  async hold(): Promise<void> {
    const call = this.#newestCall();
    const paused = new RegExp(`Call ${call} with .* is now paused`, 'g');
    const before = this.process.output.match(paused)?.length ?? 0;
    this.process.writeLine(`pause ${call}`);
    await waitUntil(
      `linphonec to pause call ${call}`,
      () => (this.process.output.match(paused)?.length ?? 0) > before,
    );
  }

  resume(): void {
    this.process.writeLine(`resume ${this.#newestCall()}`);
  }

  /** What it shows of each call that ZRTP has secured. */
  strings(): string[] {
    const shown = /fully encrypted and auth token is (\S+)\./g;
    return [...this.process.output.matchAll(shown)].map(([, sas = '']) => sas);
  }

  /** Its user says that both strings are the same. */
  verify(): void {
    this.process.writeLine(`zrtp-set-verified ${this.#newestCall()}`);
  }

  /** Waits until its newest call is over for it, too: it dials nobody before. */
  async untilIdle(): Promise<void> {
    const ended = new RegExp(`Call ${this.#newestCall()} with .* ended`);
    await waitUntil('linphonec to end its call', () => ended.test(this.process.output));
  }

  /** It numbers its calls from 1 for the life of the process. */
  #newestCall(): number {
    return Number([...this.process.output.matchAll(/assigned id (\d+)/g)].at(-1)?.[1] ?? 1);
  }

  /** What it heard so far. */
  heard(): Sound {
    if (!existsSync(this.#recording)) return { rate: 8000, samples: new Float64Array(0) };
    return readWav(this.#recording);
  }

  /** What it heard in a call that is over: the file gets its head, and is one, when linphonec closes it. */
  recorded(): Promise<Sound> {
    return waitUntil(`the recording ${this.#recording}`, () => {
      try {
        const sound = this.heard();
        return sound.samples.length > 0 ? sound : undefined;
      } catch {
        return undefined;
      }
    });
  }

  async stop(): Promise<void> {
    this.process.writeLine('quit');
    await Promise.race([this.process.exited, sleep(1500)]);
    await this.process.stop();
  }
}

function recordingPath({ folder, name }: LinphonecOptions): string {
  return join(folder, `${name}-heard.wav`);
}

/** Its configuration: G.711 only, bound to `address`, its sound card the machine's default one. */
export function linphonerc({
  name,
  sipPort,
  audioPort,
  videoPort,
  video,
  encrypted,
  zrtp,
  address,
  audioCodecs = G711,
  credentials,
}: Pick<
  LinphonecOptions,
  | 'name'
  | 'sipPort'
  | 'audioPort'
  | 'videoPort'
  | 'video'
  | 'audioCodecs'
  | 'encrypted'
  | 'credentials'
  | 'zrtp'
> & {
  readonly address: string;
}): string {
  const sections: Record<string, readonly string[]> = {
    sip: [
      `sip_port=${sipPort}`,
      `sip_tcp_port=${sipPort}`,
      ...['sip_tls_port=-1', `bind_address=${address}`],
      `contact=sip:${name}@${address}`,
      ...['default_proxy=-1', 'guess_hostname=0'],
      `media_encryption=${zrtp ? 'zrtp' : encrypted ? 'srtp' : 'none'}`,
      ...(encrypted ? ['media_encryption_mandatory=1'] : []),
      // Without the first of the two it would take the second out again.
      ...['ipv6_migration_done=1', 'use_ipv6=0'],
      ...['register_only_when_network_is_up=0', 'auto_net_state_mon=0', 'keepalive_period=30000'],
    ],
    rtp: [`audio_rtp_port=${audioPort}`, `video_rtp_port=${videoPort}`, 'download_bw=0'],
    net: [
      'mtu=1300',
      'firewall_policy=no_firewall',
      'stun_server=',
      'download_bw=0',
      'upload_bw=0',
    ],
    sound: [
      ...['playback_dev_id=', 'ringer_dev_id=', 'capture_dev_id='],
      ...['echocancellation=0', 'remote_ring=', 'local_ring='],
    ],
    video: [
      ...(video === true
        ? [
            'enabled=1',
            'capture=1',
            // Without a display its side of the picture is not up at all.
            'display=1',
            'displaytype=MSVoidSink',
            'automatically_initiate=1',
            'automatically_accept=1',
          ]
        : ['enabled=0', 'capture=0', 'display=0', 'automatically_initiate=0']),
      'device=StaticImage: Static picture',
    ],
    misc: ['use_call_notifier=0', 'log_collection_upload_server_url=', 'version_check_url_root='],
    ...(credentials
      ? {
          auth_info_0: [
            `username=${credentials.user}`,
            `passwd=${credentials.password}`,
            `realm=${credentials.realm}`,
            `domain=${credentials.realm}`,
            'algorithm=SHA-256',
          ],
        }
      : {}),
    app: ['auto_download_incoming_files_max_size=-1'],
    ...Object.fromEntries(
      audioCodecs.map(({ mime, rate }, index) => [
        `audio_codec_${index}`,
        [`mime=${mime}`, `rate=${rate}`, 'channels=1', 'enabled=1'],
      ]),
    ),
  };
  return Object.entries(sections)
    .map(([section, lines]) => `[${section}]\n${lines.join('\n')}\n`)
    .join('\n');
}
