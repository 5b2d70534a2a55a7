/** The lines under one m= line, or those before the first, brought to one spelling. */
export interface Section {
  /** Value of the m= line; empty for the session's own section. */
  readonly head: string;
  readonly lines: readonly string[];
}

/**
 * Cuts a description into its sections. What people write is made plain here: any line ending, white
 * space anywhere, names in any case. A line that is none is passed over (RFC 8866 §5
 * would have the whole description discarded, and a call lost for a typing error in a line that
 * nobody needs). Every step is linear in the length of the text.
 */
export function sectionsOf(text: string): { session: Section; media: readonly Section[] } {
  const lines = text.split(/\r\n|\r|\n/).flatMap(plainLine);
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  return {
    session: { head: '', lines: lines.slice(0, starts[0]) },
    media: starts.map((start, index) => ({
      head: (lines[start] ?? '').slice(2),
      lines: lines.slice(start + 1, starts[index + 1]),
    })),
  };
}

function plainLine(raw: string): string[] {
  const line = raw.trim();
  const type = line.charAt(0).toLowerCase();
  if (line.charAt(1) !== '=' || type < 'a' || type > 'z') return [];
  const value = line.slice(2).trim().replace(/\s+/g, ' ');
  return [`${type}=${plainValue(type, value)}`];
}

function plainValue(type: string, value: string): string {
  switch (type) {
    case 'a':
      return plainAttribute(value);
    case 'b':
      return value.toUpperCase();
    case 'c':
      return value.replace(/^in ip[46] /i, (network) => network.toUpperCase());
    case 'm':
      return value.replace(/^\S+/, (media) => media.toLowerCase());
    default:
      return value;
  }
}

/** Names are case-sensitive on paper (RFC 8866 §6), and no two differ in case alone. */
function plainAttribute(value: string): string {
  const colon = value.indexOf(':');
  if (colon < 0) return value.toLowerCase();
  return `${value.slice(0, colon).trim().toLowerCase()}:${value.slice(colon + 1).trim()}`;
}
