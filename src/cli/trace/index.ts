export { TRACE } from './trace';
