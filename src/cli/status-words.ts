import {
  type AgreedMedia,
  type CallQuality,
  type CallStatus,
  qualityOf,
  type StatusReply,
  type WatchedStatus,
} from '../control';

/** A status for people: one fact per line, what is wrong at the end. */
export function statusInWords(status: StatusReply): string {
  const { version, uptimeS, startToReadyMs, calls, recent, warnings, problems } = status;
  const ready = startToReadyMs === undefined ? 'not ready yet' : `ready after ${startToReadyMs} ms`;
  return [
    `dashvoip ${version}, up ${clockText(uptimeS)}, ${ready}`,
    ...table([
      ['sip', sipText(status)],
      ...registrationRows(status),
      ...watchedRows(status),
      ...switchRows(status),
      ['commands', commandsText(status)],
      ...mqttRows(status),
      ...webRows(status),
      ...deviceRows(status),
      ...recordingRows(status),
    ]),
    ...(calls.length === 0 ? ['no call'] : calls.flatMap(callLines)),
    ...(recent.length > 0
      ? ['last calls', ...recent.map((entry) => recentLine(entry, status.accounts))]
      : []),
    ...(warnings.length > 0 ? ['warnings', ...warnings.map((line) => `  ${line}`)] : []),
    ...(problems.length > 0 ? ['problems', ...problems.map((line) => `  ${line}`)] : []),
  ].join('\n');
}

/** A status on one line, for watching: what matters most comes first, for a line may be cut. */
export function statusLine({ accounts, switches, engine, calls, problems }: StatusReply): string {
  const parts = [
    ...(calls.length === 0 ? ['no call'] : calls.map(callLine)),
    ...(problems.length > 0 ? [`! ${problems.join('; ')}`] : []),
    ...switchedOn(switches),
    ...accounts.flatMap(({ registration, account }) =>
      registration
        ? [accounts.length > 1 ? `${account} ${registration.state}` : registration.state]
        : [],
    ),
    ...(engine && engine.camera.state !== 'none' ? [`camera ${engine.camera.state}`] : []),
  ];
  return parts.join(' | ');
}

/** One notification for people; undefined for what the line shows anyway. */
export function notificationInWords(type: string, param: unknown): string | undefined {
  if (type === 'quality') return undefined;
  if (typeof param !== 'object' || param === null) return type;
  const fields = Object.entries(param).map(([name, value]) => `${name} ${inWords(value)}`);
  return `${type}: ${fields.join(', ')}`;
}

/** What a list or an object holds, without its names. */
function inWords(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value)
    .map(inWords)
    .join(Array.isArray(value) ? ',' : ' ');
}

function sipText({ sip, startToReadyMs }: StatusReply): string {
  if (sip.detail) return startToReadyMs === undefined ? `not open: ${sip.detail}` : sip.detail;
  const everywhere = sip.address === '0.0.0.0' || sip.address === '::';
  const refused = Object.values(sip.refusedCalls).reduce((sum, count) => sum + count, 0);
  return [
    `UDP port ${sip.port} of ${everywhere ? 'every interface' : sip.address}`,
    `${sip.received ?? 0} messages in, ${sip.sent ?? 0} out`,
    ...(refused > 0 ? [`${refused} calls refused`] : []),
  ].join(', ');
}

function switchRows({ switches }: StatusReply): (readonly [string, string])[] {
  const on = [...switchedOn(switches), ...(switches.autoAnswer ? ['auto-answer'] : [])];
  return on.length > 0 ? [['switched on', on.join(', ')]] : [];
}

/** What keeps people out, or from hearing and seeing. */
export function switchedOn({
  doNotDisturb,
  microphoneMuted,
  pictureMuted,
}: StatusReply['switches']): string[] {
  return [
    ...(doNotDisturb ? ['do not disturb'] : []),
    ...(microphoneMuted ? ['microphone muted'] : []),
    ...(pictureMuted ? ['picture muted'] : []),
  ];
}

function commandsText({ commands }: StatusReply): string {
  const { received, complaints, ignored } = commands;
  const noise = complaints + ignored;
  return `${received} messages in${noise > 0 ? `, ${noise} of them noise` : ''}`;
}

