import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIO_CODEC_NAMES } from '../../src/codecs';
import { checkConfig, configWarnings, listensToAnybody } from '../../src/config';
import { problems } from './problems';

const CODECS = AUDIO_CODEC_NAMES.map((name) => `"${name}"`).join(', ');

const DIAL_PLAN = {
  trunkPrefix: '0',
  internationalPrefixes: ['00'],
  rules: [],
  emergencyNumbers: ['112', '911', '119'],
};

describe('an empty configuration', () => {
  it('is whole', () => {
    expect(checkConfig({}, 'file')).toEqual({
      accounts: [],
      dialPlan: DIAL_PLAN,
      sip: {
        address: '0.0.0.0',
        port: 5060,
        transports: ['udp'],
        tls: { port: 5061, verify: true, looseNames: false },
        sessionExpires: 1800,
        reliableProvisional: false,
      },
      media: {
        microphone: { kind: 'camera' },
        speaker: { kind: 'camera' },
        video: 'camera',
        codecs: ['PCMA', 'PCMU'],
        rtpPorts: [40000, 40199],
        audioDscp: 46,
        videoDscp: 34,
        srtp: 'preferred',
        zrtp: 'off',
        sdesWithoutTls: false,
        rtpTimeout: 20,
        opus: { bitrate: 32_000, playbackRate: '48000', constantBitrate: false },
        silenceSuppression: false,
        jitterBufferMaxMs: 200,
        realtimePriority: 20,
      },
      camera: { link: 'netfifo', rtspUrl: 'rtsp://127.0.0.1/live' },
      control: {
        address: '127.0.0.1',
        port: 8778,
        server: 'own',
        firstId: 2560,
        holders: 'several',
      },
      policy: {
        ...{ autoAnswer: false, doNotDisturb: false, hideIdentity: false },
        callersFile: 'callers',
      },
      log: { level: 'info', target: 'stderr' },
      record: {
        automatic: 'none',
        folder: '/tmp/SD0',
        format: 'wav',
        preRoll: 0,
        postRoll: 0,
        floorMb: 512,
        maxFileMb: 1000,
        maxFileMinutes: 60,
      },
      tones: { country: 'kr', progress: true, ring: false },
      state: {},
    });
  });
});

describe('a complete configuration', () => {
  it('is taken as it stands', () => {
    const whole = {
      sip: {
        address: '192.0.2.1',
        port: 5062,
        transports: ['udp', 'tcp'],
        tls: {
          port: 5063,
          certificateFile: 'car.pem',
          keyFile: 'car.key',
          verify: true,
          caFile: 'pbx.pem',
          fingerprints: ['AB'.repeat(32)],
          looseNames: true,
        },
        sessionExpires: 90,
        reliableProvisional: true,
      },
      dialPlan: DIAL_PLAN,
      accounts: [
        {
          name: 'fleet-2',
          uri: 'sip:van@fleet.example',
          passwordFile: 'fleet.secret',
          messageWaiting: false,
          publishPresence: false,
          expires: 120,
          policy: { autoAnswer: true, allowFrom: ['sip:dispatch@*'] },
        },
      ],
      account: {
        uri: 'sip:car@example.org',
        displayName: 'Car',
        registrar: 'sip:[2001:db8::1]:5070;transport=tcp',
        outboundProxy: 'sip:proxy.example.org:5070;lr',
        username: 'car',
        password: 'secret',
        expires: 600,
        callsFrom: ['192.0.2.0/28', '2001:db8::1'],
        messageWaiting: true,
        publishPresence: true,
        watch: { presence: ['sip:home@example.org'], lines: [], registrations: true },
      },
      media: {
        microphone: { kind: 'alsa', device: 'hw:0' },
        speaker: { kind: 'file', path: '/tmp/out.wav' },
        video: 'none',
        codecs: ['PCMU'],
        rtpPorts: [20000, 20099],
        audioDscp: 0,
        videoDscp: 63,
        srtp: 'required',
        zrtp: 'preferred',
        sdesWithoutTls: true,
        rtpTimeout: 60,
        opus: { bitrate: 16_000, playbackRate: '16000', constantBitrate: true },
        silenceSuppression: true,
        jitterBufferMaxMs: 100,
        realtimePriority: 0,
      },
      camera: { link: 'none', rtspUrl: 'rtsp://127.0.0.1:8554/a?b=c' },
      control: {
        address: '127.0.0.1',
        port: 9000,
        server: 'own',
        firstId: 4096,
        holders: 'one',
        keyFile: 'key',
      },
      policy: {
        autoAnswer: true,
        autoAnswerFrom: ['sip:*@example.org', '192.0.2.7', '10.0.0.0/8', '::1/128'],
        directCalls: 'prove',
        ...{ callersFile: '/etc/callers', callersRealm: 'car' },
        doNotDisturb: true,
        hideIdentity: false,
      },
      record: {
        automatic: 'none',
        folder: '/tmp/SD0',
        format: 'wav',
        preRoll: 0,
        postRoll: 0,
        floorMb: 512,
        maxFileMb: 1000,
        maxFileMinutes: 60,
      },
      tones: { country: 'kr', progress: true, ring: false },
      state: { directory: 'state' },
      log: { level: 'debug', target: 'syslog' },
    };
    expect(checkConfig(whole, 'file')).toEqual(whole);
  });
});

