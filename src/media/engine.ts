import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { Emitter, type Logger } from '../platform';
import { AudioBridge, type NativeBridge } from './bridge';
import {
  type DtmfOptions,
  type EngineEvents,
  type MediaAim,
  type MediaEngine,
  MediaException,
  type MediaRecording,
  type MediaSession,
  type PeerAddress,
  type Still,
} from './engine-api';
import type { CameraProbe } from './probe';
import type { OpenSocket } from './sctp-module';
import type {
  BridgeSettings,
  CameraProbeSettings,
  EngineError,
  EngineEvent,
  EngineFeatures,
  EngineSettings,
  EngineSnapshot,
  MediaComponent,
  MuteSettings,
  OpenedSession,
  PlaySettings,
  RecordingSettings,
  RouteSettings,
  SecureSettings,
  SessionPorts,
  SessionSettings,
  SessionSnapshot,
  SocketTarget,
  VideoParameters,
  VideoSources,
} from './shapes';

/** What the addon gives: native/src/addon, which reads and fills the shapes. */
interface NativeEngine {
  openSession(localAddress: string, withVideo: boolean): OpenedSession;
  openSecureSession(
    localAddress: string,
    withVideo: boolean,
    secure: SecureSettings,
  ): OpenedSession;
  configure(id: number, settings: SessionSettings): void;
  listen(id: number): void;
  sendDatagram(id: number, to: SocketTarget, bytes: Uint8Array): void;
  aim(id: number, target: SocketTarget): void;
  sendDtmf(id: number, digits: string, toneMs: number, gapMs: number): void;
  play(settings: PlaySettings): Promise<number>;
  stopPlaying(id: number): void;
  route(id: number, settings: RouteSettings): void;
  openRecording(settings: RecordingSettings): number;
  beginRecording(id: number): void;
  endRecording(id: number): void;
  requestKeyFrame(): void;
  mute(settings: MuteSettings): void;
  pressToTalk(pressed: boolean): void;
  closeSession(id: number): void;
  sessionSnapshot(id: number): SessionSnapshot | undefined;
  snapshot(): EngineSnapshot;
  videoParameters(): VideoParameters | undefined;
  still(): Promise<Still>;
  close(): Promise<void>;
}

interface Addon {
  readonly Engine: new (
    settings: EngineSettings,
    onEvent: (event: EngineEvent) => void,
  ) => NativeEngine;
  readonly Bridge: new (settings: BridgeSettings) => NativeBridge;
  readonly CameraProbe: new (settings: CameraProbeSettings) => CameraProbe;
  features(): EngineFeatures;
  randomReady(): boolean;
  exitNow(code: number): never;
  trimMemory(): void;
}

export interface MediaEngineDependencies {
  readonly log: Logger;
  /** Receives what a listener of the engine's events throws. */
  readonly onListenerError: (error: unknown) => void;
}

/**
 * Starts the media plane: its threads, devices and, where wanted, the camera link. A device or
 * camera that does not answer is no error; `snapshot()` and the events tell.
 * @throws MediaException `bad-settings` with path, what was expected and what was found.
 */
export function loadMediaEngine(
  settings: EngineSettings,
  dependencies: MediaEngineDependencies,
): MediaEngine {
  return new Engine(loadAddon(), settings, dependencies);
}

/**
 * Starts the virtual sound card. A card or camera that is not there is no error; `snapshot()` tells.
 * @throws MediaException `bad-settings`, also for a build without ALSA.
 */
export function loadAudioBridge(settings: BridgeSettings): AudioBridge {
  const addon = loadAddon();
  return new AudioBridge(translated(() => new addon.Bridge(settings)));
}

/**
 * Begins to examine the camera; one that is not there is no error, the report tells.
 * @throws MediaException `bad-settings`.
 */
export function loadCameraProbe(settings: CameraProbeSettings): CameraProbe {
  const addon = loadAddon();
  return translated(() => new addon.CameraProbe(settings));
}

/** Whether the kernel's random numbers are seeded; asking does not wait for it. */
export function isRandomReady(): boolean {
  return loadAddon().randomReady();
}

/**
 * Ends the process now, whatever hangs: `process.exit` waits for name look-ups, which can take a
 * minute. For a process that has closed its engine.
 */
