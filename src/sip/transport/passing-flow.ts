import type { Flow, SocketAddress, TransportException, TransportProtocol } from './flow';

/** A flow that is another one but for what a subclass does differently. */
export abstract class PassingFlow implements Flow {
  protected readonly flow: Flow;

  constructor(flow: Flow) {
    this.flow = flow;
  }

  get protocol(): TransportProtocol {
    return this.flow.protocol;
  }

  get reliable(): boolean {
    return this.flow.reliable;
  }

  get remote(): SocketAddress {
    return this.flow.remote;
  }

  get local(): SocketAddress {
    return this.flow.local;
  }

  get isOpen(): boolean {
    return this.flow.isOpen;
  }

  abstract send(bytes: Uint8Array, onError: (error: TransportException) => void): void;

  onClosed(listener: (error: TransportException) => void): () => void {
    return this.flow.onClosed(listener);
  }

  probe(onRefused: () => void): () => void {
    return this.flow.probe(onRefused);
  }

  abandon(): void {
    this.flow.abandon();
  }

  keepAlive(): void {
    this.flow.keepAlive();
  }
}