describe('the policy of an account', () => {
  it('has no defaults, which would go before the policy of all', () => {
    const { accounts } = checkConfig({ accounts: [{ uri: 'sip:a@b', policy: {} }] }, 'file');
    expect(accounts[0]?.policy).toEqual({});
  });
});

describe('a receiver of NMEA', () => {
  it.each([
    '/dev/ttyS1',
    '/tmp/a pipe',
    'udp:0.0.0.0:10110',
    'tcp:127.0.0.1:2947',
    'tcp:[::1]:2947',
  ])('may be at %s', (nmea) => {
    const { emergency } = checkConfig({ emergency: { calls: ['112'], nmea } }, 'file');
    expect(emergency?.nmea).toBe(nmea);
  });
});

describe('a wrong configuration', () => {
  it.each([
    [5, 'found 5, expected an object'],
    [null, 'found null, expected an object'],
    [{ sip: null }, 'sip: found null, expected an object'],
    [{ sip: [] }, 'sip: found [], expected an object'],
    [{ sip: { port: '5060' } }, 'sip.port: found "5060", expected a whole number from 0 to 65535'],
    [{ sip: { port: 70000 } }, 'sip.port: found 70000, expected a whole number from 0 to 65535'],
    [{ sip: { port: 1.5 } }, 'sip.port: found 1.5, expected a whole number from 0 to 65535'],
    [
      { sip: { transports: [] } },
      'sip.transports: found [], expected a list of "udp", "tcp", "tls" and "sctp", each once',
    ],
    [
      { sip: { transports: ['tcp', 'tcp'] } },
      'sip.transports: found ["tcp","tcp"], expected a list of "udp", "tcp", "tls" and "sctp", each once',
    ],
    [{ sip: { address: 'lo' } }, 'sip.address: found "lo", expected a numeric IP address'],
    [
      { sip: { prot: 1 } },
      'sip.prot: found an unknown key, expected one of address, port, transports, tls, sessionExpires, reliableProvisional; did you mean "port"?',
    ],
    [
      { zebra: 1 },
      'zebra: found an unknown key, expected one of sip, account, accounts, media, camera, control, voice, mqtt, web, policy, dialPlan, emergency, record, tones, state, log',
    ],
    [
      { '__proto__ ': 1 },
      '"__proto__ ": found an unknown key, expected one of sip, account, accounts, media, camera, control, voice, mqtt, web, policy, dialPlan, emergency, record, tones, state, log',
    ],
    [
      { emergency: { calls: ['112', 'urn:service:sso'] } },
      'emergency.calls[1]: found "urn:service:sso", expected urn:service:sos, or one below it as urn:service:sos.police',
    ],
    [
      { emergency: { calls: ['urn:service:sos.ecall'] } },
      'emergency.calls: found ["urn:service:sos.ecall"], expected emergency.eCall beside it, which says what car calls',
    ],
    [
      { emergency: { calls: ['112'], eCall: { vin: 'OOPS', propulsion: ['diesel'] } } },
      'emergency.eCall.vin: found "OOPS", expected 17 capital letters and digits without I, O and Q',
    ],
    ...[
      'ttyS1',
      'udp:10110',
      'tcp:gps.example.org:2947',
      'tcp:127.0.0.1:65536',
      'udp:127.0.0.1:0',
    ].map((nmea): [unknown, string] => [
      { emergency: { calls: ['112'], nmea } },
      `emergency.nmea: found "${nmea}", expected a path as "/dev/ttyS1", "udp:127.0.0.1:10110" or "tcp:127.0.0.1:2947"`,
    ]),
    ...['lost.example.org', 'ftp://lost.example.org/', 'https://', 'https:// x'].map(
      (lost): [unknown, string] => [
        { emergency: { calls: ['112'], lost } },
        `emergency.lost: found "${lost}", expected a URL as "https://lost.example.org/"`,
      ],
    ),
    [{ account: {} }, 'account.uri: found nothing, expected an address as "sip:car@example.org"'],
    [
      { accounts: [{ uri: 'sip:a@b' }, {}] },
      'accounts[1].uri: found nothing, expected an address as "sip:car@example.org"',
    ],
    [
      { accounts: [{ uri: 'sip:a@b', pasword: 'x' }] },
      'accounts[0].pasword: found an unknown key, expected one of uri, name, displayName, registrar, outboundProxy, outboundProxies, callsFrom, messageWaiting, publishPresence, watch, username, password, passwordFile, realm, expires, tls, srtp, sdesWithoutTls, policy; did you mean "password"?',
    ],
    ...['sip:b', 'b@c', 'sip:b@c:0', 'sip:b@c;transport=ws'].map((uri): [object, string] => [
      { account: { uri: 'sip:a@b', watch: { presence: ['sip:b@c', uri] } } },
      `account.watch.presence[1]: found "${uri}", expected a list of at most 32 addresses, as "sip:home@example.org"`,
    ]),
    [
      { account: { uri: 'sip:a@b', watch: { lines: 'sip:b@c' } } },
      'account.watch.lines: found "sip:b@c", expected a list of at most 32 addresses, as "sip:home@example.org"',
    ],
    [
      { account: { uri: 'sip:a@b', watch: { registrations: 1 } } },
      'account.watch.registrations: found 1, expected true or false',
    ],
    [
      { accounts: [{ uri: 'sip:a@b', policy: { autoAnswer: 'yes' } }] },
      'accounts[0].policy.autoAnswer: found "yes", expected true or false',
    ],
    [
      { accounts: [{ uri: 'sip:a@b', name: 'a b' }] },
      'accounts[0].name: found "a b", expected 1 to 64 letters, digits, and any of _ . @ + -',
    ],
    [
      { accounts: { uri: 'sip:a@b' } },
      'accounts: found an object, expected a list of at most 7 accounts',
    ],
    [
      { accounts: [{ uri: 'sip:a@b', registrar: 'sip:b;transport=tcp' }] },
      'accounts: found a list, expected accounts whose addresses name no transport but those of sip.transports',
    ],
    [
      { account: { uri: 'sip:a@b' }, accounts: [{ uri: 'sip:a@b' }] },
      'accounts: found a list, expected accounts of which no two have the same name or uri',
    ],
    [
      {
        account: { uri: 'sip:a@b' },
        accounts: [{ uri: 'sip:c@B', tls: { verify: false } }],
      },
      'accounts: found a list, expected accounts that have the same tls where they have the same server',
    ],
    [
      { account: { uri: 'car' } },
      'account.uri: found "car", expected an address as "sip:car@example.org"',
    ],
    [
      { account: { uri: 'sip:a@b', registrar: 'b' } },
      'account.registrar: found "b", expected a URI as "sip:example.org"',
    ],
    [
      { account: { uri: 'sip:a@b', expires: 5 } },
      'account.expires: found 5, expected a whole number from 60 to 86400',
    ],
    [
      { account: { uri: 'sip:a@b', displayName: 'a\nb' } },
      'account.displayName: found "a\\nb", expected a name',
    ],
    [
      { account: { uri: 'sip:a@b', username: 'a' } },
      'account.username: found "a", expected a password or passwordFile beside it',
    ],
    [
      { account: { uri: 'sip:a@b', password: 'x', passwordFile: 'f' } },
      'account.passwordFile: found "f", expected only one of password and passwordFile',
    ],
    [
      { media: { microphone: { kind: 'alsa' } } },
      'media.microphone.device: found nothing, expected an ALSA device name, as "hw:0"',
    ],
    [
      { media: { microphone: { kind: 'usb' } } },
      'media.microphone.kind: found "usb", expected "camera" or "alsa" or "file" or "null"',
    ],
    [
      { media: { speaker: { kind: 'camera', device: 'hw:0' } } },
      'media.speaker.device: found an unknown key, expected one of kind',
    ],
    [
      { media: { speaker: 'camera' } },
      'media.speaker: found "camera", expected an object with "kind": "camera", "alsa", "file" or "null"',
    ],
    [
      { media: { codecs: ['PCMA', 'PCMA'] } },
      `media.codecs: found ["PCMA","PCMA"], expected a list of ${CODECS}, each once`,
    ],
    [
      { media: { codecs: ['opus'] } },
      `media.codecs[0]: found "opus", expected a list of ${CODECS}, each once`,
    ],
    [
      { media: { rtpPorts: [40000, 40001] } },
      'media.rtpPorts: found [40000,40001], expected two port numbers from 1024 to 65535, the second at least 7 above the first',
    ],
    [
      { media: { rtpPorts: [80, 40001] } },
      'media.rtpPorts[0]: found 80, expected a port number from 1024 to 65535',
    ],
    [
      { media: { realtimePriority: 100 } },
      'media.realtimePriority: found 100, expected a whole number from 0 to 99',
    ],
    [
      { camera: { link: 'usb' } },
      'camera.link: found "usb", expected "netfifo" or "rtsp" or "none"',
    ],
    [
      { camera: { rtspUrl: 'rtsp://camera.local/live' } },
      'camera.rtspUrl: found "rtsp://camera.local/live", expected a URL as "rtsp://127.0.0.1:554/live", its host a numeric IPv4 address',
    ],
    [
      { account: { uri: 'sip:a@b:99999' } },
      'account.uri: found "sip:a@b:99999", expected a port from 1 to 65535 behind the host, or none',
    ],
    [
      { account: { uri: 'sip:a@b', registrar: 'sip:b:0x' } },
      'account.registrar: found "sip:b:0x", expected a port from 1 to 65535 behind the host, or none',
    ],
    [
      { account: { uri: 'sip:a@b', outboundProxy: 'sip:b:' } },
      'account.outboundProxy: found "sip:b:", expected a port from 1 to 65535 behind the host, or none',
    ],
    [
      { account: { uri: 'sip:a@b', outboundProxies: ['sip:e1'] } },
      'account.outboundProxies: found ["sip:e1"], expected a list of 2 to 4 URIs, as "sip:edge1.example.org;transport=tls"',
    ],
    [
      { account: { uri: 'sip:a@b', outboundProxies: ['sip:e1', 'sip:e2:0'] } },
      'account.outboundProxies[1]: found "sip:e2:0", expected a list of 2 to 4 URIs, as "sip:edge1.example.org;transport=tls"',
    ],
    [
      { account: { uri: 'sip:a@b', outboundProxies: ['sip:e1', 'sip:e2;transport=tls'] } },
      'account.outboundProxies: found ["sip:e1","sip:e2;transport=tls"], expected a transport of sip.transports',
    ],
    [
      {
        account: {
          ...{ uri: 'sip:a@b', outboundProxy: 'sip:e1' },
          outboundProxies: ['sip:e1', 'sip:e2'],
        },
      },
      'account.outboundProxies: found ["sip:e1","sip:e2"], expected only one of outboundProxy and outboundProxies',
    ],
    [
      { account: { uri: 'sip:a@b', registrar: 'sip:b;transport=WS' } },
      'account.registrar: found "sip:b;transport=WS", expected the transport udp, tcp, tls or sctp, or none',
    ],
    [
      { account: { uri: 'sip:a@b', registrar: 'sip:b;transport=SCTP' } },
      'account.registrar: found "sip:b;transport=SCTP", expected a transport of sip.transports',
    ],
    [
      { sip: { transports: ['sctp'] }, account: { uri: 'sips:a@b;transport=sctp' } },
      'account.uri: found "sips:a@b;transport=sctp", expected the transport udp, tcp, tls or sctp, or none',
    ],
    [
      { account: { uri: 'sips:a@b' } },
      'account.uri: found "sips:a@b", expected a transport of sip.transports',
    ],
    [
      { sip: { transports: ['tls'] }, account: { uri: 'sips:a@b;transport=udp' } },
      'account.uri: found "sips:a@b;transport=udp", expected the transport udp, tcp, tls or sctp, or none',
    ],
    [
      { sip: { tls: { certificateFile: 'car.pem' } } },
      'sip.tls.keyFile: found nothing, expected certificateFile and keyFile, or neither',
    ],
    [
      { account: { uri: 'sip:a@b', tls: { fingerprints: ['AB:CD'] } } },
      'account.tls.fingerprints[0]: found "AB:CD", expected a list of SHA-256 fingerprints, as "AB:CD:…" of 32 octets in hexadecimal digits',
    ],
    [
      { account: { uri: 'sip:a@b', registrar: 'sip:b;transport=TCP' } },
      'account.registrar: found "sip:b;transport=TCP", expected a transport of sip.transports',
    ],
    [
      { sip: { transports: ['udp'] }, account: { uri: 'sip:a@b;transport=tcp' } },
      'account.uri: found "sip:a@b;transport=tcp", expected a transport of sip.transports',
    ],
    [
      {
        sip: { transports: ['tcp'] },
        account: { uri: 'sip:a@b', outboundProxy: 'sip:p;lr;transport=udp' },
      },
      'account.outboundProxy: found "sip:p;lr;transport=udp", expected a transport of sip.transports',
    ],
    [
      { account: { uri: 'sip:a:geheim@b' } },
      'account.uri: found "sip:a:***@b", expected an address as "sip:car@example.org"',
    ],
    [
      { account: { uri: 'sip:b' } },
      'account.uri: found "sip:b", expected an address as "sip:car@example.org"',
    ],
    [
      { account: { uri: 5, password: 'x', passwordFile: 'f' } },
      'account.passwordFile: found "f", expected only one of password and passwordFile',
    ],
    [
      { account: { uri: 'sip:a@b', expires: 'long', username: 'a' } },
      'account.username: found "a", expected a password or passwordFile beside it',
    ],
    [
      { media: { rtpPorts: [40000, 40199, 40300] } },
      'media.rtpPorts[2]: found 40300, expected two port numbers from 1024 to 65535, the second at least 7 above the first',
    ],
    [
      { sip: { port: 9000, address: 'lo' }, control: { port: 9000 } },
      'control.port: found 9000, expected another port than sip.port',
    ],
    [
      { account: { uri: 'sip:a@b', callsFrom: ['sip:a@b'] } },
      'account.callsFrom[0]: found "sip:a@b", expected a list of addresses, as "192.0.2.7" or "192.0.2.0/24"',
    ],
    [{ policy: { autoAnswer: 1 } }, 'policy.autoAnswer: found 1, expected true or false'],
    [
      { log: { level: 'loud' } },
      'log.level: found "loud", expected "error" or "warn" or "info" or "debug"',
    ],
  ])('%j: %s', (value, problem) => {
    expect(problems(value)).toContain(problem);
  });

  it('watches more than thirty-two', () => {
    const lines = (count: number): object => ({
      account: { uri: 'sip:a@b', watch: { lines: Array.from({ length: count }, () => 'sip:b@c') } },
    });
    expect(problems(lines(32))).toEqual([]);
    expect(problems(lines(33))).toEqual([expect.stringMatching(/^account\.watch\.lines: found /)]);
  });

  it.each(['rtsp://999.0.0.1/live', 'rtsp://10.0.0.1:70000/live', 'rtsp://10.0.0.1:0x/live'])(
    'the URL %s',
    (rtspUrl) => {
      expect(problems({ camera: { rtspUrl } })).toEqual([
        `camera.rtspUrl: found "${rtspUrl}", expected a URL as "rtsp://127.0.0.1:554/live", its host a numeric IPv4 address`,
      ]);
    },
  );

  it.each(['192.0.2.0/33', '2001:db8::/129', 'home', 'sip:home', '192.0.2.0/', '/8'])(
    'the caller %s',
    (entry) => {
      expect(problems({ policy: { autoAnswerFrom: [entry] } })).toEqual([
        `policy.autoAnswerFrom[0]: found "${entry}", expected a list of names, as "sip:home@example.org" or "sip:*@example.org", and addresses, as "192.0.2.7" or "192.0.2.0/24"`,
      ]);
    },
  );

  it('names all problems at once', () => {
    expect(
      problems({ sip: { port: -1, adress: '' }, log: { level: 1 }, policy: { autoAnswer: 'on' } }),
    ).toHaveLength(4);
  });

  it('never shows a secret', () => {
    const text = problems({
      account: { uri: 'sip:a@b', password: ['hunter2'], pasword: 'hunter2' },
    });
    expect(text.join('\n')).not.toContain('hunter2');
    expect(text).toContain('account.password: found a list, expected a password');
  });

  it('shortens what is long', () => {
    expect(problems({ sip: { address: 'x'.repeat(500) } })[0]?.length).toBeLessThan(120);
  });

  it('is named or taken, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ sip: fc.jsonValue(), media: fc.jsonValue(), account: fc.jsonValue() }),
        ),
        (value) => {
          for (const line of problems(value)) expect(line).toMatch(/found .+, expected .+/s);
        },
      ),
    );
  });
});

