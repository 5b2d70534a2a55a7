import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import { type Body, type HeaderList, type SipRequest, sameName } from '../message';
import type { RequestFailure } from '../request';
import { reply, type ServerTransaction } from '../transaction';
import { type ControlDocument, controlDocuments } from './control-document';
import { type DtmfKey, dtmfRelay, readDtmf } from './dtmf-info';
import type { SessionEnvironment } from './environment';

/** What an INFO of ours says. */
export interface InfoParts {
  readonly headers: HeaderList;
  readonly body: Body;
}

/** What an INFO tells. */
export interface Information {
  readonly key?: DtmfKey;
  /** The peer wants a key frame (RFC 5168). */
  readonly wantsPicture: boolean;
  /** What an emergency service wants. */
  readonly control?: readonly ControlDocument[];
}

/**
 * RFC 6086 §4.2.2: packages that are not served are refused. Undefined when it tells nothing.
 * @param served the one that is.
 */
export function receiveInfo(
  product: string,
  request: SipRequest,
  transaction: ServerTransaction,
  served: string | undefined,
): Information | undefined {
  const infoPackage = request.get('Info-Package');
  if (infoPackage !== undefined && served !== undefined && sameName(infoPackage, served)) {
    reply(product, request, transaction, 200);
    return { wantsPicture: false, control: controlDocuments(request) };
  }
  if (infoPackage !== undefined) {
    const headers = [['Recv-Info', served ?? '']] as const;
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
  environment: SessionEnvironment,
  dialog: Dialog,
  digest: DigestClient,
  key: DtmfKey,
  done: (failure?: RequestFailure) => void,
): void {
  sendInfo(environment, dialog, digest, { headers: [], body: dtmfRelay(key) }, done);
}

export function sendInfo(
  { sender, product }: SessionEnvironment,
  dialog: Dialog,
  digest: DigestClient,
  { headers, body }: InfoParts,
  done: (failure?: RequestFailure) => void,
): void {
  sender.send({
    ...dialog.way,
    digest,
    build: (via) =>
      dialog.createRequest('INFO', via, { headers: [...headers, ['User-Agent', product]], body }),
    user: { onSuccess: () => done(), onFailure: (failure) => done(failure) },
  });
}
