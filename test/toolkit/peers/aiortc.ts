import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFrameNumbers, STRIP } from '../measure/frame-numbers';
import type { Sound } from '../measure/wav';
import { ManagedProcess } from '../process/process';

const SOUND = 'aiortc.s16';
const PROGRAM = 'test/toolkit/peers/webrtc-caller.py';

/** A WebRTC stack that is no browser's: aiortc, which calls by the page's own request. */
export class Aiortc {
  readonly process: ManagedProcess;
  readonly #folder: string;

  private constructor(child: ManagedProcess, folder: string) {
    this.process = child;
    this.#folder = folder;
  }

  /** Calls. @param voice file that it speaks, over and over. */
  static async call(folder: string, url: string, voice: string): Promise<Aiortc> {
    const child = ManagedProcess.start({
      name: 'aiortc',
      // Not the first python3 of the path: Debian's has Debian's modules.
      command: '/usr/bin/python3',
      args: [
        ...[PROGRAM, '--url', url, '--voice', voice],
        ...['--sound', join(folder, SOUND), '--strips', join(folder, 'aiortc.gray')],
        ...['--strip', String(STRIP.width), String(STRIP.height)],
      ],
      logPath: join(folder, 'aiortc.log'),
    });
    await child.waitFor(/"state": "connected"/, 30_000);
    return new Aiortc(child, folder);
  }

  /** Numbers burned into the pictures that it has painted so far. */
  get pictures(): number[] {
    return readFrameNumbers(readFileSync(join(this.#folder, 'aiortc.gray')));
  }

  /** The last seconds of what it has heard so far. */
  async heard(seconds: number): Promise<Sound> {
    const [, rate] = await this.process.waitFor(/"rate": (\d+)/, 20_000, 0);
    const bytes = readFileSync(join(this.#folder, SOUND)).subarray(-2 * seconds * Number(rate));
    const samples = Float64Array.from(
      { length: bytes.length >> 1 },
      (_, at) => bytes.readInt16LE(2 * at) / 32_768,
    );
    return { rate: Number(rate), samples };
  }

  /** Leaves the call. */
  async leave(): Promise<void> {
    this.process.writeLine('');
    await this.process.waitFor(/"state": "left"/, 20_000);
    await this.process.stop();
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}
