/** Shapes of the identity room's API that the pages use. */

/** A unit as grants name it. */
export interface UnitRef {
  id: string;
  name: string;
  path: string;
}

/** A role over a unit; without a unit the whole brand. */
export interface Grant {
  role: string;
  unit?: UnitRef;
}

/** A user of the brand. */
export interface User {
  id: string;
  name: string;
  login: string;
  totp: boolean;
  state: "active" | "disabled";
  grants: Grant[];
  editable: boolean;
  seen_at: string | null;
  created_at: string;
}

/** An open invitation. */
export interface Invitation {
  id: string;
  name: string;
  role: string;
  unit?: UnitRef;
  created_at: string;
  expires_at: string;
}

/** An API token without its secret. */
export interface Token {
  id: string;
  name: string;
  hint: string;
  owner: string;
  role: string;
  unit?: UnitRef;
  scopes: string[];
  created_at: string;
  seen_at: string | null;
  expires_at: string;
}

/** A browser that is signed in. */
export interface Session {
  id: string;
  device: string;
  address: string;
  created_at: string;
  seen_at: string;
  current: boolean;
}

/** State of one's own doors. */
export interface Security {
  login: string;
  totp: boolean;
  recovery_left: number;
  password_at: string;
}

/** What the caller may hand on. */
export interface Own {
  roles: string[];
  grantable: string[];
  all: boolean;
}
