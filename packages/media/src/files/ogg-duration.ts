const opusRate = 48_000;
const pageHeaderBytes = 27;

/**
 * How long a recording in Ogg Opus lasts, in milliseconds, by its first and its last bytes; undefined for anything else. The last page
 * tells the number of samples, of which the first ones that the header names are not played (RFC 3533 §6, RFC 7845 §4, §5.1).
 */
export function oggDurationMs(head: Uint8Array, tail: Uint8Array): number | undefined {
  const first = Buffer.from(head);
  const last = Buffer.from(tail);
  const header = first.indexOf("OpusHead");
  const page = last.lastIndexOf("OggS");
  if (!first.toString("latin1", 0, 4).startsWith("OggS") || header < 0 || first.length < header + 12) return undefined;
  if (page < 0 || last.length < page + pageHeaderBytes) return undefined;
  const samples = last.readBigInt64LE(page + 6) - BigInt(first.readUInt16LE(header + 10));
  if (samples <= 0n || samples > BigInt(opusRate) * 360_000n) return undefined;
  return Number((samples * 1000n) / BigInt(opusRate));
}
