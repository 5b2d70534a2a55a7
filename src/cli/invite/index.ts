export { INVITE } from './invite';
