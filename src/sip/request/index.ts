export { type ContactUser, contactOn, contactPart, type Scheme } from './contact';
export type { RequestEnvironment } from './environment';
export type { OutgoingRequest } from './outgoing-request';
export {
  RequestException,
  type RequestFailure,
  type RequestPlan,
  type RequestUser,
} from './request-plan';
export { type AckUser, RequestSender, type SentAck } from './request-sender';
export { type SingleAnswer, type SingleRequest, sendSingle } from './single-request';
export { TargetSet } from './target-set';
