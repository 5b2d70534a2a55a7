/** Scenarios for sipp, which plays the far end of the agent as a script says, right or wrong. */

export const DESCRIPTION = `v=0
o=sipp 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000`;

export function scenario(name: string, body: string): string {
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="${name}">\n${body}\n</scenario>\n`;
}

interface Request {
  readonly method: string;
  readonly cseq: number;
  readonly uri?: string;
  /** In a dialog: with the tag of the far end. */
  readonly inDialog?: boolean;
  readonly headers?: readonly string[];
  readonly description?: boolean;
}

const CALLED = 'sip:[service]@[remote_ip]:[remote_port]';

function request({ method, cseq, uri, inDialog, headers, description }: Request): string {
  const tag = inDialog ? '[peer_tag_param]' : '';
  return [
    `${method} ${uri ?? (inDialog ? '[next_url]' : CALLED)} SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport',
    'From: <sip:sipp@[local_ip]:[local_port]>;tag=[pid]t[call_number]',
    `To: <sip:[service]@[remote_ip]:[remote_port]>${tag}`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:sipp@[local_ip]:[local_port]>',
    'Max-Forwards: 70',
    ...(headers ?? []),
    ...(description
      ? ['Content-Type: application/sdp', 'Content-Length: [len]', '', DESCRIPTION]
      : ['Content-Length: 0', '', '']),
  ].join('\n');
}

export const send = (message: Request, attributes = ''): string =>
  `<send${attributes}><![CDATA[\n${request(message)}\n]]></send>`;

export const PROVISIONAL =
  '<recv response="100" optional="true"/>\n<recv response="180" optional="true"/>';

/** Answers to the last request received. */
const reply = (status: string, contact = false, attributes = ''): string =>
  `<send${attributes}><![CDATA[
SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]u[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
${contact ? `Content-Type: application/sdp\nContent-Length: [len]\n\n${DESCRIPTION}` : 'Content-Length: 0\n'}
]]></send>`;

const ASKS = [
  send({ method: 'INVITE', cseq: 1, description: true }, ' retrans="500"'),
  '<recv response="100" optional="true"/>',
  '<recv response="401" auth="true"/>',
  send({ method: 'ACK', cseq: 1, inDialog: true, uri: CALLED }),
];

/** Is asked who calls, and answers with `words` of sipp's (`username=... password=...`); `status` becomes of that. */
export const proving = (words: string, status: 200 | 401): string => {
  const proof = { method: 'INVITE', cseq: 2, description: true } as const;
  const rest =
    status === 401
      ? [send({ method: 'ACK', cseq: 2, inDialog: true, uri: CALLED })]
      : [
          send({ method: 'ACK', cseq: 2, inDialog: true }),
          '<pause milliseconds="300"/>',
          send({ method: 'BYE', cseq: 3, inDialog: true }, ' retrans="500"'),
          '<recv response="200"/>',
        ];
  return scenario(
    'proving',
    [
      ...ASKS,
      send({ ...proof, headers: [`[authentication ${words}]`] }, ' retrans="500"'),
      PROVISIONAL,
      `<recv response="${status}" rrs="true"/>`,
      ...rest,
    ].join('\n'),
  );
};

/** Takes its time with the ACK: the 200 has to come again (RFC 3261 §13.3.1.4), which sipp itself overhears. */
export const LATE_ACK = scenario(
  'late ACK',
  [
    send({ method: 'INVITE', cseq: 1, description: true }, ' retrans="500"'),
    PROVISIONAL,
    '<recv response="200" rrs="true"/>',
    '<pause/>',
    send({ method: 'ACK', cseq: 1, inDialog: true }),
    '<pause milliseconds="300"/>',
    // Named, lest a late 200 to the INVITE be taken for the answer to a BYE that was lost.
    send({ method: 'BYE', cseq: 2, inDialog: true }, ' retrans="500" start_txn="bye"'),
    '<recv response="200" response_txn="bye"/>',
  ].join('\n'),
);

/** The same INVITE three times, as when our answers were lost: one call, not three. */
export const REPEATED_INVITE = scenario(
  'repeated INVITE',
  [
    ...[1, 2, 3].map(() =>
      send({ method: 'INVITE', cseq: 1, description: true }).replace('[branch]', 'z9hG4bK-once'),
    ),
    PROVISIONAL,
    '<recv response="200" rrs="true"/>',
    send({ method: 'ACK', cseq: 1, inDialog: true }),
    '<pause milliseconds="700"/>',
    send({ method: 'BYE', cseq: 2, inDialog: true }, ' retrans="500"'),
    '<recv response="200"/>',
  ].join('\n'),
);

/**
 * Calls, and calls once more to join the call that there is (RFC 3911); a third time to join nobody. The calls of one
 * scenario are told apart by what stands before their Call-ID.
 */
