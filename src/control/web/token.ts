import { createHash } from 'node:crypto';

/** What is kept of a secret that somebody shows: how long a look-up by it takes tells nothing of the secret. */
export function hashed(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
