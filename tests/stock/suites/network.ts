import { useSharedNetwork } from '../src/sharedNetwork.ts';

useSharedNetwork();
