import { isClass, USER_UNRESERVED } from './chars';
import { type Params, sameName } from './params';
import type { OtherUri, SipUri, Uri } from './uri';

/** Parameters that count even when only one of two URIs has them. */
const SIGNIFICANT = ['transport', 'user', 'ttl', 'method', 'maddr'];

/** Characters that mean something else when they are escaped (RFC 3261 §25.1, reserved). */
const RESERVED = ';/?:@&=+$,';

/** Whether two URIs are equivalent (RFC 3261 §19.1.4). */
export function sameUri(a: Uri, b: Uri): boolean {
  if (a.kind === 'sip' && b.kind === 'sip') return sameSipUri(a, b);
  if (a.kind === 'other' && b.kind === 'other') return sameOtherUri(a, b);
  return false;
}

function sameOtherUri(a: OtherUri, b: OtherUri): boolean {
  return sameName(a.scheme, b.scheme) && a.opaque === b.opaque;
}

function sameSipUri(a: SipUri, b: SipUri): boolean {
  return (
    a.scheme === b.scheme &&
    normalize(a.user) === normalize(b.user) &&
    normalize(a.password) === normalize(b.password) &&
    sameHost(a.host, b.host) &&
    a.port === b.port &&
    SIGNIFICANT.every((name) => a.params.has(name) === b.params.has(name)) &&
    sameWhereBoth(a.params, b.params) &&
    sameHeaders(a.headers, b.headers)
  );
}

/** Addresses of IPv6 are compared as numbers (RFC 5954 §4.2). */
function sameHost(a: string, b: string): boolean {
  if (!a.includes(':') || !b.includes(':')) return sameName(a, b);
  return new URL(`http://[${a}]`).host === new URL(`http://[${b}]`).host;
}

function sameWhereBoth(a: Params, b: Params): boolean {
  const others = valuesByName(b);
  for (const [name, value] of a) {
    const key = name.toLowerCase();
    if (others.has(key) && !sameValue(value, others.get(key))) return false;
  }
  return true;
}

function sameHeaders(a: Params, b: Params): boolean {
  if (a.size !== b.size) return false;
  const others = valuesByName(b);
  for (const [name, value] of a) {
    const key = name.toLowerCase();
    if (!others.has(key) || normalize(value) !== normalize(others.get(key))) return false;
  }
  return true;
}

/** Of namesakes the first; `Params` looks through all of them for each name. */
function valuesByName(params: Params): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const [name, value] of params) {
    const key = name.toLowerCase();
    if (!values.has(key)) values.set(key, value);
  }
  return values;
}

function sameValue(a: string | undefined, b: string | undefined): boolean {
  return normalize(a)?.toLowerCase() === normalize(b)?.toLowerCase();
}

/** Escapes that need not be are undone, the others written in one way. */
function normalize(text: string | undefined): string | undefined {
  if (text === undefined || !text.includes('%')) return text;
  return text.replace(/%[0-9A-Fa-f]{2}/g, (found) => {
    const code = Number.parseInt(found.slice(1), 16);
    const character = String.fromCharCode(code);
    const isPlain = isClass(code, USER_UNRESERVED) && !RESERVED.includes(character);
    return isPlain ? character : found.toUpperCase();
  });
}
