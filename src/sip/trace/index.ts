export {
  type LocalTo,
  MessageTrace,
  TRACE_ROOMS,
  type TracedDialog,
  type TracedMessage,
  type TracePage,
  type TraceQuery,
  type TraceRoom,
} from './message-trace';
