import type { EncoderSettings } from './types';

type Parameters = ReadonlyMap<string, string>;

/** What sends noise in pauses instead of sound: of G.723.1 its Annex A, of G.729 its Annex B. */
export type Annex = 'annexa' | 'annexb';

/** RFC 4856 §2.1.7, §2.1.9: yes where nothing is said, and we understand it. Whoever wants none is told no (RFC 7261 §3). */
export function annexParameters(annex: Annex, encoder?: EncoderSettings): string | undefined {
  return encoder?.discontinuous === false ? `${annex}=no` : undefined;
}

export function annexEncoder(annex: Annex, theirs: Parameters): EncoderSettings | undefined {
  return theirs.get(annex)?.toLowerCase() === 'no' ? { discontinuous: false } : undefined;
}
