import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Agent } from '../../../test/toolkit/peers/agent';
import type { NodeSettings } from '../../../test/toolkit/peers/board-node';
import { StandIn } from '../../../test/toolkit/peers/stand-in';
import { PortBlock } from '../../../test/toolkit/process/ports';
import { FloodSender } from './flood-sender';

export const FOLDER = resolve('build/bench/flood');
const MATERIAL = resolve('build/material');
/** Two for each stream of eight calls, and room to draw from. */
const RTP_PORTS = 80;

/** An agent with a camera, and who floods it. */
export interface Scene {
  readonly folder: string;
  readonly agent: Agent;
  readonly sipPort: number;
  readonly rtpPorts: { readonly first: number; readonly last: number };
  readonly sender: FloodSender;
}

export async function withScene<Result>(
  name: string,
  node: NodeSettings | undefined,
  use: (scene: Scene) => Promise<Result>,
  sections: Readonly<Record<string, unknown>> = {},
): Promise<Result> {
  const folder = join(FOLDER, name.replace(/\W+/g, '-'));
  mkdirSync(folder, { recursive: true });
  const ports = await PortBlock.take();
  const socket = join(folder, 'camera.sock');
  const speaker = join(folder, 'speaker.wav');
  const camera = await StandIn.start({ folder, socket, material: MATERIAL, speaker });
  const sipPort = ports.next();
  const controlPort = ports.next();
  const first = ports.next(RTP_PORTS);
  const rtpPorts = { first, last: first + RTP_PORTS - 1 };
  const agent = await Agent.start({
    ...{ folder, name: 'agent', sipPort, controlPort, cameraSocket: socket, node, sections },
    rtpPorts: [rtpPorts.first, rtpPorts.last],
  });
  try {
    const sender = await FloodSender.build(folder);
    return await use({ folder, agent, sipPort, rtpPorts, sender });
  } finally {
    await agent.stop();
    await camera.stop();
    ports.release();
  }
}
