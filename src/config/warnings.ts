import { isIPv4 } from 'node:net';
import { exposedSecrets } from './load';
import type { Config } from './schema';

/** What may be meant as it stands and is better known: in words, for the log and the status. */
export function configWarnings(config: Config, file: string | undefined): string[] {
  const { sip, control, media } = config;
  const [first, last] = media.rtpPorts;
  const isForMedia = (port: number): boolean => port >= first && port <= last;
  return [
    ...(file === undefined ? [] : exposedSecrets(file, config)).map(
      (path) => `every user of this machine can read the password in ${path}: chmod o-r`,
    ),
    ...(isLoopback(control.address)
      ? []
      : [
          `control.address is ${control.address}: whoever reaches it can command the agent, for there is no authentication`,
        ]),
    ...(isForMedia(sip.port) ? [`sip.port ${sip.port} lies within media.rtpPorts`] : []),
    ...(isForMedia(control.port)
      ? [`control.port ${control.port} lies within media.rtpPorts`]
      : []),
  ];
}

/** Strangers may ring by every interface: worth a word in the log, and usual for a camera. */
export function listensToAnybody({ sip, account, policy }: Config): boolean {
  const ring = (policy.directCalls ?? (account?.registrar ? 'refuse' : 'ring')) === 'ring';
  return ring && (sip.address === '0.0.0.0' || sip.address === '::');
}

function isLoopback(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}
