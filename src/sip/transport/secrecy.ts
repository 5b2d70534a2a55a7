import type { TransportProtocol } from './flow';

/** Whether keys may go by it: who reads the wire cannot read what is sent (RFC 4568 §7.1.1). */
export function keepsSecrets(protocol: TransportProtocol): boolean {
  return protocol === 'TLS';
}
