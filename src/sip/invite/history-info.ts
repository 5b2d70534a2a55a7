import { type HeaderList, NameAddr, Params, type SipRequest } from '../message';

/** By whom a call was sent on to us, as it says itself: worth what the server is that it came by. */
export interface Diverted {
  /** Whom it was for, who has sent it on. */
  readonly by: string;
  /** In the words of RFC 5806, where it says. */
  readonly reason?: string;
}

/** The answer that it was sent on for (RFC 3326 in RFC 7044 §5). */
const REASON_OF_CAUSE: Readonly<Record<string, string>> = {
  302: 'unconditional',
  408: 'no-answer',
  480: 'no-answer',
  486: 'user-busy',
  600: 'user-busy',
};

/** RFC 5806 §5.1: the last one comes first. Without any, what History-Info says of the last change of the called party. */
export function divertedBy(invite: SipRequest): Diverted | undefined {
  const [last] = invite.diversions;
  return last ? told(last, last.params.get('reason')) : mappedBy(invite.historyInfo);
}

/** How often the called party was another one (RFC 7044 §10.4, `mp`). */
export function timesMapped({ historyInfo }: SipRequest): number {
  return historyInfo.filter(({ params }) => params.has('mp')).length;
}

/**
 * What a 3xx of ours says of the way (RFC 7044 §9.3): the entries that came, and that of who was called here last, who is us.
 * `index` is the place of that one. Undefined where the far end does not ask for it.
 */
export function historyFields(
  invite: SipRequest,
): { readonly headers: HeaderList; readonly index: string } | undefined {
  const { historyInfo, uri } = invite;
  const last = historyInfo[historyInfo.length - 1];
  if (!last && !invite.supported.includes('histinfo')) return undefined;
  const former = invite.getAll('History-Info').map((value) => ['History-Info', value] as const);
  const lastIndex = last?.params.get('index') ?? '';
  if (last && withoutHeaders(last) === String(uri) && lastIndex !== '') {
    return { headers: former, index: lastIndex };
  }
  // §9.1: whoever brought it here has left itself out.
  const index = last ? `${lastIndex || historyInfo.length}.1` : '1';
  const ours = new NameAddr(undefined, uri, Params.of({ index }));
  return { headers: [...former, ['History-Info', `${ours}`]], index };
}

function mappedBy(entries: readonly NameAddr[]): Diverted | undefined {
  const last = [...entries].reverse().find(({ params }) => params.has('mp'));
  const index = last?.params.get('mp');
  const by = index && entries.find(({ params }) => params.get('index') === index);
  if (!by) return undefined;
  const reason = by.uri.kind === 'sip' ? (by.uri.headers.get('Reason') ?? '') : '';
  const [, cause = ''] = /cause(?:=|%3D)(\d{3})/i.exec(reason) ?? [];
  return told(by, REASON_OF_CAUSE[cause]);
}

function told(entry: NameAddr, reason: string | undefined): Diverted {
  return { by: withoutHeaders(entry), ...(reason === undefined ? {} : { reason }) };
}

function withoutHeaders({ uri }: NameAddr): string {
  return String(uri.kind === 'sip' ? uri.withoutHeaders() : uri);
}
