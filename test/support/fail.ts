/** What no listener should have met ends the test. */
export const fail = (error: unknown): never => {
  throw error;
};
