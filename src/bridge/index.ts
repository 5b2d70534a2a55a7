export { type BridgeOptions, DEFAULT_CAPTURE, DEFAULT_PLAYBACK, runBridge } from './run';
