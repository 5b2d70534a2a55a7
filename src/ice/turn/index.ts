export { TurnAllocation, type TurnListener, type TurnParts } from './allocation';
export { type ChannelData, readChannelData } from './channel-data';
export type { TurnUser } from './long-term';