export function exitNow(code: number): never {
  let addon: Addon;
  try {
    addon = loadAddon();
  } catch {
    process.exit(code);
  }
  return addon.exitNow(code);
}

/** Gives the system back what this process has freed, where the C library keeps it. */
export function trimMemory(): void {
  loadAddon().trimMemory();
}

/** What this build can do, without starting anything. */
export function loadFeatures(): EngineFeatures {
  return loadAddon().features();
}

/**
 * Gives what opens sockets over SCTP, whose module lies beside the addon.
 * @throws Error where this build or this kernel has none, which says what to do.
 */
export async function loadSctp(): Promise<OpenSocket> {
  const { openerOf } = await import('./sctp-module');
  return openerOf(dirname(addonPath()));
}

/**
 * The addon lies beside the bundle; DASHVOIP_ADDON names another place. `process.dlopen` works in
 * the CommonJS bundle and under an ESM test runner alike, which no form of require or import does.
 */
function loadAddon(): Addon {
  const path = addonPath();
  const holder: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(holder, path, constants.dlopen.RTLD_NOW);
  } catch (error) {
    throw new Error(
      `cannot load the media plane from ${path}: ${wordsOf(error)}; run scripts/build, or set DASHVOIP_ADDON to the path of dashvoip.node`,
      { cause: error },
    );
  }
  const { exports } = holder;
  if (!isAddon(exports)) throw new Error(`${path} is not dashvoip's addon`);
  return exports;
}

function addonPath(): string {
  return (
    process.env.DASHVOIP_ADDON ??
    (typeof __dirname === 'string' ? join(__dirname, 'dashvoip.node') : 'dist/dashvoip.node')
  );
}

const EXPORTS = [
  'Engine',
  'Bridge',
  'CameraProbe',
  'features',
  'randomReady',
  'exitNow',
  'trimMemory',
] satisfies (keyof Addon)[];

function isAddon(value: unknown): value is Addon {
  return (
    typeof value === 'object' &&
    value !== null &&
    EXPORTS.every((name) => typeof Reflect.get(value, name) === 'function')
  );
}

function passOn(event: EngineEvent, events: Emitter<EngineEvents>): void {
  switch (event.kind) {
    case 'camera':
      events.emit('camera', event.state);
      break;
    case 'device':
      events.emit('device', event.device, event.open, event.error);
      break;
    case 'network':
      events.emit('network');
      break;
    case 'remoteBye':
      events.emit('remoteBye', event.session, event.media);
      break;
    case 'dtmf':
      events.emit('dtmf', event.session, event.digit, event.durationMs);
      break;
    case 'floor':
      events.emit('floor', event.floor);
      break;
    case 'played':
      events.emit('played', event.playback, event.completed);
      break;
    case 'secured':
      events.emit('secured', event.session, peerAddressOf(event.farEnd), event.suite);
      break;
    case 'insecure':
      events.emit('insecure', event.session, event.error);
      break;
    case 'datagram':
      events.emit(
        'datagram',
        event.session,
        event.component,
        Uint8Array.from(event.bytes),
        peerAddressOf(event.from),
      );
      break;
    case 'recording':
      events.emit('recording', event.recording, event.progress, event.file, event.error);
      break;
    default:
      event satisfies never;
  }
}

class Engine implements MediaEngine {
  readonly features: EngineFeatures;
  readonly events: Emitter<EngineEvents>;
  readonly #native: NativeEngine;
  readonly #log: Logger;
  #closed: Promise<void> | undefined;

