export { contactOn } from './contact';
export { Dialog } from './dialog';
export { DialogTable } from './dialog-table';
export type { SessionEnvironment } from './environment';
export { IncomingSession } from './incoming-session';
export { OutgoingSession, type Routing } from './outgoing-session';
export { reply } from './reply';
export { Session } from './session';
export { tooSmallFields } from './session-expires';
