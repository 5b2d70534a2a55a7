export { type Description, type MediaLine, parseDescription } from './description';
export { receives, sends } from './direction';
export { Negotiation, type NegotiationOptions, type OfferOutcome } from './negotiation';
export * from './types';
