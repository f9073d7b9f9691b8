import type { NetworkDescription } from '@gleaner/sdk';
import { createContext, useContext } from 'react';

export const NetworkContext = createContext<NetworkDescription | undefined>(undefined);

/** The network that this portal shows. */
export function useNetwork(): NetworkDescription {
  const network = useContext(NetworkContext);
  if (network === undefined) throw new Error('useNetwork is called outside of the network');
  return network;
}
