// Shows RFC 3842, 6665.

import { expect, it } from 'vitest';
import { waitUntil } from '../toolkit/process/wait';
import { MAILBOX } from './support/hard-cases';
import { Stage } from './support/stage';

const stage = await Stage.open('mailbox');
const { domain } = await stage.kamailio({ mailboxes: true });
const sipPort = stage.ports.next();
const agent = await stage.agent({
  sipPort,
  sections: {
    account: { uri: `sip:car@${domain}`, outboundProxy: `sip:${domain}`, messageWaiting: true },
  },
});

const mailbox = async (): Promise<string> =>
  JSON.stringify(Object(await agent.agent.json('status')).mailbox ?? null);

it('watches its mailbox at kamailio, which tells of what is published', async () => {
  await stage
    .sipp({ name: 'mailbox', scenario: MAILBOX, target: domain, service: 'car' })
    .finished();
  await waitUntil('the mailbox to be told of', async () => /true/.test(await mailbox()), 10_000);
  expect(JSON.parse(await mailbox())).toEqual({
    account: `car@${domain}`,
    waiting: true,
    newMessages: 2,
    oldMessages: 8,
  });
});
