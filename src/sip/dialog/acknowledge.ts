import type { HeaderList, SipRequest } from '../message';
import type { RequestSender, SentAck } from '../uac';
import type { Dialog } from './dialog';

/** Sends the ACK of a 2xx within its dialog, with the INVITE's credentials (RFC 3261 §22.1). */
export function acknowledge(sender: RequestSender, dialog: Dialog, invite: SipRequest): SentAck {
  const sequence = invite.cseq.sequence;
  const headers: HeaderList = (['Authorization', 'Proxy-Authorization'] as const).flatMap((name) =>
    invite.getAll(name).map((value) => [name, value] as const),
  );
  return sender.sendAck(dialog.nextHop, (via) => dialog.createAck(sequence, via, { headers }));
}
