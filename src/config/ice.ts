import * as v from 'valibot';
import { field, path, secretText, section, text } from '../schema';
import { isPort, ONE_PASSWORD } from './kinds';

/** RFC 7064, RFC 7065. */
const SERVER =
  /^(stun|turns?):(\[[\da-f:.]+\]|[a-z\d][a-z\d._-]{0,252})(?::(\d{1,5}))?(\?transport=(udp|tcp))?$/i;

const server = v.pipe(
  section('A server.', {
    uri: field(
      v.pipe(
        v.string(),
        v.regex(SERVER),
        v.check((uri) => isPort(SERVER.exec(uri)?.[3])),
      ),
      'a URI as "stun:stun.example.org", "turn:turn.example.org:3478?transport=tcp" or "turns:turn.example.org"',
      'Where it is: `stun:` says how we are seen from outside, `turn:` gives an address of its own by UDP, or with `?transport=tcp` by TCP, `turns:` by TLS.',
    ),
    username: v.exactOptional(text('a name', 'Name at a TURN server.')),
    password: v.exactOptional(
      secretText('a password', 'Password of that name; better kept in a file.'),
    ),
    passwordFile: v.exactOptional(
      path('File whose first line is the password; relative to the configuration file.'),
    ),
  }),
  v.forward(
    v.partialCheck([['password'], ['passwordFile']], ONE_PASSWORD.isRight, ONE_PASSWORD.expected),
    ['passwordFile'],
  ),
  v.forward(
    v.partialCheck(
      [['uri'], ['username']],
      ({ uri, username }) => /^stun:/i.test(uri) === (username === undefined),
      'a name beside turn: and turns:, and none beside stun:',
    ),
    ['username'],
  ),
);

/** `media.ice`; without it nothing of ICE is loaded. */
export const ice = section(
  'Calls through NATs by ICE (RFC 8445), as docs/nat.md tells: with far ends that have it, too. An empty section offers our own address alone.',
  {
    servers: v.optional(
      field(
        v.pipe(v.array(server), v.maxLength(4)),
        'a list of at most 4 servers',
        'Servers of STUN and TURN, each asked for every call.',
      ),
      [],
    ),
    caFile: v.exactOptional(
      path(
        'Certificates (PEM) of who may have signed those of `turns:` servers; relative to the configuration file. Without it those that Node brings.',
      ),
    ),
  },
);
