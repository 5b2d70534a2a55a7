import type { Logger } from '../platform';
import type { IncomingSession, InviteSession, OfferRefusal } from '../sip';
import type { Call } from './call';
import type { CallList } from './call-list';
import { isBusy, type Refusal } from './policy';
import type { Visit } from './visit';

export interface NamingParts {
  readonly calls: CallList;
  readonly log: Logger;
  /** Tells once, now or later, why a session's offer cannot be served, if so. */
  readonly check: (
    session: IncomingSession,
    done: (refusal: OfferRefusal | undefined) => void,
  ) => void;
  readonly adopt: (visit: Visit) => Call;
  /** Lets calls that are up hear each other, and those of their conference. Rejects when one of them is not up. */
  readonly join: (calls: readonly Call[]) => Promise<void>;
  /** Calls are still taken. */
  readonly isOpen: () => boolean;
  readonly refuse: (why: Refusal, refusal: OfferRefusal) => void;
  readonly answer: (call: Call) => void;
}

/**
 * Somebody calls who names a call that there is. He is answered by nobody's hand: whoever talks here goes on talking, to
 * somebody else (Replaces, RFC 3891 §3) or to both (Join, RFC 3911 §4).
 */
export function receiveNaming(visit: Visit, named: InviteSession, parts: NamingParts): void {
  const { calls, check, isOpen, refuse } = parts;
  const { session } = visit;
  // It may have left while this file was read.
  if (session.state !== 'early') return;
  if (!isOpen()) {
    session.reject(480);
    return;
  }
  const call = calls.all.find((one) => one.isOf(named));
  if (!call || (session.joined && !call.isUp)) {
    session.reject(481);
    return;
  }
  const refusal = refusalOf(visit, call, parts);
  if (refusal) {
    refuse(refusal.why, refusal);
    return;
  }
  check(session, (unserved) => {
    if (session.state !== 'early') return;
    if (unserved) refuse('noCommonMedia', unserved);
    else if (!isOpen()) session.reject(480);
    else if (session.joined) join(visit, call, parts);
    else takeOver(visit, call, parts);
  });
}

/**
 * The far end of the call has told of its dialog, and has to be somebody who is known (RFC 3891 §5). Who joins hears it, so
 * he has to be somebody who may call, too (RFC 3911 §5).
 */
function refusalOf(
  { session: { calledUser, joined }, caller, account }: Visit,
  call: Call,
  { calls }: NamingParts,
): { readonly why: Refusal; readonly status: number } | undefined {
  const { doorKeeper } = account;
  if (!account.isCalledBy(calledUser)) return { why: 'unknownUser', status: 404 };
  if (!doorKeeper.knows(call)) return { why: 'stranger', status: 403 };
  if (!joined) return undefined;
  const status = doorKeeper.refusalOfMessage(caller, calledUser);
  if (status) return { why: 'denied', status };
  return isBusy(calls.all) ? { why: 'busy', status: 486 } : undefined;
}

function takeOver(visit: Visit, former: Call, { log, adopt, answer }: NamingParts): void {
  const call = adopt(visit);
  log.info('takes the place of a call', { call: call.id, former: former.id });
  call.events.on('confirmed', () => former.hangup(`taken over by call ${call.id}`));
  answer(call);
}

function join(visit: Visit, joined: Call, { log, adopt, join, answer }: NamingParts): void {
  const call = adopt(visit);
  log.info('joins a call', { call: call.id, joined: joined.id });
  call.events.on('confirmed', () => {
    // Who hears nobody by it is not to hear the cabin either.
    join([joined, call]).catch(() =>
      call.hangup(`call ${joined.id}, which it was to join, is not up`),
    );
  });
  answer(call);
}
