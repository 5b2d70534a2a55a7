export { HostMachine, type UserFacts } from './readers';
export { isInterrupted, type ProbeReport, summaryOf } from './report';
export { runProbe } from './run';
