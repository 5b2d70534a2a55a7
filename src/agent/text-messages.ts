import { BoundedMap, type Clock, type Logger, TokenBucket } from '../platform';
import type { Delivery, IncomingMessage } from '../sip';
import type { Account } from './account';
import type { Accounts } from './accounts';
import { type Caller, callerOf } from './caller';
import { AgentException } from './exception';
import type { Keeper } from './history';

/** A text that came or went. */
export interface TextMessage {
  /** From 1; the next one has the next number. */
  readonly message: number;
  readonly direction: 'incoming' | 'outgoing';
  /** Which account, by its name; absent where none was configured. */
  readonly account?: string;
  readonly remote: string;
  /** As the far end gave it; anybody can give any. */
  readonly displayName?: string;
  /** Civil time, ISO 8601. */
  readonly at: string;
  readonly text: string;
  readonly state:
    | 'received'
    /** Taken by the far end, or by a server that keeps it for it. */
    | 'delivered'
    | 'refused';
  /** Why it was refused, in words. */
  readonly detail?: string;
}

/** Which messages are asked for. */
export interface TextMessageQuery {
  readonly search?: string;
  readonly limit?: number;
  readonly before?: number;
}

/** How many are remembered. */
export const MESSAGE_LIMIT = 50;

export type TextMessageKeeper = Keeper<TextMessage>;

export interface TextMessagesParts {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly keeper: TextMessageKeeper | undefined;
  readonly onMessage: (message: TextMessage) => void;
}

/** Texts of one source: so many at once, and in the long run one in so many seconds. */
const RATES = {
  proved: { burst: 20, perSecond: 1 },
  direct: { burst: 3, perSecond: 0.1 },
} as const;
/** Sources that are told apart; the one heard longest ago gives way. */
const MAX_SOURCES = 64;
/** Of all that are not proved together. */
const ALL_DIRECT = { burst: 10, perSecond: 0.5 } as const;
/** What who comes too often is told to wait, s. */
const RETRY_S = 10;

/** Texts in and out, the last of them remembered. */
export class TextMessages {
  readonly #parts: TextMessagesParts;
  readonly #sources = new BoundedMap<TokenBucket>(MAX_SOURCES);
  readonly #allDirect: TokenBucket;
  #entries: readonly TextMessage[];

  constructor(parts: TextMessagesParts) {
    this.#parts = parts;
    this.#allDirect = new TokenBucket(ALL_DIRECT, parts.clock.now());
    this.#entries = (parts.keeper?.entries ?? []).filter(isTextMessage).slice(-MESSAGE_LIMIT);
  }

  get problems(): string[] {
    const problem = this.#parts.keeper?.problem;
    return problem === undefined ? [] : [`messages: kept in memory only: ${problem}`];
  }

  /**
   * @param ofCall that of the call it came within, whose far end has been let in already.
   * @param known who has proved who he is.
   */
  receive(message: IncomingMessage, ofCall?: Account, known?: Caller): void {
    const { accounts, log } = this.#parts;
    const account = ofCall ?? accounts.calledBy(message);
    const caller = known ?? callerOf(message, account);
    if (!ofCall && account.doorKeeper.asksForProof(caller)) {
      accounts.ask({
        ...{ request: message, caller, account },
        onProved: (proved) => this.receive(message, ofCall, proved),
        onRefused: (status, reason) =>
          log.info('text refused', { status, reason, from: caller.address }),
      });
      return;
    }
    const status = ofCall
      ? undefined
      : account.doorKeeper.refusalOfMessage(caller, message.calledUser);
    if (status !== undefined) {
      log.info('text refused', { status, name: caller.name, from: caller.address });
      message.refuse(status);
    } else if (!this.#hasRoom(caller)) {
      log.info('text refused: too many', { name: caller.name, from: caller.address });
      message.refuse(503, RETRY_S);
    } else {
      message.accept();
      const { displayName, uri } = message.remote;
      const name = displayName ? { displayName } : {};
      const remote = caller.provedName ?? String(uri);
      const text = { remote, ...name, text: message.text };
      this.#add({ direction: 'incoming', ...by(account), ...text, state: 'received' });
    }
  }

  /** Notes what became of one that was sent. @throws AgentException when it was refused. */
  sent(
    account: Account,
    remote: string,
    text: string,
    { isDelivered, status, reason }: Delivery,
  ): number {
    const detail = `${status} ${reason}`.trim();
    const { message } = this.#add({
      direction: 'outgoing',
      ...by(account),
      remote,
      text,
      ...(isDelivered ? { state: 'delivered' } : { state: 'refused', detail }),
    });
    if (!isDelivered) throw new AgentException('refused-by-peer', `not delivered: ${detail}`);
    return message;
  }

  /** Newest first. */
  find({
    search = '',
    limit = MESSAGE_LIMIT,
    before = Number.POSITIVE_INFINITY,
  }: TextMessageQuery): readonly TextMessage[] {
    const wanted = search.toLowerCase();
    return this.#entries
      .filter((entry) => entry.message < before && searched(entry).includes(wanted))
      .slice(-limit)
      .reverse();
  }

  #hasRoom({ origin, source }: Caller): boolean {
    const now = this.#parts.clock.now();
    const isDirect = origin === 'direct';
    if (isDirect && !this.#allDirect.hasToken(now)) return false;
    const rate = isDirect ? RATES.direct : RATES.proved;
    const bucket = this.#sources.get(source) ?? new TokenBucket(rate, now);
    this.#sources.set(source, bucket);
    if (!bucket.take(now)) return false;
    return !isDirect || this.#allDirect.take(now);
  }

  #add(parts: Omit<TextMessage, 'message' | 'at'>): TextMessage {
    const { clock, keeper, onMessage } = this.#parts;
    const last = this.#entries[this.#entries.length - 1]?.message ?? 0;
    const entry = { message: last + 1, at: clock.wallTime().toISOString(), ...parts };
    this.#entries = [...this.#entries, entry].slice(-MESSAGE_LIMIT);
    keeper?.add(entry);
    onMessage(entry);
    return entry;
  }
}

function by({ name }: Account): { readonly account?: string } {
  return name === undefined ? {} : { account: name };
}

function searched({ remote, displayName = '', text }: TextMessage): string {
  return [remote, displayName, text].join('\n').toLowerCase();
}

function isTextMessage(value: unknown): value is TextMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { message, direction, remote, at, text, state, displayName, detail, account } =
    Object.fromEntries(Object.entries(value));
  return (
    Number.isSafeInteger(message) &&
    (direction === 'incoming' || direction === 'outgoing') &&
    ['received', 'delivered', 'refused'].includes(state) &&
    [remote, at, text, displayName ?? '', detail ?? '', account ?? ''].every(
      (one) => typeof one === 'string',
    )
  );
}
