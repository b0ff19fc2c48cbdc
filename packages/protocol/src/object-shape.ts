import { wrong, type Checked, type Field, type NamedShape, type Shape } from "./shape.ts";

/** The shape of an object: one field for each of its members. */
export interface ObjectShape<Value> extends Shape<Value>, NamedShape {}

/** A member that is always there. */
export interface NeededField<Value> extends Field {
  readonly shape: Shape<Value>;
  readonly isOptional: false;
}

/** A member that may be missing. */
export interface OptionalField<Value> extends Field {
  readonly shape: Shape<Value>;
  readonly isOptional: true;
}

/** Fields that say of each member of `Value` what it is; a member that is forgotten or added does not compile. */
export type FieldsOf<Value> = {
  readonly [Key in keyof Value]-?: Partial<Pick<Value, Key>> extends Pick<Value, Key>
    ? OptionalField<Required<Value>[Key]>
    : NeededField<Value[Key]>;
};

/** A member that must be there. */
export function needed<Value>(shape: Shape<Value>, description: string): NeededField<Value> {
  return { shape, isOptional: false, description };
}

/** A member that may be left out. */
export function optional<Value>(shape: Shape<Value>, description: string): OptionalField<Value> {
  return { shape, isOptional: true, description };
}

export interface ObjectOptions {
  /** What becomes of members nobody declared. Default `ignored`: a newer program may say more. */
  readonly unknown?: "ignored" | "refused";
}

/** An object with these members. What is checked is a copy that holds nothing else. */
export function object<Value extends object>(
  name: string,
  fields: FieldsOf<Value>,
  { unknown = "ignored" }: ObjectOptions = {},
): ObjectShape<Value> {
  // Never asked by a name from outside: that may be one of every object's own (`constructor`).
  const members = Object.entries<Field>(fields);
  const known = new Set(members.map(([key]) => key));
  const self: ObjectShape<Value> = {
    name,
    fields,
    expects: `\`${name}\``,
    get uses() {
      return [self, ...members.flatMap(([, { shape }]) => shape.uses)];
    },
    check(value, at): Checked<Value> {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return wrong("an object", value, at === "" ? "params" : at);
      const stranger = unknown === "refused" ? Object.keys(value).find((key) => !known.has(key)) : undefined;
      if (stranger !== undefined) return refused(stranger, at, [...known]);
      const copy: Record<string, unknown> = {};
      for (const [key, { shape, isOptional }] of members) {
        const given: unknown = Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
        if (given === undefined && isOptional) continue;
        const checked = shape.check(given, at === "" ? key : `${at}.${key}`);
        if (!checked.ok) return checked;
        copy[key] = checked.value;
      }
      return { ok: true, value: copy as Value };
    },
  };
  return self;
}

const maxShownLength = 40;

function refused(key: string, at: string, known: readonly string[]): Extract<Checked<never>, { ok: false }> {
  const shown = JSON.stringify(key.length > maxShownLength ? `${key.slice(0, maxShownLength)}…` : key);
  const choices = known.length === 0 ? "nothing is expected" : `known are ${known.map((name) => `\`${name}\``).join(", ")}`;
  return { ok: false, at, problem: `There is no parameter ${shown}; ${choices}` };
}
