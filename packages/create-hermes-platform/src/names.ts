/** A platform's name in every form the template has it in. */
export interface Names {
  /** `my-chat`: the kind, files, the folder. */
  readonly kind: string;
  /** `myChat`: the factory. */
  readonly factory: string;
  /** `MyChat`: types. */
  readonly type: string;
  /** `MY_CHAT`: environment variables. */
  readonly variable: string;
  /** `My Chat`: what people read. */
  readonly title: string;
  /** `hermes-platform-my-chat`. */
  readonly packageName: string;
}

const maxLength = 40;

/** What no function of a module can be called. */
const reserved = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static super switch this
  throw true try typeof var void while with yield`.split(/\s+/u),
);

/**
 * The names for what somebody typed: `my-chat`, `hermes-platform-my-chat` or `@acme/hermes-platform-my-chat`.
 *
 * @throws TypeError for what cannot be a name, saying what can.
 */
export function namesOf(given: string): Names {
  const [, scope = "", kind = ""] = /^(@[a-z0-9][a-z0-9._-]*\/)?(?:hermes-platform-)?(.*)$/u.exec(given.trim()) ?? [];
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u.test(kind) || kind.length > maxLength) {
    throw new TypeError(
      `Expected a name of lower-case letters, digits and single hyphens, such as my-chat or @acme/hermes-platform-my-chat, got ${JSON.stringify(given)}`,
    );
  }
  const words = kind.split("-");
  const capitalised = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return {
    kind,
    factory: reserved.has(kind) ? `${kind}Chat` : [words[0], ...capitalised.slice(1)].join(""),
    type: capitalised.join(""),
    variable: words.join("_").toUpperCase(),
    title: capitalised.join(" "),
    packageName: `${scope}hermes-platform-${kind}`,
  };
}
