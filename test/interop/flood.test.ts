import { describe, expect, it } from 'vitest';
import { Caller } from '../../scripts/lib/flood/caller';
import { FloodSender, type RunningFlood } from '../../scripts/lib/flood/flood-sender';
import { fastFloods, SLOW_FLOODS } from '../../scripts/lib/flood/floods';
import { BOARD_NODE } from '../toolkit/peers/board-node';
import { sleep } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const SECONDS = 2;

const stage = await Stage.open('flood');
const sipPort = stage.ports.next();
// With the board's heap, where each of these used to end the process.
const { agent } = await stage.agent({ sipPort, node: BOARD_NODE });
const sender = await FloodSender.build(stage.folder);

/** Makes a call and ends it again, whatever else fails. */
async function withCall(use: (caller: Caller) => Promise<void>): Promise<void> {
  const caller = await Caller.open(sipPort);
  try {
    await caller.call(false);
    await use(caller);
  } finally {
    await caller.bye();
    caller.close();
  }
}

describe.each([...SLOW_FLOODS, ...fastFloods(2000)])('$name, $perSecond a second', (flood) => {
  it('a call gets its BYE, another one gets in, and the agent lives', async () => {
    let running: RunningFlood | undefined;
    await withCall(async () => {
      running = sender.start(flood, sipPort, SECONDS);
      await sleep(500);
    });
    await withCall(() => sleep(100));
    expect(await running?.finished()).toBeGreaterThan(0);
    expect(agent.process.running).toBe(true);
  });
});

it('what all of that left behind is bounded', async () => {
  const status = JSON.stringify(await agent.json('status'));
  const stateBytes = Number(/"stateBytes":(\d+)/.exec(status)?.[1]);
  expect(stateBytes).toBeLessThan(2 * 1024 * 1024);
  expect(Number(/"limited":(\d+)/.exec(status)?.[1])).toBeGreaterThan(10_000);
});
