// `npm start`; see src/start.ts.
import './compileCache.mjs';

await import('../src/start.ts');
