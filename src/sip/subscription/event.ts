import type { SipRequest } from '../message';

/** Which events a subscription is for: the package and, where a dialog has several, the id (RFC 6665 §8.2.1). */
export interface EventName {
  /** As `message-summary`, in small letters. */
  readonly name: string;
  readonly id: string | undefined;
}

/** Undefined when there is none that can be read. */
export function eventOf(request: SipRequest): EventName | undefined {
  const { event } = request;
  return event && { name: event.type.toLowerCase(), id: event.params.get('id') };
}

export function eventField({ name, id }: EventName): string {
  return id === undefined ? name : `${name};id=${id}`;
}

export function isSameEvent(one: EventName, other: EventName | undefined): boolean {
  return one.name === other?.name && one.id === other.id;
}
