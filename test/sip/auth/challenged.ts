import { AccountCredentials, DigestClient, readChallenge } from '../../../src/sip/auth';
import {
  type AuthValue,
  createRequest,
  createResponse,
  NameAddr,
  Params,
  parseSipUri,
  type SipRequest,
  type SipResponse,
  Via,
} from '../../../src/sip/message';
import { seededRandom } from '../../support/seeded-random';

export const HOP = { address: '10.0.0.2', port: 5060 };

export const address = (uri: string): NameAddr => new NameAddr(undefined, parseSipUri(uri));

export const request = (
  method = 'REGISTER',
  { within = false, body }: { within?: boolean; body?: string } = {},
): SipRequest =>
  createRequest(method, parseSipUri('sip:example.org'), {
    via: new Via('UDP', '10.0.0.1', 5060, Params.of({ branch: 'z9hG4bK1' })),
    from: address('sip:car@example.org').withTag('a'),
    to: within ? address('sip:bob@example.org').withTag('b') : address('sip:car@example.org'),
    callId: 'c',
    cseq: 1,
    ...(body === undefined ? {} : { body: { contentType: 'text/plain', content: body } }),
  });

/** Parameters of a challenge, as text. */
export type Asked = string;

export const basic: Asked = 'realm="r", nonce="n1"';

export const response = (
  status: number,
  values: readonly string[] = [],
  to = request(),
): SipResponse => {
  const header = status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate';
  const made = createResponse(to, status, {
    headers: values.map((value) => [header, value] as const),
  });
  made.source = HOP.address;
  return made;
};

/** A client, its account, and what a registrar does with it. */
export class Subject {
  readonly account: AccountCredentials;
  readonly digest: DigestClient;

  constructor(realm?: string) {
    this.account = new AccountCredentials({ username: 'car', password: 'secret' }, realm);
    this.digest = new DigestClient(this.account, seededRandom());
    this.account.addHop(HOP);
  }

  /** Another dialog of the account. */
  dialog(): DigestClient {
    return new DigestClient(this.account, seededRandom(2));
  }

  challenge(asked: Asked | readonly Asked[], status = 401, digest = this.digest) {
    const values = (typeof asked === 'string' ? [asked] : asked).map((one) => `Digest ${one}`);
    return digest.challenged(request(), response(status, values), HOP);
  }

  /** The registrar has asked that, and let us in. */
  registered(...asked: Asked[]): this {
    this.challenge(asked);
    this.digest.accepted(response(200));
    return this;
  }

  answer(digest = this.digest, to = request()): AuthValue {
    const [first] = digest.authorizations(to, HOP);
    if (!first) throw new Error('no credentials');
    return first.value;
  }
}

export const read = (asked: Asked, scheme = 'Digest') => {
  const made = response(401, [`${scheme} ${asked}`]).wwwAuthenticate[0];
  if (!made) throw new Error(`not readable: ${asked}`);
  return readChallenge(made);
};
