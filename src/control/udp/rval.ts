/** Return values of the camera's own command server, as far as they are used here. */
export const RVAL = {
  ok: 0,
  unknownError: -1,
  sessionStartFailed: -3,
  invalidToken: -4,
  packageError: -7,
  syntaxError: -9,
  invalidOperation: -14,
  busy: -21,
  notReady: -22,
  unsupported: -23,
  invalidParameter: -25,
  authentication: -29,
} as const;

export type RvalName = keyof typeof RVAL;

/** What each code means here, for people. */
export const RVAL_MEANING: Readonly<Record<RvalName, string>> = {
  ok: 'Done.',
  unknownError: 'It could not be done; `reason` says why (no route, no free RTP port).',
  sessionStartFailed:
    'Another client has the session and answers; there is but one (`control.holders`).',
  invalidToken: 'No session has this token, it has expired or given way to another: start one.',
  packageError: 'The datagram is too long, or is JSON but no object.',
  syntaxError: 'The datagram is not JSON.',
  invalidOperation: 'Not possible in this state, or refused by the far end; `reason` says which.',
  busy: 'A call is up that must be held or ended first, or both lines are taken.',
  notReady: 'The agent is starting or stopping, or its SIP port is not open yet.',
  unsupported: 'No such message id.',
  invalidParameter: 'A parameter is missing or wrong; `param` is its name.',
  authentication: 'START_SESSION wants an answer to the nonce in `param`.',
};
