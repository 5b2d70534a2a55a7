import { join } from 'node:path';
import { ManagedProcess } from '../process/process';
import { readyMs } from '../process/sip-probe';

export interface PjsuaOptions {
  /** The program; Debian 12 has no package of it. */
  readonly program: string;
  readonly folder: string;
  readonly sipPort: number;
  readonly rtpPort: number;
  /** WAV file that it speaks. */
  readonly speech: string;
}

/** A pjsua without sound card that answers by itself. */
export class Pjsua {
  readonly process: ManagedProcess;
  readonly readyMs: number;

  private constructor(child: ManagedProcess, ready: number) {
    this.process = child;
    this.readyMs = ready;
  }

  static async start(options: PjsuaOptions): Promise<Pjsua> {
    const child = ManagedProcess.start({
      name: 'pjsua',
      command: options.program,
      args: [
        ...['--null-audio', '--no-tcp', '--auto-answer=200', '--app-log-level=1', '--log-level=1'],
        ...[`--local-port=${options.sipPort}`, `--rtp-port=${options.rtpPort}`],
        ...['--ip-addr=127.0.0.1', '--bound-addr=127.0.0.1', '--no-vad', '--clock-rate=8000'],
        ...[`--play-file=${options.speech}`, '--auto-play', '--dis-codec=*', '--add-codec=PCMU'],
      ],
      logPath: join(options.folder, 'pjsua.log'),
    });
    const ready = await child.whileRunning(readyMs(options.sipPort, child.startedAt));
    return new Pjsua(child, ready);
  }

  async stop(): Promise<void> {
    this.process.writeLine('q');
    await this.process.stop();
  }
}
