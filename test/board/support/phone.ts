import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatenate, readWav, type Sound } from '../../toolkit/measure/wav';
import { ManagedProcess } from '../../toolkit/process/process';
import { type BoardNetwork, HOST_ADDRESS } from './network';

export interface PhoneOptions {
  readonly name: string;
  readonly folder: string;
  readonly network: BoardNetwork;
  readonly sipPort: number;
  readonly rtpPorts: readonly [number, number];
  /** WAV file that it speaks, 8 kHz mono. Baresip hangs up at its end. */
  readonly speech: string;
  /** Whom it calls at once; without it, it waits and answers. */
  readonly dials?: string;
}

const MODULES = '/usr/lib/baresip/modules';

/** A baresip on the host's side of the bridge: speaks a file, shows H.264, records what it hears. */
export class BoardPhone {
  readonly uri: string;
  readonly process: ManagedProcess;
  readonly #folder: string;

  private constructor(options: PhoneOptions, folder: string, child: ManagedProcess) {
    this.uri = `sip:${options.name}@${HOST_ADDRESS}:${options.sipPort}`;
    this.#folder = folder;
    this.process = child;
  }

  static async start(options: PhoneOptions): Promise<BoardPhone> {
    const { name, network, sipPort, dials } = options;
    const folder = join(options.folder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config'), configuration(options, folder));
    writeFileSync(
      join(folder, 'accounts'),
      `<sip:${name}@${HOST_ADDRESS}:${sipPort}>;regint=0;answermode=auto;audio_codecs=PCMU,PCMA\n`,
    );
    writeFileSync(join(folder, 'contacts'), '');
    const child = ManagedProcess.start({
      name: `baresip ${name}`,
      ...network.inside(
        ...(['baresip', '-f', folder, '-v'] as const),
        ...(dials === undefined ? [] : ['-e', `/dial ${dials}`]),
      ),
      logPath: join(options.folder, `${name}.log`),
      realtime: true,
    });
    await child.waitFor(/baresip is ready/);
    return new BoardPhone(options, folder, child);
  }

  /** What it heard, the recordings of its calls one after the other. */
  heard(): Sound {
    const names = readdirSync(this.#folder).filter((name) => name.endsWith('-dec.wav'));
    return concatenate(names.sort().map((name) => readWav(join(this.#folder, name))));
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

function configuration(options: PhoneOptions, folder: string): string {
  return `${[
    'poll_method epoll',
    `sip_listen ${HOST_ADDRESS}:${options.sipPort}`,
    'sip_trans_def udp',
    'call_max_calls 4',
    `audio_player aubridge,${options.name}`,
    `audio_source aufile,${options.speech}`,
    `audio_alert aubridge,${options.name}alert`,
    ...['ausrc_srate 8000', 'auplay_srate 8000', 'ausrc_channels 1', 'auplay_channels 1'],
    ...['ausrc_format s16', 'auplay_format s16', 'auenc_format s16', 'audec_format s16'],
    'audio_level no',
    'audio_buffer 20-160',
    `rtp_ports ${options.rtpPorts[0]}-${options.rtpPorts[1]}`,
    'rtcp_mux no',
    'jitter_buffer_delay 1-10',
    'rtp_stats yes',
    'net_interface br0',
    'video_display fakevideo,',
    ...['video_size 320x240', 'video_fps 15', 'video_fullscreen no'],
    ...['videnc_format yuv420p', 'avcodec_h264dec h264'],
    `module_path ${MODULES}`,
    ...['module g711.so', 'module aufile.so', 'module aubridge.so', 'module sndfile.so'],
    ...['module avcodec.so', 'module fakevideo.so'],
    `snd_path ${folder}`,
    ...['module_tmp uuid.so', 'module_tmp account.so', 'module_app menu.so'],
  ].join('\n')}\n`;
}
