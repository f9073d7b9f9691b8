import { beaconTable } from './tables/beaconTable.ts';
import { gasTable } from './tables/gasTable.ts';
import { refereeTable } from './tables/refereeTable.ts';
import { samplingTable } from './tables/samplingTable.ts';
import { seatsTable } from './tables/seatsTable.ts';

/** The generated tables of docs/protocol.md, by the name of their place. */
export const PROTOCOL_TABLES: Readonly<Record<string, () => string>> = {
  sampling: samplingTable,
  beacon: beaconTable,
  seats: seatsTable,
  referee: refereeTable,
  gas: gasTable,
};
