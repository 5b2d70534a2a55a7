import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import type { SipRequest } from '../message';
import type { RequestFailure } from '../request';
import { reply, type ServerTransaction } from '../transaction';
import { type DtmfKey, dtmfRelay, readDtmf } from './dtmf-info';
import type { SessionEnvironment } from './environment';

/** What an INFO tells. */
export interface Information {
  readonly key?: DtmfKey;
  /** The peer wants a key frame (RFC 5168). */
  readonly wantsPicture: boolean;
}

/** RFC 6086 §4.2.2: packages, none of which is served, are refused. Undefined when it tells nothing. */
export function receiveInfo(
  product: string,
  request: SipRequest,
  transaction: ServerTransaction,
): Information | undefined {
  if (request.has('Info-Package')) {
    const headers = [['Recv-Info', '']] as const;
    reply(product, request, transaction, 469, { reason: 'Bad Info Package', headers });
    return undefined;
  }
  reply(product, request, transaction, 200);
  const key = readDtmf(request.contentType?.type ?? '', request.bodyText);
  const wantsPicture = request.bodyText.includes('picture_fast_update');
  return { ...(key ? { key } : {}), wantsPicture };
}

/** `done` without a failure: the peer has taken the key. */
export function sendKeyByInfo(
  { sender, product }: SessionEnvironment,
  dialog: Dialog,
  digest: DigestClient,
  key: DtmfKey,
  done: (failure?: RequestFailure) => void,
): void {
  sender.send({
    ...dialog.way,
    digest,
    build: (via) =>
      dialog.createRequest('INFO', via, {
        headers: [['User-Agent', product]],
        body: dtmfRelay(key),
      }),
    user: { onSuccess: () => done(), onFailure: (failure) => done(failure) },
  });
}
