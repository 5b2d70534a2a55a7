import type { Logger } from '../platform';
import { CONFERENCE_INFO, readConferenceInfo, type SipUserAgent, type Subscription } from '../sip';
import type { Call } from './call';
import { Roster } from './roster';

/** A server grants what it likes. */
const EXPIRES_S = 3600;
/** A server whose documents never follow each other is not asked for all of it again and again. */
const MAX_RENEWALS = 3;

const watches = new WeakMap<Call, FocusWatch>();

/**
 * The far end of a call is a conference now, with that URI, or none any more: who is in it is asked for, by the call's account,
 * until it ends (RFC 4575 §3).
 */
export function watchFocus(
  call: Call,
  uri: string | undefined,
  userAgent: SipUserAgent,
  log: Logger,
): void {
  if (!call.isUp) return;
  const watch = watches.get(call) ?? new FocusWatch(call, userAgent, log);
  watches.set(call, watch);
  watch.turnTo(uri);
}

class FocusWatch {
  readonly #call: Call;
  readonly #userAgent: SipUserAgent;
  readonly #log: Logger;
  #roster = new Roster();
  #subscription: Subscription | undefined;
  #renewals = 0;

  constructor(call: Call, userAgent: SipUserAgent, log: Logger) {
    this.#call = call;
    this.#userAgent = userAgent;
    this.#log = log;
    call.events.on('ended', () => this.#subscription?.stop());
  }

  turnTo(uri: string | undefined): void {
    this.#subscription?.stop();
    this.#roster = new Roster();
    this.#call.participants = undefined;
    if (uri !== undefined) this.#subscribe(uri);
  }

  #subscribe(uri: string): void {
    const roster = this.#roster;
    const wanted = { event: 'conference', accept: [CONFERENCE_INFO], expiresS: EXPIRES_S };
    const { identity } = this.#call.account;
    this.#subscription = this.#userAgent.subscribe(uri, identity, wanted, {
      onState: (state, detail) => {
        if (state !== 'waiting' && state !== 'refused') return;
        roster.expectWhole();
        this.#log.info('the conference is not watched', { call: this.#call.id, state, detail });
      },
      onNotice: (contentType, body) => {
        if (contentType === CONFERENCE_INFO && roster === this.#roster) this.#note(body, uri);
      },
    });
  }

  #note(body: string, uri: string): void {
    const info = readConferenceInfo(body);
    if (!info) {
      this.#log.info('what the conference tells cannot be read', { call: this.#call.id });
      return;
    }
    const note = this.#roster.note(info);
    if (note === 'changed') this.#call.participants = this.#roster.participants;
    if (note !== 'gap' || this.#renewals >= MAX_RENEWALS) return;
    this.#renewals += 1;
    this.#subscription?.stop();
    this.#roster.expectWhole();
    this.#subscribe(uri);
  }
}
