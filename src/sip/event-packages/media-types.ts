/** What waits in a mailbox (RFC 3842). */
export const MESSAGE_SUMMARY = 'application/simple-message-summary';
/** The presence of somebody (RFC 3863). */
export const PIDF = 'application/pidf+xml';
/** The dialogs of a line (RFC 4235). */
export const DIALOG_INFO = 'application/dialog-info+xml';
/** The registrations of an address of record (RFC 3680). */
export const REGISTRATION_INFO = 'application/reginfo+xml';
/** Who is in a conference (RFC 4575). */
export const CONFERENCE_INFO = 'application/conference-info+xml';

/** Bodies of NOTIFY that can be subscribed to here. */
export const EVENT_TYPES: readonly string[] = [
  MESSAGE_SUMMARY,
  PIDF,
  DIALOG_INFO,
  REGISTRATION_INFO,
  CONFERENCE_INFO,
];
