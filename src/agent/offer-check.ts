import { examineOffer, ipVersion, type LocalMedia } from '../sdp';
import type { OfferRefusal } from '../sip';
import type { HostNames } from './host-names';
import type { SoundPlan } from './sound-plan';

/** Discard: an examination needs a port and uses none. */
const NO_PORT = 9;

/** Whom an offer is for. */
export interface OfferedTo {
  readonly address: string;
  readonly sound: SoundPlan;
  readonly terms: Pick<LocalMedia, 'srtp' | 'zrtp'>;
}

/**
 * Whether an offer can be served at all: told before anybody is called to the telephone (RFC 3261
 * §13.3.1). `done` is called once, within the call unless a host name has to be looked up.
 */
export function checkOffer(
  offer: string,
  local: OfferedTo,
  names: HostNames,
  done: (refusal: OfferRefusal | undefined) => void,
): void {
  // RFC 3261 §13.3.1.4: who offers nothing wants our offer.
  if (offer === '') {
    done(undefined);
    return;
  }
  const { address, sound, terms } = local;
  const audio = { rtpPort: NO_PORT, ...sound, ptimeMs: 20 };
  const outcome = examineOffer(offer, { address, audio, ...terms });
  if ('refusal' in outcome) {
    const { status, warning } = outcome.refusal;
    done({ status, warning });
    return;
  }
  if (outcome.hostName === undefined) {
    done(undefined);
    return;
  }
  names.find(outcome.hostName, ipVersion(address) ?? 4, (finding) => {
    const refused = 'failure' in finding;
    done(refused ? { status: 488, warning: { code: 301, text: finding.failure } } : undefined);
  });
}
