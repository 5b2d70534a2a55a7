import { checkConfig, loadConfig } from '../config';
import { type AudioBridge, loadAudioBridge } from '../media';
import { endSignal } from '../platform';
import { type Display, type DisplayOutput, displayFor } from './display';

/** Our ends of the cables of which board/h22's asound.conf gives programs the others. */
export const DEFAULT_CAPTURE = 'hw:Loopback,1,0';
export const DEFAULT_PLAYBACK = 'hw:Loopback,1,1';

export interface BridgeOptions {
  /** None means an empty configuration. */
  readonly configFile: string | undefined;
  readonly capture: string | undefined;
  readonly playback: string | undefined;
  readonly json: boolean;
  readonly output: DisplayOutput;
}

const LOOK_MS = 1000;

/**
 * Runs the virtual sound card until a signal ends it.
 * @throws ConfigException for a configuration that is wrong, MediaException for a build without ALSA.
 */
export async function runBridge(options: BridgeOptions): Promise<void> {
  const { configFile } = options;
  const { camera, media } =
    configFile === undefined ? checkConfig({}, 'defaults') : loadConfig(configFile);
  const bridge = loadAudioBridge({
    cameraLink: camera.link,
    rtspUrl: camera.rtspUrl,
    capture: { kind: 'alsa', device: options.capture ?? DEFAULT_CAPTURE },
    playback: { kind: 'alsa', device: options.playback ?? DEFAULT_PLAYBACK },
    realtimePriority: media.realtimePriority,
  });
  await show(bridge, displayFor(options.output, options.json));
}

/** Shows it until a signal comes; a bug ends it, too, and the camera is left in order either way. */
async function show(bridge: AudioBridge, display: Display): Promise<void> {
  const begin = performance.now();
  const uptimeS = (): number => Math.floor((performance.now() - begin) / 1000);
  const timer = setInterval(() => display.show(bridge.snapshot(), uptimeS()), LOOK_MS);
  try {
    await untilSignal();
  } finally {
    clearInterval(timer);
    display.end(bridge.snapshot(), uptimeS());
    await bridge.close();
  }
}

function untilSignal(): Promise<void> {
  return new Promise((resolve, reject) => {
    void endSignal().then(() => resolve());
    process.on('uncaughtException', reject);
    process.on('unhandledRejection', reject);
  });
}
