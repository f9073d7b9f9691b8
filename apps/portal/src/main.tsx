import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { Portal } from './Portal.tsx';

// The content policy of the page forbids code made from text, which zod would otherwise try.
config({ jitless: true });

const root = document.getElementById('portal');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Portal />
    </StrictMode>,
  );
}
