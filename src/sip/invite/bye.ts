import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import { type HeaderList, quote } from '../message';
import type { SessionEnvironment } from './environment';
import type { SessionEnd } from './invite-session';

/** RFC 3261 §15.1.1: the session is over when the BYE goes out, whatever is answered. */
export function sendBye(
  { sender, product, log }: SessionEnvironment,
  dialog: Dialog,
  digest: DigestClient,
  end?: SessionEnd,
): void {
  const headers: HeaderList = [['User-Agent', product], ...reasonField(end)];
  sender.send({
    ...dialog.way,
    digest,
    build: (via) => dialog.createRequest('BYE', via, { headers }),
    user: {
      onSuccess: () => undefined,
      onFailure: ({ status, reason }) => log.info('BYE not accepted', { status, reason }),
    },
  });
}

/** RFC 3326: a BYE that nobody asked for says why. */
function reasonField(end: SessionEnd | undefined): HeaderList {
  if (!end || end.status === 200) return [];
  return [['Reason', `SIP;cause=${end.status};text=${quote(end.reason)}`]];
}
