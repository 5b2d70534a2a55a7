import { createHash } from 'node:crypto';

/** Who can prove himself by a password, and what is kept of it: H(name:realm:password) of each algorithm. */
export interface CallerRecord {
  readonly name: string;
  readonly realm: string;
  /** Hexadecimal. */
  readonly sha256?: string;
  readonly md5?: string;
}

/** What a name may be of: letters that need not be escaped in a SIP URI (RFC 3261 §25.1), and none that lists of callers mean otherwise. */
export const CALLER_NAME = /^[\w.!~'()&=+$,/-]{1,64}$/;
/** More are not read. */
export const MAX_CALLERS = 256;

const LINE =
  /^([\w.!~'()&=+$,/-]{1,64}):(\[[^\]\s"\\]{1,64}\]|[^:\s"\\]{1,255}):([\da-f]{64}|[\da-f]{32})(?::([\da-f]{32}))?$/i;
const EXPECTED = 'NAME:REALM:HASH, as "dashvoip config set-caller" writes it';

/** The lines of a file, one for each caller and realm; `htdigest` writes such lines, too. What is none is named by its number. */
export function parseCallers(text: string): {
  readonly callers: readonly CallerRecord[];
  readonly faults: readonly string[];
} {
  const callers: CallerRecord[] = [];
  const faults: string[] = [];
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name = '', realm = '', first = '', second] = LINE.exec(line.trim()) ?? [];
    if (name === '') faults.push(`line ${place + 1}: expected ${EXPECTED}`);
    else if (callers.length >= MAX_CALLERS) {
      faults.push(
        `line ${place + 1}: expected ${MAX_CALLERS} callers at most; the rest is not read`,
      );
      break;
    } else callers.push({ name, realm, ...hashesOf([first, ...(second ? [second] : [])]) });
  }
  return { callers, faults };
}

/** As what callers of an account are asked: where none is said its domain. */
export function callersRealm(accountUri: string | undefined, realm: string | undefined): string {
  return realm ?? /@(\[[^\]]*\]|[^:;?]+)/.exec(accountUri ?? '')?.[1] ?? 'dashvoip';
}

/** A text of such lines in which `name` has another password in those realms; all else stays. */
export function withCaller(
  text: string,
  name: string,
  realms: readonly string[],
  password: string,
): string {
  const isReplaced = (line: string): boolean =>
    realms.some((realm) => line.startsWith(`${name}:${realm}:`));
  const kept = text.split(/\r?\n/).filter((line) => line !== '' && !isReplaced(line));
  // The same letters may be typed in two ways, Korean ones among them (RFC 7616 §4: NFC).
  const added = realms.map((realm) => lineOf(name, realm, password.normalize('NFC')));
  return [...kept, ...added, ''].join('\n');
}

function lineOf(name: string, realm: string, password: string): string {
  const secret = `${name}:${realm}:${password}`;
  const [sha256, md5] = ['sha256', 'md5'].map((hash) =>
    createHash(hash).update(secret).digest('hex'),
  );
  return `${name}:${realm}:${sha256}:${md5}`;
}

/** Told apart by their length. */
function hashesOf(hashes: readonly string[]): Pick<CallerRecord, 'sha256' | 'md5'> {
  const [sha256, md5] = [64, 32].map((length) => hashes.find((hash) => hash.length === length));
  return {
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
    ...(md5 === undefined ? {} : { md5: md5.toLowerCase() }),
  };
}
