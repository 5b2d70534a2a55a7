export { IncomingMessage, MAX_TEXT_BYTES } from './incoming-message';
export { type Delivery, sendMessage } from './send-message';
export { MESSAGE_USAGE } from './usage-kind';
