// Shows RFC 3863, 3903.

import { expect, it } from 'vitest';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('presence');
const { domain } = await stage.kamailio({ mailboxes: true });
const car = `sip:car@${domain}`;
const agent = await stage.agent({
  sections: { account: { uri: car, outboundProxy: `sip:${domain}`, publishPresence: true } },
});
/** baresip watches the car by way of kamailio. */
const watcher = await stage.baresip('watcher', { watches: car });
const shown = (state: RegExp): Promise<unknown> =>
  waitUntil(
    `${state} to be shown`,
    async () => state.test(await watcher.command('contacts')),
    8000,
  );

it('is shown by a phone that watches the camera at kamailio', async () => {
  await shown(/Online/);
  await agent.agent.json('do-not-disturb', 'on');
  await shown(/Offline/);
  expect((await agent.status()).problems).toEqual([]);
});
