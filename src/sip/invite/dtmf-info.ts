import type { Body } from '../message';

/** Two ways without an RFC in which telephones put a key into INFO. */
export const DTMF_RELAY = 'application/dtmf-relay';
export const DTMF = 'application/dtmf';

/** A key of a telephone that was pressed. */
export interface DtmfKey {
  /** `0`..`9`, `*`, `#`, `A`..`D`. */
  readonly digit: string;
  readonly durationMs: number;
}

const KEYS = '0123456789*#ABCD';

/** Where nothing is said of it, ms. */
const USUAL_DURATION_MS = 160;
/** Keys held for longer are told as held so long, ms. */
const LONGEST_MS = 6000;

/** The key that an INFO body tells of; undefined for other bodies, a flash hook among them. */
export function readDtmf(contentType: string, content: string): DtmfKey | undefined {
  switch (contentType.toLowerCase()) {
    case DTMF_RELAY:
      return readRelay(content);
    case DTMF:
      return keyOf(content, USUAL_DURATION_MS);
    default:
      return undefined;
  }
}

export function dtmfRelay({ digit, durationMs }: DtmfKey): Body {
  const content = `Signal=${digit}\r\nDuration=${durationMs}\r\n`;
  return { contentType: DTMF_RELAY, content };
}

/** Lines of `name=value`, names in any case, white space anywhere. */
function readRelay(content: string): DtmfKey | undefined {
  const fields = new Map(
    content.split(/[\r\n]+/).map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()] as const;
    }),
  );
  const duration = Number(fields.get('duration') || USUAL_DURATION_MS);
  return keyOf(fields.get('signal') ?? '', duration);
}

/** A key by its name, or by its number of RFC 4733 §3.2 where that has two digits. */
function keyOf(signal: string, duration: number): DtmfKey | undefined {
  const text = signal.trim().toUpperCase();
  const digit = /^1[0-5]$/.test(text) ? KEYS.charAt(Number(text)) : text;
  if (digit.length !== 1 || !KEYS.includes(digit)) return undefined;
  const isUsable = Number.isFinite(duration) && duration > 0;
  return { digit, durationMs: isUsable ? Math.min(duration, LONGEST_MS) : USUAL_DURATION_MS };
}
