/** How a server of STUN or TURN is reached, from its URI (RFC 7064, RFC 7065). */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** It gives addresses of its own. */
  readonly isRelay: boolean;
  readonly transport: 'udp' | 'tcp' | 'tls';
}

const SERVER_URI =
  /^(?<scheme>stun|turns?):(?<host>\[[\da-f:.]+\]|[a-z\d][a-z\d._-]{0,252})(?::(?<port>\d{1,5}))?(?:\?transport=(?<transport>udp|tcp))?$/i;

/** @returns undefined for what is none. */
export function serverAddress(uri: string): ServerAddress | undefined {
  const { scheme = '', host = '', port, transport } = SERVER_URI.exec(uri)?.groups ?? {};
  if (host === '' || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) return undefined;
  const isSecure = scheme.toLowerCase() === 'turns';
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (isSecure ? 5349 : 3478) : Number(port),
    isRelay: scheme.toLowerCase() !== 'stun',
    transport: isSecure ? 'tls' : transport?.toLowerCase() === 'tcp' ? 'tcp' : 'udp',
  };
}
