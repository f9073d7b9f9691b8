/** What stands in for the portal while there is none: it says why, and looks again by itself while it is being built. */
export function noticePage(site: { readonly state: 'building' } | { readonly state: 'failed'; readonly message: string }): string {
  return site.state === 'building'
    ? page(
        'The portal is being built',
        '<p>This takes a few seconds, once. The page comes by itself.</p>',
        '<meta http-equiv="refresh" content="1">',
      )
    : page(
        'The portal is not available',
        `<p>The network itself runs: <code>gleaner status</code>, <code>gleaner run</code> and the services work without the portal.</p><pre>${escapeHtml(site.message)}</pre>`,
      );
}

function page(title: string, content: string, head = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title>${head}</head>
<body><main><h1>${title}</h1>${content}</main></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
