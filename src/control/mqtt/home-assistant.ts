import type { RegistrationStatus } from '../../agent';
import type { Topics } from './topics';

export interface DiscoveredDevice {
  /** Which camera, as its topics say. */
  readonly device: string;
  readonly version: string;
  /** Accounts with a registrar, the default one first. */
  readonly registered: readonly Pick<RegistrationStatus, 'account' | 'uri'>[];
  readonly hasPicture: boolean;
  /** Whether there is a folder for stills, without which the command is refused. */
  readonly takesStills: boolean;
}

type Component = Readonly<Record<string, string | number | readonly string[]>>;

/** A time stamp, so that what Home Assistant kept back while its broker was away is not carried out. */
const SENT = '"sent":{{ now().isoformat() | tojson }}';

/** Device-based discovery (Home Assistant 2024.11 and later): one message for all that there is. */
export function discoveryPayload(
  { device, version, registered, hasPicture, takesStills }: DiscoveredDevice,
  topics: Topics,
): string {
  const id = `dashvoip-${device}`;
  const components: Readonly<Record<string, Component>> = {
    ...sensors(topics, registered),
    ...(hasPicture ? { picture: picture(topics) } : {}),
    ...controls(),
    ...(takesStills ? { still: button('Take a picture', 'mdi:camera', 'still') } : {}),
  };
  return JSON.stringify({
    dev: { ids: [id], name: device, mf: 'dashvoip', mdl: 'dashcam telephone', sw: version },
    o: { name: 'dashvoip', sw: version },
    availability_topic: topics.availability,
    state_topic: topics.state,
    command_topic: topics.command,
    qos: 1,
    cmps: Object.fromEntries(
      Object.entries(components).map(([key, component]) => [
        key,
        { ...component, unique_id: `${id}-${key}`, qos: 1 },
      ]),
    ),
  });
}

/** Of one account; the first has the name that it had when there was but one. */
function registrationSensor(
  topics: Topics,
  { account, uri }: DiscoveredDevice['registered'][number],
  place: number,
): readonly [string, Component] {
  return [
    place === 0 ? 'registration' : `registration_${account.replace(/\W/g, '_')}`,
    {
      p: 'sensor',
      name: place === 0 ? 'Registration' : `Registration ${account}`,
      icon: 'mdi:phone-check',
      entity_category: 'diagnostic',
      device_class: 'enum',
      options: ['none', 'trying', 'registered', 'failed', 'unregistered'],
      state_topic: topics.registration(uri),
      value_template: '{{ value_json.state }}',
    },
  ];
}

function sensors(
  topics: Topics,
  registered: DiscoveredDevice['registered'],
): Readonly<Record<string, Component>> {
  return {
    call: {
      p: 'sensor',
      name: 'Call',
      icon: 'mdi:phone',
      device_class: 'enum',
      options: ['idle', 'dialing', 'ringing', 'incoming', 'active', 'held', 'ended'],
      value_template: '{{ value_json.call }}',
    },
    remote: {
      p: 'sensor',
      name: 'Far end',
      icon: 'mdi:account-voice',
      value_template: '{{ value_json.remote[:255] }}',
    },
    ...Object.fromEntries(
      registered.map((account, place) => registrationSensor(topics, account, place)),
    ),
    mos: quality(topics, 'mos', 'Quality (MOS)', 'mdi:quality-high'),
    loss: quality(topics, 'lossPercent', 'Loss', 'mdi:lan-disconnect', '%'),
    jitter: quality(topics, 'jitterMs', 'Jitter', 'mdi:sine-wave', 'ms'),
    round_trip: quality(topics, 'roundTripMs', 'Round trip', 'mdi:timer-outline', 'ms'),
  };
}

/** Of whichever call there is; of none when its topic is taken away. */
function quality(
  topics: Topics,
  field: string,
  name: string,
  icon: string,
  unit?: string,
): Component {
  return {
    p: 'sensor',
    name,
    icon,
    state_topic: topics.quality('+'),
    state_class: 'measurement',
    entity_category: 'diagnostic',
    value_template: `{{ value_json.${field} | default(None) if value_json is defined else None }}`,
    ...(unit === undefined ? {} : { unit_of_measurement: unit }),
  };
}

function picture(topics: Topics): Component {
  return {
    p: 'image',
    name: 'Last picture',
    icon: 'mdi:image',
    image_topic: topics.picture,
    content_type: 'image/jpeg',
  };
}

function controls(): Readonly<Record<string, Component>> {
  return {
    dial: {
      p: 'text',
      name: 'Dial',
      icon: 'mdi:phone-dial',
      value_template: '{{ value_json.remote[:255] }}',
      command_template: `{"command":"call","param":{"uri":{{ value | tojson }}},${SENT}}`,
    },
    answer: button('Answer', 'mdi:phone-in-talk', 'answer'),
    hangup: button('Hang up', 'mdi:phone-hangup', 'hangup'),
    do_not_disturb: toggle('Do not disturb', 'mdi:bell-off', 'do-not-disturb', 'doNotDisturb'),
    mute_microphone: toggle(
      'Mute the microphone',
      'mdi:microphone-off',
      'mute-microphone',
      'microphoneMuted',
    ),
    mute_picture: toggle('Mute the picture', 'mdi:camera-off', 'mute-picture', 'pictureMuted'),
    auto_answer: toggle('Auto-answer', 'mdi:phone-incoming', 'auto-answer', 'autoAnswer'),
  };
}

function button(name: string, icon: string, command: string): Component {
  return {
    p: 'button',
    name,
    icon,
    payload_press: command,
    command_template: `{"command":{{ value | tojson }},${SENT}}`,
  };
}

function toggle(name: string, icon: string, command: string, field: string): Component {
  const payload = (on: boolean): string => JSON.stringify({ command, param: { on } });
  return {
    p: 'switch',
    name,
    icon,
    payload_on: payload(true),
    payload_off: payload(false),
    value_template: `{{ 'on' if value_json.${field} else 'off' }}`,
    state_on: 'on',
    state_off: 'off',
  };
}
