const allowed = new Set(["http:", "https:", "mailto:"]);

/** The address a link may lead to, as it was written; undefined for scripts, data, files and what is no address. */
export function safeLink(href: string): string | undefined {
  const url = URL.parse(href);
  return url !== null && allowed.has(url.protocol) ? url.href : undefined;
}
