import type { Clock, Logger } from '../platform';
import type { IncomingSession, InviteSession, OfferRefusal } from '../sip';
import type { Account } from './account';
import type { Call } from './call';
import type { CallList } from './call-list';
import { type Caller, callerOf } from './caller';
import type { Dialling } from './dialling';
import { AgentException } from './exception';
import { DIVERSION_REASONS, type ForwardCase } from './forwarding';
import type { DoorKeeper, Refusal } from './policy';

export interface ReceptionParts {
  readonly doorKeeper: DoorKeeper;
  readonly account: Account;
  readonly dialling: Dialling;
  readonly calls: CallList;
  readonly clock: Clock;
  readonly log: Logger;
  /** Tells once, now or later, why a session's offer cannot be served, if so. */
  readonly check: (
    session: IncomingSession,
    done: (refusal: OfferRefusal | undefined) => void,
  ) => void;
  /** Makes a call of a session that is let in. */
  readonly adopt: (session: IncomingSession, caller: Caller) => Call;
}

/** Takes in what calls: refuses, lets ring, and answers those who need no hand. */
export class Reception {
  /** Calls refused since the start, by reason. */
  readonly refused: Record<Refusal, number> = {
    unknownUser: 0,
    denied: 0,
    stranger: 0,
    forwarded: 0,
    notDisturbed: 0,
    busy: 0,
    noCommonMedia: 0,
  };
  readonly #parts: ReceptionParts;
  #isOpen = true;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  receive(session: IncomingSession): void {
    const { account, doorKeeper, calls } = this.#parts;
    if (!this.#isOpen) {
      session.reject(480);
      return;
    }
    const caller = callerOf(session, account);
    if (session.replaced) {
      this.#receiveInPlace(session, caller, session.replaced);
      return;
    }
    const admission = doorKeeper.admit(caller, session.calledUser, calls.all);
    const mayCall = admission.kind !== 'refuse' || admission.why === 'busy';
    if (mayCall) for (const call of calls.all) call.doubtPeer();
    if (admission.kind === 'refuse') {
      this.#refuse(session, caller, admission.why, admission);
      return;
    }
    if (admission.kind === 'forward') {
      this.#forward(session, caller, admission);
      return;
    }
    // RFC 3261 §13.3.1: nobody is called to the telephone for an offer that cannot be served.
    this.#parts.check(session, (refusal) => {
      if (session.state !== 'early') return;
      if (refusal) this.#refuse(session, caller, 'noCommonMedia', refusal);
      else this.#letIn(session, caller);
    });
  }

  /** Answered by nobody's hand: whoever talks here goes on talking, to somebody else (RFC 3891 §3). */
  #receiveInPlace(session: IncomingSession, caller: Caller, replaced: InviteSession): void {
    const { doorKeeper, calls, check } = this.#parts;
    const former = calls.all.find((call) => call.isOf(replaced));
    if (!former) {
      session.reject(481);
      return;
    }
    const refusal = doorKeeper.refusalToReplace(session.calledUser, former);
    if (refusal) {
      this.#refuse(session, caller, refusal.why, refusal);
      return;
    }
    check(session, (unserved) => {
      if (session.state !== 'early') return;
      if (unserved) this.#refuse(session, caller, 'noCommonMedia', unserved);
      else if (!this.#isOpen) session.reject(480);
      else this.#takeOver(session, caller, former);
    });
  }

  #takeOver(session: IncomingSession, caller: Caller, former: Call): void {
    const call = this.#parts.adopt(session, caller);
    this.#parts.log.info('takes the place of a call', { call: call.id, former: former.id });
    call.events.on('confirmed', () => former.hangup(`taken over by call ${call.id}`));
    this.#answer(call);
  }

  /** Asks for a place once more: a look-up may have taken its time. */
  #letIn(session: IncomingSession, caller: Caller): void {
    const { doorKeeper, calls, adopt } = this.#parts;
    if (!this.#isOpen) {
      session.reject(480);
      return;
    }
    const admission = doorKeeper.admit(caller, session.calledUser, calls.all);
    if (admission.kind === 'refuse') {
      this.#refuse(session, caller, admission.why, admission);
      return;
    }
    if (admission.kind === 'forward') {
      this.#forward(session, caller, admission);
      return;
    }
    admission.instead?.giveWay();
    const call = adopt(session, caller);
    if (admission.kind === 'answer') this.#answer(call);
    else this.#ring(call);
  }

  /** As long as the policy has it ring; then it is sent on, or given up. */
  #ring(call: Call): void {
    const { doorKeeper, clock } = this.#parts;
    call.ring();
    const { ringSeconds } = doorKeeper;
    if (ringSeconds === undefined) return;
    const limit = clock.setTimer(ringSeconds * 1000, () => this.#onUnanswered(call));
    call.events.on('ended', () => limit.cancel());
    call.events.on('confirmed', () => limit.cancel());
  }

  #onUnanswered(call: Call): void {
    if (!call.isWaiting) return;
    const to = this.#parts.doorKeeper.forwardUnanswered;
    const isSentOn = to !== undefined && call.forward(this.#parts.dialling.resolve(to).uri);
    if (!isSentOn) call.reject(480, 'not answered in time');
  }

  /** By 302: the caller, or his server, calls the other one. */
  #forward(
    session: IncomingSession,
    caller: Caller,
    { to, when }: { readonly to: string; readonly when: ForwardCase },
  ): void {
    const target = this.#parts.dialling.resolve(to).uri;
    if (session.redirect(target, DIVERSION_REASONS[when])) {
      this.refused.forwarded += 1;
      this.#parts.log.info('call sent on', { to: target, when, name: caller.name });
    } else this.#refuse(session, caller, 'busy', { status: 486 });
  }

  /** A call has ended: one that waits may be answered now. */
  answerNext(): void {
    const { calls, doorKeeper } = this.#parts;
    if (!this.#isOpen || calls.all.some(({ hasLine }) => hasLine)) return;
    const next = calls.all.find(
      ({ isWaiting, caller }) => isWaiting && caller && doorKeeper.isAnsweredAtOnce(caller),
    );
    if (next) this.#answer(next);
  }

  /** Nothing is let in or answered from now on. */
  close(): void {
    this.#isOpen = false;
  }

  #refuse(
    session: IncomingSession,
    caller: Caller,
    why: Refusal,
    { status, warning }: OfferRefusal,
  ): void {
    this.refused[why] += 1;
    this.#parts.log.info(`call refused: ${REFUSAL_WORDS[why]}`, {
      status,
      name: caller.name,
      from: caller.address,
      called: session.calledUser,
      reason: warning?.text,
    });
    session.reject(status, undefined, warning);
  }

  #answer(call: Call): void {
    try {
      call.answer();
    } catch (error) {
      if (!(error instanceof AgentException)) throw error;
      this.#parts.log.warn(error.message);
    }
  }
}

const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  unknownUser: 'it is for a name that is not ours',
  denied: 'policy.denyFrom has the caller, or policy.allowFrom has not',
  forwarded: 'sent on to somebody else',
  stranger: 'it came past the registrar, and policy.directCalls does not let it in',
  notDisturbed: 'do not disturb is on',
  busy: 'busy',
  noCommonMedia: 'its offer cannot be served',
};
