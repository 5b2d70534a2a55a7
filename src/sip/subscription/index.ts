export type { SubscriptionEnvironment } from './environment';
export { type EventName, eventField, eventOf, isSameEvent } from './event';
export { grantedExpires, MIN_EXPIRES_S, Notifier } from './notifier';
export { Subscriber, type SubscriberListener, type SubscriptionState } from './subscriber';
export { type AfterEnd, afterEnd, type NotifiedState, notifiedState } from './subscription-state';
