import { maskPasswords } from '../../platform';

const HIDDEN = '***';

/** Header fields with credentials or what they are made of (RFC 3261 §22, RFC 7615), folded lines included. */
const CREDENTIALS =
  /^((?:proxy-)?authorization|(?:www|proxy)-authenticate|(?:proxy-)?authentication-info)([ \t]*:[ \t]*)((?:[^\n]|\n(?=[ \t]))*)/gim;

/** A scheme whose parameters are known; of another one nothing is shown but its name. */
const DIGEST = /^digest\s+/i;

/** One parameter; a text that is not closed goes to the end. It looks back so as to try each word once. */
const PARAMETER = /(?<![\w!%*+.~-])([\w!%*+.~-]+)\s*=\s*("(?:[^"\\]|\\[\s\S])*("|$)|[^,\s]*)/g;

/** Parameters that give nothing away. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['realm', 'domain', 'username', 'uri', 'algorithm', 'qop', 'nc', 'stale', 'userhash'],
]);

/** Those whose value is hidden; of any other one the name is, too. */
const SECRET: ReadonlySet<string> = new Set([
  ...['response', 'nonce', 'cnonce', 'nextnonce', 'rspauth', 'opaque', 'auts'],
]);

/** Lines of a session description with keys (RFC 4568 §9.1, RFC 8839 §5.4, RFC 8866 §5.12, RFC 4567). */
const KEYS = /^([ \t]*(?:a[ \t]*=[ \t]*(?:crypto|ice-pwd|key-mgmt)[ \t]*:|k[ \t]*=))([^\n]*)/gim;

/** Of `a=crypto` what stands before its keys: tag and suite. */
const SUITE = /^[ \t]*\d{0,9}[ \t]+[\w-]{0,64}[ \t]+(?=inline:)/i;

/** A body that says which key of a telephone was pressed: one of a PIN, perhaps. */
const PRESSED =
  /^(?:c|content-type)[ \t]*:[ \t]*application\/dtmf(?:-relay)?[ \t]*(?:;[^\n]*)?\r?$/im;

/**
 * A SIP message, or what was meant as one, without its secrets: digests and nonces, credentials of other
 * schemes, passwords in URIs, keys of media, keys that were pressed. What is hidden of a body keeps its length, for Content-Length.
 */
export function maskMessage(text: string): string {
  const masked = text
    .replace(CREDENTIALS, (_, name: string, colon: string, value: string) => {
      return name + colon + maskCredentials(value) + lineEnd(value);
    })
    .replace(KEYS, (_, name: string, value: string) => name + maskKeys(value) + lineEnd(value));
  return maskPasswords(PRESSED.test(text) ? maskPressed(masked) : masked);
}

function maskPressed(text: string): string {
  const end = /\r?\n\r?\n/.exec(text);
  if (!end) return text;
  const start = end.index + end[0].length;
  return text.slice(0, start) + text.slice(start).split('\n').map(maskPressedLine).join('\n');
}

/** Of `Signal=5` and `Duration=160` the key is hidden; and whatever else stands there, as the bare key of application/dtmf. */
function maskPressedLine(line: string): string {
  if (/^[ \t]*duration[ \t]*=/i.test(line)) return line;
  const name = /^[ \t]*signal[ \t]*=/i.exec(line)?.[0] ?? '';
  return name + line.slice(name.length).replace(/\S/g, '*');
}

function maskCredentials(value: string): string {
  const digest = DIGEST.exec(value)?.[0];
  const isInfo = /^[\w-]+\s*=/.test(value);
  if (digest === undefined && !isInfo) return `${/^[\w-]+(?=\s)/.exec(value)?.[0] ?? ''} ${HIDDEN}`;
  const parameters = [...value.slice(digest?.length ?? 0).matchAll(PARAMETER)];
  return (digest ?? '') + parameters.map(maskParameter).join(', ');
}

function maskParameter([, name = '', value = '', close = '"']: RegExpMatchArray): string {
  const known = name.toLowerCase();
  if (HARMLESS.has(known) && close !== '') return `${name}=${value}`;
  return SECRET.has(known) ? `${name}=${HIDDEN}` : HIDDEN;
}

function maskKeys(value: string): string {
  const suite = SUITE.exec(value)?.[0] ?? '';
  return suite + '*'.repeat(value.length - suite.length - lineEnd(value).length);
}

/** The line break's first half, which stands at the end of what is replaced. */
function lineEnd(value: string): string {
  return value.endsWith('\r') ? '\r' : '';
}
