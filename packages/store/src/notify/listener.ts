import type { PGlite } from '@electric-sql/pglite';
import { Client, type ClientConfig } from 'pg';

/** Stops listening. */
export type Unlisten = () => Promise<void>;

/** `listen(channel, onMessage)` over one database; messages sent while the connection was down are lost, and then one empty message comes. */
export interface Listener {
  listen(channel: string, onMessage: (payload: string) => void): Promise<Unlisten>;
  close(): Promise<void>;
}

const RECONNECT_MS = 500;

/** Listens on an own connection per channel, which is opened again whenever it breaks. */
export function postgresListener(config: ClientConfig): Listener {
  const open = new Set<Unlisten>();
  const listen = async (channel: string, onMessage: (payload: string) => void): Promise<Unlisten> => {
    const subscription = subscribe(config, channel, onMessage);
    const unlisten = async (): Promise<void> => {
      open.delete(unlisten);
      await subscription.stop();
    };
    open.add(unlisten);
    return unlisten;
  };
  return { listen, close: async () => void (await Promise.all([...open].map((unlisten) => unlisten()))) };
}

function subscribe(config: ClientConfig, channel: string, onMessage: (payload: string) => void): { stop(): Promise<void> } {
  let stopped = false;
  let client: Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const current = new Client(config);
    client = current;
    current.on('error', () => {});
    current.on('end', reconnect);
    current.on('notification', ({ payload }) => onMessage(payload ?? ''));
    try {
      await current.connect();
      await current.query(`listen ${current.escapeIdentifier(channel)}`);
      onMessage('');
    } catch {
      await current.end().catch(() => {});
      reconnect();
    }
  };
  const reconnect = (): void => {
    if (stopped || retry) return;
    retry = setTimeout(() => {
      retry = undefined;
      void connect();
    }, RECONNECT_MS);
  };
  void connect();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}

export function pgliteListener(pglite: PGlite): Listener {
  return { listen: (channel, onMessage) => pglite.listen(channel, onMessage), close: async () => {} };
}
