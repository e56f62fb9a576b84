import type { PhoneEntry } from "@/phone/routes";

/** Blocks of the identity room on the phone. */
export const phone: PhoneEntry[] = [{ tab: "me", order: 800, permission: "identity.self", part: () => import("./PhoneSecurity") }];
