import { isIPv6 } from 'node:net';
import { SOURCE_RATES } from '../admission';
import { type AddressFamily, systemLookup, systemRecords } from '../resolve';
import { RFC3261_TIMERS } from '../transaction';
import {
  bindSctp,
  bindTls,
  STRICT,
  TcpTransport,
  type TlsOptions,
  TlsPolicies,
  type Transport,
  UdpTransport,
} from '../transport';
import type { SipUserAgent, TransportName, UserAgentOptions } from './sip-user-agent';
import { UserAgent } from './user-agent';

/** RFC 4028 §4 recommends half an hour. */
const SESSION_EXPIRES_S = 1800;

/** A call with all that belongs to it is some 20 KB; the rest is for what lingers. */
const MAX_STATE_BYTES = 2 * 1024 * 1024;

/**
 * Opens the listening points and answers from now on.
 * @throws TransportException 'address-in-use' or 'cannot-bind'
 */
export async function createUserAgent(options: UserAgentOptions): Promise<SipUserAgent> {
  const { host, clock, random, product } = options;
  const log = options.log.area('sip');
  const tlsPolicies = new TlsPolicies(options.tls?.policy ?? STRICT);
  const onTime = (): void => userAgent.registerAnew();
  const userAgent: UserAgent = new UserAgent({
    transports: await bindAll({ ...options, log }, { policies: tlsPolicies, onTime }),
    tlsPolicies,
    ...(options.instance === undefined ? {} : { instance: options.instance }),
    lookup: systemLookup,
    ...systemRecords(),
    families: familiesAt(host),
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
  return userAgent;
}

type Secrecy = Pick<TlsOptions, 'policies' | 'onTime'>;

/** All or none. */
async function bindAll(
  options: UserAgentOptions,
  secrecy: Secrecy,
): Promise<[Transport, ...Transport[]]> {
  const [first = 'udp', ...others] = options.transports;
  const bound: [Transport, ...Transport[]] = [await bind(first, options, secrecy)];
  try {
    for (const name of others) bound.push(await bind(name, options, secrecy));
  } catch (error) {
    await Promise.all(bound.map((transport) => transport.close()));
    throw error;
  }
  return bound;
}

function bind(
  name: TransportName,
  { host, port, clock, log, random, tls, sctp }: UserAgentOptions,
  secrecy: Secrecy,
): Promise<Transport> {
  switch (name) {
    case 'udp':
      return UdpTransport.bind(host, port, log);
    case 'tcp':
      return TcpTransport.bind(host, port, clock, log);
    case 'sctp':
      if (!sctp) throw new Error('no opener for sctp');
      return bindSctp(host, port, sctp, clock, log);
    case 'tls': {
      const identity = tls?.identity;
      const options = { ...secrecy, ...(identity ? { identity } : {}) };
      return bindTls(host, tls?.port ?? 5061, options, { clock, log, random });
    }
  }
}

/** At `::` both are heard; what is there by IPv6 is there by it first (RFC 8305 §4). */
function familiesAt(host: string): readonly [AddressFamily, ...AddressFamily[]] {
  if (host === '::') return [6, 4];
  return isIPv6(host) ? [6] : [4];
}
