import type { HeaderList } from '../message';
import { quote } from '../message';
import type { Warning } from './offer-answer';

/** Long enough for any reason, short enough for a datagram. */
const MAX_TEXT = 200;

/**
 * A Warning header field, RFC 3261 §20.43. Its agent is the product's name: a pseudonym, for our host's
 * address says nothing to the one who reads it.
 */
export function warningField(product: string, warning: Warning | undefined): HeaderList {
  if (!warning) return [];
  const text = warning.text.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_TEXT);
  return [['Warning', `${warning.code} ${product.split('/')[0]} ${quote(text)}`]];
}
