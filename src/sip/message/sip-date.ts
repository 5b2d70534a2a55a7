const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const SIP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;

/** SIP-date (RFC 3261 §25.1): GMT and nothing else; undefined for any other zone or form. */
export function parseSipDate(text: string): Date | undefined {
  const match = SIP_DATE.exec(text);
  if (!match) return undefined;
  const [, day, monthName = '', year, hour, minute, second] = match;
  const month = MONTHS.indexOf(monthName);
  if (month < 0) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), month, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  return date.getUTCDate() === Number(day) ? date : undefined;
}

export function formatSipDate(date: Date): string {
  return date.toUTCString();
}
