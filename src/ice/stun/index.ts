export {
  addressOf,
  familyOf,
  isSameAddress,
  octetsOf,
  plainNumeric,
  type SocketAddress,
} from './address';
export {
  addressValue,
  encodeStun,
  errorValue,
  numberValue,
  type StunAttribute,
  type StunKind,
  StunMessage,
  type StunParts,
  textValue,
} from './message';
export {
  type SentRequest,
  type StunPlan,
  type TransactionOutcome,
  TransactionTable,
} from './transactions';
export { ATTRIBUTE, METHOD } from './words';
