/** Where sentences come from, while it is open. */
export interface Source {
  /** Asks for them, where that is possible. */
  write?(text: string): void;
  close(): void;
}

export interface SourceListener {
  /** @param isWhole the last line needs no end. */
  readonly onData: (octets: Uint8Array, isWhole: boolean) => void;
  /** Nothing comes any more, or it could not be opened; nothing follows. */
  readonly onEnd: (reason: string) => void;
}
