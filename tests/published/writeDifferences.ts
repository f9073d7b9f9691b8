import { writeFileSync } from 'node:fs';
import { DIFFERENCES_PAGE } from './differencesPage.ts';
import { renderDifferences } from './renderDifferences.ts';

/** Writes the page of differences anew; a test compares it. */
writeFileSync(DIFFERENCES_PAGE, renderDifferences());
