import type { AgentAccount, AgentOptions, EmergencySettings } from './agent';
import { accountsOf, type Config, placeOf } from './config';
import type { UserAgentOptions } from './sip';

type Account = NonNullable<Config['account']>;

/** The accounts as the agent takes them, the default one first: their files by their places. */
export function accountsFor(
  { account, accounts }: Pick<Config, 'account' | 'accounts'>,
  configFile: string | undefined,
): AgentAccount[] {
  return accountsOf({ ...(account ? { account } : {}), accounts }).map(({ tls, ...rest }) => ({
    ...rest,
    ...(tls ? { tls: tlsPolicyOf(tls, configFile) } : {}),
  }));
}

/** What is done with calls: a file by its place. */
export function policyOf(
  policy: Config['policy'],
  configFile: string | undefined,
): AgentOptions['policy'] {
  return { ...policy, callersFile: placeOf(policy.callersFile, configFile) };
}

/** Whom to call for help: a file by its place. */
export function helpOf(
  emergency: Config['emergency'],
  configFile: string | undefined,
): EmergencySettings | undefined {
  if (!emergency) return undefined;
  const { announcement, ...rest } = emergency;
  if (announcement === undefined) return rest;
  return { ...rest, announcement: placeOf(announcement, configFile) };
}

/** What SIP over TLS takes, where it is spoken. */
export function tlsOf(
  { transports, tls }: Config['sip'],
  configFile: string | undefined,
): Pick<UserAgentOptions, 'tls'> {
  if (!transports.includes('tls')) return {};
  const { port, certificateFile, keyFile } = tls;
  const identity =
    certificateFile !== undefined && keyFile !== undefined
      ? {
          certificateFile: placeOf(certificateFile, configFile),
          keyFile: placeOf(keyFile, configFile),
        }
      : undefined;
  return { tls: { port, policy: tlsPolicyOf(tls, configFile), ...(identity ? { identity } : {}) } };
}

function tlsPolicyOf(
  { verify, caFile, fingerprints, looseNames }: NonNullable<Account['tls']>,
  configFile: string | undefined,
): NonNullable<AgentAccount['tls']> {
  return {
    ...{ verify, looseNames },
    ...(caFile === undefined ? {} : { caFile: placeOf(caFile, configFile) }),
    ...(fingerprints ? { fingerprints } : {}),
  };
}
