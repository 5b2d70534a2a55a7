export { HostMachine } from './machine';
export type { ProbeReport } from './report';
export { runProbe } from './run';
export { isInterrupted, summaryOf } from './summary';
export type { UserFacts } from './users';
