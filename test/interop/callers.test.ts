// Shows RFC 3261, 7616, 8760.

import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sipMessages } from '../toolkit/measure/sip-trace';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { proving } from './support/scenarios';
import { Stage } from './support/stage';

const REALM = 'car.example';
const PASSWORD = 'correct-horse';
const GUESSES = 60;

const stage = await Stage.open('callers');
const sipPort = stage.ports.next();
const kamailio = await stage.kamailio();
const { domain } = kamailio;
const callersFile = join(stage.folder, 'callers');
const agent = await stage.agent({
  sipPort,
  sections: {
    account: {
      ...{ uri: `sip:car@${domain}`, registrar: `sip:${domain}` },
      ...{ username: 'car', password: Kamailio.password('car') },
    },
    policy: {
      ...{ autoAnswer: true, autoAnswerFrom: [`sip:mother@${REALM}`, `sip:office@${REALM}`] },
      ...{ directCalls: 'prove', callersRealm: REALM },
    },
  },
});
const target = `127.0.0.1:${sipPort}`;
const uri = `sip:car@${target}`;

const sipp = (name: string, words: string, status: 200 | 401): Promise<void> => {
  const extra = ['-auth_uri', `car@${target}`];
  const scenario = proving(words, status);
  return stage.sipp({ name, scenario, target, service: 'car', extra }).finished();
};

/** Calls until what is asked for is as `isRight` has it: the agent reads its file again when somebody calls. */
const knockUntil = async (what: string, isRight: (asked: string) => boolean): Promise<void> => {
  let knocks = 0;
  await waitUntil(
    what,
    () => withSocket('127.0.0.1', async (socket) => isRight(await answerTo(socket, ++knocks, ''))),
    20_000,
    300,
  );
};

const unproved = async (): Promise<number> =>
  Number(/"unproved":(\d+)/.exec(JSON.stringify(await agent.agent.json('status')))?.[1]);

beforeAll(async () => {
  await waitUntil('the registration', async () => {
    const { registration } = await agent.status();
    return registration?.state === 'registered';
  });
  await agent.untilProblem(/nobody of the realm car\.example/);
  const { configPath } = agent.agent;
  for (const name of ['mother', 'office']) {
    const words = ['dist/dashvoip.cjs', 'config', 'set-caller', name, '--config', configPath];
    execFileSync(process.execPath, words, { input: `${PASSWORD}\n` });
  }
  await waitUntil('the callers to be known', async () => {
    const { problems } = await agent.status();
    return problems.every((problem) => !problem.includes('realm'));
  });
});

describe('who calls past the registrar', () => {
  it('as linphonec is answered at once when it proves who it is, by SHA-256', async () => {
    const phone = await stage.linphonec('mother', {
      record: false,
      credentials: { user: 'mother', password: PASSWORD, realm: REALM },
    });
    const datagrams = await stage.captured('linphonec', async () => {
      phone.dial(uri);
      const call = await agent.until('active');
      expect(call.remote).toBe(`sip:mother@${REALM}`);
      phone.hangup();
      await agent.untilIdle();
    });
    const proof = sipMessages(datagrams).find(({ text }) => text.includes('\nAuthorization:'));
    expect(proof?.text).toMatch(/\nAuthorization:.*algorithm=SHA-256/);
  });

  it('as sipp and baresip by MD5, where the file has no more', async () => {
    const text = readFileSync(callersFile, 'utf8');
    writeFileSync(callersFile, text.replaceAll(/:[\da-f]{64}(?=:)/g, ''));
    // Neither reads a challenge of SHA-256, nor what stands behind it.
    await knockUntil('the file to be read', (asked) => !asked.includes('SHA-256'));
    const before = await unproved();
    await sipp('mother', `username=mother password=${PASSWORD}`, 200);
    await agent.untilIdle();
    expect((await agent.status()).recent[0]).toMatchObject({ remote: `sip:mother@${REALM}` });
    expect(await unproved()).toBe(before);
    await sipp('guess', 'username=mother password=wrong', 401);
    await sipp('nobody', `username=nobody password=${PASSWORD}`, 401);
    expect(await unproved()).toBe(before + 2);
    const phone = await stage.baresip('boss', {
      credentials: { user: 'office', password: PASSWORD },
    });
    await phone.dial(uri);
    expect((await agent.until('active')).remote).toBe(`sip:office@${REALM}`);
    await phone.hangup();
    await agent.untilIdle();
  });

  it('and guesses from many addresses costs no memory, and keeps none out that is known', async () => {
    const statuses: string[] = [];
    for (let guess = 1; guess <= GUESSES; guess++)
      statuses.push(await guessFrom(`127.0.1.${guess}`));
    // Twenty strangers' guesses are compared at once, and one more in three seconds.
    expect(statuses.filter((status) => !['401', '480'].includes(status))).toEqual([]);
    expect(statuses).toContain('480');
    expect(await unproved()).toBeGreaterThanOrEqual(GUESSES);
    const status = JSON.stringify(await agent.agent.json('status'));
    expect(Number(/"stateBytes":(\d+)/.exec(status)?.[1])).toBeLessThan(20_000);
    await sipp('known', `username=mother password=${PASSWORD}`, 200);
  });
});

/** Calls from that address, is asked, answers wrongly; gives the status of the answer to that. */
function guessFrom(address: string): Promise<string> {
  return withSocket(address, async (socket) => {
    const asked = await answerTo(socket, 1, '');
    const nonce = /nonce="([^"]+)"/.exec(asked)?.[1] ?? '';
    const proof = `username="mother", realm="${REALM}", nonce="${nonce}", uri="${uri}", response="${'0'.repeat(32)}", algorithm=MD5, cnonce="x", qop=auth, nc=00000001`;
    const answer = await answerTo(socket, 2, `Authorization: Digest ${proof}\r\n`);
    return /^SIP\/2\.0 (\d+)/.exec(answer)?.[1] ?? answer;
  });
}

async function withSocket<Result>(
  address: string,
  use: (socket: Socket) => Promise<Result>,
): Promise<Result> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  return use(socket).finally(() => socket.close());
}

/** The final response to an INVITE, which is acknowledged, and repeated until it comes. */
async function answerTo(socket: Socket, cseq: number, fields: string): Promise<string> {
  const { address, port } = socket.address();
  const head = (method: string, tag: string): string =>
    [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${address}-${port}-${cseq}`,
      `From: <sip:guess@${address}>;tag=1`,
      `To: <${uri}>${tag}`,
      `Call-ID: ${port}@${address}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:guess@${address}:${port}>`,
      'Max-Forwards: 70',
      '',
    ].join('\r\n');
  const send = (text: string): void => socket.send(text, sipPort, '127.0.0.1');
  const answered = new Promise<string>((resolve) => {
    socket.on('message', (bytes) => {
      const text = bytes.toString();
      if (/^SIP\/2\.0 [2-6]/.test(text) && text.includes(`CSeq: ${cseq} `)) resolve(text);
    });
  });
  const invite = `${head('INVITE', '')}${fields}Content-Length: 0\r\n\r\n`;
  send(invite);
  const again = setInterval(() => send(invite), 500);
  const answer = await answered.finally(() => clearInterval(again));
  const tag = /^To:.*(;tag=\w+)/im.exec(answer)?.[1] ?? '';
  send(`${head('ACK', tag)}Content-Length: 0\r\n\r\n`);
  return answer;
}
