/** A value that survives `JSON.parse(JSON.stringify(value))`: whatever an adapter wants stored must be one. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
