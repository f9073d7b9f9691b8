import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { refused } from './errorBody.ts';

/** Statuses of what the parser says; anything else is not HTTP. */
const STATUS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what never became a request, in the form of every other failure, and ends its connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const { status, body } = refused(STATUS[error.code ?? ''] ?? 400);
    const text = JSON.stringify(body);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(text)}`,
    ];
    socket.write(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${text}`);
  }
  socket.destroy(error);
}
