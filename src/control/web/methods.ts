import type { IncomingMessage } from 'node:http';
import { type Answer, because } from './answer';

/** What is asked for at a path. */
export type Deed = () => Answer | Promise<Answer | undefined>;

/** What is asked for by the request's method. */
export async function forMethods(
  { method = '' }: IncomingMessage,
  deeds: { readonly GET?: Deed; readonly HEAD?: Deed; readonly POST?: Deed },
): Promise<Answer | undefined> {
  const [, deed] = Object.entries(deeds).find(([name]) => name === method) ?? [];
  if (deed) return deed();
  const Allow = Object.keys(deeds).join(', ');
  return because(405, `method: found ${method}, expected ${Allow}`, { Allow });
}
