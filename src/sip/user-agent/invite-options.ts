import { knownAs, type ParsedAccount } from '../account';
import type { Enclosing } from '../invite';
import { type HeaderList, NameAddr, SipUri } from '../message';
import { type Replaces, replacesField } from '../refer';
import type { ContactUser } from '../request';

/** What else an INVITE of ours says. */
export interface InviteOptions {
  /** The call at the target that it takes the place of (RFC 3891). */
  readonly replaces?: Replaces;
  /** The call at the target that it is to talk with (RFC 3911). */
  readonly joins?: Replaces;
  /** Who has sent us there, as he said it (RFC 3892). */
  readonly referredBy?: string;
  /** Nobody is told who calls: From says so, and the account's server is asked to say no more (RFC 3323, RFC 3325). */
  readonly isAnonymous?: boolean;
  /** What goes along with the session description. */
  readonly enclosing?: Enclosing;
  /** Who answers for the service that is called, as a SIP URI; without it the account's server finds it. */
  readonly route?: string;
}

/** RFC 3323 §4.1.1.3. */
const ANONYMOUS = 'anonymous';

/** From, without tag, of who calls, and whom its Contact names: by another way than the account's nobody knows it as the registrar does. */
export function callerOf(
  account: ParsedAccount,
  { isAnonymous = false }: InviteOptions,
  toAccountHop: boolean,
): { readonly local: NameAddr; readonly user: ContactUser } {
  const { aor, aorUri } = account;
  const name = isAnonymous ? ANONYMOUS : aorUri.user;
  const user = toAccountHop ? knownAs(account, name, isAnonymous) : name;
  if (!isAnonymous) return { local: aor, user };
  const nobody = SipUri.of(ANONYMOUS, 'anonymous.invalid');
  return { local: new NameAddr('Anonymous', nobody), user };
}

export function fieldsOf(
  { replaces, joins, referredBy, isAnonymous = false }: InviteOptions,
  { aorUri }: ParsedAccount,
): HeaderList {
  return [
    // RFC 3325 §9.2, §9.3: the server learns which account it is, and the far end does not.
    ...(isAnonymous
      ? ([
          ['Privacy', 'id'],
          ['P-Preferred-Identity', `<${aorUri}>`],
        ] as const)
      : []),
    ...(replaces ? ([['Replaces', replacesField(replaces)]] as const) : []),
    ...(joins ? ([['Join', replacesField(joins)]] as const) : []),
    ...(referredBy === undefined ? [] : ([['Referred-By', referredBy]] as const)),
  ];
}
