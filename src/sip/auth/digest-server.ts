import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Attempts, BoundedMap, type Clock, type Random } from '../../platform';
import { type AuthValue, type HeaderList, ownText, quote } from '../message';
import type { Claim } from './claim';
import { type DigestUse, responseOf } from './digest';

/** What is asked for, the better one first (RFC 8760 §2.4). */
export const ASKED_ALGORITHMS = ['SHA-256', 'MD5'] as const;
export type AskedAlgorithm = (typeof ASKED_ALGORITHMS)[number];

/** A nonce is good for so long, ms. */
export const NONCE_MS = 5 * 60_000;
/** Nonces by which somebody has proved himself, each with the count that it was used with last. */
const MAX_USED = 256;

/** What is thought of a request. */
export type DigestVerdict =
  | { readonly kind: 'proved'; readonly user: string }
  /** It has to be asked: it brings nothing for this realm and from us, or what was proved by an old nonce (`isStale`). */
  | { readonly kind: 'ask'; readonly isStale: boolean }
  /** The password is another one, or nobody has that name. */
  | { readonly kind: 'wrong'; readonly user: string }
  /** Wrong too often; it was not compared. */
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** What no phone sends that was asked by us, in words: it is owed 400 (RFC 7616 §3.4.6). */
  | { readonly kind: 'unusable'; readonly problem: string };

/** With `auth` no body is signed. */
const NO_BODY = new Uint8Array();

/** Who is asked, and what is known of those who may prove themselves. */
export interface DigestRealm {
  readonly realm: string;
  readonly algorithms: readonly AskedAlgorithm[];
  /** H(user:realm:password), hexadecimal; undefined for nobody. */
  secretOf(user: string, algorithm: AskedAlgorithm): string | undefined;
}

/** Digest credentials that are complete. */
interface Answer extends DigestUse {
  readonly algorithm: AskedAlgorithm;
  readonly qop: 'auth';
  readonly nonce: string;
  readonly user: string;
  readonly response: string;
}

/**
 * Digest as the one who asks has it, RFC 3261 §22 and RFC 7616. Nonces are signed instead of kept, so that asking costs
 * no memory; only where somebody has proved himself is the count of his nonce remembered, so that nobody sends
 * the same once more.
 */
export class DigestServer {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #attempts: Attempts;
  readonly #key: Uint8Array;
  readonly #used = new BoundedMap<number>(MAX_USED);
  /** Nonces from before that are taken for used: what was remembered of them had to give way. */
  #forgottenUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, random: Random, attempts: Attempts) {
    this.#clock = clock;
    this.#random = random;
    this.#attempts = attempts;
    this.#key = random.bytes(32);
  }

  /** What asks who comes from `address` (RFC 7616 §3.3): a field for each algorithm (RFC 8760 §2.4). */
  challenge({ realm, algorithms }: DigestRealm, address: string, isStale: boolean): HeaderList {
    const nonce = this.#nonceFor(address);
    const stale = isStale ? ', stale=true' : '';
    return algorithms.map((algorithm) => [
      'WWW-Authenticate',
      `Digest realm=${quote(realm)}, nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale}`,
    ]);
  }

  judge(claim: Claim, realm: DigestRealm, address: string): DigestVerdict {
    const credentials = claim.authorization.find(
      ({ scheme, params }) =>
        scheme.toLowerCase() === 'digest' && params.get('realm') === realm.realm,
    );
    const issuedAt = this.#issuedAt(credentials?.params.get('nonce'), address);
    if (!credentials || issuedAt === undefined) return { kind: 'ask', isStale: false };
    const answer = readAnswer(credentials, claim, realm.algorithms);
    if (typeof answer === 'string') return { kind: 'unusable', problem: answer };
    // Who has a nonce for his address has it from us there: he is slowed down, and nobody in his name.
    const waitMs = this.#attempts.waitOf(address);
    if (waitMs > 0) return { kind: 'wait', waitMs };
    const { user } = answer;
    if (!isRight(answer, realm.secretOf(user, answer.algorithm))) {
      this.#attempts.wrong(address);
      return { kind: 'wrong', user };
    }
    this.#attempts.right(address);
    return this.#use(answer, issuedAt) ? { kind: 'proved', user } : { kind: 'ask', isStale: true };
  }

  #nonceFor(address: string): string {
    const issued = Math.floor(this.#clock.now()).toString(36);
    const plain = `${issued}.${Buffer.from(this.#random.bytes(9)).toString('base64')}`;
    return `${plain}.${this.#signature(plain, address)}`;
  }

  /** Undefined for a nonce that is not of ours, or was given to somebody else. */
  #issuedAt(nonce: string | undefined, address: string): number | undefined {
    const [issued = '', random = '', signature = '', ...more] = nonce?.split('.') ?? [];
    const isSigned = isSame(signature, this.#signature(`${issued}.${random}`, address));
    return isSigned && more.length === 0 ? Number.parseInt(issued, 36) : undefined;
  }

  #signature(plain: string, address: string): string {
    const hmac = createHmac('sha256', this.#key).update(`${plain} ${address}`);
    return hmac.digest('base64').slice(0, 22);
  }

  /** Whether a nonce is young enough, and its count higher than the last one (RFC 7616 §3.4, `nc`). */
  #use({ nonce, nonceCount }: Answer, issuedAt: number): boolean {
    const isOld = this.#clock.now() - issuedAt >= NONCE_MS || issuedAt <= this.#forgottenUntil;
    const last = this.#used.get(nonce);
    if (isOld || nonceCount <= (last ?? 0)) return false;
    if (last === undefined && this.#used.size >= MAX_USED) this.#forgetEldest();
    this.#used.set(ownText(nonce), nonceCount);
    return true;
  }

  /** Nobody uses it again, nor any as old: that would not be noticed. */
  #forgetEldest(): void {
    const [eldest = ''] = this.#used.keys();
    this.#forgottenUntil = Math.max(
      this.#forgottenUntil,
      Number.parseInt(eldest.split('.', 1)[0] ?? '', 36),
    );
    this.#used.delete(eldest);
  }
}

/** What stands in an Authorization field, or what is wrong with it, in words. */
export function readAnswer(
  { params }: AuthValue,
  { method, uri }: Pick<Claim, 'method' | 'uri'>,
  algorithms: readonly AskedAlgorithm[],
): Answer | string {
  const [user, nonce = '', cnonce, count = '', response = ''] = [
    'username',
    'nonce',
    'cnonce',
    'nc',
    'response',
  ].map((name) => params.get(name));
  // RFC 7616 §3.4: without it MD5 is meant.
  const named = (params.get('algorithm') ?? 'MD5').toUpperCase();
  const algorithm = algorithms.find((one) => one === named);
  if (user === undefined) return 'no username';
  if (!algorithm) return `algorithm ${named}, asked for was ${algorithms.join(' or ')}`;
  if (params.get('qop') !== 'auth') return 'qop is not auth';
  if (!cnonce || !/^[\da-f]{8}$/.test(count)) return 'no cnonce and nc';
  // §3.4.6: what was signed is what is asked for.
  if (params.get('uri') !== String(uri)) return 'its uri is not that of the request';
  const nonceCount = Number.parseInt(count, 16);
  const use = { method, uri: String(uri), cnonce, nonceCount, body: NO_BODY };
  return { ...use, user, algorithm, qop: 'auth', nonce, response };
}

/** As long for nobody's name as for somebody's. */
export function isRight(answer: Answer, secret: string | undefined): boolean {
  const isEqual = isSame(answer.response.toLowerCase(), responseOf(secret ?? '', answer, answer));
  return isEqual && secret !== undefined;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
