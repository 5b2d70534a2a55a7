import { join } from 'node:path';
import { ManagedProcess } from '../process/process';

export interface RtspServerOptions {
  readonly folder: string;
  readonly port: number;
  /** H.264 byte stream with one slice per picture, and its pictures per second. */
  readonly film: { readonly path: string; readonly fps: number };
  /** ADTS. */
  readonly voice: string;
}

const PROGRAM = 'native/test/camera/rtsp_server.py';

/** GStreamer's RTSP server in place of the camera vendor's own. */
export class RtspServer {
  readonly process: ManagedProcess;

  private constructor(child: ManagedProcess) {
    this.process = child;
  }

  static urlAt(port: number): string {
    return `rtsp://127.0.0.1:${port}/live`;
  }

  static async start({ folder, port, film, voice }: RtspServerOptions): Promise<RtspServer> {
    const child = ManagedProcess.start({
      name: 'rtsp-server',
      // Not the first python3 of the path: Debian's has Debian's modules.
      command: '/usr/bin/python3',
      args: [
        ...[PROGRAM, '--port', String(port), '--h264', film.path, '--fps', String(film.fps)],
        ...['--aac', voice],
      ],
      logPath: join(folder, 'rtsp-server.log'),
    });
    await child.waitFor(/ready rtsp:/);
    return new RtspServer(child);
  }

  /** All connections end; who comes again is served. */
  async hangUp(): Promise<void> {
    const from = this.process.output.length;
    this.process.writeLine('hangup');
    await this.process.waitFor(/hangup/, 5000, from);
  }

  async stop(): Promise<void> {
    await this.process.stop('SIGKILL');
  }
}
