export {
  type AddressFamily,
  type Destination,
  type Lookup,
  type ResolveFailure,
  Resolver,
  systemLookup,
} from './resolver';
