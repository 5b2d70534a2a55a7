import * as v from 'valibot';
import { type InviteReply, inviteReplySchema } from '../../control';
import { CannotException, type CliCommand, EXIT, type Invocation, print } from '../cli-command';
import { connectTo } from '../connect';
import { checkWords } from '../declared-command';
import { paletteOf, takesUtf8 } from '../screen';
import { qrCode } from './qr-code';

/** `dashvoip invite`: the command of that name, and the link as a code to be scanned. */
export const INVITE: CliCommand = {
  name: 'invite',
  summary: 'Makes a link to hand out, good once: its guest talks and sees by a browser.',
  details:
    'The link is told by each address of the web page, the first one as a QR code, too, where the locale is UTF-8. Whoever opens it first is a guest until its time is over: he may talk, see and hang up, and nothing else. A restart of the agent takes links back, and so does another password. docs/browser.md has more.',
  options: ['for', 'control', 'key'],
  run: runInvite,
};

async function runInvite({ control, json, for: time }: Invocation): Promise<number> {
  const param = time === undefined ? {} : { for: time };
  checkWords('invite', param);
  const client = await connectTo(control);
  try {
    const reply = await client.command('invite', param);
    if (!v.is(inviteReplySchema, reply)) {
      throw new CannotException(
        'the agent is of another version: what it replies is no invitation',
      );
    }
    print(json ? JSON.stringify(reply) : invitationInWords(reply, process.stdout, process.env));
    return EXIT.ok;
  } finally {
    await client.close();
  }
}

/** Where an invitation is shown. */
interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function invitationInWords(
  { urls, until }: InviteReply,
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const [first = ''] = urls;
  return [
    ...urls,
    `good once, until ${until}: to talk to the car and see what its camera sees`,
    ...(hasMicrophone(first)
      ? []
      : ['to see and listen only: browsers give the microphone to pages by https (web.tls)']),
    ...(takesUtf8(environment) ? codeOf(first, output, environment) : []),
  ].join('\n');
}

function hasMicrophone(url: string): boolean {
  return /^https:|^http:\/\/(?:localhost|127\.|\[::1\])/.test(url);
}

function codeOf(
  url: string,
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const lines = qrCode(url);
  const width = lines[0]?.length ?? 0;
  // Broken lines are no code.
  if (output.columns !== undefined && output.columns < width) {
    return [`its QR code needs a terminal of ${width} columns, and this one has ${output.columns}`];
  }
  const { lightOnDark } = paletteOf(output, environment);
  return lines.map(lightOnDark);
}
