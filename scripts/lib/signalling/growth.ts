import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Agent } from '../../../test/toolkit/peers/agent';
import { BOARD_NODE } from '../../../test/toolkit/peers/board-node';
import { PortBlock } from '../../../test/toolkit/process/ports';
import { memoryUse } from '../../../test/toolkit/process/proc-stats';
import { sleep } from '../../../test/toolkit/process/wait';
import type { Progress } from '../terminal';
import { OPTIONS } from './scenarios';
import { Line } from './short-calls';

/** Two looks of the agent at its garbage: what is left after them is kept. */
const SETTLE_MS = 61_000;
const RTP_PORTS = 40;

export const GROWTH_HEAD = ['behind', 'private and dirty MB, a minute later'] as const;

/** Memory of an agent with the board's heap behind ever more calls, and as many OPTIONS. */
export async function runGrowth(
  most: number,
  folder: string,
  progress: Progress,
): Promise<string[][]> {
  const place = join(folder, 'growth');
  mkdirSync(place, { recursive: true });
  const ports = await PortBlock.take();
  const sipPort = ports.next();
  const first = ports.next(RTP_PORTS);
  const agent = await Agent.start({
    ...{ folder: place, name: 'agent', sipPort, controlPort: ports.next(), node: BOARD_NODE },
    rtpPorts: [first, first + RTP_PORTS - 1],
  });
  const line = new Line(sipPort, 'camera', place, ports);
  const rows: string[][] = [];
  const look = async (behind: string): Promise<void> => {
    await sleep(SETTLE_MS);
    rows.push([behind, memoryUse(agent.process.pid).privateDirtyMb.toFixed(1)]);
  };
  try {
    let done = 0;
    for (const calls of [10, 1000, 10_000, most].filter(
      (count, place, all) => count <= most && all.indexOf(count) === place,
    )) {
      progress.step(`memory: ${calls} calls`);
      await line.calls(calls - done);
      done = calls;
      await look(`${calls} calls`);
    }
    progress.step(`memory: ${most} OPTIONS`);
    await line.run('options', OPTIONS, most);
    await look(`${most} OPTIONS more`);
    return rows;
  } finally {
    await agent.stop();
    ports.release();
  }
}
