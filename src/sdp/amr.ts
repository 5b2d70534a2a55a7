import type { EncoderSettings } from './types';

type Parameters = ReadonlyMap<string, string>;

/** RFC 4867 §8.1: what we have neither of; each of them makes a payload of another form. */
const NOT_OURS = ['crc', 'robust-sorting', 'interleaving'];

/** Whether a format of this name is the one that is packed as ours: RFC 4867 §8.1, octet-align. */
export function isOurAmr(theirs: Parameters, octetAligned: boolean): boolean {
  const isAligned = theirs.get('octet-align') === '1';
  return isAligned === octetAligned && NOT_OURS.every((name) => (theirs.get(name) ?? '0') === '0');
}

/** RFC 4867 §8.3.1: a set of modes is said again in the answer. */
export function amrParameters(
  octetAligned: boolean,
  encoder?: EncoderSettings,
): string | undefined {
  const { modes } = encoder ?? {};
  const parts = [
    ...(octetAligned ? ['octet-align=1'] : []),
    ...(modes === undefined ? [] : [`mode-set=${modesIn(modes).join(',')}`]),
  ];
  return parts.length > 0 ? parts.join('; ') : undefined;
}

/** The modes that may be sent; all of them where the far end names none that there are. */
export function amrEncoder(theirs: Parameters): EncoderSettings | undefined {
  const named = (theirs.get('mode-set') ?? '').split(',').map((mode) => mode.trim());
  const modes = named
    .filter((mode) => /^[0-7]$/.test(mode))
    .reduce((set, mode) => set | (1 << Number(mode)), 0);
  return modes === 0 ? undefined : { modes };
}

function modesIn(set: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].filter((mode) => (set & (1 << mode)) !== 0);
}
