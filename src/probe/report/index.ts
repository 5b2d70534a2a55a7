export * from './facts';
export { isInterrupted, summaryOf } from './summary';
