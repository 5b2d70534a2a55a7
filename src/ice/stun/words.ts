/** Methods of RFC 8489 and RFC 8656 §18.1. */
export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

/** Attributes that are written or read here: RFC 8489 §18.3, RFC 8656 §18.2, RFC 8445 §16.1. */
export const ATTRIBUTE = {
  mappedAddress: 0x0001,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
} as const;

const KNOWN = new Set<number>(Object.values(ATTRIBUTE));

/** RFC 8489 §14: below 0x8000 whoever does not know one must not act on the message. */
export function isUnknownAndRequired(type: number): boolean {
  return type < 0x8000 && !KNOWN.has(type);
}
