import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { Capture } from '../../toolkit/measure/capture';
import type { Datagram } from '../../toolkit/measure/pcap';
import { Agent, type AgentOptions } from '../../toolkit/peers/agent';
import { type AgentCall, type AgentStatus, parseStatus } from '../../toolkit/peers/agent-status';
import { Baresip, type BaresipOptions } from '../../toolkit/peers/baresip';
import { CommandClient } from '../../toolkit/peers/command-client';
import { Kamailio, type KamailioOptions } from '../../toolkit/peers/kamailio';
import { Linphonec, type LinphonecOptions } from '../../toolkit/peers/linphonec';
import { Sipp, type SippOptions } from '../../toolkit/peers/sipp';
import { StandIn, type StandInOptions } from '../../toolkit/peers/stand-in';
import { PortBlock } from '../../toolkit/process/ports';
import { waitUntil } from '../../toolkit/process/wait';

export const MATERIAL = resolve('build/material');
export const CAMERA_VOICE = join(MATERIAL, 'camera-voice.wav');
export const PHONE_VOICE = join(MATERIAL, 'phone-voice.wav');

const COMMAND = {
  status: 2560,
  call: 2561,
  answer: 2562,
  reject: 2563,
  hangup: 2564,
  hold: 2565,
  resume: 2566,
} as const;

interface Stoppable {
  stop(): Promise<unknown>;
}

/** Ports, a folder and the processes of one test file; all of it is gone at its end. */
export class Stage {
  readonly folder: string;
  readonly ports: PortBlock;
  #camera: StandIn | undefined;
  readonly #started: Stoppable[] = [];

  private constructor(folder: string, ports: PortBlock) {
    this.folder = folder;
    this.ports = ports;
  }

