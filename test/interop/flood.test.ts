import { describe, expect, it } from 'vitest';
import { Caller } from '../../scripts/lib/flood/caller';
import { FloodSender } from '../../scripts/lib/flood/flood-sender';
import { fastFloods, SLOW_FLOODS } from '../../scripts/lib/flood/floods';
import { sleep } from '../../scripts/lib/run/wait';
import { Stage } from './support/stage';

/** The board's heap (buildroot-package's defaults), where each of these used to end the process. */
const BOARD_FLAGS = ['--max-old-space-size=32', '--max-semi-space-size=1'];

const SECONDS = 2;

const stage = await Stage.open('flood');
const sipPort = stage.ports.next();
const { agent } = await stage.agent({ sipPort, nodeFlags: BOARD_FLAGS });
const sender = await FloodSender.build(stage.folder);

describe.each([...SLOW_FLOODS, ...fastFloods(2000)])('$name, $perSecond a second', (flood) => {
  it('the agent lives, is called, and its BYE is answered', async () => {
    const before = await Caller.open(sipPort);
    await before.call(false);
    const running = sender.start(flood, sipPort, SECONDS);
    await sleep(500);
    const during = await Caller.open(sipPort);
    await before.bye();
    await during.call(false);
    await during.bye();
    expect(await running.finished()).toBeGreaterThan(0);
    expect(agent.process.running).toBe(true);
    before.close();
    during.close();
  });
});

it('what all of that left behind is bounded', async () => {
  const status = JSON.stringify(await agent.json('status'));
  const stateBytes = Number(/"stateBytes":(\d+)/.exec(status)?.[1]);
  expect(stateBytes).toBeLessThan(2 * 1024 * 1024);
  expect(Number(/"limited":(\d+)/.exec(status)?.[1])).toBeGreaterThan(10_000);
});
