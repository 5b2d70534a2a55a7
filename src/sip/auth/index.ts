export { AccountCredentials } from './account-credentials';
export { type DigestAlgorithm, type DigestChallenge, readChallenge } from './challenge';
export type { Claim } from './claim';
export { authorize, type Credentials, digestResponse } from './digest';
export {
  type Authorization,
  type ChallengeOutcome,
  type Challenger,
  challengerOf,
  DigestClient,
} from './digest-client';
export {
  ASKED_ALGORITHMS,
  type AskedAlgorithm,
  type DigestRealm,
  DigestServer,
  type DigestVerdict,
} from './digest-server';
