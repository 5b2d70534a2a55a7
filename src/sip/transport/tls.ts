import type { TlsTransport } from './tls-transport';

/**
 * SIP over TLS: listens on a host and a port (0: any).
 * @throws TransportException 'address-in-use' or 'cannot-bind', and 'no-certificate' for files that cannot be used
 */
export async function bindTls(
  ...where: Parameters<typeof TlsTransport.bind>
): Promise<TlsTransport> {
  // Loaded for whom it is configured.
  const transport = await import('./tls-transport');
  return await transport.TlsTransport.bind(...where);
}
