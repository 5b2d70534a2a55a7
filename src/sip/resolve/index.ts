export type { AddressFamily, Lookup, NameServers } from './names';
export { type Destinations, type ResolveFailure, Resolver } from './resolver';
export { systemLookup, systemRecords } from './system-names';
