import { type LocalMedia, type NegotiatedMedia, Negotiation, type Refusal } from '../../src/sdp';
import { CAMERA } from './samples';

export const negotiation = (local: LocalMedia | (() => LocalMedia) = CAMERA): Negotiation =>
  new Negotiation({ sessionId: 5, local: typeof local === 'function' ? local : () => local });

export function answered(
  offer: string,
  local: LocalMedia = CAMERA,
): { answer: string; media: NegotiatedMedia } {
  const outcome = negotiation(local).handleOffer(offer, false);
  if (!('answer' in outcome)) throw new Error(`refused: ${outcome.status} ${outcome.reason}`);
  return outcome;
}

export function refused(offer: string, local: LocalMedia = CAMERA): Refusal {
  const outcome = negotiation(local).handleOffer(offer, false);
  if ('answer' in outcome) throw new Error('expected a refusal');
  return outcome;
}
