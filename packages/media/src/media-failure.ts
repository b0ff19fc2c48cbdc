/** Why something that was sent could not be read. */
export type MediaFault =
  | { readonly kind: "too-large"; readonly maxBytes: number }
  | { readonly kind: "gone" }
  | { readonly kind: "not-fetched" }
  | { readonly kind: "unknown-format" }
  /** This machine had no room for it, or something else that is ours went wrong. */
  | { readonly kind: "not-kept" }
  /** The key. */
  | { readonly kind: "unauthorized"; readonly status: number }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "overloaded"; readonly status: number }
  /** `code`: Node's, or `HttpFailure`'s. */
  | { readonly kind: "unreachable"; readonly code: string }
  | { readonly kind: "senseless-answer" }
  | { readonly kind: "out-of-time"; readonly timeoutMs: number }
  | { readonly kind: "not-started" }
  | { readonly kind: "exited"; readonly how: string }
  /** The turn or the gateway ended. */
  | { readonly kind: "stopped" };

/** Something that was sent could not be read. Its message is the reason in words that an agent may read. */
export class MediaFailure extends Error {
  override readonly name = "MediaFailure";
  readonly fault: MediaFault;

  constructor(fault: MediaFault, cause?: unknown) {
    super(faultWords(fault), cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

function faultWords(fault: MediaFault): string {
  switch (fault.kind) {
    case "too-large":
      return `it is larger than ${fault.maxBytes / 1_000_000} MB`;
    case "gone":
      return "it is gone";
    case "not-fetched":
      return "it could not be fetched from the platform";
    case "unknown-format":
      return "its format is not known";
    case "not-kept":
      return "the gateway could not keep it while it was read";
    case "unauthorized":
      return `the service refused the key (${fault.status})`;
    case "refused":
      return `the service refused it (${fault.status})`;
    case "overloaded":
      return `the service takes no more for now (${fault.status})`;
    case "unreachable":
      return `the service could not be reached (${fault.code})`;
    case "senseless-answer":
      return "the service answered with something that makes no sense";
    case "out-of-time":
      return `it took longer than ${fault.timeoutMs / 1000} s`;
    case "not-started":
      return "the program for it could not be started";
    case "exited":
      return `the program for it ${fault.how}`;
    case "stopped":
      return "the turn was stopped first";
  }
}
