import type { Advice, ProbeFacts } from '../report';
import { advice, when } from './findings';

/** Where the agent listens if the configuration says nothing else. */
const SIP_PORT = 5060;
const CONTROL_PORT = 8778;
const JSON_PORT = 7878;

export function networkAdvice(facts: ProbeFacts): Advice[] {
  return [...reachAdvice(facts), ...portAdvice(facts)];
}

function reachAdvice({ network }: ProbeFacts): Advice[] {
  const addressed = network.interfaces.filter(({ name, ipv4 }) => name !== 'lo' && ipv4.length > 0);
  const lossy = network.interfaces.filter(
    ({ received, sent }) =>
      received.errors + sent.errors > (received.packets + sent.packets) / 1000,
  );
  return [
    ...when(addressed.length === 0, () =>
      advice(
        'warning',
        'no network interface has an IPv4 address',
        'nobody can be called yet',
        'none if Wi-Fi comes up later: the agent waits for it',
      ),
    ),
    ...when(addressed.length > 0 && !network.routes.some(({ to }) => to === 'default'), () =>
      advice(
        'warning',
        'there is no default route',
        'only phones in the camera’s own network can be reached, as is usual for an access point',
        'for a registrar elsewhere: join a network as a station, or add a route',
      ),
    ),
    ...when(addressed.length > 0 && network.nameServers.length === 0, () =>
      advice(
        'warning',
        '/etc/resolv.conf names no server',
        'a registrar can be given by its address only',
        'let the DHCP client write /etc/resolv.conf, which must then lie in RAM',
      ),
    ),
    ...when(!network.ipv6, () =>
      advice(
        'note',
        'the kernel has no IPv6',
        'the agent uses IPv4; programs that insist on IPv6 say "Network is unreachable"',
      ),
    ),
    ...lossy.map(({ name }) =>
      advice(
        'warning',
        `${name} counts errors`,
        'packets are lost between the camera and its network',
      ),
    ),
  ];
}

function portAdvice({ network, users }: ProbeFacts): Advice[] {
  const agent = users.processes.some(({ dashvoip }) => dashvoip === 'run');
  const taken = (port: number): boolean => !agent && network.udpPorts.includes(port);
  return [
    ...when(taken(SIP_PORT), () =>
      advice(
        'warning',
        `another program has UDP ${SIP_PORT}`,
        'the agent cannot listen for calls there',
        'stop the other phone, or set another sip.port',
      ),
    ),
    ...when(taken(CONTROL_PORT), () =>
      advice(
        'warning',
        `another program has UDP ${CONTROL_PORT}, probably the camera’s own command server`,
        'the agent’s command server cannot have it too',
        'set another control.port, and give --control to the commands',
      ),
    ),
    ...when(network.tcpPorts.includes(JSON_PORT), () =>
      advice(
        'note',
        `the camera’s JSON server listens on TCP ${JSON_PORT}`,
        'it has room for one client: whoever opens a session there locks the phone app out',
      ),
    ),
  ];
}
