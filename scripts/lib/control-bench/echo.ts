import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** `echo.cjs` in a process of its own, and who asks it. */
export class Echo {
  readonly #process: ChildProcess;
  readonly #socket: Socket;
  readonly #port: number;

  static async start(): Promise<Echo> {
    const child = spawn(process.execPath, [resolve(import.meta.dirname, 'echo.cjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [told] = await once(child.stdout, 'data');
    return new Echo(child, Number(told));
  }

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.#port = port;
    this.#socket = createSocket('udp4');
  }

  /** ms */
  async roundTrip(): Promise<number> {
    const began = performance.now();
    this.#socket.send('{"token":1,"msg_id":2560}', this.#port, '127.0.0.1');
    await once(this.#socket, 'message');
    return performance.now() - began;
  }

  stop(): void {
    this.#socket.close();
    this.#process.kill();
  }
}
