import * as v from 'valibot';
import { field, path, secretText, section, text } from '../schema';
import { ONE_PASSWORD } from './kinds';

/** RFC 7064, RFC 7065; what is loaded for it reads it whole. */
const SERVER = /^(stun|turns?):[\w.:[\]-]+(\?transport=(udp|tcp))?$/i;

const server = v.pipe(
  section('A server.', {
    uri: field(
      v.pipe(v.string(), v.regex(SERVER)),
      'a URI as "stun:stun.example.org" or "turns:turn.example.org:5349"',
      'What is asked, and how.',
    ),
    username: v.exactOptional(text('a name', 'Name at a TURN server.')),
    password: v.exactOptional(secretText('a password', 'Its password; better kept in a file.')),
    passwordFile: v.exactOptional(
      path('File whose first line it is; relative to the configuration file.'),
    ),
  }),
  v.forward(
    v.partialCheck([['password'], ['passwordFile']], ONE_PASSWORD.isRight, ONE_PASSWORD.expected),
    ['passwordFile'],
  ),
);

/** `media.ice`; without it nothing of ICE is loaded. */
export const ice = section('Calls through NATs by ICE (docs/nat.md).', {
  servers: v.optional(
    field(
      v.pipe(v.array(server), v.maxLength(4)),
      'a list of at most 4 servers',
      'Servers of STUN and TURN.',
    ),
    [],
  ),
  caFile: v.exactOptional(
    path('Who may have signed certificates of `turns:` (PEM); relative to the configuration file.'),
  ),
});
