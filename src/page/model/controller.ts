import type { StatusReply } from '../../control';
import {
  type Answer,
  carryOut,
  Feed,
  guestCalls,
  logOut,
  member,
  redeem,
  type StreamEvent,
  sessionState,
} from '../api';
import { FIRST_STATE, type Happening, type InvitationWords, next, type PageState } from './state';

/** From one look at a guest's calls to the next, ms. */
const GUEST_LOOK_MS = 1000;

/** What keeps the page's state in step with the agent, and does what the reader wants. */
export class Controller {
  #state = FIRST_STATE;
  readonly #onChange: (state: PageState) => void;
  readonly #feed: Feed;
  #asking = false;
  #askAgain = false;
  #guestTimer: number | undefined;

  constructor(onChange: (state: PageState) => void) {
    this.#onChange = onChange;
    this.#feed = new Feed({
      onOpen: () => this.#happens({ kind: 'opened' }),
      onEvent: (event) => this.#onEvent(event),
      onLost: () => this.#happens({ kind: 'lost' }),
      onForbidden: () => void this.start(),
    });
  }

  /**
   * Looks whether a password is wanted, and begins.
   * @param invitation is left unused by whoever is let in already.
   */
  async start(invitation?: string): Promise<void> {
    window.clearTimeout(this.#guestTimer);
    try {
      let session = await sessionState();
      let refused: InvitationWords | undefined;
      const isMember = session.authenticated && session.guestLeftS === undefined;
      if (invitation !== undefined && !isMember) {
        refused = await whyNotBy(invitation);
        session = await sessionState();
      }
      const { authenticated, needsPassword, guestLeftS } = session;
      if (guestLeftS !== undefined) {
        this.#happens({ kind: 'guest', until: new Date(Date.now() + 1000 * guestLeftS) });
        await this.#lookAtGuest();
        return;
      }
      if (needsPassword && !authenticated) {
        this.#happens({ kind: 'login-needed', ...(refused ? { invitation: refused } : {}) });
        return;
      }
      this.#happens({ kind: 'session', needsPassword });
    } catch {
      // Nobody answers: the feed goes on trying, and says so.
    }
    this.#feed.start();
  }

  /** Carries a command out; what it changed is seen at once. */
  async act(name: string, param: unknown = {}): Promise<Answer> {
    const answer = await carryOut(name, param);
    if (answer.kind === 'forbidden') {
      this.#feed.stop();
      this.#happens({ kind: 'login-needed' });
    } else if (this.#state.guest) void this.#lookAtGuest();
    return answer;
  }

  /** Whether lines of the log come along. */
  followLog(follow: boolean): void {
    this.#feed.setLogLevel(follow ? 'debug' : undefined);
  }

  clearLog(): void {
    this.#happens({ kind: 'log-cleared' });
  }

  noticeRead(): void {
    this.#happens({ kind: 'notice-read' });
  }

  async logOut(): Promise<void> {
    this.#feed.stop();
    window.clearTimeout(this.#guestTimer);
    await logOut().catch(() => undefined);
    this.#state = FIRST_STATE;
    this.#happens({ kind: 'login-needed' });
  }

  /** A guest is told no events: he asks for his calls again and again, as long as he is one. */
  async #lookAtGuest(): Promise<void> {
    window.clearTimeout(this.#guestTimer);
    const look = await guestCalls();
    // He left meanwhile.
    if (!this.#state.guest) return;
    if (look === 'no guest') {
      await this.start();
      return;
    }
    this.#happens(look === 'lost' ? { kind: 'lost' } : { kind: 'guest-calls', calls: look });
    window.clearTimeout(this.#guestTimer);
    this.#guestTimer = window.setTimeout(() => void this.#lookAtGuest(), GUEST_LOOK_MS);
  }

  #onEvent({ type, data }: StreamEvent): void {
    const content = parsed(data);
    switch (type) {
      case 'status':
        if (isStatus(content)) this.#onStatus(content);
        break;
      case 'log':
        this.#happens({
          kind: 'log',
          line: {
            at: dateOf(member(content, 'at')),
            level: textOf(member(content, 'level')),
            area: textOf(member(content, 'area')),
            text: textOf(member(content, 'text')),
          },
        });
        break;
      case 'stopping':
        this.#happens({ kind: 'stopping' });
        break;
      case 'gap':
        this.#happens({ kind: 'gap', missed: Number(member(content, 'missed')) || 0 });
        break;
      case 'quality':
        break;
      default:
        // Something is otherwise now: the status says what, and need not be waited for.
        void this.#askStatus();
    }
  }

  async #askStatus(): Promise<void> {
    this.#askAgain = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    const answer = await this.act('status');
    this.#asking = false;
    if (answer.kind === 'done' && isStatus(answer.reply)) this.#onStatus(answer.reply);
    if (this.#askAgain) void this.#askStatus();
  }

  #onStatus(status: StatusReply): void {
    this.#happens({ kind: 'status', status, at: new Date() });
  }

  #happens(happening: Happening): void {
    this.#state = next(this.#state, happening);
    this.#onChange(this.#state);
  }
}

/** Uses an invitation up. @returns why it lets nobody in; undefined when it does */
async function whyNotBy(token: string): Promise<InvitationWords | undefined> {
  const result = await redeem(token);
  switch (result.kind) {
    case 'in':
      return undefined;
    case 'wrong':
      return { kind: 'refused' };
    case 'wait':
    case 'failed':
      return result;
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** Believed by what is shown of it first. */
function isStatus(value: unknown): value is StatusReply {
  return (
    Array.isArray(member(value, 'calls')) &&
    Array.isArray(member(value, 'recent')) &&
    typeof member(value, 'sip') === 'object'
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function dateOf(value: unknown): Date {
  const date = typeof value === 'string' ? new Date(value) : new Date();
  return Number.isNaN(date.getTime()) ? new Date() : date;
}
