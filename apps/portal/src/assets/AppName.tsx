import type { Address } from '@gleaner/primitives';
import { Link } from '../navigation/Link.tsx';
import { appPath } from '../navigation/route.ts';
import { shorten } from '../values/format.ts';

/** An app by its name, which its owner chose freely; the address tells apps apart. Leads to the app's page. */
export function AppName({ app, name }: { readonly app: Address; readonly name: string | undefined }) {
  return (
    <Link to={appPath(app)} title={app}>
      {name === undefined || name === '' ? shorten(app, 10, 4) : name}
    </Link>
  );
}