describe('what is better known', () => {
  const warnings = (value: unknown): string[] =>
    configWarnings(checkConfig(value, 'file'), undefined);

  it('is nothing by default', () => {
    expect(warnings({})).toEqual([]);
  });

  it.each([
    [
      { control: { address: '0.0.0.0' } },
      /^control.address is 0.0.0.0: without control.keyFile no other machine is served/,
    ],
    [{ control: { address: '::', key: 'k'.repeat(16) } }, /^control.address is ::: whoever knows/],
    [{ sip: { port: 40_000 } }, /^sip.port 40000 lies within media.rtpPorts/],
    [{ control: { port: 40_199 } }, /^control.port 40199 lies within media.rtpPorts/],
  ])('%j', (value, words) => {
    expect(warnings(value)).toEqual([expect.stringMatching(words)]);
  });

  it.each([
    [{ control: { address: '127.9.9.9' } }],
    [{ control: { address: '::1' } }],
    [{ sip: { port: 39_999 }, control: { port: 40_200 } }],
  ])('is not %j', (value) => {
    expect(warnings(value)).toEqual([]);
  });

  it.each([
    [{}, true],
    [{ sip: { address: '::' } }, true],
    [{ sip: { address: '192.0.2.1' } }, false],
    [{ policy: { directCalls: 'refuse' } }, false],
    [{ policy: { directCalls: 'prove' } }, false],
    [{ account: { uri: 'sip:a@b', registrar: 'sip:b' } }, false],
    [{ account: { uri: 'sip:a@b', registrar: 'sip:b' }, policy: { directCalls: 'ring' } }, true],
    [{ account: { uri: 'sip:a@b' } }, true],
  ])('%j lets anybody ring: %s', (value, anybody) => {
    expect(listensToAnybody(checkConfig(value, 'file'))).toBe(anybody);
  });
});
