export type * from './snapshots';
export type * from './values';
