/** Generated from api/openapi.json by `npm run gen`; empty until the first contract is generated. */
export type paths = Record<never, never>;
export type components = { schemas: Record<never, never> };
