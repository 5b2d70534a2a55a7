import { CannotException, UsageException } from './cli-command';

/** What is typed on the terminal without being shown; the first line where standard input is none. */
export function askSecret(question: string): Promise<string> {
  return process.stdin.isTTY ? typed(question, process.stdin) : firstLine();
}

async function firstLine(): Promise<string> {
  const { createInterface } = await import('node:readline');
  for await (const line of createInterface({ input: process.stdin })) return line;
  throw new UsageException('standard input: found nothing, expected the password');
}

/** In raw mode the terminal shows nothing, and leaves keys such as Ctrl-C to us. */
function typed(question: string, input: NodeJS.ReadStream): Promise<string> {
  input.setRawMode(true);
  input.setEncoding('utf8');
  process.stderr.write(question);
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (rest: string): void => {
      input.off('data', take).pause();
      // Typed ahead: for who asks next.
      if (rest !== '') input.unshift(rest);
      input.setRawMode(false);
      process.stderr.write('\n');
    };
    const take = (keys: string): void => {
      const [, before = '', key] = /^([^\r\n\x03\x04]*)([\r\n\x03\x04])?/.exec(keys) ?? [];
      text = [...before].reduce(edited, text);
      if (key === undefined) return;
      end(keys.slice(before.length + 1));
      if (key === '\r' || key === '\n') resolve(text);
      else reject(new CannotException('given up; nothing was written'));
    };
    input.on('data', take).resume();
  });
}

/** Backspace takes the last letter, Ctrl-U all; other control keys do nothing. */
function edited(text: string, key: string): string {
  if (key === '\x7f' || key === '\b') return [...text].slice(0, -1).join('');
  if (key === '\x15') return '';
  return key < ' ' ? text : text + key;
}
