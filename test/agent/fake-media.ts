import {
  type CameraState,
  type EngineEvents,
  type EngineSnapshot,
  type MediaAim,
  type MediaComponent,
  type MediaEngine,
  MediaException,
  type MediaRecording,
  type MediaSession,
  type MuteSettings,
  type PeerAddress,
  type PlaySettings,
  type RecordingSettings,
  type RecordingState,
  type RouteSettings,
  type SecureSettings,
  type SessionSettings,
  type SessionSnapshot,
  type Still,
  type VideoParameters,
} from '../../src/media';
import { Emitter } from '../../src/platform';
import { fail } from '../support/fail';

const CALM_DEVICE = {
  kind: 'camera',
  open: true,
  error: '',
  underruns: 0,
  overruns: 0,
  reopens: 0,
  queuedMs: 0,
  delayMs: 0,
} as const;

export const PICTURE: VideoParameters = {
  codec: 'H264',
  profileLevelId: '42c01f',
  spropParameterSets: 'Z0LA,aM4=',
  width: 1280,
  height: 720,
};

export const FAKE_JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

/** The media of one call: remembers what it was told. */
export class FakeMediaSession implements MediaSession {
  readonly settings: SessionSettings[] = [];
  closed = false;
  report: SessionSnapshot = {};

  constructor(
    readonly id: number,
    readonly ports: MediaSession['ports'],
    readonly localAddress: string,
    /** Of a far end that comes by ICE and DTLS. */
    readonly secure?: SecureSettings,
  ) {}

  configure(settings: SessionSettings): void {
    if (this.closed) throw new MediaException('closed', 'session is closed');
    this.settings.push(settings);
  }

  listening = false;
  /** What it sent beside its media, and where each of its sockets is aimed at. */
  readonly datagrams: { component: MediaComponent; to: PeerAddress; bytes: Uint8Array }[] = [];
  readonly aims = new Map<MediaComponent, MediaAim | undefined>();

  listen(): void {
    this.listening = true;
  }

  sendDatagram(component: MediaComponent, to: PeerAddress, bytes: Uint8Array): void {
    this.datagrams.push({ component, to, bytes });
  }

  aim(component: MediaComponent, target?: MediaAim): void {
    this.aims.set(component, target);
  }

  readonly dtmf: string[] = [];

  sendDtmf(digits: string): void {
    this.dtmf.push(digits);
  }

  /** The streams as last set: `audio direction, video direction`. */
  get flow(): string {
    const { audio, video } = this.settings[this.settings.length - 1] ?? {};
    return `${audio?.direction ?? 'none'} ${video?.direction ?? 'none'}`;
  }

  /** Which calls it hears. */
  hears: readonly number[] = [];
  hearsMicrophone = true;
  routeRefusal: MediaException | undefined;

  route({ microphone, calls }: RouteSettings): void {
    if (this.routeRefusal) throw this.routeRefusal;
    this.hears = calls;
    this.hearsMicrophone = microphone;
  }

  snapshot(): SessionSnapshot {
    return this.report;
  }

  close(): void {
    this.closed = true;
  }
}

/** A recording as the media plane has them; a test tells what becomes of its file. */
export class FakeRecording implements MediaRecording {
  orders = '';

  constructor(
    readonly id: number,
    readonly settings: RecordingSettings,
    private readonly events: Emitter<EngineEvents>,
  ) {}

  begin(): void {
    this.orders += 'begin ';
  }

  end(): void {
    this.orders += 'end ';
  }

  tell(state: RecordingState, file = '', error = ''): void {
    this.events.emit('recording', this.id, state, file, error);
  }
}

export class FakeEngine implements MediaEngine {
  readonly features = {
    cameraLink: 'stand-in',
    alsa: true,
    aac: true,
    rtsp: true,
    srtp: true,
    still: true,
    codecs: ['PCMA', 'PCMU', 'G722'],
    libraries: {},
  } as const;
  readonly events = new Emitter<EngineEvents>(fail);
  readonly sessions: FakeMediaSession[] = [];
  picture: VideoParameters | undefined = PICTURE;
  refusal: MediaException | undefined;
  closed = false;
  state: EngineSnapshot = {
    camera: {
      state: 'streaming',
      hasAudio: true,
      hasVideo: true,
      hasAac: false,
      hasSpeaker: true,
      generation: 1,
      framesRead: 0,
      sequenceGaps: 0,
      tornFrames: 0,
      droppedFrames: 0,
      rpcErrors: 0,
      error: '',
      slowestRpcUs: 0,
    },
    microphone: CALM_DEVICE,
    speaker: CALM_DEVICE,
    realtime: true,
    droppedEvents: 0,
    recordings: [],
  };

  openSession(localAddress: string, withVideo: boolean, secure?: SecureSettings): FakeMediaSession {
    if (this.refusal) throw this.refusal;
    const first = 40000 + this.sessions.length * 4;
    const session = new FakeMediaSession(
      this.sessions.length + 1,
      { audioRtpPort: first, ...(withVideo ? { videoRtpPort: first + 2 } : {}) },
      localAddress,
      secure,
    );
    this.sessions.push(session);
    return session;
  }

  /** What is heard: by number, the tone's first frequencies or the file. */
  readonly heard = new Map<number, PlaySettings>();
  playRefusal: MediaException | undefined;
  #played = 0;

  async play(settings: PlaySettings): Promise<number> {
    if (this.playRefusal) throw this.playRefusal;
    this.#played += 1;
    this.heard.set(this.#played, settings);
    return this.#played;
  }

  stopPlaying(id: number): void {
    this.endPlaying(id, false);
  }

  endPlaying(id: number, completed: boolean): void {
    this.heard.delete(id);
    this.events.emit('played', id, completed);
  }

  readonly recordings: FakeRecording[] = [];
  /** Why no recording is opened. */
  recordingRefusal: MediaException | undefined;

  openRecording(settings: RecordingSettings): FakeRecording {
    if (this.recordingRefusal) throw this.recordingRefusal;
    const recording = new FakeRecording(this.recordings.length + 1, settings, this.events);
    this.recordings.push(recording);
    return recording;
  }

  keyFramesRequested = 0;

  requestKeyFrame(): void {
    this.keyFramesRequested += 1;
  }

  muted: MuteSettings | undefined;

  mute(settings: MuteSettings): void {
    this.muted = settings;
  }

  pressed = false;

  pressToTalk(pressed: boolean): void {
    this.pressed = pressed;
  }

  videoParameters(): VideoParameters | undefined {
    return this.picture;
  }

  stillsMade = 0;
  /** What the next stills come to. */
  makeStill: () => Promise<Still> = async () => ({ jpeg: FAKE_JPEG, width: 1280, height: 720 });

  still(): Promise<Still> {
    this.stillsMade += 1;
    return this.makeStill();
  }

  snapshot(): EngineSnapshot {
    return this.state;
  }

  setCamera(state: CameraState): void {
    this.state = { ...this.state, camera: { ...this.state.camera, state } };
    this.events.emit('camera', state);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
