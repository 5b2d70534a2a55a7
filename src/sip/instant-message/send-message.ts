import { type Random, randomToken } from '../../platform';
import type { Routing } from '../account';
import type { DigestClient } from '../auth';
import { createRequest, NameAddr, type SipUri } from '../message';
import type { RequestSender } from '../request';
import { PLAIN_TEXT } from './usage-kind';

export interface MessageParts {
  readonly sender: RequestSender;
  readonly random: Random;
  readonly product: string;
  readonly digest: DigestClient;
  /** From, without tag. */
  readonly local: NameAddr;
  readonly target: SipUri;
  readonly routing: Routing;
  readonly text: string;
}

/** What became of a text: what the far end, or a server on the way that keeps it, has said. */
export interface Delivery {
  readonly isDelivered: boolean;
  readonly status: number;
  readonly reason: string;
}

/** MESSAGE outside of dialogs, RFC 3428 §5. Never rejects. */
export function sendMessage(parts: MessageParts): Promise<Delivery> {
  const { sender, random, product, digest, local, target, routing, text } = parts;
  const from = local.withTag(randomToken(random, 64));
  const callId = randomToken(random, 128);
  let cseq = 0;
  return new Promise((resolve) => {
    sender.send({
      nextHop: routing.nextHop,
      toAccountHop: routing.toAccountHop,
      digest,
      build: (via) =>
        createRequest('MESSAGE', target, {
          via,
          routes: routing.routes,
          from,
          to: new NameAddr(undefined, target),
          callId,
          cseq: ++cseq,
          headers: [['User-Agent', product]],
          body: { contentType: `${PLAIN_TEXT};charset=utf-8`, content: text },
        }),
      user: {
        onSuccess: ({ status, reason }) => resolve({ isDelivered: true, status, reason }),
        onFailure: ({ status, reason }) => resolve({ isDelivered: false, status, reason }),
      },
    });
  });
}
