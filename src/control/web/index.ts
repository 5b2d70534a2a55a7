import type { Logger, Timer } from '../../platform';
// Types, as from anywhere outside this folder.
import type { Surface, WebStatus } from '..';
import { Doorkeeper } from './doorkeeper';
import { type Credentials, Listener } from './listener';
import { WebServer, type WebServerOptions } from './web-server';

export { jsonSchemaOf } from './json-schema';

export interface WebOptions extends WebServerOptions {
  readonly address: string;
  readonly port: number;
  /** Absolute. */
  readonly passwordFile?: string;
}

/** An address may come with the network, and a port become free, ms. */
const TRY_AGAIN_MS = 5000;

/** The web page, whose port is tried until it opens. */
class Web implements Surface {
  readonly #options: WebOptions;
  readonly #log: Logger;
  readonly #doorkeeper: Doorkeeper;
  readonly #server: WebServer;
  readonly #listener: Listener;
  #port: number;
  #detail = 'it is being opened';
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: WebOptions, credentials: Credentials | undefined) {
    const { control, log, passwordFile, port } = options;
    const isEncrypted = credentials !== undefined;
    this.#options = options;
    this.#log = log;
    this.#port = port;
    this.#doorkeeper = new Doorkeeper(control, log, passwordFile, isEncrypted);
    this.#server = new WebServer(options, this.#doorkeeper, isEncrypted);
    this.#listener = new Listener(credentials, (request, response) => {
      void this.#server.handle(request, response);
    });
  }

  get status(): WebStatus {
    return {
      address: this.#options.address,
      port: this.#port,
      detail: this.#detail,
      encrypted: false,
      ...this.#doorkeeper.status,
      ...this.#server.status,
      malformed: this.#listener.malformed,
    };
  }

  async open(): Promise<void> {
    const { address, port, control } = this.#options;
    try {
      this.#port = await this.#listener.open(port, address);
      this.#doorkeeper.listensAt(this.#port);
      this.#detail = '';
      this.#log.info('listens', { address, port: this.#port });
    } catch (error) {
      this.#detail = error instanceof Error ? error.message : String(error);
      this.#log.error('cannot listen', { address, port, error: this.#detail });
      if (this.#isClosed) return;
      this.#timer = control.clock.setTimer(TRY_AGAIN_MS, () => void this.open());
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#server.close();
    await this.#listener.close();
  }
}

/** Serves the page; what keeps it from opening is in the status, and keeps no call waiting. */
export async function openWeb(options: WebOptions): Promise<Surface> {
  const web = new Web(options, undefined);
  options.control.surfaces.web = () => web.status;
  await web.open();
  return web;
}
