import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../platform';
import type { Schema } from '../../schema';
// Types, as from anywhere outside this folder.
import type { SurfaceOptions } from '..';
import { type Answer, because, send } from './answer';
import { Api } from './api';
import { readBody } from './body';
import { BrowserCalls } from './browser-calls';
import type { Doorkeeper } from './doorkeeper';
import { EventStreams } from './event-streams';
import { GuestDesk } from './guest-desk';
import { logLevelOf } from './log-tail';
import { forMethods } from './methods';
import { isOurHost, isOurPage } from './origin';
import { PageFiles } from './page-files';
import { picture } from './picture';

/** Of a command's parameters: a whole configuration has room. */
const MAX_BODY_BYTES = 64 * 1024;
const COMMANDS = '/api/commands/';

export interface WebServerOptions extends SurfaceOptions {
  /** Of the configuration, for the form that the page makes of it. */
  readonly configurationSchema: Schema;
  /** Folder with the page's own files. */
  readonly pageFolder: string;
  /** Where what outlives the process lies; absolute. */
  readonly directory?: string;
  /** A further name that browsers come by. */
  readonly name?: string;
}

/** Requests and their answers; knows no socket but those of its requests. */
export class WebServer {
  readonly #options: WebServerOptions;
  readonly #doorkeeper: Doorkeeper;
  readonly #isEncrypted: boolean;
  readonly #log: Logger;
  readonly #files: PageFiles;
  readonly #api: Api;
  readonly #streams: EventStreams;
  readonly #browserCalls: BrowserCalls;
  readonly #guestDesk: GuestDesk;
  #requests = 0;
  #foreign = 0;

  constructor(options: WebServerOptions, doorkeeper: Doorkeeper, isEncrypted: boolean) {
    this.#options = options;
    this.#doorkeeper = doorkeeper;
    this.#isEncrypted = isEncrypted;
    this.#log = options.log;
    this.#files = new PageFiles(options.pageFolder);
    this.#api = new Api(options, options.configurationSchema);
    this.#browserCalls = new BrowserCalls(options.control, options.directory, options.log);
    this.#guestDesk = new GuestDesk(options.control, doorkeeper, this.#browserCalls, this.#api);
    this.#streams = new EventStreams(options.control, () => this.#api.reply('status'));
  }

  get status() {
    return {
      requests: this.#requests,
      foreign: this.#foreign,
      streams: this.#streams.count,
      droppedStreams: this.#streams.dropped,
    };
  }

  close(): void {
    this.#streams.close();
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#requests += 1;
    try {
      const answer = await this.#answer(request, response);
      if (answer) send(request, response, answer);
    } catch (error) {
      // The other end left while it was asking.
      if (request.socket.destroyed) return;
      this.#log.error('request failed', { error: String(error) });
      if (response.headersSent) response.destroy();
      else send(request, response, because(500, 'internal error; the log has more'));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
    if (!isOurHost(request, this.#options.name)) {
      this.#foreign += 1;
      return because(421, 'not served under this name: the setting web.name can hold another one');
    }
    const url = urlOf(request);
    if (!url) return because(400, 'the path is none');
    const { pathname } = url;
    if (pathname !== '/api' && !pathname.startsWith('/api/')) {
      return forMethods(request, {
        GET: () => this.#files.answer(pathname, request.headers),
        HEAD: () => this.#files.answer(pathname, request.headers),
      });
    }
    if (!isOurPage(request, this.#isEncrypted)) {
      this.#foreign += 1;
      return because(403, 'another page asks');
    }
    return this.#answerApi(request, response, url);
  }

  async #answerApi(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname, searchParams }: URL,
  ): Promise<Answer | undefined> {
    const doorkeeper = this.#doorkeeper;
    if (pathname === '/api/session') {
      return forMethods(request, { GET: () => doorkeeper.session(request) });
    }
    if (pathname === '/api/login') {
      return forMethods(request, { POST: () => doorkeeper.logIn(request) });
    }
    if (pathname === '/api/invitation') {
      return forMethods(request, { POST: () => doorkeeper.redeem(request) });
    }
    const admitted = doorkeeper.admit(request);
    if (!admitted) return because(401, 'not logged in');
    if ('guest' in admitted) return this.#guestDesk.answer(request, pathname, admitted.guest);
    const { isAllowed } = admitted;
    switch (pathname) {
      case '/api/logout':
        return forMethods(request, { POST: () => doorkeeper.logOut(request) });
      case '/api/commands':
        return forMethods(request, { GET: () => this.#api.list() });
      case '/api/schema/configuration':
        return forMethods(request, { GET: () => this.#api.configurationSchema() });
      case '/api/configuration':
        return forMethods(request, { GET: () => this.#api.run('config-get', {}) });
      case '/api/call':
        return forMethods(request, { POST: () => this.#browserCalls.take(request) });
      case '/api/picture':
        return forMethods(request, { GET: () => picture(this.#options.control) });
      case '/api/events':
        return forMethods(request, {
          GET: () => this.#listen(request, response, searchParams, isAllowed),
        });
      default:
        return this.#command(request, pathname);
    }
  }

  async #command(request: IncomingMessage, pathname: string): Promise<Answer | undefined> {
    const name = pathname.startsWith(COMMANDS) ? pathname.slice(COMMANDS.length) : '';
    if (!this.#api.knows(name)) return because(404, 'there is nothing here');
    return forMethods(request, {
      POST: async () => {
        const body = await readBody(request, MAX_BODY_BYTES);
        return 'refused' in body ? body.refused : this.#api.run(name, body.value);
      },
    });
  }

  async #listen(
    request: IncomingMessage,
    response: ServerResponse,
    wishes: URLSearchParams,
    isAllowed: () => boolean,
  ): Promise<undefined> {
    const last = request.headers['last-event-id'];
    const since = (typeof last === 'string' ? last : undefined) ?? wishes.get('since') ?? undefined;
    this.#streams.open(response, { since, log: logLevelOf(wishes.get('log')) }, isAllowed);
  }
}

function urlOf({ url = '' }: IncomingMessage): URL | undefined {
  if (!url.startsWith('/')) return undefined;
  try {
    return new URL(`http://localhost${url}`);
  } catch {
    // What the caller answers 400.
    return undefined;
  }
}
