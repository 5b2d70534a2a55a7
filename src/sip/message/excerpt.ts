const LIMIT = 80;

/** Text of the network as a log may show it: quoted, control characters escaped, cut. */
export function excerpt(text: string | undefined): string {
  if (text === undefined) return 'none';
  return JSON.stringify(text.length > LIMIT ? `${text.slice(0, LIMIT)}...` : text);
}
