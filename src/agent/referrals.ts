import type { Clock, Logger } from '../platform';
import type { InviteOptions, ReferralOffer } from '../sip';
import type { Account } from './account';
import type { Call } from './call';
import type { CallList } from './call-list';
import { AgentException } from './exception';
import { MAX_LINES } from './policy';

export interface ReferralsParts {
  readonly calls: CallList;
  readonly clock: Clock;
  readonly log: Logger;
  /** @throws AgentException */
  readonly dial: (target: string, account: Account, options: InviteOptions) => Call;
}

/** Who had us call somebody leaves the old call himself; if he does not within this time, we do, ms. */
const LEAVE_MS = 5000;

/** The far end of a call hands us over to somebody else (RFC 3515, RFC 5589): where the policy lets it, we call him. */
export class Referrals {
  readonly #parts: ReferralsParts;

  constructor(parts: ReferralsParts) {
    this.#parts = parts;
  }

  receive(call: Call, referral: ReferralOffer): void {
    const { calls, log } = this.#parts;
    const { target, source } = referral;
    if (!call.account.doorKeeper.mayTransfer(call, source.address)) {
      log.info('transfer refused: policy.transfersFrom does not have the far end', {
        call: call.id,
        target,
      });
      referral.refuse(603);
    } else if (calls.all.filter(({ hasLine }) => hasLine).length >= MAX_LINES) referral.refuse(486);
    else this.#follow(call, referral);
  }

  #follow(call: Call, referral: ReferralOffer): void {
    const { dial, log } = this.#parts;
    const { target, replaces, joins, referredBy } = referral;
    try {
      const next = dial(target, call.account, {
        ...(replaces ? { replaces } : {}),
        ...(joins ? { joins } : {}),
        ...(referredBy === undefined ? {} : { referredBy }),
      });
      log.info('transferred', { call: call.id, target, next: next.id });
      referral.accept();
      this.#accompany(call, next, referral);
    } catch (error) {
      if (!(error instanceof AgentException)) throw error;
      log.info('transfer not followed', { call: call.id, target, reason: error.message });
      referral.refuse(error.refusal === 'bad-target' ? 416 : 503);
    }
  }

  #accompany(call: Call, next: Call, referral: ReferralOffer): void {
    const { clock } = this.#parts;
    let isUp = false;
    next.events.on('changed', () => {
      if (next.state === 'ringing') referral.tell({ status: 180, reason: '' });
    });
    next.events.on('confirmed', () => {
      if (isUp) return;
      isUp = true;
      call.standAside();
      referral.tell({ status: 200, reason: '' });
      clock.setTimer(LEAVE_MS, () => call.hangup(`transferred to ${referral.target}`));
    });
    next.events.on('ended', () => {
      const { status = 487, reason = '' } = next.end ?? {};
      if (!isUp) referral.tell({ status: status >= 300 ? status : 487, reason });
    });
  }
}
