export {
  accountCalled,
  type ParsedAccount,
  parseAccount,
  type SipAccount,
  serverUri,
} from './account';
export { type Routing, routingFor, routingToRegistrar } from './routing';
