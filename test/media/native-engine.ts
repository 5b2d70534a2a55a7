import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EngineSettings, loadMediaEngine, type MediaEngine } from '../../src/media';
import { silentLogger } from '../../src/platform';

const ADDON = fileURLToPath(new URL('../../dist/dashvoip.node', import.meta.url));

/** Points the media plane at the addon in dist/. */
export function useBuiltAddon(): void {
  if (!existsSync(ADDON)) throw new Error(`${ADDON} is missing: run scripts/build first`);
  process.env.DASHVOIP_ADDON = ADDON;
}

/** An engine that touches neither camera nor sound card. */
export function quietSettings(ports: readonly [number, number]): EngineSettings {
  return {
    cameraLink: 'none',
    microphone: { kind: 'null' },
    speaker: { kind: 'null' },
    videoSource: 'none',
    rtp: { ports, cname: 'test@localhost', audioDscp: 46, videoDscp: 34, maxVideoPayload: 1200 },
    busRateHz: 8000,
    jitterBufferMaxMs: 200,
    realtimePriority: 50,
  };
}

export function startEngine(settings: EngineSettings): MediaEngine {
  return loadMediaEngine(settings, {
    log: silentLogger,
    onListenerError: (error) => {
      throw error;
    },
  });
}
