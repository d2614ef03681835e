// Interface of the wire inside the sidecar: requests to Python and events for it.
import type { Events, EventName } from "./events.ts";
import type { HostMethod, HostRequests, HostResult } from "./host_requests.ts";

export interface Wire {
  /** Rejects when Python answers with an error, or with a result of another shape. */
  request<Q extends HostMethod>(method: Q, params: HostRequests[Q]): Promise<HostResult<Q>>;
  emit<S extends EventName>(event: S, params: Events[S] & { generation: number }): void;
}
