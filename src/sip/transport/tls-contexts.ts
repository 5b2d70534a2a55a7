import { existsSync, readFileSync, statSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import type { KeyPair } from './self-made';
import type { TlsPolicy } from './tls-policy';

type Tls = typeof import('node:tls');

/** PEM files of a certificate, those that vouch for it behind it, and of its private key. */
export interface TlsIdentityFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** RFC 8996 has done with what came before. */
export const LEAST_VERSION = 'TLSv1.2';

/** Where systems keep the authorities that they trust: Debian and Buildroot, Fedora, Alpine. */
const SYSTEM_CA_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

interface Kept {
  /** Of the files that it is made of. */
  readonly stamp: string;
  readonly context: SecureContext;
}

/** What TLS connections are made with; files are read again when they have changed, as when a certificate is renewed. */
export class TlsContexts {
  readonly #tls: Tls;
  readonly #identity: TlsIdentityFiles | KeyPair;
  readonly #kept = new Map<string, Kept>();

  constructor(tls: Tls, identity: TlsIdentityFiles | KeyPair) {
    this.#tls = tls;
    this.#identity = identity;
  }

  /** For connections that others open. @throws Error in words when a file cannot be used */
  server(): SecureContext {
    return this.#contextOf('server', this.#identityPaths, () => this.#keyPair);
  }

  /** For ours. @throws Error in words when a file cannot be used */
  client(policy: TlsPolicy): SecureContext {
    const caFile = trustOf(policy);
    const paths = [...(caFile === undefined ? [] : [caFile]), ...this.#identityPaths];
    return this.#contextOf(`client ${caFile}`, paths, () => ({
      // One of our own making says nothing to a server that asks for it.
      ...(this.isSelfMade ? {} : this.#keyPair),
      // Undefined: those that Node has brought.
      ...(caFile === '' ? { ca: [] } : caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    }));
  }

  /** PEM of our own certificate, with what vouches for it behind it. @throws Error when it cannot be read */
  get certificate(): string {
    const identity = this.#identity;
    return 'cert' in identity ? identity.cert : readFileSync(identity.certificateFile, 'utf8');
  }

  get isSelfMade(): boolean {
    return 'cert' in this.#identity;
  }

  get #identityPaths(): string[] {
    const identity = this.#identity;
    return 'cert' in identity ? [] : [identity.certificateFile, identity.keyFile];
  }

  get #keyPair(): KeyPair {
    const identity = this.#identity;
    if ('cert' in identity) return identity;
    return { cert: this.certificate, key: readFileSync(identity.keyFile, 'utf8') };
  }

  #contextOf(name: string, paths: readonly string[], made: () => object): SecureContext {
    const files = paths.filter((path) => path !== '');
    try {
      const stamp = files.map((path) => statSync(path).mtimeMs).join(' ');
      const kept = this.#kept.get(name);
      if (kept?.stamp === stamp) return kept.context;
      const context = this.#tls.createSecureContext({ minVersion: LEAST_VERSION, ...made() });
      this.#kept.set(name, { stamp, context });
      return context;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`TLS cannot use ${files.join(' and ')}: ${reason}`);
    }
  }
}

/** The file of authorities, '' where none is asked, undefined for those that Node has brought. */
function trustOf({ verify, fingerprints, caFile }: TlsPolicy): string | undefined {
  if (!verify || fingerprints) return '';
  return caFile ?? SYSTEM_CA_FILES.find((path) => existsSync(path));
}
