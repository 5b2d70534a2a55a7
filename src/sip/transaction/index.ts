export { ClientTransaction, type ClientTransactionUser } from './client-transaction';
export { createCancel } from './derived-requests';
export { InviteClientMachine, type InviteClientState } from './invite-client';
export { InviteServerMachine, type InviteServerState } from './invite-server';
export { TransactionLayer, type TransactionUser } from './layer';
export type {
  ClientEffect,
  ClientInput,
  ClientMachine,
  ServerEffect,
  ServerInput,
  ServerMachine,
  TransactionFailure,
} from './machine';
export { NonInviteClientMachine, type NonInviteClientState } from './non-invite-client';
export { NonInviteServerMachine, type NonInviteServerState } from './non-invite-server';
export { reply } from './reply';
export type { ServerTransaction, ServerTransactionUser } from './server-transaction';
export { StateBudget } from './state-budget';
export { RFC3261_TIMERS, type TimerSet, transactionTimeout } from './timers';
export { ToTags } from './to-tags';
