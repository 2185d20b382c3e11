import type { CloudState } from "../cloud/cloudState";
import type { Effect } from "../faults/faults";
import { errorReply } from "../http/errorReply";
import type { Reply } from "../http/reply";
import { retryAfterHeader } from "../http/retryAfter";

/** The reply that a fault sends in place of the real one. */
export function faultReply(effect: Extract<Effect, { kind: "respond" }>, cloud: CloudState): Reply {
  const { status, body, retryAfter } = effect;
  const retry = retryAfter
    ? retryAfterHeader(retryAfter.seconds, retryAfter.as ?? "seconds", cloud.clock.now())
    : {};
  const headers = { ...retry, ...effect.headers };
  if (body !== undefined || status < 400) return { status, body, headers };
  return errorReply(status, cloud.unknowns, undefined, headers);
}
