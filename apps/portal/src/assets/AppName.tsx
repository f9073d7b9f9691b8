import type { Address } from '@gleaner/primitives';
import { Hash } from '../values/Identifier.tsx';

/** An app by its name, which its owner chose freely; the address tells apps apart. */
export function AppName({ app, name }: { readonly app: Address; readonly name: string | undefined }) {
  if (name === undefined || name === '') return <Hash of={app} />;
  return <span title={app}>{name}</span>;
}
