import { expiryOf, type Timer } from '../../platform';
// Types, as from anywhere outside this folder.
import type { Invited, Surface, WebStatus } from '..';
import { credentialsOf, expiresOf, fingerprintOf, type Tls } from './credentials';
import { Doorkeeper } from './doorkeeper';
import { hostsFor, namesFor } from './hosts';
import { Listener } from './listener';
import { WebServer, type WebServerOptions } from './web-server';

export type { Tls } from './credentials';
export { jsonSchemaOf } from './json-schema';

export interface WebOptions extends WebServerOptions {
  readonly address: string;
  readonly port: number;
  /** Absolute. */
  readonly passwordFile?: string;
  readonly tls: Tls;
}

/** An address may come with the network, and a port become free, ms. */
const TRY_AGAIN_MS = 5000;
/** Whoever opens it waits no longer: a card that the certificate is on may hang, ms. */
const PATIENCE_MS = 1000;

/** The web page, which is tried to be opened until it opens. */
class Web implements Surface {
  readonly #options: WebOptions;
  readonly #doorkeeper: Doorkeeper;
  readonly #server: WebServer;
  #listener: Listener | undefined;
  #port: number;
  #fingerprint: string | undefined;
  /** Of a certificate that is not self-made. */
  #expires: Date | undefined;
  #detail: string;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: WebOptions) {
    const { control, log, passwordFile, port, tls } = options;
    const isEncrypted = tls.kind !== 'none';
    this.#options = options;
    this.#port = port;
    this.#detail = `it is being opened${awaitedBy(tls)}`;
    this.#doorkeeper = new Doorkeeper(control, log, passwordFile, isEncrypted);
    this.#server = new WebServer(options, this.#doorkeeper, isEncrypted);
  }

  get status(): WebStatus {
    const { address, tls } = this.#options;
    return {
      ...{ address, port: this.#port, detail: this.#detail, encrypted: tls.kind !== 'none' },
      ...(this.#fingerprint === undefined ? {} : { fingerprint: this.#fingerprint }),
      ...this.#expiry,
      ...(this.#listener?.spoken ? { tls: this.#listener.spoken } : {}),
      ...this.#doorkeeper.status,
      ...this.#server.status,
      malformed: this.#listener?.malformed ?? 0,
    };
  }

  get #expiry(): Pick<WebStatus, 'expires' | 'expiry'> {
    if (!this.#expires) return {};
    const now = this.#options.control.clock.wallTime();
    const expiry = expiryOf('web: our certificate', this.#expires, now);
    return {
      expires: this.#expires.toISOString(),
      ...(expiry.length > 0 ? { expiry } : {}),
    };
  }

  async open(): Promise<void> {
    const { address, port, control, log } = this.#options;
    try {
      await this.#open();
      log.info('listens', { address, port: this.#port, fingerprint: this.#fingerprint });
    } catch (error) {
      this.#detail = error instanceof Error ? error.message : String(error);
      log.error('cannot be opened', { address, port, error: this.#detail });
      if (this.#isClosed) return;
      this.#timer = control.clock.setTimer(TRY_AGAIN_MS, () => void this.open());
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    delete this.#options.control.invite;
    this.#doorkeeper.close();
    this.#server.close();
    await this.#listener?.close();
  }

  async #open(): Promise<void> {
    const { address, port, name, tls, control, log } = this.#options;
    const names = namesFor(address, name);
    const credentials = await credentialsOf(tls, names, control.random, log);
    this.#fingerprint = credentials && fingerprintOf(credentials);
    this.#expires = credentials && tls.kind === 'file' ? expiresOf(credentials) : undefined;
    const listener = new Listener(credentials, (request, response) => {
      void this.#server.handle(request, response);
    });
    this.#port = await listener.open(port, address);
    this.#listener = listener;
    this.#doorkeeper.listensAt(this.#port);
    this.#detail = '';
    if (this.#isClosed) await listener.close();
    else control.invite = (forMs) => this.#invite(forMs);
  }

  async #invite(forMs: number): Promise<Invited | string> {
    const { address, name, tls } = this.#options;
    const pass = await this.#doorkeeper.invite(forMs);
    if (typeof pass === 'string') return pass;
    const scheme = tls.kind === 'none' ? 'http' : 'https';
    // A fragment is in no request, and so in no log.
    const urls = hostsFor(address, name).map(
      (host) => `${scheme}://${host}:${this.#port}/#/invitation/${pass.token}`,
    );
    return { urls, until: pass.until.toISOString() };
  }
}

/** Serves the page; what keeps it from opening is in the status. Never rejects, and keeps nobody waiting for long. */
export async function openWeb(options: WebOptions): Promise<Surface> {
  const web = new Web(options);
  options.control.surfaces.web = () => web.status;
  const { clock } = options.control;
  await new Promise<void>((resolve) => {
    const late = clock.setTimer(PATIENCE_MS, resolve);
    void web.open().then(() => {
      late.cancel();
      resolve();
    });
  });
  return web;
}

/** What has not answered when it stays so. */
function awaitedBy(tls: Tls): string {
  switch (tls.kind) {
    case 'none':
      return '';
    case 'file':
      return `: ${tls.certificateFile} and ${tls.keyFile} are being read`;
    case 'self-made':
      return `: its certificate is being read from ${tls.directory}`;
  }
}
