// All admin requests.
import { FAULT_ROUTES } from "./faults.ts";
import { LINKING_ROUTES } from "./linking.ts";
import { LOOK_ROUTES } from "./look.ts";
import { NOTICE_ROUTES } from "./notices.ts";
import { OPTION_ROUTES } from "./options.ts";
import { PEOPLE_ROUTES } from "./people.ts";
import { RESTRICTION_ROUTES } from "./restrictions.ts";
import type { Route } from "./route.ts";
import { WRITING_ROUTES } from "./writing.ts";

export const ROUTES: readonly Route[] = [
  ...PEOPLE_ROUTES,
  ...LINKING_ROUTES,
  ...WRITING_ROUTES,
  ...RESTRICTION_ROUTES,
  ...NOTICE_ROUTES,
  ...OPTION_ROUTES,
  ...FAULT_ROUTES,
  ...LOOK_ROUTES,
];
