import { BoundedMap } from '../../platform';
import type { Admission } from '../admission';
import type { DigestClient } from '../auth';
import { Dialog } from '../dialog';
import {
  IncomingInvite,
  type IncomingInviteParts,
  type SessionEnvironment,
  tooSmallFields,
} from '../invite';
import type { ResponseParts, SipRequest } from '../message';
import { readReplaces } from '../refer';
import type { ContactUser } from '../request';
import { reply as answer, type ServerTransaction, type ToTags } from '../transaction';
import { localAddressOf } from '../transport';
import type { SessionList } from './session-list';

/** Calls refused lately, so that a repeated INVITE is refused alike although nothing is kept of it. */
const REFUSALS_REMEMBERED = 256;

/** Answers a request outside of dialogs, with the To tag that every repetition of it gets (§8.2.6.2). */
export type Reply = (
  request: SipRequest,
  transaction: ServerTransaction,
  status: number,
  parts?: ResponseParts,
) => void;

/** What of ours a new INVITE is about. */
type NamedSession = Pick<IncomingInviteParts, 'replaced' | 'joined'>;

export interface IncomingCallsParts {
  readonly environment: SessionEnvironment;
  readonly admission: Admission;
  readonly tags: ToTags;
  readonly sessions: SessionList;
  readonly reply: Reply;
  /** Somebody takes calls. */
  readonly isOpen: () => boolean;
  /** Of the account that the call came to. */
  readonly digestFor: (request: SipRequest, transaction: ServerTransaction) => DigestClient;
  /** Who our Contact names. */
  readonly knownAs: (request: SipRequest, transaction: ServerTransaction) => ContactUser;
  /** To be answered, refused or kept waiting before it returns. */
  readonly onCall: (session: IncomingInvite) => void;
}

/** INVITEs that begin a session, RFC 3261 §13.3.1: refused for want of room, or handed on. */
export class IncomingCalls {
  readonly #parts: IncomingCallsParts;
  /** Status by To tag. */
  readonly #refused = new BoundedMap<number>(REFUSALS_REMEMBERED);

  constructor(parts: IncomingCallsParts) {
    this.#parts = parts;
  }

  /** What a new INVITE is refused with, if it is. */
  refusal({ source }: ServerTransaction): 480 | 486 | undefined {
    const { isOpen, admission, sessions } = this.#parts;
    if (!isOpen()) return 480;
    return sessions.hasRoomForIncoming(admission.isProved(source)) ? undefined : 486;
  }

  receive(request: SipRequest, transaction: ServerTransaction): void {
    const { admission, tags, sessions, reply } = this.#parts;
    const tag = tags.of(request);
    let refusal = this.#refused.get(tag);
    if (refusal === undefined) {
      const { source } = transaction;
      if (!admission.isProved(source) && sessions.comesTooSoon(source)) {
        transaction.ignore();
        return;
      }
      sessions.makeRoom();
      refusal = this.refusal(transaction);
    }
    if (refusal === undefined) this.#begin(request, transaction, tag);
    else reply(request, transaction, refusal);
  }

  #begin(request: SipRequest, transaction: ServerTransaction, tag: string): void {
    const { environment, sessions, reply } = this.#parts;
    const { flow, source } = transaction;
    const dialog = Dialog.ofUas(request, tag, { protocol: flow.protocol, remote: source });
    const localAddress = localAddressOf(flow);
    const tooSmall = tooSmallFields(request);
    const named = this.#namedBy(request);
    if (typeof named === 'number') reply(request, transaction, named);
    else if (tooSmall) reply(request, transaction, 422, { headers: tooSmall });
    else if (!dialog) reply(request, transaction, 400, { reason: 'Contact Is No SIP Address' });
    else if (localAddress === undefined || !sessions.hasMemoryFor(request)) {
      reply(request, transaction, 503);
    } else if (environment.dialogs.has(dialog)) {
      // Repeated so late that its transaction has been forgotten.
      transaction.ignore();
    } else this.#handOn(request, transaction, { dialog, localAddress, tag, ...named });
  }

  /** The session that it is to take the place of (RFC 3891 §3) or to talk with (RFC 3911 §4), or the status that is owed. */
  #namedBy(request: SipRequest): NamedSession | 400 | 481 | 486 {
    const joins = request.getAll('Join');
    const texts = [...request.getAll('Replaces'), ...joins];
    const [text] = texts;
    if (text === undefined) return {};
    const replaces = texts.length === 1 ? readReplaces(text) : undefined;
    if (!replaces) return 400;
    const session = [...this.#parts.sessions].find((one) => one.isNamedBy(replaces));
    // Nobody talks with one who has not been answered.
    if (joins.length > 0) return session?.state === 'confirmed' ? { joined: session } : 481;
    // One that rings here is not for others to take.
    if (!session || (session.isEarly && session.direction === 'incoming')) return 481;
    return replaces.isEarlyOnly && !session.isEarly ? 486 : { replaced: session };
  }

  #handOn(
    request: SipRequest,
    transaction: ServerTransaction,
    {
      dialog,
      localAddress,
      tag,
      ...named
    }: NamedSession & {
      readonly dialog: Dialog;
      readonly localAddress: string;
      readonly tag: string;
    },
  ): void {
    const { environment, admission, sessions, digestFor, knownAs, onCall } = this.#parts;
    const session = new IncomingInvite({
      environment,
      digest: digestFor(request, transaction),
      user: knownAs(request, transaction),
      onEnded: () => sessions.deleteIncoming(session),
      request,
      transaction,
      dialog,
      localAddress,
      ...named,
    });
    sessions.addIncoming(session, request, admission.isProved(transaction.source));
    onCall(session);
    const { isOver, finalStatus = 480 } = transaction;
    // A challenge is nothing without its fields: who repeats his INVITE gets it anew.
    if (isOver && finalStatus !== 401) this.#refused.set(tag, finalStatus);
    // §8.2.6.1: a caller who hears 100 repeats his INVITE no more, so it is for those who wait.
    if (!isOver && transaction.isUnanswered) answer(environment.product, request, transaction, 100);
  }
}
