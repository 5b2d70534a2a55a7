export {
  Reference,
  type ReferenceEnd,
  type ReferenceListener,
} from './reference';
export { Referral, type ReferralOffer, referToOf } from './referral';
export { type Replaces, readReplaces, replacesField } from './replaces';
export { type Progress, SIPFRAG } from './sipfrag';
export { REFER_USAGE } from './usage-kind';
