/** Longer words of others are cut. */
const LONGEST = 200;

/** Reason codes of both versions that somebody can do something about; others are told by their number. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'the broker does not speak MQTT 3.1.1',
  2: 'the broker refuses the client id',
  3: 'the broker is not available',
  4: 'the broker refuses the user name or the password',
  5: 'the broker refuses this client: not authorized',
  128: 'the broker refuses, without a reason',
  132: 'the broker does not speak MQTT 5: set mqtt.version to "3.1.1"',
  133: 'the broker refuses the client id',
  134: 'the broker refuses the user name or the password',
  135: 'not authorized: the broker’s access list does not allow it',
  136: 'the broker is not available',
  137: 'the broker is busy',
  138: 'the broker has banned this client',
  139: 'the broker shuts down',
  141: 'the broker heard nothing for too long',
  142: 'another client has the same client id: is mqtt.device given twice?',
  149: 'the broker finds a packet too large',
  151: 'the broker’s quota is exceeded',
};

/** What Node says of sockets and certificates. */
const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens at that address and port',
  ECONNRESET: 'the broker closed the connection',
  EHOSTUNREACH: 'no route to the broker',
  ENETUNREACH: 'no route to the broker',
  ETIMEDOUT: 'the broker does not answer',
  ENOTFOUND: 'the broker’s name is not known',
  EAI_AGAIN: 'the broker’s name cannot be looked up now',
  ENOENT: 'there is no such file',
  EACCES: 'the agent’s user may not read it',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the broker’s certificate is of an authority that is not in mqtt.caFile',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the broker’s certificate is signed by itself, and not in mqtt.caFile',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the broker’s certificate is of an authority that is not in mqtt.caFile',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the broker’s certificate is of an authority that is not in mqtt.caFile',
  CERT_SIGNATURE_FAILURE: 'the broker’s certificate was not signed by the authority in mqtt.caFile',
  CERT_HAS_EXPIRED: 'the broker’s certificate has expired, by this camera’s clock',
  CERT_NOT_YET_VALID: 'the broker’s certificate is not valid yet: is this camera’s clock right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the broker’s certificate is for another name than mqtt.url has',
  EPROTO: 'the broker does not speak TLS there, or refuses ours',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the broker does not speak TLS there',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the broker wants a client certificate (mqtt.certFile)',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the broker does not know who signed mqtt.certFile',
};

export function reasonInWords(code: number | undefined): string {
  return REASONS[code ?? -1] ?? `the broker gives reason ${code ?? 'none'}`;
}

/** Why something failed, for people. Nothing that was given to connect is in it. */
export function failureInWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, LONGEST);
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return reasonInWords(code);
  if (/before secure TLS connection/.test(error.message)) {
    return 'the broker closed the connection: does it speak TLS there?';
  }
  const known = typeof code === 'string' && Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known !== undefined) return `${known} (${code})`;
  if (error.message === 'connack timeout') return 'the broker does not answer';
  if (/^Subscribe error/.test(error.message)) return 'the broker refuses the subscription';
  return error.message.slice(0, LONGEST);
}