  /** To be called in the body of a test file or of a `describe`; ends with it. */
  static async open(name: string): Promise<Stage> {
    const folder = resolve('build/test/interop', name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const stage = new Stage(folder, await PortBlock.take());
    afterAll(() => stage.close());
    return stage;
  }

  get cameraSocket(): string {
    return join(this.folder, 'camera.sock');
  }

  /** The camera's stand-in with its small film, which spares the machine. */
  async camera(
    extra: readonly string[] = [],
    options: Partial<StandInOptions> = {},
  ): Promise<StandIn> {
    // A second try of a test finds no socket taken by what the first one left.
    if (options.socket === undefined) await this.#camera?.process.stop();
    const camera = await StandIn.start({
      folder: this.folder,
      socket: this.cameraSocket,
      material: MATERIAL,
      film: { name: 'camera-small.h264', fps: 15 },
      speaker: join(this.folder, 'camera-played.wav'),
      extra,
      ...options,
    });
    this.#started.push(camera);
    if (options.socket === undefined) this.#camera = camera;
    return camera;
  }

  async agent(options: Partial<AgentOptions> = {}): Promise<TestAgent> {
    const first = options.rtpPorts?.[0] ?? this.ports.next(20);
    const agent = await Agent.start({
      folder: this.folder,
      name: 'agent',
      sipPort: this.ports.next(),
      controlPort: this.ports.next(),
      rtpPorts: [first, first + 19],
      ...options,
    });
    this.#started.push(agent);
    return new TestAgent(agent, await CommandClient.open(agent.controlPort));
  }

  async baresip(name: string, options: Partial<BaresipOptions> = {}): Promise<Baresip> {
    const first = options.rtpPorts?.[0] ?? this.ports.next(20);
    const phone = await Baresip.start({
      name,
      folder: this.folder,
      sipPort: this.ports.next(),
      controlPort: this.ports.next(),
      rtpPorts: [first, first + 19],
      speech: PHONE_VOICE,
      ...options,
    });
    this.#started.push(phone);
    return phone;
  }

  async linphonec(name: string, options: Partial<LinphonecOptions> = {}): Promise<Linphonec> {
    const phone = await Linphonec.start({
      name,
      folder: this.folder,
      sipPort: this.ports.next(),
      audioPort: this.ports.next(),
      videoPort: this.ports.next(),
      speech: PHONE_VOICE,
      ...options,
    });
    this.#started.push(phone);
    return phone;
  }

  async kamailio(options: Partial<KamailioOptions> = {}): Promise<Kamailio> {
    const kamailio = await Kamailio.start({
      folder: this.folder,
      port: this.ports.next(),
      algorithm: 'MD5',
      ...options,
    });
    this.#started.push(kamailio);
    return kamailio;
  }

  /** A proxy in front of a registrar that knows flows. */
  async edge(outbound = true): Promise<Kamailio> {
    const { folder, ports } = this;
    return this.owns(await Kamailio.startEdge({ folder, port: ports.next(), outbound }));
  }

  sipp(options: Pick<SippOptions, 'name' | 'scenario'> & Partial<SippOptions>): Sipp {
    const sipp = new Sipp({
      folder: this.folder,
      port: this.ports.next(),
      mediaPort: this.ports.next(6),
      ...options,
    });
    this.#started.push(sipp.process);
    return sipp;
  }

  /** Ends it with the stage. */
  owns<Started extends Stoppable>(started: Started): Started {
    this.#started.push(started);
    return started;
  }

  /** Runs `scene` under a capture and gives the capture. */
  async captured(name: string, scene: () => Promise<void>): Promise<Datagram[]> {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    const capture = await Capture.start(folder, this.ports);
    await scene();
    return capture.stop();
  }

  async close(): Promise<void> {
    for (const each of this.#started.reverse()) await each.stop();
    this.ports.release();
  }
}

/** Refuses to go on without the peers and the material: a test that cannot run has failed. */
if (!existsSync(CAMERA_VOICE)) throw new Error(`${CAMERA_VOICE} is missing: run scripts/setup`);

/** The agent with its command server at hand. */
export class TestAgent {
  readonly agent: Agent;
  readonly commands: CommandClient;

  constructor(agent: Agent, commands: CommandClient) {
    this.agent = agent;
    this.commands = commands;
  }

  get uri(): string {
    return this.agent.uri;
  }

  async status(): Promise<AgentStatus> {
    return parseStatus((await this.commands.request(COMMAND.status)).param);
  }

  async call(uri: string): Promise<void> {
    await this.#do('call', { uri });
  }

  answer(): Promise<void> {
    return this.#do('answer');
  }

  reject(): Promise<void> {
    return this.#do('reject');
  }

  hangup(): Promise<void> {
    return this.#do('hangup');
  }

  hold(): Promise<void> {
    return this.#do('hold');
  }

  resume(): Promise<void> {
    return this.#do('resume');
  }

  /** Waits until its first call is in this state, and gives it. */
  async until(state: AgentCall['state'], timeoutMs = 8000): Promise<AgentCall> {
    let seen = 'no call';
    const wait = waitUntil(
      `a call that is ${state}`,
      async () => {
        const [call] = (await this.status()).calls;
        seen = call?.state ?? 'no call';
        return call?.state === state ? call : undefined;
      },
      timeoutMs,
    );
    return wait.catch((error: Error) => {
      throw new Error(`${error.message}; last seen: ${seen}`);
    });
  }

  /** Waits until no call is left; gives the words on how the last one ended. */
  async untilIdle(timeoutMs = 8000): Promise<string> {
    const status = await waitUntil(
      'the call to end',
      async () => {
        const now = await this.status();
        return now.calls.length === 0 ? now : undefined;
      },
      timeoutMs,
    );
    return status.recent[0]?.ended ?? '';
  }

  /** Ends whatever calls there are. */
  async hangUpAll(): Promise<void> {
    const { calls } = await this.status();
    for (const _ of calls) await this.hangup();
    if (calls.length > 0) await this.untilIdle();
  }

  /** Waits until sound has come in on its call that was not there before: `packets` more of it. */
  async untilHears(packets = 25, timeoutMs = 8000): Promise<AgentCall> {
    const heard = (call: AgentCall | undefined): number =>
      call?.media?.audio?.received.packets ?? 0;
    const before = heard((await this.status()).calls[0]);
    return waitUntil(
      `${packets} more packets of sound`,
      async () => {
        const [call] = (await this.status()).calls;
        return call && heard(call) >= before + packets ? call : undefined;
      },
      timeoutMs,
    );
  }

  /** Waits until `status` names a problem that matches. */
  async untilProblem(pattern: RegExp, timeoutMs = 15_000): Promise<void> {
    await waitUntil(
      `a problem like ${pattern}`,
      async () => (await this.status()).problems.some((problem) => pattern.test(problem)),
      timeoutMs,
      100,
    );
  }

  /** Waits until the camera's state is this one. */
  async untilCamera(state: 'absent' | 'idle' | 'streaming', timeoutMs = 15_000): Promise<void> {
    await waitUntil(
      `a camera that is ${state}`,
      async () => (await this.status()).engine?.camera.state === state,
      timeoutMs,
    );
  }

  stop(): Promise<void> {
    this.commands.close();
    return this.agent.stop();
  }

  async #do(name: keyof typeof COMMAND, param?: object): Promise<void> {
    const reply = await this.commands.request(COMMAND[name], param ? { param } : {});
    if (reply.rval !== 0) throw new Error(`VOIP_${name.toUpperCase()}: ${JSON.stringify(reply)}`);
  }
}
