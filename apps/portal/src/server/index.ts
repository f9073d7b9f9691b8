export { buildSiteApart, type SiteBuild } from './buildSiteApart.ts';
export { type Portal, startPortal } from './startPortal.ts';
