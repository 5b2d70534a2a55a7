import * as v from 'valibot';
import { AUDIO_CODEC_NAMES, AUDIO_CODECS } from '../codecs';
import { isLoopback, LOG_TARGETS } from '../platform';
import {
  choice,
  field,
  flag,
  ipAddress,
  path,
  secretText,
  section,
  text,
  wholeNumber,
} from '../schema';
import { account, accounts, accountsOf, agreeOnServers, hasOwnNames, serversOf } from './account';
import { dialPlan } from './dial-plan';
import { emergency, hasCar } from './emergency';
import { ice } from './ice';
import { onlyOneOf, pairOfPorts, rtspUrl, transportOf } from './kinds';
import { mqttSection } from './mqtt';
import { opus } from './opus';
import { policy } from './policy';
import { record } from './record';
import { sdesWithoutTls, srtp, zrtp } from './srtp';
import { sipTls } from './tls';
import { tones } from './tones';
import { voiceSection } from './voice';
import { web } from './web';

const CODECS_QUOTED = AUDIO_CODEC_NAMES.map((name) => `"${name}"`).join(', ');
const CODECS_EXPLAINED = AUDIO_CODEC_NAMES.map(
  (name) => `${name} (${AUDIO_CODECS[name].meaning})`,
).join(', ');

const DEVICE_KINDS = 'an object with "kind": "camera", "alsa", "file" or "null"';

const alsa = v.object({
  kind: choice(['alsa'], 'An ALSA device.'),
  device: text('an ALSA device name, as "hw:0"', 'Name of the ALSA device.'),
});
const nothing = v.object({ kind: choice(['null'], 'Silence; no device is touched.') });

const microphone = v.pipe(
  v.variant('kind', [
    v.object({ kind: choice(['camera'], 'The camera’s own microphone, through its encoder.') }),
    alsa,
    v.object({
      kind: choice(['file'], 'A WAV file (16 bits), repeated for ever.'),
      path: path('Path of the WAV file.'),
    }),
    nothing,
  ]),
  v.metadata({ expected: DEVICE_KINDS }),
  v.description('Where the near end’s voice comes from.'),
);

const speaker = v.pipe(
  v.variant('kind', [
    v.object({ kind: choice(['camera'], 'The camera’s own speaker, by stream-in.') }),
    alsa,
    v.object({
      kind: choice(['file'], 'A WAV file, written at the pace of a device.'),
      path: path('Path of the WAV file.'),
    }),
    nothing,
  ]),
  v.metadata({ expected: DEVICE_KINDS }),
  v.description('Where the far end’s voice goes.'),
);

/** What an address of the account asks for has to be listened on, too: answers come there. */
function isSpoken(transports: readonly string[], uri: string | undefined): boolean {
  const named = transportOf(uri ?? '');
  return named === undefined || transports.includes(named);
}

const SPOKEN = 'a transport of sip.transports';
const ONE_KEY = onlyOneOf('key', 'keyFile');

