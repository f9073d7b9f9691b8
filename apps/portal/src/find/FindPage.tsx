import { useEffect } from 'react';
import { Page } from '../layout/Page.tsx';
import { pathOf } from '../navigation/route.ts';
import { navigate } from '../navigation/usePlace.ts';
import { Shown } from '../reading/Shown.tsx';
import { useReading } from '../reading/useReading.ts';
import { findQuery } from './findQuery.ts';

/** Leads from a text of the search box to the page it stands for. */
export function FindPage({ text }: { readonly text: string }) {
  const path = pathOf(text);
  const isId = path?.startsWith('/find') ?? false;
  return (
    <Page title="Find">
      {path === undefined && (
        <p className="notice" role="status">
          Neither an address (0x and 40 hexadecimal digits) nor the id of a deal or task (0x and 64).
        </p>
      )}
      {path !== undefined && !isId && <Forward to={path} />}
      {isId && <FindId id={text.toLowerCase()} />}
    </Page>
  );
}

function FindId({ id }: { readonly id: string }) {
  const reading = useReading(findQuery(id));
  return (
    <Shown reading={reading} what="what this is">
      {(path) => <Forward to={path} />}
    </Shown>
  );
}

function Forward({ to }: { readonly to: string }) {
  useEffect(() => navigate(to, { replace: true }), [to]);
  return <p role="status">Found.</p>;
}
