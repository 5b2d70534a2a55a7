export {
  type Destination,
  defaultPort,
  type Flow,
  localAddressOf,
  PING,
  type Receiver,
  type SecureConnection,
  type SecurityStatus,
  type SocketAddress,
  type Transport,
  type TransportCounters,
  TransportException,
  type TransportFailure,
  type TransportProtocol,
} from './flow';
export { isUnspecified } from './local-address';
export { PassingFlow } from './passing-flow';
export { responseFlow, stampReceived } from './received';
export { bindSctp } from './sctp';
export type { OpenSctp } from './sctp-sockets';
export { keepsSecrets } from './secrecy';
export { TcpTransport } from './tcp';
export { bindTls } from './tls';
export type { TlsIdentityFiles } from './tls-contexts';
export { STRICT, TlsPolicies, type TlsPolicy } from './tls-policy';
export type { TlsOptions, TlsTransport } from './tls-transport';
export { Transports } from './transports';
export { UdpTransport } from './udp';
