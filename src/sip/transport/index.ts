export {
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
export { UdpTransport } from './udp';
