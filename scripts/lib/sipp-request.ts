/** Head of a request as a scenario of sipp has it, without what tells of its body. */
export function sippRequest(method: string, uri: string, cseq: number, to: string): string {
  return [
    `${method} ${uri} SIP/2.0`,
    'Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch];rport',
    'From: <sip:bench@[local_ip]:[local_port]>;tag=[pid]b[call_number]',
    `To: <sip:[service]@[remote_ip]:[remote_port]>${to}`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:bench@[local_ip]:[local_port]>',
    'Max-Forwards: 70',
  ].join('\n');
}
