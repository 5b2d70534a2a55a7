export { ipVersion, isUnspecified } from './address';
export { Bundle, type BundleTerms, securePeerIn } from './bundle';
export { type Description, parseDescription } from './description';
export { receives, sends } from './direction';
export { examineOffer } from './examine';
export {
  type IceCandidate,
  type IceDescription,
  type IceLine,
  readIce,
  withIce,
  withMismatch,
} from './ice';
export type { MediaLine } from './media-line';
export { Negotiation, type NegotiationOptions, type OfferOutcome } from './negotiation';
export { PictureForms } from './picture-forms';
export * from './types';
