import type { Clock, Logger, Random } from '../../platform';
import { Admission, type SourceRates } from '../admission';
import { CapabilitySet, type UsageKind } from '../capabilities';
import { DialogTable } from '../dialog';
import { MESSAGE_USAGE } from '../instant-message';
import { INVITE_USAGE, RELIABLE_USAGE, type SessionEnvironment } from '../invite';
import type { SipResponse } from '../message';
import { REFER_USAGE } from '../refer';
import { RequestSender } from '../request';
import { type AddressFamily, type NameServers, Resolver } from '../resolve';
import { MessageTrace } from '../trace';
import { StateBudget, type TimerSet, ToTags, TransactionLayer } from '../transaction';
import { type Transport, Transports } from '../transport';
import type { Guard } from './guard';
import { Receiver } from './receiver';
import type { UasCore } from './uas-core';

export interface StackParts extends NameServers {
  /** The first one goes out unless a URI says otherwise. */
  readonly transports: readonly [Transport, ...Transport[]];
  readonly families: readonly [AddressFamily, ...AddressFamily[]];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timers: TimerSet;
  readonly product: string;
  readonly maxStateBytes: number;
  readonly sourceRates: SourceRates;
  /** Session interval asked for (RFC 4028), seconds. */
  readonly sessionExpires: number;
  /** This agent, as a URN that stays the same (RFC 5626 §4.1). */
  readonly instance?: string;
  /** Whether callers may demand reliable provisional responses (RFC 3262) and send UPDATE (RFC 3311). */
  readonly reliableProvisional: boolean;
}

/** The layers below the core (RFC 3261 §5), and the dialogs that it keeps. */
export interface Stack {
  readonly transports: Transports;
  readonly admission: Admission;
  readonly tags: ToTags;
  readonly budget: StateBudget;
  readonly layer: TransactionLayer;
  readonly receiver: Receiver;
  readonly trace: MessageTrace;
  readonly sender: RequestSender;
  readonly dialogs: DialogTable;
  readonly environment: SessionEnvironment;
  /** From now on the core hears what comes. */
  listen(): void;
}

/** Of who has flows and GRUUs: they ask for nothing of who is called (RFC 5626 §4.3, RFC 5627 §4.4). */
const INSTANCE_USAGE: UsageKind = { methods: {}, extensions: ['outbound', 'gruu'] };

export function buildStack(parts: StackParts, guard: Guard, core: () => UasCore): Stack {
  const { random, log, timers, product, lookup, services, pointers, families, sessionExpires } =
    parts;
  const clock = guard.clock(parts.clock);
  const [first, ...others] = parts.transports;
  const trace = new MessageTrace(clock, log);
  const guarded = (one: Transport): Transport =>
    guard.transport(one, (bytes, flow) => trace.sent(bytes, flow));
  const transports = new Transports([guarded(first), ...others.map(guarded)]);
  const admission = new Admission(clock, parts.sourceRates);
  const tags = new ToTags(random);
  const budget = new StateBudget(parts.maxStateBytes);
  const user = {
    onRequest: (...request: Parameters<UasCore['onRequest']>) => core().onRequest(...request),
    onAck: (...ack: Parameters<UasCore['onAck']>) => core().onAck(...ack),
    // RFC 6026 §7.2: what matches no transaction is dropped, 2xx included.
    onStrayResponse: ({ status, cseq }: SipResponse) =>
      log.debug('stray response', { status, method: cseq.method }),
  };
  const layer = new TransactionLayer({ clock, timers, budget, admission, tags, user });
  const receiver = new Receiver({
    ...{ transports, layer, admission, tags, trace, log, clock },
    onUnreadable: (failure) => core().onUnreadable(failure),
  });
  const { protocols } = transports;
  const resolver = new Resolver({ lookup, services, pointers, families, protocols, clock, random });
  const sender = new RequestSender({ clock, random, log, timers, resolver, transports, layer });
  const reliable = parts.reliableProvisional ? [RELIABLE_USAGE] : [];
  const known = parts.instance === undefined ? [] : [INSTANCE_USAGE];
  const usages = [INVITE_USAGE, ...reliable, REFER_USAGE, MESSAGE_USAGE, ...known];
  const capabilities = new CapabilitySet(usages);
  const dialogs = new DialogTable(admission.calls, capabilities, product);
  const shared = { clock, random, log, timers, product, sessionExpires, capabilities };
  const environment = { ...shared, sender, dialogs };
  const listen = (): void => transports.listen((bytes, flow) => receiver.receive(bytes, flow));
  const layers = { transports, admission, tags, budget, layer, receiver, trace, sender, dialogs };
  return { ...layers, environment, listen };
}
