export type { Registration, RegistrationEvents, RegistrationState } from './registration';
export { RegistrationClient } from './registration-client';
