export {
  type AddressFamily,
  type Destination,
  type Destinations,
  type Lookup,
  type ResolveFailure,
  Resolver,
  systemLookup,
} from './resolver';
