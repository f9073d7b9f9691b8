import type { Address as AddressValue } from '@gleaner/primitives';
import { Address } from '../values/Identifier.tsx';

/** A worker by its account, with its name while it is connected. */
export function WorkerName({ of, names }: { readonly of: AddressValue; readonly names: ReadonlyMap<AddressValue, string> }) {
  return (
    <>
      {names.get(of)} <Address of={of} />
    </>
  );
}
