export type { NameAddr } from './name-addr';
export { Params } from './params';
