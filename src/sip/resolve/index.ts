export {
  type AddressFamily,
  type Destinations,
  type Lookup,
  type ResolveFailure,
  Resolver,
  systemLookup,
} from './resolver';
export { type ServiceLookup, systemServices } from './services';
