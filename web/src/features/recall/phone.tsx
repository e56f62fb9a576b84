import type { PhoneEntry } from "@/phone/routes";

/** Pages of the recall room on the phone. */
export const phone: PhoneEntry[] = [{ path: "/recall/:id/items/:object", permission: "recall.prove", part: () => import("./PhoneItem") }];
