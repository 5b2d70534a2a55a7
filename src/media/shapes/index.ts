export type * from './events';
export type * from './features';
export type * from './probe';
export type * from './settings';
export type * from './snapshots';
export type * from './values';
