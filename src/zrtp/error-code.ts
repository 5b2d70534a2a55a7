/** RFC 6189 §5.9: those that we send. */
export const ERROR = {
  unsupported: 0x53,
  badPublicValue: 0x61,
  badHash: 0x62,
  badConfirm: 0x70,
  timeout: 0xb0,
  goClear: 0x100,
} as const;

const WORDS: Readonly<Record<number, string>> = {
  16: 'a message cannot be read',
  32: 'a fault of its own',
  48: 'another version of ZRTP',
  64: 'nothing in common in Hello',
  81: 'its hash is another one',
  82: 'its cipher is another one',
  83: 'its key agreement is another one',
  84: 'its authentication of SRTP is another one',
  85: 'its way to show the string is another one',
  86: 'it has no secret in common with us',
  97: 'a public value that nobody can have',
  98: 'DHPart2 is not the one that Commit has announced',
  112: 'Confirm was made with other keys',
  144: 'both ends have one ZID',
  145: 'both ends have one SSRC',
  160: 'it cannot now',
  176: 'no answer in time',
};

/** What the far end says is wrong. */
export function errorInWords(code: number): string {
  return WORDS[code] ?? `error 0x${code.toString(16)}`;
}
