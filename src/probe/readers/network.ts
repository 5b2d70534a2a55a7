import type { Machine } from './machine';
import { linesOf, numberIn, wordsOf } from './proc-text';

export interface InterfaceFacts {
  readonly name: string;
  readonly ipv4: readonly string[];
  /** Scopes only: an IPv6 address can hold the MAC address. */
  readonly ipv6: readonly ('link-local' | 'global')[];
  readonly received: Traffic;
  readonly sent: Traffic;
  readonly wireless: WirelessFacts | undefined;
}

export interface Traffic {
  readonly bytes: number;
  readonly packets: number;
  readonly errors: number;
  readonly dropped: number;
}

/** As the driver gives them; without the network's name. */
export interface WirelessFacts {
  readonly quality: number;
  readonly level: number;
  readonly noise: number;
}

export interface RouteFacts {
  readonly interface: string;
  /** `default`, or a network as `192.168.42.0/24`. */
  readonly to: string;
  readonly gateway: string | undefined;
}

export interface NetworkFacts {
  readonly interfaces: readonly InterfaceFacts[];
  readonly routes: readonly RouteFacts[];
  readonly nameServers: readonly string[];
  /** Whether the kernel has IPv6. */
  readonly ipv6: boolean;
  /** Largest socket buffers that a program may ask for, bytes. */
  readonly receiveBufferMax: number | undefined;
  readonly sendBufferMax: number | undefined;
  /** Local ports on which somebody listens. */
  readonly udpPorts: readonly number[];
  readonly tcpPorts: readonly number[];
}

const MAX_PORTS = 64;
/** States of /proc/net/tcp and udp: include/net/tcp_states.h. */
const TCP_LISTEN = '0A';
const UDP_UNCONNECTED = '07';

export function networkFacts(machine: Machine): NetworkFacts {
  const net = (name: string): string[] => linesOf(machine.text(`/proc/net/${name}`));
  return {
    interfaces: interfaces(machine, net('dev'), net('wireless')),
    routes: net('route').slice(1).flatMap(route),
    nameServers: linesOf(machine.text('/etc/resolv.conf')).flatMap((line) => {
      const [, server] = /^\s*nameserver\s+(\S+)/.exec(line) ?? [];
      return server === undefined ? [] : [sharedAddress(server)];
    }),
    ipv6: machine.text('/proc/net/if_inet6') !== undefined,
    receiveBufferMax: numberIn(machine.text('/proc/sys/net/core/rmem_max')),
    sendBufferMax: numberIn(machine.text('/proc/sys/net/core/wmem_max')),
    udpPorts: ports([...net('udp'), ...net('udp6')], UDP_UNCONNECTED),
    tcpPorts: ports([...net('tcp'), ...net('tcp6')], TCP_LISTEN),
  };
}

function interfaces(
  machine: Machine,
  lines: readonly string[],
  wireless: readonly string[],
): InterfaceFacts[] {
  const addresses = machine.addresses();
  return lines.flatMap((line) => {
    const [, name, counters] = /^\s*([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || counters === undefined) return [];
    const of = addresses.filter((each) => each.name === name);
    const counts = wordsOf(counters).map(Number);
    return [
      {
        name: withoutMac(name),
        ipv4: of
          .filter(({ family }) => family === 'IPv4')
          .map(({ address }) => sharedAddress(address)),
        ipv6: [
          ...new Set(
            of
              .filter(({ family, address }) => family === 'IPv6' && address !== '::1')
              .map(({ address }) => (/^fe[89ab]/i.test(address) ? 'link-local' : 'global')),
          ),
        ],
        received: traffic(counts.slice(0, 4)),
        sent: traffic(counts.slice(8, 12)),
        wireless: wirelessOf(name, wireless),
      },
    ];
  });
}

/** systemd may name an interface by its MAC address. */
function withoutMac(name: string): string {
  return name.replace(/^(en|wl|ww)x[0-9a-f]{12}$/, '$1x(MAC)');
}

function traffic([bytes = 0, packets = 0, errors = 0, dropped = 0]: readonly number[]): Traffic {
  return { bytes, packets, errors, dropped };
}

/** ` wlan0: 0000   54.  -56.  -256        0 ...`: status, then quality, level and noise. */
function wirelessOf(name: string, lines: readonly string[]): WirelessFacts | undefined {
  const line = lines.find((candidate) => candidate.trim().startsWith(`${name}:`));
  if (line === undefined) return undefined;
  const [, , quality = 0, level = 0, noise = 0] = wordsOf(line).map(Number.parseFloat);
  return { quality, level, noise };
}

/** /proc/net/route: interface, destination, gateway, flags, ..., mask at 7; hex in host order. */
function route(line: string): RouteFacts[] {
  const [name, to, gateway, , , , , mask] = wordsOf(line);
  if (name === undefined || to === undefined || gateway === undefined || mask === undefined) {
    return [];
  }
  const network = sharedAddress(dotted(to));
  return [
    {
      interface: withoutMac(name),
      to: /^0+$/.test(mask) ? 'default' : `${network}/${prefix(mask)}`,
      gateway: /^0+$/.test(gateway) ? undefined : sharedAddress(dotted(gateway)),
    },
  ];
}

function dotted(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}

function prefix(mask: string): number {
  return Number.parseInt(mask, 16).toString(2).replace(/0/g, '').length;
}

function ports(lines: readonly string[], state: string): number[] {
  const found = lines.flatMap((line) => {
    const [, local, , inState] = wordsOf(line);
    const [, hex] = /:([0-9A-F]{4})$/.exec(local ?? '') ?? [];
    return hex !== undefined && inState === state ? [Number.parseInt(hex, 16)] : [];
  });
  return [...new Set(found)].sort((a, b) => a - b).slice(0, MAX_PORTS);
}

/** Networks that say nothing about where a camera is: RFC 6890. */
const NOT_PUBLIC =
  /^(0\.|10\.|127\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|192\.0\.2\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

/** An IPv4 address as it may be passed on: one of the Internet is no more than `public`. */
function sharedAddress(address: string): string {
  if (address.includes(':')) return 'IPv6';
  return NOT_PUBLIC.test(address) ? address : 'public';
}
