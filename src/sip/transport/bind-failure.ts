import { TransportException, type TransportProtocol } from './flow';

/** Why a listening point cannot be had, in words. */
export function bindFailure(
  error: NodeJS.ErrnoException,
  protocol: TransportProtocol,
  host: string,
  port: number,
): TransportException {
  const where = `${protocol} ${host}:${port}`;
  return error.code === 'EADDRINUSE'
    ? new TransportException('address-in-use', `${where} is in use: is another agent running?`)
    : new TransportException(
        'cannot-bind',
        `cannot bind ${where} (${error.code ?? error.message}): expected an address of this machine`,
      );
}
