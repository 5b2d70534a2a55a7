export type { AudioBridge } from './bridge';
export {
  exitNow,
  isRandomReady,
  loadAudioBridge,
  loadCameraProbe,
  loadFeatures,
  loadMediaEngine,
  loadSctp,
  type MediaEngineDependencies,
  trimMemory,
} from './engine';
export {
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
export type * from './probe';
export type * from './shapes';
