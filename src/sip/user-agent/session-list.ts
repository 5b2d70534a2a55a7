import type { IncomingInvite, InviteUsage, OutgoingInvite } from '../invite';
import type { SipRequest } from '../message';
import type { StateBudget } from '../transaction';
import type { SocketAddress } from '../transport';

/** Of one session with its dialog and negotiation; and what its INVITE is kept as, measured. */
const FIXED_BYTES = 6000;
const KEPT_TIMES = 4;

/**
 * Answers of ours to sources that may be forged, awaiting their ACK. A phone acknowledges at once: what
 * is slower than the next few calls gives way, the eldest first.
 */
const MAX_UNACKNOWLEDGED = 3;
/** Of one address, as far as it sends more. */
const MAX_UNACKNOWLEDGED_PER_ADDRESS = 2;
/** None gives way before its ACK can have come; what would take its place comes again after T1, ms. */
const ACK_MS = 200;

/** Of those that gave way, so many are remembered in case their ACK comes after all. */
const MAX_GIVEN_WAY = 16;

interface Incoming {
  readonly isProved: boolean;
  readonly charged: number;
}

/**
 * The calls there are, with room of their own for each direction: whoever calls us, and however
 * often, cannot keep us from calling.
 */
export class SessionList {
  readonly #limit: number;
  readonly #budget: StateBudget;
  readonly #makeRoomFor: (bytes: number) => void;
  readonly #incoming = new Map<IncomingInvite, Incoming>();
  readonly #outgoing = new Set<InviteUsage>();
  readonly #givenWay: IncomingInvite[] = [];

  /**
   * @param limit for each direction
   * @param makeRoomFor forgets what can be done without, until so many bytes of the budget are free
   */
  constructor(limit: number, budget: StateBudget, makeRoomFor: (bytes: number) => void) {
    this.#limit = limit;
    this.#budget = budget;
    this.#makeRoomFor = makeRoomFor;
  }

  *[Symbol.iterator](): Iterator<InviteUsage> {
    yield* this.#incoming.keys();
    yield* this.#outgoing;
  }

  get hasRoomForOutgoing(): boolean {
    return this.#outgoing.size < this.#limit;
  }

  /**
   * Calls that wait, of sources that may be forged, leave a quarter of the room to who has shown that
   * answers reach it. How many one caller may have is for the policy of the agent to say.
   */
  hasRoomForIncoming(isProved: boolean): boolean {
    if (this.#incoming.size >= this.#limit) return false;
    return isProved || this.#waitingStrangers < this.#limit - Math.floor(this.#limit / 4);
  }

  hasMemoryFor(invite: SipRequest): boolean {
    const bytes = bytesOf(invite);
    this.#makeRoomFor(bytes);
    return this.#budget.hasRoomFor(bytes);
  }

  /** Whether a call of that address would drive out an answer whose ACK is perhaps under way. */
  comesTooSoon({ address }: SocketAddress): boolean {
    const all = this.#unacknowledged;
    const ofAddress = all.filter(({ source }) => source.address === address);
    return (
      isFullOfYoung(all, MAX_UNACKNOWLEDGED) ||
      isFullOfYoung(ofAddress, MAX_UNACKNOWLEDGED_PER_ADDRESS)
    );
  }

  /** Before another call comes in. */
  makeRoom(): void {
    const unacknowledged = this.#unacknowledged;
    const [eldest] = unacknowledged;
    if (!eldest || unacknowledged.length < MAX_UNACKNOWLEDGED) return;
    eldest.giveWay();
    this.#givenWay.push(eldest);
    if (this.#givenWay.length > MAX_GIVEN_WAY) this.#givenWay.shift()?.release();
  }

  addIncoming(session: IncomingInvite, invite: SipRequest, isProved: boolean): void {
    const charged = bytesOf(invite);
    this.#budget.charge(charged);
    this.#incoming.set(session, { isProved, charged });
  }

  addOutgoing(session: OutgoingInvite): void {
    this.#budget.charge(FIXED_BYTES);
    this.#outgoing.add(session);
  }

  deleteIncoming(session: IncomingInvite): void {
    this.#budget.release(this.#incoming.get(session)?.charged ?? 0);
    this.#incoming.delete(session);
  }

  deleteOutgoing(session: OutgoingInvite): void {
    if (this.#outgoing.delete(session)) this.#budget.release(FIXED_BYTES);
  }

  /** Answered, of sources that may be forged; the eldest first. */
  get #unacknowledged(): IncomingInvite[] {
    return [...this.#incoming]
      .filter(([{ state }, { isProved }]) => state === 'accepted' && !isProved)
      .map(([session]) => session);
  }

  get #waitingStrangers(): number {
    return [...this.#incoming].filter(
      ([{ state }, { isProved }]) => !isProved && state !== 'confirmed',
    ).length;
  }
}

function isFullOfYoung([eldest, ...others]: readonly IncomingInvite[], most: number): boolean {
  return eldest !== undefined && 1 + others.length >= most && eldest.acceptedForMs < ACK_MS;
}

function bytesOf(invite: SipRequest): number {
  return FIXED_BYTES + KEPT_TIMES * (invite.octets ?? 0);
}
