import {
  type Body,
  createRequest,
  type HeaderList,
  NameAddr,
  ownText,
  type SipRequest,
  type SipResponse,
  type SipUri,
  type Uri,
  type Via,
} from '../message';
import type { Destination } from '../transport';

/** What a request within a dialog adds to it. */
export interface DialogRequestParts {
  readonly contact?: NameAddr;
  readonly headers?: HeaderList;
  readonly body?: Body;
}

interface DialogParts {
  /** What it was made of. */
  readonly from: SipRequest | SipResponse;
  readonly callId: string;
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly routes: readonly NameAddr[];
  readonly remoteTarget: SipUri;
  readonly localSequence: number;
  readonly remoteSequence: number | undefined;
  readonly heardFrom: Destination;
}

/** The way of a request within a dialog. */
export interface DialogWay {
  /** The topmost route, or the remote target (§12.2.1.1). */
  readonly nextHop: SipUri;
  /** Where the peer last spoke from, should that lead nowhere. */
  readonly heardFrom: Destination;
}

/** State of one dialog, RFC 3261 §12: who, over which route, and how far the counting is. */
export class Dialog {
  readonly callId: string;
  /** With their tags; elements of RFC 2543 may have none (§12.1.1). */
  readonly local: NameAddr;
  readonly remote: NameAddr;
  #routes: readonly NameAddr[];
  #remoteTarget: SipUri;
  #isFocus: boolean | undefined;
  #localSequence: number;
  #remoteSequence: number | undefined;
  #heardFrom: Destination;

  private constructor(parts: DialogParts) {
    this.callId = parts.callId;
    this.local = parts.local;
    this.remote = parts.remote;
    this.#routes = parts.routes;
    this.#remoteTarget = parts.remoteTarget;
    this.#isFocus = isFocus(parts.from);
    this.#localSequence = parts.localSequence;
    this.#remoteSequence = parts.remoteSequence;
    this.#heardFrom = parts.heardFrom;
  }

  /** §12.1.2, UAC: from a response to the `request` for `target`. */
  static ofUac(
    request: SipRequest,
    target: SipUri,
    response: SipResponse,
    heardFrom: Destination,
  ): Dialog {
    return new Dialog({
      from: response,
      callId: request.callId,
      local: request.from,
      // The To of a response is that of its request and a tag (§8.2.6.2): so when it cannot be read.
      remote: response.to.isUnreadable ? request.to.withTag(response.to.tag ?? '') : response.to,
      routes: routesOf(response),
      remoteTarget: contactOf(response) ?? target,
      localSequence: request.cseq.sequence,
      remoteSequence: undefined,
      heardFrom,
    });
  }

  /** §12.1.1, UAS: from a request that gets `localTag`. Undefined when it names no SIP address. */
  static ofUas(request: SipRequest, localTag: string, heardFrom: Destination): Dialog | undefined {
    const remoteTarget = contactOf(request) ?? sipUriOf(request.from.uri);
    if (!remoteTarget) return undefined;
    return new Dialog({
      from: request,
      callId: request.callId,
      local: request.to.withTag(localTag),
      remote: request.from,
      routes: request.recordRoutes,
      remoteTarget,
      localSequence: 0,
      remoteSequence: request.cseq.sequence,
      heardFrom,
    });
  }

  /**
   * From a request of the peer that came before any response of its own to ours, whose tag is the local
   * one. What the response says of routes and target takes the place of this (`confirm`).
   */
  static ofRequestBeforeResponse(
    request: SipRequest,
    ours: Pick<DialogParts, 'local' | 'localSequence' | 'heardFrom'> & { target: SipUri },
  ): Dialog {
    return new Dialog({
      from: request,
      callId: ownText(request.callId),
      local: ours.local,
      remote: request.from,
      routes: request.recordRoutes,
      remoteTarget: contactOf(request) ?? ours.target,
      localSequence: ours.localSequence,
      remoteSequence: undefined,
      heardFrom: ours.heardFrom,
    });
  }

  get key(): string {
    return dialogKey(this.callId, this.local.tag, this.remote.tag);
  }

