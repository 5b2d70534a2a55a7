export { isLoopback, isThisMachine, plainAddress } from './address';
export { Attempts } from './attempts';
export { BoundedMap } from './bounded-map';
export {
  CALLER_NAME,
  type CallerRecord,
  callersRealm,
  MAX_CALLERS,
  parseCallers,
  withCaller,
} from './caller-records';
export { type Clock, systemClock, type Timer } from './clock';
export { Emitter, type EventMap } from './emitter';
export { endSignal } from './end-signal';
export { expiryOf, knowsTheDay } from './expiry';
export {
  type CollectedHeap,
  FIRST_LOOK_MS,
  GarbageCollection,
  LOOK_MS,
  systemHeap,
  WORTH_IT,
} from './garbage';
export { JsonLines, type LineFile, lineFileAt } from './json-lines';
export {
  LOG_LEVELS,
  Log,
  type LogEntry,
  type LogFields,
  type Logger,
  type LogLevel,
  type LogWriter,
  silentLogger,
} from './log';
export { LOG_TARGETS, LogOutput, type LogTarget } from './log-output';
export { machineUuid } from './machine-uuid';
export { maskPasswords } from './mask-passwords';
export { networkOf } from './network';
export { type NetworkState, NetworkWatch, systemNetwork } from './network-watch';
export { isPassword, type PasswordRecord, parseRecord, recordOf } from './password-record';
export { type Random, randomFraction, randomToken, systemRandom } from './random';
export { selfSigned } from './self-signed';
export { keepHeapSmall } from './small-heap';
export { Syslog } from './syslog';
export { type LineSink, type StartLogger, systemLogger } from './system-logger';
export { type Rate, TokenBucket } from './token-bucket';
export { VERSION } from './version';
export { replaceFile } from './whole-file';
export { childOf, childrenOf, type Fault, readRoot, readXml, type XmlElement } from './xml';
