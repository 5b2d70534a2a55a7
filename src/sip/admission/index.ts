export { Admission, type AdmissionCounters, MAX_MESSAGE_BYTES, type Verdict } from './admission';
export { KnownCalls } from './known-calls';
export { isInvite, peekCallId } from './peek';
export { SOURCE_RATES, type SourceRates, Sources } from './sources';
