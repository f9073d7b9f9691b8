/** The part of a server that is looked at. */
interface DocumentedServer {
  addHook(name: 'onRoute', listener: (route: { method: string | string[]; url: string }) => void): unknown;
  inject(path: string): PromiseLike<{ json(): unknown }>;
}

/** Routes that serve the document and the machine that runs the server, and are no part of an API. */
const OWN = ['/healthz', '/openapi.json'];

/**
 * Notes every route that is added to a server from now on.
 * @returns a function that gives those which the server's OpenAPI document leaves out, and the whole document
 */
export function watchRoutes(server: DocumentedServer): () => Promise<{ missing: string[]; routes: string[]; document: OpenApiDocument }> {
  const routes = new Set<string>();
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (!['HEAD', 'OPTIONS'].includes(one) && !OWN.includes(url)) routes.add(`${one} ${url}`);
  });
  return async () => {
    const document = (await server.inject('/openapi.json')).json() as OpenApiDocument;
    const documented = new Set(
      Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)),
    );
    const all = [...routes].map((route) => route.replace(/:(\w+)/g, '{$1}').replace('*', '{*}'));
    return { missing: all.filter((route) => !documented.has(route)), routes: all, document };
  };
}

interface Operation {
  readonly summary?: string;
  readonly security?: unknown;
  readonly responses: {
    readonly default: { readonly content: Readonly<Record<string, { readonly schema: { readonly required?: readonly string[] } }>> };
  };
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
