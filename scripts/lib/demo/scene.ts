import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Capture } from '../../../test/toolkit/measure/capture';
import { Agent } from '../../../test/toolkit/peers/agent';
import { type AgentStatus, parseStatus } from '../../../test/toolkit/peers/agent-status';
import { Baresip } from '../../../test/toolkit/peers/baresip';
import { CommandClient } from '../../../test/toolkit/peers/command-client';
import { StandIn } from '../../../test/toolkit/peers/stand-in';
import { PortBlock } from '../../../test/toolkit/process/ports';
import { waitUntil } from '../../../test/toolkit/process/wait';

const VOIP_STATUS = 2560;
const MATERIAL = 'build/material';
/** Left by a former run in the same folder. */
const MADE = [
  'logs',
  'camera-played.wav',
  'phone-heard.wav',
  'video.mp4',
  'still.png',
  'report.html',
];

/** Everybody who takes part, and where their things lie. */
export class Scene {
  readonly folder: string;
  readonly ports: PortBlock;
  readonly capture: Capture;
  readonly camera: StandIn;
  readonly agent: Agent;
  readonly phone: Baresip;
  readonly #commands: CommandClient;

  private constructor(
    folder: string,
    ports: PortBlock,
    parts: Pick<Scene, 'capture' | 'camera' | 'agent' | 'phone'>,
    commands: CommandClient,
  ) {
    this.folder = folder;
    this.ports = ports;
    this.capture = parts.capture;
    this.camera = parts.camera;
    this.agent = parts.agent;
    this.phone = parts.phone;
    this.#commands = commands;
  }

  /** What the camera says. */
  static readonly cameraVoice = join(MATERIAL, 'camera-voice.wav');
  /** What the phone says. */
  static readonly phoneVoice = join(MATERIAL, 'phone-voice.wav');
  /** Pictures in the camera's film, which is repeated. */
  static readonly filmPictures = 600;

  /** Starts all, in the order camera, agent, phone, and waits until the camera's stream is there. */
  static async open(folder: string): Promise<Scene> {
    for (const name of MADE) rmSync(join(folder, name), { recursive: true, force: true });
    const logs = join(folder, 'logs');
    mkdirSync(logs, { recursive: true });
    const ports = await PortBlock.take();
    const capture = await Capture.start(logs, ports);
    const socket = join(logs, 'camera.sock');
    const camera = await StandIn.start({
      folder: logs,
      socket,
      material: MATERIAL,
      speaker: join(folder, 'camera-played.wav'),
    });
    const controlPort = ports.next();
    const agent = await Agent.start({
      folder: logs,
      name: 'agent',
      sipPort: ports.next(),
      controlPort,
      rtpPorts: range(ports, 40),
      cameraSocket: socket,
      autoAnswer: false,
    });
    const phone = await Baresip.start({
      name: 'phone',
      folder: logs,
      sipPort: ports.next(),
      controlPort: ports.next(),
      rtpPorts: range(ports, 40),
      speech: Scene.phoneVoice,
      video: 'receive',
    });
    const commands = await CommandClient.open(controlPort);
    const scene = new Scene(folder, ports, { capture, camera, agent, phone }, commands);
    await waitUntil('the camera to encode', async () => {
      const { engine } = await scene.status();
      return engine?.camera.state === 'streaming' && engine.camera.hasSpeaker;
    });
    return scene;
  }

  async status(): Promise<AgentStatus> {
    const reply = await this.#commands.request(VOIP_STATUS);
    return parseStatus(reply.param);
  }

  /** Ends all, the agent first, so that it can leave the camera in order. */
  async close(): Promise<void> {
    this.#commands.close();
    await this.agent.stop();
    await this.phone.stop();
    await this.camera.stop();
    this.ports.release();
  }

  /** Moves what was captured and received out of the folder of logs. */
  keepCapture(): void {
    renameSync(join(this.folder, 'logs/capture.pcap'), join(this.folder, 'capture.pcap'));
  }

  keepFilm(): void {
    renameSync(join(this.folder, 'logs/video.mp4'), join(this.folder, 'video.mp4'));
  }
}

function range(ports: PortBlock, count: number): [number, number] {
  const first = ports.next(count);
  return [first, first + count - 1];
}
