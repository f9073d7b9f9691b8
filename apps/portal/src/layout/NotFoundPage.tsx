import { Link } from '../navigation/Link.tsx';
import { Page } from './Page.tsx';

export function NotFoundPage() {
  return (
    <Page title="No such page">
      <p>
        There is nothing at this address. <Link to="/">The overview</Link> leads to everything there is.
      </p>
    </Page>
  );
}
