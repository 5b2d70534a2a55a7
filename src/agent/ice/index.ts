export { IceKit, type IceKitParts } from './ice-kit';
export type { IceMedia, IceMediaListener } from './ice-media';
export type { IceServerSettings, IceSettings } from './ice-settings';
