export {
  accountCalled,
  type ParsedAccount,
  parseAccount,
  type SipAccount,
  serverUri,
} from './account';
export { type Callee, calleeOf, isHelpService } from './callee';
export type { AccountFlow, Grant, KnownAs } from './grant';
export { knownAs, type Routing, routingFor, routingToRegistrar } from './routing';
