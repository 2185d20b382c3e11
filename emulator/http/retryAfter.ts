/** The Retry-After header (RFC 9110, section 10.2.3); none if `as` is `absent`. */
export function retryAfterHeader(
  seconds: number,
  as: "seconds" | "date" | "absent",
  now: Date,
): Record<string, string> {
  if (as === "absent") return {};
  if (as === "seconds") return { "Retry-After": String(Math.ceil(seconds)) };
  return { "Retry-After": new Date(now.getTime() + Math.ceil(seconds) * 1000).toUTCString() };
}
