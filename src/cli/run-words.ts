import type { CliWords } from './cli-command';

/** The agent itself. */
export const RUN: CliWords = {
  name: 'run',
  summary: 'Starts the agent, in the foreground.',
  details:
    'Runs until SIGTERM or Ctrl-C, then hangs up, un-registers and leaves the camera in order. The log goes to standard error. Without --config every setting has its default.',
  options: ['config'],
};