function recordingRows({ recordings }: StatusReply): [string, string][] {
  return recordings
    .filter(({ state }) => state !== 'armed')
    .map(({ call, state, file, durationMs, droppedMs, error }) => [
      'recording',
      [
        `${call === undefined ? 'the camera' : `call ${call}`}: ${state}`,
        ...(file ? [file] : []),
        `${Math.floor(durationMs / 1000)} s`,
        ...(droppedMs > 0 ? [`${droppedMs} ms lost`] : []),
        ...(error ? [error] : []),
      ].join(', '),
    ]);
}

function mqttRows({ mqtt }: StatusReply): [string, string][] {
  if (!mqtt) return [];
  const { connected, broker, since, waiting, dropped } = mqtt;
  const when = since.slice(0, 16).replace('T', ' ');
  return [
    [
      'mqtt',
      [
        `${connected ? 'connected to' : 'away from'} ${broker} since ${when}`,
        ...(waiting > 0 ? [`${waiting} events wait`] : []),
        ...(dropped > 0 ? [`${dropped} dropped`] : []),
      ].join(', '),
    ],
  ];
}

function webRows({ web }: StatusReply): (readonly [string, string])[] {
  if (!web) return [];
  const { address, port, detail, encrypted, sessions, guests, streams, refusedLogins } = web;
  if (detail) return [['web page', `not open: ${detail}`]];
  const host = address.includes(':') ? `[${address}]` : address;
  const facts = [
    `${encrypted ? 'https' : 'http'}://${host}:${port}`,
    `${sessions} logged in`,
    ...(guests > 0 ? [`${guests} by invitation`] : []),
    `${streams} listening`,
    ...(refusedLogins > 0 ? [`${refusedLogins} logins refused`] : []),
  ];
  return [['web page', facts.join(', ')]];
}

/** A row for each account. */
export function registrationRows({ accounts }: StatusReply): [string, string][] {
  if (accounts.length === 0) return [['registration', 'none: called by address']];
  return accounts.map((one, place) => [
    place === 0 ? 'registration' : '',
    `${nameOf(one)}${registrationText(one)}`,
  ]);
}

/** A row for each whom an account watches. */
function watchedRows({ accounts }: StatusReply): [string, string][] {
  return accounts
    .flatMap(({ watched = [] }) => watched)
    .map((one, place) => [place === 0 ? 'watched' : '', watchedText(one)]);
}

function watchedText(one: WatchedStatus): string {
  switch (one.kind) {
    case 'presence': {
      const doing = one.activities.length > 0 ? `, ${one.activities.join(', ')}` : '';
      return `${one.of}: ${one.state}${doing}${one.note ? ` (${one.note})` : ''}`;
    }
    case 'line': {
      const calls = one.calls.map(({ direction, remote = 'somebody', held }) => {
        const way = direction === undefined ? 'with' : direction === 'incoming' ? 'from' : 'to';
        return `${way} ${remote}${held ? ' (held)' : ''}`;
      });
      return [`${one.of}: ${one.state}`, ...calls].join(', ');
    }
    case 'registrations':
      return [
        `${one.of}: registrations ${one.state}`,
        ...one.contacts.map(({ uri, state }) => `${uri}${state === 'active' ? '' : ` ${state}`}`),
      ].join(', ');
  }
}

/** Where it is not its address anyway. */
function nameOf({ account }: StatusReply['accounts'][number]): string {
  return account.includes('@') ? '' : `${account}: `;
}

export function registrationText({ registration, uri }: StatusReply['accounts'][number]): string {
  if (!registration) return `${uri}, without a registrar`;
  const { state, registrar, detail, expiresInS, flows = [] } = registration;
  if (state !== 'registered') {
    return `${state}: ${uri} at ${registrar}${detail ? ` (${detail})` : ''}`;
  }
  const ways = flows.map(
    (one) => `${one.proxy}${one.state === 'registered' ? '' : ` (${one.detail})`}`,
  );
  const by = ways.length > 0 ? `, by ${ways.join(' and ')}` : '';
  return `${uri} at ${registrar}, for ${expiresInS} s more${by}`;
}

function deviceRows({ engine }: StatusReply): [string, string][] {
  if (!engine) return [['media', 'not up yet']];
  const { camera, microphone, speaker, realtime } = engine;
  const streaming = camera.state === 'streaming';
  const has = [
    ...(camera.hasVideo ? ['picture'] : []),
    ...(camera.hasAudio ? ['sound'] : []),
    ...(camera.hasSpeaker ? ['speaker'] : []),
  ];
  const losses = camera.sequenceGaps + camera.tornFrames + camera.droppedFrames;
  const counted = streaming ? `, ${camera.framesRead} frames` : '';
  const lost = losses > 0 ? `, ${losses} lost` : '';
  return [
    [
      'camera',
      `${camera.state}${streaming && has.length > 0 ? ` (${has.join(', ')})` : ''}${counted}${lost}`,
    ],
    ['microphone', deviceText(microphone)],
    ['speaker', deviceText(speaker)],
    ['media thread', realtime ? 'real-time' : 'ordinary priority'],
  ];
}