  /** The peer is a conference, and its Contact the URI of that (RFC 4579 §4). */
  get isFocus(): boolean | undefined {
    return this.#isFocus;
  }

  get remoteTarget(): SipUri {
    return this.#remoteTarget;
  }

  /**
   * Where somebody else reaches the peer: by its Contact where we do so ourselves, and by its address of
   * record where servers stand between, which know the way (RFC 5589 §7.3).
   */
  get publicTarget(): SipUri {
    const aor = sipUriOf(this.remote.uri);
    return (this.#routes.length > 0 ? aor : undefined) ?? this.#remoteTarget;
  }

  /** Where requests go. */
  get way(): DialogWay {
    return {
      nextHop: sipUriOf(this.#routes[0]?.uri) ?? this.#remoteTarget,
      heardFrom: this.#heardFrom,
    };
  }

  /** The next request of ours, §12.2.1.1. */
  createRequest(method: string, via: Via, parts: DialogRequestParts = {}): SipRequest {
    this.#localSequence++;
    return this.#create(method, this.#localSequence, via, parts);
  }

  /** ACK of the 2xx to our INVITE with that sequence number, §13.2.2.4. */
  createAck(inviteSequence: number, via: Via, parts: DialogRequestParts = {}): SipRequest {
    return this.#create('ACK', inviteSequence, via, parts);
  }

  /**
   * Notes the sequence number of a request from the other side. False when it is below the last one:
   * out of order, and owed 500 (§12.2.2).
   */
  acceptSequence(sequence: number): boolean {
    if (this.#remoteSequence !== undefined && sequence < this.#remoteSequence) return false;
    this.#remoteSequence = sequence;
    return true;
  }

  /** A request of the peer came from there. */
  hear(from: Destination): void {
    this.#heardFrom = from;
  }

  /** Target refresh, §12.2.1.2 and §12.2.2: by the Contact of re-INVITE and of its 2xx. */
  refreshTarget(message: SipRequest | SipResponse): void {
    this.#remoteTarget = contactOf(message) ?? this.#remoteTarget;
    this.#isFocus = isFocus(message) ?? this.#isFocus;
  }

  /** §13.2.2.4: the 2xx makes a dialog of an early one; its routes are those of the 2xx. */
  confirm(response: SipResponse): this {
    this.#routes = routesOf(response);
    this.refreshTarget(response);
    return this;
  }

  #create(method: string, cseq: number, via: Via, parts: DialogRequestParts): SipRequest {
    const { uri, routes } = this.#routing();
    const { callId, local: from, remote: to } = this;
    return createRequest(method, uri, { via, from, to, callId, cseq, routes, ...parts });
  }

  /** §12.2.1.1: a first route without `lr` is a strict router and becomes the Request-URI. */
  #routing(): { uri: Uri; routes: readonly NameAddr[] } {
    const [first, ...others] = this.#routes;
    const strictRouter = first && sipUriOf(first.uri);
    if (!strictRouter || strictRouter.isLooseRouter) {
      return { uri: this.#remoteTarget, routes: this.#routes };
    }
    const last = new NameAddr(undefined, this.#remoteTarget);
    return { uri: strictRouter.withoutHeaders(), routes: [...others, last] };
  }
}

export function dialogKey(
  callId: string,
  localTag: string | undefined,
  remoteTag: string | undefined,
): string {
  return `${localTag ?? ''} ${remoteTag ?? ''} ${callId}`;
}

/** §12.1.2: the UAC's route set is Record-Route in reverse. */
function routesOf(response: SipResponse): NameAddr[] {
  return [...response.recordRoutes].reverse();
}

/** Undefined where it says nothing of its Contact. */
function isFocus({ contacts: [contact] }: SipRequest | SipResponse): boolean | undefined {
  return contact?.params.has('isfocus');
}

function contactOf(message: SipRequest | SipResponse): SipUri | undefined {
  return sipUriOf(message.contacts[0]?.uri)?.withoutHeaders();
}

function sipUriOf(uri: Uri | undefined): SipUri | undefined {
  return uri?.kind === 'sip' ? uri : undefined;
}
