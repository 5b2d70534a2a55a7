export { AccountCredentials } from './account-credentials';
export { type DigestAlgorithm, type DigestChallenge, readChallenge } from './challenge';
export { authorize, type Credentials, digestResponse } from './digest';
export {
  type Authorization,
  type ChallengeOutcome,
  type Challenger,
  challengerOf,
  DigestClient,
} from './digest-client';
