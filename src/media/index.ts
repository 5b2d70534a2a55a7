export type { AudioBridge, BridgeSettings, BridgeSnapshot } from './bridge';
export {
  loadAudioBridge,
  loadFeatures,
  loadMediaEngine,
  type MediaEngineDependencies,
} from './engine';
export { type MediaEngine, MediaException, type MediaSession } from './engine-api';
export type * from './types';
