import { join } from 'node:path';
import { ManagedProcess } from '../process/process';

export interface StandInOptions {
  readonly folder: string;
  /** Unix socket where the agent's libnetfifo finds it. */
  readonly socket: string;
  /** Folder of the material that scripts/material makes. */
  readonly material: string;
  /** File in `material`, and its pictures per second; default camera.h264 with 30. */
  readonly film?: { readonly name: string; readonly fps: number };
  /** WAV file for what the camera's speaker plays. */
  readonly speaker: string;
  /** Stream-in is not wired, as on a stock image: nothing can be played. */
  readonly mute?: boolean;
  /** More flags of h22-rtos-sim. */
  readonly extra?: readonly string[];
}

export const STAND_IN_PROGRAM = 'build/native/bin/h22-rtos-sim';

/** The camera's RTOS, played by h22-rtos-sim: encoders, microphone and speaker behind NetFIFO. */
export class StandIn {
  readonly process: ManagedProcess;
  readonly speaker: string;

  private constructor(options: StandInOptions, child: ManagedProcess) {
    this.process = child;
    this.speaker = options.speaker;
  }

  static async start(options: StandInOptions): Promise<StandIn> {
    const film = options.film ?? { name: 'camera.h264', fps: 30 };
    const child = ManagedProcess.start({
      name: 'stand-in',
      command: STAND_IN_PROGRAM,
      args: [
        ...['--socket', options.socket, '--video', join(options.material, film.name)],
        ...['--fps', String(film.fps), '--audio', join(options.material, 'camera-voice.aac')],
        ...(options.mute ? [] : ['--speaker-out', options.speaker, '--stream-in', 'pcm']),
        ...(options.extra ?? []),
      ],
      logPath: join(options.folder, 'stand-in.log'),
      realtime: true,
    });
    await child.waitFor(/ready socket=/);
    return new StandIn(options, child);
  }

  /** Ends it; gives the counters that it prints at its end. */
  async stop(): Promise<Readonly<Record<string, unknown>>> {
    await this.process.stop();
    const line = this.process.output
      .trimEnd()
      .split('\n')
      .findLast((text) => text.startsWith('{'));
    const counters: unknown = JSON.parse(line ?? '{}');
    return typeof counters === 'object' && counters !== null ? { ...counters } : {};
  }
}
