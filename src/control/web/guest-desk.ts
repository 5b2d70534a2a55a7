import type { IncomingMessage } from 'node:http';
// Types, as from anywhere outside this folder.
import type { Control } from '..';
import { type Answer, because, json } from './answer';
import type { Api } from './api';
import { readBody } from './body';
import type { BrowserCalls } from './browser-calls';
import type { Doorkeeper } from './doorkeeper';
import type { Guest } from './guests';
import { forMethods } from './methods';
import { picture } from './picture';

const MAX_BODY_BYTES = 4096;

/** What a guest may ask for: to talk, to see, and to end what he began. All else tells him nothing. */
export class GuestDesk {
  readonly #control: Control;
  readonly #doorkeeper: Doorkeeper;
  readonly #browserCalls: BrowserCalls;
  readonly #api: Api;
  /** Those whose call is being answered. */
  readonly #calling = new WeakSet<Guest>();

  constructor(control: Control, doorkeeper: Doorkeeper, browserCalls: BrowserCalls, api: Api) {
    this.#control = control;
    this.#doorkeeper = doorkeeper;
    this.#browserCalls = browserCalls;
    this.#api = api;
  }

  async answer(
    request: IncomingMessage,
    pathname: string,
    guest: Guest,
  ): Promise<Answer | undefined> {
    switch (pathname) {
      case '/api/logout':
        return forMethods(request, { POST: () => this.#doorkeeper.logOut(request) });
      case '/api/call':
        return forMethods(request, {
          GET: () => this.#calls(guest),
          POST: () => this.#call(request, guest),
        });
      case '/api/picture':
        return forMethods(request, { GET: () => picture(this.#control) });
      case '/api/commands/hangup':
        return forMethods(request, { POST: () => this.#hangUp(request, guest) });
      default:
        return refused();
    }
  }

  /** One at a time: he takes no line that others may need. */
  async #call(request: IncomingMessage, guest: Guest): Promise<Answer> {
    const isUp = ({ call }: { readonly call: number }): boolean => guest.calls.has(call);
    if (this.#calling.has(guest) || this.#control.agent.status().calls.some(isUp)) {
      return because(409, 'a call of yours is up: hang it up first');
    }
    this.#calling.add(guest);
    try {
      return await this.#browserCalls.take(request, (call) =>
        this.#doorkeeper.guestBegan(guest, call),
      );
    } finally {
      this.#calling.delete(guest);
    }
  }

  /** One that is over is said to be: he may not have been told of it before. */
  #calls({ calls }: Guest): Answer {
    const up = new Map(
      this.#control.agent.status().calls.map(({ call, state }) => [call, state] as const),
    );
    return json(200, {
      calls: [...calls].map((call) => ({ call, state: up.get(call) ?? 'ended' })),
    });
  }

  async #hangUp(request: IncomingMessage, { calls }: Guest): Promise<Answer> {
    const body = await readBody(request, MAX_BODY_BYTES);
    if ('refused' in body) return body.refused;
    const call = callIn(body.value);
    return call !== undefined && calls.has(call) ? this.#api.run('hangup', { call }) : refused();
  }
}

const refused = (): Answer => because(403, 'a guest may talk and see');

function callIn(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('call' in value)) return undefined;
  return typeof value.call === 'number' ? value.call : undefined;
}