/** The whole configuration: type, validation, defaults and reference document in one. */
export const configSchema = v.pipe(
  v.object({
    sip: v.optional(
      section('The SIP listening point.', {
        address: v.optional(
          ipAddress(
            'Address to listen on; 0.0.0.0 means every interface, since a camera’s own address comes and goes with its network.',
          ),
          '0.0.0.0',
        ),
        port: v.optional(
          wholeNumber(
            0,
            65_535,
            'UDP, TCP and SCTP port; 0 takes any free one of each. TLS has `sip.tls.port`.',
          ),
          5060,
        ),
        transports: v.optional(
          field(
            v.pipe(
              v.array(v.picklist(['udp', 'tcp', 'tls', 'sctp'])),
              v.minLength(1),
              v.check((list) => new Set(list).size === list.length),
            ),
            'a list of "udp", "tcp", "tls" and "sctp", each once',
            'Transports that are listened on and spoken; the first one is taken where an address does not say which. With "tcp" beside it a request too large for a datagram goes by TCP. A `sips:` address goes by "tls" only. "sctp" needs a build and a kernel with it.',
          ),
          ['udp'],
        ),
        tls: v.optional(sipTls, {}),
        sessionExpires: v.optional(
          wholeNumber(
            90,
            86_400,
            'Session interval asked for (RFC 4028), in seconds: a call that nobody refreshes meanwhile ends, on hold too.',
          ),
          1800,
        ),
        reliableProvisional: v.optional(
          flag(
            'Serve callers that demand reliable ringing (100rel, RFC 3262) or send UPDATE (RFC 3311), as some exchanges of mobile networks do. As a caller the camera acknowledges reliable answers in any case.',
          ),
          false,
        ),
      }),
      {},
    ),
    account: v.exactOptional(account),
    accounts: v.optional(accounts, []),
    media: v.optional(
      section('Sound and picture.', {
        microphone: v.optional(microphone, { kind: 'camera' }),
        speaker: v.optional(speaker, { kind: 'camera' }),
        video: v.optional(
          choice(['camera', 'none'], 'Whether the camera’s picture is offered.'),
          'camera',
        ),
        codecs: v.optional(
          field(
            v.pipe(
              v.array(v.picklist(AUDIO_CODEC_NAMES)),
              v.minLength(1),
              v.check((list) => new Set(list).size === list.length),
            ),
            `a list of ${CODECS_QUOTED}, each once`,
            `Audio codecs offered, in order of preference: ${CODECS_EXPLAINED}.`,
          ),
          AUDIO_CODEC_NAMES.filter((name) => AUDIO_CODECS[name].byDefault),
        ),
        opus,
        silenceSuppression: v.optional(
          flag(
            'Next to nothing is sent in pauses of speech: by Opus in a way of its own (DTX), both ways; with other codecs comfort noise (RFC 3389) goes out in pauses, and may come, where the far end has it; in a loud place sound is sent all the time.',
          ),
          false,
        ),
        srtp: v.optional(srtp, 'preferred'),
        sdesWithoutTls: v.optional(sdesWithoutTls, false),
        ice: v.exactOptional(ice),
        zrtp: v.optional(zrtp, 'off'),
        rtpPorts: v.optional(
          pairOfPorts('First and last UDP port for RTP and RTCP; a video call takes four.'),
          [40_000, 40_199],
        ),
        audioDscp: v.optional(wholeNumber(0, 63, 'DSCP mark of sound; 46 is EF.'), 46),
        videoDscp: v.optional(wholeNumber(0, 63, 'DSCP mark of the picture; 34 is AF41.'), 34),
        rtpTimeout: v.optional(
          wholeNumber(
            5,
            3600,
            'Seconds without RTP and RTCP after which the far end is asked (OPTIONS) whether it is still there; the call ends when it does not answer.',
          ),
          20,
        ),
        jitterBufferMaxMs: v.optional(
          wholeNumber(40, 1000, 'Hard cap of the jitter buffer, in milliseconds.'),
          200,
        ),
        realtimePriority: v.optional(
          wholeNumber(0, 99, 'SCHED_FIFO priority of the media thread; 0 keeps the ordinary one.'),
          20,
        ),
      }),
      {},
    ),
    camera: v.optional(
      section('The link to the camera.', {
        link: v.optional(
          choice(
            ['netfifo', 'rtsp', 'none'],
            'NetFIFO; the stream of the camera’s own RTSP server, where that keeps NetFIFO to itself; ' +
              'or no camera at all (a plain telephone).',
          ),
          'netfifo',
        ),
        rtspUrl: v.optional(
          rtspUrl('The stream, with link "rtsp". The camera’s speaker cannot be reached that way.'),
          'rtsp://127.0.0.1/live',
        ),
      }),
      {},
    ),
    control: v.optional(
      section('The UDP command server.', {
        address: v.optional(
          ipAddress(
            'Address to listen on. Beyond loopback only clients are served that prove that they know a key (`keyFile`).',
          ),
          '127.0.0.1',
        ),
        port: v.optional(wholeNumber(0, 65_535, 'UDP port; 0 takes any free one.'), 8778),
        server: v.optional(
          choice(
            ['own', 'relay'],
            'Whether clients come here themselves, or the camera’s own command server has the sessions and passes our messages on, on loopback.',
          ),
          'own',
        ),
        firstId: v.optional(
          wholeNumber(
            2052,
            2 ** 31 - 257,
            'Message id of the first command; the others follow it. A block that the camera’s own server leaves free.',
          ),
          2560,
        ),
        holders: v.optional(
          choice(
            ['several', 'one'],
            'How many clients have a session at a time. With "one", as with the camera’s own server, another one gets none while the first answers.',
          ),
          'several',
        ),
        key: v.exactOptional(
          secretText(
            'a key of 16 characters or more',
            'Key shared with the clients; better kept in a file.',
            16,
          ),
        ),
        keyFile: v.exactOptional(
          path('File whose first line is that key; relative to the configuration file.'),
        ),
      }),
      {},
    ),
    voice: v.exactOptional(voiceSection),
    mqtt: v.exactOptional(mqttSection),
    web: v.exactOptional(web),
    policy: v.optional(policy, {}),
    dialPlan: v.optional(dialPlan, {}),
    emergency: v.exactOptional(emergency),
    record: v.optional(record, {}),
    tones: v.optional(tones, {}),
    state: v.optional(
      section('What outlives the process.', {
        directory: v.exactOptional(
          path(
            'Folder for the history of calls, for the phone book (`phone-book.json`), for events that wait for the MQTT broker and, in `stills`, for pictures that were asked for; made when it is not there; relative to the configuration file. Without it history, phone book and events are forgotten when the agent ends, and no picture is kept; where it cannot be written they are kept in memory, and the status says so.',
          ),
        ),
      }),
      {},
    ),
    log: v.optional(
      section('The log: logfmt, a line an event.', {
        level: v.optional(
          choice(['error', 'warn', 'info', 'debug'], 'The least that is written.'),
          'info',
        ),
        target: v.optional(
          choice(
            LOG_TARGETS,
            'Where to: standard error, syslog by `logger` (facility daemon, priority by level), or both. While nobody takes them there, lines go to standard error.',
          ),
          'stderr',
        ),
      }),
      {},
    ),
  }),
  v.forward(
    v.partialCheck(
      [
        ['sip', 'port'],
        ['control', 'port'],
      ],
      ({ sip, control }) => sip.port !== control.port || sip.port === 0,
      'another port than sip.port',
    ),
    ['control', 'port'],
  ),
  v.forward(
    v.partialCheck(
      [['sip']],
      ({ sip: { port, transports, tls } }) =>
        port !== tls.port ||
        port === 0 ||
        !(transports.includes('tcp') && transports.includes('tls')),
      'a port of its own: at sip.port TCP listens',
    ),
    ['sip', 'tls'],
  ),
  v.forward(
    v.partialCheck(
      [['sip'], ['account']],
      ({ sip, account }) => isSpoken(sip.transports, account?.uri),
      SPOKEN,
    ),
    ['account', 'uri'],
  ),
  v.forward(
    v.partialCheck(
      [['sip'], ['account']],
      ({ sip, account }) => isSpoken(sip.transports, account?.registrar),
      SPOKEN,
    ),
    ['account', 'registrar'],
  ),
  v.forward(
    v.partialCheck(
      [['sip'], ['account']],
      ({ sip, account }) => isSpoken(sip.transports, account?.outboundProxy),
      SPOKEN,
    ),
    ['account', 'outboundProxy'],
  ),
  v.forward(
    v.partialCheck(
      [['sip'], ['account']],
      ({ sip, account }) =>
        (account?.outboundProxies ?? []).every((uri) => isSpoken(sip.transports, uri)),
      SPOKEN,
    ),
    ['account', 'outboundProxies'],
  ),
  v.forward(
    v.partialCheck(
      [['sip'], ['accounts']],
      ({ sip, accounts: list }) =>
        list
          .flatMap((one) => [one.uri, ...serversOf(one)])
          .every((uri) => isSpoken(sip.transports, uri)),
      'accounts whose addresses name no transport but those of sip.transports',
    ),
    ['accounts'],
  ),
  v.forward(
    v.partialCheck(
      [['account'], ['accounts']],
      (config) => hasOwnNames(accountsOf(config)),
      'accounts of which no two have the same name or uri',
    ),
    ['accounts'],
  ),
  v.forward(
    v.partialCheck(
      [['account'], ['accounts']],
      (config) => agreeOnServers(accountsOf(config)),
      'accounts that have the same tls where they have the same server',
    ),
    ['accounts'],
  ),
  v.forward(
    v.partialCheck(
      [['control']],
      ({ control: { server, address } }) => server === 'own' || isLoopback(address),
      'an address of 127.0.0.0/8 or ::1, where the camera’s own server passes messages on',
    ),
    ['control', 'address'],
  ),
  v.forward(
    v.partialCheck([['control']], ({ control }) => ONE_KEY.isRight(control), ONE_KEY.expected),
    ['control', 'keyFile'],
  ),
  v.forward(
    v.partialCheck(
      [['control']],
      ({ control: { server, key, keyFile } }) =>
        server === 'own' || (key === undefined && keyFile === undefined),
      'no key: behind the camera’s own server it has the sessions',
    ),
    ['control', 'server'],
  ),
  v.forward(
    v.partialCheck(
      [['web'], ['state']],
      ({ web: page, state }) => page?.tls?.kind !== 'self-made' || state.directory !== undefined,
      'state.directory beside it, where the certificate is kept',
    ),
    ['web', 'tls'],
  ),
  v.forward(
    v.partialCheck(
      [['emergency']],
      ({ emergency: help }) => hasCar(help),
      'emergency.eCall beside it, which says what car calls',
    ),
    ['emergency', 'calls'],
  ),
  v.metadata({ expected: 'an object' }),
);

export type Config = v.InferOutput<typeof configSchema>;
