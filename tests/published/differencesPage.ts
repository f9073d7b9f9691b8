import { fileURLToPath } from 'node:url';

/** Where the page of differences is. */
export const DIFFERENCES_PAGE = fileURLToPath(new URL('../../docs/decisions/published-differences.md', import.meta.url));
