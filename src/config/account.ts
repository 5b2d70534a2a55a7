import * as v from 'valibot';
import { field, flag, path, secretText, text, wholeNumber } from '../schema';
import { addressList, hostOf, ONE_PASSWORD, onlyOneOf, sipUri, sipUriList } from './kinds';
import { accountPolicy } from './policy';
import { accountSdesWithoutTls, accountSrtp } from './srtp';
import { accountTls } from './tls';
import { watch } from './watch';

/** As many as a camera may have; each keeps a flow open. */
const MAX_ACCOUNTS = 8;

const ONE_KIND_OF_PROXY = onlyOneOf('outboundProxy', 'outboundProxies');

const accountSchema = v.pipe(
  v.object({
    uri: sipUri(
      'an address as "sip:car@example.org"',
      'Address of record: who the camera is. Calls for any other name are refused (404).',
      true,
    ),
    name: v.exactOptional(
      field(
        v.pipe(v.string(), v.regex(/^[\w.@+-]{1,64}$/)),
        '1 to 64 letters, digits, and any of _ . @ + -',
        'What it is called in commands, events and history: without it its address, as `car@example.org`.',
      ),
    ),
    displayName: v.exactOptional(text('a name', 'Name shown to the called party.')),
    registrar: v.exactOptional(
      sipUri(
        'a URI as "sip:example.org"',
        'Where to register. Without it the account makes and takes calls unregistered.',
      ),
    ),
    outboundProxy: v.exactOptional(
      sipUri('a URI as "sip:proxy.example.org:5060"', 'Every request goes there first.'),
    ),
    outboundProxies: v.exactOptional(
      sipUriList(
        'In place of outboundProxy: edge proxies of which the camera is registered by each at once (RFC 5626), so that one may fail. Requests go by the first that lives.',
      ),
    ),
    callsFrom: v.exactOptional(
      addressList(
        'Addresses that this account’s calls come from beside the one it is registered at, as those of a cluster or of a trunk.',
      ),
    ),
    messageWaiting: v.optional(
      flag(
        'Ask the account’s server what waits in its mailbox (RFC 3842): shown in the status, and notified.',
      ),
      false,
    ),
    publishPresence: v.optional(
      flag(
        'Have the account’s server say whether the camera can be called (PUBLISH, RFC 3903): open, closed while do-not-disturb is on, and on the phone.',
      ),
      false,
    ),
    watch: v.exactOptional(watch),
    username: v.exactOptional(text('a name', 'Name for digest authentication.')),
    password: v.exactOptional(
      secretText('a password', 'Password for digest authentication; better kept in a file.'),
    ),
    passwordFile: v.exactOptional(
      path('File whose first line is the password; relative to the configuration file.'),
    ),
    realm: v.exactOptional(
      text(
        'a realm as "asterisk"',
        'A realm that gets the password, beside those the registrar asks for; for calls without a registrar.',
      ),
    ),
    expires: v.optional(
      wholeNumber(60, 86_400, 'Registration interval asked for, in seconds.'),
      300,
    ),
    tls: v.exactOptional(accountTls),
    srtp: v.exactOptional(accountSrtp),
    sdesWithoutTls: v.exactOptional(accountSdesWithoutTls),
    policy: v.exactOptional(accountPolicy),
  }),
  v.forward(
    v.partialCheck([['password'], ['passwordFile']], ONE_PASSWORD.isRight, ONE_PASSWORD.expected),
    ['passwordFile'],
  ),
  v.forward(
    v.partialCheck(
      [['outboundProxy'], ['outboundProxies']],
      ONE_KIND_OF_PROXY.isRight,
      ONE_KIND_OF_PROXY.expected,
    ),
    ['outboundProxies'],
  ),
  v.forward(
    v.partialCheck(
      [['username'], ['password'], ['passwordFile']],
      ({ username, password, passwordFile }) =>
        username === undefined || password !== undefined || passwordFile !== undefined,
      'a password or passwordFile beside it',
    ),
    ['username'],
  ),
  v.metadata({ expected: 'an object with at least "uri"' }),
);

type Account = v.InferOutput<typeof accountSchema>;

/** The only one, or the first. */
export const account = v.pipe(
  accountSchema,
  v.description('The account at a PBX or provider. Without it the camera calls by address alone.'),
);

/** Those beside it. */
export const accounts = v.pipe(
  v.array(accountSchema),
  v.maxLength(MAX_ACCOUNTS - 1),
  v.metadata({ expected: `a list of at most ${MAX_ACCOUNTS - 1} accounts` }),
  v.description('Further accounts, each with the keys of `account`: see docs/accounts.md.'),
);

/** All of them, the default one first. */
export function accountsOf<One>(config: {
  readonly account?: One;
  readonly accounts: readonly One[];
}): readonly One[] {
  return [...(config.account ? [config.account] : []), ...config.accounts];
}

/** What no two of them may share. */
export function hasOwnNames(all: readonly Account[]): boolean {
  const names = all.flatMap(({ name, uri }) => (name === undefined ? [uri] : [name, uri]));
  return new Set(names).size === names.length;
}

/** What requests of an account are sent to. */
export function serversOf({ registrar, outboundProxy, outboundProxies = [] }: Account): string[] {
  return [registrar, outboundProxy, ...outboundProxies].filter((one) => one !== undefined);
}

/** The servers of an account are known by their names: two accounts cannot think differently of one. */
export function agreeOnServers(all: readonly Account[]): boolean {
  const policies = new Map<string, string>();
  return all.every((account) => {
    const policy = JSON.stringify(account.tls ?? null);
    return [account.uri, ...serversOf(account)].map(hostOf).every((host) => {
      const former = policies.get(host) ?? policy;
      policies.set(host, former);
      return former === policy;
    });
  });
}
