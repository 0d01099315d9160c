/** Servers that nothing a program does may reach: HTTP and WebSocket on one port, UDP on another. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listeners {
  /** What was heard, one line each. */
  heard: string[];
  /** Connections, also those that said nothing. */
  readonly connections: number;
  /** Puts the addresses into an attack's text. */
  aim(source: string): string;
  close(): void;
}

export async function listen(): Promise<Listeners> {
  const heard: string[] = [];
  const http = createServer((request, response) => {
    heard.push(`http ${request.url}`);
    response.setHeader('access-control-allow-origin', '*').end();
  });
  http.on('upgrade', (request, socket) => {
    heard.push(`websocket ${request.url}`);
    socket.destroy();
  });
  let connections = 0;
  http.on('connection', () => connections++);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const udp = createSocket('udp4', (packet) => heard.push(`udp ${packet.length} bytes`));
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const port = (http.address() as AddressInfo).port;
  return {
    heard,
    get connections() {
      return connections;
    },
    aim: (source) =>
      source
        .replaceAll('__HTTP__', `http://127.0.0.1:${port}`)
        .replaceAll('__WS__', `ws://127.0.0.1:${port}`)
        .replaceAll('__UDP__', `127.0.0.1:${udp.address().port}`),
    close: () => {
      http.close();
      http.closeAllConnections();
      udp.close();
    },
  };
}
