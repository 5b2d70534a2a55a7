import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';

export interface Asked {
  readonly type: string | undefined;
  readonly document: string;
}

export interface LostServer {
  readonly url: string;
  /** The questions, in order. */
  readonly asked: readonly Asked[];
  /** What is done with the next ones. */
  answer: (response: ServerResponse, request: IncomingMessage) => void;
  close(): Promise<void>;
}

/** A mapping to those URIs. */
export function mappingTo(
  uris: readonly string[],
  { expires = '2027-01-01T00:00:00Z', boundary = '' } = {},
): string {
  const ring = `<serviceBoundary profile="geodetic-2d"><p2:Polygon><p2:exterior><p2:LinearRing><p2:posList>${boundary}</p2:posList></p2:LinearRing></p2:exterior></p2:Polygon></serviceBoundary>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<findServiceResponse xmlns="urn:ietf:params:xml:ns:lost1" xmlns:p2="http://www.opengis.net/gml">
<mapping expires="${expires}" lastUpdated="2026-01-01T00:00:00Z" source="lost.example" sourceId="1">
<service>urn:service:sos</service>${boundary && ring}${uris.map((uri) => `<uri>${uri}</uri>`).join('')}
</mapping><path><via source="lost.example"/></path></findServiceResponse>`;
}

export function say(response: ServerResponse, document: string, date?: string): void {
  response.writeHead(200, {
    'Content-Type': 'application/lost+xml;charset=utf-8',
    // Without one the clock of who asks counts.
    ...(date === undefined ? {} : { Date: date }),
  });
  response.sendDate = false;
  response.end(document);
}

/** Stands in for a LoST server, on loopback. */
export async function lostServer(answer: LostServer['answer']): Promise<LostServer> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    response.sendDate = false;
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      asked.push({
        type: request.headers['content-type'],
        document: Buffer.concat(pieces).toString(),
      });
      lost.answer(response, request);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lost: LostServer = {
    url: `http://127.0.0.1:${Object(server.address()).port}/lost`,
    asked,
    answer,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return lost;
}

/** A port where nobody is any more. */
export async function deadPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Object(server.address());
  server.close();
  await once(server, 'close');
  return port;
}
