export {
  accountCalled,
  type ParsedAccount,
  parseAccount,
  type SipAccount,
  serverUri,
} from './account';
export { type Callee, calleeOf, isHelpService } from './callee';
export { type Routing, routingFor, routingToRegistrar } from './routing';
