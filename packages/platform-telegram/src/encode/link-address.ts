/** The address as Telegram takes it for a link, or undefined for one it refuses (`localhost`, `mailto:`, a relative path). */
export function linkAddress(address: string): string | undefined {
  if (/^tg:\/\/[\w-]+(?:\?[!-~]*)?$/iu.test(address)) return address;
  const url = /^https?:\/\//iu.test(address) ? URL.parse(address) : null;
  if (url === null || url.username !== "" || url.password !== "") return undefined;
  const named = /^[\w-]+(?:\.[\w-]+)*\.\w[\w-]*$/u.test(url.hostname);
  return named && url.href.length <= maxLength ? url.href : undefined;
}

const maxLength = 2048;
