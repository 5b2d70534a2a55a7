/** Scenarios for sipp: what crosses on the way, forks, and early offers and answers in their orders. */
import { DESCRIPTION, PROVISIONAL, scenario, send } from './scenarios';

const body = (described: boolean): string =>
  described
    ? `Content-Type: application/sdp\nContent-Length: [len]\n\n${DESCRIPTION}`
    : 'Content-Length: 0\n';

/** Reads a header field, or the body, of what is received into a variable; what is not there fails the scenario. */
const read = (variable: string, where: string, regexp = '.*'): string =>
  `<ereg regexp="${regexp}" ${where} check_it="true" assign_to="${variable}"/>`;

const receive = (what: string, ...actions: readonly string[]): string =>
  actions.length === 0
    ? `<recv ${what}/>`
    : `<recv ${what}><action>${actions.join('')}</action></recv>`;

/** The INVITE, and what later messages need of it. */
const CALLED = receive(
  'request="INVITE"',
  read('via', 'search_in="hdr" header="Via:"'),
  read('caller', 'search_in="hdr" header="From:"'),
  read('contact,target', 'search_in="hdr" header="Contact:"', '&lt;(sip:[^&gt;]*)&gt;'),
);

const REFERENCED = (...variables: readonly string[]): string =>
  `<Reference variables="${['via', 'caller', 'contact', 'target', ...variables].join(',')}"/>`;

interface Answer {
  readonly status: string;
  /** To tag, and so which dialog. */
  readonly tag: string;
  readonly headers?: readonly string[];
  readonly described?: boolean;
}

/** To the INVITE, whatever has come since. */
const answerInvite = ({ status, tag, headers = [], described = false }: Answer, attributes = '') =>
  `<send${attributes}><![CDATA[
SIP/2.0 ${status}
Via: [$via]
From: [$caller]
To: <sip:sipp@[local_ip]:[local_port]>;tag=${tag}
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:${tag}@[local_ip]:[local_port]>
Allow: INVITE, ACK, CANCEL, BYE, PRACK, UPDATE
${headers.map((header) => `${header}\n`).join('')}${body(described)}
]]></send>`;

/** To the last request. */
const OK = `<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:sipp@[local_ip]:[local_port]>
Content-Length: 0

]]></send>`;

/** A request of sipp's own in a dialog that it was called in. */
const ask = (method: string, cseq: number, tag: string, described = false): string =>
  `<send retrans="500"><![CDATA[
${method} [$target] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:sipp@[local_ip]:[local_port]>;tag=${tag}
To: [$caller]
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:${tag}@[local_ip]:[local_port]>
Max-Forwards: 70
${body(described)}
]]></send>`;

/** RFC 3262 §5, RFC 3311 §5: answered by a reliable 183, offered anew by UPDATE, and a 200 without either. */
export const UPDATED_BEFORE_ANSWERED = scenario(
  'updated before answered',
  [
    CALLED,
    answerInvite(
      {
        status: '183 Session Progress',
        tag: 'one',
        headers: ['Require: 100rel', 'RSeq: 41'],
        described: true,
      },
      ' retrans="500"',
    ),
    receive('request="PRACK"', read('rack', 'search_in="hdr" header="RAck:"', '41 1 INVITE')),
    OK,
    ask('UPDATE', 1, 'one', true),
    receive('response="200"', read('answered', 'search_in="body"', 'm=audio')),
    answerInvite({ status: '200 OK', tag: 'one' }, ' retrans="500"'),
    receive('request="ACK"'),
    receive('request="BYE"'),
    OK,
    REFERENCED('rack', 'answered'),
  ].join('\n'),
);

/** RFC 3262 §3 and §5: demands reliable ringing without an offer, answers ours in the PRACK. */
export const OFFERED_BY_RELIABLE_RINGING = scenario(
  'offered by reliable ringing',
  [
    send({ method: 'INVITE', cseq: 1, headers: ['Require: 100rel'] }, ' retrans="500"'),
    '<recv response="100" optional="true"/>',
    receive(
      'response="180" rrs="true"',
      read('rseq', 'search_in="hdr" header="RSeq:"'),
      read('offer', 'search_in="body"', 'm=audio'),
    ),
    send(
      {
        method: 'PRACK',
        cseq: 2,
        inDialog: true,
        headers: ['RAck:[$rseq] 1 INVITE'],
        description: true,
      },
      ' retrans="500"',
    ),
    '<recv response="200"/>',
    // Answered by hand now. The offer and its answer are past: the 200 has none.
    '<recv response="200"/>',
    send({ method: 'ACK', cseq: 1, inDialog: true }),
    '<pause milliseconds="200"/>',
    send({ method: 'BYE', cseq: 3, inDialog: true }, ' retrans="500"'),
    '<recv response="200"/>',
    '<Reference variables="rseq,offer"/>',
  ].join('\n'),
);