export function deviceText(device: NonNullable<StatusReply['engine']>['microphone']): string {
  const { kind, open, error, underruns, overruns, queuedMs } = device;
  const state = open ? 'open' : 'closed';
  const faults = [
    ...(error ? [error] : []),
    ...(underruns > 0 ? [`${underruns} underruns`] : []),
    ...(overruns > 0 ? [`${overruns} overruns`] : []),
    ...(open && queuedMs > 0 ? [`${Math.round(queuedMs)} ms queued`] : []),
  ];
  return [kind === 'null' ? 'none' : `${kind}, ${state}`, ...faults].join(', ');
}

function callLines(call: CallStatus): string[] {
  const { audio, video } = call.media ?? {};
  const quality = qualityOf(call);
  return [
    `call ${call.call}: ${callState(call)}, ${whom(call)}`,
    ...table([
      ...(audio
        ? ([
            [
              'sound',
              `${audio.codec} ${audio.direction}, ${audio.sent.packets} packets out, ${audio.received.packets} in`,
            ],
            ['', qualityText(quality)],
          ] as const)
        : []),
      ...(video
        ? ([
            [
              'picture',
              `${video.codec} ${video.direction}, ${video.frames} frames (${video.keyFrames} key), ${video.droppedFrames} dropped, ${Math.round(video.bitrate / 1000)} kbit/s${
                video.firstPictureMs === undefined
                  ? ''
                  : `, first after ${Math.round(video.firstPictureMs)} ms`
              }`,
            ],
            ...(call.agreed?.picture ? [['', pictureText(call.agreed.picture)] as const] : []),
          ] as const)
        : []),
      ...(audio ? [['encryption', encryptionText(call)] as const] : []),
    ]),
  ];
}

/** How sound and picture are encrypted, and what of it came that was not to be heard. */
export function encryptionText({ agreed, media }: CallStatus): string {
  const { audio, video } = media ?? {};
  const { encryption } = agreed ?? {};
  const zrtp = zrtpInWords(agreed?.zrtp);
  if (!encryption) {
    const part = audio?.srtp ? 'the sound alone' : video?.srtp ? 'the picture alone' : 'none';
    return [part, ...zrtp].join(', ');
  }
  const streams = [audio?.srtp, video?.srtp];
  const count = (which: 'forged' | 'replayed'): number =>
    streams.reduce((sum, srtp) => sum + (srtp?.[which] ?? 0), 0);
  const { suite } = encryption;
  return [
    `${suite}, keys by ${keysInWords(encryption)}`,
    ...zrtp,
    ...(count('forged') > 0 ? [`${count('forged')} packets of another key refused`] : []),
    ...(count('replayed') > 0 ? [`${count('replayed')} repeated`] : []),
  ].join(', ');
}

function keysInWords({ keysBy, keysHidden }: NonNullable<AgreedMedia['encryption']>): string {
  if (keysBy !== 'sdes') return keysBy.toUpperCase();
  return keysHidden ? 'SDES over TLS' : 'SDES, which anybody on the way of SIP can read';
}

/** The string to compare, and what is known of the far end; or how far ZRTP has come. */
function zrtpInWords(zrtp: AgreedMedia['zrtp']): string[] {
  if (!zrtp) return [];
  const { state, sas, verified, known, detail } = zrtp;
  const because = detail === '' ? '' : `: ${detail}`;
  switch (state) {
    case 'asking':
      return ['the far end is asked whether it speaks ZRTP'];
    case 'failed':
      return [`no ZRTP${because}`];
    case 'secure':
      return [
        `string "${sas}" ${verified ? 'compared' : 'not compared yet'}`,
        ...(known ? ['known from an earlier call'] : []),
        ...(detail === '' ? [] : [detail]),
      ];
  }
}

