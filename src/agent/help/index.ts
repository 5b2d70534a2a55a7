export { HelpData } from './help-data';
export type { Companion, Fix, PositionStatus } from './shapes';
