import { type Random, randomFraction } from '../../platform';
import type { TransportProtocol } from '../transport';

/** An SRV record, RFC 2782. */
export interface Service {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** SRV records of a name as `_sip._udp.example.org`; rejects when there are none. */
export type ServiceLookup = (name: string) => Promise<readonly Service[]>;

/** A host as the domain that records are looked for at; undefined where there are none. */
export function domainOf(host: string): string | undefined {
  const domain = host.replace(/\.$/, '').toLowerCase();
  // Names of this network: /etc/hosts and mDNS know no services.
  return domain.includes('.') && !domain.endsWith('.local') ? domain : undefined;
}

/** Name that SRV records of a domain have, RFC 3263 §4.2. */
export function serviceName(domain: string, protocol: TransportProtocol): string {
  return protocol === 'TLS' ? `_sips._tcp.${domain}` : `_sip._${protocol.toLowerCase()}.${domain}`;
}

/** RFC 2782: a single record for the root says that there is no such service. */
export function isDenied(services: readonly Service[]): boolean {
  return services.length === 1 && services.every(({ name }) => name === '' || name === '.');
}

/** By priority, and within one by chance: as likely first as the weight is large (RFC 2782). */
export function inOrderOfService(services: readonly Service[], random: Random): Service[] {
  const priorities = [...new Set(services.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    drawn(
      services.filter((one) => one.priority === priority),
      random,
    ),
  );
}

function drawn(services: readonly Service[], random: Random): Service[] {
  // Those without weight come first, so that they have a small chance.
  const left = [...services].sort((a, b) => a.weight - b.weight);
  const order: Service[] = [];
  while (left.length > 0) {
    const sum = left.reduce((total, { weight }) => total + weight, 0);
    const lot = randomFraction(random) * sum;
    let running = 0;
    const found = left.findIndex(({ weight }) => {
      running += weight;
      return running >= lot;
    });
    order.push(...left.splice(Math.max(found, 0), 1));
  }
  return order;
}
