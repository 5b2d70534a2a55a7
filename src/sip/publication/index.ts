export type { Availability } from './presence-document';
export type { PublicationState } from './publication';
export { type Published, Publisher } from './publisher';
