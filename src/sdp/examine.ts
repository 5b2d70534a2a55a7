import { ipVersion } from './address';
import { parseDescription } from './description';
import { planAnswer } from './plan';
import { settle } from './settle';
import { type LocalMedia, type Refusal, SdpException } from './types';

/** Why an offer is to be refused, or the host name that sound needs to be looked up, if there is one. */
export type Examination = { readonly refusal: Refusal } | { readonly hostName?: string };

/** What there is to say of an offer before anybody is called to the telephone (RFC 3261 §13.3.1). */
export function examineOffer(offer: string, local: LocalMedia): Examination {
  try {
    const theirs = parseDescription(offer);
    const plans = planAnswer(theirs, local, []);
    const exchange = { plans, lines: theirs.media, local, onHold: false, former: undefined };
    const { address } = settle(exchange).audio.remote;
    return ipVersion(address) ? {} : { hostName: address };
  } catch (error) {
    if (!(error instanceof SdpException)) throw error;
    return { refusal: error.refusal };
  }
}
