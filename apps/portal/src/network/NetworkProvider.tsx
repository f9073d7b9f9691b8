import type { GleanerError } from '@gleaner/primitives';
import { toGleanerError } from '@gleaner/primitives';
import type { NetworkDescription } from '@gleaner/sdk';
import { type ReactNode, useEffect, useState } from 'react';
import { Failure } from '../reading/Shown.tsx';
import { loadNetwork } from './loadNetwork.ts';
import { NetworkContext } from './NetworkContext.ts';

/** Everything below knows the network; before that the page says what it waits for, or what went wrong. */
export function NetworkProvider({ children }: { readonly children: ReactNode }) {
  const [network, setNetwork] = useState<NetworkDescription>();
  const [failure, setFailure] = useState<GleanerError>();
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round loads again
  useEffect(() => {
    const ending = new AbortController();
    setFailure(undefined);
    loadNetwork(ending.signal).then(setNetwork, (error: unknown) => {
      if (!ending.signal.aborted) setFailure(toGleanerError(error));
    });
    return () => ending.abort();
  }, [round]);
  if (network !== undefined) return <NetworkContext value={network}>{children}</NetworkContext>;
  return (
    <main className="page">
      <h1>Gleaner</h1>
      {failure === undefined ? (
        <p className="loading" role="status">
          Loading the description of the network…
        </p>
      ) : (
        <Failure failure={failure} title="Could not learn which network this is" again={() => setRound(round + 1)} />
      )}
    </main>
  );
}
