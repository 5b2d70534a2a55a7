export { Registration, type RegistrationParts } from './registration';
export {
  type RegistrationEffect,
  type RegistrationInput,
  RegistrationMachine,
} from './registration-machine';
