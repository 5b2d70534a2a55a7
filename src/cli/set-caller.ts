import { dirname, resolve } from 'node:path';
import { accountsOf, readConfig } from '../config';
import { CALLER_NAME, callersRealm, withCaller } from '../platform';
import { type CliCommand, EXIT, type Invocation, print, UsageException } from './cli-command';
import { askNewPassword, changeSecretFile } from './secret-file';

/** Writes the record of somebody who can prove who he is when he calls. */
export const SET_CALLER: CliCommand = {
  name: 'config set-caller',
  arguments: [{ label: 'NAME', description: 'The user name that he calls with.' }],
  summary: 'Sets the password of somebody who may call directly.',
  details:
    'For policy.directCalls "prove". Asks for the password twice on the terminal, or takes the first line of standard input. What is written to policy.callersFile of --config is a line of his for each realm that callers are asked by, with hashes that tell the password from others (digest, SHA-256 and MD5): in a file of mode 0600; if root asks, of the owner of the configuration, and for its group where not everybody may read that. In force within a second or two; to take the right away, take the line away.',
  options: ['config'],
  run: setCaller,
};

async function setCaller(invocation: Invocation): Promise<number> {
  const {
    arguments: [name = ''],
    config,
  } = invocation;
  if (!CALLER_NAME.test(name)) {
    throw wrongly(
      `NAME: found ${JSON.stringify(name.slice(0, 80))}, expected up to 64 letters, digits and marks, as "mother"`,
    );
  }
  if (config === undefined) throw wrongly('expected --config, which says where callers are kept');
  const { policy, ...rest } = readConfig(config);
  const file = resolve(dirname(config), policy.callersFile);
  const uris = accountsOf(rest).map(({ uri }) => uri);
  const realms = [
    ...new Set(
      (uris.length > 0 ? uris : [undefined]).map((uri) => callersRealm(uri, policy.callersRealm)),
    ),
  ];
  const password = await askNewPassword(name, SET_CALLER.name);
  await changeSecretFile(file, config, (text) => withCaller(text, name, realms, password));
  const known = realms.map((realm) => `sip:${name}@${realm}`);
  print(
    invocation.json
      ? JSON.stringify({ ok: true, file, callers: known })
      : `written to ${file}: ${known.join(', ')}`,
  );
  return EXIT.ok;
}

function wrongly(problem: string): UsageException {
  return new UsageException(problem, SET_CALLER.name);
}
