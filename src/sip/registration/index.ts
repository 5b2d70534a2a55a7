export { Registration } from './registration';
