import { networkOf } from '../admission';
import type { IncomingSession, OutgoingSession, Session } from '../dialog';
import type { SipRequest } from '../message';
import type { StateBudget } from '../transaction';
import type { SocketAddress } from '../transport';

/** Of one session with its dialog and negotiation; and what its INVITE is kept as, measured. */
const FIXED_BYTES = 6000;
const KEPT_TIMES = 4;

/**
 * The calls there are, with room of their own for each direction: whoever calls us, and however
 * often, cannot keep us from calling.
 */
export class SessionList {
  readonly #limit: number;
  readonly #budget: StateBudget;
  readonly #incoming = new Map<Session, { readonly network: string; readonly charged: number }>();
  readonly #outgoing = new Set<Session>();

  /** `limit`: for each direction. */
  constructor(limit: number, budget: StateBudget) {
    this.#limit = limit;
    this.#budget = budget;
  }

  *[Symbol.iterator](): Iterator<Session> {
    yield* this.#incoming.keys();
    yield* this.#outgoing;
  }

  get hasRoomForOutgoing(): boolean {
    return this.#outgoing.size < this.#limit;
  }

  /**
   * A source that may be forged, as long as no ACK shows the contrary, gets half of the room at most
   * for calls that wait.
   */
  hasRoomForIncoming(source: SocketAddress | undefined, isProved: boolean): boolean {
    if (this.#incoming.size >= this.#limit) return false;
    if (isProved || !source) return true;
    return this.#waitingFrom(networkOf(source.address)) < Math.ceil(this.#limit / 2);
  }

  hasMemoryFor(invite: SipRequest): boolean {
    return this.#budget.hasRoomFor(bytesOf(invite));
  }

  addIncoming(session: IncomingSession, invite: SipRequest): void {
    const charged = bytesOf(invite);
    this.#budget.charge(charged);
    this.#incoming.set(session, { network: networkOf(session.source.address), charged });
  }

  addOutgoing(session: OutgoingSession): void {
    this.#budget.charge(FIXED_BYTES);
    this.#outgoing.add(session);
  }

  delete(session: Session): void {
    this.#budget.release(this.#incoming.get(session)?.charged ?? 0);
    this.#incoming.delete(session);
    if (this.#outgoing.delete(session)) this.#budget.release(FIXED_BYTES);
  }

  #waitingFrom(network: string): number {
    const calls = [...this.#incoming].filter(([, call]) => call.network === network);
    return calls.filter(([{ state }]) => state === 'early' || state === 'accepted').length;
  }
}

function bytesOf(invite: SipRequest): number {
  return FIXED_BYTES + KEPT_TIMES * (invite.octets ?? 0);
}
