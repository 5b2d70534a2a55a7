import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Agent } from '../../../test/toolkit/peers/agent';
import { Baresip } from '../../../test/toolkit/peers/baresip';
import { Linphonec } from '../../../test/toolkit/peers/linphonec';
import { Pjsua } from '../../../test/toolkit/peers/pjsua';
import { StandIn } from '../../../test/toolkit/peers/stand-in';
import type { PortBlock } from '../../../test/toolkit/process/ports';
import { runTool } from '../../../test/toolkit/process/process';

/** What a contestant is asked to do in a call. */
export type Task =
  /** Speak a file in G.711, hear the far end, keep nothing. */
  | 'g711'
  /** The same while its event loop is blocked (the agent alone has one that matters). */
  | 'blocked'
  /** The same with 2 Mbit/s of H.264 on top. */
  | 'video';

export interface Running {
  readonly pid: number;
  readonly sipPort: number;
  readonly readyMs: number;
  stop(): Promise<void>;
}

export interface Contestant {
  readonly name: string;
  readonly tasks: readonly Task[];
  start(task: Task, folder: string, ports: PortBlock): Promise<Running>;
}

const MATERIAL = resolve('build/material');
const SPEECH = join(MATERIAL, 'phone-voice.wav');

const agent: Contestant = {
  name: 'dashvoip',
  tasks: ['g711', 'blocked', 'video'],
  async start(task, folder, ports) {
    mkdirSync(folder, { recursive: true });
    const socket = join(folder, 'camera.sock');
    const camera =
      task === 'video'
        ? await StandIn.start({
            folder,
            socket,
            material: MATERIAL,
            speaker: join(folder, 'speaker.wav'),
          })
        : undefined;
    const sipPort = ports.next();
    const running = await Agent.start({
      folder,
      name: 'agent',
      sipPort,
      controlPort: ports.next(),
      rtpPorts: portRange(ports),
      media: { microphone: { kind: 'file', path: SPEECH }, speaker: { kind: 'null' } },
      ...(camera ? { cameraSocket: socket } : {}),
      ...(task === 'blocked' ? { require: resolve('scripts/lib/bench/block-loop.cjs') } : {}),
    });
    return {
      pid: running.process.pid,
      sipPort,
      readyMs: running.readyMs,
      async stop() {
        await running.stop();
        await camera?.stop();
      },
    };
  },
};

const baresip: Contestant = {
  name: 'baresip',
  tasks: ['g711', 'video'],
  async start(task, folder, ports) {
    mkdirSync(folder, { recursive: true });
    const sipPort = ports.next();
    const phone = await Baresip.start({
      name: 'baresip',
      folder,
      sipPort,
      controlPort: ports.next(),
      rtpPorts: portRange(ports),
      speech: SPEECH,
      record: false,
      verbose: false,
      realtime: false,
      ...(task === 'video' ? { video: 'send', film: await film(folder) } : {}),
    });
    return {
      pid: phone.process.pid,
      sipPort,
      readyMs: phone.readyMs,
      stop: () => phone.stop(),
    };
  },
};

/** The camera's film in a container that baresip can open. */
async function film(folder: string): Promise<string> {
  const path = join(folder, 'camera.mp4');
  await runTool({
    name: 'ffmpeg (film)',
    command: 'ffmpeg',
    args: [
      ...[
        '-hide_banner',
        '-loglevel',
        'error',
        '-y',
        '-r',
        '30',
        '-i',
        join(MATERIAL, 'camera.h264'),
      ],
      ...['-c', 'copy', path],
    ],
    logPath: join(folder, 'ffmpeg.log'),
  });
  return path;
}

const linphonec: Contestant = {
  name: 'linphonec',
  tasks: ['g711', 'video'],
  async start(task, folder, ports) {
    mkdirSync(folder, { recursive: true });
    const sipPort = ports.next();
    const phone = await Linphonec.start({
      name: 'linphonec',
      folder,
      sipPort,
      audioPort: ports.next(),
      videoPort: ports.next(),
      speech: SPEECH,
      record: false,
      video: task === 'video',
    });
    return {
      pid: phone.process.pid,
      sipPort,
      readyMs: phone.readyMs,
      stop: () => phone.stop(),
    };
  },
};

function pjsua(program: string): Contestant {
  return {
    name: 'pjsua',
    tasks: ['g711'],
    async start(_task, folder, ports) {
      mkdirSync(folder, { recursive: true });
      const sipPort = ports.next();
      const phone = await Pjsua.start({
        program,
        folder,
        sipPort,
        rtpPort: ports.next(4),
        speech: SPEECH,
      });
      return {
        pid: phone.process.pid,
        sipPort,
        readyMs: phone.readyMs,
        stop: () => phone.stop(),
      };
    },
  };
}

/** Who takes part: the agent first. */
export function contestants(pjsuaPath: string | undefined): Contestant[] {
  return [
    agent,
    baresip,
    linphonec,
    ...(pjsuaPath === undefined ? [] : [pjsua(resolve(pjsuaPath))]),
  ];
}

function portRange(ports: PortBlock): [number, number] {
  const first = ports.next(20);
  return [first, first + 19];
}
