import { Html } from './html.js';

/** The gate, as the console draws it (apps/console/src/ui/brand.tsx): no request, no script. */
export const BRAND_MARK = new Html(
  '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#1c5d99" />' +
    '<path d="M9 26V14a7 7 0 0 1 14 0v12h-4V14a3 3 0 0 0-6 0v12z" fill="#fff" />' +
    '<circle cx="16" cy="19" r="1.6" fill="#ffd166" /></svg>',
);
