/** The answer of a command, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What went wrong, on standard error. */
export function complain(text: string): void {
  process.stderr.write(`dashvoip: ${text}\n`);
}
