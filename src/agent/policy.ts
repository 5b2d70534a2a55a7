import { isLoopback } from '../platform';
import type { SocketAddress } from '../sip';
import type { Caller } from './caller';
import { CallerList } from './caller-list';
import { FORWARD_AFTER_S, type ForwardCase, type Forwarding } from './forwarding';

/** Calls that talk, are held or are being dialled; and calls that wait for an answer or its ACK. */
export const MAX_LINES = 4;
export const MAX_WAITING = 4;
/**
 * What SIP (in each direction) and the media plane (`Engine::kMaxSessions`) have room for: all of
 * those, and two that are just being looked at or taken down.
 */
export const MAX_SESSIONS = MAX_LINES + MAX_WAITING + 2;
/** Of those that wait, one source may have so many. */
export const MAX_WAITING_PER_SOURCE = 2;
/** One that has rung so long keeps its place only while nobody else wants it, ms. */
export const MAX_RINGING_MS = 30_000;

/** How the cabin learns that it is heard or seen outside. */
export interface LivePolicy {
  /** What is heard when that begins: "tone", or a file. */
  readonly liveNotice?: string;
  /** What "1" is written into then, and "0" at its end. */
  readonly liveIndicator?: string;
}

export interface Policy extends LivePolicy {
  /** Answer at once when no other call is up. */
  readonly autoAnswer: boolean;
  /**
   * Who is answered at once: names count for calls by the registrar's flow, addresses for all.
   * Without it whoever calls by the registrar's flow, or from this machine if there is no registrar.
   */
  readonly autoAnswerFrom?: readonly string[];
  /** Calls of strangers; without it they ring unless a registrar is configured. */
  readonly directCalls?: 'ring' | 'refuse' | 'prove';
  /** Those who can prove who they are: the file of their records, absolute. */
  readonly callersFile?: string;
  /** The realm by which they are asked; the account's domain unless told. */
  readonly callersRealm?: string;
  /** Every call is refused as if the line were busy. */
  readonly doNotDisturb?: boolean;
  /** Who may have us call somebody else in place of himself; without it nobody. */
  readonly transfersFrom?: readonly string[];
  /** Who is answered at once when he asks for it; without it nobody. */
  readonly answerOnRequest?: readonly string[];
  /** With it nobody else may call. */
  readonly allowFrom?: readonly string[];
  /** Who may not call. */
  readonly denyFrom?: readonly string[];
  /** To whom calls are sent on, and when. */
  readonly forward?: Forwarding;
  /** Those whom we call are not told who calls. */
  readonly hideIdentity?: boolean;
  /** How long an incoming call rings, s. */
  readonly ringSeconds?: number;
  /** After so long a call ends, min. */
  readonly maxCallMinutes?: number;
}

/** A call as far as the policy minds. */
export interface CallSeen {
  readonly id: number;
  /** It talks, is held or is being dialled. */
  readonly hasLine: boolean;
  /** It has a line, and both ends have agreed to talk. */
  readonly isUp: boolean;
  readonly heldByUs: boolean;
  /** Since it came or was dialled, ms. */
  readonly ageMs: number;
  /** For words. */
  readonly state: string;
  /** Of an incoming call. */
  readonly caller: Caller | undefined;
}

/** The far end of a call that there is. */
export interface PeerSeen {
  /** Of an incoming call; whom we called is known by that. */
  readonly caller: Caller | undefined;
  /** Address of record, as `sip:home@example.org`. */
  readonly peerName: string;
}

/** Why an incoming call is refused. */
export type Refusal =
  | 'unknownUser'
  | 'denied'
  | 'stranger'
  /** He was to prove who he is, and could not. */
  | 'unproved'
  | 'forwarded'
  | 'notDisturbed'
  | 'busy'
  | 'noCommonMedia'
  /** ICE or DTLS of a browser did not come about: nobody came, or somebody else. */
  | 'insecure';

/** The lists of a policy. */
interface Lists {
  readonly answered: CallerList | undefined;
  readonly onRequest: CallerList | undefined;
  readonly transferring: CallerList | undefined;
  readonly allowed: CallerList | undefined;
  readonly denied: CallerList | undefined;
}

export type Admission<Seen> =
  | {
      readonly kind: 'refuse';
      readonly why: Refusal;
      readonly status: 403 | 404 | 480 | 486 | 603;
    }
  | { readonly kind: 'forward'; readonly to: string; readonly when: ForwardCase }
  | {
      readonly kind: 'ring' | 'answer';
      /** The call of a stranger that has to make room for this one. */
      readonly instead?: Seen;
    };

