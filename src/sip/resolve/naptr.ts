import type { TransportProtocol } from '../transport';

/** A NAPTR record, RFC 3403. */
export interface Pointer {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** NAPTR records of a domain; rejects when there are none. */
export type PointerLookup = (domain: string) => Promise<readonly Pointer[]>;

/** A transport, and the name of its SRV records. */
export interface ServiceName {
  readonly protocol: TransportProtocol;
  readonly name: string;
}

/** RFC 3263 §4.1, registered by RFC 3263 §6 and RFC 4168 §5. */
const SERVICES: Readonly<Record<string, TransportProtocol>> = {
  'sip+d2u': 'UDP',
  'sip+d2t': 'TCP',
  'sips+d2t': 'TLS',
  'sip+d2s': 'SCTP',
};

/** Records of one domain that are looked at. */
const MAX_POINTERS = 16;

/**
 * The SRV names that a domain points to for transports that are spoken here, the one first that it likes best
 * (RFC 3263 §4.1, RFC 3403 §4.1: by order, then by preference).
 */
export function inOrderOfPreference(
  pointers: readonly Pointer[],
  protocols: readonly TransportProtocol[],
): ServiceName[] {
  return [...pointers]
    .filter(isUsable)
    .sort((a, b) => a.order - b.order || a.preference - b.preference)
    .slice(0, MAX_POINTERS)
    .flatMap(({ service, replacement }) => {
      const protocol = SERVICES[service.toLowerCase()];
      return protocol && protocols.includes(protocol) ? [{ protocol, name: replacement }] : [];
    });
}

/** `s` leads to SRV records; a regular expression has no place in this use (§4.1). */
function isUsable({ flags, regexp, replacement }: Pointer): boolean {
  return flags.toLowerCase() === 's' && regexp === '' && replacement !== '' && replacement !== '.';
}
