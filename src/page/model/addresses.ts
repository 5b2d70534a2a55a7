import type { HistoryEntry } from '../../control';

/** `sip:1001@example.org;transport=tcp` as people write it. */
export function shortAddress(uri: string): string {
  return uri.replace(/^sips?:/i, '').replace(/[;?].*$/, '');
}

/** Who is called again by pressing a button. */
export interface Contact {
  readonly uri: string;
  readonly name: string;
}

/** The last ones of the history, each once. */
export function recentContacts(recent: readonly HistoryEntry[], limit: number): Contact[] {
  const byUri = new Map<string, Contact>();
  for (const { remote, contact, displayName } of recent) {
    if (!byUri.has(remote)) {
      byUri.set(remote, { uri: remote, name: contact ?? displayName ?? shortAddress(remote) });
    }
  }
  return [...byUri.values()].slice(0, limit);
}
