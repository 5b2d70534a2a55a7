export { HelpData } from './help-data';
export type { Fix, PositionStatus } from './shapes';
