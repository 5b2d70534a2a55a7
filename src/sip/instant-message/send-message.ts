import type { Random } from '../../platform';
import { type RequestSender, type SingleRequest, sendSingle } from '../request';
import { PLAIN_TEXT } from './usage-kind';

export interface MessageParts
  extends Pick<SingleRequest, 'digest' | 'local' | 'target' | 'routing'> {
  readonly sender: RequestSender;
  readonly random: Random;
  readonly product: string;
  readonly text: string;
}

/** What became of a text: what the far end, or a server on the way that keeps it, has said. */
export interface Delivery {
  readonly isDelivered: boolean;
  readonly status: number;
  readonly reason: string;
}

/** MESSAGE outside of dialogs, RFC 3428 §5. Never rejects. */
export async function sendMessage({
  sender,
  random,
  product,
  text,
  ...request
}: MessageParts): Promise<Delivery> {
  const { status, reason } = await sendSingle(sender, random, {
    ...request,
    method: 'MESSAGE',
    headers: [['User-Agent', product]],
    body: { contentType: `${PLAIN_TEXT};charset=utf-8`, content: text },
  });
  return { isDelivered: status < 300, status, reason };
}
