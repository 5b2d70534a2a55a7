import { writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { type TraceReply, traceReplySchema } from '../../control';
import { CannotException, type CliCommand, EXIT, type Invocation, print } from '../cli-command';
import type { CommandClient } from '../command-client';
import { connectTo } from '../connect';
import { checkWords } from '../declared-command';
import { paletteOf } from '../screen';
import { ladder } from './ladder';
import { pcapOf } from './pcap';

type Dialog = TraceReply['dialogs'][number];

/** `dashvoip trace`: the command of that name, drawn. */
export const TRACE: CliCommand = {
  name: 'trace',
  arguments: [
    {
      label: 'CALL',
      optional: true,
      description: 'The number of a call, or a Call-ID. Without it all that there is.',
    },
  ],
  summary: 'The last SIP messages as a ladder: arrows, status, and the time between.',
  details:
    'On the left this agent, on the right who it spoke with; times are UTC. Digests, nonces, passwords in URIs and keys of media are masked, in a file for Wireshark too. What strangers send that begins no call is kept apart, and datagrams that are dropped unread, as a flood is, are not kept at all.',
  options: ['limit', 'text', 'pcap', 'control', 'key'],
  run: runTrace,
};

async function runTrace(invocation: Invocation): Promise<number> {
  const { control, json, limit, pcap, text } = invocation;
  const [call] = invocation.arguments;
  const param = {
    ...(call === undefined ? {} : { call: /^\d{1,15}$/.test(call) ? Number(call) : call }),
    text: text || pcap !== undefined,
  };
  checkWords('trace', param);
  const client = await connectTo(control);
  try {
    const { dialogs, dropped } = await fetchAll(client, limit, param);
    if (pcap !== undefined) await writePcap(pcap, dialogs);
    if (json) print(JSON.stringify({ dialogs, dropped }));
    else if (pcap === undefined) {
      print(ladder({ dialogs, dropped }, paletteOf(process.stdout)));
    } else print(`${dialogs.flatMap(({ messages }) => messages).length} messages in ${pcap}`);
    return EXIT.ok;
  } finally {
    await client.close();
  }
}

/** As many as were asked for, newest first page by page, and put together again. */
async function fetchAll(client: CommandClient, limit: number, param: object): Promise<TraceReply> {
  const pages: TraceReply[] = [];
  let left = limit;
  let before: number | undefined;
  do {
    const page = await client.command('trace', {
      ...param,
      limit: Math.min(left, 256),
      ...(before === undefined ? {} : { before }),
    });
    if (!v.is(traceReplySchema, page)) {
      throw new CannotException('the agent is of another version: what it replies is no trace');
    }
    pages.unshift(page);
    left -= page.dialogs.reduce((sum, { messages }) => sum + messages.length, 0);
    before = page.before;
  } while (before !== undefined && left > 0);
  const [newest] = pages.slice(-1);
  const dropped = newest?.dropped ?? { call: 0, registration: 0, other: 0 };
  return { dialogs: joined(pages.flatMap(({ dialogs }) => dialogs)), dropped };
}

function joined(parts: readonly Dialog[]): Dialog[] {
  const dialogs = new Map<string, Dialog>();
  for (const part of parts) {
    const known = dialogs.get(part.callId);
    dialogs.set(part.callId, {
      ...part,
      messages: [...(known?.messages ?? []), ...part.messages],
    });
  }
  return [...dialogs.values()];
}

async function writePcap(file: string, dialogs: readonly Dialog[]): Promise<void> {
  const messages = dialogs.flatMap((dialog) => dialog.messages).sort((a, b) => a.number - b.number);
  try {
    writeFileSync(file, pcapOf(messages), { mode: 0o600 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotException(`--pcap: expected a file that can be written, found ${reason}`);
  }
}
