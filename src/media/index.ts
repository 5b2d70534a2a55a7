export { type MediaEngine, MediaException, type MediaSession } from './engine-api';
export type * from './types';
