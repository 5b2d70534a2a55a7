import { isIPv6 } from 'node:net';
import { SOURCE_RATES } from '../admission';
import { systemLookup } from '../resolve';
import { RFC3261_TIMERS } from '../transaction';
import { UdpTransport } from '../transport';
import type { SipUserAgent, UserAgentOptions } from './sip-user-agent';
import { UserAgent } from './user-agent';

/** RFC 4028 §4 recommends half an hour. */
const SESSION_EXPIRES_S = 1800;

/** A call with all that belongs to it is some 20 KB; the rest is for what lingers. */
const MAX_STATE_BYTES = 2 * 1024 * 1024;

/**
 * Opens the listening point and answers from now on.
 * @throws TransportException 'address-in-use' or 'cannot-bind'
 */
export async function createUserAgent(options: UserAgentOptions): Promise<SipUserAgent> {
  const { host, port, clock, random, product } = options;
  const log = options.log.area('sip');
  const transport = await UdpTransport.bind(host, port, log);
  return new UserAgent({
    transport,
    lookup: systemLookup,
    family: isIPv6(host) ? 6 : 4,
    clock,
    random,
    log,
    timers: RFC3261_TIMERS,
    product,
    reliableProvisional: options.reliableProvisional ?? false,
    sessionExpires: options.sessionExpires ?? SESSION_EXPIRES_S,
    maxSessions: options.maxSessions,
    maxStateBytes: MAX_STATE_BYTES,
    sourceRates: SOURCE_RATES,
  });
}
