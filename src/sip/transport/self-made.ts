import { generateKeyPairSync } from 'node:crypto';
import { type Random, selfSigned } from '../../platform';

/** PEM of a certificate and of its key. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** For connections that others open where no certificate is configured; it lasts as long as the process. */
export function selfMade(random: Random): KeyPair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { key, cert: selfSigned(privateKey, ['dashvoip'], random.bytes(16)) };
}
