import { BoundedMap } from '../platform';
import type { SipUserAgent, TracedDialog, TracePage, TraceQuery } from '../sip';
import { AgentException } from './exception';

/** Calls whose messages can be asked for by number. */
const MAX_CALLS = 64;

export interface CallTraceQuery extends Omit<TraceQuery, 'callIds'> {
  /** Only those of a call, by its number or its Call-ID. */
  readonly call?: number | string;
}

export interface CallTracedDialog extends TracedDialog {
  /** The number of the call that it is. */
  readonly call?: number;
}

export interface CallTracePage extends TracePage {
  readonly dialogs: readonly CallTracedDialog[];
}

/** What was said over SIP, with the numbers that calls have here. */
export class CallTrace {
  /** Call-IDs by the number of the call. */
  readonly #callIds = new BoundedMap<string>(MAX_CALLS);

  note(call: number, callId: string): void {
    this.#callIds.set(String(call), callId);
  }

  /** @throws AgentException when there is no such call. */
  read(userAgent: SipUserAgent | undefined, { call, ...query }: CallTraceQuery): CallTracePage {
    const callId = typeof call === 'number' ? this.#callIds.get(String(call)) : call;
    if (call !== undefined && callId === undefined) {
      throw new AgentException('wrong-state', `there was no call ${call}, or it is long gone`);
    }
    const page = userAgent?.trace({
      ...query,
      ...(callId === undefined ? {} : { callIds: [callId] }),
    });
    if (!page) return { dialogs: [], dropped: { call: 0, registration: 0, other: 0 } };
    return { ...page, dialogs: page.dialogs.map((dialog) => this.#numbered(dialog)) };
  }

  #numbered(dialog: TracedDialog): CallTracedDialog {
    const call = this.#callIds.keys().find((key) => this.#callIds.get(key) === dialog.callId);
    return call === undefined ? dialog : { call: Number(call), ...dialog };
  }
}
