import { deployMarket } from '@gleaner/chain';
import type { Hex } from '@gleaner/primitives';
import { account } from '../anvil.ts';

/** Deploys a market through the given URL with the given salt; meant to be killed on the way. */
const [, , rpcUrl = '', salt = ''] = process.argv;
await deployMarket({ rpcUrl, deployer: account(0), salt: salt as Hex });
