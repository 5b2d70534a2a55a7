import type { StatusReply } from '../../control';
import type { GuestCall } from '../api';
import { type CallSamples, withSamples } from './samples';

/** A line of the log. */
export interface LogLine {
  /** Tells it from every other. */
  readonly key: number;
  readonly at: Date;
  readonly level: string;
  readonly area: string;
  readonly text: string;
}

/** What the reader is told about the connection, until it is put away. */
export type Notice = 'restarted' | 'backAgain' | 'stopping';

/** Who came by an invitation. */
export interface GuestState {
  readonly until: Date;
  /** His own. */
  readonly calls: readonly GuestCall[];
}

/** What there is to say of an invitation: to be had no more, tried too often, or it was good and is over. */
export type InvitationWords =
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'over' };

/** All that the page shows. */
export interface PageState {
  /** `login`: nothing is shown before the password. */
  readonly connection: 'connecting' | 'live' | 'lost' | 'login';
  readonly needsPassword: boolean;
  /** The last one; kept while the agent is away. */
  readonly status: StatusReply | undefined;
  readonly samples: readonly CallSamples[];
  readonly log: readonly LogLine[];
  readonly notice: Notice | undefined;
  /** Events that came while the page was away and are forgotten by now. */
  readonly missed: number;
  /** A session was there before and has ended. */
  readonly wasOpen: boolean;
  /** Absent for whoever has the password. */
  readonly guest: GuestState | undefined;
  /** For whoever is not let in by it. */
  readonly invitation: InvitationWords | undefined;
}

export const FIRST_STATE: PageState = {
  connection: 'connecting',
  needsPassword: false,
  status: undefined,
  samples: [],
  log: [],
  notice: undefined,
  missed: 0,
  wasOpen: false,
  guest: undefined,
  invitation: undefined,
};

export type Happening =
  | { readonly kind: 'session'; readonly needsPassword: boolean }
  | { readonly kind: 'login-needed'; readonly invitation?: InvitationWords }
  | { readonly kind: 'guest'; readonly until: Date }
  | { readonly kind: 'guest-calls'; readonly calls: readonly GuestCall[] }
  | { readonly kind: 'opened' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'status'; readonly status: StatusReply; readonly at: Date }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'gap'; readonly missed: number }
  | { readonly kind: 'log'; readonly line: Omit<LogLine, 'key'> }
  | { readonly kind: 'log-cleared' }
  | { readonly kind: 'notice-read' };

/** Lines of the log that are kept; the oldest gives way. */
const LOG_LIMIT = 500;

export function next(state: PageState, happening: Happening): PageState {
  switch (happening.kind) {
    case 'session':
      // Somebody is let in, and not as a guest.
      return {
        ...state,
        needsPassword: happening.needsPassword,
        guest: undefined,
        invitation: undefined,
      };
    case 'login-needed':
      // Nothing of the agent stays on the screen of somebody who may not see it.
      return {
        ...FIRST_STATE,
        connection: 'login',
        needsPassword: true,
        wasOpen: state.status !== undefined || state.wasOpen,
        invitation: happening.invitation ?? (state.guest ? { kind: 'over' } : state.invitation),
      };
    case 'guest':
      return {
        ...FIRST_STATE,
        connection: 'live',
        needsPassword: true,
        guest: { until: happening.until, calls: [] },
      };
    case 'guest-calls':
      return state.guest
        ? { ...state, connection: 'live', guest: { ...state.guest, calls: happening.calls } }
        : state;
    case 'opened':
      return {
        ...state,
        connection: 'live',
        ...(state.connection === 'lost' && state.status ? { notice: 'backAgain' } : {}),
      };
    case 'lost':
      return { ...state, connection: 'lost' };
    case 'status':
      return withStatus(state, happening.status, happening.at);
    case 'stopping':
      return { ...state, notice: 'stopping' };
    case 'gap':
      // A page that is new has missed nothing.
      return state.status ? { ...state, missed: state.missed + happening.missed } : state;
    case 'log':
      return { ...state, log: withLine(state.log, happening.line) };
    case 'log-cleared':
      return { ...state, log: [] };
    case 'notice-read':
      return { ...state, notice: undefined, missed: 0 };
  }
}

/** The last lines come along whenever the stream is opened: those that are known already are no news. */
function withLine(log: readonly LogLine[], line: Omit<LogLine, 'key'>): readonly LogLine[] {
  const isKnown = log.some(
    ({ at, area, text }) =>
      at.getTime() === line.at.getTime() && area === line.area && text === line.text,
  );
  if (isKnown) return log;
  const key = (log[log.length - 1]?.key ?? 0) + 1;
  return [...log, { key, ...line }].slice(-LOG_LIMIT);
}

function withStatus(state: PageState, status: StatusReply, at: Date): PageState {
  const before = state.status;
  const isAnother =
    before !== undefined && (before.pid !== status.pid || status.uptimeS < before.uptimeS);
  return {
    ...state,
    status,
    // Numbers of calls begin anew.
    samples: withSamples(isAnother ? [] : state.samples, status.calls, at.getTime() / 1000),
    ...(isAnother ? { notice: 'restarted' } : {}),
    // That of an earlier run came along with all that was told since then.
    ...(state.notice === 'stopping' ? { notice: undefined } : {}),
  };
}