  constructor(addon: Addon, settings: EngineSettings, dependencies: MediaEngineDependencies) {
    this.#log = dependencies.log;
    this.features = addon.features();
    const events = new Emitter<EngineEvents>(dependencies.onListenerError);
    this.events = events;
    // The native side holds this function: it must not hold the engine, which could then never be
    // collected.
    const onEvent = (event: EngineEvent): void => passOn(event, events);
    this.#native = translated(() => new addon.Engine(settings, onEvent));
    const { realtime } = this.#native.snapshot();
    this.#log.info('media plane started', { realtime });
    if (settings.realtimePriority > 0 && !realtime) {
      this.#log.warn(
        'no real-time priority for the media thread: run as root or grant CAP_SYS_NICE',
      );
    }
  }

  openSession(localAddress: string, withVideo: boolean, secure?: SecureSettings): MediaSession {
    const opened = translated(() =>
      secure
        ? this.#native.openSecureSession(localAddress, withVideo, secure)
        : this.#native.openSession(localAddress, withVideo),
    );
    return new Session(this.#native, opened);
  }

  requestKeyFrame(): void {
    this.#native.requestKeyFrame();
  }

  mute(settings: MuteSettings): void {
    translated(() => this.#native.mute(settings));
  }

  pressToTalk(pressed: boolean): void {
    this.#native.pressToTalk(pressed);
  }

  videoParameters(): VideoParameters | undefined {
    return this.#native.videoParameters();
  }

  async still(): Promise<Still> {
    try {
      return await this.#native.still();
    } catch (error) {
      throw translatedError(error);
    }
  }

  async play(settings: PlaySettings): Promise<number> {
    try {
      return await this.#native.play(settings);
    } catch (error) {
      throw translatedError(error);
    }
  }

  stopPlaying(id: number): void {
    this.#native.stopPlaying(id);
  }

  openRecording(settings: RecordingSettings): MediaRecording {
    const native = this.#native;
    const id = translated(() => native.openRecording(settings));
    return { id, begin: () => native.beginRecording(id), end: () => native.endRecording(id) };
  }

  snapshot(): EngineSnapshot {
    return this.#native.snapshot();
  }

  close(): Promise<void> {
    this.#closed ??= this.#native.close();
    return this.#closed;
  }
}

/** As the description says. */
const NOWHERE: MediaAim = { address: '0.0.0.0', port: 0 };

/** Long enough for every receiver (RFC 4733 §2.5: 40 ms at least) and still brisk. */
const DTMF_MS = 100;

class Session implements MediaSession {
  readonly id: number;
  readonly ports: SessionPorts;
  readonly videoSources?: VideoSources;
  readonly #native: NativeEngine;
  /** Set when closed: what was counted until then. */
  #last: SessionSnapshot | undefined;

  constructor(native: NativeEngine, { id, ports, videoSources }: OpenedSession) {
    this.id = id;
    this.ports = ports;
    if (videoSources) this.videoSources = videoSources;
    this.#native = native;
  }

  configure(settings: SessionSettings): void {
    if (this.#last) return;
    translated(() => this.#native.configure(this.id, settings));
  }

  listen(): void {
    if (this.#last) return;
    translated(() => this.#native.listen(this.id));
  }

  sendDatagram(component: MediaComponent, to: PeerAddress, bytes: Uint8Array): void {
    if (this.#last) return;
    translated(() => this.#native.sendDatagram(this.id, { component, ...to }, bytes));
  }

  aim(component: MediaComponent, target: MediaAim = NOWHERE): void {
    if (this.#last) return;
    translated(() => this.#native.aim(this.id, { component, ...target }));
  }

  sendDtmf(digits: string, { toneMs = DTMF_MS, gapMs = DTMF_MS }: DtmfOptions = {}): void {
    if (this.#last) return;
    translated(() => this.#native.sendDtmf(this.id, digits, toneMs, gapMs));
  }

  route(settings: RouteSettings): void {
    if (this.#last) return;
    translated(() => this.#native.route(this.id, settings));
  }

  snapshot(): SessionSnapshot {
    return this.#last ?? this.#native.sessionSnapshot(this.id) ?? {};
  }

  close(): void {
    if (this.#last) return;
    this.#last = this.snapshot();
    this.#native.closeSession(this.id);
  }
}

/** @param text `192.0.2.7:4000`, `[2001:db8::7]:4000` */
function peerAddressOf(text: string): PeerAddress {
  const colon = text.lastIndexOf(':');
  const address = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { address, port: Number(text.slice(colon + 1)) };
}

/** Turns the addon's errors into the exceptions of the engine's contract. */
function translated<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw translatedError(error);
  }
}

function translatedError(error: unknown): unknown {
  if (error instanceof Error && 'code' in error && isCode(error.code)) {
    return new MediaException(error.code, error.message, { cause: error });
  }
  return error;
}

const CODES: readonly unknown[] = [
  'no-ports',
  'bind-failed',
  'bad-settings',
  'closed',
  'no-telephone-event',
  'no-codec',
  'no-picture',
  'no-still',
  'no-recording',
  'not-playable',
] satisfies EngineError[];

function isCode(value: unknown): value is EngineError {
  return CODES.includes(value);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