/** What of an account decides who may call it. */
export interface Guarded {
  readonly hasRegistrar: boolean;
  /** Where the registrar's calls come from; empty while there is no binding. */
  readonly boundTo: readonly SocketAddress[];
  isCalledBy(user: string | undefined): boolean;
}

/** Who may call, who is answered at once, and how many may wait. */
export class DoorKeeper {
  #policy: Policy;
  readonly #account: Guarded;
  #lists: Lists;

  constructor(policy: Policy, account: Guarded) {
    this.#policy = policy;
    this.#account = account;
    this.#lists = listsOf(policy);
  }

  get policy(): Policy {
    return this.#policy;
  }

  /** Judges by another policy from now on; calls that were let in stay. */
  set policy(policy: Policy) {
    this.#policy = policy;
    this.#lists = listsOf(policy);
  }

  /** Whether who comes has to prove who he is before anything else is thought of him. */
  asksForProof(caller: Caller): boolean {
    const { hasRegistrar, boundTo } = this.#account;
    return (
      this.#policy.directCalls === 'prove' &&
      this.#isStranger(caller) &&
      // While there is no binding it may be the registrar's, who can prove nothing.
      (!hasRegistrar || boundTo.length > 0)
    );
  }

  /** What becomes of a call for `calledUser`, given those that exist. */
  admit<Seen extends CallSeen>(
    caller: Caller,
    calledUser: string | undefined,
    calls: readonly Seen[],
  ): Admission<Seen> {
    // RFC 3261 §8.2.2.1: a Request-URI that names somebody else.
    if (!this.#account.isCalledBy(calledUser)) {
      return { kind: 'refuse', why: 'unknownUser', status: 404 };
    }
    if (this.#isDenied(caller)) return { kind: 'refuse', why: 'denied', status: 603 };
    if (this.#isStranger(caller) && this.#refusesStrangers) {
      // 480 while the registrar has not said yet whether this may be one of its calls.
      const status = this.#account.boundTo.length > 0 ? 403 : 480;
      return { kind: 'refuse', why: 'stranger', status };
    }
    const always = this.#forwarded('always');
    if (always) return always;
    if (this.#policy.doNotDisturb) {
      return this.#forwarded('busy') ?? { kind: 'refuse', why: 'notDisturbed', status: 486 };
    }
    const place = this.#findPlace(caller, calls);
    return place.kind === 'refuse' ? (this.#forwarded('busy') ?? place) : place;
  }

  /** To whom a call that nobody answers is sent on; undefined when it is not. */
  get forwardUnanswered(): string | undefined {
    return this.#policy.forward?.noAnswer;
  }

  /** How long a call rings, s; undefined when the policy does not say. */
  get ringSeconds(): number | undefined {
    const after = this.forwardUnanswered === undefined ? undefined : FORWARD_AFTER_S;
    return this.#policy.ringSeconds ?? after;
  }

  /** Whether the far end of a call is somebody whose word counts for that call. */
  knows({ caller }: PeerSeen): boolean {
    const { answered, transferring } = this.#lists;
    return (
      caller?.origin !== 'direct' ||
      !!answered?.hasAddress(caller.address) ||
      !!transferring?.hasAddress(caller.address)
    );
  }

  /** The status that a text is refused with, if it is. It disturbs nobody. */
  refusalOfMessage(caller: Caller, calledUser: string | undefined): 403 | 404 | undefined {
    if (!this.#account.isCalledBy(calledUser)) return 404;
    if (this.#isDenied(caller)) return 403;
    return this.#isStranger(caller) && this.#refusesStrangers ? 403 : undefined;
  }

  /** Whether the far end of a call, which spoke from `address`, may have us call somebody else. */
  mayTransfer({ caller, peerName }: PeerSeen, address: string): boolean {
    const { transferring } = this.#lists;
    const isProved = caller?.origin !== 'direct';
    return (
      transferring !== undefined &&
      (transferring.hasAddress(address) || (isProved && transferring.hasName(peerName)))
    );
  }

  /** Whether it may be answered by nobody's hand, once a line is free. */
  isAnsweredAtOnce(caller: Caller): boolean {
    const { answered, onRequest } = this.#lists;
    if (caller.asksToBeAnswered && onRequest && isIn(onRequest, caller)) return true;
    if (!this.#policy.autoAnswer) return false;
    return answered ? isIn(answered, caller) : caller.origin !== 'direct';
  }

  /** Where the policy cannot mean what it says, in words. */
  problems(listeningOn: string): string[] {
    const { autoAnswer, directCalls } = this.#policy;
    const isProvable =
      directCalls === 'prove' ||
      this.#account.hasRegistrar ||
      this.#lists.answered?.hasAddresses ||
      isLoopback(listeningOn);
    if (!autoAnswer || isProvable) return [];
    return [
      'policy: autoAnswer is on, and yet no caller from outside is answered: without a registrar a name proves nothing; put addresses into policy.autoAnswerFrom',
    ];
  }

  get #refusesStrangers(): boolean {
    return (
      (this.#policy.directCalls ?? (this.#account.hasRegistrar ? 'refuse' : 'ring')) !== 'ring'
    );
  }

  #isStranger({ origin, address }: Caller): boolean {
    const { answered, allowed } = this.#lists;
    const isListed = answered?.hasAddress(address) || allowed?.hasAddress(address);
    return origin === 'direct' && !isListed;
  }

  /** To be denied the word of the caller is enough; to be allowed it has to be proved. */
  #isDenied(caller: Caller): boolean {
    const { allowed, denied } = this.#lists;
    const isUnwanted = denied?.hasAddress(caller.address) || denied?.hasName(caller.name);
    return isUnwanted || (allowed !== undefined && !isIn(allowed, caller));
  }

  #forwarded(when: ForwardCase): Extract<Admission<never>, { kind: 'forward' }> | undefined {
    const to = this.#policy.forward?.[when];
    return to === undefined ? undefined : { kind: 'forward', to, when };
  }

  #findPlace<Seen extends CallSeen>(caller: Caller, calls: readonly Seen[]): Admission<Seen> {
    const waiting = calls.filter(({ hasLine }) => !hasLine);
    if (isBusy(calls)) return BUSY;
    const kind =
      waiting.length === calls.length && this.isAnsweredAtOnce(caller) ? 'answer' : 'ring';
    const ofSource = waiting.filter((call) => call.caller?.source === caller.source);
    const hasShare = ofSource.length < MAX_WAITING_PER_SOURCE;
    if (hasShare && waiting.length < MAX_WAITING) return { kind };
    const rivals = hasShare ? waiting : ofSource;
    const strangers = rivals.filter((call) => call.caller && this.#isStranger(call.caller));
    const isAboveThem = !this.#isStranger(caller);
    const instead =
      (isAboveThem ? strangers[0] : undefined) ??
      (isAboveThem ? rivals : strangers).find(
        // Who needs no hand talks in a moment, so nobody's waiting keeps him out: the eldest gives way.
        ({ ageMs }) => kind === 'answer' || ageMs >= MAX_RINGING_MS,
      );
    return instead ? { kind, instead } : BUSY;
  }
}

function listsOf(policy: Policy): Lists {
  const listOf = (entries: readonly string[] | undefined): CallerList | undefined =>
    entries && new CallerList(entries);
  return {
    answered: listOf(policy.autoAnswerFrom),
    onRequest: listOf(policy.answerOnRequest),
    transferring: listOf(policy.transfersFrom),
    allowed: listOf(policy.allowFrom),
    denied: listOf(policy.denyFrom),
  };
}

/** By the address, or by the name where it is proved. */
function isIn(list: CallerList, { origin, name, address }: Caller): boolean {
  return list.hasAddress(address) || (origin !== 'direct' && list.hasName(name));
}

/** Whether there is no line for one more. */
export function isBusy(calls: readonly CallSeen[]): boolean {
  const lines = calls.filter(({ hasLine }) => hasLine);
  // A call that we are dialling wants all attention; one that talks may be put on hold.
  return lines.length >= MAX_LINES || lines.some(({ isUp }) => !isUp);
}

const BUSY = { kind: 'refuse', why: 'busy', status: 486 } as const;

/** Why a call cannot be made now, in words; undefined when it can. Calls that wait are in nobody's way. */
export function refusalToDial(calls: readonly CallSeen[]): string | undefined {
  const lines = calls.filter(({ hasLine }) => hasLine);
  if (lines.length >= MAX_LINES) return `all ${MAX_LINES} lines are taken; hang up one call first`;
  const other = lines.find(({ heldByUs }) => !heldByUs);
  return other && `call ${other.id} is ${other.state}; hold it or hang up first`;
}
