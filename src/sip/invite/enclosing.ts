import type { Body, HeaderList } from '../message';

/** What goes along with the session description of an INVITE, and the fields that speak of it. */
export interface Enclosing {
  /** The package of INFO by which the peer may ask for more (RFC 6086). */
  readonly infoPackage: string | undefined;
  with(description: Body): { readonly headers: HeaderList; readonly body: Body };
  /** What is left of it when an INVITE was refused: itself, where it was not the reason, or nothing. */
  after(status: number): Enclosing | undefined;
}
