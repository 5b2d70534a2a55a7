// Shows RFC 3428.

import { describe, expect, it } from 'vitest';
import { waitUntil } from '../toolkit/process/wait';
import { TEXT } from './support/hard-cases';
import { Stage } from './support/stage';

const stage = await Stage.open('message');
const office = await stage.linphonec('office', { autoAnswer: false, record: false });
const sipPort = stage.ports.next();
const agent = await stage.agent({ sipPort });

describe('a text', () => {
  it('is delivered to linphonec, which shows it', async () => {
    await agent.agent.json('message', office.uri, 'Parked at the north gate');
    await waitUntil('linphonec to show it', () =>
      office.process.output.includes('Parked at the north gate'),
    );
  });

  it('that nobody takes is not', async () => {
    const { code, stdout, stderr } = await agent.agent.run(
      'message',
      `sip:nobody@127.0.0.1:${sipPort}`,
      'to itself',
    );
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toMatch(/not delivered/);
  });

  it('of sipp is taken and kept', async () => {
    const target = `127.0.0.1:${sipPort}`;
    await stage.sipp({ name: 'text', scenario: TEXT, target }).finished();
    expect(await agent.agent.json('messages', 'sipp')).toMatchObject({
      messages: [{ direction: 'incoming', state: 'received', text: 'Hello from sipp' }],
    });
  });
});
