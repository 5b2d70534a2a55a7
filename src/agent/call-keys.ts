import { MediaException } from '../media';
import type { InviteSession } from '../sip';
import type { CallMedia } from './call-media';
import type { KeysBy } from './call-state';
import { AgentException } from './exception';

/** Length of a key sent by INFO, ms. */
const KEY_MS = 100;

/** The keys that a call sends. */
export class CallKeys {
  readonly #call: number;
  readonly #session: InviteSession;
  /** Settles when the keys that were asked for by INFO are sent. */
  #sent: Promise<void> = Promise.resolve();

  constructor(call: number, session: InviteSession) {
    this.#call = call;
    this.#session = session;
  }

  /**
   * By RFC 4733 when the far end has telephone-event, else one INFO after the other.
   * @throws AgentException when the far end takes them in neither way.
   */
  async send(digits: string, media: CallMedia | undefined): Promise<KeysBy> {
    if (this.#sendEvents(digits, media)) return 'rtp';
    const sent = this.#sent.then(() => this.#sendByInfo(digits));
    this.#sent = sent.catch(() => undefined);
    await sent;
    return 'info';
  }

  #sendEvents(digits: string, media: CallMedia | undefined): boolean {
    try {
      return media?.sendEvents(digits) ?? false;
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      throw new AgentException('busy', `call ${this.#call}: ${error.message}`);
    }
  }

  async #sendByInfo(digits: string): Promise<void> {
    for (const digit of digits.toUpperCase()) {
      if (await this.#session.sendKey({ digit, durationMs: KEY_MS })) continue;
      throw new AgentException(
        'refused-by-peer',
        `call ${this.#call}: the far end takes no keys: its description has no telephone-event, and it refuses INFO`,
      );
    }
  }
}
