import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import type { HeaderList, SipRequest, Via } from '../message';
import type { AckUser, RequestSender, SentAck } from '../request';
import type { Flow } from '../transport';

/**
 * Sends the ACK of a 2xx within its dialog, with the INVITE's credentials (RFC 3261 §22.1) unless it
 * goes straight to the peer, whom they do not concern.
 */
export function acknowledge(
  sender: RequestSender,
  dialog: Dialog,
  invite: SipRequest,
  digest: DigestClient,
  user: AckUser,
): SentAck {
  const sequence = invite.cseq.sequence;
  const build = (via: Via, { remote }: Flow): SipRequest => {
    const headers = digest.coversHop(remote) ? credentialsOf(invite) : [];
    return dialog.createAck(sequence, via, { headers });
  };
  return sender.sendAck({ ...dialog.way, build }, user);
}

function credentialsOf(invite: SipRequest): HeaderList {
  return (['Authorization', 'Proxy-Authorization'] as const).flatMap((name) =>
    invite.getAll(name).map((value) => [name, value] as const),
  );
}
