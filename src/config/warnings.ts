import { isLoopback } from '../platform';
import { accountsOf } from './account';
import { exposedSecrets, readConfigFile } from './load';
import { migrate, NEWEST_VERSION } from './migration';
import { mqttWarnings } from './mqtt';
import type { Config } from './schema';

/** What may be meant as it stands and is better known: in words, for the log and the status. */
export function configWarnings(config: Config, file: string | undefined): string[] {
  const { sip, control, media, mqtt, web } = config;
  const [first, last] = media.rtpPorts;
  const isForMedia = (port: number): boolean => port >= first && port <= last;
  return [
    ...(file === undefined ? [] : ofFormerVersion(file)),
    ...(file === undefined ? [] : exposedSecrets(file, config)).map(
      ({ path, what }) => `every user of this machine can read the ${what} in ${path}: chmod o-r`,
    ),
    ...(isLoopback(control.address) ? [] : [openToOthers(control)]),
    ...(mqtt ? mqttWarnings(mqtt) : []),
    ...(web && web.tls?.kind === 'none' && !isLoopback(web.address)
      ? [
          `web.address is ${web.address}, and web.tls is "none": whoever listens on the way learns the password`,
        ]
      : []),
    ...(sip.transports.includes('tls') ? unverified(config) : []),
    ...(isForMedia(sip.port) ? [`sip.port ${sip.port} lies within media.rtpPorts`] : []),
    ...(isForMedia(control.port)
      ? [`control.port ${control.port} lies within media.rtpPorts`]
      : []),
  ];
}

/** Strangers may ring by every interface: worth a word in the log, and usual for a camera. */
export function listensToAnybody({ sip, policy, ...config }: Config): boolean {
  const accounts = accountsOf(config);
  const rings = (registrar: string | undefined, own = policy.directCalls): boolean =>
    (own ?? (registrar ? 'refuse' : 'ring')) === 'ring';
  const ring =
    accounts.length === 0
      ? rings(undefined)
      : accounts.some((account) => rings(account.registrar, account.policy?.directCalls));
  return ring && (sip.address === '0.0.0.0' || sip.address === '::');
}

function ofFormerVersion(file: string): string[] {
  const { version } = migrate(readConfigFile(file), file);
  if (version === NEWEST_VERSION) return [];
  return [
    `${file} is of version ${version}, and is read as one of ${NEWEST_VERSION}; "dashvoip config set" writes it so with the first setting, and keeps it as ${file}.v${version}`,
  ];
}

function unverified({ sip, account, accounts }: Config): string[] {
  const isOff = (one: typeof account): boolean => one?.tls?.verify === false;
  return [
    ...(sip.tls.verify ? [] : ['sip.tls']),
    ...(isOff(account) ? ['account.tls'] : []),
    ...accounts.flatMap((one, place) => (isOff(one) ? [`accounts[${place}].tls`] : [])),
  ].map(
    (place) =>
      `${place}.verify is off: whoever stands between this camera and the server hears everything, and can call in its name`,
  );
}

function openToOthers({ address, key }: Config['control']): string {
  const who = `control.address is ${address}:`;
  return key === undefined
    ? `${who} without control.keyFile no other machine is served`
    : `${who} whoever knows the key of control.keyFile can command the agent, and whoever listens on the way reads along`;
}