export const JOIN = scenario(
  'join',
  (() => {
    const of = (call: string, text: string): string =>
      text.replace('Call-ID: ', `Call-ID: ${call}///`);
    const invite = (call: string, headers: readonly string[] = []): string =>
      of(call, send({ method: 'INVITE', cseq: 1, description: true, headers }, ' retrans="500"'));
    const inDialog = (call: string, method: string, cseq: number, tag: string): string =>
      of(call, send({ method, cseq, uri: 'sip:[service]@[remote_ip]:[remote_port]' }))
        .replace(/^(To: .*)$/m, `$1;tag=[$${tag}]`)
        .replace('<send>', method === 'ACK' ? '<send>' : '<send retrans="500">');
    const taken = (tag: string): string =>
      `<recv response="200"><action><ereg regexp=";tag=([^;]*)" search_in="hdr" header="To:" check_it="true" assign_to="all,${tag}"/></action></recv>`;
    const named = (tag: string): string =>
      `Join: first///[call_id];to-tag=${tag};from-tag=[pid]t[call_number]`;
    return [
      invite('first'),
      PROVISIONAL,
      taken('one'),
      inDialog('first', 'ACK', 1, 'one'),
      '<pause milliseconds="500"/>',
      invite('second', [named('[$one]')]),
      PROVISIONAL,
      taken('two'),
      inDialog('second', 'ACK', 1, 'two'),
      '<pause milliseconds="2000"/>',
      invite('third', [named('nobody')]),
      '<recv response="100" optional="true"/>',
      '<recv response="481"/>',
      of('third', send({ method: 'ACK', cseq: 1 })),
      inDialog('second', 'BYE', 2, 'two'),
      '<recv response="200"/>',
      inDialog('first', 'BYE', 2, 'one'),
      '<recv response="200"/>',
      '<Reference variables="all"/>',
    ].join('\n');
  })(),
);

/** Single requests and the status owed. */
export const ODD_REQUESTS = scenario(
  'odd requests',
  [
    send({ method: 'OPTIONS', cseq: 1 }, ' retrans="500"'),
    '<recv response="200"/>',
    send({ method: 'SUBSCRIBE', cseq: 2, headers: ['Event: nothing'] }, ' retrans="500"'),
    '<recv response="489"/>',
    send({ method: 'PUBLISH', cseq: 2, headers: ['Event: nothing'] }, ' retrans="500"'),
    '<recv response="405"/>',
    send(
      { method: 'INVITE', cseq: 3, description: true, headers: ['Require: teleport'] },
      ' retrans="500"',
    ),
    '<recv response="100" optional="true"/>',
    '<recv response="420"/>',
    send({ method: 'ACK', cseq: 3 }),
    send({ method: 'BYE', cseq: 4 }, ' retrans="500"').replace(
      'To: <sip:[service]@[remote_ip]:[remote_port]>',
      'To: <sip:[service]@[remote_ip]:[remote_port]>;tag=unknown',
    ),
    '<recv response="481"/>',
    send({ method: 'CANCEL', cseq: 5 }, ' retrans="500"'),
    '<recv response="481"/>',
  ].join('\n'),
);

/** An offer without anything that we have. */
export const FOREIGN_CODEC = scenario(
  'foreign codec',
  [
    send({ method: 'INVITE', cseq: 1, description: true }, ' retrans="500"')
      .replace('RTP/AVP 8', 'RTP/AVP 18')
      .replace('a=rtpmap:8 PCMA/8000', 'a=rtpmap:18 G729/8000'),
    PROVISIONAL,
    '<recv response="488"/>',
    send({ method: 'ACK', cseq: 1, inDialog: true }),
  ].join('\n'),
);

/** Does not answer for 2.5 s: the INVITE must come again twice, at 0.5 and 1.5 s (timer A). Then answers, and is hung up on. */
export const DEAF_AT_FIRST = scenario(
  'deaf at first',
  [
    '<recv request="INVITE"/>',
    '<pause milliseconds="2500"/>',
    reply('180 Ringing'),
    reply('200 OK', true, ' retrans="500"'),
    '<recv request="ACK" rrs="true"/>',
    '<recv request="BYE"/>',
    reply('200 OK').replace(';tag=[pid]u[call_number]', ''),
  ].join('\n'),
);

/** Sends its 200 twice; each must be acknowledged (RFC 3261 §13.2.2.4). */
export const REPEATED_200 = scenario(
  'repeated 200',
  [
    '<recv request="INVITE"/>',
    reply('200 OK', true),
    reply('200 OK', true),
    '<recv request="ACK"/>',
    '<recv request="BYE"/>',
    reply('200 OK').replace(';tag=[pid]u[call_number]', ''),
  ].join('\n'),
);
