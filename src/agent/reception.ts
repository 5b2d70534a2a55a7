import type { Clock, Logger } from '../platform';
import type { IncomingSession, InviteSession, OfferRefusal } from '../sip';
import type { Accounts } from './accounts';
import type { Call } from './call';
import type { CallList } from './call-list';
import { type Caller, callerOf } from './caller';
import type { Dialling } from './dialling';
import type { Emergency } from './emergency';
import { AgentException } from './exception';
import { DIVERSION_REASONS, type ForwardCase } from './forwarding';
import type { Refusal } from './policy';
import type { Visit } from './visit';

export interface ReceptionParts {
  readonly accounts: Accounts;
  readonly dialling: Dialling;
  readonly emergency: Emergency;
  readonly calls: CallList;
  readonly clock: Clock;
  readonly log: Logger;
  /** Tells once, now or later, why a session's offer cannot be served, if so. */
  readonly check: (
    session: IncomingSession,
    done: (refusal: OfferRefusal | undefined) => void,
  ) => void;
  /** Lets calls that are up hear each other, and those of their conference. Rejects when one of them is not up. */
  readonly join: (calls: readonly Call[]) => Promise<void>;
  /** Makes a call of a session that is let in. */
  readonly adopt: (visit: Visit) => Call;
}

/** Takes in what calls: refuses, lets ring, and answers those who need no hand. */
export class Reception {
  /** Calls refused since the start, by reason. */
  readonly refused: Record<Refusal, number> = {
    unknownUser: 0,
    denied: 0,
    stranger: 0,
    unproved: 0,
    forwarded: 0,
    notDisturbed: 0,
    busy: 0,
    noCommonMedia: 0,
    insecure: 0,
  };
  readonly #parts: ReceptionParts;
  #isOpen = true;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  /** @param known who has proved who he is. */
  receive(session: IncomingSession, known?: Caller): void {
    const { accounts, calls } = this.#parts;
    if (!this.#isOpen) {
      session.reject(480);
      return;
    }
    const account = accounts.calledBy(session);
    const caller = known ?? callerOf(session, account);
    const visit = { session, caller, account };
    const { emergency } = this.#parts;
    const named = session.replaced ?? session.joined;
    if (!named && emergency.isCallBack(caller, !known && session.isHelpCallingBack)) {
      this.#receiveHelp(visit);
      return;
    }
    if (!named && emergency.isUndisturbed) {
      this.#refuse(visit, 'busy', { status: 486 });
      return;
    }
    // Who names a dialog to take its place was told of it by somebody who is known (RFC 3891 §5).
    if (!session.replaced && account.doorKeeper.asksForProof(caller)) {
      accounts.ask({
        ...{ request: session, caller, account },
        onProved: (proved) => this.receive(session, proved),
        onRefused: (status, reason) => this.#note(visit, 'unproved', status, reason),
      });
      return;
    }
    if (named) {
      this.#receiveNaming(visit, named);
      return;
    }
    const admission = account.doorKeeper.admit(caller, session.calledUser, calls.all);
    const mayCall = admission.kind !== 'refuse' || admission.why === 'busy';
    if (mayCall) for (const call of calls.all) call.doubtPeer();
    if (admission.kind === 'refuse') {
      this.#refuse(visit, admission.why, admission);
      return;
    }
    if (admission.kind === 'forward') {
      this.#forward(visit, admission);
      return;
    }
    // RFC 3261 §13.3.1: nobody is called to the telephone for an offer that cannot be served.
    this.#parts.check(session, (refusal) => {
      if (session.state !== 'early') return;
      if (refusal) this.#refuse(visit, 'noCommonMedia', refusal);
      else this.#letIn(visit);
    });
  }

  /** Who was called for help calls back: whatever the policy says, and whoever else talks, he is answered. */
  #receiveHelp(visit: Visit): void {
    const { session } = visit;
    const { calls, emergency, check, adopt } = this.#parts;
    check(session, (unserved) => {
      if (session.state !== 'early') return;
      if (unserved) this.#refuse(visit, 'noCommonMedia', unserved);
      else if (!this.#isOpen) session.reject(480);
      else {
        const others = calls.all;
        const call = adopt(visit);
        call.events.on('confirmed', () => {
          emergency.calledBack(call);
          for (const other of others) {
            if (other.hasLine) other.hangup('ended here for who calls back for help');
          }
        });
        this.#answer(call);
      }
    });
  }

  /** It names a call that there is, whose place it takes or which it joins. */
  #receiveNaming(visit: Visit, named: InviteSession): void {
    import('./naming').then(
      ({ receiveNaming }) =>
        receiveNaming(visit, named, {
          ...this.#parts,
          isOpen: () => this.#isOpen,
          refuse: (...refusal) => this.#refuse(visit, ...refusal),
          answer: (call) => this.#answer(call),
        }),
      (error: unknown) => {
        this.#parts.log.error(String(error));
        visit.session.reject(500);
      },
    );
  }

  /** Asks for a place once more: a look-up may have taken its time. */
  #letIn(visit: Visit): void {
    const { calls, adopt } = this.#parts;
    const { session, caller, account } = visit;
    if (!this.#isOpen) {
      session.reject(480);
      return;
    }
    const admission = account.doorKeeper.admit(caller, session.calledUser, calls.all);
    if (admission.kind === 'refuse') {
      this.#refuse(visit, admission.why, admission);
      return;
    }
    if (admission.kind === 'forward') {
      this.#forward(visit, admission);
      return;
    }
    admission.instead?.giveWay();
    const call = adopt(visit);
    if (admission.kind === 'answer') this.#answer(call);
    else call.whenReady(() => this.#ring(call));
  }

  /** As long as the policy has it ring; then it is sent on, or given up. */
  #ring(call: Call): void {
    const { clock } = this.#parts;
    call.ring();
    const { ringSeconds } = call.account.doorKeeper;
    if (ringSeconds === undefined) return;
    const limit = clock.setTimer(ringSeconds * 1000, () => this.#onUnanswered(call));
    call.events.on('ended', () => limit.cancel());
    call.events.on('confirmed', () => limit.cancel());
  }

  #onUnanswered(call: Call): void {
    if (!call.isWaiting) return;
    const { account } = call;
    const to = account.doorKeeper.forwardUnanswered;
    const isSentOn =
      to !== undefined && call.forward(this.#parts.dialling.resolve(to, account).uri);
    if (!isSentOn) call.reject(480, 'not answered in time');
  }

  /** By 302: the caller, or his server, calls the other one. */
  #forward(visit: Visit, { to, when }: { readonly to: string; readonly when: ForwardCase }): void {
    const { session, caller, account } = visit;
    const target = this.#parts.dialling.resolve(to, account).uri;
    if (session.redirect(target, DIVERSION_REASONS[when])) {
      this.refused.forwarded += 1;
      this.#parts.log.info('call sent on', { to: target, when, name: caller.name });
    } else this.#refuse(visit, 'busy', { status: 486 });
  }

  /** A call has ended: one that waits may be answered now. */
  answerNext(): void {
    const { calls } = this.#parts;
    if (!this.#isOpen || calls.all.some(({ hasLine }) => hasLine)) return;
    const next = calls.all.find(
      ({ isWaiting, caller, account }) =>
        isWaiting && caller && account.doorKeeper.isAnsweredAtOnce(caller),
    );
    if (next) this.#answer(next);
  }

  /** Nothing is let in or answered from now on. */
  close(): void {
    this.#isOpen = false;
  }

  #refuse(visit: Visit, why: Refusal, { status, warning }: OfferRefusal): void {
    this.#note(visit, why, status, warning?.text);
    visit.session.reject(status, undefined, warning);
  }

  #note(
    { session, caller, account }: Visit,
    why: Refusal,
    status: number,
    reason: string | undefined,
  ): void {
    this.refused[why] += 1;
    this.#parts.log.info(`call refused: ${REFUSAL_WORDS[why]}`, {
      status,
      name: caller.name,
      from: caller.address,
      called: session.calledUser,
      account: account.name,
      reason,
    });
  }

  #answer(call: Call): void {
    call.whenReady(() => {
      try {
        call.answer();
      } catch (error) {
        if (!(error instanceof AgentException)) throw error;
        this.#parts.log.warn(error.message);
      }
    });
  }
}

const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  unknownUser: 'it is for a name that is not ours',
  denied: 'policy.denyFrom has the caller, or policy.allowFrom has not',
  forwarded: 'sent on to somebody else',
  stranger: 'it came past the registrar, and policy.directCalls does not let it in',
  unproved: 'it did not prove who it is',
  notDisturbed: 'do not disturb is on',
  busy: 'busy',
  noCommonMedia: 'its offer cannot be served',
  insecure: 'ICE or DTLS failed',
};
