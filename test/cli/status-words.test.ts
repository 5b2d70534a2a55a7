import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  clockText,
  encryptionText,
  notificationInWords,
  statusInWords,
  statusLine,
} from '../../src/cli/status-words';
import { STATUS_EXAMPLE, type StatusReply, statusReplySchema } from '../../src/control';

describe('a status in words', () => {
  it('tells one fact per line', () => {
    expect(statusInWords(STATUS_EXAMPLE).split('\n')).toEqual([
      'dashvoip 0.1.0, up 1:00:01, ready after 110 ms',
      '  sip           UDP port 5060 of every interface, 212 messages in, 209 out, 4 calls refused',
      '  registration  sip:car@example.org at sip:example.org, for 241 s more',
      '  watched       sip:home@example.org: open, on-the-phone (Back at noon)',
      '  switched on   auto-answer',
      '  commands      57 messages in',
      '  mqtt          connected to mqtts://broker.example.org since 2026-11-23 05:36',
      '  web page      http://127.0.0.1:8080, 1 logged in, 1 listening',
      '  camera        streaming (picture, sound, speaker), 1076 frames',
      '  microphone    camera, open, 40 ms queued',
      '  speaker       camera, open, 32 ms queued',
      '  media thread  real-time',
      'call 2: active 0:14, to sip:home@example.org',
      '  sound         PCMA sendrecv, 702 packets out, 698 in',
      '                loss 0.1 %, jitter 1.4 ms, buffer 40 ms, concealed 0.1 %, pacing 0.12 ms, round trip 18.2 ms, MOS 4.4 here, 4.4 there',
      '  picture       H264 sendonly, 420 frames (14 key), 0 dropped, 1934 kbit/s, first after 9 ms',
      '                taken as profile 42e01f (the camera sends 640028), packetization mode 1, what it misses goes by RTX, at most 1966 kbit/s',
      '  encryption    AEAD_AES_128_GCM, keys by SDES over TLS',
      'last calls',
      '  2026-11-23 05:36  from sip:home@example.org  0:00  given up by the far end',
    ]);
  });

  it('tells why the web page is not open, and how many were refused', () => {
    const { web } = STATUS_EXAMPLE;
    if (!web) throw new Error('the example has no page');
    const wordsOf = (changed: Partial<typeof web>) =>
      statusInWords({ ...STATUS_EXAMPLE, web: { ...web, ...changed } });
    expect(wordsOf({ detail: 'EADDRINUSE' })).toContain('  web page      not open: EADDRINUSE');
    expect(wordsOf({ address: '::', encrypted: true, refusedLogins: 3 })).toContain(
      '  web page      https://[::]:8080, 1 logged in, 1 listening, 3 logins refused',
    );
  });

  it('tells how a call is encrypted, in part or not at all, and what was refused', () => {
    const [call] = STATUS_EXAMPLE.calls;
    const { audio, video } = call?.media ?? {};
    if (!call || !audio?.srtp || !video) throw new Error('the example has no encrypted call');
    expect(encryptionText(call)).toBe('AEAD_AES_128_GCM, keys by SDES over TLS');
    const { srtp, ...clearSound } = audio;
    const { srtp: _, ...clearPicture } = video;
    const agreed = { keys: 'rtp' } as const;
    const inPart = (media: NonNullable<typeof call.media>) =>
      encryptionText({ ...call, agreed, media });
    expect(inPart({ audio: clearSound, video: clearPicture })).toBe('none');
    expect(inPart({ audio, video: clearPicture })).toBe('the sound alone');
    expect(inPart({ audio: clearSound, video })).toBe('the picture alone');
    const disturbed = { ...audio, srtp: { ...srtp, forged: 3, replayed: 2 } };
    const encryption = { suite: srtp.suite, keysBy: 'sdes', keysHidden: false } as const;
    expect(
      encryptionText({ ...call, agreed: { ...agreed, encryption }, media: { audio: disturbed } }),
    ).toBe(
      'AEAD_AES_128_GCM, keys by SDES, which anybody on the way of SIP can read, 3 packets of another key refused, 2 repeated',
    );
    const byZrtp = { suite: srtp.suite, keysBy: 'zrtp', keysHidden: true } as const;
    const withZrtp = (zrtp: NonNullable<NonNullable<typeof call.agreed>['zrtp']>, secret = true) =>
      encryptionText({
        ...call,
        agreed: { ...agreed, zrtp, ...(secret ? { encryption: byZrtp } : {}) },
        media: { audio: secret ? audio : clearSound },
      });
    const secure = { state: 'secure', sas: '69qg', verified: false, known: false } as const;
    expect(withZrtp({ ...secure, detail: '' })).toBe(
      'AEAD_AES_128_GCM, keys by ZRTP, string "69qg" not compared yet',
    );
    expect(withZrtp({ ...secure, verified: true, known: true, detail: 'odd' })).toBe(
      'AEAD_AES_128_GCM, keys by ZRTP, string "69qg" compared, known from an earlier call, odd',
    );
    expect(withZrtp({ state: 'asking', detail: '' }, false)).toBe(
      'none, the far end is asked whether it speaks ZRTP',
    );
    expect(withZrtp({ state: 'failed', detail: 'it does not' }, false)).toBe(
      'none, no ZRTP: it does not',
    );
    const recent = STATUS_EXAMPLE.recent.map((one) => ({ ...one, encryption: srtp.suite }));
    expect(statusInWords({ ...STATUS_EXAMPLE, recent })).toContain('far end, encrypted');
  });

  it('tells whom a redirected call goes to', () => {
    const calls = STATUS_EXAMPLE.calls.map((call) => ({ ...call, redirectedTo: 'sip:a@b' }));
    const recent = STATUS_EXAMPLE.recent.map((call) => ({ ...call, redirectedTo: 'sip:a@b' }));
    const words = statusInWords({ ...STATUS_EXAMPLE, calls, recent });
    expect(words).toContain('call 2: active 0:14, to sip:home@example.org, redirected to sip:a@b');
    expect(words).toContain('from sip:home@example.org (redirected to sip:a@b)  0:00');
  });

  it('tells of whom is watched, a row for each', () => {
    const [account] = STATUS_EXAMPLE.accounts;
    const of = 'sip:200@example.org';
    const watched: NonNullable<StatusReply['accounts'][number]['watched']> = [
      { account: 'car', kind: 'presence', of, state: 'unknown', activities: [] },
      { account: 'car', kind: 'line', of, state: 'idle', calls: [] },
      {
        ...{ account: 'car', kind: 'line', of, state: 'busy' },
        calls: [
          { state: 'confirmed', direction: 'incoming', remote: 'sip:a@b', held: true },
          { state: 'trying', direction: 'outgoing' },
          { state: 'early', remote: 'sip:c@d' },
        ],
      },
      {
        ...{ account: 'car', kind: 'registrations', of, state: 'active' },
        contacts: [
          { uri: 'sip:car@192.0.2.1', state: 'active' },
          { uri: 'sip:car@192.0.2.2', state: 'terminated', event: 'expired' },
        ],
      },
    ];
    const status = { ...STATUS_EXAMPLE, accounts: account ? [{ ...account, watched }] : [] };
    expect(statusInWords(status).split('\n').slice(3, 7)).toEqual([
      `  watched       ${of}: unknown`,
      `                ${of}: idle`,
      `                ${of}: busy, from sip:a@b (held), to somebody, with sip:c@d`,
      `                ${of}: registrations active, sip:car@192.0.2.1, sip:car@192.0.2.2 terminated`,
    ]);
  });

  it('fits on one line for watching', () => {
    expect(statusLine(STATUS_EXAMPLE)).toBe(
      '2 active 0:14 home@example.org, MOS 4.4 loss 0.1% jitter 1.4 buffer 40 rtt 18.2 concealed 0.1% pacing 0.12 | registered | camera streaming',
    );
  });

  it('tells what is missing and wrong', () => {
    const bare: StatusReply = {
      version: '0.1.0',
      pid: 1,
      uptimeS: 3,
      accounts: [],
      sip: {
        address: '0.0.0.0',
        refusedCalls: {
          unknownUser: 0,
          denied: 0,
          unproved: 0,
          stranger: 0,
          forwarded: 0,
          notDisturbed: 0,
          busy: 0,
          noCommonMedia: 0,
          insecure: 0,
        },
        port: 0,
        detail: 'cannot bind UDP 192.0.2.1:5060',
      },
      switches: {
        doNotDisturb: false,
        autoAnswer: false,
        microphoneMuted: false,
        pictureMuted: false,
      },
      commands: {
        received: 5,
        answered: 4,
        complaints: 2,
        suppressed: 0,
        ignored: 1,
        limited: 0,
        repeated: 0,
      },
      calls: [],
      recordings: [],
      conference: [],
      recent: [],
      warnings: ['control.address is 0.0.0.0'],
      problems: ['sip: cannot bind UDP 192.0.2.1:5060'],
    };
    expect(statusInWords(bare).split('\n')).toEqual([
      'dashvoip 0.1.0, up 0:03, not ready yet',
      '  sip           not open: cannot bind UDP 192.0.2.1:5060',
      '  registration  none: called by address',
      '  commands      5 messages in, 3 of them noise',
      '  media         not up yet',
      'no call',
      'warnings',
      '  control.address is 0.0.0.0',
      'problems',
      '  sip: cannot bind UDP 192.0.2.1:5060',
    ]);
    expect(statusLine(bare)).toBe('no call | ! sip: cannot bind UDP 192.0.2.1:5060');
  });

  it('knows a status when it sees one', () => {
    expect(v.is(statusReplySchema, STATUS_EXAMPLE)).toBe(true);
    for (const other of [undefined, null, 5, {}, { ...STATUS_EXAMPLE, calls: 1 }]) {
      expect(v.is(statusReplySchema, other)).toBe(false);
    }
  });
});

describe('words', () => {
  it('for notifications', () => {
    expect(notificationInWords('camera', { state: 'idle' })).toBe('camera: state idle');
    expect(notificationInWords('stopping', undefined)).toBe('stopping');
    expect(notificationInWords('conference', { calls: [1, 2] })).toBe('conference: calls 1,2');
    const calls = [{ direction: 'incoming', remote: 'sip:a@b' }];
    expect(notificationInWords('watched', { of: 'sip:200@b', calls })).toBe(
      'watched: of sip:200@b, calls incoming sip:a@b',
    );
    expect(notificationInWords('quality', { call: 1 })).toBeUndefined();
  });

  it('for times', () => {
    expect([0, 59, 60, 3599, 3600, 86_399].map(clockText)).toEqual([
      '0:00',
      '0:59',
      '1:00',
      '59:59',
      '1:00:00',
      '23:59:59',
    ]);
  });
});
