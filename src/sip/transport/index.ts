export {
  type Destination,
  type Flow,
  localAddressOf,
  type Receiver,
  type SocketAddress,
  type Transport,
  type TransportCounters,
  TransportException,
  type TransportFailure,
  type TransportProtocol,
} from './flow';
export { isUnspecified } from './local-address';
export { DEFAULT_SIP_PORT, responseFlow, stampReceived } from './received';
export { TcpTransport } from './tcp';
export { Transports } from './transports';
export { UdpTransport } from './udp';
