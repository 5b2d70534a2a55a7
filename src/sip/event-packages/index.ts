export { MESSAGE_SUMMARY, type MessageSummary, readMessageSummary } from './message-summary';