/** RFC 3261 §13.2.2.4: a second fork answers late; it is acknowledged and ended, the first one goes on. */
export const LATE_FORK = scenario(
  'late fork',
  [
    CALLED,
    answerInvite({ status: '180 Ringing', tag: 'one' }),
    answerInvite({ status: '180 Ringing', tag: 'two' }),
    answerInvite({ status: '200 OK', tag: 'one', described: true }),
    receive('request="ACK"', read('first', 'search_in="hdr" header="To:"', 'tag=one')),
    answerInvite({ status: '200 OK', tag: 'two', described: true }),
    receive('request="ACK"', read('second', 'search_in="hdr" header="To:"', 'tag=two')),
    receive('request="BYE"', read('ended', 'search_in="hdr" header="To:"', 'tag=two')),
    OK,
    receive('request="BYE"', read('last', 'search_in="hdr" header="To:"', 'tag=one')),
    OK,
    REFERENCED('first', 'second', 'ended', 'last'),
  ].join('\n'),
);

/**
 * RFC 3261 §9.1: it has answered when our CANCEL comes. The INVITE's 200 is sent last: sipp takes what comes
 * while it has something to send for unexpected, and our ACK is there within a millisecond.
 */
export const CANCEL_CROSSES_200 = scenario(
  'CANCEL crosses 200',
  [
    CALLED,
    answerInvite({ status: '180 Ringing', tag: 'one' }),
    receive('request="CANCEL"'),
    OK,
    answerInvite({ status: '200 OK', tag: 'one', described: true }),
    receive('request="ACK"'),
    receive('request="BYE"'),
    OK,
    REFERENCED(),
  ].join('\n'),
);

/** RFC 5407 §3.1.4: it hangs up while our re-INVITE is on its way, and refuses that. */
export const BYE_CROSSES_REINVITE = scenario(
  'BYE crosses re-INVITE',
  [
    CALLED,
    answerInvite({ status: '200 OK', tag: 'one', described: true }),
    receive('request="ACK"'),
    receive('request="INVITE"', read('again', 'search_in="hdr" header="Via:"')),
    ask('BYE', 1, 'one'),
    '<recv response="200"/>',
    `<send retrans="500"><![CDATA[
SIP/2.0 481 Call Does Not Exist
Via: [$again]
From: [$caller]
To: <sip:sipp@[local_ip]:[local_port]>;tag=one
Call-ID: [call_id]
CSeq: 2 INVITE
Content-Length: 0

]]></send>`,
    receive('request="ACK"'),
    REFERENCED('again'),
  ].join('\n'),
);

/** RFC 5407 §3.1.2: hangs up at once; its ACK is lost. The BYE says that the 200 has come. */
export const BYE_WITHOUT_ACK = scenario(
  'BYE without ACK',
  [
    send({ method: 'INVITE', cseq: 1, description: true }, ' retrans="500"'),
    PROVISIONAL,
    '<recv response="200" rrs="true"/>',
    send({ method: 'BYE', cseq: 2, inDialog: true }, ' retrans="500" start_txn="bye"'),
    '<recv response="200" response_txn="bye"/>',
    // Nothing is repeated any more.
    '<pause milliseconds="1200"/>',
  ].join('\n'),
);

const message = `<send retrans="500"><![CDATA[
MESSAGE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:sipp@[local_ip]:[local_port]>;tag=[pid]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 MESSAGE
Max-Forwards: 70
Content-Type: text/plain
Content-Length: [len]

Hello from sipp
]]></send>`;

/** A text. */
export const TEXT = scenario('text', `${message}\n<recv response="200"/>`);

/** What waits in a mailbox, as a voice mail system tells it to a presence server (RFC 3903, RFC 3842). */
export const MAILBOX = scenario(
  'mailbox',
  `<send retrans="500"><![CDATA[
PUBLISH sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:[service]@[remote_ip]:[remote_port]>;tag=[pid]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 PUBLISH
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
Event: message-summary
Expires: 3600
Content-Type: application/simple-message-summary
Content-Length: [len]

Messages-Waiting: yes
Voice-Message: 2/8 (0/0)
]]></send>\n<recv response="200"/>`,
);
