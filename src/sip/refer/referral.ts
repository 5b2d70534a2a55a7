import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import { NameAddr, type SipRequest, type SipUri, sameName } from '../message';
import { type ContactUser, contactPart } from '../request';
import { Notifier, type SubscriptionEnvironment } from '../subscription';
import { reply, type ServerTransaction } from '../transaction';
import type { SocketAddress } from '../transport';
import { type Replaces, readReplaces } from './replaces';
import { type Progress, sipfrag } from './sipfrag';

/** Somebody wants us to call somebody else. */
export interface ReferralOffer {
  /** SIP URI. */
  readonly target: string;
  /** The call at the target that ours is to take the place of (RFC 3891). */
  readonly replaces: Replaces | undefined;
  /** The call at the target that ours is to talk with (RFC 3911). */
  readonly joins?: Replaces | undefined;
  /** Who says that he has sent us, as Referred-By has it (RFC 3892). */
  readonly referredBy: string | undefined;
  /** The socket that it came from. */
  readonly source: SocketAddress;
  /** 202; what becomes of it is then to be told. */
  accept(): void;
  /** Refused, as is what nobody decides about. */
  refuse(status: number): void;
  /** Tells how our call gets on; a final status is the last. */
  tell(progress: Progress): void;
}

export interface ReferralParts {
  readonly environment: SubscriptionEnvironment;
  readonly dialog: Dialog;
  readonly digest: DigestClient;
  readonly user: ContactUser;
}

/** The dialog that Refer-To has us name to the target. */
interface NamedDialog {
  readonly replaces?: Replaces;
  readonly joins?: Replaces;
}

/** How long it may take to call somebody, s: as long as the peer will listen. */
const EXPIRES_S = 180;

/** A REFER that came within a dialog of ours, RFC 3515 §2.4.2. */
export class Referral implements ReferralOffer {
  readonly target: string;
  readonly replaces: Replaces | undefined;
  readonly joins: Replaces | undefined;
  readonly referredBy: string | undefined;
  readonly source: SocketAddress;
  readonly #parts: ReferralParts;
  readonly #request: SipRequest;
  readonly #transaction: ServerTransaction;
  #isDecided = false;
  #notifier: Notifier | undefined;
  #last: Progress = { status: 100, reason: '' };

  private constructor(
    parts: ReferralParts,
    request: SipRequest,
    transaction: ServerTransaction,
    target: SipUri,
    { replaces, joins }: NamedDialog,
  ) {
    this.#parts = parts;
    this.#request = request;
    this.#transaction = transaction;
    this.target = String(target.withoutHeaders());
    this.replaces = replaces;
    this.joins = joins;
    this.referredBy = request.get('Referred-By');
    this.source = transaction.source;
  }

  /** Undefined when it was refused for its words. */
  static of(
    parts: ReferralParts,
    request: SipRequest,
    transaction: ServerTransaction,
  ): Referral | undefined {
    const refuse = (status: number, reason?: string): undefined => {
      const words = reason === undefined ? {} : { reason };
      reply(parts.environment.product, request, transaction, status, words);
      return undefined;
    };
    const { referTo } = request;
    // §2.4.2: one Refer-To, no more and no less.
    if (!referTo || request.count('Refer-To') > 1) return refuse(400, 'One Refer-To Expected');
    if (referTo.uri.kind !== 'sip') return refuse(416);
    const method = referTo.uri.params.get('method') ?? 'INVITE';
    if (!sameName(method, 'INVITE')) return refuse(501, 'Only INVITE Is Referred To');
    const { headers, params } = referTo.uri;
    const named = namedDialog(headers.get('Replaces'), headers.get('Join'));
    if (!named) return refuse(400, 'Dialog Cannot Be Read');
    const target = referTo.uri.withParams(params.without('method'));
    return new Referral(parts, request, transaction, target, named);
  }

  get isDecided(): boolean {
    return this.#isDecided;
  }

  accept(): void {
    if (this.#isDecided) return;
    this.#isDecided = true;
    const { environment, dialog, digest, user } = this.#parts;
    const request = this.#request;
    // RFC 4488 §4: who does not want to hear of it does not.
    const isSilent = sameName(request.get('Refer-Sub')?.trim() ?? '', 'false');
    reply(environment.product, request, this.#transaction, 202, {
      ...contactPart(this.#transaction.flow, user),
      ...(isSilent ? { headers: [['Refer-Sub', 'false']] as const } : {}),
    });
    if (isSilent) return;
    this.#notifier = new Notifier({
      environment,
      dialog,
      digest,
      user,
      event: { name: 'refer', id: String(request.cseq.sequence) },
      expiresS: EXPIRES_S,
      current: () => sipfrag(this.#last),
      onEnded: () => undefined,
    });
    this.tell(this.#last);
  }

  refuse(status: number): void {
    if (this.#isDecided) return;
    this.#isDecided = true;
    reply(this.#parts.environment.product, this.#request, this.#transaction, status);
  }

  tell(progress: Progress): void {
    this.#last = progress;
    if (progress.status < 200) this.#notifier?.tell(sipfrag(progress));
    else this.#notifier?.end('noresource', sipfrag(progress));
  }
}

/** Where the peer is to go: `target`, with what it takes the place of there (RFC 3515 §2.1, RFC 3891 §4). */
export function referToOf(target: SipUri, replaces?: string): NameAddr {
  const plain = target.withoutHeaders();
  if (replaces === undefined) return new NameAddr(undefined, plain);
  return new NameAddr(undefined, plain.withHeader('Replaces', encodeURIComponent(replaces)));
}

/** Of the two there is one at most (RFC 3911 §4). Undefined when it cannot be read. */
function namedDialog(
  replaces: string | undefined,
  joins: string | undefined,
): NamedDialog | undefined {
  const text = replaces ?? joins;
  if (text === undefined) return {};
  const dialog = readReplaces(decodeHeader(text));
  if (!dialog || (replaces !== undefined && joins !== undefined)) return undefined;
  return replaces === undefined ? { joins: dialog } : { replaces: dialog };
}

/** What escapes it has are undone; a percent sign that begins none stands for itself. */
function decodeHeader(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