/** Which of our formats was taken, and how. */
function pictureText(picture: NonNullable<AgreedMedia['picture']>): string {
  const { profileLevelId, cameraProfileLevelId, packetizationMode, modeAssumed } = picture;
  const isOther = cameraProfileLevelId !== undefined && cameraProfileLevelId !== profileLevelId;
  return [
    `taken as profile ${profileLevelId}${isOther ? ` (the camera sends ${cameraProfileLevelId})` : ''}`,
    ...(packetizationMode === undefined
      ? []
      : [
          `packetization mode ${packetizationMode}${modeAssumed ? ' (the far end named none)' : ''}`,
        ]),
    ...(picture.rtxPayloadType === undefined ? [] : ['what it misses goes by RTX']),
    ...(picture.maxBitrate === undefined
      ? []
      : [`at most ${Math.round(picture.maxBitrate / 1000)} kbit/s`]),
  ].join(', ');
}

export function callLine(call: CallStatus): string {
  const whomShort = call.remote.replace(/^sip:/, '');
  const head = `${call.call} ${callState(call)} ${whomShort}`;
  return call.media?.audio ? `${head}, ${shortQuality(qualityOf(call))}` : head;
}

/** Milliseconds where no unit stands. */
function shortQuality(quality: CallQuality): string {
  return [
    `MOS ${quality.mos?.toFixed(1) ?? '?'}`,
    `loss ${quality.lossPercent ?? 0}%`,
    `jitter ${quality.jitterMs ?? 0}`,
    `buffer ${quality.bufferMs ?? 0}`,
    `rtt ${quality.roundTripMs ?? '?'}`,
    `concealed ${quality.concealedPercent ?? 0}%`,
    `pacing ${(quality.pacingP99Ms ?? 0).toFixed(2)}`,
  ].join(' ');
}

export function callState({ state, heldBy, durationS }: CallStatus): string {
  const time = state === 'active' || state === 'held' ? ` ${clockText(durationS)}` : '';
  return `${state}${heldBy ? ` by ${heldBy}` : ''}${time}`;
}

export function whom(call: CallStatus): string {
  const { direction, account, insteadOf, remote, contact, displayName, diverted, redirectedTo } =
    call;
  const others = call.participants?.map(({ uri, displayName }) => displayName ?? uri).join(', ');
  const known = contact ?? displayName;
  const name = known ? ` (${known})` : '';
  const why = diverted?.reason ? ` (${diverted.reason})` : '';
  const sentOn = diverted ? `, sent on by ${diverted.by}${why}` : '';
  const onward = redirectedTo ? `, redirected to ${redirectedTo}` : '';
  const way = insteadOf ? `, by ${account} instead of ${insteadOf}` : '';
  return `${direction === 'incoming' ? 'from' : 'to'} ${remote}${name}${sentOn}${onward}${way}${others ? `, in a conference of ${others}` : ''}`;
}

function qualityText(quality: CallQuality): string {
  const { lossPercent, jitterMs, bufferMs, concealedPercent, pacingP99Ms } = quality;
  return [
    `loss ${lossPercent ?? 0} %`,
    `jitter ${jitterMs ?? 0} ms`,
    `buffer ${bufferMs ?? 0} ms`,
    `concealed ${concealedPercent ?? 0} %`,
    `pacing ${(pacingP99Ms ?? 0).toFixed(2)} ms`,
    `round trip ${quality.roundTripMs ?? '?'} ms`,
    `MOS ${quality.mos?.toFixed(1) ?? '?'} here, ${quality.remoteMos?.toFixed(1) ?? '?'} there`,
  ].join(', ');
}

/** @param accounts of which it was one; of a single one nothing is said. */
export function recentLine(
  entry: StatusReply['recent'][number],
  accounts: StatusReply['accounts'],
): string {
  const { startedAt, account, direction, remote, contact, redirectedTo, durationS } = entry;
  const when = startedAt.slice(0, 16).replace('T', ' ');
  const way = direction === 'incoming' ? 'from' : 'to  ';
  const named = contact === undefined ? remote : `${remote} (${contact})`;
  const whom = redirectedTo ? `${named} (redirected to ${redirectedTo})` : named;
  const by = account === undefined || accounts.length < 2 ? '' : `  (${account})`;
  const ended = `${entry.ended}${entry.encryption ? ', encrypted' : ''}`;
  return `  ${when}  ${way} ${whom}  ${clockText(durationS)}  ${ended}${by}`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  return rows.map(([name, value]) => `  ${name.padEnd(13)} ${value}`);
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function clockText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}
