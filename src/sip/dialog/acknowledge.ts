import type { DigestClient } from '../auth';
import type { HeaderList, SipRequest } from '../message';
import type { RequestSender, SentAck } from '../uac';
import type { Dialog } from './dialog';

/**
 * Sends the ACK of a 2xx within its dialog, with the INVITE's credentials (RFC 3261 §22.1) unless it
 * goes straight to the peer, whom they do not concern.
 */
export function acknowledge(
  sender: RequestSender,
  dialog: Dialog,
  invite: SipRequest,
  digest: DigestClient,
): SentAck {
  const sequence = invite.cseq.sequence;
  return sender.sendAck(dialog.nextHop, (via, { remote }) => {
    const headers = digest.coversHop(remote) ? credentialsOf(invite) : [];
    return dialog.createAck(sequence, via, { headers });
  });
}

function credentialsOf(invite: SipRequest): HeaderList {
  return (['Authorization', 'Proxy-Authorization'] as const).flatMap((name) =>
    invite.getAll(name).map((value) => [name, value] as const),
  );
}
