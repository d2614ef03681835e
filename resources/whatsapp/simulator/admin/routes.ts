// All admin requests.
import { FAULT_ROUTES } from "./faults.ts";
import { LINKING_ROUTES } from "./linking.ts";
import { INSPECTION_ROUTES } from "./inspection.ts";
import { NOTICE_ROUTES } from "./notices.ts";
import { OPTION_ROUTES } from "./options.ts";
import { ACCOUNT_ROUTES } from "./accounts.ts";
import { PASSKEY_ROUTES } from "./passkey.ts";
import { PRESENCE_ROUTES } from "./presence.ts";
import { RESTRICTION_ROUTES } from "./restrictions.ts";
import type { Route } from "./route.ts";
import { MESSAGE_ROUTES } from "./messages.ts";

export const ROUTES: readonly Route[] = [
  ...ACCOUNT_ROUTES,
  ...LINKING_ROUTES,
  ...MESSAGE_ROUTES,
  ...RESTRICTION_ROUTES,
  ...NOTICE_ROUTES,
  ...OPTION_ROUTES,
  ...FAULT_ROUTES,
  ...INSPECTION_ROUTES,
  ...PASSKEY_ROUTES,
  ...PRESENCE_ROUTES,
];
