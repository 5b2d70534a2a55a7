import type { DigestClient } from '../auth';
import type { SipRequest, SipResponse, SipUri, Via } from '../message';
import type { Destination, Flow } from '../transport';

/** A request to be sent, and who wants to know what becomes of it. */
export interface RequestPlan {
  /** First Route or, without one, the Request-URI (RFC 3261 §8.1.2). */
  readonly nextHop: SipUri;
  /** Where the peer of the dialog last spoke from: goes there where `nextHop` leads nowhere. */
  readonly heardFrom?: Destination;
  /** Answers 401 and 407; the same one for all requests of a dialog or registration. */
  readonly digest: DigestClient;
  /** Where there are several destinations, they share this time to answer, ms; else each has its own. */
  readonly patienceMs?: number;
  /** It is repeated for so long, where answers are waited for longer, ms (RFC 3261 §17.1.2.2: all the time). */
  readonly repeatsForMs?: number;
  /** `nextHop` is the account's registrar or proxy, which may ask for its password. */
  readonly toAccountHop?: boolean;
  /** The word of a stranger, which leads to no address of this machine whatever its name is. */
  readonly isNamedByStrangers?: boolean;
  /** What has to be done before `build` can be called; undefined: nothing any more. It never rejects. */
  ready?(flow: Flow): Promise<void> | undefined;
  /**
   * Called for each attempt: every one has a Via and a CSeq of its own.
   * @throws RequestException, TransportException
   */
  build(via: Via, flow: Flow): SipRequest;
  readonly user: RequestUser;
}

/** A request that cannot be made; its user gets the status. */
export class RequestException extends Error {
  override readonly name = 'RequestException';
  constructor(
    readonly status: number,
    reason: string,
  ) {
    super(reason);
  }
}

export interface RequestUser {
  /** 101 to 199. */
  onProvisional?(response: SipResponse, request: SipRequest, flow: Flow): void;
  /** 2xx; for INVITE each one, repeated ones included. `flow` is the one the request took. */
  onSuccess(response: SipResponse, request: SipRequest, flow: Flow): void;
  /** Once, and then nothing else. */
  onFailure(failure: RequestFailure): void;
}

/** Why a request was not served. */
export interface RequestFailure {
  /** Of the response; 408 and 503 stand for no answer and no way (RFC 3261 §8.1.3.1). */
  readonly status: number;
  readonly reason: string;
  /** Unsent: it never left this machine. */
  readonly cause: 'response' | 'timeout' | 'transport' | 'unsent';
  readonly response: SipResponse | undefined;
}
