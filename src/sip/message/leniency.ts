/**
 * Where this element is lenient and where strict: the one place. The readers take a liberty when the
 * grammar is broken in a way that leaves no doubt about what was meant; the validator then asks here
 * whether the request may have it. What leaves a doubt (two different values of Content-Length, CSeq,
 * Call-ID or Via, a length beyond the datagram, a quoted string that never ends) is no liberty, it is 400.
 */
export const LIBERTIES = [
  // RFC 3261 §8.2.2: what is malformed and not necessary for the request SHOULD be ignored.
  { name: 'a line that is no header field', clause: 'RFC 3261 §8.2.2', isForCalls: false },
  // A line break behind the last field shows that nothing was cut off.
  { name: 'no blank line behind the fields', clause: 'RFC 3261 §7.5', isForCalls: false },
  { name: 'blanks in the start line', clause: 'RFC 4475 §3.1.2.10', isForCalls: true },
  { name: 'quotes inferred in a display name', clause: 'RFC 4475 §3.1.2.15', isForCalls: true },
  {
    name: 'blanks or unescaped characters in a URI',
    clause: 'RFC 4475 §3.1.2.14',
    isForCalls: true,
  },
  {
    name: 'an address without a scheme, or none',
    clause: 'RFC 3261 §8.2.2',
    isForCalls: true,
  },
  { name: 'a colon without a port', clause: 'RFC 3986 §3.2.3', isForCalls: true },
  // RFC 4475 §3.1.2.1 refuses them where a Via value is missing, which is no liberty here.
  { name: 'an empty parameter', clause: 'RFC 3261 §7.3.1', isForCalls: false },
  { name: 'a parameter that cannot be read', clause: 'RFC 3261 §8.2.2', isForCalls: false },
  { name: 'an empty element of a list', clause: 'RFC 9110 §5.6.1', isForCalls: false },
] as const satisfies readonly Liberty[];

interface Liberty {
  readonly name: string;
  readonly clause: string;
  /**
   * Taken only where strictness could cost somebody a call: in requests of a dialog or for one, and in
   * responses. A question like OPTIONS loses nothing by the 400 that the clause recommends.
   */
  readonly isForCalls: boolean;
}

export type LibertyName = (typeof LIBERTIES)[number]['name'];

/** Liberties that were taken, as bits of a number: messages without any cost nothing. */
export type Liberties = number;

export function libertyOf(name: LibertyName): Liberties {
  return 1 << LIBERTIES.findIndex((liberty) => liberty.name === name);
}

export function libertyNames(taken: Liberties): LibertyName[] {
  return LIBERTIES.filter((_, bit) => (taken & (1 << bit)) !== 0).map(({ name }) => name);
}

/** Methods whose refusal can cost a call, whatever they ask. */
const CALL_METHODS: readonly string[] = ['INVITE', 'ACK', 'BYE', 'CANCEL'];

/** What was taken and may not be, with its clause; undefined when all is well. */
export function undueLiberty(
  method: string,
  isInDialog: boolean,
  taken: Liberties,
): string | undefined {
  if (taken === 0 || isInDialog || CALL_METHODS.includes(method)) return undefined;
  const undue = LIBERTIES.find(({ isForCalls }, bit) => isForCalls && (taken & (1 << bit)) !== 0);
  return undue && `expected no ${undue.name} (${undue.clause})`;
}

/** Whether a field that may stand once says the same each time: then it stands once (RFC 9110 §8.6). */
export function areAlike(values: readonly string[]): boolean {
  return values.every((value) => value === values[0]);
}
