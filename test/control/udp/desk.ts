import {
  Dispatcher,
  type DispatcherOptions,
  encode,
  FIRST_ID,
  type Reply,
} from '../../../src/control';
import { silentLogger } from '../../../src/platform';
import { type Bench, startedBench } from '../../agent/fakes';
import { controlOf } from '../fakes';

export const APP = { address: '127.0.0.1', port: 50000 };

export interface Desk extends Bench {
  readonly dispatcher: Dispatcher;
  /** Who was asked whether he is still there. */
  readonly asked: readonly (typeof APP)[];
  /** Sends a request and gives its reply. */
  send(request: object | string | Uint8Array, from?: typeof APP): Promise<Reply | undefined>;
  /** Starts a session and gives its token. */
  start(from?: typeof APP): Promise<number>;
}

/** A dispatcher over an agent between fakes. */
export function desk(all: Bench, options: Partial<DispatcherOptions> = {}): Desk {
  const asked: (typeof APP)[] = [];
  const dispatcher = new Dispatcher(controlOf(all), {
    firstId: FIRST_ID,
    isBehindRelay: false,
    hasOneHolder: false,
    ownAddress: '127.0.0.1',
    log: silentLogger,
    ask: (client) => asked.push(client),
    ...options,
  });
  const send: Desk['send'] = (request, from = APP) => {
    if (request instanceof Uint8Array) return dispatcher.handle(request, from);
    return dispatcher.handle(
      typeof request === 'string' ? Buffer.from(request) : encode(request),
      from,
    );
  };
  const start: Desk['start'] = async (from) =>
    Number((await send({ token: 0, msg_id: 257 }, from))?.param);
  return { ...all, dispatcher, asked, send, start };
}

export const startedDesk = async (options?: Partial<DispatcherOptions>): Promise<Desk> =>
  desk(await startedBench(), options);
