/** Ways to speak that come along; `helpful` is none. */
const builtIn: Readonly<Record<string, string>> = {
  helpful: "",
  concise: "Answer briefly: the result first, and no word that could be left out.",
  technical: "Answer as to an experienced engineer: exact terms, versions and commands, and what could go wrong.",
  teacher: "Explain step by step, from what is known to what is new, with one small example, and check that it was understood.",
  creative: "Answer with imagination: fresh pictures, unexpected angles, and more than one idea where there is room.",
  friendly: "Answer warmly and plainly, as to somebody you like.",
};

/** All personalities by name; the configuration's own come after, or in the place of, those that come along. */
export function personalitiesOf(configured: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  return new Map([...Object.entries(builtIn), ...Object.entries(configured)]);
}
