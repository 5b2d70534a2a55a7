const HIDDEN = '***';

/** What ends a URI within text. */
const DELIMITERS = /([\s<>"]+)/;
/** Where the userinfo of a URI may begin: `sip:` and `sips:` have no slashes (RFC 3261 §19.1.1). */
const BEGIN = /sips?:|[a-z][a-z\d+.-]{0,20}:\/\//i;

/**
 * Text with the password of each URI (`sip:user:password@host`, `rtsp://user:password@host`) made
 * unreadable, in time that grows with its length.
 */
export function maskPasswords(text: string): string {
  if (!text.includes('@')) return text;
  return text.split(DELIMITERS).map(maskWord).join('');
}

/** Of several `@` the last counts, for whoever wrote one into a password; what is hidden too much hurts nobody. */
function maskWord(word: string): string {
  const end = word.lastIndexOf('@');
  if (end < 0) return word;
  const begin = BEGIN.exec(word);
  if (!begin) return word;
  const userAt = begin.index + begin[0].length;
  const passwordAt = word.indexOf(':', userAt) + 1;
  const host = word.indexOf('@', userAt);
  if (passwordAt === 0 || passwordAt > end) return word;
  // Behind a first URI without a password there may be another one, as in a list.
  if (host >= 0 && host < passwordAt) {
    return word.slice(0, host + 1) + maskWord(word.slice(host + 1));
  }
  return word.slice(0, passwordAt) + HIDDEN + word.slice(end);
}
