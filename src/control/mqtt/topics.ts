/** Where each thing stands at the broker. */
export interface Topics {
  readonly availability: string;
  readonly state: string;
  readonly event: string;
  readonly command: string;
  readonly response: string;
  readonly picture: string;
  readonly discovery: string;
  registration(uri: string): string;
  call(number: number | string): string;
  quality(number: number | string): string;
  /** Whether it is another's and may be answered to: no command's topic, and nothing of ours. */
  mayBeAnsweredTo(topic: string): boolean;
}

/** Home Assistant tells that it has started there. */
export const HOME_ASSISTANT_STATUS = 'homeassistant/status';

export function topicsOf(device: string): Topics {
  const base = `dashvoip/${device}`;
  const response = `${base}/response`;
  return {
    availability: `${base}/availability`,
    state: `${base}/state`,
    event: `${base}/event`,
    command: `${base}/command`,
    response,
    picture: `${base}/picture`,
    discovery: `homeassistant/device/dashvoip-${device}/config`,
    registration: (uri) => `${base}/registration/${asLevel(uri.replace(/^sips?:/i, ''))}`,
    call: (number) => `${base}/call/${number}`,
    quality: (number) => `${base}/quality/${number}`,
    mayBeAnsweredTo: (topic) =>
      topic === response ||
      topic.startsWith(`${response}/`) ||
      (/^[^+#\0$][^+#\0]{0,255}$/.test(topic) && !/^(dashvoip|homeassistant)\//.test(topic)),
  };
}

/** Text as one level of a topic: nothing in it parts levels or stands for others. */
function asLevel(text: string): string {
  return text.replace(/[/+#\x00-\x1f\x7f]/g, '_').slice(0, 128);
}
