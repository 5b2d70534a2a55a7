export { FlowSet } from './flow-set';
export type {
  Registration,
  RegistrationEvents,
  RegistrationFlow,
  RegistrationState,
} from './registration';
export { RegistrationClient, type RegistrationParts } from './registration-client';
