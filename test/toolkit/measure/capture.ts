import { join } from 'node:path';
import { ManagedProcess, ProcessError } from '../process/process';
import { sleep } from '../process/wait';
import { type Datagram, readPcap } from './pcap';

/** tcpdump hands packets over once a second at the latest. */
const FLUSH_MS = 1200;

/** A running capture of the loopback device, with the kernel's time stamps to the nanosecond. */
export class Capture {
  readonly path: string;
  readonly #tcpdump: ManagedProcess;

  private constructor(path: string, tcpdump: ManagedProcess) {
    this.path = path;
    this.#tcpdump = tcpdump;
  }

  /**
   * Captures UDP from and to the given ports, or only from them, into `folder/capture.pcap`; returns when
   * packets are being taken.
   * @throws ProcessError when tcpdump may not (it needs root or CAP_NET_RAW).
   */
  static async start(
    folder: string,
    ports: { first: number; last: number; only?: 'src' },
  ): Promise<Capture> {
    const path = join(folder, 'capture.pcap');
    const tcpdump = ManagedProcess.start({
      name: 'tcpdump',
      command: 'tcpdump',
      args: [
        ...['-i', 'lo', '-n', '--time-stamp-precision=nano', '-B', '16384', '-s', '0'],
        ...['-w', '-', `udp and ${ports.only ?? ''} portrange ${ports.first}-${ports.last}`],
      ],
      logPath: join(folder, 'tcpdump.log'),
      stdoutPath: path,
    });
    await tcpdump.waitFor(/listening on lo/);
    return new Capture(path, tcpdump);
  }

  /** Ends the capture and reads it. @throws ProcessError when the kernel dropped packets. */
  async stop(): Promise<Datagram[]> {
    await sleep(FLUSH_MS);
    await this.#tcpdump.stop('SIGINT');
    const dropped = this.#tcpdump.output.match(/(\d+) packets dropped by kernel/)?.[1];
    if (dropped !== undefined && dropped !== '0') {
      throw new ProcessError(`tcpdump lost ${dropped} packets: the figures would be wrong`);
    }
    return readPcap(this.path);
  }
}
