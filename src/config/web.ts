import * as v from 'valibot';
import { isLoopback } from '../platform';
import { choice, field, ipAddress, path, wholeNumber } from '../schema';

const tls = v.pipe(
  v.variant('kind', [
    v.object({
      kind: choice(['self-made'], 'A certificate of the agent’s own, kept in `state.directory`.'),
    }),
    v.object({
      kind: choice(['file'], 'A certificate from files.'),
      certificateFile: path('PEM file of the certificate, those that vouch for it behind it.'),
      keyFile: path('PEM file of its private key.'),
    }),
    v.object({ kind: choice(['none'], 'Not encrypted, beyond loopback too.') }),
  ]),
  v.metadata({ expected: 'an object with "kind": "self-made", "file" or "none"' }),
  v.description(
    'How the page is encrypted; paths are relative to the configuration file. Without it not at all, which is possible on loopback only.',
  ),
);

/** A name as a browser sends it in Host, or a numeric address. */
const HOST_NAME = /^[a-z\d](?:[a-z\d.-]{0,252}[a-z\d])?$|^[\da-f:]{2,39}$/i;

/** The section `web`: the page that the agent serves, off without it. */
export const web = v.pipe(
  v.object({
    address: v.optional(
      ipAddress(
        'Address to listen on. Beyond loopback only with a password, and with `tls` that says how.',
      ),
      '127.0.0.1',
    ),
    port: v.optional(wholeNumber(0, 65_535, 'TCP port; 0 takes any free one.'), 8080),
    name: v.exactOptional(
      field(
        v.pipe(v.string(), v.regex(HOST_NAME)),
        'a host name, as "car-17.example.org"',
        'A further name or address by which browsers come. They are served at the address that they reach, at "localhost" and at this name only.',
      ),
    ),
    passwordFile: v.exactOptional(
      path(
        'File with the record of the page’s password, which `dashvoip config set-password` writes; relative to the configuration file. Without it there is none, which is possible on loopback only.',
      ),
    ),
    tls: v.exactOptional(tls),
  }),
  v.forward(
    v.partialCheck(
      [['address'], ['passwordFile']],
      ({ address, passwordFile }) => isLoopback(address) || passwordFile !== undefined,
      'a password file, or web.address on loopback: whoever reaches the page can command the agent',
    ),
    ['passwordFile'],
  ),
  v.forward(
    v.partialCheck(
      [['address'], ['tls']],
      ({ address, tls: how }) => isLoopback(address) || how !== undefined,
      '{"kind": "self-made"} or a certificate of yours, or {"kind": "none"} where it does not matter that whoever listens on the way learns the password',
    ),
    ['tls'],
  ),
  v.metadata({ expected: 'an object' }),
  v.description(
    'The web page. Without this section there is none; `{}` serves it to this machine.',
  ),
);
