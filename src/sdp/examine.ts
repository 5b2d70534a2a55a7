import { ipVersion } from './address';
import { type Description, parseDescription } from './description';
import type { LinePlan } from './line-plan';
import { planAnswer } from './plan';
import { settle } from './settle';
import { type LocalMedia, type Refusal, SdpException } from './types';

/**
 * What there is to say of an offer before anybody is called to the telephone (RFC 3261 §13.3.1): why it
 * is to be refused, and the host names in it that have to be looked up if it is not.
 */
export function examineOffer(
  offer: string,
  local: LocalMedia,
): { readonly refusal: Refusal } | { readonly hostNames: readonly string[] } {
  try {
    const theirs = parseDescription(offer);
    const plans = planAnswer(theirs, local);
    settle({ plans, lines: theirs.media, local, onHold: false, former: undefined });
    return { hostNames: hostNamesOf(theirs, plans) };
  } catch (error) {
    if (!(error instanceof SdpException)) throw error;
    return { refusal: error.refusal };
  }
}

function hostNamesOf(theirs: Description, plans: readonly LinePlan[]): string[] {
  const served = theirs.media.filter((_, index) => plans[index]?.kind === 'audio');
  const names = served
    .map(({ remote }) => remote.address)
    .filter((address) => ipVersion(address) === undefined);
  return [...new Set(names)];
}
